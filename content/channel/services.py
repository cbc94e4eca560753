"""Write playlists and channels, plan what is on the air, and tell that something starts live."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.channel import policy, queries
from content.channel.models import Channel, Listed, Playlist, PlaylistItem, Slot
from content.errors import RuleBroken
from content.media.addresses import external_video
from content.media.models import SUMMARY_LENGTH, TITLE_LENGTH, Material
from content.people import services as people
from content.people import text_input
from content.people.models import User

MAX_ITEMS = 500
MAX_SLOT = datetime.timedelta(days=1)
MAX_AHEAD = datetime.timedelta(days=366)
LIVE_NEWS_FOR = datetime.timedelta(minutes=30)  # a start that was missed for longer is no news
MAX_TOLD = 100  # starts recorded in one run


@transaction.atomic
def save_playlist(
    playlist: Playlist | None = None,
    *,
    materials: Sequence[Material],
    is_public: bool,
    by: User | None = None,
    notify: bool = True,
    seen: str = "",
    **columns: Any,
) -> Playlist:
    """Write a playlist, or change it: `materials` in order, `columns` of Playlist. Returns it.

    Followers hear of public materials that were added. `seen`: the `queries.playlist_fingerprint` of what the person
    read; empty: not asked. Raises RuleBroken: "empty_playlist" (a public one needs a public material),
    "playlist_in_use" (a public channel is filled by it), "material_twice", "too_many_materials", "material_not_public",
    "changed_meanwhile", what `text_input.clean_line` raises; NotAllowed("not_allowed").
    """
    playlist = Playlist.objects.select_for_update(no_key=True).get(pk=playlist.pk) if playlist else Playlist()
    policy.require_playlists(by, is_public=is_public or playlist.is_public)
    if seen and queries.playlist_fingerprint(playlist) != seen:
        raise _changed_meanwhile()
    before = set(playlist.items.values_list("material_id", flat=True)) if playlist.pk else set()
    _require_materials(materials, before)
    was_public = playlist.is_public
    if was_public and not is_public and Channel.objects.filter(filler=playlist, published_at__isnull=False).exists():
        message = _("A public channel is filled by this playlist. Give the channel another playlist first.")
        raise RuleBroken("playlist_in_use", message, field="is_public")
    _set_columns(playlist, columns, is_public=is_public)
    playlist.save()
    playlist.items.all().delete()
    PlaylistItem.objects.bulk_create(
        PlaylistItem(playlist=playlist, material=each, position=position) for position, each in enumerate(materials, 1)
    )
    if is_public and not queries.items_of(playlist):
        raise RuleBroken("empty_playlist", _("Add a published material first."), field="materials")
    people.audit("playlist.saved", playlist.key, by=by, materials=len(materials), is_public=is_public)
    _record_playlist(playlist, was_public, [each for each in materials if each.pk not in before], notify=notify)
    return playlist


def _require_materials(materials: Sequence[Material], before: set[int]) -> None:
    if len(materials) > MAX_ITEMS:
        message = _("A playlist has at most %d materials.") % MAX_ITEMS
        raise RuleBroken("too_many_materials", message, field="materials")
    if len({each.pk for each in materials}) < len(materials):
        raise RuleBroken("material_twice", _("A material is in the playlist twice."), field="materials")
    for each in materials:
        if each.pk not in before and not each.is_public:
            message = _("%s is not public. Publish the material first.") % each.key
            raise RuleBroken("material_not_public", message, field="materials")


def _record_playlist(playlist: Playlist, was_public: bool, added: Sequence[Material], *, notify: bool) -> None:
    facts: dict[str, Any] = {"title": playlist.title, "is_sample": playlist.is_sample}
    if was_public and not playlist.is_public:
        _record(playlist, EventType.PLAYLIST_WITHDRAWN, facts, nature=Nature.WITHDRAWAL)
    elif playlist.is_public:
        event_type = EventType.PLAYLIST_CHANGED if was_public else EventType.PLAYLIST_PUBLISHED
        facts |= {"added": [each.key for each in added]} if was_public else {}
        _record(playlist, event_type, facts, notify=notify and was_public and bool(added))


@transaction.atomic
def save_channel(
    channel: Channel | None = None,
    *,
    filler: Playlist,
    is_public: bool,
    by: User | None = None,
    seen: str = "",
    **columns: Any,
) -> Channel:
    """Write a channel, or change it. `filler` plays in the gaps between the slots. Returns the channel.

    Raises RuleBroken: "playlist_not_public", "nothing_to_play" (a public channel needs a playlist with a picture or a
    recording that is here), "changed_meanwhile", what `text_input.clean_line` raises; NotAllowed("not_allowed").
    """
    policy.require_channels(by)
    channel = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk) if channel else Channel()
    if seen and queries.channel_fingerprint(channel) != seen:
        raise _changed_meanwhile()
    filler = Playlist.objects.select_for_update(no_key=True).get(pk=filler.pk)  # nobody hides it meanwhile
    was_public = channel.is_public
    channel.filler = filler
    _set_columns(channel, columns, is_public=is_public)
    if is_public:
        _require_filler(filler)
    channel.save()
    people.audit("channel.saved", channel.key, by=by, filler=filler.key, is_public=is_public)
    facts = {"title": channel.title, "is_sample": channel.is_sample}
    if is_public:
        _record(channel, EventType.CHANNEL_SCHEDULED, facts)
    elif was_public:
        _record(channel, EventType.CHANNEL_WITHDRAWN, facts, nature=Nature.WITHDRAWAL)
    return channel


def _require_filler(filler: Playlist) -> None:
    if not filler.is_public:
        raise RuleBroken("playlist_not_public", _("Make the playlist public first."), field="filler")
    if not queries.clips_of(filler):
        message = _("The playlist has no picture and no recording that can be played here.")
        raise RuleBroken("nothing_to_play", message, field="filler")


@transaction.atomic
def plan_slot(
    channel: Channel,
    *,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime | None = None,
    material: Material | None = None,
    live_url: str = "",
    title: str = "",
    by: User | None = None,
) -> Slot:
    """Put a material, or what is live at an address with its title, on the air. Returns the slot.

    Without `ends_at` it lasts as long as the recording. Raises RuleBroken: "slot_overlaps", "slot_in_the_past",
    "ends_before_start", "slot_too_long" (a day), "slot_too_far" (a year), "end_required", "material_or_address",
    "material_not_public", "nothing_to_play", "invalid_url", what `text_input.clean_line` raises;
    NotAllowed("not_allowed").
    """
    policy.require_channels(by)
    channel = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)  # two slots are planned in turn
    slot = Slot(channel=channel, material=material)
    if bool(material) == bool(live_url):
        message = _("Choose a material, or enter the address and title of what is live.")
        raise RuleBroken("material_or_address", message, field="material")
    if material:
        _require_playable(material)
        ends_at = ends_at or _end_of(material, starts_at)
    else:
        slot.live_url = _live_address(live_url)
        slot.title = text_input.clean_line(title, "title", max_length=TITLE_LENGTH)
    _require_times(starts_at, ends_at)
    slot.during = (starts_at, ends_at)
    if Slot.objects.filter(channel=channel, during__overlap=slot.during).exists():
        message = _("Another slot is at this time. Remove it first, or choose another time.")
        raise RuleBroken("slot_overlaps", message, field="starts_at")
    slot.save()
    slot.refresh_from_db()  # `during` as a range
    _note_slot(slot, "channel.slot_planned", by)
    return slot


@transaction.atomic
def remove_slot(slot: Slot, *, by: User | None = None) -> None:
    """Take a slot out of the schedule: the filling playlist takes its time. What is over stays.

    Raises RuleBroken("slot_in_the_past"), NotAllowed("not_allowed"). A repeat is a no-op.
    """
    policy.require_channels(by)
    Channel.objects.select_for_update(no_key=True).get(pk=slot.channel_id)
    found = Slot.objects.select_related("channel").filter(pk=slot.pk).first()
    if found is None:
        return
    if found.during.upper <= timezone.now():
        raise RuleBroken("slot_in_the_past", _("This slot is over. It stays in the schedule."))
    _note_slot(found, "channel.slot_removed", by, is_removed=True)
    found.delete()


def record_live_starts(now: datetime.datetime | None = None) -> int:
    """Record which live slots of public channels have begun, once each. Returns how many. Missed for long: nothing."""
    now = now or timezone.now()
    due = Slot.objects.filter(
        told_at=None,
        material=None,
        channel__published_at__isnull=False,
        during__startswith__lte=now,
        during__startswith__gt=now - LIVE_NEWS_FOR,
        during__endswith__gt=now,
    ).order_by("pk")
    return sum(_record_live_start(pk, now) for pk in due.values_list("pk", flat=True)[:MAX_TOLD])


@transaction.atomic
def _record_live_start(pk: int, now: datetime.datetime) -> bool:
    locked = Slot.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    slot = locked.select_related("channel").filter(pk=pk, told_at=None).first()
    if slot is None:
        return False
    slot.told_at = now
    slot.save(update_fields=["told_at"])
    _record(slot.channel, EventType.CHANNEL_STARTS_LIVE, _facts_of(slot) | {"live": slot.title}, notify=True)
    return True


def _note_slot(slot: Slot, action: str, by: User | None, **facts: Any) -> None:
    facts = _facts_of(slot) | facts
    people.audit(action, slot.channel.key, by=by, **facts)
    slot.channel.changed_at = timezone.now()
    slot.channel.save(update_fields=["changed_at"])
    if slot.channel.is_public:
        _record(slot.channel, EventType.CHANNEL_SCHEDULED, {"title": slot.channel.title} | facts)


def _facts_of(slot: Slot) -> dict[str, Any]:
    material = slot.material.key if slot.material else ""
    times = {"starts_at": slot.during.lower.isoformat(), "ends_at": slot.during.upper.isoformat()}
    return {"title": slot.channel.title, "slot": slot.key, "material": material} | times


def _record(
    row: Playlist | Channel,
    event_type: EventType,
    facts: dict[str, Any],
    *,
    nature: Nature = Nature.EDITORIAL,
    notify: bool = False,
) -> None:
    organisation = row.organisation.key if row.organisation else ""
    changes.record_change(event_type, row.key, nature=nature, notify=notify, organisation=organisation, facts=facts)


def _set_columns(row: Listed, columns: dict[str, Any], *, is_public: bool) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.title = text_input.clean_line(row.title, "title", max_length=TITLE_LENGTH)
    summary = row.summary.replace("\r\n", "\n")
    row.summary = summary.strip() and text_input.clean_text(summary, "summary", max_length=SUMMARY_LENGTH)
    row.changed_at = timezone.now()
    row.published_at = (row.published_at or row.changed_at) if is_public else None


def _require_playable(material: Material) -> None:
    if not material.is_public:
        message = _("%s is not public. Publish the material first.") % material.key
        raise RuleBroken("material_not_public", message, field="material")
    if queries.clip_of(material) is None:
        message = _("This material cannot be played here. Choose a picture or a recording.")
        raise RuleBroken("nothing_to_play", message, field="material")


def _end_of(material: Material, starts_at: datetime.datetime) -> datetime.datetime:
    length = queries.length_of(material)
    if not length:
        raise RuleBroken("end_required", _("Enter the end: this material has no length."), field="ends_at")
    return starts_at + datetime.timedelta(seconds=length)


def _live_address(text: str) -> str:
    try:
        return external_video(text).url
    except RuleBroken as refusal:
        raise RuleBroken(refusal.code, refusal.message, field="live_url") from refusal


def _require_times(starts_at: datetime.datetime, ends_at: datetime.datetime | None) -> None:
    if ends_at is None:
        raise RuleBroken("end_required", _("Enter the end of what is live."), field="ends_at")
    if ends_at <= starts_at:
        raise RuleBroken("ends_before_start", _("The end must be later than the start."), field="ends_at")
    if ends_at - starts_at > MAX_SLOT:
        raise RuleBroken("slot_too_long", _("A slot lasts at most one day."), field="ends_at")
    now = timezone.now()
    if starts_at < now - datetime.timedelta(minutes=1):
        raise RuleBroken("slot_in_the_past", _("This time is over. Choose a later one."), field="starts_at")
    if starts_at - now > MAX_AHEAD:
        raise RuleBroken("slot_too_far", _("Plan at most one year ahead."), field="starts_at")


def _changed_meanwhile() -> RuleBroken:
    return RuleBroken("changed_meanwhile", _("This changed while you were reading. Read it again."))
