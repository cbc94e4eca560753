"""Announce, correct and cancel contests."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.changes.event_types import EventType, Nature
from content.contests import queries, search_keys
from content.contests.models import Contest, Round
from content.contests.services import drafts, transitions
from content.contests.states import ContestStatus, ContestTransition
from content.errors import RuleBroken
from content.locks import Lock
from content.people import text_input
from content.people.models import User
from content.text.removed_words import removes_words


@transaction.atomic
def announce(
    contest: Contest, *, by: User | None = None, notify: bool = True, reason: str = "", seen: str = ""
) -> Contest:
    """Make a draft public with its rules and tell the followers of its topics and organisation. A repeat is a no-op.

    Raises RuleBroken: "topic_required", "round_required", "starts_in_past" (a round has begun and is not frozen, or has
    ended), "sign_in_unavailable", "wrong_status", "changed_meanwhile" (`seen`); NotAllowed("not_allowed"), for the
    author too.
    """
    contest = transitions.locked_contest(contest)
    if contest.status == ContestStatus.ANNOUNCED:
        return contest
    transitions.require_transition(contest, ContestTransition.ANNOUNCE, by=by, seen=seen)
    drafts.clean_contest(contest)
    _refuse_without_topic(contest.topics.exists())
    if not contest.rounds.exists():
        raise RuleBroken("round_required", _("Plan at least one round."), field="rounds")
    now = queries.database_now(contest)
    is_late = Q(frozen_at=None, starts_at__lte=now) | Q(ends_at__lte=now)
    if contest.rounds.filter(is_late).exists():
        raise RuleBroken("starts_in_past", _("Each round must begin in the future."), field="starts_at")
    transitions.apply_transition(contest, ContestTransition.ANNOUNCE, by=by, reason=reason, announced_at=now)
    search_keys.refresh_contest_search_keys(contest)
    transitions.record_contest_change(contest, EventType.CONTEST_ANNOUNCED, notify=notify)
    return contest


@transaction.atomic
def correct(contest: Contest, *, by: User | None = None, reason: str, seen: str = "", **columns: Any) -> Contest:
    """Correct the description of an announced contest. What decides the ranks stays. Nobody is notified.

    Raises RuleBroken: "rules_are_fixed", "topic_required", "reason_required", "changed_meanwhile" (`seen`), and what
    `drafts.plan` raises.
    """
    contest = transitions.locked_contest(contest)
    transitions.require_transition(contest, ContestTransition.CORRECT, by=by, seen=seen)
    reason = text_input.require_reason(reason)
    drafts.refuse_other_rules(contest, columns)
    _refuse_without_topic("topics" not in columns or bool(columns["topics"]))
    before = queries.public_texts(contest)
    contest.changed_at = timezone.now()
    drafts.update_contest(contest, columns)
    search_keys.refresh_contest_search_keys(contest)
    transitions.audit_transition(contest, ContestTransition.CORRECT, by=by, reason=reason)
    removes = removes_words(before.values(), queries.public_texts(contest).values())
    transitions.record_contest_change(contest, EventType.CONTEST_CORRECTED, notify=False, removes_words=removes)
    return contest


@transaction.atomic
def cancel(contest: Contest, *, by: User | None = None, reason: str, seen: str = "") -> Contest:
    """Cancel the contest: no attempt is taken any more. It stays readable with the reason. A repeat is a no-op.

    The log tells the seeds of rounds in which somebody began: receipts can be checked as after a close.

    Raises RuleBroken: "reason_required", "wrong_status", "changed_meanwhile" (`seen`).
    """
    contest = transitions.locked_contest(contest)
    if contest.status == ContestStatus.CANCELLED:
        return contest
    transitions.require_transition(contest, ContestTransition.CANCEL, by=by, seen=seen)
    reason = text_input.clean_text(text_input.require_reason(reason), "reason", max_length=1000)
    locks.hold(Lock.QUESTIONS_IN_COMPETITION)  # answers become public: not while somebody freezes the same questions
    locks.hold_for_name(Lock.CONTEST_STARTS, contest.key)  # those under way have begun, the next find it cancelled
    transitions.apply_transition(contest, ContestTransition.CANCEL, by=by, reason=reason, cancel_reason=reason)
    transitions.record_contest_change(
        contest, EventType.CONTEST_CANCELLED, nature=Nature.WITHDRAWAL, reason=reason, removes_words=False,
        rounds=[transitions.facts_of_round(each) | _published_seed(each) for each in contest.rounds.order_by("number")],
    )  # fmt: skip
    return contest


def _published_seed(round: Round) -> dict[str, str]:
    return {"seed": bytes(round.seed).hex()} if queries.is_cancelled_with_attempts(round) else {}


def _refuse_without_topic(has_topic: bool) -> None:
    if not has_topic:
        raise RuleBroken("topic_required", _("Choose at least one topic. Its followers are notified."), field="topics")
