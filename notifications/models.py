"""The tables of the post room, collected from its rooms."""

from notifications.deliveries.models import Channel, Delivery, Notification
from notifications.devices.models import Device
from notifications.follows.models import FcmSubscription, Follow
from notifications.inbox.models import ReadMark

__all__ = ["Channel", "Delivery", "Device", "FcmSubscription", "Follow", "Notification", "ReadMark"]
