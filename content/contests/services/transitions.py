"""What every transition of a contest or a round shares: lock, check, apply, record."""

from typing import Any

from django.utils import timezone

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.contests import policy, queries, states
from content.contests.models import Contest, Round
from content.contests.states import ContestTransition, RoundTransition
from content.copies import refuse_copy
from content.people import transitions
from content.people.models import User
from content.vietnam_time import local_iso


def locked_contest(contest: Contest) -> Contest:
    """The contest, locked until the transaction ends; rows that only refer to it do not wait.

    Lock it before its rounds, and both before the change log. Raises RuleBroken("not_ours") for a copy.
    """
    contest = Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    refuse_copy(contest)
    return contest


def locked_round(round: Round) -> Round:
    """The round, locked with its contest."""
    contest = locked_contest(round.contest)
    locked = Round.objects.select_for_update(no_key=True, of=("self",)).select_related("bank").get(pk=round.pk)
    locked.contest = contest
    return locked


def require_transition(contest: Contest, transition: ContestTransition, *, by: User | None, seen: str = "") -> None:
    """Refuse the transition unless the contest has it and `by` may make it. `by` is None for the system.

    `seen` is the `queries.contest_fingerprint` of what the person read; empty: not asked. Raises RuleBroken(
    "wrong_status", "changed_meanwhile"), NotAllowed("not_allowed").
    """
    transitions.require(
        states.TABLE, contest, transition, by=by, may=policy.may, seen=seen, fingerprint=queries.contest_fingerprint
    )


def require_round_transition(round: Round, transition: RoundTransition, *, by: User | None, seen: str = "") -> None:
    """As `require_transition`, for a round; `seen` is its `queries.round_fingerprint`."""
    transitions.require(
        states.ROUND_TABLE, round, transition, by=by, may=policy.may_with_round, seen=seen,
        fingerprint=queries.round_fingerprint,
    )  # fmt: skip


def apply_transition(
    contest: Contest, transition: ContestTransition, *, by: User | None = None, reason: str = "", **columns: Any
) -> None:
    """Set the new status and these columns, save them and audit the transition."""
    is_announced = contest.announced_at or columns.get("announced_at")
    columns["changed_at"] = timezone.now() if is_announced else None
    update_fields = ["status", *columns]
    transitions.apply(states.TABLE, contest, transition, by=by, reason=reason, update_fields=update_fields, **columns)


def apply_round_transition(
    round: Round, transition: RoundTransition, *, by: User | None = None, reason: str = "", **columns: Any
) -> None:
    """Set the new status and these columns, save them and audit the transition. Nothing else, as the seed, is sent."""
    update_fields = ["status", *columns]
    transitions.apply(
        states.ROUND_TABLE, round, transition, by=by, reason=reason, update_fields=update_fields, **columns
    )


def audit_transition(contest: Contest, transition: ContestTransition, *, by: User | None, reason: str = "") -> None:
    """Audit a transition whose service has saved the contest itself."""
    transitions.record_audit(states.TABLE, contest, transition, by=by, reason=reason)


def audit_round_transition(round: Round, transition: RoundTransition, *, by: User | None) -> None:
    transitions.record_audit(states.ROUND_TABLE, round, transition, by=by)


def record_contest_change(
    contest: Contest,
    event_type: EventType,
    *,
    notify: bool = True,
    nature: Nature = Nature.EDITORIAL,
    to_topics: bool = True,
    **facts: Any,
) -> Change:
    """Record a public change with the present facts of the contest, and nothing about readers.

    Without `to_topics` only followers of the contest itself and its contestants are notified.
    """
    return changes.record_public_change_of(
        contest, event_type, facts_of_contest(contest) | facts, nature=nature, notify=notify, to_topics=to_topics
    )


def facts_of_contest(contest: Contest) -> dict[str, Any]:
    """The facts of the contest that the change log stores."""
    return {
        "title": contest.title,
        "is_sample": contest.is_sample,
        "province": contest.province.name if contest.province else "",
        "rounds": [facts_of_round(each) for each in contest.rounds.order_by("number")],
    }


def facts_of_round(round: Round) -> dict[str, Any]:
    """The public facts of a round: its times in RFC 3339, Viet Nam time, and once it is frozen its hashes."""
    return {
        "number": round.number,
        "starts_at": local_iso(round.starts_at),
        "ends_at": local_iso(round.ends_at),
        "is_practice": round.is_practice,
        "seed_hash": round.seed_hash,
        "pool_hash": round.pool_hash,
    }
