"""Midnight: what changes by itself becomes public once, whoever looks and however late."""

import datetime
import threading

import pytest
from django.db import connection

from content.changes.models import Change
from content.documents.models import StatusEvent
from content.publishing import services as documents
from content.transitions.models import ProcessedDay
from content.transitions.services import record_due_transitions
from tests.builders import a_document, amend, an_amending_law

DAY = datetime.date


def lines():
    told = Change.objects.filter(event_type__in=["document.status_changed", "document.status_ahead"]).order_by("pk")
    return [(line.event_type.partition("_")[2], line.facts["on"], line.facts["status_after"]) for line in told]


@pytest.mark.django_db
def test_the_day_before_and_the_day_itself_are_recorded_once():
    a_document(effective_on=DAY(2025, 1, 1), expires_on=DAY(2025, 6, 1))
    assert [record_due_transitions(DAY(2024, 12, 30)), lines()] == [0, []]
    for _again in (1, 2):
        record_due_transitions(DAY(2024, 12, 31))
    assert lines() == [("ahead", "2025-01-01", "in_force")]
    for _again in (1, 2):
        record_due_transitions(DAY(2025, 1, 1))
    assert lines()[1:] == [("changed", "2025-01-01", "in_force")]
    record_due_transitions(DAY(2025, 6, 1))
    assert lines()[2:] == [("changed", "2025-06-01", "expired")]  # the eve was lost to an outage: no «tomorrow» now


@pytest.mark.django_db
def test_days_that_an_outage_hid_are_made_up_in_order_and_said_to_be_past():
    a_document(effective_on=DAY(2025, 1, 2))
    a_document(effective_on=DAY(2025, 1, 4))
    record_due_transitions(DAY(2024, 12, 1))
    assert record_due_transitions(DAY(2025, 1, 4)) == 2
    told = Change.objects.filter(event_type="document.status_changed").order_by("pk")
    assert [(line.facts["on"], line.facts["when"]) for line in told] == [
        ("2025-01-02", "past"),
        ("2025-01-04", "today"),
    ]


@pytest.mark.django_db
def test_parts_of_a_document_change_too_and_are_named():
    law = a_document("1/2019/QH14")
    record_due_transitions(DAY(2024, 12, 31))
    amend(an_amending_law(law))
    record_due_transitions(DAY(2025, 1, 1))
    line = Change.objects.get(event_type="document.status_changed", subject=law.key)
    assert {event["kind"] for event in line.facts["events"]} == {"expires", "amended"}
    assert {"art_2__clause_1__point_b", "art_1a"} <= set(line.eids)
    assert (line.facts["status_before"], line.facts["status_after"]) == ("in_force", "partly_expired")


@pytest.mark.django_db
def test_nothing_ends_because_its_parent_did():
    parent, child = a_document("1/2019/QH14"), a_document("2/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ")
    documents.enter_status_event(parent, StatusEvent.Kind.EXPIRES, on=DAY(2025, 1, 1))
    record_due_transitions(DAY(2024, 12, 30))
    record_due_transitions(DAY(2025, 1, 1))
    assert list(Change.objects.filter(event_type="document.status_changed").values_list("subject", flat=True)) == [
        parent.key
    ]
    assert not child.status_events.filter(kind="expires").exists()


@pytest.mark.django_db
def test_that_nothing_is_doubtful_any_more_is_recorded_on_the_day_on_which_the_last_doubt_ends():
    act, law = a_document("9/2024/QH15"), a_document("1/2019/QH14")
    for kind, source, until in (("begins", "art_1", 2), ("begins", "art_2", 3), ("amends", "art_3", 4)):
        law.effect_doubts.create(
            act=act, kind=kind, scope="part", source_eid=source, from_on=DAY(2025, 1, 1), until_on=DAY(2025, 1, until)
        )
    told = Change.objects.filter(event_type="document.doubt_settled", subject=law.key)
    record_due_transitions(DAY(2025, 1, 1))
    touched, counts = [law.updated_at], []
    for day in (2, 3, 4):
        record_due_transitions(DAY(2025, 1, day))
        counts.append(told.count())
        law.refresh_from_db()
        touched.append(law.updated_at)
    assert counts == [0, 1, 1]
    assert touched == sorted(set(touched))  # each day something else is shown, so that caches must learn of it
    assert (told[0].facts["act"]["key"], told[0].notify) == (act.key, False)


