"""How far a notification has come, as far as anybody can know: FCM never says which phones a topic message reached."""

import re
from dataclasses import dataclass

from notifications.deliveries.models import Delivery
from notifications.devices.models import Device
from notifications.follows import wire
from notifications.follows.models import Kind, WireSubscription

IN_A_CONDITION = re.compile(r"'([^']+)' in topics")


@dataclass(frozen=True)
class Reach:
    """`devices`: those FCM has, just now, on the topics of the accepted deliveries, and those it was sent to directly.

    Not how many showed it, and not who has left since; nobody is counted for what FCM did not take.
    """

    devices: int
    accepted: int  # deliveries
    failed: int
    waiting: int


def reach(notification):
    deliveries = list(notification.deliveries.values_list("state", "target_kind", "target", "device_id"))
    count = {state: sum(row[0] == state for row in deliveries) for state in Delivery.State.values}
    accepted = [row[1:] for row in deliveries if row[0] == Delivery.State.ACCEPTED]
    topics = {name for kind, target, _device in accepted for name in topics_of(kind, target)}
    direct = {device for _kind, _target, device in accepted if device}
    on_topics = WireSubscription.objects.filter(
        wire_topic__in=topics, actual=True, device__registration_id__isnull=False
    )
    return Reach(
        devices=on_topics.exclude(device__in=direct).values("device").distinct().count() + len(direct),
        accepted=len(accepted),
        failed=count["refused"] + count["expired"] + count["cancelled"],
        waiting=count["queued"] + count["sending"],
    )


def topics_of(target_kind, target):
    """The wire topics a target names; none for a device."""
    if target_kind == Delivery.TargetKind.TOPIC:
        return [target]
    return IN_A_CONDITION.findall(target) if target_kind == Delivery.TargetKind.CONDITION else []


def devices_following_event(event):
    """How many devices are to hear what happens to an event: of who follows it, its topics or its body, or comes."""
    targets = [("event", event.pk), *(("topic", pk) for pk in event.topics.values_list("pk", flat=True))]
    if event.organisation_id:
        targets.append(("organisation", event.organisation_id))
    names = [wire.wire_topic(*each, Kind.EVENT, language) for each in targets for language in Device.Language.values]
    wanted = WireSubscription.objects.filter(wire_topic__in=names, desired=True, device__registration_id__isnull=False)
    return wanted.values("device").distinct().count()
