"""The tables of the post room, collected from its rooms."""

from notifications.daybook import Bookmark
from notifications.deliveries.models import Channel, Delivery, Notification
from notifications.devices.models import Device
from notifications.follows.models import Follow, WireSubscription
from notifications.inbox.models import ReadMark

__all__ = ["Bookmark", "Channel", "Delivery", "Device", "Follow", "Notification", "ReadMark", "WireSubscription"]
