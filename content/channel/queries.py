"""Which playlists and channels there are, and what a channel plays."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from content.channel import programme
from content.channel.models import Channel, Playlist, PlaylistItem, Slot
from content.channel.programme import STILL_SECONDS, Airing, Booking, Clip
from content.media import queries as media
from content.media.choices import FileRole, MaterialKind
from content.media.models import Material, MaterialFile
from content.media.states import PUBLIC_STATUSES
from content.stored_files.file_types import AUDIO, PICTURES, VIDEO

MAX_AHEAD = datetime.timedelta(days=2)  # what `now` looks at: no slot is longer than a day
AIRED_AT_ONCE = 2  # what is on the air, and the next


def public_playlists() -> QuerySet[Playlist]:
    """The public playlists, the newest first."""
    return Playlist.objects.filter(published_at__isnull=False).select_related("organisation").order_by("-pk")


def public_channels() -> QuerySet[Channel]:
    """The public channels, the newest first."""
    return Channel.objects.filter(published_at__isnull=False).select_related("organisation", "filler").order_by("-pk")


def staff_playlists() -> QuerySet[Playlist]:
    return Playlist.objects.select_related("organisation").order_by("-pk")


def staff_channels() -> QuerySet[Channel]:
    return Channel.objects.select_related("organisation", "filler").order_by("-pk")


def items_of(playlist: Playlist) -> list[PlaylistItem]:
    """The items whose materials are public, in order, each with its material as lists show it.

    Long texts stay in the database; `has_transcript` of a material says whether it has one.
    """
    rows = media.listed_materials().annotate(has_transcript=~Q(transcript=""))
    public = Prefetch("material", rows)
    items = PlaylistItem.objects.filter(playlist=playlist, material__status__in=PUBLIC_STATUSES)
    return list(items.order_by("position").prefetch_related(public))


def clips_of(playlist: Playlist) -> list[Clip]:
    """What of the playlist a channel can play, in order. One query."""
    items = PlaylistItem.objects.filter(playlist=playlist, material__status__in=PUBLIC_STATUSES).order_by("position")
    rows = items.annotate(main_type=_main_type_of("material")).values_list(
        "material__key", "material__seconds", "main_type"
    )
    return [clip for clip in (_clip(*row) for row in rows) if clip]


def slots_between(channel: Channel, start: datetime.datetime, end: datetime.datetime) -> QuerySet[Slot]:
    """The slots that touch [start, end), in order, each with its material and `main_type`."""
    slots = Slot.objects.filter(channel=channel, during__overlap=(start, end)).annotate(
        main_type=_main_type_of("material")
    )
    return (
        slots.select_related("material").defer(*(f"material__{name}" for name in media.LONG_COLUMNS)).order_by("during")
    )


@dataclass(frozen=True)
class ChannelContent:
    """What decides what a channel plays: its slots of two days, by key, and the playlist that fills the gaps."""

    slots: Mapping[str, Slot]
    bookings: list[Booking]
    clips: list[Clip]
    epoch: datetime.datetime

    def airings(self, moment: datetime.datetime) -> list[Airing]:
        """What is on the air at `moment`, and the next."""
        return programme.airings(self.bookings, self.clips, self.epoch, moment, AIRED_AT_ONCE)


@dataclass(frozen=True)
class OnAir:
    """What is on the air at `moment`, and what comes next. `materials` and `slots`, by key: what both name."""

    moment: datetime.datetime
    airings: list[Airing]
    materials: Mapping[str, Any]
    slots: Mapping[str, Slot]

    @property
    def named(self) -> list[Airing]:
        """The airings without those whose material was withdrawn since they were looked up."""
        return [each for each in self.airings if each.clip is None or each.clip.key in self.materials]


def on_air(channel: Channel, moment: datetime.datetime) -> OnAir:
    """What the channel plays at `moment`. A material that was withdrawn is skipped."""
    read = content_of(channel, moment)
    aired = read.airings(moment)
    keys = {airing.clip.key for airing in aired if airing.clip}
    materials = {each.key: each for each in media.listed_materials().filter(key__in=keys)} if keys else {}
    return OnAir(moment, aired, materials, read.slots)


def content_of(channel: Channel, moment: datetime.datetime) -> ChannelContent:
    """What decides what the channel plays from `moment` on, for a day at least. Two queries."""
    slots = {slot.key: slot for slot in slots_between(channel, moment, moment + MAX_AHEAD)}
    return ChannelContent(slots, [booking_of(slot) for slot in slots.values()], clips_of(channel.filler), channel.epoch)


def public_material_of(slot: Slot) -> Material | None:
    """The material of a slot, None when it is live or the material is not public any more."""
    return slot.material if slot.material and slot.material.is_public else None


def is_shown(slot: Slot) -> bool:
    """Whether the schedule names the slot: not while its material is withdrawn."""
    return bool(slot.live_url) or public_material_of(slot) is not None


def booking_of(slot: Slot) -> Booking:
    """A slot from `slots_between` for `programme`. A material that is not public leaves a gap."""
    material = public_material_of(slot)
    main_type = slot.main_type or ""  # type: ignore[attr-defined]  # annotated
    clip = _clip(material.key, material.seconds, main_type) if material else None
    is_still = main_type in PICTURES
    return Booking(slot.key, slot.during.lower, slot.during.upper, clip, bool(slot.live_url), is_still)


def clip_of(material: Material) -> Clip | None:
    """The material as a channel plays it; None for a file that nothing plays, or what is on another site."""
    main = material.files.filter(role=FileRole.MAIN).values_list("stored__media_type", flat=True).first()
    return _clip(material.key, material.seconds, main or "")


def length_of(material: Material) -> int:
    """Length in seconds of a recording, 0 of all else."""
    return (material.seconds or 0) if material.kind in (MaterialKind.AUDIO, MaterialKind.VIDEO) else 0


def _clip(key: str, seconds: int | None, main_type: str | None) -> Clip | None:
    if main_type in (*AUDIO, *VIDEO):
        return Clip(key, seconds) if seconds else None
    return Clip(key, STILL_SECONDS) if main_type in PICTURES else None


def _main_type_of(material: str) -> Subquery:
    """The media type of the main file of the material in that column."""
    main = MaterialFile.objects.filter(material=OuterRef(material), role=FileRole.MAIN)
    return Subquery(main.values("stored__media_type")[:1])


def playlists_with(material_key: str) -> QuerySet[Playlist]:
    """The public playlists that have the material of that key."""
    return public_playlists().filter(items__material__key=material_key)


def playlists_changed_at(keys: Iterable[str]) -> dict[str, datetime.datetime]:
    """{key: when it was last written} of those of these playlists that are public."""
    return dict(public_playlists().filter(key__in=keys).values_list("key", "changed_at"))


def channels_changed_at(keys: Iterable[str]) -> dict[str, datetime.datetime]:
    """{key: when it was last written} of those of these channels that are public."""
    return dict(public_channels().filter(key__in=keys).values_list("key", "changed_at"))


def playlist_titles_by_key(keys: Iterable[str]) -> dict[str, str]:
    """{key: title} of those of these playlists that are public."""
    return dict(public_playlists().filter(key__in=keys).values_list("key", "title"))


def channel_titles_by_key(keys: Iterable[str]) -> dict[str, str]:
    """{key: title} of those of these channels that are public."""
    return dict(public_channels().filter(key__in=keys).values_list("key", "title"))


def playlist_fingerprint(playlist: Playlist) -> str:
    """A fingerprint of a playlist with its items. Staff edits change it."""
    items = list(playlist.items.order_by("position").values_list("material_id"))
    values = [playlist.title, playlist.summary, playlist.language, playlist.organisation_id, playlist.published_at]
    return hashlib.sha256(json.dumps([values, items], default=str).encode()).hexdigest()


def channel_fingerprint(channel: Channel) -> str:
    """A fingerprint of a channel without its slots. Staff edits change it."""
    values = [channel.title, channel.summary, channel.language, channel.organisation_id, channel.filler_id]
    return hashlib.sha256(json.dumps([*values, channel.published_at], default=str).encode()).hexdigest()
