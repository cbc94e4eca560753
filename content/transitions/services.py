"""Record changes of effect that begin with a new day, once per day, also after an outage."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from content import locks, vietnam_time
from content.changes.event_types import EventType, Nature
from content.documents import change_log, effect, history
from content.documents.models import LegalDocument, StatusEvent
from content.endings import effect_doubts
from content.endings import queries as endings
from content.locks import Lock
from content.transitions.models import ProcessedDay

ONE_DAY = datetime.timedelta(days=1)


def record_due_transitions(today: datetime.date | None = None, *, told_homes: Collection[str] = ()) -> int:
    """Record what changed at the beginning of each day up to today. Returns how many changes were written.

    While another worker records them this call gives up; the next minute's makes up for it.

    Nobody is notified of a copy, unless its home is one of `told_homes`; what an amendment did to it was told then.

    `today` is the day in Viet Nam (by default the present one), whatever the time zone of the server. Days missed in an
    outage are processed too, each in its own transaction; the first run of all processes today only. What is entered
    for a day after that day was processed is recorded by the next run, without notifying: followers were notified when
    it was entered.
    """
    today = today or vietnam_time.today()
    count = 0
    for day in _days_to_process(today):
        written = _process_day(day, today, told_homes)
        if written is None:  # the other worker goes on with the following days; in their order none is left out
            break
        count += written
    return count


def _days_to_process(today: datetime.date) -> Iterator[datetime.date]:
    """From the last processed day, for what was entered since. None if the clock was set back."""
    last = ProcessedDay.objects.order_by("-day").first()
    day = last.day if last else today
    while day <= today:
        yield day
        day += ONE_DAY


@transaction.atomic
def _process_day(day: datetime.date, today: datetime.date, told_homes: Collection[str]) -> int | None:
    """Record the changes of one day. Returns how many; None while another worker records them."""
    if not locks.try_hold(Lock.TRANSITIONS):
        return None
    _, is_first = ProcessedDay.objects.get_or_create(day=day)
    events = list(history.events_starting_on(day).filter(recorded_at=None))
    count = _record_status_changes(
        EventType.STATUS_CHANGED, events, day, "today" if day == today else "past", told_homes, notify=is_first
    )
    StatusEvent.objects.filter(pk__in=[event.pk for event in events]).update(recorded_at=timezone.now())
    if is_first:
        count += effect_doubts.record_doubts_from(day) + effect_doubts.record_doubts_until(day)
    if is_first and day == today:  # what was carried out by itself is told once, on its day
        by_itself = endings.amendments_carried_out_by_itself()
        ahead = history.events_starting_on(day + ONE_DAY).exclude(amendment__in=by_itself)
        count += _record_status_changes(
            EventType.STATUS_AHEAD, ahead, day + ONE_DAY, "tomorrow", told_homes, notify=True
        )
    return count


def _record_status_changes(
    event_type: EventType,
    events: Iterable[StatusEvent],
    day: datetime.date,
    when: str,
    told_homes: Collection[str],
    *,
    notify: bool,
) -> int:
    """Record one change per document for these events of that day. Returns how many."""
    count = 0
    for document, grouped in groupby(events, key=lambda event: event.document):
        group = list(grouped)
        known, doubts = list(document.status_events.all()), list(document.effect_doubts.all())
        facts = change_log.status_event_facts(group, when=when) | {
            "status_before": effect.effect_on(known, day - ONE_DAY, doubts).status,
            "status_after": effect.effect_on(known, day, doubts).status,
        }
        eids = sorted({eid for event in group for eid in event.eids})
        is_told = notify and (not document.home or _is_told_of_copy(document, group, told_homes))
        change_log.record_change(event_type, document, Nature.LEGAL, facts=facts, eids=eids, notify=is_told)
        count += 1
    return count


def _is_told_of_copy(document: LegalDocument, events: Iterable[StatusEvent], told_homes: Collection[str]) -> bool:
    """Which amendments its home carried out by itself, and told of then, is not known here: none is told of again."""
    return document.home in told_homes and any(event.amendment_id is None for event in events)
