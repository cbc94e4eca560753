"""From an announcement to the last reminder: who is notified once, in which words, and where it leads."""

import datetime
import importlib

import pytest
from django.apps import apps
from django.db import connection
from icalendar import Calendar

from content.errors import RuleBroken
from content.events import services as events
from content.events.models import Event
from content.people.models import Reader
from notifications.deliveries import services as deliveries
from notifications.deliveries.models import Delivery, Notification
from notifications.fanout import read_changes
from notifications.follows import event_registrations
from notifications.follows import services as follows
from notifications.follows.models import FcmSubscription
from notifications.messages import push_wording
from tests.builders import (
    a_device,
    a_follower,
    a_member_of_staff,
    a_planned_event,
    an_event,
    end_event,
    former_subscription_table,
    justice,
    land,
    move_event,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def queued_pushes():
    """Where pushes went since the last look, and what they said."""
    while read_changes():
        pass
    sent = [(each.target or each.device_id, each.payload["body"]) for each in Delivery.objects.order_by("pk")]
    Delivery.objects.all().delete()
    return sent


def on(device):
    """The topics of events FCM is to have this device on, without environment and language."""
    names = FcmSubscription.objects.filter(device=device, desired=True, fcm_topic__contains=".sk.")
    also = FcmSubscription.objects.filter(device=device, desired=True, fcm_topic__contains=".nh.")
    return sorted(".".join(name.split(".")[1:-1]) for name in (names | also).values_list("fcm_topic", flat=True))


def inbox(api, device):
    return [(entry["title"], entry["body"]) for entry in api("get", "inbox", device=device).json()["results"]]


def test_from_the_announcement_to_the_calendar_that_says_it_is_cancelled(api):
    follower, unconcerned = a_follower("follower", land()), a_follower("other", justice())
    a, b, c = (a_device(name) for name in "abc")
    event = events.announce(a_planned_event(seats=2))
    when = event.starts_at.strftime("08:00 %d/%m/%Y")
    assert queued_pushes() == [
        (f"local.lv.{land().pk}.sk.vi", f"Toạ đàm: {when}, Hội trường A. Chạm để xem thêm."),
    ]  # fmt: skip
    assert (len(inbox(api, follower)), inbox(api, unconcerned)) == (1, [])

    path = f"events/{event.key}/registration"
    assert [api("put", path, {}, device=each).json()["status"] for each in (a, b, c)] == ["seated", "seated", "waiting"]
    name = f"sk.{event.pk}"
    assert [on(each) for each in (a, b, c)] == [[f"{name}.nh", f"{name}.sk"]] * 2 + [[f"{name}.sk"]]
    api("delete", path, device=a)
    assert queued_pushes() == [(c.pk, "Bạn đã có chỗ. Chạm để xem mã vào cửa; nếu không đến được, xin trả lại chỗ.")]
    assert (on(a), on(c)) == ([], [f"{name}.nh", f"{name}.sk"])
    assert api("get", path, device=c).json()["status"] == "seated"
    assert inbox(api, c)[0][0] == event.title

    before = Calendar.from_ical(api("get", f"events/{event.key}.ics").content).walk("VEVENT")[0]
    event = move_event(event, days=3)
    ((target, said),) = queued_pushes()
    assert target == f"'local.{name}.sk.vi' in topics || 'local.lv.{land().pk}.sk.vi' in topics"
    assert said == f"Đã dời: {event.starts_at:08:00 %d/%m/%Y}, Hội trường A (trước là {when})."
    after = Calendar.from_ical(api("get", f"events/{event.key}.ics").content).walk("VEVENT")[0]
    assert (before["uid"], before["sequence"], after["sequence"]) == (after["uid"], 0, 1)

    old = event.starts_at - datetime.timedelta(days=3)
    assert (events.record_reminders(old - HOUR / 2), queued_pushes()) == (0, [])
    for _ in range(2):  # the worker asks each minute
        events.record_reminders(event.starts_at - HOUR / 2)
    ((target, said),) = queued_pushes()
    assert target == f"local.{name}.nh.vi"  # which b and c are on, once each, and nobody else
    assert said == f"Bắt đầu trong vòng một giờ nữa: {event.starts_at:08:00 %d/%m/%Y}, Hội trường A."
    assert FcmSubscription.objects.filter(fcm_topic=target, desired=True).count() == 2
    assert [len(inbox(api, each)) for each in (follower, a, b, c)] == [2, 0, 2, 3]

    events.cancel(event, reason="Bão số 9")
    ((target, said),) = queued_pushes()
    assert said.endswith("Bão số 9") and said.startswith("Đã huỷ")
    found = Calendar.from_ical(api("get", f"events/{event.key}.ics").content).walk("VEVENT")[0]
    assert (found["status"], found["sequence"], found["uid"]) == ("CANCELLED", 2, before["uid"])
    assert api("get", f"events/{event.key}").json()["cancel_reason"] == "Bão số 9"


def test_followers_of_an_event_hear_what_they_asked_for(api):
    event = an_event()
    every, news = a_device("every"), a_device("news")
    path = f"follows/event/{event.key}"
    assert api("put", path, {}, device=every).status_code == 201
    assert api("put", path, {"kinds": ["event"]}, device=news).status_code == 201
    answer = api("put", path, {"kinds": ["new"]}, device=news)
    assert (answer.status_code, answer.json()["code"]) == (409, "kind_not_available")
    assert (on(every), on(news)) == ([f"sk.{event.pk}.nh", f"sk.{event.pk}.sk"], [f"sk.{event.pk}.sk"])
    events.record_reminders(event.starts_at - HOUR / 2)
    queued_pushes()
    assert (len(inbox(api, every)), inbox(api, news)) == (1, [])
    assert api("put", f"follows/event/{a_planned_event().key}", {}, device=news).status_code == 404


def test_a_topic_is_followed_for_events_and_never_for_reminders(api):
    minh = a_follower("minh", land())
    assert {name.split(".")[-1] for name in on(minh)} == {"sk"}
    with pytest.raises(RuleBroken):
        follows.follow(minh.reader, land(), kinds=["reminder"])
    event = an_event()
    events.record_reminders(event.starts_at - HOUR / 2)
    queued_pushes()
    assert inbox(api, minh) == []


def test_a_recording_is_told_of_and_so_is_a_new_place(api):
    event, minh = an_event(), a_device()
    follows.follow(minh.reader, event)
    move_event(event, place="Hội trường B")
    ((_target, said),) = queued_pushes()
    when = f"{event.starts_at:08:00 %d/%m/%Y}"
    assert said == f"Đổi địa điểm: Hội trường B, vẫn {when}."
    event = move_event(event, place="Hội trường B", ends_at=event.ends_at + HOUR)
    assert [said for _target, said in queued_pushes()] == [
        f"Đổi giờ kết thúc: đến {event.starts_at:11:00 %d/%m/%Y}; vẫn bắt đầu {when}, Hội trường B."
    ]
    event = move_event(event, online_url="https://x.vn/phong")
    assert [said for _target, said in queued_pushes()] == [f"Đổi địa chỉ trực tuyến; vẫn {when}, Hội trường B."]
    events.add_recording(end_event(event), url="https://x.vn/1")
    assert queued_pushes() == [(f"local.sk.{event.pk}.sk.vi", "Đã có bản ghi. Chạm để xem.")]


def test_the_words_in_english_and_for_what_is_only_online():
    john = a_device("john", language="en")
    event = an_event(place="", online_url="https://x.vn/phong")
    follows.follow(john.reader, event)
    events.record_reminders(event.starts_at - HOUR / 2)
    assert queued_pushes() == [
        (f"local.sk.{event.pk}.nh.en", f"Begins within the hour: {event.starts_at:08:00 %d/%m/%Y}, online."),
    ]  # fmt: skip


def test_what_is_said_of_a_time_is_worth_nothing_once_it_has_come():
    event, minh = an_event(), a_device()
    follows.follow(minh.reader, event)
    Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at)
    events.record_reminders(event.starts_at - HOUR / 2)
    read_changes()
    notification = Notification.objects.get()
    assert push_wording.relevant_until(notification.change) == event.starts_at
    assert Delivery.objects.get().expires_at <= event.starts_at


