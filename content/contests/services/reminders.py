"""Remind of rounds that end within a day. The worker calls this each minute."""

import datetime

from django.db import transaction
from django.utils import timezone

from content.changes.event_types import EventType
from content.changes.models import Change
from content.contests import queries
from content.contests.models import Round
from content.contests.services import transitions
from content.contests.services.isolation import do_each

LAST_HOURS = datetime.timedelta(hours=24)


def remind_of_ends(now: datetime.datetime | None = None) -> int:
    """Record that open rounds end within 24 hours, each once. Returns how many. Shorter rounds are not reminded of.

    What an outage left out is made up as long as the round is open.
    """
    now = now or timezone.now()
    return do_each(queries.rounds_ending_within(LAST_HOURS, now), lambda round: _remind(round, now))


@transaction.atomic
def _remind(round: Round, now: datetime.datetime) -> int:
    round = transitions.locked_round(round)  # of two workers the second sees the reminder of the first
    said = Change.objects.filter(subject=round.contest.key, event_type=EventType.CONTEST_ROUND_ENDS_SOON)
    if not round.is_open(now) or said.filter(facts__round=round.number).exists():
        return 0
    transitions.record_contest_change(
        round.contest, EventType.CONTEST_ROUND_ENDS_SOON, to_topics=False, round=round.number
    )
    return 1
