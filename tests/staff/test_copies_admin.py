"""Copies of other installations at the staff site: each says who may change it, and offers nothing that is refused."""

import re

import pytest

from content.contests import services as contests
from content.contests.models import Contest, Round
from content.copying import contests as copies
from content.documents.models import LegalDocument
from content.events.models import Event
from content.media.models import Material
from content.people.models import User
from content.plans.models import Plan
from content.qa.models import Question
from tests.builders import a_document, an_answered_question, an_event
from tests.builders_contests import a_planned_contest, a_running_contest
from tests.builders_media import a_material
from tests.builders_plans import a_public_plan

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"
WHO = f"Đây là bản sao. Chỉ {HOME}"
VERBS = re.compile(r'"/staff/content/[a-z]+/(?:rounds/)?\d+/(?:transition|write|withdraw|variant|rounds/add|results)/')


def an_announced_contest():
    return contests.announce(a_planned_contest(), notify=False)


BUILDERS = {
    LegalDocument: a_document, Question: an_answered_question, Event: an_event, Material: a_material,
    Plan: a_public_plan, Contest: an_announced_contest,
}  # fmt: skip


@pytest.fixture
def lan(client):
    user = User.objects.create(username="quyen-lan", is_superuser=True, is_staff=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def page_of(browser, row):
    answer = browser.get(f"/staff/content/{row._meta.model_name}/{row.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", BUILDERS)
def test_a_copy_offers_nothing_and_says_who_may_change_it(lan, model):
    row = BUILDERS[model]()
    ours = page_of(lan, row)
    assert VERBS.search(ours) and "Đây là bản sao" not in ours
    model.objects.update(home=HOME)
    copy = page_of(lan, row)
    assert (VERBS.findall(copy), copy.count(WHO)) == ([], 1)


def test_a_round_of_a_copy_is_neither_judged_nor_watched_here(lan):
    ours = a_running_contest()
    copied = copies.put(Contest(key="ct-0123456789", home=HOME), copies.as_data(ours))
    links = re.compile(r'"/staff/content/round/\d+/(?:live|signals)/|roundquestion/\?round=')
    assert len(links.findall(page_of(lan, ours.rounds.get()))) == 3
    for row in (copied, copied.rounds.get()):
        page = page_of(lan, row)
        assert (VERBS.findall(page), links.findall(page), page.count(WHO)) == ([], [], 1)


def test_a_copied_contest_cannot_be_written_by_its_address(lan):
    contest = an_announced_contest()
    Contest.objects.update(home=HOME)
    for path in ("write/", "rounds/add/"):
        answer = lan.post(f"/staff/content/contest/{contest.pk}/{path}", {"title": "Khác"})
        assert answer.status_code in (200, 403)
    assert Contest.objects.get().title == contest.title
    assert Round.objects.count() == 1
