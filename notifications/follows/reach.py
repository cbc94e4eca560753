"""How many devices a notification reaches, as far as we can know: FCM never says which phones got a topic message."""

import re
from collections import Counter
from dataclasses import dataclass

from content.events.models import Event
from notifications.deliveries.models import Delivery, Notification
from notifications.devices.models import Device
from notifications.follows import fcm_topics
from notifications.follows.models import FcmSubscription, NotificationType
from notifications.follows.queries import desired_subscriptions

TOPIC_IN_CONDITION = re.compile(r"'([^']+)' in topics")


@dataclass(frozen=True)
class Reach:
    """`devices`: those subscribed now to a topic of an accepted delivery, plus those it was sent to directly.

    It does not say how many phones showed the message or who unsubscribed since. A delivery that FCM did not accept
    counts nobody.
    """

    devices: int
    accepted: int  # deliveries
    failed: int
    waiting: int


def notification_reach(notification: Notification) -> Reach:
    """The reach of one notification over all its deliveries."""
    deliveries = list(notification.deliveries.only("notification", "status", "target_kind", "target", "device"))
    count = Counter(delivery.status for delivery in deliveries)
    accepted = [delivery for delivery in deliveries if delivery.status == Delivery.Status.ACCEPTED]
    topics = {name for delivery in accepted for name in fcm_topics_of_target(delivery.target_kind, delivery.target)}
    direct = {delivery.device_id for delivery in accepted if delivery.device_id}
    on_topics = FcmSubscription.objects.filter(fcm_topic__in=topics, actual=True, device__registration_id__isnull=False)
    status = Delivery.Status
    return Reach(
        devices=on_topics.exclude(device__in=direct).values("device").distinct().count() + len(direct),
        accepted=len(accepted),
        failed=count[status.REFUSED] + count[status.EXPIRED] + count[status.CANCELLED],
        waiting=count[status.QUEUED] + count[status.SENDING],
    )


def fcm_topics_of_target(target_kind: str, target: str) -> list[str]:
    """The FCM topics that a target names; none for a device."""
    if target_kind == Delivery.TargetKind.TOPIC:
        return [target]
    return TOPIC_IN_CONDITION.findall(target) if target_kind == Delivery.TargetKind.CONDITION else []


def event_follower_device_count(event: Event) -> int:
    """How many devices get news of an event: those of followers of it, its topics or organisation, and registered."""
    targets = [("event", event.pk), *(("topic", pk) for pk in event.topics.values_list("pk", flat=True))]
    if event.organisation_id:
        targets.append(("organisation", event.organisation_id))
    names = [
        fcm_topics.fcm_topic(name, pk, NotificationType.EVENT, language)
        for name, pk in targets
        for language in Device.Language.values
    ]
    return desired_subscriptions(names).values("device").distinct().count()
