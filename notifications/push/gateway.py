"""What a sender of pushes must do, and how it says that it could not. The senders know nothing else of Firebase."""

from typing import Protocol


class SendFailed(Exception):
    """Base of the answers below; the message is kept with the delivery and holds no registration."""


class DeviceGone(SendFailed):
    """The registration is dead. Never send there again."""


class MessageRefused(SendFailed):
    """The message itself is bad: the same one will always be refused. Somebody must look."""


class ChannelBroken(SendFailed):
    """Our credentials or configuration are refused: nothing can be sent until a person mends it."""


class TryLater(SendFailed):
    """Quota, outage or network. `seconds` is how long the other side asked us to wait, or None."""

    def __init__(self, message, *, seconds=None):
        super().__init__(message)
        self.seconds = seconds


class Gateway(Protocol):
    def send(self, payload, *, target_kind, target, validate_only=False):
        """Hand one message over; returns its name. `payload`: see push.payload. Raises one of SendFailed.

        With `validate_only` it is checked by the other side and shown to nobody.
        """

    def subscribe(self, registration_id, fcm_topic):
        """Put a registration on a topic. A repeat is a no-op. Raises one of SendFailed."""

    def unsubscribe(self, registration_id, fcm_topic):
        """Take a registration off a topic. A repeat is a no-op. Raises one of SendFailed."""
