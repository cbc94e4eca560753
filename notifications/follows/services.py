"""Follow and unfollow, and what it means for the FCM topics of a reader's devices. `reconciliation` then calls FCM."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _

from content.changes.services import defer_job
from content.errors import RuleBroken
from content.people.models import Reader
from content.topics.models import Topic
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.follows import fcm_topics, sql
from notifications.follows.models import UNSETTLED, FcmSubscription, Follow, FollowTarget
from notifications.follows.queries import ENTRANT_TYPES, entered_contests, registered_events

MAX_FOLLOWS = 300  # of a reader
MAX_SUBSCRIPTIONS = 1_900  # of a device; FCM allows 2,000 topics to an app instance
LANGUAGES: list[str] = Device.Language.values
RECONCILE_TASK = "follows.reconcile"
# Start-time fair queueing: turns of one device are this far apart, and FCM is called in the order of the turns. Nobody
# waits for a turn while FCM could be called. So somebody's one follow passes the thousands of calls that another device
# asked for before. All devices get equal shares as long as fewer than 2,800 ask for more (280 calls a second).
TURN_INTERVAL = datetime.timedelta(seconds=10)


@dataclass(frozen=True)
class _DesiredTopic:
    """An FCM topic that a reader's devices should be on, without its language."""

    target_name: str
    target_id: int
    notification_type: str

    def in_language(self, language: str) -> str:
        return fcm_topics.fcm_topic(self.target_name, self.target_id, self.notification_type, language)


def follow(
    reader: Reader,
    target: FollowTarget,
    *,
    kinds: Iterable[str] = (),
    frequency: str = Follow.Frequency.INSTANT,
    known: sql.AskedFollow | None = None,
) -> tuple[Follow, bool]:
    """Notify this reader about a topic with everything under it, or about one of the other targets.

    Returns (follow, created). Repeating it changes nothing, and waits for nothing. `kinds` are NotificationTypes; empty
    means all of them, those of later versions too. `known`: what was just read of this follow. Raises RuleBroken, and
    changes nothing: "too_many_follows" and "too_many_subscriptions" at the limits, "kind_not_available" for a type that
    does not exist for this target.
    """
    name = target_field(target)
    chosen = _available_kinds(name, kinds)
    same = known.follow if known else sql.follow_of(reader, name, target.pk)
    if same and (same.kinds, same.frequency) == (chosen, frequency):
        setattr(same, name, target)
        return same, False
    return _create_or_change(reader, name, target, {"kinds": chosen, "frequency": frequency})


def _available_kinds(target_name: str, kinds: Iterable[str]) -> list[str]:
    chosen = sorted(set(kinds))
    if unavailable := sorted(set(chosen) - set(Follow.KINDS[target_name])):
        available = ", ".join(Follow.KINDS[target_name])
        message = _("Not available for this target: %(kinds)s. Choose from: %(available)s.")
        values = {"kinds": ", ".join(unavailable), "available": available}
        raise RuleBroken("kind_not_available", message % values, field="kinds")
    return chosen


@transaction.atomic
def _create_or_change(reader: Reader, name: str, target: FollowTarget, columns: dict[str, Any]) -> tuple[Follow, bool]:
    """Write a follow as it is not yet, unless another request did meanwhile. See `follow`.

    It only adds topics to those of before; see wrong_subscriptions.py.
    """
    devices.lock_reader(reader)
    follow = Follow(reader=reader, **{name: target}, **columns)
    result = sql.create(
        follow,
        [(topic.in_language(language), language) for topic in _topics_of_follows([follow]) for language in LANGUAGES],
        most_follows=MAX_FOLLOWS,
        most_subscriptions=MAX_SUBSCRIPTIONS,
        interval=TURN_INTERVAL,
        job=RECONCILE_TASK,
    )
    if result.existing:
        return _change(reader.follows.get(pk=result.existing), name, target, columns), False
    if result.follows >= MAX_FOLLOWS:
        message = _("You already follow the maximum of %d items. Unfollow one first.")
        raise RuleBroken("too_many_follows", message % MAX_FOLLOWS)
    if result.follow is None:  # a device has too many topics: perhaps some that nothing asks for any more
        follow.save()
        _update_desired_subscriptions(reader)
        return follow, True
    return result.follow, True


