"""Who gets a seat, who waits, who comes in, and what is forgotten."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from content.changes.models import Change
from content.events import queries, services
from content.events.models import Event, Registration
from content.people.models import AuditRow, Reader
from tests.builders import a_member_of_staff, a_planned_event, an_event, end_event
from tests.content.events.test_events import refused

DAY = datetime.timedelta(days=1)
alone = pytest.mark.django_db
PURPOSE = "Làm thẻ vào cửa"


def readers(count):
    return Reader.objects.bulk_create(Reader() for _ in range(count))


def states(event):
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


@alone
def test_the_third_of_two_seats_waits_and_follows_in_order_when_one_is_given_back():
    event, (a, b, c, d) = an_event(seats=2), readers(4)
    made = [services.register(event, each) for each in (a, b, c, d)]
    assert [(row.status, queries.waiting_position(row), new) for row, new in made] == [
        ("seated", None, True), ("seated", None, True), ("waiting", 1, True), ("waiting", 2, True),
    ]  # fmt: skip
    again, new = services.register(event, c)
    assert (again.pk, again.code, new) == (made[2][0].pk, made[2][0].code, False)
    services.unregister(event, a)
    services.unregister(event, a)
    assert states(event) == ["seated", "seated", "waiting"]
    (told,) = Change.objects.filter(event_type="event.seat_given")
    assert (told.reader, told.facts, told.subject) == (c, {}, event.key)
    assert queries.waiting_position(queries.registration_of(d, event)) == 1
    services.unregister(event, d)
    assert Change.objects.filter(event_type="event.seat_given").count() == 1


@alone
def test_a_seat_given_back_after_the_beginning_is_not_for_who_comes_later_than_those_who_wait():
    event, (a, b, c) = an_event(seats=1), readers(3)
    services.register(event, a), services.register(event, b)
    Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() - datetime.timedelta(minutes=1))
    services.unregister(event, a)
    services.register(event, c)
    assert states(event) == ["waiting", "waiting"]


@alone
def test_without_a_number_of_seats_everybody_has_one():
    event = an_event()
    assert {services.register(event, each)[0].status for each in readers(5)} == {"seated"}


@alone
def test_registering_is_for_the_time_of_registration():
    (minh,), now = readers(1), timezone.now()
    later = {"registration_opens_at": now + DAY, "registration_closes_at": now + 2 * DAY}
    for event in (a_planned_event(), an_event(registration=False), an_event(**later), end_event(an_event())):
        assert refused(services.register, event, minh) == ("registration_closed", None)
    cancelled = services.cancel(an_event(), reason="Bão")
    assert refused(services.register, cancelled, minh) == ("registration_closed", None)
    event = an_event()
    services.register(event, minh)
    Event.objects.filter(pk=event.pk).update(registration_closes_at=now)
    assert services.register(event, minh)[1] is False  # a repeat of the present registration


@alone
def test_a_name_is_taken_only_for_a_purpose_and_with_consent():
    (minh,), bare, asks = readers(1), an_event(), an_event(data_purpose=PURPOSE)
    assert refused(services.register, bare, minh, name="Minh", consent=True) == ("name_not_requested", "name")
    assert refused(services.register, asks, minh, name="Minh") == ("consent_required", "consent")
    row, _new = services.register(asks, minh, name=" Trần  Minh ", contact="minh@x.vn", consent=True)
    assert (row.name, row.contact, row.consented_at is None) == ("Trần Minh", "minh@x.vn", False)
    for other in ("", "Gửi thư mời"):
        assert refused(services.correct, asks, data_purpose=other, reason="x") == (
            "names_already_given",
            "data_purpose",
        )
    services.correct(asks, data_purpose=f" {PURPOSE}", title="Khác", reason="x")
    row, _new = services.register(asks, minh)
    assert (row.name, row.contact, row.consented_at) == ("", "", None)


@alone
def test_who_has_a_seat_is_checked_in_once_and_who_waits_not_at_all():
    event, other, (a, b), lan = an_event(seats=1), an_event(), readers(2), a_member_of_staff("lan", "editor")
    seated, waiting = (services.register(event, each)[0] for each in (a, b))
    typed = f" {seated.code[:6].upper()} {seated.code[6:]}\n"
    row, first = services.check_in(event, typed, by=lan)
    assert (row.pk, first, services.check_in(event, typed, by=lan)[1]) == (seated.pk, True, False)
    assert refused(services.check_in, event, waiting.code, by=lan) == ("on_waiting_list", "code")
    assert refused(services.check_in, event, "khôngcó", by=lan) == ("unknown_code", "code")
    assert refused(services.check_in, other, seated.code, by=lan) == ("unknown_code", "code")
    assert refused(services.check_in, event, seated.code, by=a_member_of_staff("x", "answerer"))[0] == "not_allowed"
    assert queries.seat_counts(event) == queries.SeatCounts(seated=1, waiting=1, checked_in=1)


@alone
def test_that_names_were_read_is_noted():
    event, (minh,), lan = an_event(data_purpose=PURPOSE), readers(1), a_member_of_staff("lan", "editor")
    services.register(event, minh)
    services.read_registrations(event, by=lan)
    assert not AuditRow.objects.filter(action="event.registrations_read").exists()
    services.register(event, minh, name="Minh", consent=True)
    (row,) = services.read_registrations(event, by=lan)
    assert (row.name, AuditRow.objects.filter(action="event.registrations_read", by=lan).count()) == ("Minh", 1)


@alone
def test_who_came_is_forgotten_after_thirty_days_and_how_many_is_not():
    event, (a, b), lan = an_event(), readers(2), a_member_of_staff("lan", "editor")
    code = services.register(event, a)[0].code
    services.register(event, b)
    services.check_in(event, code, by=lan)
    event = end_event(event)
    services.conclude_ended_events()
    assert services.events_with_old_registrations(event.ends_at + 29 * DAY) == []
    assert services.events_with_old_registrations(event.ends_at + 30 * DAY) == [event]
    assert set(services.erase_old_registrations(event)) == {a, b}
    event.refresh_from_db()
    assert (Registration.objects.count(), event.checked_in_count) == (0, 1)
    assert services.erase_old_registrations(event) == []
    assert services.events_with_old_registrations(event.ends_at + 31 * DAY) == []


@alone
def test_a_reader_who_leaves_for_good_leaves_the_seat_to_the_next():
    event, (a, b) = an_event(seats=1), readers(2)
    services.register(event, a)
    services.register(event, b)
    services.erase_registrations_of(a)
    a.delete()
    assert queries.registration_of(b, event).status == "seated"


@alone
def test_a_free_seat_somebody_waits_for_is_given_by_the_clock():
    event, (a, b) = an_event(seats=1), readers(2)
    services.register(event, a)
    services.register(event, b)
    Registration.objects.filter(reader=a).delete()  # by a process that died before it gave the seat on
    assert (services.assign_all_free_seats(), services.assign_all_free_seats(), states(event)) == (1, 0, ["seated"])


@pytest.mark.usefixtures("committed")
def test_of_two_hundred_at_once_fifty_get_seats_and_the_others_wait_in_order():
    event, another, crowd = an_event(seats=50), an_event(seats=1), readers(200)

    def register(reader):
        try:
            registration, _created = services.register(event, reader)
            return registration.status, queries.waiting_position(registration)
        finally:
            connection.close()

    def register_again(_number):
        try:
            return services.register(another, crowd[0])[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(register, crowd))
        assert [told.count(("seated", None)), sorted(place for status, place in told if status == "waiting")] == [
            50, list(range(1, 151)),
        ]  # fmt: skip
        assert states(event) == ["seated"] * 50 + ["waiting"] * 150
        assert list(pool.map(register_again, range(8))).count(True) == another.registrations.count() == 1
        leaving = [row.reader for row in event.registrations.order_by("pk").select_related("reader")[:10]]
        next_ones = list(event.registrations.filter(status="waiting").order_by("pk").values_list("pk", flat=True)[:10])
        list(pool.map(lambda reader: (services.unregister(event, reader), connection.close()), leaving))
    assert states(event) == ["seated"] * 50 + ["waiting"] * 140
    assert set(Registration.objects.filter(pk__in=next_ones).values_list("status", flat=True)) == {"seated"}
    assert Change.objects.filter(event_type="event.seat_given").count() == 10
