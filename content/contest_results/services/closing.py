"""What the clock does: open rounds, close them with final ranks, tell contestants, erase practice."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.contest_papers import paper
from content.contest_results.models import Standing
from content.contest_results.services import counting
from content.contests import queries
from content.contests.choices import ResultsShown
from content.contests.models import Attempt, Contest, Entry, Round
from content.contests.services import attempts, reminders, transitions
from content.contests.states import ENDED_STATUSES, ContestStatus, ContestTransition, RoundStatus, RoundTransition
from content.errors import RuleBroken

log = logging.getLogger(__name__)
PRACTICE_KEPT_FOR = datetime.timedelta(days=30)
TOLD_AT_ONCE = 1_000


def run_schedule() -> None:
    """All that is due now, in order. May run twice at once, and makes up for what an outage left undone."""
    open_begun_rounds()
    reminders.remind_of_ends()
    while attempts.close_left_open():
        pass
    counting.settle_all()
    counting.recount_marked()
    counting.refresh_stale_ranks()
    close_ended_rounds()
    while tell_contestants():
        pass


def open_begun_rounds() -> int:
    """Record that frozen rounds have begun. Returns how many. Attempts are taken by the clock, before this too."""
    count = 0
    for each in queries.rounds_to_open():
        with transaction.atomic():
            round = transitions.locked_round(each)
            if round.status == RoundStatus.FROZEN:
                transitions.apply_round_transition(round, RoundTransition.OPEN)
                transitions.record_contest_change(
                    round.contest, EventType.CONTEST_ROUND_OPENED, to_topics=False, round=round.number
                )
                count += 1
    return count


def close_ended_rounds() -> int:
    """Close the rounds that have ended, with final ranks. Returns how many. One that is not settled comes again."""
    count = 0
    for round in queries.rounds_to_close():
        try:
            count += finalise(round)
        except RuleBroken as refusal:
            log.info("round %s is not closed yet: %s", round.pk, refusal.code)
    return count


@transaction.atomic
def finalise(round: Round) -> bool:
    """Close a round: count the turnout, write the final ranks, publish the seed. Returns False if it was closed before.

    The contest closes with its last ranked round. Raises RuleBroken: "not_ended", "not_settled" (attempts are open or
    not counted yet).
    """
    round = transitions.locked_round(round)
    if round.status == RoundStatus.CLOSED:
        return False
    transitions.require_round_transition(round, RoundTransition.CLOSE, by=None)
    _refuse_unfinished(round)
    counting.hold_counts(round.contest)
    transitions.apply_round_transition(
        round, RoundTransition.CLOSE, closed_at=timezone.now(), turnout=counting.count_turnout(round)
    )
    counting.apply_turnout(round)
    counting.rank_closed_rounds(round.contest)
    transitions.record_contest_change(
        round.contest, EventType.CONTEST_ROUND_CLOSED, to_topics=False, round=round.number,
        algorithm=paper.ALGORITHM, seed=bytes(round.seed).hex(), predicted_count=round.turnout,
    )  # fmt: skip
    if round.contest.status == ContestStatus.ANNOUNCED and not _open_rounds(round.contest):
        transitions.apply_transition(round.contest, ContestTransition.CLOSE)
    return True


def _open_rounds(contest: Contest) -> bool:
    """Whether a round that counts is still to be closed; of a contest with practice only, any round."""
    rounds = queries.ranked_rounds(contest) if queries.ranked_rounds(contest).exists() else contest.rounds.all()
    return rounds.exclude(status=RoundStatus.CLOSED).exists()


def _refuse_unfinished(round: Round) -> None:
    if not queries.rounds_to_close().filter(pk=round.pk).exists():
        raise RuleBroken("not_ended", _("The round has not ended, or its contest was cancelled."))
    if (
        round.attempts.filter(submitted_at=None).exists()
        or round.attempts.filter(settled_at=None, submitted_at__isnull=False).exists()
    ):
        raise RuleBroken("not_settled", _("Some attempts of the round are not counted yet."))


@transaction.atomic
def tell_contestants() -> int:
    """Tell the next contestants that they can see a final result, each once. Returns how many were looked at.

    The change is private and has no result in it.
    """
    waiting = Entry.objects.filter(contest__in=_contests_with_results(), result_told_at=None, reader__isnull=False)
    locked = waiting.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("contest", "reader")
    entries = list(locked.order_by("contest", "pk")[:TOLD_AT_ONCE])
    with_result = set(Standing.objects.filter(entry__in=entries, rank__isnull=False).values_list("entry_id", flat=True))
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(result_told_at=timezone.now())
    changes.record_changes(
        Change(
            event_type=EventType.CONTEST_RESULT_GIVEN,
            nature=Nature.EDITORIAL,
            subject=entry.contest.key,
            reader=entry.reader,
        )
        for entry in entries
        if entry.pk in with_result
    )
    return len(entries)


def _contests_with_results() -> list[Contest]:
    """Contests whose results are final and shown, and in which somebody may still be waiting for them."""
    ended = Contest.objects.filter(
        status__in=ENDED_STATUSES, entries__result_told_at=None, entries__reader__isnull=False
    )
    return [
        contest
        for contest in ended.distinct()
        if contest.results_shown != ResultsShown.WHEN_PUBLISHED or contest.status == ContestStatus.PUBLISHED
    ]


def erase_old_practice(now: datetime.datetime | None = None) -> int:
    """Erase attempts of practice rounds 30 days after they were submitted. Returns how many."""
    old = (now or timezone.now()) - PRACTICE_KEPT_FOR
    return Attempt.objects.filter(round__is_practice=True, submitted_at__lt=old).delete()[0]
