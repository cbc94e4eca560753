"""Whoever comes to an event is told what becomes of it: their devices go on its topics, and off again."""

from django.db import transaction

from content.events import services as events
from notifications.devices import services as devices
from notifications.follows.services import settle_subscriptions


@transaction.atomic
def register(event, reader, **papers):
    """Register a reader (events.services.register). Returns (registration, created)."""
    registration, created = events.register(event, reader, **papers)
    if created:
        settle_subscriptions(reader)
    return registration, created


@transaction.atomic
def unregister(event, reader):
    """Unregister a reader (events.services.unregister). Whoever gets the seat is settled when the day-book is read."""
    events.unregister(event, reader)
    settle_subscriptions(reader)


@transaction.atomic
def forget_who_came():
    """Erase registrations of long ago (events.services.forget_who_came). Returns of how many readers."""
    readers = events.forget_who_came()
    for reader in readers:
        devices.lock_reader(reader)
        settle_subscriptions(reader)
    return len(readers)
