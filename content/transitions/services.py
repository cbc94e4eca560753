"""What midnight changes, written into the day-book: once per day, whoever asks how often, also after an outage."""

import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from content import locks, vietnam_time
from content.changes import event_types
from content.documents import change_log, effect, history
from content.documents.models import StatusEvent
from content.locks import Lock
from content.transitions.models import ProcessedDay

ONE_DAY = datetime.timedelta(days=1)


def record_due_transitions(today=None):
    """Note what changed at the beginning of each day up to today. Returns how many lines were written.

    `today` is the Vietnamese day (now, without it), so the server's own zone does not matter. Days that an outage hid
    are made up, each in its own transaction; the first turn of all looks at today only. Whatever is entered for a day
    after its turn is told by the next call, once, in the day-book alone: followers heard of it when it was entered.
    """
    today = today or vietnam_time.today()
    return sum(_process_day(day, today) for day in _days_to_process(today))


def _days_to_process(today):
    """From the last day looked at, for what was entered since; a clock that went back finds nothing to do."""
    last = ProcessedDay.objects.order_by("-day").first()
    day = last.day if last else today
    while day <= today:
        yield day
        day += ONE_DAY


@transaction.atomic
def _process_day(day, today):
    locks.hold(Lock.TRANSITIONS)
    _, is_first = ProcessedDay.objects.get_or_create(day=day)
    events = list(history.events_starting_on(day).filter(recorded_at=None))
    lines = _record_status_changes(
        event_types.STATUS_CHANGED, events, day, "today" if day == today else "past", notify=is_first
    )
    StatusEvent.objects.filter(pk__in=[event.pk for event in events]).update(recorded_at=timezone.now())
    if is_first and day == today:
        lines += _record_status_changes(
            event_types.STATUS_AHEAD, history.events_starting_on(day + ONE_DAY), day + ONE_DAY, "tomorrow", notify=True
        )
    return lines


def _record_status_changes(event_type, events, day, when, *, notify):
    """One line for each document to which something of these events happens on that day."""
    count = 0
    for document, group in groupby(events, key=lambda event: event.document):
        group = list(group)
        known = list(document.status_events.all())
        facts = change_log.status_event_facts(group, when=when) | {
            "status_before": effect.effect_on(known, day - ONE_DAY).status,
            "status_after": effect.effect_on(known, day).status,
        }
        eids = sorted({eid for event in group for eid in event.eids})
        change_log.record_change(event_type, document, event_types.LEGAL, facts=facts, eids=eids, notify=notify)
        count += 1
    return count
