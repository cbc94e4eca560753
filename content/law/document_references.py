"""References to documents, in texts and typed: «Luật Đất đai số 31/2024/QH15», «Bộ luật Dân sự năm 2015». Pure.

`document_references` finds those that carry a number, a year or a day. A name alone («Luật Đất đai») does not tell
which of several laws of that name is meant, and is never guessed at; a caller that knows uses `reference_by_name`.
"""

import datetime
import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from content.law import official_numbers
from content.law.doc_types import (
    TYPE_NAMES,
    TYPES_BY_NAME,
    TYPES_BY_SYMBOL_IN_TEXT,
    TYPES_CITED_BY_NAME,
)
from content.law.lexer.document_words import DAY, PRINTED_NUMBER, TYPE_WORD, YEAR_OF_NAME, date_of, printed_numbers
from content.law.local_bodies import NamedBody, body_behind
from content.text.vietnamese import DASHES, slug

_TYPE = re.compile(rf"(?<!\w)(?:{TYPE_WORD})(?!\w)")
_AMENDING = re.compile(rf"(ban hành\s+)?({TYPE_WORD})\s+sửa đổi(?!\w)")
_NUMBER = re.compile(rf"(?<![\w/.-]){PRINTED_NUMBER}")
_DATED = re.compile(rf",?\s*{DAY}")
_YEAR = re.compile(r"năm\s+(\d{4})(?!\w)")
_TO_YEAR = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+\Z")
_ENDS = re.compile(r"[;:\n“”\"()]")
_NO_NAME = re.compile(r"(?<!\w)(?:này|được|thông qua|hiệu lực|thi hành|khóa|khoá|(?<!một )số|ngày|kể|quy định)(?!\w)")
_TITLE_YEAR = re.compile(rf"(?<![\s,])[\s,]*(?:năm\s+)?{YEAR_OF_NAME}\Z")
MAX_LETTERS_BEFORE_NUMBER = 300  # within which its type and name are looked for

SIGN_REPLACEMENTS = {**dict.fromkeys(DASHES, "-"), "\u00d0": "Đ", "\u00f0": "đ", "\xa0": " "}


@dataclass(frozen=True)
class DocumentReference:
    """A document as a text names it; `start` and `end` are offsets of the whole name in that text."""

    doc_type: str  # "" where neither a word nor the number tells
    name: str  # «Đất đai»; "" where it is cited by type and number only
    number: str  # "" where it is cited by name
    year: int | None
    issued_on: datetime.date | None
    start: int
    end: int
    body: NamedBody | None = None  # of a local number: whose it says it is

    @property
    def key(self) -> str:
        """The document's identity while it is not stored here: the number's key, or the name and the year."""
        return (
            official_numbers.number_key(self.number) if self.number else name_key(self.doc_type, self.name, self.year)
        )


def name_key(doc_type: str, name: str, year: int | None) -> str:
    return f"ten:{doc_type}:{slug(name, limit=80)}:{year or ''}"


def bare_name(doc_type: str, title: str) -> str:
    """«Đất đai» of «Luật Đất đai 2024»: the title without its type and its year."""
    return _TITLE_YEAR.sub("", title.strip()).removeprefix(TYPE_NAMES.get(doc_type, "")).strip()


def plain_text(text: str) -> str:
    """The text with one dash, Đ for Ð and no NBSP; as long as it was, so that offsets hold."""
    for sign, plain_sign in SIGN_REPLACEMENTS.items():  # most texts hold none: much quicker than str.translate
        text = text.replace(sign, plain_sign)
    return text


def document_references(text: str) -> list[DocumentReference]:
    """All references of a `plain_text`, in order. Linear: each looks back MAX_LETTERS_BEFORE_NUMBER at most."""
    numbered = [_reference_by_number(text, match) for match in printed_numbers(text)]
    spans = _Spans(numbered)
    by_name = [_reference_by_year(text, match) for match in _YEAR.finditer(text)]
    found = [each for each in by_name if each and not spans.overlap(each)]
    return sorted([*numbered, *found], key=lambda each: each.start)


class _Spans:
    """Spans of references, to ask whether another overlaps one of them."""

    def __init__(self, references: Iterable[DocumentReference]) -> None:
        spans = sorted((each.start, each.end) for each in references)
        self._starts = [start for start, _ in spans]
        self._furthest = list(itertools.accumulate((end for _, end in spans), max))  # end of the spans so far

    def overlap(self, reference: DocumentReference) -> bool:
        before = bisect_left(self._starts, reference.end)
        return before > 0 and self._furthest[before - 1] > reference.start


