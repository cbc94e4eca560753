"""Planning, announcing, moving and cancelling events; what time does to them; their calendars."""

import datetime
import os
import time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from content.changes.models import Change
from content.errors import NotAllowed, RuleBroken
from content.events import ical, queries, services
from content.events.models import Event, Registration
from content.events.programme import SessionLine
from content.organisations.models import Organisation, Province
from content.people.models import AuditRow, Reader
from tests.builders import a_member_of_staff, a_planned_event, an_event, end_event, justice, land, move_event

pytestmark = pytest.mark.django_db
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)


def refused(service, *arguments, **columns):
    """(code, field) with which a rule refuses; nothing was changed by it."""
    before = list(Event.objects.order_by("pk").values()), Change.objects.count(), AuditRow.objects.count()
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        service(*arguments, **columns)
    assert (list(Event.objects.order_by("pk").values()), Change.objects.count(), AuditRow.objects.count()) == before
    return refusal.value.code, refusal.value.field


def lines(kind=""):
    return list(
        Change.objects.filter(event_type__startswith=f"event.{kind}").values_list("event_type", "subject", "notify")
    )


def entry(event):
    """Its entry in its own file, as icalendar reads it."""
    public = queries.public_events().get(pk=event.pk)
    file = Calendar.from_ical(ical.calendar_file([public], name="x", address=lambda each: f"http://x/{each.key}"))
    (found,) = file.walk("VEVENT")
    return found


def test_announcing_makes_it_public_and_tells_the_followers_of_its_topic_once():
    body = Organisation.objects.get(code="BTP")
    event = a_planned_event(organisation=body)
    assert (list(queries.public_events()), lines()) == ([], [])
    event = services.announce(event)
    services.announce(event)
    assert list(queries.public_events()) == [event]
    line = Change.objects.get()
    assert (line.event_type, line.subject, line.topics, line.organisation, line.notify) == (
        "event.announced", event.key, [land().key], body.key, True,
    )  # fmt: skip
    assert line.facts == {
        "title": "Toạ đàm về đất đai", "kind": "talk",
        "starts_at": f"{timezone.localtime(event.starts_at):%FT%T}+07:00",
        "ends_at": f"{timezone.localtime(event.ends_at):%FT%T}+07:00", "place": "Hội trường A", "province": "",
        "online": False, "is_sample": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "code", "field"),
    [
        ({"hours": -1, "registration": False}, "ends_before_start", "ends_at"),
        ({"hours": 0, "registration": False}, "ends_before_start", "ends_at"),
        ({"capacity": -1}, "capacity_out_of_range", "capacity"),
        ({"capacity": 0}, "capacity_out_of_range", "capacity"),
        ({"title": " \n"}, "blank", "title"),
        ({"title": "a\x00b"}, "invalid_character", "title"),
        ({"title": "a" * 301}, "too_long", "title"),
        ({"online_url": "javascript:alert(1)"}, "invalid_url", "online_url"),
        ({"online_url": "https://[::"}, "invalid_url", "online_url"),
        ({"online_url": "https://a b"}, "invalid_url", "online_url"),
        ({"materials": [("Tờ gấp", "ftp://x/y")]}, "invalid_url", "materials"),
    ],
)
def test_what_cannot_be_is_not_written_down(columns, code, field):
    assert refused(a_planned_event, **columns) == (code, field)


def test_a_window_that_closes_before_it_opens_or_after_the_end_is_refused():
    now = timezone.now()
    for opens, closes in ((now, now), (now, now + 99 * DAY), (now, None), (None, now)):
        window = {"registration_opens_at": opens, "registration_closes_at": closes}
        assert refused(a_planned_event, **window) == ("invalid_registration_period", "registration_closes_at")


