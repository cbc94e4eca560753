"""What midnight changes, written into the day-book: once per day, whoever asks how often, also after an outage."""

import datetime
from itertools import groupby

from django.db import connection, transaction
from django.utils import timezone

from content.changes import kinds
from content.dayturn.models import Turn
from content.documents import daybook, effect, history
from content.documents import services as documents
from content.documents.models import StatusEvent

TURN_LOCK = 4_713_002  # any number, the same for every worker
ONE_DAY = datetime.timedelta(days=1)


def turn_the_day(today=None):
    """Note what changed at the beginning of each day up to today. Returns how many lines were written.

    `today` is the Vietnamese day (now, without it), so the server's own zone does not matter. Days that an outage hid
    are made up, each in its own transaction; the first turn of all looks at today only. Whatever is entered for a day
    after its turn is told by the next call, once, in the day-book alone: followers heard of it when it was entered.
    """
    today = today or effect.today()
    return sum(_turn(day, today) for day in _days_to(today))


def _days_to(today):
    """From the last day looked at, for what was entered since; a clock that went back finds nothing to do."""
    last = Turn.objects.order_by("-day").first()
    day = last.day if last else today
    while day <= today:
        yield day
        day += ONE_DAY


@transaction.atomic
def _turn(day, today):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN_LOCK])
    _, is_first = Turn.objects.get_or_create(day=day)
    events = list(history.turning_on(day).filter(turned_at=None))
    lines = _note(kinds.STATUS_CHANGED, events, day, "today" if day == today else "past", notify=is_first)
    StatusEvent.objects.filter(pk__in=[event.pk for event in events]).update(turned_at=timezone.now())
    if is_first and day == today:
        lines += _note(kinds.STATUS_AHEAD, history.turning_on(day + ONE_DAY), day + ONE_DAY, "tomorrow", notify=True)
    return lines


def _note(kind, events, day, when, *, notify):
    """One line for each document to which something of these events happens on that day."""
    count = 0
    for document, group in groupby(events, key=lambda event: event.document):
        group = list(group)
        known = list(document.status_events.all())
        facts = documents.event_facts(group, when=when) | {
            "status_before": effect.effect_on(known, day - ONE_DAY).status,
            "status_after": effect.effect_on(known, day).status,
        }
        eids = sorted({eid for event in group for eid in event.eids})
        daybook.note(kind, document, kinds.LEGAL, facts=facts, eids=eids, notify=notify)
        count += 1
    return count
