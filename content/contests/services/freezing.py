"""Freeze a round: one person proposes it, another confirms. From then on its questions and its draw are fixed."""

import datetime
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content import locks
from content.changes.event_types import EventType
from content.contest_papers import paper
from content.contests import queries
from content.contests.models import Round, RoundQuestion
from content.contests.services import transitions
from content.contests.states import RoundTransition
from content.errors import RuleBroken
from content.locks import Lock
from content.people.models import User
from content.question_banks import queries as banks
from content.question_banks.models import QuizQuestion
from content.seals import services as seals
from content.topics.models import Topic
from content.vietnam_time import VIETNAM_TIME

MAX_NAMED = 5  # unfit questions that a refusal names


@transaction.atomic
def propose_freeze(round: Round, *, by: User | None, seen: str = "") -> Round:
    """Propose to freeze a round. Raises RuleBroken as `freeze` does."""
    round = transitions.locked_round(round)
    transitions.require_round_transition(round, RoundTransition.PROPOSE_FREEZE, by=by, seen=seen)
    _chosen_questions(round)
    transitions.apply_round_transition(round, RoundTransition.PROPOSE_FREEZE, by=by, freeze_proposed_by=by)
    return round


@transaction.atomic
def return_round(round: Round, *, by: User | None) -> Round:
    """Return a proposed round to draft, so that it can be changed. Raises RuleBroken("wrong_status")."""
    round = transitions.locked_round(round)
    transitions.require_round_transition(round, RoundTransition.RETURN, by=by)
    transitions.apply_round_transition(round, RoundTransition.RETURN, by=by, freeze_proposed_by=None)
    return round


@transaction.atomic
def freeze(round: Round, *, by: User | None, seen: str = "") -> Round:
    """Fix the questions of a round and its draw, and publish the hashes of both. `by` did not propose it.

    The seed of the draw is made here and shown to nobody before the round is closed. Raises RuleBroken: "no_seal_key"
    (receipts could not be signed), "starts_in_past", "pool_too_small" (a section is larger than its questions),
    "unfit_questions" (the law they cite changed, or is not in force on a day of the round), "answers_known" (another
    round shows the answers, or this one would show those of another, or the scores of several attempts tell them),
    "wrong_status", "changed_meanwhile" (`seen`); NotAllowed("not_allowed"), for the proposer too.
    """
    round = transitions.locked_round(round)
    transitions.require_round_transition(round, RoundTransition.FREEZE, by=by, seen=seen)
    chosen = _chosen_questions(round)
    rows = [_frozen_question(round, place, *each) for place, each in enumerate(chosen)]
    RoundQuestion.objects.bulk_create(rows)
    now = queries.database_now(round.contest)
    QuizQuestion.objects.filter(pk__in=[each.question_id for each in rows], used_at=None).update(used_at=now)
    seed = secrets.token_bytes(paper.SEED_BYTES)
    transitions.apply_round_transition(
        round, RoundTransition.FREEZE, by=by, frozen_by=by, frozen_at=now, seed=seed,
        seed_hash=hashlib.sha256(seed).hexdigest(), pool_hash=paper.pool_hash([row.hash for row in rows]),
    )  # fmt: skip
    if round.contest.is_public:
        transitions.record_contest_change(
            round.contest, EventType.CONTEST_ROUND_FROZEN, to_topics=False, round=round.number,
            algorithm=paper.ALGORITHM, sizes=[section["count"] for section in round.sections], pool_size=len(rows),
        )  # fmt: skip
    return round


def _chosen_questions(round: Round) -> list[tuple[int, QuizQuestion]]:
    """[(section, question)] of the whole pool, locked so that nobody revises one meanwhile. Raises RuleBroken."""
    if not seals.can_sign():
        message = _("This server has no key to sign receipts with. Ask the operator to set SEAL_KEYS.")
        raise RuleBroken("no_seal_key", message)
    if round.starts_at <= queries.database_now(round.contest):
        raise RuleBroken("starts_in_past", _("Freeze a round before it begins."), field="starts_at")
    chosen = list(_questions_of_sections(round))
    first, last = _days_of(round)
    pool = QuizQuestion.objects.filter(pk__in=[question.pk for _section, question in chosen])
    unfit = list(banks.unfit_questions(pool.order_by("pk"), first, last))
    if unfit:
        named = "; ".join(f"{question.key}: {reason}" for question, reason in unfit[:MAX_NAMED])
        words = _("%(count)d questions must be reviewed first. %(named)s.")
        raise RuleBroken("unfit_questions", words % {"count": len(unfit), "named": named}, field="sections")
    _refuse_known_answers(round, [question for _section, question in chosen])
    return chosen


