"""A question's life: asked, screened, answered by one, approved by another, flagged when the law it cites changes."""

import pytest
from django.contrib.auth.models import Group

from content.changes.models import Change
from content.documents import services as documents
from content.errors import RuleBroken
from content.people import services as people
from content.people.models import Reader
from content.qa import queries, services
from tests.builders import a_document, a_record, land

pytestmark = pytest.mark.django_db


def staff(name, *roles):
    return people.create_account(name, roles=roles)[0]


def a_question(reader=None, **columns):
    defaults = {"title": "Sang tên xe", "text": "Tôi là Trần Văn Minh, 0912345678. Bao lâu thì phải sang tên?"}
    question, _ = services.ask(
        reader or Reader.objects.create(), consent_to_publish=True, topic=land(), **(defaults | columns)
    )
    return question


def test_a_question_is_answered_by_one_approved_by_another_and_read_by_all(django_user_model):
    law = a_document("1/2019/QH14")
    lan, hoa = staff("lan", "answerer"), staff("hoa", "approver")
    for group in Group.objects.filter(name__in=["answerer", "approver"]):
        pass
    question = a_question()
    services.screen(question, by=hoa)
    services.redact(question, title="Sang tên xe", text="Bao lâu thì phải sang tên?", by=hoa)
    services.assign(question, to=lan, by=hoa)
    services.start(question, by=lan)
    services.write(question, text="Trong 30 ngày.", citations=[(law, "art_2__clause_1")], by=lan)
    services.submit(question, by=lan)
    with pytest.raises(RuleBroken):
        services.approve(question, by=lan)
    services.approve(question, by=hoa)
    (shown,) = queries.public_questions()
    assert shown.standing[-1].text == "Trong 30 ngày."
    assert not shown.standing[-1].basis_changed
    documents.take_in(a_record("1/2019/QH14", text=a_record("1/2019/QH14").text.replace("Mẫu lớn", "Mẫu to")), correct=True)
    assert services.note_change(Change.objects.filter(kind="document.corrected").get()) == 1
    (shown,) = queries.public_questions()
    assert shown.standing[-1].basis_changed
    services.confirm(question, by=lan)
    (shown,) = queries.public_questions()
    assert not shown.standing[-1].basis_changed
