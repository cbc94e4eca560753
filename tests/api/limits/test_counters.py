"""What one process counts, and what it makes of the counts of others."""

import datetime

import pytest
from django.db import connection

from api.limits.counters import ExactCounter, FixedWindowCounter
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


def test_an_exact_count_is_of_the_window_that_another_machine_has_begun(db):
    counter = ExactCounter("tried", seconds=3600)
    assert counter.count_request(MINH)[0] == 1
    row = RequestCount.objects.get()
    assert row.key == key_of("tried", MINH) and row.key != key_of("tried", "192.0.2.2") != key_of("others", "192.0.2.2")
    RequestCount.objects.update(ends_at=row.ends_at + datetime.timedelta(hours=1), count=7)
    assert counter.count_request(MINH)[0] == 8
    assert counter.count_request(MINH)[1] > 3600


def test_an_exact_count_is_taken_back_in_its_window_only(db):
    counter = ExactCounter("tried", seconds=3600)
    counter.count_request(MINH)
    counter.take_back(MINH)
    assert counter.count_request(MINH)[0] == 1
    RequestCount.objects.update(ends_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    counter.take_back(MINH)
    assert RequestCount.objects.get().count == 1
    assert counter.count_request(MINH)[0] == 1


def test_counts_of_windows_that_are_over_are_deleted(db):
    ExactCounter("tried").count_request(MINH)
    with connection.cursor() as cursor:
        services.forget_before(cursor, RequestCount.objects.get().ends_at)
        assert RequestCount.objects.count() == 1
        services.forget_before(cursor, RequestCount.objects.get().ends_at + datetime.timedelta(seconds=1))
    assert RequestCount.objects.count() == 0
