"""From a question to the phone of who asked it, and on to the day its law changes; in one process, with FCM calls."""

import pytest

from content.documents.models import StatusEvent
from content.documents.services import enter_status
from content.qa import privacy, services
from content.qa import queries as questions
from notifications import living_answers
from notifications.deliveries import sender
from notifications.fanout import read_daybook
from notifications.follows import services as follows
from notifications.follows.reconcile import reconcile
from tests.builders import a_device, a_document, amend, an_amending_law, answerer, approver, registration_of

pytestmark = pytest.mark.usefixtures("committed")
ASKED = {
    "title": "Mẫu không đặt tên",
    "text": "Tôi là Trần Văn Minh, số 0912 345 678. Mẫu không đặt tên có phải là mẫu không?",
    "consent_to_publish": True,
}


def work(gateway):
    """What the worker does."""
    for read in (living_answers.read_daybook, read_daybook):
        while read():
            pass
    reconcile(gateway)
    while sender.send_due(gateway):
        pass


def tray(fcm, name):
    return [entry["body"] for entry in fcm.phone(registration_of(name))["tray"].values()]


def a_phone(fcm, name):
    fcm.call("POST", "devices", {"token": registration_of(name)})
    return a_device(name)


def answer(api, device, law, key):
    """Ask at the door, and do as staff do at the desk. Returns the question's key."""
    asked = api("post", "questions", ASKED, device=device, HTTP_IDEMPOTENCY_KEY=key).json()["key"]
    question = questions.Question.objects.get(key=asked)
    services.screen(question, by=approver())
    title, text = services.read_original(question, by=approver())
    redacted = privacy.redacted(text, privacy.findings(text))
    services.redact(question, title=title, text=redacted, by=approver())
    services.assign(question, to=answerer(), by=approver())
    services.start(question, by=answerer())
    services.write(question, text="Phải, theo điểm đ.", citations=[(law, "art_2__clause_1__point_dd")], by=answerer())
    services.submit(question, by=answerer())
    services.approve(question, by=approver())
    return question


def test_asked_redacted_answered_told_amended_flagged_told_again_and_confirmed(api, fcm, gateway):
    law = a_document("1/2019/QH14")
    minh, hoa = a_phone(fcm, "minh"), a_phone(fcm, "hoa")
    question = answer(api, minh, law, "k-1")
    follows.follow(hoa.reader, question)
    reconcile(gateway)
    work(gateway)
    assert tray(fcm, "minh") == ["Câu hỏi của bạn đã được trả lời. Chạm để đọc."]
    (shown,) = api("get", "questions").json()["results"]
    assert shown["text"] == "Tôi là [họ tên], số [số điện thoại]. Mẫu không đặt tên có phải là mẫu không?"
    (entry,) = api("get", "inbox", device=minh).json()["results"]
    assert (entry["title"], api("get", entry["subject"]["url"], device=minh).json()["answer"]["text"]) == (
        "Mẫu không đặt tên", "Phải, theo điểm đ.",
    )  # fmt: skip

    amend(an_amending_law(law))
    work(gateway)
    shown = api("get", f"questions/{question.key}").json()
    assert (shown["basis_changed"], shown["answer"]["causes"][0]["kind"]) == (True, "document.amended")
    assert tray(fcm, "minh")[-1] == "Luật làm căn cứ cho câu trả lời gửi bạn đã thay đổi. Chạm để xem thay đổi."
    assert tray(fcm, "hoa")[-1] == "Luật mà câu trả lời này viện dẫn đã thay đổi. Chạm để xem thay đổi."
    assert [waiting.question.key for waiting in questions.answers_to_look_at()] == [question.key]

    services.confirm(question, by=answerer(), reason="Vẫn đúng")
    work(gateway)
    shown = api("get", f"questions/{question.key}").json()
    assert (shown["basis_changed"], shown["answer"]["causes"]) == (False, [])
    assert len(tray(fcm, "minh")) == 2  # that all is well is no news


def test_a_repeal_of_the_whole_law_flags_what_cites_a_point_of_it(api, fcm, gateway):
    law = a_document("1/2019/QH14")
    question = answer(api, a_phone(fcm, "minh"), law, "k-1")
    enter_status(law, StatusEvent.Kind.EXPIRES, on=law.issued_on.replace(year=2026), cause="Luật mới")
    work(gateway)
    assert api("get", f"questions/{question.key}").json()["basis_changed"]


def test_askers_of_merged_questions_both_find_the_answer_in_their_tray(api, fcm, gateway):
    law, minh, hoa = a_document("1/2019/QH14"), a_phone(fcm, "minh"), a_phone(fcm, "hoa")
    asked = api("post", "questions", ASKED, device=hoa, HTTP_IDEMPOTENCY_KEY="k-2").json()["key"]
    first = api("post", "questions", ASKED, device=minh, HTTP_IDEMPOTENCY_KEY="k-3").json()["key"]
    duplicate, into = (questions.Question.objects.get(key=key) for key in (asked, first))
    services.merge(duplicate, into=into, by=approver())
    services.screen(into, by=approver())
    services.redact(into, title="Mẫu", text="Mẫu không đặt tên có phải là mẫu không?", by=approver())
    services.assign(into, to=answerer(), by=approver())
    services.start(into, by=answerer())
    services.write(into, text="Phải.", citations=[(law, "art_2")], by=answerer())
    services.submit(into, by=answerer())
    services.approve(into, by=approver())
    work(gateway)
    for name, device, key in (("minh", minh, first), ("hoa", hoa, asked)):
        assert "Câu hỏi của bạn đã được trả lời. Chạm để đọc." in tray(fcm, name)
        mine = api("get", f"questions/mine/{key}", device=device).json()
        assert (mine["public_url"] or mine["same_as"]).endswith(f"/questions/{first}")
