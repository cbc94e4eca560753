"""What a round does at this moment: who is taking it, what waits to be counted, attempts per minute."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from content.contest_results.queries import attempt_count, contestant_count
from content.contests.models import Round

MINUTES = 60  # that the charts show
NEWEST = 50_000  # attempts that are looked at for them: a busy round has more
MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class LiveCounts:
    """Open attempts, submitted ones that wait to be counted, and what is counted already."""

    open: int
    waiting: int
    contestants: int
    attempts: int


@dataclass(frozen=True)
class PerMinute:
    """The last minutes, oldest first, and how many attempts were started and submitted in each."""

    minutes: Sequence[datetime.datetime]
    started: Mapping[datetime.datetime, int]
    submitted: Mapping[datetime.datetime, int]


def live_counts(round: Round) -> LiveCounts:
    """The counts of a round. A practice round has no counted contestants."""
    return LiveCounts(
        open=round.attempts.filter(submitted_at=None).count(),
        waiting=round.attempts.filter(submitted_at__isnull=False, settled_at=None).count(),
        contestants=contestant_count(round.contest, round),
        attempts=attempt_count(round.contest, round),
    )


def attempts_per_minute(round: Round, now: datetime.datetime | None = None) -> PerMinute:
    """Attempts of the last hour of a round, among its newest 50,000. After the round: of its last hour."""
    last = min(now or timezone.now(), round.ends_at).replace(second=0, microsecond=0)
    minutes = [last - number * MINUTE for number in reversed(range(MINUTES))]
    started: Counter[datetime.datetime] = Counter()
    submitted: Counter[datetime.datetime] = Counter()
    newest = round.attempts.order_by("-pk").values_list("started_at", "submitted_at")[:NEWEST]
    for began, ended in newest.iterator():
        started[began.replace(second=0, microsecond=0)] += 1
        if ended:
            submitted[ended.replace(second=0, microsecond=0)] += 1
    return PerMinute(minutes, started, submitted)
