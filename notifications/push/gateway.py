"""What the senders need from a push service, and the ways a call to it can fail. Firebase is one implementation."""

from enum import StrEnum
from typing import Protocol

from notifications.push.payload import Payload


class PushTarget(StrEnum):
    """What a message is addressed to, by the names of FCM's fields."""

    TOPIC = "topic"
    CONDITION = "condition"
    TOKEN = "token"  # noqa: S105 (the name of a field)
    FID = "fid"


class SendFailed(Exception):
    """Base of the failures below. The message is stored with the delivery and contains no registration id."""


class DeviceGone(SendFailed):
    """The registration is dead. Never send to it again."""


class MessageRefused(SendFailed):
    """The message itself is invalid: FCM will refuse it every time. A person must look at it.

    `was_called`: whether the push service said so. Else we noticed before we called it.
    """

    def __init__(self, message: str, *, was_called: bool = True) -> None:
        super().__init__(message)
        self.was_called = was_called


class ChannelBroken(SendFailed):
    """Our credentials or configuration are refused. Nothing can be sent until a person fixes them."""


class TryLater(SendFailed):
    """Quota, outage or network. `seconds` is how long the push service asked us to wait; None if it did not say."""

    def __init__(self, message: str, *, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class QuotaExceeded(TryLater):
    """We called too often: nobody may call again for `seconds`, whatever the message. The service accepted nothing."""

    seconds: float

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message, seconds=seconds)


class Gateway(Protocol):
    """A push service. Every method raises a subclass of SendFailed when the call fails."""

    def send(self, payload: Payload, *, target_kind: str, target: str, validate_only: bool = False) -> str:
        """Send one message and return the name that the service gave it. `target_kind` is a PushTarget.

        The name is empty if the service accepted the message and its answer holds none: sent again, it arrives twice.
        With `validate_only` the service checks the message and shows it to nobody.
        """

    def subscribe(self, registration_id: str, fcm_topic: str) -> None:
        """Subscribe a registration to a topic. Repeating it changes nothing."""

    def unsubscribe(self, registration_id: str, fcm_topic: str) -> None:
        """Unsubscribe a registration from a topic. Repeating it changes nothing."""
