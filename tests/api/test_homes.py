"""Whose an object is, in the lists: ours, or a copy of that of another installation."""

import pytest

from content.copies import own_home
from content.documents.models import LegalDocument
from content.events.models import Event
from content.qa.models import Question
from tests.builders import a_document, an_answered_question, an_event
from tests.builders_media import a_material

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"


@pytest.fixture
def ours_and_theirs():
    """{list: (key of ours, key of a copy)}."""
    rows = {
        "documents": (LegalDocument, a_document(), a_document()),
        "questions": (Question, an_answered_question(), an_answered_question()),
        "events": (Event, an_event(), an_event()),
    }
    for model, _ours, theirs in rows.values():
        model.objects.filter(pk=theirs.pk).update(home=HOME)
    return {name: (ours.key, theirs.key) for name, (_model, ours, theirs) in rows.items()}


@pytest.mark.parametrize("name", ["documents", "questions", "events"])
def test_a_list_and_its_feed_can_be_of_one_home(ours_and_theirs, api, name):
    ours, theirs = ours_and_theirs[name]

    def keys(home):
        return [each["key"] for each in api("get", f"{name}?home={home}").json()["results"]]

    assert (keys(own_home()), keys(HOME), keys("mot-noi-khac.vn")) == ([ours], [theirs], [])
    feed = api("get", f"feeds/{name}.atom?home={HOME}").content.decode()
    assert theirs in feed and ours not in feed


def test_a_search_can_be_of_one_home(ours_and_theirs, api):
    law, question = a_document(title="Luật Kibunuma"), an_answered_question(public_text="Kibunuma là gì?")
    event = an_event(title="Toạ đàm về Kibunuma")
    a_material(title="Kibunuma trong đời sống")

    def kinds(home):
        found = api("get", f"search?q=Kibunuma&home={home}").json()["results"]
        return {each["kind"] for each in found} - {"provision"}

    copied = {"document", "question", "event"}
    assert (kinds(own_home()), kinds(HOME)) == (copied | {"material"}, set())
    for row in (law, question, event):
        type(row).objects.filter(pk=row.pk).update(home=HOME)
    assert (kinds(own_home()), kinds(HOME)) == ({"material"}, copied)
    assert api("get", "search?q=Kibunuma&home=a b").status_code == 400


@pytest.mark.parametrize("home", ["https://phapluat.example.gov.vn", "%00", "a b", "x" * 201])
def test_what_is_no_host_is_refused_with_a_sentence(api, home):
    answer = api("get", f"documents?home={home}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/home")


@pytest.mark.parametrize("name", ["questions", "events"])
def test_each_question_and_event_says_whose_it_is(ours_and_theirs, api, name):
    ours, theirs = ours_and_theirs[name]
    shown = api("get", f"{name}/{ours}").json(), api("get", f"{name}/{theirs}").json()
    assert [(each["home"], each["home_url"]) for each in shown] == [
        (None, None),
        (HOME, f"https://{HOME}/api/v1/{name}/{theirs}"),
    ]