def _last_type_word(text: str, end: int) -> re.Match[str] | None:
    """The last word for a type before `end`, in the same clause of the sentence, or None."""
    start = max(0, end - MAX_LETTERS_BEFORE_NUMBER)
    for stop in _ENDS.finditer(text, start, end):
        start = stop.end()
    return max(_TYPE.finditer(text, start, end), key=re.Match.start, default=None)


def _type_word_of_name(text: str, end: int) -> re.Match[str] | None:
    """The word for a type with which the name before `end` begins.

    Of «Luật sửa đổi, bổ sung một số điều của Luật X số N» it is the first: number and day are the amending law's.

    «Quốc hội ban hành Luật sửa đổi … của Luật X số N» is how an amending act begins; there they are X's.
    """
    word = _last_type_word(text, end)
    if word:
        for outer in _AMENDING.finditer(text, max(0, word.start() - MAX_LETTERS_BEFORE_NUMBER), word.start()):
            between = text[outer.start() : end]
            if not (_ENDS.search(between) or _NUMBER.search(between) or _YEAR.search(between) or outer[1]):
                return _TYPE.match(text, outer.start(2))
    return word


def _reference_by_number(text: str, match: re.Match[str]) -> DocumentReference:
    start, end = match.span()
    number = official_numbers.clean_number(match[0].rstrip(".-"))
    doc_type, name = "", ""
    word = _type_word_of_name(text, start)
    between = re.fullmatch(r"(.*?),?\s*(?:[Ss]ố\s*:?\s*)?", text[word.end() : start]) if word else None
    if word and between and not _NUMBER.search(between[1]) and not re.search(r"(?<!\w)này(?!\w)", between[1]):
        doc_type, name, start = TYPES_BY_NAME[word[0]], " ".join(between[1].split()), word.start()
    elif text.endswith("số ", 0, start):
        start -= 3
    type_of_symbol = next((kind for symbol, kind in TYPES_BY_SYMBOL_IN_TEXT if f"/{symbol}" in number), "")
    if type_of_symbol and doc_type and not name:
        doc_type = type_of_symbol
    dated = _DATED.match(text, end)
    issued_on = date_of(dated.groups()) if dated else None
    year = official_numbers.year_of_number(number) or (issued_on.year if issued_on else None)
    end = dated.end() if dated else end
    body = body_behind(text, end) if official_numbers.is_local(number) else None
    end = body.end if body else end
    return DocumentReference(doc_type or type_of_symbol, name, number, year, issued_on, start, end, body)


def _reference_by_year(text: str, match: re.Match[str]) -> DocumentReference | None:
    """«Luật Đất đai năm 2024», «Luật Tổ chức Chính phủ ngày 25 tháng 12 năm 2001»; None where it is another year."""
    day = _TO_YEAR.search(text, max(0, match.start() - 24), match.start())
    start = day.start() if day else match.start()
    word = _type_word_of_name(text, start)
    if word is None or TYPES_BY_NAME[word[0]] not in TYPES_CITED_BY_NAME or text.endswith("về ", 0, word.start()):
        return None  # «Công ước … về Luật biển năm 1982» is a treaty
    name = " ".join(text[word.end() : start].strip(" ,").removesuffix("ban hành").split())
    if not (name or word[0] == "Hiến pháp") or len(name) > 160 or _NO_NAME.search(name) or _YEAR.search(name):
        return None  # the name ends before the first year of «Luật Đất đai năm 2003 và năm 2013»
    issued_on = date_of((*day.groups(), match[1])) if day else None
    return DocumentReference(TYPES_BY_NAME[word[0]], name, "", int(match[1]), issued_on, word.start(), match.end())


def reference_by_name(text: str, start: int, end: int) -> DocumentReference | None:
    """The reference text[start:end] is when it is a type and a name and nothing else («Luật Tổ chức Chính phủ»)."""
    part = text[start:end]
    word = _TYPE.match(part.lstrip())
    if word is None or TYPES_BY_NAME[word[0]] not in TYPES_CITED_BY_NAME:
        return None
    start += len(part) - len(part.lstrip())
    name = " ".join(text[start + word.end() : end].strip(" ,.;").split())
    if not 1 < len(name) <= 160 or _NO_NAME.search(name) or _TYPE.search(name):
        return None
    return DocumentReference(TYPES_BY_NAME[word[0]], name, "", None, None, start, end)