def _change(follow: Follow, name: str, target: FollowTarget, columns: dict[str, Any]) -> Follow:
    for column, value in ({name: target} | columns).items():
        setattr(follow, column, value)
    follow.save(update_fields=list(columns))
    _update_desired_subscriptions(follow.reader)
    return follow


@transaction.atomic
def unfollow(reader: Reader, target: FollowTarget) -> None:
    """Stop notifying this reader about the target. Changes nothing if they do not follow it."""
    devices.lock_reader(reader)
    reader.follows.filter(**{target_field(target): target}).delete()
    update_desired_subscriptions(reader)


def target_field(target: FollowTarget) -> str:
    """The column of Follow for such a target: "topic", "document", "article" …"""
    return next(name for name, model in Follow.target_models().items() if isinstance(target, model))


@transaction.atomic
def register_device(installation_key: str, *, caller: Device | None, **columns: str) -> tuple[Device, str | None]:
    """Register a device, see devices.services.register, and subscribe it to its reader's topics.

    Returns (device, its secret if it is new).
    """
    registered = devices.register(installation_key, caller=caller, **columns)
    device = registered.device
    if registered.replaced:
        # FCM forgets the topics of a registration that was replaced: all are asked for anew below, in turns
        device.subscriptions.update(desired=False, actual=False)
    if registered.taken_from:
        _inherit_subscriptions(registered.taken_from, device)
    if registered.changed:
        update_desired_subscriptions(device.reader)
    return device, registered.secret


@transaction.atomic
def forget_device(device: Device) -> None:
    """Forget a device, see devices.services.forget_device, and unsubscribe its registration from every topic."""
    devices.lock_reader(device.reader)  # before the rows below, as everywhere
    queued = device.deliveries.select_for_update().order_by("pk").values_list("pk", flat=True)  # as the fan-out cancels
    device.deliveries.filter(pk__in=list(queued)).delete()  # they belong to its former reader
    devices.forget_device(device)
    _ask_for(device, dict.fromkeys(device.subscriptions.values_list("fcm_topic", flat=True), False))
    defer_job(RECONCILE_TASK)


@transaction.atomic
def erase_reader(reader: Reader) -> None:
    """Delete a reader with everything they own, and unsubscribe their devices from every topic.

    Of published questions the redacted copy stays. Nobody can find out any more who asked them.
    """
    for device in list(reader.devices.order_by("pk")):
        forget_device(device)
    devices.erase_reader(reader)


