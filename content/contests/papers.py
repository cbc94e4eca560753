"""The paper of an attempt: as shown, as scored, and with its solutions.

The frozen questions of a round never change, so each process reads them once. A paper is derived again by each request:
it takes a millisecond, and nothing stored can differ from the proof.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from content.contest_papers import paper, scoring
from content.contest_papers.paper import LETTERS, PaperQuestion, PoolQuestion
from content.contest_papers.scoring import Answerable
from content.contests import queries
from content.contests.models import Attempt, Round, RoundQuestion
from content.errors import RuleBroken
from content.people.text_input import FORBIDDEN_CHARACTERS
from content.question_banks.models import ANSWER_LENGTH, QuizKind, QuizQuestion
from content.text.vietnamese import nfc


@dataclass(frozen=True)
class FrozenRound:
    """The frozen questions of a round, each in three forms, in the order of the pool."""

    pool: Sequence[PoolQuestion]
    answerables: Sequence[Answerable]
    questions: Sequence[QuizQuestion]


@dataclass(frozen=True)
class ShownQuestion:
    """A question as a contestant sees it: number from 1, and the choices with their letters. No key."""

    number: int
    kind: str
    text: str
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SolvedQuestion:
    """A question after it: what was answered, what is right (letters, or accepted texts), and why."""

    shown: ShownQuestion
    answer: str
    right: Sequence[str]
    is_right: bool
    is_voided: bool
    explanation: str
    question: QuizQuestion  # its `basis` has the provisions


def frozen_round(round: Round) -> FrozenRound:
    """The frozen questions of a round. Empty before it is frozen."""
    return _frozen_round(round.pk, round.pool_hash)


@functools.lru_cache(maxsize=16)
def _frozen_round(pk: int, pool_hash: str) -> FrozenRound:
    rows = RoundQuestion.objects.filter(round_id=pk).select_related("question").order_by("position")
    questions = [(row, row.question) for row in rows]
    return FrozenRound(
        pool=[PoolQuestion(row.hash, row.section, len(each.choices), each.is_shuffled) for row, each in questions],
        answerables=[_answerable(each) for _row, each in questions],
        questions=[each for _row, each in questions],
    )


def _answerable(question: QuizQuestion) -> Answerable:
    accepted = frozenset(scoring.comparable(each, question.accents_count) for each in question.accepted)
    return Answerable((question.right or 0) - 1, accepted, question.accents_count)


def paper_of(attempt: Attempt) -> Sequence[PaperQuestion]:
    """The questions of an attempt by their places in the pool. Needs entry, round and contest of the attempt."""
    round = attempt.round
    identity = (round.contest.key, round.number, attempt.entry.code, attempt.number)
    sizes = tuple(section["count"] for section in round.sections)
    return _drawn(round.pk, round.pool_hash, bytes(round.seed), identity, bytes(attempt.nonce), sizes)


@functools.lru_cache(maxsize=256)
def _drawn(
    pk: int, pool_hash: str, seed: bytes, identity: tuple[str | int, ...], nonce: bytes, sizes: tuple[int, ...]
) -> Sequence[PaperQuestion]:
    """The paper, drawn once for all that a request asks of it: the choices that it has, the score, its hash."""
    return tuple(paper.draw_paper(seed, identity, nonce, _frozen_round(pk, pool_hash).pool, sizes))


def paper_hash_of(attempt: Attempt) -> str:
    """The hash of the paper that its receipt and the proof have."""
    return paper.paper_hash(paper_of(attempt), frozen_round(attempt.round).pool)


def shown_paper(attempt: Attempt) -> list[ShownQuestion]:
    """The questions of an attempt as its contestant sees them, without the key."""
    questions = frozen_round(attempt.round).questions
    return [_shown(number, each, questions[each.position]) for number, each in enumerate(paper_of(attempt), 1)]


def _shown(number: int, each: PaperQuestion, question: QuizQuestion) -> ShownQuestion:
    choices = [(LETTERS[place], question.choices[at]) for place, at in enumerate(each.order)]
    return ShownQuestion(number, question.kind, question.text, choices)


def solved_paper(attempt: Attempt) -> list[SolvedQuestion]:
    """The questions with the answers given and the right ones.

    Raises RuleBroken("results_not_shown") while others still compete or the attempt is open.
    """
    if attempt.submitted_at is None or not queries.shows_solutions(attempt.round):
        raise RuleBroken("results_not_shown", _("The right answers are shown after the end of the round."))
    frozen, voided = frozen_round(attempt.round), voided_positions(attempt.round)
    drawn = paper_of(attempt)
    keys = [frozen.questions[each.position].pk for each in drawn]
    cited = QuizQuestion.objects.select_related("basis").prefetch_related("basis__citations").in_bulk(keys)
    solved = []
    for number, each in enumerate(drawn, 1):
        question, answer = cited[keys[number - 1]], attempt.answers.get(str(number), "")
        right = [LETTERS[each.order.index(question.right - 1)]] if question.right else list(question.accepted)
        solved.append(
            SolvedQuestion(
                shown=_shown(number, each, question),
                answer=answer,
                right=right,
                is_right=scoring.is_right(each, frozen.answerables[each.position], answer),
                is_voided=each.position in voided,
                explanation=question.explanation,
                question=question,
            )
        )
    return solved


def voided_positions(round: Round) -> frozenset[int]:
    """The places in the pool of questions that count for nobody."""
    if not round.void_count:
        return frozenset()
    return frozenset(round.questions.exclude(voided_at=None).values_list("position", flat=True))


def correct_count(attempt: Attempt, voided: frozenset[int]) -> int:
    """How many of the attempt's answers are right, without the voided questions."""
    answerables = frozen_round(attempt.round).answerables
    return scoring.correct_count(paper_of(attempt), answerables, attempt.answers, voided)


def clean_answers(attempt: Attempt, answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers, checked against the paper: {number from "1": letter of a choice, or text}. "" is no answer.

    Raises RuleBroken with the field "answers": "unknown_question" (a number that is not on this paper),
    "unknown_choice" (a letter that is no choice of the question), "too_long", "invalid_character".
    """
    shown = {str(number): each for number, each in enumerate(paper_of(attempt), 1)}
    questions = frozen_round(attempt.round).questions
    if not answers.keys() <= shown.keys():
        raise RuleBroken("unknown_question", _("A number is not on this paper."), field="answers")
    return {
        number: _clean_answer(number, shown[number], questions[shown[number].position], answer)
        for number, answer in answers.items()
    }


def _clean_answer(number: str, shown: PaperQuestion, question: QuizQuestion, answer: Any) -> str:
    letters = LETTERS[: len(shown.order)]
    if not isinstance(answer, str) or (question.kind != QuizKind.FILL_IN and answer not in ("", *letters)):
        message = _("Question %(number)d has no such choice. Its choices are: %(letters)s.")
        values = {"number": int(number), "letters": ", ".join(letters)}
        raise RuleBroken("unknown_choice", message % values, field="answers")
    return _clean_text(answer) if question.kind == QuizKind.FILL_IN else answer


def _clean_text(answer: str) -> str:
    if FORBIDDEN_CHARACTERS.search(answer):
        message = _("The text has an invisible character. Type it again without formatting.")
        raise RuleBroken("invalid_character", message, field="answers")
    if len(answer) > ANSWER_LENGTH:
        raise RuleBroken("too_long", _("Use at most %d characters.") % ANSWER_LENGTH, field="answers")
    return nfc(answer)
