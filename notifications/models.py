"""The tables of this app, gathered from its packages so that Django finds them."""

from notifications.deliveries.models import Channel, ClockReading, Delivery, Gate, Notification
from notifications.devices.models import Device
from notifications.follows.models import FcmSubscription, Follow, FormerProvince
from notifications.inbox.models import ReadMark

__all__ = [
    "Channel",
    "ClockReading",
    "Delivery",
    "Device",
    "FcmSubscription",
    "Follow",
    "FormerProvince",
    "Gate",
    "Notification",
    "ReadMark",
]
