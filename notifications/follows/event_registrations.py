"""Whoever comes to an event is told what becomes of it: their devices go on its topics, and off again."""

from django.db import transaction

from content.events import services as events
from notifications.devices import services as devices
from notifications.follows.services import update_desired_subscriptions


@transaction.atomic
def register(event, reader, **papers):
    """Register a reader (events.services.register). Returns (registration, created)."""
    registration, created = events.register(event, reader, **papers)
    if created:
        update_desired_subscriptions(reader)
    return registration, created


@transaction.atomic
def unregister(event, reader):
    """Unregister a reader (events.services.unregister). Whoever gets the seat is settled when the day-book is read."""
    events.unregister(event, reader)
    update_desired_subscriptions(reader)


@transaction.atomic
def erase_old_registrations():
    """Erase registrations of long ago (events.services.forget_who_came). Returns of how many readers."""
    readers = events.erase_old_registrations()
    for reader in readers:
        devices.lock_reader(reader)
        update_desired_subscriptions(reader)
    return len(readers)
