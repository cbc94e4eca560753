"""Words that were taken out of what is public are in no public answer any more, wherever they had been."""

import gzip
import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from api.v1.sync import bulk_export
from content.changes.models import Change, ChangeCursor
from content.editing import services as editing
from content.endings.consumer import settle_changes
from content.events import services as events
from content.organisations.models import Province
from content.public_changes.citations import update_citations
from content.publishing import services as documents
from content.qa import services as questions
from content.qa.services import outdated
from notifications.deliveries.models import Delivery, Notification
from notifications.fanout import CONSUMER, read_changes
from tests.api.test_routes import ASKED_WITH, BY_BOTH, BY_POST, PUBLIC, views
from tests.builders import (
    A_LAW,
    AN_AMENDING_LAW,
    SOME_INSTRUCTIONS,
    a_document,
    a_follower,
    a_record,
    amend,
    an_amending_law,
    an_answered_question,
    an_event,
    approver,
    fcm_knows_follows,
    land,
)

pytestmark = pytest.mark.django_db
NAME = "Kibunuma"  # in no text of the tests, so that nothing else can say it


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path / "exports"


def correct(law, *, title, place="Mẫu lớn", **columns):
    """Import another copy of a published law; `place` replaces «Mẫu lớn» and «vật để thử» of the first copy."""
    text = columns.pop("text", A_LAW.format(number=law.number)).replace("Mẫu lớn", place).replace("vật để thử", place)
    return documents.import_document(a_record(law.number, title=title, text=text, **columns), correct=True)[0]


def read_change_log():
    """As the worker does, in its order."""
    while any([read() for read in (settle_changes, outdated.flag_outdated_answers, update_citations, read_changes)]):
        pass


def text_of(answer):
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if said[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(said)) as file:
            return " ".join([*file.namelist(), *(file.read(name).decode() for name in file.namelist())])
    return (gzip.decompress(said) if said[:2] == b"\x1f\x8b" else said).decode()


def addresses(objects, eids):
    """Every public route of the API, for each of these objects {type: [rows]}, and each file of the newest export."""
    export = bulk_export.write_bulk_export()
    without = {"reader-calendar", "document-file", "file"}  # a reader's own; files as they came
    for name in sorted(PUBLIC - BY_POST - BY_BOTH - without):
        wanted = views()[name].pattern.regex.groupindex.keys()
        rows = objects.get(name.partition("-")[0], [] if "key" in wanted else [None])
        taken = [
            {"key": getattr(row, "key", None), "eid": eid, "feed_format": feed}
            for row in rows
            for eid in (eids if "eid" in wanted else [""])
            for feed in (("atom", "json", "rss") if "feed_format" in wanted else [""])
        ]
        if name == "record":
            kinds = ("document", "event", "question")
            taken = [{"objects": f"{kind}s", "key": row.key} for kind in kinds for row in objects.get(kind, [])]
        if "export" in name:
            taken = [{"key": export["key"], "name": file["name"]} for file in export["files"]]
        query = ASKED_WITH.get(name, "").replace("sang+ten", "luat+mau")
        for values in taken:
            yield reverse(f"v1:{name}", kwargs={each: values[each] for each in wanted}) + query


def places_that_say(word, objects, device, api, eids=("art_1", "art_2", "art_2__clause_1__point_a")):
    """The public addresses, and the inbox and the pushes of a follower, that say the word. None of them fails."""
    said = {}
    for address in addresses(objects, eids):
        answer = Client().get(address)
        assert answer.status_code in (200, 404, 410), address
        said[address] = text_of(answer)
    Notification.objects.all().delete()  # told again, as after an outage: the changes are older than what was taken out
    ChangeCursor.objects.filter(consumer=CONSUMER).update(last_change=0)
    read_change_log()
    said["inbox"] = api("get", "inbox?page_size=100", device=device).content.decode()
    said |= {f"push of {each.notification}": str(each.payload) for each in Delivery.objects.all()}
    return [place for place, text in said.items() if word.casefold() in text.casefold()]


def test_words_that_a_correction_took_out_are_said_nowhere_whichever_change_brought_them(api):
    minh = a_follower("minh", land())
    law = a_document("1/2019/QH14", topics=[land()], notify=True, title=f"Luật Mẫu về {NAME}")
    act = an_amending_law(law, "2/2024/QH15", title=f"Luật sửa đổi Luật Mẫu của {NAME}", topics=[land()])
    event, question = an_event(title=f"Toạ đàm với {NAME}", notify=True), an_answered_question(public_text=NAME)
    citing = an_answered_question(citations=[(law, "art_1"), (law, "")])
    law = correct(law, title="Luật Mẫu", place=f"Mẫu của {NAME}")  # takes it out of the title, into the text
    law = correct(law, title="Luật Mẫu")
    amend(act)
    objects = {
        "document": [law, act], "event": [event], "question": [question, citing], "topic": [land()],
        "organisation": [law.issuer], "province": [Province.objects.first()],
    }  # fmt: skip
    fcm_knows_follows()
    read_change_log()
    brought = places_that_say(NAME, objects, minh, api)
    assert {"/api/v1/changes", "inbox"} <= set(brought)
    assert any(place.startswith("push of document.amended") for place in brought)

    words = {"number": act.number, "amended": law.number, "instructions": SOME_INSTRUCTIONS, "day": act.effective_on}
    correct(
        act,
        title="Luật sửa đổi Luật Mẫu",
        text=AN_AMENDING_LAW.format(**words),
        issued_on=act.issued_on,
        effective_on=act.effective_on,
    )
    events.correct(event, title="Toạ đàm", reason="Tên riêng")
    questions.redact(question, title="Sang tên xe", text="Bao lâu thì phải sang tên?", by=approver())
    read_change_log()
    assert places_that_say(NAME, objects, minh, api) == []
    stored = Change.objects.filter(subject=law.key, event_type="document.corrected").latest("pk")
    assert NAME in json.dumps(stored.facts)  # staff compare with it


def test_a_withdrawn_thing_is_named_nowhere_and_what_it_did_to_another_names_it_by_its_number(api):
    minh = a_follower("minh", land())
    law = a_document("1/2019/QH14", topics=[land()], notify=True)
    act = an_amending_law(law, "2/2024/QH15", title=f"Luật của {NAME}", topics=[land()], notify=True)
    amend(act)
    question = an_answered_question(title=f"Hỏi về {NAME}")
    answer = an_answered_question(citations=[(act, "art_1"), (act, "")])
    fcm_knows_follows()
    read_change_log()
    objects = {"document": [law, act], "question": [question, answer], "topic": [land()], "organisation": [law.issuer]}
    assert "inbox" in places_that_say(NAME, objects, minh, api)
    editing.withdraw_document(act, reason="Nhập nhầm", notify=True)
    questions.take_down(question, reason="Có tên người", by=approver())
    read_change_log()
    assert places_that_say(NAME, objects, minh, api) == []
    words = Client().get(f"/api/v1/questions/{answer.key}").json()["answer"]["citations"]
    assert [each["citation"] for each in words] == ["Điều 1 Luật số 2/2024/QH15", "Luật số 2/2024/QH15"]
    told = Delivery.objects.get(notification__change__event_type="document.withdrawn").payload
    assert told["title"] == "Luật 2/2024/QH15"
