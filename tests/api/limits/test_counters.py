"""What one process counts, and what it makes of the counts of others."""

import datetime
import time

import psycopg
import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from api.limits.counters import ExactCounter, FixedWindowCounter
from api.limits.reports import Due
from content.request_counts import services
from content.request_counts.models import RequestCount
from content.request_counts.services import Counted, key_of

MINH = "192.0.2.1"


@pytest.fixture
def process(settings):
    """Makes counters of one limit, as different processes have them. All are in one minute."""
    settings.READS_PER_MINUTE = 300
    return lambda: FixedWindowCounter("tried", "READS_PER_MINUTE", clock=lambda: 120.0)


def report(counter):
    """As the thread of a process does (api/limits/reports.py)."""
    counted = counter.unreported(MINH)
    with connection.cursor() as cursor:
        (total,) = services.add(cursor, [counted])
    counter.learn(MINH, counted, total)


def count(counter, times):
    return [counter.count_request(MINH)[0] for _ in range(times)][-1]


def test_a_process_adds_what_others_have_reported_and_never_counts_its_own_twice(process, db):
    ours, theirs = process(), process()
    assert (count(ours, 4), count(theirs, 3)) == (4, 3)
    report(ours)
    report(theirs)
    assert (count(ours, 1), count(theirs, 1)) == (5, 8)  # ours has not heard of theirs yet
    report(ours)
    report(theirs)
    assert (count(ours, 1), count(theirs, 1)) == (9, 10)
    assert ours.unreported(MINH).requests == 1


def test_what_is_taken_back_is_taken_back_from_others_too(process, db):
    ours, theirs = process(), process()
    count(ours, 5)
    report(ours)
    for _ in range(5):
        ours.take_back(MINH)
    report(ours)
    count(theirs, 1)
    report(theirs)
    assert count(theirs, 1) == 2


def test_counts_that_are_lost_with_a_server_make_no_count_wrong(process, db):
    ours = process()
    count(ours, 5)
    report(ours)
    RequestCount.objects.all().delete()
    assert count(ours, 1) == 6
    report(ours)
    assert count(ours, 1) == 7


def test_what_comes_after_a_window_has_ended_elsewhere_is_not_added_to_the_next_one(process, db):
    ours = process()
    count(ours, 5)
    asked = ours.unreported(MINH)
    later = Counted(asked.key, asked.ends_at + datetime.timedelta(minutes=1), 2)
    with connection.cursor() as cursor:
        services.add(cursor, [later])
        assert services.add(cursor, [asked]) == [later]
    ours.learn(MINH, asked, later)
    assert (count(ours, 1), ours.unreported(MINH).requests) == (6, 6)


def end_of_this_minute():
    now = timezone.now().replace(second=0, microsecond=0)
    return now + datetime.timedelta(minutes=1)


def stored(*counts):
    with connection.cursor() as cursor:
        return services.add(cursor, counts)


def test_the_clock_of_a_machine_that_is_a_day_ahead_changes_no_count_of_others(db):
    key, day = key_of("tried", MINH), datetime.timedelta(days=1)
    now = Counted(key, end_of_this_minute(), 5)
    assert stored(now._replace(ends_at=now.ends_at + day)) == []
    assert stored(now) == [now]
    assert stored(now._replace(ends_at=now.ends_at + day)) == []
    assert stored(now._replace(ends_at=now.ends_at - day)) == [now]
    RequestCount.objects.update(ends_at=now.ends_at + day)  # the clock of the database itself was ahead
    assert stored(now) == [now]


def test_a_process_whose_clock_is_a_day_ahead_counts_alone(db):
    ahead = FixedWindowCounter("tried", "READS_PER_MINUTE", clock=lambda: time.time() + 24 * 3600)
    due = Due()
    count(ahead, 3)
    due.add(ahead, MINH)
    with connection.cursor() as cursor:
        due.report(cursor)
    assert count(ahead, 1) == 4 and not RequestCount.objects.exists()


def test_what_is_taken_back_from_a_count_that_is_lost_is_taken_from_nothing(db):
    back = Counted(key_of("tried", MINH), end_of_this_minute(), -3)
    assert stored(back) == []
    earlier = back.ends_at - datetime.timedelta(minutes=1)
    RequestCount.objects.create(key=back.key, ends_at=earlier, count=2)
    assert stored(back) == [] and RequestCount.objects.get().count == 2
    assert stored(back._replace(requests=4)) == [back._replace(requests=4)]
    assert stored(back._replace(requests=-9)) == [back._replace(requests=0)]


