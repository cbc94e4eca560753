"""From a question to the phone of who asked it, and on to the day its law changes; in one process, with FCM calls.

Readers use the API, staff use the staff site.
"""

import pytest
from django.test import Client

from content.documents.models import StatusEvent
from content.publishing.services import enter_status_event
from content.qa import queries as questions
from content.qa.services import outdated
from notifications import sender
from notifications.fanout import read_changes
from notifications.follows import services as follows
from notifications.follows.reconciliation import reconcile_subscriptions
from tests.builders import a_device, a_document, amend, an_amending_law, answerer, approver, registration_of

pytestmark = pytest.mark.usefixtures("committed")
ASKED = {
    "title": "Mẫu không đặt tên",
    "text": "Tôi là Trần Văn Minh, số 0912 345 678. Mẫu không đặt tên có phải là mẫu không?",
    "consent_to_publish": True,
}


def work(gateway):
    """What the worker does."""
    for read in (outdated.flag_outdated_answers, read_changes):
        while read():
            pass
    reconcile_subscriptions(gateway)
    while sender.send_due(gateway):
        pass


def tray(fcm, name):
    return [entry["body"] for entry in fcm.phone(registration_of(name))["tray"].values()]


def a_phone(fcm, name):
    fcm.call("POST", "devices", {"token": registration_of(name)})
    return a_device(name)


class Staff:
    """A staff member, signed in."""

    def __init__(self, user):
        self.browser = Client()
        self.browser.force_login(user, "django.contrib.auth.backends.ModelBackend")

    def opens(self, question, page):
        return self.browser.get(f"/staff/content/question/{question.pk}/{page}/")

    def does(self, question, page, **fields):
        """Send a page's form; what is refused stays on the page and fails here."""
        answer = self.browser.post(f"/staff/content/question/{question.pk}/{page}/", fields)
        assert answer.status_code == 302, answer.content.decode()

    def waits(self, queue):
        listed = self.browser.get("/staff/content/question/", {"queue": queue})
        return [question.key for question in listed.context["cl"].result_list]


def asks(api, device, key):
    asked = api("post", "questions", ASKED, device=device, HTTP_IDEMPOTENCY_KEY=key).json()["key"]
    return questions.Question.objects.get(key=asked)


def is_answered(question, law, eid="art_2__clause_1__point_dd"):
    """Staff take a question through every transition until it is approved."""
    lan, hoa = Staff(answerer()), Staff(approver())
    assert question.key in hoa.waits("to_screen")
    hoa.does(question, "transition/screen")
    read = hoa.browser.post(f"/staff/content/question/{question.pk}/original/")
    hoa.does(question, "original", confirm="1", **read.context["form"].initial)
    hoa.does(question, "transition/assign", to=answerer().pk)
    assert lan.waits("mine") == [question.key]
    lan.does(question, "transition/start")
    lan.does(question, "answer", submit="1", text="Phải, theo điểm đ.", cite=f"{law.key}/{eid}")
    assert hoa.waits("to_review") == [question.key]
    hoa.does(
        question, "transition/approve", seen=hoa.opens(question, "transition/approve").context["form"]["seen"].value()
    )


def test_asked_redacted_answered_told_amended_flagged_told_again_and_confirmed(api, fcm, gateway):
    law = a_document("1/2019/QH14")
    minh, hoa = a_phone(fcm, "minh"), a_phone(fcm, "hoa")
    question = asks(api, minh, "k-1")
    is_answered(question, law)
    follows.follow(hoa.reader, question)
    reconcile_subscriptions(gateway)
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
    assert (shown["basis_changed"], shown["answer"]["causes"][0]["event_type"]) == (True, "document.amended")
    assert tray(fcm, "minh")[-1] == "Luật làm căn cứ cho câu trả lời gửi bạn đã thay đổi. Chạm để xem thay đổi."
    assert tray(fcm, "hoa")[-1] == "Luật mà câu trả lời này viện dẫn đã thay đổi. Chạm để xem thay đổi."
    lan = Staff(answerer())
    assert lan.waits("basis_changed") == [question.key]
    page = lan.opens(question, "law")
    (reading,) = page.context["cited_texts"]
    assert ("Mẫu không đặt tên" in reading.then.text, "Mẫu có tên mới" in reading.now.text) == (True, True)
    lan.does(question, "law", seen=page.context["form"]["seen"].value(), reason="Vẫn đúng")
    work(gateway)
    shown = api("get", f"questions/{question.key}").json()
    assert (shown["basis_changed"], shown["answer"]["causes"]) == (False, [])
    assert len(tray(fcm, "minh")) == 2  # that all is well is no news


def test_a_repeal_of_the_whole_law_flags_what_cites_a_point_of_it(api, fcm, gateway):
    law = a_document("1/2019/QH14")
    question = asks(api, a_phone(fcm, "minh"), "k-1")
    is_answered(question, law)
    enter_status_event(law, StatusEvent.Kind.EXPIRES, on=law.issued_on.replace(year=2026), cause="Luật mới")
    work(gateway)
    assert api("get", f"questions/{question.key}").json()["basis_changed"]


def test_askers_of_merged_questions_both_find_the_answer_in_their_tray(api, fcm, gateway):
    law, minh, hoa = a_document("1/2019/QH14"), a_phone(fcm, "minh"), a_phone(fcm, "hoa")
    duplicate, into = asks(api, hoa, "k-2"), asks(api, minh, "k-3")
    Staff(approver()).does(duplicate, "transition/merge", into=into.key)
    is_answered(into, law, "art_2")
    work(gateway)
    for name, device, key in (("minh", minh, into.key), ("hoa", hoa, duplicate.key)):
        assert "Câu hỏi của bạn đã được trả lời. Chạm để đọc." in tray(fcm, name)
        mine = api("get", f"questions/mine/{key}", device=device).json()
        assert (mine["public_url"] or mine["same_as"]).endswith(f"/questions/{into.key}")