def _refuse_known_answers(round: Round, questions: Sequence[QuizQuestion]) -> None:
    """A ranked round asks nothing whose answer is public, or is told by scores; practice nothing still competed with.

    Questions that say the same under other keys count too. Two rounds are not compared at once: the second sees the
    first.
    """
    if round.contest.is_sample:
        return
    locks.hold(Lock.QUESTIONS_IN_COMPETITION)
    own = {question.key for question in questions}
    alike = banks.keys_of_same_questions(questions) - own
    message = _("These rounds still compete with the same questions under other keys: %s. Choose other questions.")
    if round.is_practice:
        message = _("Practice shows the answers, but these rounds still compete with the same questions: %s.")
    asked = queries.questions_in_competition().filter(question__key__in=alike | own if round.is_practice else alike)
    _refuse_rounds((each.round for each in asked.select_related("round__contest")), message)
    if round.is_practice:
        return
    message = _("The answers to questions of this round can be read in these rounds: %s. Choose other questions.")
    _refuse_rounds(queries.rounds_with_known_answers(alike | own), message)
    message = _(
        "Whoever has several attempts finds the answers from the scores. These rounds ask the same questions: %s. "
        "Choose other questions, or allow one attempt in each contest."
    )
    _refuse_rounds(queries.rounds_with_readable_scores(round.contest, alike | own), message)


def _refuse_rounds(rounds: Iterable[Round], message: str) -> None:
    keys = sorted({each.key for each in rounds})
    if keys:
        raise RuleBroken("answers_known", message % ", ".join(keys[:MAX_NAMED]), field="sections")


def _questions_of_sections(round: Round) -> Iterator[tuple[int, QuizQuestion]]:
    """The questions of each section. One that is about the topics of two sections is in the first."""
    locked = _locked_questions(round)
    taken: set[int] = set()
    for number, section in enumerate(round.sections):
        topic = Topic.objects.filter(key=section["topic"]).first() if section["topic"] else None
        questions = list(banks.pool_of(round.bank, topic).filter(pk__in=locked).exclude(pk__in=taken))
        if len(questions) < section["count"]:
            words = _("Section %(number)d draws %(count)d questions, but the bank has only %(available)d for it.")
            shown = {"number": number + 1, "count": section["count"], "available": len(questions)}
            raise RuleBroken("pool_too_small", words % shown, field="sections")
        taken |= {question.pk for question in questions}
        yield from ((number, question) for question in questions)


def _locked_questions(round: Round) -> list[int]:
    """Ids of all approved questions of the bank, locked in one order: rounds with other sections do not deadlock."""
    approved = banks.pool_of(round.bank, None).order_by("pk")
    return list(approved.select_for_update(no_key=True).values_list("pk", flat=True))


def _frozen_question(round: Round, place: int, section: int, question: QuizQuestion) -> RoundQuestion:
    salt = secrets.token_bytes(paper.SALT_BYTES)
    digest = paper.question_hash(salt, hashed_content(question))
    return RoundQuestion(round=round, position=place, section=section, question=question, salt=salt, hash=digest)


def hashed_content(question: QuizQuestion) -> dict[str, Any]:
    """What the hash of a frozen question covers: all that decides how it is shown and scored."""
    names = ("key", "revision", "kind", "text", "choices", "right", "accepted", "accents_count", "keeps_order")
    return {name: getattr(question, name) for name in names}


def _days_of(round: Round) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a round in Viet Nam; one that ends at 24h00 does not reach the next day."""
    last = round.ends_at - datetime.timedelta(microseconds=1)
    return round.starts_at.astimezone(VIETNAM_TIME).date(), last.astimezone(VIETNAM_TIME).date()
