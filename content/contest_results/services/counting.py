"""Count attempts: settle what was submitted, exactly once, rank what is closed, and make all counts again.

All of it holds the lock of the contest's counts, so that two workers never write the same counts at once. Contestants
never wait for that lock: their requests mark what is to be counted. The contest's row is locked before.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from content import locks
from content.contest_results import statements
from content.contest_results.models import GroupCount, ProofPart, ScoreCount, Standing
from content.contest_results.queries import attempt_count, contestant_count
from content.contests import papers, queries
from content.contests.choices import PredictionOf
from content.contests.models import Attempt, Contest, Entry, Round
from content.contests.services import transitions
from content.contests.services.isolation import do_each
from content.contests.states import RoundStatus
from content.locks import Lock

BATCH = 1_000
COUNTED_STATUSES = (RoundStatus.FROZEN, RoundStatus.OPEN)


def settle_all() -> int:
    """Count all submitted attempts of rounds that are not closed. Returns how many."""
    unsettled = Attempt.objects.filter(round=OuterRef("pk"), settled_at=None, submitted_at__isnull=False)
    rounds = Round.objects.filter(Exists(unsettled), status__in=COUNTED_STATUSES, is_practice=False)
    return do_each(rounds.select_related("contest"), _settle_round)


def _settle_round(round: Round) -> int:
    count = settled = settle(round)
    while settled == BATCH:  # fewer: what is submitted meanwhile is counted in a minute
        settled = settle(round)
        count += settled
    return count


@transaction.atomic
def settle(round: Round, limit: int = BATCH) -> int:
    """Count the next submitted attempts of a round. Returns how many; 0: none is left, or another worker has them.

    In one commit they are marked and counted: a worker that is killed has counted none of them.
    """
    _hold(round.contest)
    round.refresh_from_db(fields=["void_count"])  # a question may have been voided since the round was read
    waiting = round.attempts.filter(settled_at=None, submitted_at__isnull=False).order_by("pk")
    batch = list(waiting.select_for_update(no_key=True, skip_locked=True).values_list("pk", "entry_id")[:limit])
    if batch:
        attempts = Attempt.objects.filter(pk__in=[pk for pk, _entry in batch])
        if round.void_count:
            _score_again(attempts, round)
        attempts.update(settled_at=Now())
        _recount(round.contest, {entry for _pk, entry in batch})
    return len(batch)


def recount_marked() -> int:
    """Count entries again that were disqualified, readmitted or made anonymous. Returns how many."""
    marked = Entry.objects.filter(contest=OuterRef("pk"), needs_recount=True)
    return do_each(Contest.objects.filter(Exists(marked)), _recount_marked_of)


def _recount_marked_of(contest: Contest) -> int:
    """Those that are marked now: whoever marks others meanwhile does not hold up what comes next."""
    marked = Entry.objects.filter(contest=contest, needs_recount=True).order_by("pk")
    entries = list(marked.values_list("pk", flat=True))
    return sum(_recount_entries(contest, entries[first : first + BATCH]) for first in range(0, len(entries), BATCH))


@transaction.atomic
def _recount_entries(contest: Contest, entries: Sequence[int]) -> int:
    """Count these entries again unless another worker has. Ranks are stale where one leaves the ranking or returns.

    Who was made anonymous keeps the rank.
    """
    transitions.locked_contest(contest)
    _hold(contest)
    marked = Entry.objects.filter(pk__in=entries, needs_recount=True).order_by("pk")
    locked = list(marked.select_for_update(no_key=True).values_list("pk", flat=True))
    Entry.objects.filter(pk__in=locked).update(needs_recount=False)
    standings = Standing.objects.filter(entry__in=locked)
    before = standings.count()
    _recount(contest, locked)
    if standings.count() != before:
        Contest.objects.filter(pk=contest.pk).update(ranks_stale=True)
    return len(locked)


def rescore(contest: Contest) -> int:
    """Score attempts again that do not know of a voided question yet. Returns how many."""
    count = 0
    for round in queries.ranked_rounds(contest).filter(void_count__gt=0).select_related("contest"):
        last = 0
        while batch := _rescore_after(round, last):
            last, count = batch[-1], count + len(batch)
    return count


@transaction.atomic
def _rescore_after(round: Round, last: int) -> list[int]:
    """Score the next attempts after that id again and count them. Returns their ids."""
    _hold(round.contest)
    stale = round.attempts.filter(pk__gt=last, submitted_at__isnull=False, scored_voids__lt=round.void_count)
    batch = list(stale.order_by("pk").select_for_update(no_key=True)[:BATCH])
    attempts = Attempt.objects.filter(pk__in=[attempt.pk for attempt in batch])
    _score_again(attempts, round)
    _recount(round.contest, {attempt.entry_id for attempt in batch})
    return [attempt.pk for attempt in batch]


def _score_again(attempts: QuerySet[Attempt], round: Round) -> None:
    voided = papers.voided_positions(round)
    rows = list(attempts.filter(scored_voids__lt=round.void_count).select_related("entry", "round__contest"))
    for attempt in rows:
        attempt.correct, attempt.scored_voids = papers.correct_count(attempt, voided), round.void_count
    Attempt.objects.bulk_update(rows, ["correct", "scored_voids"])


def refresh_stale_ranks() -> int:
    """Score and rank contests again in which a question was voided or an entry counted again. Returns how many.

    A worker that is killed leaves the contest stale: it comes again.
    """
    return do_each(Contest.objects.filter(ranks_stale=True), _refresh_ranks)


def _refresh_ranks(contest: Contest) -> int:
    rescore(contest)
    return _rank_again(contest)


@transaction.atomic
def _rank_again(contest: Contest) -> bool:
    """Rank unless a question was voided meanwhile: then the contest stays stale. Returns whether it is not."""
    contest = transitions.locked_contest(contest)  # nobody is disqualified meanwhile
    stale = Attempt.objects.filter(
        round=OuterRef("pk"),
        submitted_at__isnull=False,
        settled_at__isnull=False,
        scored_voids__lt=OuterRef("void_count"),
    )
    if queries.ranked_rounds(contest).filter(Exists(stale), void_count__gt=0).exists():
        return False
    _recount_marked_of(contest)
    rank_closed_rounds(contest)
    Contest.objects.filter(pk=contest.pk).update(ranks_stale=False)
    return True


@transaction.atomic
def rank_closed_rounds(contest: Contest) -> None:
    """Rank the closed rounds, and the whole contest once all its ranked rounds are closed.

    What was counted of the whole contest is deleted where only one round is left that counts.
    """
    _hold(contest)
    Contest.objects.filter(pk=contest.pk).update(rank_version=F("rank_version") + 1)
    rounds = list(queries.counted_rounds(contest))
    closed = [round for round in rounds if round.status == RoundStatus.CLOSED]
    for round in closed:
        rank(contest, round)
        ProofPart.objects.filter(round=round).delete()
    if len(rounds) < 2:
        for model in (Standing, ScoreCount, GroupCount):
            model.objects.filter(contest=contest, round=None).delete()
    else:
        rank(contest, None, is_final=len(closed) == len(rounds))


def rank(contest: Contest, round: Round | None, *, is_final: bool = True) -> None:
    """Write the ranks of a round, or of the whole contest, by one window statement. Hold the lock first.

    Not final: only what closed rounds tell of predictions; the ranks are null.
    """
    statement = statements.rank_sql(
        contest.ranking, has_predictions=contest.prediction_of != "", is_total=round is None, is_final=is_final
    )
    _execute(statement, contest, round=round and round.pk)


def count_turnout(round: Round) -> int | None:
    """What contestants predicted, from the counts; None where nothing was asked."""
    if round.contest.prediction_of == PredictionOf.CONTESTANTS:
        return contestant_count(round.contest, round)
    if round.contest.prediction_of == PredictionOf.ATTEMPTS:
        return attempt_count(round.contest, round)
    return None


@transaction.atomic
def rebuild(contest: Contest) -> None:
    """Make standings, counts and ranks again from the settled attempts. A repeat changes nothing."""
    _hold(contest)
    entries = Entry.objects.filter(contest=contest).order_by("pk").values_list("pk", flat=True)
    batch = list(entries[:BATCH])
    while batch:
        _recount(contest, batch)
        batch = list(entries.filter(pk__gt=batch[-1])[:BATCH])
    for statement in statements.COUNT_STANDINGS:
        _execute(statement, contest)
    rank_closed_rounds(contest)


def hold_counts(contest: Contest) -> None:
    """Hold the lock of the contest's counts until the transaction ends. Take it after the rows of contest and round."""
    _hold(contest)


def _hold(contest: Contest) -> None:
    locks.hold_for_name(Lock.CONTEST_COUNTS, contest.key)


def _recount(contest: Contest, entries: Iterable[int]) -> None:
    statement = statements.recount_sql(contest.score_policy, contest.ranking)
    has_total = queries.counted_rounds(contest).count() > 1
    _execute(statement, contest, entries=sorted(entries), has_total=has_total)
    for statement in statements.DELETE_EMPTY_COUNTS:
        _execute(statement, contest)


def _execute(statement: str, contest: Contest, **parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"contest": contest.pk, **parameters})
