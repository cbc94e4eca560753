"""What the clock does: open rounds, close them with final ranks, tell contestants, erase practice."""

import datetime
import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.contest_papers import paper
from content.contest_results.models import Standing
from content.contest_results.services import counting, fairness
from content.contests import queries
from content.contests.choices import ResultsShown
from content.contests.models import Attempt, Contest, Entry, Round
from content.contests.services import attempts, reminders, transitions
from content.contests.services.isolation import do_each
from content.contests.states import ENDED_STATUSES, ContestStatus, ContestTransition, RoundStatus, RoundTransition
from content.errors import RuleBroken
from content.locks import Lock

log = logging.getLogger(__name__)
PRACTICE_KEPT_FOR = datetime.timedelta(days=30)
TOLD_AT_ONCE = 1_000


def run_schedule() -> None:
    """All that is due now, in order. May run twice at once, and makes up for what an outage left undone.

    A step that fails does not hold up the others, nor a contest the others; the next minute tries it again. Raises
    ExceptionGroup at the end: the job is logged as failed.
    """
    steps: tuple[Callable[[], int], ...] = (
        open_begun_rounds,
        reminders.remind_of_ends,
        attempts.close_left_open,
        counting.settle_all,
        counting.recount_marked,
        counting.refresh_stale_ranks,
        close_ended_rounds,
        close_ended_contests,
        lambda: _until_none(tell_contestants),
    )
    do_each(steps, lambda step: step())


def _until_none(step: Callable[[], int]) -> int:
    count = 0
    while done := step():
        count += done
    return count


def open_begun_rounds() -> int:
    """Record that frozen rounds have begun. Returns how many. Attempts are taken by the clock, before this too."""
    return open_rounds(queries.rounds_to_open())


def open_rounds(rounds: Iterable[Round]) -> int:
    """Open these rounds unless they are open, or their contest was cancelled since they were read."""
    return do_each(rounds, _open)


@transaction.atomic
def _open(round: Round) -> bool:
    round = transitions.locked_round(round)
    if not queries.rounds_to_open().filter(pk=round.pk).exists():
        return False
    transitions.apply_round_transition(round, RoundTransition.OPEN)
    transitions.record_contest_change(
        round.contest, EventType.CONTEST_ROUND_OPENED, to_topics=False, round=round.number
    )
    return True


def close_ended_rounds() -> int:
    """Close the rounds that have ended, with final ranks. Returns how many. One that is not settled comes again."""
    return do_each(queries.rounds_to_close(), _finalise_if_counted)


def _finalise_if_counted(round: Round) -> bool:
    try:
        return finalise(round)
    except RuleBroken as refusal:
        log.info("round %s is not closed yet: %s", round.pk, refusal.code)
        return False


@transaction.atomic
def finalise(round: Round) -> bool:
    """Close a round: count the turnout, write the final ranks, publish the seed. Returns False if it was closed before.

    The contest closes with its last ranked round. Raises RuleBroken: "not_ended", "not_settled" (attempts are open or
    not counted yet), "counting_not_finished" (a question was voided, somebody left the ranking or returned).
    """
    round = transitions.locked_round(round)
    if round.status == RoundStatus.CLOSED:
        return False
    transitions.require_round_transition(round, RoundTransition.CLOSE, by=None)
    _refuse_unfinished(round)
    counting.hold_counts(round.contest)
    counting.rescore(round.contest)  # those that were under way when a question was voided
    transitions.apply_round_transition(
        round, RoundTransition.CLOSE, closed_at=timezone.now(), turnout=counting.count_turnout(round)
    )
    counting.rank_closed_rounds(round.contest)
    locks.hold(Lock.QUESTIONS_IN_COMPETITION)  # answers become public: not while somebody freezes the same questions
    transitions.record_contest_change(
        round.contest, EventType.CONTEST_ROUND_CLOSED, to_topics=False, round=round.number,
        algorithm=paper.ALGORITHM, seed=bytes(round.seed).hex(), predicted_count=round.turnout,
    )  # fmt: skip
    if queries.contests_to_close().filter(pk=round.contest_id).exists():
        transitions.apply_transition(round.contest, ContestTransition.CLOSE)
    return True


def close_ended_contests() -> int:
    """Close contests of which only rounds are left that nobody froze. Returns how many. Others close with a round."""
    return do_each(queries.contests_to_close(), _close_contest)


@transaction.atomic
def _close_contest(contest: Contest) -> bool:
    contest = transitions.locked_contest(contest)  # of two workers the second finds it closed
    if contest.ranks_stale or not queries.contests_to_close().filter(pk=contest.pk).exists():
        return False
    counting.rank_closed_rounds(contest)
    transitions.apply_transition(contest, ContestTransition.CLOSE)
    transitions.record_contest_change(contest, EventType.CONTEST_CORRECTED, notify=False, removes_words=False)
    return True


def _refuse_unfinished(round: Round) -> None:
    if not queries.rounds_to_close().filter(pk=round.pk).exists():
        raise RuleBroken("not_ended", _("The round has not ended, or its contest was cancelled."))
    fairness.refuse_uncounted(round.contest)
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


def _contests_with_results() -> QuerySet[Contest]:
    """Contests whose results are final and shown, and in which somebody may still be waiting for them."""
    entries = Entry.objects.filter(contest=OuterRef("pk"))
    is_shown = ~Q(results_shown=ResultsShown.WHEN_PUBLISHED) | Q(status=ContestStatus.PUBLISHED)
    return Contest.objects.filter(
        is_shown,
        Exists(entries.filter(result_told_at=None, reader__isnull=False)),
        status__in=ENDED_STATUSES,
        ranks_stale=False,
    )


def erase_old_practice(now: datetime.datetime | None = None) -> int:
    """Erase attempts of practice rounds 30 days after they were submitted. Returns how many."""
    old = (now or timezone.now()) - PRACTICE_KEPT_FOR
    return Attempt.objects.filter(round__is_practice=True, submitted_at__lt=old).delete()[0]
