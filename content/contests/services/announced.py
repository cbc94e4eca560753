"""What is recorded when the rounds of an announced contest change."""

from typing import Any

from django.utils import timezone

from content.changes.event_types import EventType
from content.contests import queries
from content.contests.models import Contest
from content.contests.services import transitions


def round_times(contest: Contest) -> list[tuple[Any, ...]]:
    """[(number, start, end)] of the ranked rounds: what people are notified of when it changes."""
    return list(queries.ranked_rounds(contest).values_list("number", "starts_at", "ends_at"))


def record_other_rounds(contest: Contest, before: list[tuple[Any, ...]], *, removes_words: bool = False) -> None:
    """Record that rounds of a locked contest were added, changed or removed; of a draft nothing is recorded.

    `before` is `round_times` before the change. Where the times of ranked rounds changed, followers of the contest and
    its contestants are notified, not those of its topics.
    """
    if not contest.is_public:
        return
    contest.changed_at = timezone.now()
    contest.save(update_fields=["changed_at"])
    is_told = before != round_times(contest)
    transitions.record_contest_change(
        contest, EventType.CONTEST_CORRECTED, notify=is_told, to_topics=False, removes_words=removes_words
    )
