"""Moves the followers of a province that was redrawn to the one that continues it, and tells each of them once."""

import datetime
import logging
import uuid

from django.db import DatabaseError, transaction
from django.utils import timezone

from content.changes import event_types
from content.changes import services as changes
from content.errors import RuleBroken
from content.organisations.models import Province
from content.organisations.queries import latest_successor
from content.people.models import Reader
from notifications.devices import services as devices
from notifications.follows.models import Follow, FormerProvince
from notifications.follows.services import update_desired_subscriptions

log = logging.getLogger(__name__)


def move_followers(limit: int = 1_000) -> int:
    """Move up to `limit` readers. Returns how many. Each is a transaction of its own; a repeat moves nobody again."""
    follows = Follow.objects.filter(province__successor__isnull=False)
    readers = follows.order_by("reader").values_list("reader", flat=True).distinct()[:limit]
    return sum(_moved_or_logged(pk) for pk in list(readers))


def _moved_or_logged(pk: uuid.UUID) -> bool:
    """One reader who cannot be moved holds up nobody else, and is tried again."""
    try:
        return _move(pk)
    except (RuleBroken, DatabaseError):
        log.exception("follows_of_redrawn_provinces_not_moved")
        return False


@transaction.atomic
def _move(pk: uuid.UUID) -> bool:
    """Whether the reader still followed a former province. Kinds of two that became one are put together."""
    reader = Reader.objects.filter(pk=pk).first()
    if reader is None:
        return False
    devices.lock_reader(reader)
    former = list(reader.follows.filter(province__successor__isnull=False).select_related("province").order_by("pk"))
    moved: dict[Province, list[str]] = {}
    for follow in former:
        if follow.province:
            moved.setdefault(latest_successor(follow.province), []).append(follow.province.key)
            _move_follow(follow, latest_successor(follow.province))
    for province, keys in moved.items():
        facts = {"title": province.name, "on": str(province.valid_from), "merged": keys}
        changes.record_change(
            event_types.PROVINCE_REDRAWN, province.key, nature=event_types.LEGAL, reader=reader, facts=facts
        )
    if moved:
        update_desired_subscriptions(reader)
    return bool(moved)


def _move_follow(follow: Follow, province: Province) -> None:
    """The successor counts from now. What was followed before, since when and of which kinds, is remembered."""
    there = Follow.objects.filter(reader=follow.reader, province=province).first()
    kept, now = there or follow, timezone.now()
    if there and there.kinds != follow.kinds:  # the kinds of the other count from now too
        _remember(there, there, now)
        there.kinds = sorted({*there.kinds, *follow.kinds}) if there.kinds and follow.kinds else []
        there.moved_at = now
        there.save(update_fields=["kinds", "moved_at"])
    _remember(follow, kept, now)
    if there:
        follow.former_provinces.update(follow=there)
        follow.delete()
        return
    follow.province, follow.moved_at = province, now
    follow.save(update_fields=["province", "moved_at"])


def _remember(follow: Follow, kept: Follow, until: datetime.datetime) -> None:
    FormerProvince.objects.create(
        follow=kept, province_id=follow.target_id, kinds=follow.kinds, since=follow.since, until=until
    )