@transaction.atomic
def delete_forgotten_devices() -> int:
    """Delete forgotten devices whose registration FCM has on no topic any more. Returns how many.

    Those that somebody else has locked are left to the next call. Locked in the order of every service: readers,
    devices, then what belongs to them.
    """
    unsettled = FcmSubscription.objects.filter(UNSETTLED, device=OuterRef("pk"), device__registration_id__isnull=False)
    gone = Device.objects.filter(~Exists(unsettled), forgotten_at__isnull=False)
    readers = Reader.objects.filter(devices__in=gone)  # created when the device was forgotten, and nobody's
    locked = list(readers.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    devices_locked = gone.filter(reader__in=locked).select_for_update(skip_locked=True, of=("self",))
    still_gone = list(devices_locked.values_list("reader", flat=True))
    return Reader.objects.filter(pk__in=still_gone).delete()[1].get("notifications.Device", 0)


def _inherit_subscriptions(former: Device, device: Device) -> None:
    """Hand subscriptions over with a registration id.

    FCM stores topics by registration id: those of the former device are now for this device to undo.
    """
    inherited = former.subscriptions.exclude(actual=False)
    first_turn = _first_turn(device)
    FcmSubscription.objects.bulk_create(
        [
            FcmSubscription(
                device=device, fcm_topic=name, desired=False, actual=True, next_try_at=Now(),
                turn_at=first_turn + number * TURN_INTERVAL,
            )
            for number, name in enumerate(inherited.order_by("fcm_topic").values_list("fcm_topic", flat=True))
        ],
        update_conflicts=True,
        unique_fields=["device", "fcm_topic"],
        update_fields=["actual"],
    )  # fmt: skip
    former.subscriptions.update(desired=False, actual=False)  # asked for anew when it registers again


@transaction.atomic
def update_desired_subscriptions(reader: Reader) -> None:
    """Set the desired subscriptions of the reader's devices to what the follows ask for, and queue the calls to FCM."""
    _update_desired_subscriptions(reader)


def _update_desired_subscriptions(reader: Reader) -> None:
    _ask_for_all(_wrong_topics(reader))


def has_wrong_subscriptions(reader: Reader) -> bool:
    """Whether `update_desired_subscriptions` has something to change. Raises RuleBroken as that does."""
    return any(_wrong_topics(reader).values())


def _wrong_topics(reader: Reader) -> dict[Device, dict[str, bool]]:
    """{device: {FCM topic: whether it should be on it}} where that differs from what is desired."""
    desired = _desired_topics(reader)
    changed: dict[Device, dict[str, bool]] = {}
    for device, before in _devices_with_topics(reader):
        names = {topic.in_language(device.language) for topic in desired}
        if len(names) > MAX_SUBSCRIPTIONS:
            message = _("This device has reached Firebase's limit of topics. Unfollow something first.")
            raise RuleBroken("too_many_subscriptions", message)
        changed[device] = {name: name in names for name in names ^ before}
    return changed


def _devices_with_topics(reader: Reader) -> list[tuple[Device, set[str]]]:
    """The devices of a reader that FCM can reach, each with the FCM topics that are desired for it."""
    desired = FcmSubscription.objects.filter(device=OuterRef("pk"), desired=True).values("fcm_topic")
    reachable = reader.devices.filter(registration_id__isnull=False).order_by("pk")
    return [(device, set(device.topics)) for device in reachable.annotate(topics=ArraySubquery(desired))]


def _ask_for_all(changed: dict[Device, dict[str, bool]]) -> None:
    for device, desired_by_topic in changed.items():
        if desired_by_topic:
            _ask_for(device, desired_by_topic)
    if any(changed.values()):
        defer_job(RECONCILE_TASK)


def _ask_for(device: Device, desired_by_topic: dict[str, bool]) -> None:
    """Set what is desired of these FCM topics. Their turns come after those for which the device waits already.

    What is desired and already so at FCM needs no call: a change and its opposite cost nothing.
    """
    sql.ask(device.pk, desired_by_topic, interval=TURN_INTERVAL)


def _first_turn(device: Device) -> datetime.datetime:
    """The turn of what the device asks for next: after those it waits for, else now."""
    waiting = device.subscriptions.filter(UNSETTLED, next_try_at__lte=Now())
    turn: datetime.datetime = waiting.aggregate(turn=Greatest(Max("turn_at") + TURN_INTERVAL, Now()))["turn"]
    return turn


def _topics_of_follows(follows: list[Follow]) -> set[_DesiredTopic]:
    """The topics that these follows ask for. A followed topic includes those under it."""
    follows = [each for each in follows if each.frequency == Follow.Frequency.INSTANT]
    descendants = _topics_with_descendants([follow.topic_id for follow in follows if follow.topic_id])
    return {
        _DesiredTopic(follow.target_name, target_id, kind)
        for follow in follows
        for target_id in (descendants[follow.topic_id] if follow.topic_id else {follow.target_id})
        for kind in follow.kinds_wanted
    }


def _desired_topics(reader: Reader) -> set[_DesiredTopic]:
    """The topics for everything the reader follows or takes part in."""
    followed = _topics_of_follows(list(reader.follows.all()))
    registered = {
        _DesiredTopic("event", event.event_id, kind)
        for event in registered_events(reader)
        for kind in event.notification_types
    }
    entered = {
        _DesiredTopic("contest", contest.contest_id, kind)
        for contest in entered_contests(reader)
        for kind in ENTRANT_TYPES
    }
    return followed | registered | entered


def _topics_with_descendants(followed: list[int]) -> dict[int, set[int]]:
    """{topic id: ids of it and of everything under it} for the followed topics."""
    if not followed:
        return {}
    under: dict[int, set[int]] = {}
    for topic in Topic.objects.filter(Q(pk__in=followed) | Q(parent__in=followed)):
        under.setdefault(topic.pk, set()).add(topic.pk)
        if topic.parent_id:
            under.setdefault(topic.parent_id, set()).add(topic.pk)
    return under