def test_what_is_still_waiting_to_be_sent_when_an_event_moves_is_not_sent_any_more():
    event, minh, hoa = an_event(), a_device(), a_member_of_staff("hoa", "approver")
    follows.follow(minh.reader, event)
    events.record_reminders(event.starts_at - HOUR / 2)
    while read_changes():
        pass
    move_event(event, days=1)
    while read_changes():
        pass
    reminder, moved = Delivery.objects.order_by("pk")
    assert (reminder.status, reminder.error, moved.status) == ("cancelled", "superseded", "queued")
    with pytest.raises(RuleBroken) as refusal:
        deliveries.resend(reminder, by=hoa, reason="x")
    assert refusal.value.code == "superseded"


def test_a_seat_is_news_until_the_event_begins_and_not_once_it_is_cancelled():
    event, first, minh = an_event(in_days=2, seats=1), Reader.objects.create(), a_device()
    for reader in (first, minh.reader):
        event_registrations.register(event, reader)
    event_registrations.unregister(event, first)
    read_changes()
    (seat,) = Delivery.objects.all()
    assert (seat.device, seat.expires_at <= event.starts_at) == (minh, True)
    events.cancel(event, reason="Bão")
    read_changes()
    seat.refresh_from_db()
    assert (seat.status, seat.error) == ("cancelled", "superseded")


def test_who_came_long_ago_is_on_no_topic_any_more():
    minh, event = a_device(), an_event()
    event_registrations.register(event, minh.reader)
    assert on(minh) == [f"sk.{event.pk}.nh", f"sk.{event.pk}.sk"]
    end_event(event)
    events.conclude_ended_events()
    Event.objects.update(ends_at=event.ends_at - datetime.timedelta(days=31),
                         starts_at=event.starts_at - datetime.timedelta(days=31),
                         registration_opens_at=None, registration_closes_at=None)  # fmt: skip
    assert (event_registrations.erase_old_registrations(), event_registrations.erase_old_registrations(), on(minh)) == (
        1,
        0,
        [],
    )
    assert Reader.objects.filter(pk=minh.reader.pk).exists()


def test_who_followed_every_kind_before_there_were_events_hears_of_them_too():
    a_follower("minh", land())
    a_follower("hoa")
    picky = a_device("picky")
    follows.follow(picky.reader, justice(), kinds=["new"])
    wanted = set(FcmSubscription.objects.filter(fcm_topic__endswith=".sk.vi").values_list("device", "fcm_topic"))
    FcmSubscription.objects.filter(fcm_topic__endswith=".sk.vi").delete()
    migration = importlib.import_module("notifications.migrations.0041_every_kind_includes_events")
    with former_subscription_table():
        for _ in range(2):
            migration.subscribe(apps, connection.schema_editor())
    made = set(FcmSubscription.objects.filter(fcm_topic__endswith=".sk.vi").values_list("device", "fcm_topic"))
    assert made == wanted != set()
