"""Followers are told of an end only after it was compared with the official lists that are stored."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from content import locks
from content.amendments import services as amendments
from content.changes.models import Change
from content.changes.services import READ_CHANGES
from content.endings import case_services
from content.endings.consumer import settle_changes
from content.endings.models import EndingCase
from content.locks import Lock
from content.official_statuses import services as official_statuses
from content.official_statuses.consumer import compare_changes
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import StatusConflict
from content.people.models import Role
from content.publishing import services as publishing
from content.transitions.services import record_due_transitions
from content.vietnam_time import today
from notifications import fanout
from notifications.deliveries.models import Notification
from tests.builders import a_document, a_follower, a_member_of_staff, a_record, land

DAY = datetime.date


def a_law_that_a_list_says_runs_on(status="in_force"):
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ", topics=[land()])
    line = StatusLine(2, law.number, keys=(law.number_key,), status=status)
    list(official_statuses.import_lines(lambda: [line], source="Bộ Tư pháp", as_of=today(), apply=True))
    return law


ACT, ENDS = "9/2024/QH15", "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14."
ENDS_IN_PART = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ Điều 2."


def the_act(clause, *, scope="Một."):
    """The columns of the act that ends another, from today."""
    text = f"Điều 1. Phạm vi\n{scope}\nĐiều 2. Hiệu lực thi hành\n{clause}\n"
    return {"title": "Luật Mẫu mới", "text": text, "issued_on": DAY(2024, 6, 1), "effective_on": today()}


def an_act_ends_it_today(clause=ENDS, **columns):
    return a_document(ACT, **(the_act(clause) | {"notify": True} | columns))


def notified(document):
    return list(Notification.objects.filter(change__subject=document.key).values_list("kind", flat=True))


def the_worker_reads_the_change_log():
    app.tasks[READ_CHANGES]()


@pytest.fixture
def lock_held_elsewhere():
    """Holds the lock of endings, as another process that imports would, until it is told to go on."""
    ready, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            locks.hold(Lock.ENDINGS)
            ready.set()
            done.wait(60)
        connection.close()

    thread = threading.Thread(target=hold)

    def begin():
        thread.start()
        ready.wait(60)

    def end():
        done.set()
        thread.join()

    yield begin, end
    if thread.ident and thread.is_alive():
        end()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker_jobs")
def test_nobody_is_told_of_an_end_that_a_list_contradicts_though_it_is_compared_later(lock_held_elsewhere):
    begin, end = lock_held_elsewhere
    a_follower("minh", land())
    law = a_law_that_a_list_says_runs_on()
    the_worker_reads_the_change_log()
    an_act_ends_it_today()
    settle_changes()
    assert Change.objects.get(subject=law.key, event_type="document.status_entered", facts__has_key="act").notify
    begin()
    the_worker_reads_the_change_log()
    fanout.read_changes()
    assert notified(law) == []
    end()
    the_worker_reads_the_change_log()
    fanout.read_changes()
    assert (StatusConflict.objects.count(), notified(law)) == (1, [])


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_jobs")
def test_followers_are_told_of_an_end_that_the_list_says_too():
    a_follower("minh", land())
    law = a_law_that_a_list_says_runs_on("expired")
    other = a_document("2/2019/QH14", title="Luật Khác", topics=[land()])
    an_act_ends_it_today("Luật này thay thế Luật Khác số 2/2019/QH14.")
    the_worker_reads_the_change_log()
    fanout.read_changes()
    assert [len(notified(each)) for each in (law, other)] == [0, 1]


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_jobs")
def test_a_doubt_that_comes_and_goes_is_in_the_change_log_and_nobody_is_told():
    a_follower("minh", land())
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ", topics=[land()])
    an_act_ends_it_today(ENDS_IN_PART)
    the_worker_reads_the_change_log()
    lan = a_member_of_staff("lan", Role.PUBLISHER)
    case_services.reject(EndingCase.objects.get(), by=lan, reason="một phần")
    the_worker_reads_the_change_log()
    while fanout.read_changes():
        pass
    told = Change.objects.filter(subject=law.key).values_list("event_type", "notify", "reader").order_by("pk")
    assert list(told)[1:] == [
        ("document.effect_doubted", False, None),
        ("document.doubt_settled", False, None),
    ]
    assert notified(law) == []


def the_worker_does_all():
    the_worker_reads_the_change_log()
    while settle_changes() or compare_changes() or fanout.read_changes():
        pass


def told_of(document):
    rows = Notification.objects.filter(change__subject=document.key).order_by("pk")
    return list(rows.values_list("change__event_type", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_jobs")
def test_a_withdrawal_is_told_to_whom_the_end_was_told_on_its_day():
    a_follower("minh", land())
    tomorrow = today() + datetime.timedelta(days=1)
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ", topics=[land()])
    record_due_transitions(today())
    an_act_ends_it_today(effective_on=tomorrow)
    the_worker_does_all()
    record_due_transitions(tomorrow)
    the_worker_does_all()
    assert told_of(law) == ["document.status_changed"]
    case_services.reject(EndingCase.objects.get(), by=a_member_of_staff("lan", Role.PUBLISHER), reason="sai")
    the_worker_does_all()
    assert told_of(law) == ["document.status_changed", "document.amendment_withdrawn"]


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_jobs")
def test_of_what_was_withdrawn_before_anybody_was_told_nobody_is_told_at_all():
    a_follower("minh", land())
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ", topics=[land()])
    the_worker_does_all()
    an_act_ends_it_today()
    while settle_changes():
        pass
    case_services.reject(EndingCase.objects.get(), by=a_member_of_staff("lan", Role.PUBLISHER), reason="sai")
    assert Change.objects.get(subject=law.key, event_type="document.amendment_withdrawn").notify
    the_worker_does_all()
    assert told_of(law) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_jobs")
@pytest.mark.parametrize(
    ("corrected", "told"),
    [
        pytest.param(the_act(ENDS_IN_PART), [], id="it takes the end back"),
        pytest.param(the_act(ENDS, scope="Hai."), ["document.status_entered"], id="the end stays"),
    ],
)
def test_an_end_is_told_after_a_correction_of_the_act_was_settled(corrected, told):
    a_follower("minh", land())
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ", topics=[land()])
    the_worker_does_all()
    an_act_ends_it_today()
    while settle_changes():
        pass
    assert Change.objects.get(subject=law.key, event_type="document.status_entered").notify
    publishing.import_document(a_record(ACT, **corrected), correct=True)
    the_worker_does_all()
    assert told_of(law) == told


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker_jobs")
def test_news_that_no_list_can_contradict_does_not_wait(lock_held_elsewhere):
    begin, _end = lock_held_elsewhere
    a_follower("minh", land())
    law = a_law_that_a_list_says_runs_on()
    the_worker_reads_the_change_log()
    an_act_ends_it_today(notify=False)  # as an import that tells nobody
    settle_changes()
    begin()
    other = a_document("2/2019/QH14", title="Luật Khác", topics=[land()], notify=True)
    fanout.read_changes()
    assert (told_of(law), told_of(other)) == ([], ["document.published"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker_jobs")
def test_a_withdrawn_amendment_is_recorded_when_nobody_else_decides(lock_held_elsewhere):
    begin, end = lock_held_elsewhere
    a_document("1/2019/QH14", title="Luật Mẫu cũ")
    an_act_ends_it_today()
    while settle_changes():
        pass
    case = EndingCase.objects.get()
    amendments.withdraw_amendment(case.amendment, by=a_member_of_staff("lan", Role.PUBLISHER), reason="nhầm")
    begin()
    assert settle_changes() == 0
    case.refresh_from_db()
    assert case.state == "carried_out"
    end()
    while settle_changes():
        pass
    case.refresh_from_db()
    assert (case.state, case.found_right) == ("rejected", False)
