"""Following and no longer following. What FCM must be told follows from it, see `reconcile`."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes.services import defer_job
from content.errors import RuleBroken
from content.people.models import Reader
from content.topics.models import Topic
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.follows import fcm_topics
from notifications.follows.models import UNSETTLED, FcmSubscription, Follow
from notifications.follows.queries import registered_events

MAX_FOLLOWS = 300  # of a reader
MAX_SUBSCRIPTIONS = 1_900  # of a device; FCM allows 2,000 topics to an app instance
RECONCILE_TASK = "follows.reconcile"


@transaction.atomic
def follow(reader, target, *, kinds=(), frequency=Follow.Frequency.INSTANT):
    """Tell this reader about a topic and all under it, a document, an article, a question, an event, a body.

    Returns (follow, created). The same again changes nothing. `kinds` empty means every kind, those of later versions
    too. Raises RuleBroken("too_many_follows", "too_many_subscriptions") at the limits, "kind_not_available" for what never
    happens to it; then nothing is changed.
    """
    devices.lock_reader(reader)
    name = target_field(target)
    column = {name: target}
    if never := sorted(set(kinds) - set(Follow.KINDS[name])):
        raise RuleBroken("kind_not_available", _("That never happens to it: %s.") % ", ".join(never), field="kinds")
    if not reader.follows.filter(**column).exists() and reader.follows.count() >= MAX_FOLLOWS:
        raise RuleBroken("too_many_follows", _("A reader follows at most %d things.") % MAX_FOLLOWS)
    follow, created = Follow.objects.update_or_create(
        reader=reader, **column, defaults={"kinds": sorted(set(kinds)), "frequency": frequency}
    )
    update_desired_subscriptions(reader)
    return follow, created


@transaction.atomic
def unfollow(reader, target):
    """No longer tell this reader about it. A no-op where it was not followed."""
    devices.lock_reader(reader)
    reader.follows.filter(**{target_field(target): target}).delete()
    update_desired_subscriptions(reader)


def target_field(target):
    """The name of the column, by what the target is: "topic", "document", "article" …"""
    return next(name for name in Follow.TARGETS if isinstance(target, Follow._meta.get_field(name).related_model))


@transaction.atomic
def register_device(installation_key, *, caller, **columns):
    """Register a device (devices.services.register) and put it on its reader's topics. Returns (device, secret)."""
    registered = devices.register(installation_key, caller=caller, **columns)
    device = registered.device
    if registered.replaced:
        device.subscriptions.update(actual=False)  # FCM forgets the topics of a registration that was replaced
    if registered.taken_from:
        _inherit_subscriptions(registered.taken_from, device)
    if registered.changed:
        update_desired_subscriptions(device.reader)
    return device, registered.secret


@transaction.atomic
def forget_device(device):
    """Forget a device (see devices.services.forget) and take its registration off every topic."""
    device.deliveries.all().delete()  # what waits to be sent to it is its former reader's
    devices.forget_device(device)
    device.subscriptions.update(desired=False, attempts=0, next_try_at=timezone.now())
    defer_job(RECONCILE_TASK)


@transaction.atomic
def erase_reader(reader):
    """Forget a reader with all that is theirs, and take their devices' registrations off every topic.

    Of their published questions the redacted copy stays, and nobody can tell any more whose it was.
    """
    for device in list(reader.devices.order_by("pk")):
        forget_device(device)
    devices.erase_reader(reader)


def delete_forgotten_devices():
    """Delete forgotten devices whose registration FCM has on no topic any more. Returns how many."""
    held = FcmSubscription.objects.filter(UNSETTLED, device=OuterRef("pk"), device__registration_id__isnull=False)
    gone = Device.objects.filter(~Exists(held), forgotten_at__isnull=False)
    readers = Reader.objects.filter(devices__in=list(gone))  # made when the device was forgotten, and nobody's
    return readers.delete()[1].get("notifications.Device", 0)


def _inherit_subscriptions(former, device):
    """FCM keeps topics by registration: what the former holder's was subscribed to is now this device's to undo."""
    held = former.subscriptions.exclude(actual=False)
    FcmSubscription.objects.bulk_create(
        [FcmSubscription(device=device, fcm_topic=name, desired=False, actual=True, next_try_at=timezone.now())
         for name in held.values_list("fcm_topic", flat=True)],
        update_conflicts=True,
        unique_fields=["device", "fcm_topic"],
        update_fields=["actual"],
    )  # fmt: skip
    held.update(actual=False)


@transaction.atomic
def update_desired_subscriptions(reader):
    """Make the desired subscriptions of the reader's devices what the follows ask for, and defer telling FCM."""
    wanted, now = _desired_topics(reader), timezone.now()
    for device in reader.devices.filter(registration_id__isnull=False):
        names = {fcm_topics.fcm_topic(*each, device.language) for each in wanted}
        if len(names) > MAX_SUBSCRIPTIONS:
            raise RuleBroken("too_many_subscriptions", _("Firebase takes no more topics for this device."))
        standing = set(device.subscriptions.filter(desired=True).values_list("fcm_topic", flat=True))
        ended = device.subscriptions.filter(fcm_topic__in=standing - names)
        ended.update(desired=False, attempts=0, next_try_at=now)
        FcmSubscription.objects.bulk_create(
            [
                FcmSubscription(device=device, fcm_topic=name, desired=True, next_try_at=now)
                for name in sorted(names - standing)
            ],
            update_conflicts=True,
            unique_fields=["device", "fcm_topic"],
            update_fields=["desired", "next_try_at", "attempts"],
        )
    defer_job(RECONCILE_TASK)


def _desired_topics(reader):
    """{(target's name, id, kind)} of all the reader follows or comes to: topics with all under them."""
    follows = list(reader.follows.filter(frequency=Follow.Frequency.INSTANT))
    under = _topics_with_descendants([follow.topic_id for follow in follows if follow.topic_id])
    followed = {
        (follow.target_name, target, kind)
        for follow in follows
        for target in (under[follow.topic_id] if follow.topic_id else [getattr(follow, f"{follow.target_name}_id")])
        for kind in follow.kinds_wanted
    }
    return followed | {("event", event, kind) for event, _since, kinds in registered_events(reader) for kind in kinds}


def _topics_with_descendants(followed):
    """{topic id: ids of it and of all under it} for the followed topics."""
    under = {}
    for topic in Topic.objects.filter(Q(pk__in=followed) | Q(parent__in=followed)):
        under.setdefault(topic.pk, set()).add(topic.pk)
        under.setdefault(topic.parent_id, set()).add(topic.pk)
    return under
