"""Playlists and channels: what may be public, slots that never overlap, and who is told."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from content.changes.event_types import EventType
from content.changes.models import Change
from content.channel import queries
from content.channel import services as channels
from content.channel.models import PlaylistItem, Slot
from content.errors import NotAllowed, RuleBroken
from content.media import services as media
from content.vietnam_time import VIETNAM_TIME
from tests.builders import a_member_of_staff
from tests.builders_media import (
    a_channel,
    a_draft_material,
    a_material,
    a_playlist,
    a_publisher,
    a_slot,
    an_author,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def soon(hours=1):
    return timezone.now().replace(microsecond=0) + hours * HOUR


def refused(call, *arguments, **options):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **options)
    return refusal.value.code


def changes_of(row):
    found = Change.objects.filter(subject=row.key).order_by("pk")
    return [(each.event_type, each.notify) for each in found]


def test_a_playlist_keeps_the_order_that_somebody_gave_it():
    one, two = a_material(), a_material()
    playlist = a_playlist(one, two)
    assert [each.material for each in queries.items_of(playlist)] == [one, two]
    channels.save_playlist(playlist, materials=[two, one], is_public=True)
    assert [(each.position, each.material) for each in queries.items_of(playlist)] == [(1, two), (2, one)]


def test_followers_hear_of_added_materials_only():
    one, two = a_material(), a_material()
    playlist = a_playlist(one)
    channels.save_playlist(playlist, materials=[one], is_public=True, title="Tên khác")
    channels.save_playlist(playlist, materials=[one, two], is_public=True)
    assert changes_of(playlist) == [
        (EventType.PLAYLIST_PUBLISHED, False),
        (EventType.PLAYLIST_CHANGED, False),
        (EventType.PLAYLIST_CHANGED, True),
    ]
    assert Change.objects.filter(subject=playlist.key).latest("pk").facts["added"] == [two.key]


def test_what_a_playlist_refuses():
    one, draft = a_material(), a_draft_material()
    assert refused(a_playlist, one, one) == "material_twice"
    assert refused(a_playlist, draft) == "material_not_public"
    assert refused(channels.save_playlist, materials=[], is_public=True, title="Trống") == "empty_playlist"
    assert refused(channels.save_playlist, materials=[], is_public=False, title=" ") == "blank"
    playlist = a_channel(one).filler
    assert refused(channels.save_playlist, playlist, materials=[one], is_public=False) == "playlist_in_use"
    seen = queries.playlist_fingerprint(playlist)
    channels.save_playlist(playlist, materials=[one], is_public=True, title="Mới")
    assert refused(channels.save_playlist, playlist, materials=[one], is_public=True, seen=seen) == "changed_meanwhile"


def test_a_withdrawn_material_leaves_playlist_and_channel():
    one, two = a_material(), a_material()
    channel = a_channel(one, two)
    media.withdraw_material(one, by=a_publisher(), reason="Nhầm")
    assert [each.material for each in queries.items_of(channel.filler)] == [two]
    aired = queries.on_air(channel, timezone.now())
    assert [each.clip.key for each in aired.airings] == [two.key, two.key]


def test_a_public_channel_needs_something_to_play():
    video = a_draft_material("video", external_url="https://youtu.be/abc", transcript="Xin chào.")
    media.submit_material(video, by=an_author())
    elsewhere = media.publish_material(video, by=a_publisher())
    assert refused(a_channel, elsewhere) == "nothing_to_play"
    hidden = a_playlist(is_public=False)
    assert refused(channels.save_channel, filler=hidden, is_public=True, title="Kênh") == "playlist_not_public"
    assert channels.save_channel(filler=hidden, is_public=False, title="Kênh").published_at is None


def test_slots_of_a_channel_never_overlap():
    channel, start = a_channel(), soon()
    first = a_slot(channel, start)
    assert refused(a_slot, channel, start + HOUR) == "slot_overlaps"
    a_slot(channel, start + 2 * HOUR)  # the end is not part of a slot
    a_slot(a_channel(), start)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(channel=channel, during=(start, start + HOUR), title="Khác", live_url="https://a.example")
    channels.remove_slot(first)
    channels.remove_slot(first)
    a_slot(channel, start + HOUR, ends_at=start + 2 * HOUR)


def test_what_a_slot_refuses():
    channel, material = a_channel(), a_material()
    picture, draft = a_material("infographic"), a_draft_material()
    plan = channels.plan_slot
    live = {"live_url": "https://example.com/", "title": "Trực tiếp"}
    assert refused(plan, channel, starts_at=soon()) == "material_or_address"
    assert refused(plan, channel, starts_at=soon(), material=material, live_url="https://a.example") == (
        "material_or_address"
    )
    assert refused(plan, channel, starts_at=soon(-1), material=material) == "slot_in_the_past"
    assert refused(plan, channel, starts_at=soon(24 * 400), material=material) == "slot_too_far"
    assert refused(plan, channel, starts_at=soon(), material=picture) == "end_required"
    assert refused(plan, channel, starts_at=soon(), material=draft) == "material_not_public"
    assert refused(plan, channel, starts_at=soon(), **live) == "end_required"
    assert refused(plan, channel, starts_at=soon(2), ends_at=soon(1), **live) == "ends_before_start"
    assert refused(plan, channel, starts_at=soon(), ends_at=soon(30), **live) == "slot_too_long"
    assert refused(plan, channel, starts_at=soon(), ends_at=soon(2), **live | {"live_url": "javascript:1"}) == (
        "invalid_url"
    )
    assert Slot.objects.count() == 0


def test_a_slot_lasts_as_long_as_its_recording():
    slot = a_slot(a_channel(), soon(), material=a_material())
    assert slot.during.upper - slot.during.lower == datetime.timedelta(seconds=12)


def test_a_slot_over_midnight_is_on_the_air_on_both_days():
    channel = a_channel()
    tomorrow = timezone.localtime(soon(24), VIETNAM_TIME).replace(hour=23, minute=0, second=0)
    slot = a_slot(channel, tomorrow)
    for moment in (tomorrow, tomorrow + HOUR - datetime.timedelta(seconds=1), tomorrow + 1.5 * HOUR):
        (first, _next) = queries.on_air(channel, moment).airings
        assert (first.slot, first.starts_at, first.ends_at) == (slot.key, tomorrow, tomorrow + 2 * HOUR)
    assert queries.on_air(channel, tomorrow + 2 * HOUR).airings[0].slot == ""


def test_a_slot_with_a_withdrawn_material_is_skipped_and_the_playlist_plays():
    one, two = a_material(), a_material()
    channel, start = a_channel(one), soon()
    slot = a_slot(channel, start, material=two)
    assert queries.on_air(channel, start).airings[0].slot == slot.key
    media.withdraw_material(two, by=a_publisher(), reason="Nhầm")
    assert next((each.clip.key, each.slot) for each in queries.on_air(channel, start).airings) == (one.key, "")


def test_a_live_start_is_recorded_once_for_public_channels():
    channel, start = a_channel(), soon()
    a_slot(channel, start)
    hidden = a_channel(is_public=False)
    a_slot(hidden, start)
    assert channels.record_live_starts(start - HOUR) == 0
    assert channels.record_live_starts(start + datetime.timedelta(seconds=30)) == 1
    assert channels.record_live_starts(start + datetime.timedelta(seconds=90)) == 0
    assert changes_of(channel)[-1] == (EventType.CHANNEL_STARTS_LIVE, True)
    assert changes_of(hidden) == []


def test_a_live_start_that_was_missed_for_long_is_no_news():
    channel, start = a_channel(), soon()
    a_slot(channel, start)
    assert channels.record_live_starts(start + datetime.timedelta(minutes=31)) == 0


def test_a_change_of_the_schedule_is_recorded_with_its_times():
    channel, start = a_channel(), soon()
    slot = a_slot(channel, start)
    channels.remove_slot(slot)
    planned, removed = Change.objects.filter(event_type=EventType.CHANNEL_SCHEDULED, facts__has_key="slot").order_by(
        "pk"
    )
    assert planned.facts["starts_at"] == removed.facts["starts_at"] == slot.during.lower.isoformat()
    assert (planned.facts.get("is_removed"), removed.facts["is_removed"]) == (None, True)


def test_who_may_not_changes_nothing():
    channel, answerer = a_channel(), a_member_of_staff("minh-answers", "answerer")
    with pytest.raises(NotAllowed):
        a_playlist(by=answerer)
    with pytest.raises(NotAllowed):
        channels.plan_slot(channel, starts_at=soon(), material=a_material(), by=an_author())
    with pytest.raises(NotAllowed):
        channels.save_channel(channel, filler=channel.filler, is_public=False, by=an_author())
    assert Slot.objects.count() == 0 and PlaylistItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_plan_the_same_hour_one_wins():
    channel, start = a_channel(), soon()
    outcomes = []

    def plan():
        try:
            outcomes.append(a_slot(channel, start).key)
        except RuleBroken as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    both = [threading.Thread(target=plan) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert outcomes.count("slot_overlaps") == 1
    assert Slot.objects.count() == 1