@pytest.mark.django_db
def test_what_is_entered_after_midnight_for_the_day_is_recorded_once_by_the_next_run_without_a_push():
    law = a_document("1/2019/QH14")
    record_due_transitions(DAY(2025, 1, 1))
    documents.enter_status_event(law, StatusEvent.Kind.EXPIRES, on=DAY(2025, 1, 1))
    documents.enter_status_event(law, StatusEvent.Kind.AMENDED, on=DAY(2025, 1, 2), scope="part", eids=["art_1"])
    assert [record_due_transitions(DAY(2025, 1, 1)) for _again in (1, 2)] == [1, 0]
    assert lines() == [("changed", "2025-01-01", "expired")]
    assert Change.objects.get(event_type="document.status_changed").notify is False
    documents.enter_status_event(law, StatusEvent.Kind.SUSPENDED, on=DAY(2025, 1, 1))  # nobody looked before midnight
    assert [record_due_transitions(DAY(2025, 1, 2)) for _again in (1, 2)] == [2, 0]
    told = Change.objects.filter(event_type="document.status_changed").order_by("pk")[1:]
    assert [(line.facts["on"], line.facts["when"], line.notify) for line in told] == [
        ("2025-01-01", "past", False),
        ("2025-01-02", "today", True),
    ]
    assert record_due_transitions(DAY(2025, 1, 1)) == 0  # a clock that went back


@pytest.mark.usefixtures("committed")
def test_two_workers_at_once_and_a_restart_tell_it_once():
    for number in range(3):
        a_document(f"{number}/2019/QH14", effective_on=DAY(2025, 1, 1 + number))
    late = a_document("9/2019/QH14", effective_on=DAY(2020, 1, 1))
    record_due_transitions(DAY(2024, 12, 31))
    barrier, written = threading.Barrier(5), []

    def work():
        barrier.wait()
        written.append(record_due_transitions(DAY(2025, 1, 3)))
        connection.close()

    def enter():
        barrier.wait()
        for eid in ("art_1", "art_2", "art_3"):
            documents.enter_status_event(late, StatusEvent.Kind.EXPIRES, on=DAY(2025, 1, 3), scope="part", eids=[eid])
        connection.close()

    workers = [threading.Thread(target=each) for each in (*[work] * 4, enter)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    record_due_transitions(DAY(2025, 1, 3))  # started again on the same day: what was entered meanwhile
    assert record_due_transitions(DAY(2025, 1, 3)) == 0
    changed = Change.objects.filter(event_type="document.status_changed").order_by("pk")
    assert [line.facts["on"] for line in changed.exclude(subject=late.key)] == [
        "2025-01-01",
        "2025-01-02",
        "2025-01-03",
    ]
    told = [eid for line in changed.filter(subject=late.key) for eid in line.eids]
    assert sorted(told) == ["art_1", "art_2", "art_3"]
    assert 3 <= sum(written) <= 6


@pytest.mark.usefixtures("committed")
def test_a_turn_that_is_cut_off_is_done_again_as_a_whole():
    a_document("1/2019/QH14", effective_on=DAY(2025, 1, 1))
    a_document("2/2019/QH14", effective_on=DAY(2025, 1, 1))
    record_due_transitions(DAY(2024, 12, 30))
    seen = []

    def die_at_the_second(*arguments):
        seen.append(arguments)
        if len(seen) > 1:
            raise KeyboardInterrupt

    with connection.execute_wrapper(lambda run, sql, *rest: (
        die_at_the_second(sql) if "content_change" in sql and sql.startswith("INSERT") else None, run(sql, *rest))[1]
    ), pytest.raises(KeyboardInterrupt):  # fmt: skip
        record_due_transitions(DAY(2025, 1, 1))
    assert Change.objects.filter(event_type="document.status_changed").count() == 0
    record_due_transitions(DAY(2025, 1, 1))
    assert Change.objects.filter(event_type="document.status_changed").count() == 2


@pytest.mark.django_db
def test_followers_learn_of_the_days_of_a_copy_only_where_its_home_is_told_of():
    def told(number, **options):
        law = a_document(number, effective_on=DAY(2025, 1, 2))
        type(law).objects.filter(pk=law.pk).update(home="phapluat.example.gov.vn")
        StatusEvent.objects.filter(document__home="").delete()
        for day in (DAY(2025, 1, 1), DAY(2025, 1, 2)):
            record_due_transitions(day, **options)
        lines = Change.objects.filter(subject=law.key, event_type__startswith="document.status_")
        return list(lines.order_by("pk").values_list("event_type", "notify"))

    names = ["document.status_ahead", "document.status_changed"]
    assert told("1/2019/QH14") == [(name, False) for name in names]
    ProcessedDay.objects.all().delete()
    assert told("2/2019/QH14", told_homes=["phapluat.example.gov.vn"]) == [(name, True) for name in names]
