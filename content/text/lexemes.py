"""What search compares: the words of a text, folded, a document's number as one of them. Pure; never stored as text.

Case, accents, đ, where a tone stands (hoà, hòa) and the kind of dash fall away; so accents typed or left out find the
same. A bigram is two neighbours joined by "_", which no word holds.
"""

import re
import zlib
from array import array
from functools import lru_cache
from itertools import pairwise

from content.text.vietnamese import DASHES, fold

MAX_WORD_LETTERS = 60  # letters; what is longer is no word, and PostgreSQL takes 2 KB
MAX_WORDS = 16_000  # of one text; 1 MB is the most PostgreSQL takes of a tsvector
END_OF_FIELD = 0  # among codes
FIELDS = ("document", "heading", "title", "body")

_PLAIN_DASHES = str.maketrans(dict.fromkeys(DASHES, "-"))
_WORD = re.compile(
    r"\d+(?:\.\d+)*[A-Za-zđĐ]?(?:/\d{4})?/[^\W\d_][\w&]*(?:[-/.][\w&]+)*"  # 168/2024/NĐ-CP
    r"|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"  # marks that no letter has taken up stay in their word
)
_PARTS_OF_NUMBER = re.compile(r"[0-9a-z]+")


def words(text):
    """The folded words of an NFC text, in order. «Nghị định 168/2024/NĐ-CP» → nghi dinh 168-2024-nd-cp."""
    return [_folded_word(word) for word in _WORD.findall(text.translate(_PLAIN_DASHES))]


def word_spans(text):
    """(folded word, start, end) of each: offsets in code points of `text`, never inside a letter."""
    return [(_folded_word(found[0]), *found.span()) for found in _WORD.finditer(text.translate(_PLAIN_DASHES))]


def bigrams(words):
    return [f"{one}_{next_one}" for one, next_one in pairwise(words)]


def tsvector_text(*fields):
    """A PostgreSQL tsvector, as text, of the words and bigrams of these lists of words. No bigram spans two fields."""
    lexemes = set()
    for field in fields:
        lexemes.update(field, bigrams(field))
    return " ".join(f"'{lexeme}'" for lexeme in sorted(lexemes))


def word_codes(*fields):
    """Lists of words as bytes: a code of four bytes for each word, END_OF_FIELD after each list."""
    written = array("I")
    for field in fields:
        written.extend(map(word_code, field))
        written.append(END_OF_FIELD)
    return written.tobytes()


@lru_cache(maxsize=1 << 16)
def word_code(word):
    """1 to 2³²-1, the same for ever: of 40,000 different words a fifth of one pair may share one."""
    return zlib.crc32(word.encode()) or 1


def lexeme_code(lexeme):
    """The code of a word; of a bigram both, the first in the upper half of eight bytes."""
    codes = [word_code(word) for word in lexeme.split("_")]
    return codes[0] << 32 | codes[1] if codes[1:] else codes[0]


@lru_cache(maxsize=1 << 16)
def _folded_word(word):
    folded = fold(word)
    if "/" in folded:
        parts = _PARTS_OF_NUMBER.findall(folded)
        folded = "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)
    return (folded.replace("_", "") or "-")[:MAX_WORD_LETTERS]
