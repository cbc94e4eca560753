"""Score a paper and rank results. Pure: what is stored is made of it, and can be made again."""

import datetime
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from content.contest_papers.paper import LETTERS, PaperQuestion
from content.text.vietnamese import fold, one_spelling

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
MOST_CORRECT = 2**31 - 1  # `correct` is stored inverted below it, so that more come first
NO_PREDICTION = 2**62  # the distance of who predicted nothing: behind all others


@dataclass(frozen=True)
class Answerable:
    """What scoring needs of a question. `right`: place of the right choice in the bank, from 0; -1 without choices."""

    right: int
    accepted: frozenset[str] = frozenset()  # as `comparable` writes them
    accents_count: bool = True


def correct_count(
    paper: Sequence[PaperQuestion],
    questions: Sequence[Answerable],
    answers: Mapping[str, str],
    voided: Collection[int] = (),
) -> int:
    """How many answers are right. `questions` and the positions in `voided`, which count for none, are of the pool.

    `answers`: {number on the paper from "1": letter of the choice as shown, or text}.
    """
    return sum(
        is_right(each, questions[each.position], answers.get(str(number), ""))
        for number, each in enumerate(paper, 1)
        if each.position not in voided
    )


def is_right(shown: PaperQuestion, question: Answerable, answer: str) -> bool:
    """Whether the answer to one question is right. An empty one never is."""
    if question.right < 0:
        return comparable(answer, question.accents_count) in question.accepted
    place = LETTERS.find(answer) if len(answer) == 1 else -1
    return 0 <= place < len(shown.order) and shown.order[place] == question.right


def comparable(answer: str, accents_count: bool = True) -> str:
    """The form in which filled-in answers are compared.

    Case, blanks, the place of the tone («hoà», «hòa») and full-width signs do not matter. Accents do, unless the
    question says otherwise.
    """
    plain = " ".join(unicodedata.normalize("NFKC", answer).casefold().split())
    return one_spelling(plain) if accents_count else fold(plain)


def order_key(
    ranking: Sequence[str], *, correct: int, duration_ms: int, distance: int, submitted_at: datetime.datetime, draw: int
) -> bytes:
    """The result as bytes that sort as the declared ranking says: less is better. The database writes the same bytes.

    Each part is eight bytes, big-endian.
    """
    parts = {
        "correct": MOST_CORRECT - correct,
        "duration": duration_ms,
        "prediction": distance,
        "submitted_at": (submitted_at - EPOCH) // MICROSECOND,
        "draw": draw,
    }
    return b"".join(parts[each].to_bytes(8) for each in ranking)


def distance_of(prediction: int | None, turnout: int | None) -> int:
    """How far a prediction is from what was counted; 0 while nothing is counted."""
    if turnout is None:
        return 0
    return NO_PREDICTION if prediction is None else abs(prediction - turnout)
