"""Where the number and the heading of a unit stand in its own text. Pure."""

import re
from dataclasses import dataclass

from content.akn.xml import BLANK
from content.law.document_references import plain_text
from content.law.units import HEADING_WORDS, UnitKind

_ANY_WORD = r"[^\W\d_]{2,8}"
_NUMBERED_WITHOUT_WORD = (UnitKind.CLAUSE, UnitKind.POINT, UnitKind.INDENT)


@dataclass(frozen=True)
class Span:
    """text[start:end]."""

    start: int
    end: int


@dataclass(frozen=True)
class Marks:
    """«Điều 5.» and «Phạm vi» of «Điều 5. Phạm vi»; `end`: where the text after them begins."""

    number: Span | None
    heading: Span | None
    end: int


def marks_of(kind: str, number: str, heading: str, text: str) -> Marks:
    """The marks of a unit. What is not written as the parser read it stays in the text: no letter is lost."""
    plain, words = plain_text(text), plain_text(heading).split()  # as long as it was: «Ðiều», of another alphabet
    found = _number(kind, number, plain) or _misprinted_number(kind, number, plain, words)
    end = found.end if found else 0
    titled = _words_at(plain, end, words)
    if found and titled and text[found.end : titled.start].strip(BLANK):  # a no-break space between them
        found = Span(found.start, titled.start)
    return Marks(found, titled, titled.end if titled else end)


def _number(kind: str, number: str, text: str, *, word: str = "") -> Span | None:
    """Where the mark stands with which the text begins; `word`: a pattern for another word than the kind's."""
    printed = re.escape(number)
    if kind in HEADING_WORDS:
        named = rf"\s+(?:thứ\s+)?{printed}" if number else ""
        mark = rf"{word or HEADING_WORDS[kind]}{named}(?!\w)\s*[.:]?"
    elif kind in _NUMBERED_WITHOUT_WORD and number and not word:
        mark = rf"\(?{printed}(?!\w)[.)/]*"
    else:
        return None
    found = re.match(rf"[{BLANK}]*({mark})", text, re.IGNORECASE)
    return Span(found.start(1), found.start(1) + len(found[1].rstrip())) if found else None


def _misprinted_number(kind: str, number: str, text: str, heading: list[str]) -> Span | None:
    """«Điền 47.», a misprint of «Điều 47.» in 85/2015/QH13, which its number and the heading behind it tell."""
    found = _number(kind, number, text, word=_ANY_WORD) if number and heading else None
    return found if found and _words_at(text, found.end, heading) else None


def _words_at(text: str, at: int, words: list[str]) -> Span | None:
    """Where these words stand, from `at` on, with any white space between them."""
    start = None
    for word in words:
        at = _after_blanks(text, at)
        if not text.startswith(word, at):
            return None
        start = at if start is None else start
        at += len(word)
    return None if start is None else Span(start, at)


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
