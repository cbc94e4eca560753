"""What readers, the worker and staff do in bench/deadlocks.py: each verb gets a random.Random and picks its rows."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from content.amendments import services as amendments
from content.documents.models import Amendment, LegalDocument
from content.due_days import services as due_days
from content.editing import services as editing
from content.effect_reviews import services as effect_reviews
from content.effect_reviews.models import DecisionBatch
from content.endings import case_services
from content.endings import consumer as ending_consumer
from content.endings import services as ending_services
from content.endings.models import EndingCase
from content.events import services as events
from content.events.models import Event
from content.official_statuses import consumer as list_consumer
from content.official_statuses import services as lists
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import StatusConflict
from content.people.models import User
from content.publishing import services as documents
from content.qa import services as questions
from content.qa.models import Question
from content.qa.services import outdated
from content.topics.models import Topic
from content.transitions.services import record_due_transitions
from notifications import calls, clock, fanout
from notifications.deliveries import gate
from notifications.deliveries import services as deliveries
from notifications.deliveries.models import Channel, ClockReading, Delivery, Gate
from notifications.devices.models import Device
from notifications.follows import event_registrations, reconciliation
from notifications.follows import services as follows
from notifications.push.gateway import DeviceGone, TryLater
from tests.builders import (
    AN_AMENDING_LAW,
    SOME_INSTRUCTIONS,
    a_draft,
    a_question,
    a_record,
    amend,
    an_event,
    correct_law,
    land,
    move_event,
)

REGISTRATIONS = [f"registration-{number:02}-0123456789" for number in range(6)]
PHONE_KEYS = [f"phone-of-{number}" for number in range(8)]
DEVICE_COLUMNS = {"id_kind": "token", "platform": "android", "app_version": "1.0"}
reconciliation.CALLS_PER_SECOND = 100_000  # this gateway answers at once


class RandomGateway:
    """A push service that answers at once; one call in ten fails."""

    def __init__(self, choose):
        self._choose = choose

    def subscribe(self, registration_id, fcm_topic):
        draw = self._choose.random()
        if draw < 0.05:
            raise DeviceGone("gone")
        if draw < 0.1:
            raise TryLater("later", seconds=0)

    unsubscribe = subscribe


def some(choose, rows):
    """A random row of a queryset. Raises IndexError if it is empty."""
    return choose.choice(list(rows[:50]))


def a_reader(choose):
    return some(choose, Device.objects.filter(forgotten_at=None).select_related("reader")).reader


# -- readers


def follow(choose):
    target = some(
        choose, choose.choice([Topic.objects.filter(parent=None), LegalDocument.objects.all(), Event.objects.all()])
    )
    follows.follow(a_reader(choose), target)


def unfollow(choose):
    reader = a_reader(choose)
    follows.unfollow(reader, some(choose, reader.follows.all()).target)


def register_phone(choose):
    key = choose.choice(PHONE_KEYS)
    follows.register_device(
        key,
        caller=Device.objects.filter(installation_key=key).first(),
        registration_id=choose.choice(REGISTRATIONS),
        language=choose.choice(["vi", "en"]),
        **DEVICE_COLUMNS,
    )


def forget_phone(choose):
    follows.forget_device(some(choose, Device.objects.filter(forgotten_at=None).select_related("reader")))


def erase_reader(choose):
    follows.erase_reader(a_reader(choose))


def register_for_event(choose):
    event_registrations.register(some(choose, Event.objects.filter(registrations_erased_at=None)), a_reader(choose))


def unregister_from_event(choose):
    reader = a_reader(choose)
    event_registrations.unregister(some(choose, Event.objects.filter(registrations__reader=reader)), reader)


def ask(choose):
    a_question(a_reader(choose), idempotency_key=str(choose.randrange(40)))


def ask_for_event(choose):
    events.ask_advance_question(
        some(choose, Event.objects.all()), a_reader(choose), title="Giá đất", text="Giá?", consent_to_publish=True
    )


def withdraw_question(choose):
    questions.withdraw(some(choose, Question.objects.filter(reader__isnull=False)))


def rate(choose):
    questions.rate_answer(
        some(choose, Question.objects.exclude(publication=None)), reader=a_reader(choose), is_helpful=True
    )


def report(choose):
    questions.report_problem(
        some(choose, Question.objects.exclude(publication=None)), reader=a_reader(choose), kind="outdated"
    )


def renew_calendar(choose):
    events.renew_calendar(a_reader(choose))


# -- worker


def reconcile(choose):
    reconciliation.reconcile_subscriptions(RandomGateway(choose))


def delete_forgotten(choose):
    follows.delete_forgotten_devices()


def fan_out(choose):
    while outdated.flag_outdated_answers():
        pass
    while fanout.read_changes():
        pass


def send(choose):
    for delivery in deliveries.claim(4):
        ending = choose.randrange(4)
        if ending == 0:
            deliveries.postpone(delivery, "later", seconds=0)
        elif ending == 1:
            deliveries.refuse(delivery, "no")
        else:
            deliveries.accept(deliveries.Accepted(delivery, "name"))


def settle_and_claim(choose):
    """As the loop of a sender: what FCM accepted is settled in the transaction that claims the next."""
    accepted = [deliveries.Accepted(each, "name") for each in deliveries.claim(4)]
    with transaction.atomic():
        left = deliveries.accept_all(accepted)
        claimed = deliveries.claim(choose.randrange(1, 4))
    calls.record_success(accepted)
    for each in left:
        deliveries.accept(each)
    deliveries.renew_leases(claimed)
    for each in claimed:
        deliveries.postpone(each, "later", seconds=0)


def refuse_all(choose):
    """FCM refuses our configuration, and its quota is used up; both are tried again at once."""
    if choose.random() < 0.5:
        deliveries.mark_channel_broken("403")
        Channel.objects.update(next_trial_at=timezone.now())
    if choose.random() < 0.5:
        gate.close(Gate.Quota.SEND, 0)
        gate.take(Gate.Quota.SEND, 1)


def set_clock_right(choose):
    """As after a clock that was an hour ahead."""
    clock.correct_waits()
    ClockReading.objects.update(latest=timezone.now() + datetime.timedelta(hours=1))
    clock.correct_waits()


def expire(choose):
    soon = [row.pk for row in Delivery.objects.filter(status="queued")[:10]]
    Delivery.objects.filter(pk=choose.choice(soon)).update(expires_at=timezone.now())


def schedule(choose):
    events.assign_all_free_seats()
    events.record_reminders()
    events.conclude_ended_events()


def erase_old_registrations(choose):
    """One event moves into the past for a moment; the next verbs register for it again."""
    event = some(choose, Event.objects.filter(status="announced"))
    times = {
        name: getattr(event, name)
        for name in ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")
    }
    past = {name: moment - datetime.timedelta(days=90) for name, moment in times.items()}
    row = Event.objects.filter(pk=event.pk)
    row.update(status="held", registrations_erased_at=None, **past)
    event_registrations.erase_old_registrations()
    row.update(status="announced", registrations_erased_at=None, checked_in_count=None, **times)


def transitions(choose):
    record_due_transitions()


# -- staff


def person(role):
    return User.objects.get(username=f"hoa-{role}")


def a_law(choose):
    return some(choose, LegalDocument.objects.filter(number__endswith="/2019/QH14"))


def publish_new(choose):
    draft = a_draft(f"{choose.randrange(100, 120)}/2019/QH14", topics=[land()])
    documents.publish(draft, notify=True)


def correct(choose):
    correct_law(a_law(choose), new=f"Mẫu số {choose.randrange(9)}")


def enter_event(choose):
    law = a_law(choose)
    documents.enter_status_event(
        law, "suspended", on=datetime.date(2020, 1, choose.randrange(1, 28)), scope="part", eids=["art_2"]
    )


def apply_amendment(choose):
    amend(some(choose, LegalDocument.objects.filter(title__startswith="Luật sửa đổi", status="published")))


def withdraw_amendment(choose):
    amendments.withdraw_amendment(some(choose, Amendment.objects.filter(withdrawn_at=None)), reason="nhầm")


def withdraw_law(choose):
    editing.withdraw_document(a_law(choose), reason="nhầm", notify=True)


def amending_law(choose):
    number = f"{choose.randrange(200, 240)}/2024/QH15"
    text = AN_AMENDING_LAW.format(
        number=number, amended=a_law(choose).number, instructions=SOME_INSTRUCTIONS, day=datetime.date(2025, 1, 1)
    )
    columns = {"text": text, "title": f"Luật sửa đổi {number}", "effective_on": datetime.date(2025, 1, 1)}
    documents.publish(documents.import_document(a_record(number, **columns))[0], notify=True)


def answer(choose):
    """The next step of a question, whatever it is."""
    question = some(choose, Question.objects.exclude(status="closed").order_by("-pk"))
    approver, answerer = person("approver"), person("answerer")
    step = choose.randrange(7)
    if step == 0:
        questions.screen(question, by=approver)
    elif step == 1:
        questions.redact(question, title="Sang tên", text="Bao lâu?", by=approver)
    elif step == 2:
        questions.assign(question, to=answerer, by=approver)
    elif step == 3:
        questions.start_answering(question, by=answerer)
    elif step == 4:
        questions.save_draft(question, text="Trong 30 ngày.", citations=[(a_law(choose), "art_2")], by=answerer)
    elif step == 5:
        questions.submit_for_review(question, by=answerer)
    else:
        questions.approve(question, by=approver)


def confirm_answer(choose):
    questions.confirm(some(choose, Question.objects.exclude(publication=None)), by=person("approver"))


def merge(choose):
    question, into = (some(choose, Question.objects.order_by("-pk")) for _ in range(2))
    questions.merge(question, into=into, by=person("approver"))


def reject(choose):
    questions.reject(some(choose, Question.objects.order_by("-pk")), by=person("approver"), reason="không")


def take_down(choose):
    questions.take_down(some(choose, Question.objects.exclude(publication=None)), by=person("approver"), reason="nhầm")


def set_calendar_day(choose):
    day = datetime.date(2027, 1, choose.randrange(1, 28))
    due_days.set_calendar_day(day, is_working=False, name=str(uuid.uuid4()), source="thử", by=administrator())


def administrator():
    return User.objects.get_or_create(username="root", defaults={"is_superuser": True, "is_staff": True})[0]


def move(choose):
    move_event(some(choose, Event.objects.all()), days=choose.randrange(1, 3))


def cancel_event(choose):
    if choose.random() < 0.1:
        events.cancel(some(choose, Event.objects.all()), reason="mưa")
        an_event(seats=2, topics=[land()])


def widen(choose):
    events.correct(some(choose, Event.objects.all()), reason="thêm ghế", capacity=choose.randrange(2, 9))


def cancel_delivery(choose):
    deliveries.cancel(some(choose, Delivery.objects.filter(status="queued")), by=administrator(), reason="thử")


def resend_delivery(choose):
    deliveries.resend(some(choose, Delivery.objects.filter(status="refused")), by=administrator(), reason="thử")


# -- endings


def read_one_act(choose):
    ending_services.read_act(some(choose, LegalDocument.objects.filter(status="published").order_by("?")))


def settle_endings(choose):
    ending_consumer.settle_changes()
    list_consumer.compare_changes()


def a_law_that_ends(choose):
    """A new law that ends one of the four, with an exception or without."""
    old, number = a_law(choose), f"{choose.randrange(300, 340)}/2024/QH15"
    tail = choose.choice(["", ", trừ Điều 2"])
    clause = f"Luật số {old.number} hết hiệu lực kể từ ngày Luật này có hiệu lực{tail}."
    text = f"LUẬT\nMẪU\nĐiều 1. Phạm vi\nMột.\nĐiều 2. Hiệu lực thi hành\n1. {clause}\n"
    days = {"issued_on": datetime.date(2024, 6, 1), "effective_on": datetime.date(2025, 1, 1)}
    documents.publish(documents.import_document(a_record(number, text=text, title=f"Luật {number}", **days))[0])


def an_ending(choose, **columns):
    return some(choose, EndingCase.objects.filter(**columns).order_by("?"))


def accept_endings(choose):
    cases = EndingCase.objects.filter(state__in=["open", "contested"], scope="whole", target__isnull=False)
    effect_reviews.accept_together([some(choose, cases.order_by("?")) for _ in range(2)], by=person("publisher"))


def reject_ending(choose):
    case_services.reject(an_ending(choose), by=person("publisher"), reason="không")


def undo_batch(choose):
    effect_reviews.take_back(some(choose, DecisionBatch.objects.order_by("-pk")), by=person("publisher"))


def import_list(choose):
    """Two lines of a list about two of the laws."""
    day = datetime.date(2025, choose.randrange(2, 9), choose.randrange(1, 28))
    lines = [
        StatusLine(place, law.number, keys=(law.number_key,), status=choose.choice(["in_force", "expired"]))
        for place, law in enumerate((a_law(choose), a_law(choose)), 2)
    ]
    list(lists.import_lines(lambda: lines, source="Bộ Tư pháp", as_of=day, apply=True))


def decide_conflict(choose):
    conflict = some(choose, StatusConflict.objects.filter(state="open").order_by("?"))
    state = StatusConflict.State(choose.choice(["ours", "theirs"]))
    lists.decide_conflict(conflict, state, by=person("publisher"), reason="đã đọc")


VERBS = {
    "readers": [
        follow, follow, follow, unfollow, register_phone, register_phone, forget_phone, erase_reader,
        register_for_event, register_for_event, unregister_from_event, ask, ask_for_event, withdraw_question, rate,
        report, renew_calendar,
    ],
    "worker": [
        reconcile, reconcile, reconcile, fan_out, fan_out, send, send, settle_and_claim, settle_and_claim, refuse_all,
        set_clock_right, expire, schedule, erase_old_registrations,
        delete_forgotten, transitions,
    ],
    "staff": [
        publish_new, correct, correct, enter_event, apply_amendment, withdraw_amendment, withdraw_law, amending_law,
        answer, answer, answer, answer, answer, answer, confirm_answer, merge, reject, take_down, set_calendar_day,
        move, cancel_event, widen, cancel_delivery, resend_delivery,
    ],
    "endings": [
        read_one_act, read_one_act, settle_endings, settle_endings, a_law_that_ends, accept_endings, accept_endings,
        reject_ending, undo_batch, import_list, import_list, decide_conflict,
    ],
}  # fmt: skip
