"""Register readers for events, and subscribe their devices to the event's FCM topics as long as they are registered."""

from typing import Any

from django.db import transaction

from content.events import services as events
from content.events.models import Event, Registration
from content.people.models import Reader
from notifications.devices import services as devices
from notifications.follows.services import update_desired_subscriptions


@transaction.atomic
def register(event: Event, reader: Reader, **validated_data: Any) -> tuple[Registration, bool]:
    """Register a reader, see events.services.register. Returns (registration, created)."""
    registration, created = events.register(event, reader, **validated_data)
    if created:
        update_desired_subscriptions(reader)
    return registration, created


@transaction.atomic
def unregister(event: Event, reader: Reader) -> None:
    """Unregister a reader, see events.services.unregister.

    The devices of the reader who gets the free seat are subscribed when the fan-out reads that change.
    """
    events.unregister(event, reader)
    update_desired_subscriptions(reader)


@transaction.atomic
def erase_old_registrations() -> int:
    """Erase registrations for events of long ago (events.services.erase_old_registrations).

    Returns how many readers had one.
    """
    readers = events.erase_old_registrations()
    for reader in readers:
        devices.lock_reader(reader)
        update_desired_subscriptions(reader)
    return len(readers)
