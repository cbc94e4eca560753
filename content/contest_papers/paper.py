"""Which questions a contestant gets, and in which order: derived from the round's seed, so that anyone can do it again.

The algorithm «luatmo-paper-1» is public, and `verifying.py` is a second, independent writing of it:

- Block n of the stream is HMAC-SHA256 with the seed as key of "luatmo-paper-1|contest|round|code|number|nonce|n", with
  the nonce in hex and n from 0. Each block gives eight numbers of 32 bits, big-endian.
- A number below m: the next number of the stream is dropped if it is not less than the greatest multiple of m; else it
  is taken modulo m.
- Each section in turn: its questions in the order of the pool; for i from 0, question i changes places with question
  i + (a number below the count of those left). The first ones, as many as the section has, are on the paper.
- Then, for each question in the order of the paper whose choices are shuffled: the same with all of its choices.
"""

import hashlib
import hmac
import itertools
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALGORITHM = "luatmo-paper-1"
SEED_BYTES, SALT_BYTES = 32, 16
EIGHT_NUMBERS = struct.Struct(">8I")  # of one block
LETTERS = "abcdefgh"  # of choices, in the order shown


@dataclass(frozen=True)
class PoolQuestion:
    """What drawing needs of a question: its salted hash, its section, and its choices."""

    hash: str
    section: int
    choice_count: int
    is_shuffled: bool


@dataclass(frozen=True)
class PaperQuestion:
    """A question of the pool, from 0, and its choices in the order shown: their places in the bank, from 0."""

    position: int
    order: tuple[int, ...]


def draw_paper(
    seed: bytes, identity: Sequence[str | int], nonce: bytes, pool: Sequence[PoolQuestion], sizes: Sequence[int]
) -> list[PaperQuestion]:
    """The paper of an attempt. `identity`: contest key, round number, code, attempt number. `sizes`: of each section.

    Raises ValueError where a section has fewer questions than its size.
    """
    stream = _numbers(seed, [*identity, nonce.hex()])
    drawn: list[int] = []
    for section, size in enumerate(sizes):
        places = [place for place, question in enumerate(pool) if question.section == section]
        drawn += _shuffled(places, size, stream)
    return [PaperQuestion(place, tuple(_order_of(pool[place], stream))) for place in drawn]


def _order_of(question: PoolQuestion, stream: Iterator[int]) -> Sequence[int]:
    places = list(range(question.choice_count))
    return _shuffled(places, len(places), stream) if question.is_shuffled else places


def _shuffled(places: list[int], size: int, stream: Iterator[int]) -> list[int]:
    """The first `size` of a Fisher–Yates shuffle from the left."""
    if size > len(places):
        raise ValueError(f"{size} of {len(places)}")
    for i in range(size):
        j = i + _below(len(places) - i, stream)
        places[i], places[j] = places[j], places[i]
    return places[:size]


def _below(bound: int, stream: Iterator[int]) -> int:
    limit = 2**32 - 2**32 % bound
    number = next(stream)
    while number >= limit:
        number = next(stream)
    return number % bound


def _numbers(seed: bytes, identity: Sequence[str | int]) -> Iterator[int]:
    prefix = "|".join(map(str, [ALGORITHM, *identity]))
    for counter in itertools.count():
        yield from EIGHT_NUMBERS.unpack(hmac.digest(seed, f"{prefix}|{counter}".encode(), "sha256"))


def canonical(value: Any) -> bytes:
    """JSON as it is hashed: keys sorted, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def question_hash(salt: bytes, question: Mapping[str, Any]) -> str:
    """SHA-256 of the salt and the question with its key, hex. Who lacks the salt cannot try questions."""
    return hashlib.sha256(salt + canonical(question)).hexdigest()


def pool_hash(hashes: Sequence[str]) -> str:
    """SHA-256 of the questions' hashes in the order of the pool, one a line, hex."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def paper_hash(paper: Sequence[PaperQuestion], pool: Sequence[PoolQuestion]) -> str:
    """SHA-256 of the questions' hashes with the orders of their choices, hex."""
    return hashlib.sha256(canonical([[pool[each.position].hash, list(each.order)] for each in paper])).hexdigest()


def answers_hash(nonce: bytes, answers: Mapping[str, str]) -> str:
    """SHA-256 of the nonce and the answers, hex: only who knows the nonce can try answers."""
    return hashlib.sha256(nonce + canonical(answers)).hexdigest()
