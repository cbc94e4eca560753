"""Where the number and the heading of a unit stand in its own text. Pure."""

import re
from dataclasses import dataclass

from content.akn.xml import BLANK
from content.law.document_references import plain_text
from content.law.units import HEADING_WORDS, UnitKind

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
    plain = plain_text(text)  # as long as it was: «Ðiều», with the letter of another alphabet, is «Điều»
    found = _number(kind, number, plain)
    end = found.end if found else 0
    titled = _words_at(plain, end, plain_text(heading).split())
    if found and titled and text[found.end : titled.start].strip(BLANK):  # a no-break space between them
        found = Span(found.start, titled.start)
    return Marks(found, titled, titled.end if titled else end)


def _number(kind: str, number: str, text: str) -> Span | None:
    printed = re.escape(number)
    if kind in HEADING_WORDS:
        named = rf"\s+(?:thứ\s+)?{printed}" if number else ""
        mark = rf"{HEADING_WORDS[kind]}{named}(?!\w)\s*[.:]?"
    elif kind in _NUMBERED_WITHOUT_WORD and number:
        mark = rf"\(?{printed}(?!\w)[.)/]*"
    else:
        return None
    found = re.match(rf"[{BLANK}]*({mark})", text, re.IGNORECASE)
    return Span(found.start(1), found.start(1) + len(found[1].rstrip())) if found else None


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
