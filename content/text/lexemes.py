"""Lexemes: the words of a text as search compares them, folded, an official number as one word. Pure.

Case, accents, đ, the place of a tone (hoà, hòa) and the kind of dash make no difference, so a query finds the same with
accents and without. A bigram is two neighbours joined by "_", which is in no word.
"""

import re
import zlib
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from content.text.vietnamese import DASHES, fold

MAX_WORD_LETTERS = 60  # a lexeme of PostgreSQL is limited to 2 KB
MAX_WORDS = 16_000  # of one text; a tsvector of PostgreSQL is limited to 1 MB
MAX_PIECE_LETTERS = 20  # of a piece whose words are kept in memory
MAX_NAME_LETTERS = 1_000  # of a name whose words are kept in memory
END_OF_FIELD = 0  # among codes
FIELDS = ("document", "heading", "title", "body")

_WORD = re.compile(
    r"\d+(?:\.\d+){0,4}[A-Za-zđĐ]?(?:/\d{4})?/[^\W\d_][\w&]*(?:[-/.][\w&]+)*"  # 168/2024/NĐ-CP
    r"|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"  # combining marks without a composed letter stay in their word
)
_PARTS_OF_NUMBER = re.compile(r"[0-9a-z]+")


def words(text: str) -> list[str]:
    """The folded words of an NFC text, in order. «Nghị định 168/2024/NĐ-CP» → nghi dinh 168-2024-nd-cp."""
    return [_folded_word(word) for word in _WORD.findall(_with_plain_dashes(text))]


def pieces(text: str) -> set[str]:
    """What is between white space, each once. No word is in two pieces: their words are those of the text."""
    return set(text.split())


def words_of_piece(piece: str) -> Sequence[str]:
    """`words` of a piece. Those of short ones are known: texts consist of some thousands of them."""
    return _words_of_short_piece(piece) if len(piece) <= MAX_PIECE_LETTERS else words(piece)


@lru_cache(maxsize=1 << 12)
def _words_of_short_piece(piece: str) -> tuple[str, ...]:
    return tuple(words(piece))


def word_spans(text: str) -> list[tuple[str, int, int]]:
    """(folded word, start, end) of each: offsets in code points of `text`, never inside a letter."""
    return [(_folded_word(found[0]), *found.span()) for found in _WORD.finditer(_with_plain_dashes(text))]


def bigrams(words: Iterable[str]) -> list[str]:
    return [f"{one}_{next_one}" for one, next_one in pairwise(words)]


def words_of_name(text: str) -> Sequence[str]:
    """`words`, for names that are said again and again: each article of a law says that of the law."""
    return _words_of_short_name(text) if len(text) <= MAX_NAME_LETTERS else words(text)


@lru_cache(maxsize=1 << 9)
def _words_of_short_name(text: str) -> tuple[str, ...]:
    return tuple(words(text))


@lru_cache(maxsize=1 << 9)
def _lexemes_of_name(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset((*words, *bigrams(words)))


def tsvector_text(*fields: Iterable[str]) -> str:
    """The PostgreSQL tsvector, as text, of the words and bigrams of these fields. No bigram spans two fields."""
    lexemes: set[str] = set()
    for field in fields:
        if isinstance(field, tuple):  # of a short name, see `words_of_name`
            lexemes |= _lexemes_of_name(field)
        else:
            words = list(field)
            lexemes.update(words, bigrams(words))
    return " ".join(f"'{lexeme}'" for lexeme in sorted(lexemes))


def word_codes(*fields: Iterable[str]) -> bytes:
    """The words of these fields as bytes: four for the code of each word, END_OF_FIELD after each field."""
    written = array("I")
    for field in fields:
        written.extend(map(word_code, field))
        written.append(END_OF_FIELD)
    return written.tobytes()


@lru_cache(maxsize=1 << 16)
def word_code(word: str) -> int:
    """The permanent code of a word, 1 to 2³²-1. Among 40,000 words, 0.2 pairs share one on average."""
    return zlib.crc32(word.encode()) or 1


def lexeme_code(lexeme: str) -> int:
    """The code of a word; of a bigram both, the first in the upper half of eight bytes."""
    codes = [word_code(word) for word in lexeme.split("_")]
    return codes[0] << 32 | codes[1] if codes[1:] else codes[0]


def _with_plain_dashes(text: str) -> str:
    """The text with "-" for each dash, as long as it was. To look for signs that are not there costs almost nothing."""
    for dash in DASHES:
        text = text.replace(dash, "-")
    return text


@lru_cache(maxsize=1 << 16)
def _folded_word(word: str) -> str:
    folded = fold(word)
    if "/" in folded:
        parts = _PARTS_OF_NUMBER.findall(folded)
        folded = "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)
    return (folded.replace("_", "") or "-")[:MAX_WORD_LETTERS]
