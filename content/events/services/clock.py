"""What time does to events. Nothing is scheduled ahead: each is computed from the time an event has now.

Each may run at any moment, twice, and on several machines at once.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from content.changes import kinds
from content.events import queries
from content.events.services import steps
from content.events.states import AHEAD, Status
from content.people.models import Reader

HOURS = (1, 24)  # before it begins; the nearer first: who is told of an hour needs not be told of a day
REMINDED = {1: "reminded_hour_for", 24: "reminded_day_for"}  # the beginning that was told of
KEPT = datetime.timedelta(days=30)  # after the end: who came


def remind(now=None):
    """Tell those who follow or come that an event begins within an hour, or a day. Returns how many were told of.

    Once for each time an event is to begin at: one that was moved is told of anew, at its new time, and nobody twice.
    """
    now = now or timezone.now()
    return sum(
        _remind(event, hours, now)
        for hours in HOURS
        for event in queries.beginning_within(datetime.timedelta(hours=hours), now)
    )


@transaction.atomic
def _remind(event, hours, now):
    event = steps.locked(event)  # as it is now, and nobody else tells meanwhile
    told = [getattr(event, REMINDED[each]) for each in HOURS if each <= hours]
    ahead = event.starts_at - now
    lead = datetime.timedelta(hours=hours)
    due = event.status in AHEAD and datetime.timedelta() < ahead <= lead
    due = due and event.time_told_at <= event.starts_at - lead  # as the query asked, of an event moved since then
    nearer = any(ahead <= datetime.timedelta(hours=each) for each in HOURS if each < hours)
    if not due or nearer or event.starts_at in told:
        return 0
    setattr(event, REMINDED[hours], event.starts_at)
    event.save(update_fields=[REMINDED[hours]])
    steps.tell(event, kinds.EVENT_STARTS_SOON, topics=False, hours=hours)
    return 1


def conclude(now=None):
    """Note that events were held whose end has come. Returns how many."""
    now, concluded = now or timezone.now(), 0
    for event in queries.over(now):
        with transaction.atomic():
            event = steps.locked(event)
            if event.status in AHEAD and event.ends_at <= now:
                event.status, event.changed_at = Status.HELD, timezone.now()
                event.save(update_fields=["status", "changed_at"])
                steps.tell(event, kinds.EVENT_HELD, notify=False)
                concluded += 1
    return concluded


def forget_who_came(now=None):
    """Erase registrations 30 days after the end; how many came stays, as a number. Returns the readers.

    Where anybody was promised to be told of the event, the caller ends it.
    """
    now, readers = now or timezone.now(), set()
    for event in queries.to_forget(now - KEPT):
        with transaction.atomic():
            event = steps.locked(event)
            if event.forgotten_at is None:
                readers |= set(event.registrations.values_list("reader", flat=True))
                event.came = queries.seats(event)[2]
                event.registrations.all().delete()
                event.forgotten_at = now
                event.save(update_fields=["came", "forgotten_at"])
    return list(Reader.objects.filter(pk__in=readers).order_by("pk"))
