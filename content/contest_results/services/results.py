"""Propose the results of a contest with its winners; another person publishes them."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.changes.event_types import EventType
from content.contest_results.models import Disqualification, Standing, Winner
from content.contest_results.models.winners import PRIZE_LENGTH
from content.contest_results.queries import attempt_count, contestant_count
from content.contest_results.services.fairness import OBJECTION_TIME, refuse_uncounted
from content.contests import queries
from content.contests.models import Contest, Entry
from content.contests.services import transitions
from content.contests.states import ContestStatus, ContestTransition
from content.errors import RuleBroken
from content.locks import Lock
from content.people import text_input
from content.people.models import User

MAX_WINNERS = 1_000


@transaction.atomic
def propose_results(
    contest: Contest, *, winners: Sequence[tuple[str, str]], by: User | None, seen: str = ""
) -> Contest:
    """Propose the final ranks and the winners: [(code, prize)] in the order in which they are named.

    Raises RuleBroken: "counting_not_finished" (questions were voided, or contestants disqualified, a moment ago),
    "objections_open", "winner_invalid" (unknown, disqualified, without a rank, or named twice), "too_many_winners",
    "wrong_status", "changed_meanwhile" (`seen`), and what `clean_line` raises; NotAllowed("not_allowed").
    """
    contest = transitions.locked_contest(contest)
    transitions.require_transition(contest, ContestTransition.PROPOSE_RESULTS, by=by, seen=seen)
    _refuse_unfinished(contest)
    Winner.objects.bulk_create(_winners(contest, winners))
    transitions.apply_transition(contest, ContestTransition.PROPOSE_RESULTS, by=by, results_proposed_by=by)
    return contest


@transaction.atomic
def return_results(contest: Contest, *, by: User | None, reason: str) -> Contest:
    """Return proposed results; the proposed winners are forgotten. Raises RuleBroken("wrong_status")."""
    contest = transitions.locked_contest(contest)
    transitions.require_transition(contest, ContestTransition.RETURN_RESULTS, by=by)
    reason = text_input.require_reason(reason)
    contest.winners.all().delete()
    transitions.apply_transition(
        contest, ContestTransition.RETURN_RESULTS, by=by, reason=reason, results_proposed_by=None
    )
    return contest


@transaction.atomic
def publish_results(contest: Contest, *, by: User | None, seen: str = "", notify: bool = True) -> Contest:
    """Publish the ranks that somebody else proposed and tell followers and contestants. A repeat is a no-op.

    Raises RuleBroken: "wrong_status", "changed_meanwhile" (`seen`), "counting_not_finished"; NotAllowed("not_allowed"),
    for the proposer too.
    """
    contest = transitions.locked_contest(contest)
    if contest.status == ContestStatus.PUBLISHED:
        return contest
    transitions.require_transition(contest, ContestTransition.PUBLISH_RESULTS, by=by, seen=seen)
    _refuse_unfinished(contest)
    locks.hold(Lock.QUESTIONS_IN_COMPETITION)  # answers become public: not while somebody freezes the same questions
    transitions.apply_transition(
        contest, ContestTransition.PUBLISH_RESULTS, by=by, results_published_by=by, results_published_at=timezone.now()
    )
    turnout = turnout_of(contest)
    transitions.record_contest_change(contest, EventType.CONTEST_RESULTS_PUBLISHED, notify=notify, turnout=turnout)
    return contest


def turnout_of(contest: Contest) -> dict[str, int]:
    """{"contestants": …, "attempts": …} of the ranked rounds, from the counts."""
    rounds = list(queries.counted_rounds(contest))
    counted = rounds[0] if len(rounds) == 1 else None
    return {"contestants": contestant_count(contest, counted), "attempts": attempt_count(contest, counted)}


def _refuse_unfinished(contest: Contest) -> None:
    refuse_uncounted(contest)
    undecided = Disqualification.objects.filter(entry__contest=contest, decided_at=None).filter(
        Q(objected_at__isnull=False) | Q(at__gt=Now() - OBJECTION_TIME)
    )
    if undecided.exists():
        message = _("A disqualified contestant may still object, or has objected. Decide on it first.")
        raise RuleBroken("objections_open", message)


def _winners(contest: Contest, named: Sequence[tuple[str, str]]) -> Iterable[Winner]:
    if len(named) > MAX_WINNERS:
        raise RuleBroken("too_many_winners", _("Name at most %d winners.") % MAX_WINNERS, field="winners")
    codes = [code for code, _prize in named]
    ranked = Standing.objects.filter(contest=contest, rank__isnull=False).values("entry")
    entries = Entry.objects.filter(contest=contest, code__in=codes, disqualified_at=None, pk__in=ranked)
    by_code = {entry.code: entry for entry in entries}
    for code in codes:
        if code not in by_code or codes.count(code) > 1:
            message = _("«%s» has no final rank in this contest, or is named twice.") % code
            raise RuleBroken("winner_invalid", message, field="winners")
    return [
        Winner(
            contest=contest,
            entry=by_code[code],
            position=position,
            prize=text_input.clean_line(prize, "winners", max_length=PRIZE_LENGTH),
        )
        for position, (code, prize) in enumerate(named, 1)
    ]
