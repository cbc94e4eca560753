"""Register readers for events, and subscribe their devices to the event's FCM topics as long as they are registered."""

from typing import Any

from django.db import transaction

from content.events import services as events
from content.events.models import Event, Registration
from content.people.models import Reader
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


def erase_old_registrations() -> int:
    """Erase registrations for events of long ago, each event in a transaction (see events.erase_old_registrations).

    Returns how many were erased.
    """
    return sum(_erase_registrations_for(event) for event in events.events_with_old_registrations())


@transaction.atomic
def _erase_registrations_for(event: Event) -> int:
    readers = events.erase_old_registrations(event)
    for reader in readers:
        update_desired_subscriptions(reader)
    return len(readers)