def test_a_session_outside_and_a_province_that_is_no_more_are_refused():
    event = a_planned_event()
    beyond = SessionLine("Muộn", event.ends_at, event.ends_at + HOUR)
    assert refused(services.revise, event, sessions=[beyond]) == ("session_outside_event", "sessions")
    former = Province.objects.filter(valid_until__isnull=False).first()
    assert refused(services.revise, event, province=former) == ("province_not_valid_then", "province")
    services.revise(event, province=Province.objects.get(key="25-phu-tho-2025"))


def test_the_database_itself_refuses_what_must_never_be():
    event = an_event(seats=5)
    for columns in (
        {"ends_at": event.starts_at},
        {"capacity": 0},
        {"registration_closes_at": event.registration_opens_at},
        {"registration_closes_at": event.ends_at + HOUR},
        {"place": ""},
        {"announced_at": None},
        {"status": "cancelled"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**columns)
    columns = {"event": event, "reader": Reader.objects.create(), "status": "seated"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(**columns, name="Minh")
    Registration.objects.create(**columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(**columns)


def test_only_what_is_ahead_somewhere_and_about_something_is_announced():
    assert refused(services.announce, a_planned_event(in_days=-1, registration=False)) == (
        "starts_in_past",
        "starts_at",
    )
    assert refused(services.announce, a_planned_event(place="")) == ("place_required", "place")
    assert refused(services.announce, a_planned_event(topics=[])) == ("topic_required", "topics")
    past = timezone.now() - HOUR
    closed = a_planned_event(registration_opens_at=past - DAY, registration_closes_at=past)
    assert refused(services.announce, closed) == ("registration_already_closed", "registration_closes_at")


def test_a_move_keeps_its_history_takes_sessions_along_and_grows_the_sequence():
    event = an_event()
    starts_at = event.starts_at
    closes_at = event.registration_closes_at
    services.correct(
        event, sessions=[SessionLine("Khai mạc", starts_at, starts_at + HOUR, [("Lan", "Sở")])], reason="Thêm phiên"
    )
    was = entry(event)
    event = move_event(event, days=2, place="Hội trường B")
    (before,) = event.moves.all()
    assert (before.starts_at, before.place, before.reason) == (starts_at, "Hội trường A", "Hội trường sửa chữa")
    assert (event.status, event.place, event.starts_at) == ("moved", "Hội trường B", starts_at + 2 * DAY)
    assert event.sessions.get().starts_at == starts_at + 2 * DAY
    assert event.registration_closes_at == closes_at + 2 * DAY
    now = entry(event)
    assert (now["uid"], was["sequence"], now["sequence"]) == (was["uid"], 1, 2)
    assert (now["dtstart"].dt, now["status"]) == (event.starts_at, "CONFIRMED")
    assert Change.objects.latest("pk").facts["was"]["place"] == "Hội trường A"


def test_a_move_to_where_it_is_or_to_the_past_or_by_correction_is_refused():
    event = an_event()
    assert refused(move_event, event) == ("no_change", "starts_at")
    assert refused(move_event, event, days=-30) == ("starts_in_past", "starts_at")
    assert refused(move_event, event, days=1, reason=" ") == ("reason_required", "reason")
    assert refused(move_event, event, place="") == ("place_required", "place")
    assert refused(services.correct, event, place="Đâu đó", reason="x") == ("move_required", "place")
    assert refused(services.revise, event, title="Khác") == ("wrong_status", "status")
    assert refused(move_event, a_planned_event(), days=1) == ("wrong_status", "status")


def test_a_cancelled_event_stays_readable_with_its_reason_and_calendars_say_so():
    event = an_event()
    assert refused(services.cancel, event, reason="") == ("reason_required", "reason")
    event = services.cancel(event, reason="Bão số 9")
    services.cancel(event, reason="lần nữa")
    assert queries.public_events().get().cancel_reason == "Bão số 9"
    found = entry(event)
    assert (found["status"], found["sequence"], "Bão số 9" in found["description"]) == ("CANCELLED", 1, True)
    assert [kind for kind, *_ in lines()] == ["event.announced", "event.cancelled"]
    assert refused(move_event, event, days=1) == ("wrong_status", "status")


def test_an_event_is_held_after_its_end_and_its_first_recording_is_notified_once():
    event = an_event()
    assert refused(services.add_recording, event, url="https://x.vn/1") == ("not_started", "recording_url")
    assert (
        services.conclude_ended_events(),
        services.conclude_ended_events(event.ends_at),
        services.conclude_ended_events(event.ends_at),
    ) == (0, 1, 0)
    event = end_event(event)
    assert (event.status, refused(services.cancel, event, reason="x")) == ("held", ("wrong_status", "status"))
    for url in ("https://x.vn/1", "https://x.vn/1", "https://x.vn/2"):
        services.add_recording(event, url=url)
    assert lines("recorded") == [("event.recorded", event.key, True), ("event.recorded", event.key, False)]


def remind_at(event, before):
    """How many reminders go out that long before it begins."""
    return services.record_reminders(Event.objects.get(pk=event.pk).starts_at - before)


def test_a_reminder_a_day_and_an_hour_before_each_once_and_late_ones_still():
    event = an_event()
    minutes = datetime.timedelta(minutes=1)
    told = [remind_at(event, before) for before in (DAY + minutes, DAY, 20 * HOUR, HOUR + minutes, HOUR, minutes)]
    assert told == [0, 1, 0, 0, 1, 0]
    assert remind_at(event, -minutes) == 0
    assert list(Change.objects.filter(event_type="event.starts_soon").values_list("facts__hours", "topics")) == [
        (24, []), (1, []),
    ]  # fmt: skip


def test_after_an_outage_only_the_hour_reminder_is_sent():
    event = an_event()
    assert (remind_at(event, HOUR / 2), remind_at(event, HOUR / 3)) == (1, 0)
    assert Change.objects.get(event_type="event.starts_soon").facts["hours"] == 1


def test_a_moved_event_is_reminded_of_at_its_new_time_only_and_a_cancelled_one_not():
    event = an_event()
    old = event.starts_at
    event = move_event(event, days=5)
    assert (services.record_reminders(old - HOUR), remind_at(event, 2 * HOUR)) == (0, 1)
    event = move_event(event, days=5)
    assert (remind_at(event, 2 * HOUR), remind_at(event, 2 * HOUR)) == (1, 0)
    services.cancel(event, reason="Bão")
    assert remind_at(event, HOUR / 2) == 0


def test_an_announcement_shortly_before_the_start_is_not_followed_by_a_reminder():
    event = an_event()
    Event.objects.update(time_announced_at=event.starts_at - 5 * HOUR)
    assert (remind_at(event, 4 * HOUR), remind_at(event, HOUR)) == (0, 1)


def test_more_seats_go_to_those_who_wait_and_fewer_than_taken_are_refused():
    event = an_event(seats=2)
    readers = [Reader.objects.create() for _ in range(4)]
    for reader in readers:
        services.register(event, reader)
    assert refused(services.correct, event, capacity=1, reason="Phòng nhỏ") == (
        "capacity_below_taken_seats",
        "capacity",
    )
    services.correct(event, capacity=3, reason="Phòng lớn")
    assert [queries.registration_of(reader, event).status for reader in readers] == ["seated"] * 3 + ["waiting"]
    assert Change.objects.get(event_type="event.seat_given").reader == readers[2]


def test_the_file_is_the_same_bytes_whenever_and_wherever_it_is_made():
    event = move_event(
        an_event(province=Province.objects.get(key="25-phu-tho-2025"), text="Dòng một\nDòng hai; ba, bốn"), days=1
    )
    line = Change.objects.latest("pk").facts["starts_at"]
    zone, made = os.environ.get("TZ"), set()
    try:
        for name in ("UTC", "America/New_York", "Asia/Ho_Chi_Minh"):
            os.environ["TZ"] = name
            time.tzset()
            shown = list(queries.public_events())
            days = [day for day, events in queries.events_of_week(timezone.localtime(event.starts_at).date()) if events]
            made.add((ical.calendar_file(shown, name="x", address=lambda each: each.key), tuple(days)))
    finally:
        os.environ.pop("TZ")
        os.environ |= {"TZ": zone} if zone else {}
        time.tzset()
    ((file, (day,)),) = made
    assert (day, line[10:]) == (timezone.localtime(event.starts_at).date(), "T08:00:00+07:00")
    assert b"TZID:Asia/Ho_Chi_Minh" in file and b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in file
    assert f"DTSTART;TZID=Asia/Ho_Chi_Minh:{day:%Y%m%d}T080000\r\n".encode() in file
    assert (b"\n" in file.replace(b"\r\n", b""), max(map(len, file.split(b"\r\n"))) <= 75) == (False, True)
    found = Calendar.from_ical(file).walk("VEVENT")[0]
    assert (found["dtstart"].dt, found["dtend"].dt) == (event.starts_at, event.ends_at)
    assert str(found["description"]) == "Dòng một\nDòng hai; ba, bốn"
    assert str(found["location"]).startswith("Hội trường A, ")


def test_days_are_those_of_viet_nam_and_what_goes_on_overnight_is_on_both():
    night = timezone.localtime().replace(hour=23, minute=30, second=0, microsecond=0) + 3 * DAY
    event = an_event(starts_at=night, ends_at=night + HOUR)
    day = night.date()
    for first, last, there in (
        (day, day, 1),
        (day + DAY, day + DAY, 1),
        (day - DAY, day - DAY, 0),
        (day + 2 * DAY, day + 9 * DAY, 0),
    ):
        assert queries.events_between(queries.public_events(), first, last).count() == there
    other = an_event(topics=[justice()])
    assert list(queries.events_about(queries.public_events(), [land()])) == [event]
    assert set(queries.public_events()) == {event, other}


def test_who_may_do_what():
    lan, hoa, minh = (a_member_of_staff(role, role) for role in ("editor", "approver", "publisher"))
    event = a_planned_event(by=lan)
    with pytest.raises(NotAllowed):
        a_planned_event(by=hoa)
    for service in (lambda: services.announce(event, by=lan), lambda: services.revise(event, by=hoa, title="x")):
        with pytest.raises(NotAllowed):
            service()
    services.announce(event, by=hoa)
    services.announce(a_planned_event(by=minh), by=minh)
    both = a_member_of_staff("both", "editor", "approver")
    with pytest.raises(NotAllowed):
        services.announce(a_planned_event(by=both), by=both)
    with pytest.raises(NotAllowed):
        services.cancel(event, by=lan, reason="x")
    assert list(AuditRow.objects.filter(subject=event.key).values_list("action", "by")) == [
        ("event.planned", lan.pk), ("event.announce", hoa.pk),
    ]  # fmt: skip


def test_the_sample_says_that_it_is_none_and_has_two_seats_in_ten_days():
    event, is_new = services.publish_sample_event()
    assert (is_new, services.publish_sample_event()) == (True, (event, False))
    assert (event.is_sample, event.capacity, "không có thật" in event.title) == (True, 2, True)
    assert (timezone.localtime(event.starts_at).date() - timezone.localdate()).days == 10
    assert event.takes_registrations(timezone.now())
    assert (lines(), services.remove_sample_events(), Event.objects.count()) == (
        [("event.announced", event.key, False)], 1, 0,
    )  # fmt: skip


def test_participants_are_reminded_of_a_copy_only_where_its_home_is_told_of():
    def told(**options):
        event = an_event(in_days=3)
        Event.objects.filter(pk=event.pk).update(home="phapluat.example.gov.vn")
        services.record_reminders(event.starts_at - datetime.timedelta(hours=1), **options)
        return Change.objects.get(subject=event.key, event_type="event.starts_soon").notify

    assert told() is False
    assert told(told_homes=["phapluat.example.gov.vn"]) is True