class BreaksAfterwards:
    """A cursor whose session ends after the statement was committed, before the answer."""

    def __init__(self, cursor):
        self._cursor = cursor

    def execute(self, *arguments):
        self._cursor.execute(*arguments)
        raise psycopg.OperationalError

    def fetchall(self):
        raise AssertionError


def test_what_may_have_been_stored_is_not_told_again_and_what_came_later_is(process, db):
    ours = process()
    due = Due()
    with connection.cursor() as cursor:
        count(ours, 5)
        due.add(ours, MINH)
        with pytest.raises(psycopg.OperationalError):
            due.report(BreaksAfterwards(cursor))
        count(ours, 2)
        due.report(cursor)  # nobody has said again that it is due
    assert RequestCount.objects.get().count == 7
    assert count(ours, 1) == 8


def test_who_asked_in_a_minute_that_is_over_waits_no_longer_for_a_database_that_is_away(settings):
    settings.READS_PER_MINUTE = 300
    now = [120.0]
    ours, due = FixedWindowCounter("tried", "READS_PER_MINUTE", clock=lambda: now[0]), Due()
    for minute in range(5):
        now[0] = 120.0 + 60 * minute
        for number in range(4):
            caller = f"192.0.{minute}.{number}"
            ours.count_request(caller)
            due.add(ours, caller)
        due.forget_ended()  # as after each try to reach the database
    assert {caller for _counter, caller in due._callers} == {f"192.0.4.{number}" for number in range(4)}


def test_what_may_have_been_taken_back_is_taken_back_again(process, db):
    ours = process()
    due = Due()
    with connection.cursor() as cursor:
        count(ours, 5)
        due.add(ours, MINH)
        due.report(cursor)
        ours.take_back(MINH)
        due.add(ours, MINH)
        with pytest.raises(psycopg.OperationalError):
            due.report(BreaksAfterwards(cursor))
        due.report(cursor)
    assert RequestCount.objects.get().count == 3  # too low at worst: nobody is refused below the limit
    assert count(ours, 1) == 5


def test_an_exact_count_is_of_the_window_that_another_statement_has_begun(db):
    counter = ExactCounter("tried", seconds=3600)
    assert counter.count_request(MINH).requests == 1
    row = RequestCount.objects.get()
    assert row.key == key_of("tried", MINH) and row.key != key_of("tried", "192.0.2.2") != key_of("others", "192.0.2.2")
    RequestCount.objects.update(ends_at=row.ends_at + datetime.timedelta(hours=1), count=7)
    assert counter.count_request(MINH).requests == 8
    assert counter.count_request(MINH).seconds > 3600


def test_an_exact_count_that_ends_tomorrow_locks_nobody_out(db):
    counter = ExactCounter("tried")
    counter.count_request(MINH)
    RequestCount.objects.update(ends_at=timezone.now() + datetime.timedelta(days=1), count=1_000)
    counted = counter.count_request(MINH)
    assert counted.requests == 1 and 1 <= counted.seconds <= 60
    assert RequestCount.objects.get().ends_at == counted.ends_at


def test_an_exact_count_is_taken_back_in_the_window_in_which_it_was_counted(db):
    counter = ExactCounter("tried", seconds=3600)
    counter.take_back(MINH, counter.count_request(MINH))
    assert counter.count_request(MINH).requests == 1
    RequestCount.objects.update(ends_at=F("ends_at") + datetime.timedelta(hours=1), count=7)
    counted = counter.count_request(MINH)
    counter.take_back(MINH, counted)
    assert RequestCount.objects.get().count == 7
    RequestCount.objects.update(ends_at=F("ends_at") + datetime.timedelta(hours=1))
    counter.take_back(MINH, counted)
    assert RequestCount.objects.get().count == 7


def test_counts_of_windows_that_are_over_are_deleted_however_many_there_are(db):
    now, minute = timezone.now(), datetime.timedelta(minutes=1)
    for number, ends_at in enumerate([now - 2 * minute] * 5 + [now - minute / 2, now + minute]):
        RequestCount.objects.create(key=key_of("tried", str(number)), ends_at=ends_at, count=1)
    assert services.forget_ended(at_once=2) == 5
    assert RequestCount.objects.count() == 2
    assert services.forget_ended() == 0
