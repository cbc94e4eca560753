"""Reminders, the end of events, and the erasure of registrations.

Nothing is scheduled ahead: each run computes what is due from the present time of each event. Each may run at any
moment, twice, and on several machines at once.
"""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from content.changes.event_types import EventType
from content.events import queries
from content.events.models import Event
from content.events.services import transitions
from content.events.states import AHEAD_STATUSES, EventTransition
from content.people.models import Reader

REMINDER_HOURS = (1, 24)  # before the start, the nearer first: after the reminder of an hour that of a day is not sent
REMINDED_FOR_FIELDS = {
    1: "hour_reminder_sent_for",
    24: "day_reminder_sent_for",
}  # the start for which the reminder was sent
REGISTRATIONS_KEPT_FOR = datetime.timedelta(days=30)  # after the end


def record_reminders(now: datetime.datetime | None = None, *, told_homes: Collection[str] = ()) -> int:
    """Record that events start within an hour or a day, for followers and participants. Returns how many reminders.

    Nobody is notified of a copy unless its home is one of `told_homes`.
    Each start is reminded of once; a moved event is reminded of again at its new time.
    """
    now = now or timezone.now()
    return sum(
        _record_reminder(event, hours, now, told_homes)
        for hours in REMINDER_HOURS
        for event in queries.events_beginning_within(datetime.timedelta(hours=hours), now)
    )


@transaction.atomic
def _record_reminder(event: Event, hours: int, now: datetime.datetime, told_homes: Collection[str]) -> int:
    event = transitions.locked_event(event, may_be_copy=True)  # as it is now, so that no other worker reminds too
    reminded = [getattr(event, REMINDED_FOR_FIELDS[each]) for each in REMINDER_HOURS if each <= hours]
    ahead = event.starts_at - now
    lead = datetime.timedelta(hours=hours)
    is_due = event.status in AHEAD_STATUSES and datetime.timedelta() < ahead <= lead
    is_due = (
        is_due and event.time_announced_at is not None and event.time_announced_at <= event.starts_at - lead
    )  # the query's condition again: the event may have moved since
    is_nearer_due = any(ahead <= datetime.timedelta(hours=each) for each in REMINDER_HOURS if each < hours)
    if not is_due or is_nearer_due or event.starts_at in reminded:
        return 0
    setattr(event, REMINDED_FOR_FIELDS[hours], event.starts_at)
    event.save(update_fields=[REMINDED_FOR_FIELDS[hours]])
    is_told = not event.home or event.home in told_homes
    transitions.record_event_change(event, EventType.EVENT_STARTS_SOON, notify=is_told, to_topics=False, hours=hours)
    return 1


def conclude_ended_events(now: datetime.datetime | None = None) -> int:
    """Set events to held after their end. Returns how many."""
    now, concluded = now or timezone.now(), 0
    for event in queries.ended_events(now):
        with transaction.atomic():
            event = transitions.locked_event(event)
            if event.status in AHEAD_STATUSES and event.ends_at <= now:
                event.changed_at = timezone.now()
                transitions.apply_transition(event, EventTransition.CONCLUDE)
                transitions.record_event_change(event, EventType.EVENT_HELD, notify=False)
                concluded += 1
    return concluded


def events_with_old_registrations(now: datetime.datetime | None = None) -> list[Event]:
    """The events that ended 30 days ago and whose registrations are still stored."""
    return list(queries.events_to_erase((now or timezone.now()) - REGISTRATIONS_KEPT_FOR))


@transaction.atomic
def erase_old_registrations(event: Event) -> list[Reader]:
    """Erase the registrations of a past event; the number of people checked in stays. Returns the readers, locked.

    The caller ends the notifications that these readers had for the event, in the same transaction. Readers are locked
    before the event, as where they unregister. A repeat returns none.
    """
    registered = Reader.objects.filter(registrations__event=event)
    readers = list(registered.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    event = transitions.locked_event(event, may_be_copy=True)
    if event.registrations_erased_at is not None:
        return []
    event.checked_in_count = queries.seat_counts(event).checked_in
    event.registrations.all().delete()
    event.registrations_erased_at = timezone.now()
    event.save(update_fields=["checked_in_count", "registrations_erased_at"])
    return readers
