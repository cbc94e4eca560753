"""A message that waits says nothing that was taken out since it was queued, whether or not the log was read."""

import pytest
from django.db.models.functions import Now

from content.amendments import services as amendments
from content.editing import services as editing
from content.endings.consumer import settle_changes
from content.events import services as events
from content.publishing import services as documents
from content.qa import services as questions
from notifications import sender
from notifications.deliveries import services
from notifications.deliveries.models import Delivery
from notifications.fanout import read_changes
from notifications.follows.reconciliation import reconcile_subscriptions
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
    land,
    registration_of,
)

pytestmark = pytest.mark.usefixtures("committed")
NAME = "Kibunuma"  # in no text of the tests, so that nothing else can say it


@pytest.fixture
def phone(fcm, gateway):
    """What Minh's phone has received, asked again at each call: [(title, body)]."""
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    a_follower("minh", land())
    reconcile_subscriptions(gateway)

    def received():
        entries = fcm.phone(registration_of("minh"))["tray"].values()
        return [(entry["title"], entry["body"]) for entry in entries]

    return received


def queue_all():
    """Queue what the change log asks for, as the worker does."""
    while any([settle_changes(), read_changes()]):
        pass
    assert NAME in str([delivery.payload for delivery in Delivery.objects.all()])


def send_all(gateway):
    Delivery.objects.filter(status="queued").update(next_try_at=Now())
    sender.send_due(gateway)


def take_name_out_of_title(law):
    text = A_LAW.format(number=law.number)
    return documents.import_document(a_record(law.number, title="Luật Mẫu", text=text), correct=True)[0]


def test_a_title_that_was_corrected_before_the_log_was_read_again_is_sent_as_it_is_now(gateway, phone):
    law = a_document("1/2019/QH14", topics=[land()], notify=True, title=f"Luật Mẫu về {NAME}")
    queue_all()
    take_name_out_of_title(law)
    send_all(gateway)
    assert phone() == [("Luật Mẫu", "Văn bản mới: Luật 1/2019/QH14. Chạm để đọc.")]
    assert NAME not in str(Delivery.objects.get().payload)


def test_a_delivery_that_was_claimed_and_failed_before_the_correction_is_tried_again_without_the_words(
    fcm, gateway, phone
):
    law = a_document("1/2019/QH14", topics=[land()], notify=True, title=f"Luật Mẫu về {NAME}")
    queue_all()
    fcm.call("POST", "faults", {"op": "send", "kind": "UNAVAILABLE", "times": 9})
    sender.send_due(gateway)
    assert (Delivery.objects.get().status, phone()) == ("queued", [])
    fcm.call("DELETE", "faults")
    take_name_out_of_title(law)
    send_all(gateway)
    assert [title for title, _body in phone()] == ["Luật Mẫu"]


def test_a_delivery_that_a_sender_holds_already_is_sent_without_the_words(gateway, phone):
    law = a_document("1/2019/QH14", topics=[land()], notify=True, title=f"Luật Mẫu về {NAME}")
    queue_all()
    (claimed,) = services.claim(5)
    take_name_out_of_title(law)
    sender.send(gateway, claimed)
    assert [title for title, _body in phone()] == ["Luật Mẫu"]


def test_the_title_of_the_act_that_amends_is_the_present_one(gateway, phone):
    law = a_document("1/2019/QH14", topics=[land()])
    act = an_amending_law(law, "2/2024/QH15", title=f"Luật sửa đổi Luật Mẫu của {NAME}")
    amend(act)
    queue_all()
    words = {"number": act.number, "amended": law.number, "instructions": SOME_INSTRUCTIONS, "day": act.effective_on}
    text = AN_AMENDING_LAW.format(**words)
    record = a_record(
        act.number, title="Luật sửa đổi Luật Mẫu", text=text, issued_on=act.issued_on, effective_on=act.effective_on
    )
    documents.import_document(record, correct=True)
    send_all(gateway)
    assert len(phone()) == Delivery.objects.count() > 0
    assert NAME not in str(phone())


def test_an_amendment_that_is_withdrawn_before_its_news_is_sent_is_not_told(gateway, phone):
    law = a_document("1/2019/QH14", topics=[land()])
    (amendment,) = amend(an_amending_law(law, "2/2024/QH15", title=f"Luật sửa đổi Luật Mẫu của {NAME}"))
    queue_all()
    amendments.withdraw_amendment(amendment)
    send_all(gateway)
    (delivery,) = Delivery.objects.filter(notification__change__event_type="document.amended")
    assert (delivery.status, delivery.error, phone()) == ("cancelled", "superseded", [])


def test_a_question_and_an_event_are_told_by_their_present_titles(gateway, phone):
    question = an_answered_question(title=f"Hỏi về {NAME}")
    event = an_event(title=f"Toạ đàm với {NAME}", topics=[land()], notify=True)
    queue_all()
    questions.redact(question, title="Sang tên xe", text="Bao lâu?", by=approver())
    events.correct(event, title="Toạ đàm", reason="Tên riêng")
    send_all(gateway)
    assert sorted(title for title, _body in phone()) == ["Sang tên xe", "Toạ đàm"]


@pytest.mark.parametrize("claimed_before", [False, True])
def test_what_is_withdrawn_before_it_is_sent_is_not_sent_even_if_nobody_has_read_the_log(
    gateway, phone, claimed_before
):
    law = a_document("1/2019/QH14", topics=[land()], notify=True, title=f"Luật Mẫu về {NAME}")
    queue_all()
    if claimed_before:
        (claimed,) = services.claim(5)
    editing.withdraw_document(law, reason="Nhập nhầm")
    if claimed_before:
        sender.send(gateway, claimed)
    send_all(gateway)
    (delivery,) = Delivery.objects.all()
    assert (delivery.status, delivery.error, phone()) == ("cancelled", "superseded", [])


def test_a_delivery_from_before_the_upgrade_which_cannot_be_worded_again_is_not_sent(gateway, phone):
    law = a_document("1/2019/QH14", topics=[land()], notify=True, title=f"Luật Mẫu về {NAME}")
    queue_all()
    Delivery.objects.update(language="")
    take_name_out_of_title(law)
    send_all(gateway)
    assert (Delivery.objects.get().status, phone()) == ("cancelled", [])
