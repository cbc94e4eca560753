"""How far a notification has come, as far as anybody can know: FCM never says which phones a topic message reached."""

import re
from dataclasses import dataclass

from notifications.deliveries.models import Delivery
from notifications.devices.models import Device
from notifications.follows import fcm_topics
from notifications.follows.models import FcmSubscription, FollowKind

TOPIC_IN_CONDITION = re.compile(r"'([^']+)' in topics")


@dataclass(frozen=True)
class Reach:
    """`devices`: those FCM has, just now, on the topics of the accepted deliveries, and those it was sent to directly.

    Not how many showed it, and not who has left since; nobody is counted for what FCM did not take.
    """

    devices: int
    accepted: int  # deliveries
    failed: int
    waiting: int


def notification_reach(notification):
    deliveries = list(notification.deliveries.values_list("status", "target_kind", "target", "device_id"))
    count = {status: sum(row[0] == status for row in deliveries) for status in Delivery.Status.values}
    accepted = [row[1:] for row in deliveries if row[0] == Delivery.Status.ACCEPTED]
    topics = {name for kind, target, _device in accepted for name in fcm_topics_of_target(kind, target)}
    direct = {device for _kind, _target, device in accepted if device}
    on_topics = FcmSubscription.objects.filter(fcm_topic__in=topics, actual=True, device__registration_id__isnull=False)
    return Reach(
        devices=on_topics.exclude(device__in=direct).values("device").distinct().count() + len(direct),
        accepted=len(accepted),
        failed=count["refused"] + count["expired"] + count["cancelled"],
        waiting=count["queued"] + count["sending"],
    )


def fcm_topics_of_target(target_kind, target):
    """The wire topics a target names; none for a device."""
    if target_kind == Delivery.TargetKind.TOPIC:
        return [target]
    return TOPIC_IN_CONDITION.findall(target) if target_kind == Delivery.TargetKind.CONDITION else []


def event_follower_device_count(event):
    """How many devices are to hear what happens to an event: of who follows it, its topics or its body, or comes."""
    targets = [("event", event.pk), *(("topic", pk) for pk in event.topics.values_list("pk", flat=True))]
    if event.organisation_id:
        targets.append(("organisation", event.organisation_id))
    names = [
        fcm_topics.fcm_topic(*each, FollowKind.EVENT, language)
        for each in targets
        for language in Device.Language.values
    ]
    wanted = FcmSubscription.objects.filter(fcm_topic__in=names, desired=True, device__registration_id__isnull=False)
    return wanted.values("device").distinct().count()
