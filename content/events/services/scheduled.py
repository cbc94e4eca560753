"""What time does to events. Nothing is scheduled ahead: each is computed from the time an event has now.

Each may run at any moment, twice, and on several machines at once.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from content.changes.event_types import EventType
from content.events import queries
from content.events.services import transitions
from content.events.states import AHEAD_STATUSES, EventStatus
from content.people.models import Reader

REMINDER_HOURS = (1, 24)  # before it begins; the nearer first: who is told of an hour needs not be told of a day
REMINDED_FOR_FIELDS = {1: "hour_reminder_sent_for", 24: "day_reminder_sent_for"}  # the beginning that was told of
REGISTRATIONS_KEPT_FOR = datetime.timedelta(days=30)  # after the end: who came


def record_reminders(now=None):
    """Tell those who follow or come that an event begins within an hour, or a day. Returns how many were told of.

    Once for each time an event is to begin at: one that was moved is told of anew, at its new time, and nobody twice.
    """
    now = now or timezone.now()
    return sum(
        _record_reminder(event, hours, now)
        for hours in REMINDER_HOURS
        for event in queries.events_beginning_within(datetime.timedelta(hours=hours), now)
    )


@transaction.atomic
def _record_reminder(event, hours, now):
    event = transitions.locked_event(event)  # as it is now, and nobody else tells meanwhile
    told = [getattr(event, REMINDED_FOR_FIELDS[each]) for each in REMINDER_HOURS if each <= hours]
    ahead = event.starts_at - now
    lead = datetime.timedelta(hours=hours)
    due = event.status in AHEAD_STATUSES and datetime.timedelta() < ahead <= lead
    due = due and event.time_announced_at <= event.starts_at - lead  # as the query asked, of an event moved since then
    nearer = any(ahead <= datetime.timedelta(hours=each) for each in REMINDER_HOURS if each < hours)
    if not due or nearer or event.starts_at in told:
        return 0
    setattr(event, REMINDED_FOR_FIELDS[hours], event.starts_at)
    event.save(update_fields=[REMINDED_FOR_FIELDS[hours]])
    transitions.record_event_change(event, EventType.EVENT_STARTS_SOON, topics=False, hours=hours)
    return 1


def conclude_ended_events(now=None):
    """Note that events were held whose end has come. Returns how many."""
    now, concluded = now or timezone.now(), 0
    for event in queries.ended_events(now):
        with transaction.atomic():
            event = transitions.locked_event(event)
            if event.status in AHEAD_STATUSES and event.ends_at <= now:
                event.status, event.changed_at = EventStatus.HELD, timezone.now()
                event.save(update_fields=["status", "changed_at"])
                transitions.record_event_change(event, EventType.EVENT_HELD, notify=False)
                concluded += 1
    return concluded


def erase_old_registrations(now=None):
    """Erase registrations 30 days after the end; how many came stays, as a number. Returns the readers.

    Where anybody was promised to be told of the event, the caller ends it.
    """
    now, readers = now or timezone.now(), set()
    for event in queries.events_to_erase(now - REGISTRATIONS_KEPT_FOR):
        with transaction.atomic():
            event = transitions.locked_event(event)
            if event.registrations_erased_at is None:
                readers |= set(event.registrations.values_list("reader", flat=True))
                event.checked_in_count = queries.seat_counts(event)[2]
                event.registrations.all().delete()
                event.registrations_erased_at = now
                event.save(update_fields=["checked_in_count", "registrations_erased_at"])
    return list(Reader.objects.filter(pk__in=readers).order_by("pk"))
