"""Void questions, disqualify contestants and decide on objections, record a draw: by people, with a reason."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.contest_results.models import Disqualification, Standing
from content.contest_results.policy import OPEN_STATUSES
from content.contest_results.services import counting
from content.contests import policy, queries
from content.contests.choices import RankingKey
from content.contests.models import Contest, Entry, Round, RoundQuestion
from content.contests.services import transitions
from content.errors import NotAllowed, RuleBroken
from content.people import services as people
from content.people import text_input
from content.people.models import User

OBJECTION_TIME = datetime.timedelta(hours=72)
MAX_TEXT = 2_000


@transaction.atomic
def propose_void(question: RoundQuestion, *, by: User, reason: str) -> RoundQuestion:
    """Propose that a question counts for nobody; another person confirms it. A new proposal replaces an older one.

    Raises RuleBroken: "reason_required", "already_voided", "wrong_status" (the round is not frozen, or the results are
    proposed or published); NotAllowed("not_allowed").
    """
    question = _locked_question(question, by)
    question.void_proposed_by, question.void_reason = by, _reason(reason)
    question.save(update_fields=["void_proposed_by", "void_reason"])
    people.audit(
        "contest.propose_void", question.round.key, by=by, reason=question.void_reason, position=question.position
    )
    return question


@transaction.atomic
def confirm_void(question: RoundQuestion, *, by: User, seen: str = "") -> RoundQuestion:
    """Void a question that somebody else proposed. The worker scores and ranks all attempts again.

    Draws that were recorded are forgotten: other results may be equal now. Raises RuleBroken: "not_proposed",
    "second_person_required", "changed_meanwhile" (`seen`: `queries.void_fingerprint`), and what `propose_void` raises.
    """
    question = _locked_question(question, by)
    if question.void_proposed_by_id is None:
        raise RuleBroken("not_proposed", _("Nobody has proposed to void this question."))
    if question.void_proposed_by_id == by.pk:
        raise RuleBroken("second_person_required", _("You proposed this. Ask another person to confirm it."))
    if seen and seen != queries.void_fingerprint(question):
        raise RuleBroken("changed_meanwhile", _("It changed after you opened this page. Read it again."))
    _forget_draws(question.round.contest)
    question.voided_by, question.voided_at = by, timezone.now()
    question.save(update_fields=["voided_by", "voided_at"])
    round = question.round
    Round.objects.filter(pk=round.pk).update(void_count=F("void_count") + 1)
    Contest.objects.filter(pk=round.contest_id).update(ranks_stale=True, changed_at=timezone.now())
    people.audit("contest.void", round.key, by=by, reason=question.void_reason, position=question.position)
    transitions.record_contest_change(
        round.contest, EventType.CONTEST_QUESTION_VOIDED, nature=Nature.CORRECTION, to_topics=False,
        round=round.number, question=question.hash, reason=question.void_reason,
    )  # fmt: skip
    return question


@transaction.atomic
def disqualify(entry: Entry, *, by: User, reason: str) -> Disqualification:
    """Take a contestant out of the ranking and tell them why. They may object for 72 hours.

    Raises RuleBroken: "reason_required", "already_disqualified", "wrong_status"; NotAllowed("not_allowed").
    """
    contest = _locked_open_contest(entry.contest, by)
    entry = Entry.objects.select_for_update(no_key=True, of=("self",)).select_related("reader").get(pk=entry.pk)
    reason = _reason(reason)
    if entry.disqualified_at:
        raise RuleBroken("already_disqualified", _("This contestant is disqualified already."))
    _forget_draws(contest)
    _mark(entry, timezone.now())
    decision = Disqualification.objects.create(entry=entry, by=by, reason=reason)
    people.audit("contest.disqualify", contest.key, by=by, reason=reason, code=entry.code)
    if entry.reader:
        changes.record_change(
            EventType.CONTEST_DISQUALIFIED, contest.key, nature=Nature.EDITORIAL, reader=entry.reader
        )  # private, without any fact: the reason is at the entry
    return decision


@transaction.atomic
def object_to_disqualification(entry: Entry, *, text: str) -> Disqualification:
    """Store what the disqualified contestant says. Sent again within 72 hours, it replaces the former text.

    Raises RuleBroken: "not_disqualified", "objection_too_late", "already_decided", and what `clean_text` raises.
    """
    decision = _standing_disqualification(entry)
    if decision.decided_at:
        raise RuleBroken("already_decided", _("Your objection was decided."))
    if queries.database_now(entry.contest) > decision.at + OBJECTION_TIME:
        raise RuleBroken("objection_too_late", _("The 72 hours to object are over."))
    decision.objection = text_input.clean_text(text, "text", max_length=MAX_TEXT)
    decision.objected_at = timezone.now()
    decision.save(update_fields=["objection", "objected_at"])
    return decision


@transaction.atomic
def decide_objection(entry: Entry, *, by: User, lift: bool, reason: str) -> Disqualification:
    """Decide on an objection: lift the disqualification, or let it stand. `by` is not who disqualified.

    Raises RuleBroken: "not_disqualified", "no_objection", "already_decided", "second_person_required",
    "reason_required", "wrong_status"; NotAllowed("not_allowed").
    """
    contest = _locked_open_contest(entry.contest, by)
    decision = _standing_disqualification(entry)
    if decision.objected_at is None:
        raise RuleBroken("no_objection", _("The contestant has not objected."))
    if decision.decided_at:
        raise RuleBroken("already_decided", _("The objection was decided."))
    if decision.by_id == by.pk:
        raise RuleBroken("second_person_required", _("You disqualified them. Ask another person to decide."))
    decision.decision, decision.decided_by, decision.decided_at = _reason(reason), by, timezone.now()
    decision.is_lifted = lift
    decision.save(update_fields=["decision", "decided_by", "decided_at", "is_lifted"])
    if lift:
        _forget_draws(contest)
        _mark(decision.entry, None)
    people.audit(
        "contest.decide_objection", contest.key, by=by, reason=decision.decision, code=decision.entry.code, lifted=lift
    )
    return decision


@transaction.atomic
def record_draw(contest: Contest, round: Round | None, codes: Sequence[str], *, by: User, reason: str) -> None:
    """Record the order in which the organiser drew contestants whose results are equal. The worker ranks them anew.

    `codes`: all of those that share a rank, the best first. Raises RuleBroken: "draw_not_declared", "not_tied" (their
    results differ, are not final, or one is missing), "counting_not_finished", "reason_required", "wrong_status";
    NotAllowed("not_allowed").
    """
    contest = _locked_open_contest(contest, by)
    refuse_uncounted(contest)
    if RankingKey.DRAW not in contest.ranking:
        raise RuleBroken("draw_not_declared", _("The rules of this contest have no drawing of lots."))
    ranked = Standing.objects.filter(contest=contest, round=round, rank__isnull=False)
    drawn = {each.entry.code: each for each in ranked.filter(entry__code__in=codes).select_related("entry")}
    shared = {(each.bracket, each.rank) for each in drawn.values()}
    is_whole = len(drawn) == len(codes) and len(shared) == 1
    if not is_whole or ranked.filter(bracket=(tie := shared.pop())[0], rank=tie[1]).count() != len(codes):
        raise RuleBroken("not_tied", _("Draw among all contestants who share a rank, and only among them."))
    counting.hold_counts(contest)
    for place, code in enumerate(codes, 1):
        Standing.objects.filter(pk=drawn[code].pk).update(draw=place)
    Contest.objects.filter(pk=contest.pk).update(ranks_stale=True)
    people.audit("contest.draw", contest.key, by=by, reason=_reason(reason), codes=list(codes))


def refuse_uncounted(contest: Contest) -> None:
    """Raise RuleBroken("counting_not_finished") while the worker has something to rank again.

    Readers who are erased meanwhile change no rank: nobody waits until they are counted.
    """
    if contest.ranks_stale:
        message = _("The ranks are being counted again. Try again in some minutes.")
        raise RuleBroken("counting_not_finished", message)


def _forget_draws(contest: Contest) -> None:
    """A draw is among equal results. Where these change it says nothing any more, and is made again."""
    if RankingKey.DRAW not in contest.ranking:
        return
    counting.hold_counts(contest)
    if Standing.objects.filter(contest=contest, draw__gt=0).update(draw=0):
        Contest.objects.filter(pk=contest.pk).update(ranks_stale=True)


def _mark(entry: Entry, disqualified_at: datetime.datetime | None) -> None:
    entry.disqualified_at, entry.needs_recount = disqualified_at, True
    entry.save(update_fields=["disqualified_at", "needs_recount"])
    Contest.objects.filter(pk=entry.contest_id).update(ranks_stale=True)


def _standing_disqualification(entry: Entry) -> Disqualification:
    held = Disqualification.objects.select_for_update(no_key=True, of=("self",)).filter(entry=entry, is_lifted=False)
    decision = held.select_related("entry").first()
    if decision is None:
        raise RuleBroken("not_disqualified", _("This contestant is not disqualified."))
    return decision


def _locked_question(question: RoundQuestion, by: User) -> RoundQuestion:
    contest = _locked_open_contest(question.round.contest, by)
    locked = RoundQuestion.objects.select_for_update(no_key=True, of=("self",)).select_related("round")
    question = locked.get(pk=question.pk)
    question.round.contest = contest
    if question.voided_at:
        raise RuleBroken("already_voided", _("This question counts for nobody already."))
    return question


def _locked_open_contest(contest: Contest, by: User) -> Contest:
    if not policy.may_judge(by):
        raise NotAllowed("not_allowed", _("You are not allowed to decide on results."))
    contest = transitions.locked_contest(contest)
    if contest.status not in OPEN_STATUSES:
        message = _("This is possible only until the results are proposed. Return them first, or leave them.")
        raise RuleBroken("wrong_status", message, field="status")
    return contest


def _reason(reason: str) -> str:
    return text_input.clean_text(text_input.require_reason(reason), "reason", max_length=MAX_TEXT)
