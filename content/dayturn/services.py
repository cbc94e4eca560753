"""What midnight changes, written into the day-book: once per day, whoever asks how often, also after an outage."""

import datetime
from itertools import groupby

from django.db import connection, transaction

from content.changes import kinds
from content.dayturn.models import Turn
from content.documents import daybook, effect, history
from content.documents import services as documents

TURN_LOCK = 4_713_002  # any number, the same for every worker
ONE_DAY = datetime.timedelta(days=1)


def turn_the_day(today=None):
    """Note what changed at the beginning of each day that was not looked at yet. Returns how many lines were written.

    `today` is the Vietnamese day (now, without it), so the server's own zone does not matter. Days that an outage hid
    are made up, each in its own transaction; the first turn of all looks at today only.
    """
    today = today or effect.today()
    return sum(_turn(day, today) for day in _days_to(today))


def _days_to(today):
    last = Turn.objects.order_by("-day").first()
    day = last.day + ONE_DAY if last else today
    while day <= today:
        yield day
        day += ONE_DAY


@transaction.atomic
def _turn(day, today):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN_LOCK])
    _, is_ours = Turn.objects.get_or_create(day=day)
    if not is_ours:
        return 0
    lines = _note(kinds.STATUS_CHANGED, day, "today" if day == today else "past")
    return lines + (_note(kinds.STATUS_AHEAD, day + ONE_DAY, "tomorrow") if day == today else 0)


def _note(kind, day, when):
    """One line for each document to which something happens on that day."""
    count = 0
    for document, events in groupby(history.turning_on(day), key=lambda event: event.document):
        events = list(events)
        known = list(document.status_events.all())
        facts = documents.event_facts(events, when=when) | {
            "status_before": effect.effect_on(known, day - ONE_DAY).status,
            "status_after": effect.effect_on(known, day).status,
        }
        eids = sorted({eid for event in events for eid in event.eids})
        daybook.note(kind, document, kinds.LEGAL, facts=facts, eids=eids)
        count += 1
    return count
