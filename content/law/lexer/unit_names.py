"""Names of units as texts write them and people type them: word, numbers, lists, ranges, «này». Pure.

Source: design/vocabulary.md C7. Any case is read, and words without accents; «khoán 10» is no clause. Linear.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.law.lexer.unit_lexicon import (
    AND,
    END,
    GLUED_WORD,
    KINDS_BY_SPELLING,
    LIST_SIGN,
    NUMBERS,
    SHORT_UNITS,
    SPELLINGS,
    UNIT_SIZES,
    UNIT_WORD,
)
from content.law.unit_numbers import POINT_LETTERS, RARE_LETTERS, number_order
from content.law.units import UnitKind
from content.text.numerals import ROMAN_DIGITS, as_roman, roman_value
from content.text.quick_patterns import matches_quickly
from content.text.vietnamese import fold_letters, small_letters

THIS = "này"  # the number of the unit that the text is in: «Điều này»
MAX_FILLED = 1_000  # numbers that ranges of one text add: «từ Điều 1 đến Điều 9999» adds none

_UNIT_WORD = re.compile(
    r"(?=[cnđdktmp])"  # with which they begin: twice as quick
    rf"(?:(?<!\w)|(?<=tại)|(?<=và)|(?<=[^\W_])(?={GLUED_WORD}))"
    rf"(?:(?P<plural>(?:các|những|cac|nhung)\s+)?(?P<word>{UNIT_WORD})(?![^\W\d])"
    rf"|(?P<short>{SHORT_UNITS})(?![\w/%]|[.]\w))",
    re.IGNORECASE,
)
_MAY_BEGIN = re.compile(  # a match of `_UNIT_WORD`
    rf"các\s|những\s|cac\s|nhung\s|{UNIT_WORD}|d[.]|đ[.]|k[.]"
)
_SHORT_UNIT = re.compile(r"(?P<letter>[dđk])[.]\s?(?P<number>\w+)", re.IGNORECASE)
# «Điều 4.1.a» and «Điều 3(2)(a)», as people and contracts write them
_DOTTED = re.compile(r"\s+(?P<number>[0-9]{1,4}[a-zđ]?)(?=[.][1-9][0-9]?[a-zđ]?(?:[.][a-zđ])?(?![\w%]|[.,]\w|\s?/))")
_BELOW_ARTICLE = (
    re.compile(r"[.](?P<clause>[1-9][0-9]?[a-zđ]?)(?:[.](?P<point>[a-zđ]))?(?![\w%]|[.,]\w|\s?/)"),
    re.compile(r"\((?P<clause>[1-9][0-9]?[a-zđ]?)\)(?:\s?\((?P<point>[a-zđ])\))?(?![\w(])"),
)
_NO_ARTICLE_BEFORE = re.compile(r"(?<!\w)(?:vườn|hạt|cây)\s+\Z", re.IGNORECASE)  # «Vườn Điều», cashew trees
_OF_A_STORY = re.compile(r"\s+(?:cua|trong)\s+(?:bo\s+)?(?:phim|truyen|sach|tieu thuyet|cuon|game|loat)(?!\w)")
_STARTS_A_SENTENCE = re.compile(r"(?:\A|[.!?:;\n“\"])\s*\Z")
_SAYS_SOMETHING = re.compile(
    r"\s+(?:cho thay|cho biet|co nghia|chung to|chung minh|dan den|dan toi|khien|lam|giup|the hien|dong nghia|tao|da|se"
    r"|khong|la|rat|that|dac biet|cung|phan anh|gay)(?!\w)"
)
_LETTERS_BEHIND = 40  # within which a word tells that a name names no unit
_THIS = re.compile(r"\s+(?:này|nay)(?!\w)", re.IGNORECASE)
_KINDS_OF_THIS = (
    UnitKind.POINT, UnitKind.CLAUSE, UnitKind.ARTICLE, UnitKind.SECTION, UnitKind.CHAPTER, UnitKind.ANNEX,
)  # fmt: skip


@dataclass(frozen=True)
class _ListForms:
    first: re.Pattern[str]
    named: re.Pattern[str]  # «, khoản 2»
    bare: re.Pattern[str]  # «, 2»
    range_end: re.Pattern[str]  # «đến khoản 4»


def _list_forms(kind: UnitKind) -> _ListForms:
    words = rf"(?i:(?:các\s+|cac\s+)?(?:{'|'.join(sorted(SPELLINGS[kind]))}))\s*"
    number = rf"(?P<number>{NUMBERS[kind]}){END}"
    dash = "" if kind in (UnitKind.ANNEX, UnitKind.FORM) else "-|"
    return _ListForms(
        re.compile(rf"(?i:\s+từ(?=\s))?\s*[\"“«']?(?:{number})"),
        re.compile(rf"(?:[\"”»']?\s*{LIST_SIGN}\s*|[^\S\n]+)(?P<item>{words}(?:{number}))"),
        re.compile(rf"[\"”»']?\s*(?:,\s*{AND}|,|{AND})\s*[\"“«']?(?P<item>{number})(?<![,;\s]0\d)(?!-\w{{1,4}}/)"),
        re.compile(rf"[\"”»']?\s*(?:{dash}(?:đến|tới|den|toi)(?:\s+(?:hết|het))?\s)\s*(?P<item>(?:{words})?{number})"),
    )


_FORMS = {kind: _list_forms(kind) for kind in SPELLINGS}


@dataclass
class UnitName:
    """A word and its numbers as they are printed: «các khoản 1, 2 và 3»; `places` are (start, end) of each number."""

    kind: UnitKind
    numbers: list[str]
    places: list[tuple[int, int]]
    start: int
    end: int
    is_plural: bool = False
    is_below: bool = False  # written with signs under the one before: «(2)» of «Điều 3(2)»
    is_cut: bool = False  # it names more numbers than a range may fill

    @property
    def size(self) -> int:
        return UNIT_SIZES[self.kind]

    @property
    def is_this(self) -> bool:
        """Whether it is the unit that the text is in: «khoản này»."""
        return self.numbers == [THIS]


def unit_names(text: str, *, joins_named: bool = True) -> Iterator[UnitName]:
    """The names of units in an NFC text, in order; a word without a number has none.

    `joins_named`: «khoản 1, khoản 2» is one name with two numbers, as «khoản 1, 2» is; else it is two names.
    """
    return _Lexer(text, joins_named).names()


def numbers_of(kind: UnitKind, text: str) -> list[str]:
    """The numbers of all names of that kind, in order: of annexes «Phụ lục I, II và Phụ lục V.1» has I, II and V.1."""
    return [number for name in unit_names(text) if name.kind is kind and not name.is_this for number in name.numbers]


def _unit_words(text: str) -> Iterator[re.Match[str]]:
    """The matches of `_UNIT_WORD` in words that are spelled with our letters: not with the Turkish ı, as «đıều»."""
    for match in matches_quickly(_UNIT_WORD, _MAY_BEGIN, text):
        if match["short"] or _spelling(match["word"]) in KINDS_BY_SPELLING:
            yield match


def _spelling(word: str) -> str:
    return " ".join(small_letters(word).split())


class _Lexer:
    def __init__(self, text: str, joins_named: bool) -> None:
        self.text, self.joins_named = text, joins_named
        self.left_to_fill = MAX_FILLED

    def names(self) -> Iterator[UnitName]:
        end = 0
        for match in _unit_words(self.text):
            if match["short"]:
                if match.start() >= end:
                    yield from self._short_names(match)
                    end = match.end()
                continue
            if match.start("word") < end:
                continue
            kind = KINDS_BY_SPELLING[_spelling(match["word"])]
            start = match.start() if match.start() >= end else match.start("word")
            name = UnitName(kind, [], [], start, match.end(), bool(match["plural"]))
            self._read_numbers(name)
            if not name.numbers:
                yield name
            elif not self._is_something_else(name):
                end = name.end
                yield name
                for below in self._below(name):
                    end = below.end
                    yield below

    def _short_names(self, match: re.Match[str]) -> Iterator[UnitName]:
        """«Đ.3 k.2 đ.a»: the letter of an article and of a point is the same, their numbers tell."""
        for unit in _SHORT_UNIT.finditer(self.text, *match.span()):
            is_article = unit["number"][0].isdigit()
            is_clause = unit["letter"] in "kK"
            kind = UnitKind.CLAUSE if is_clause else UnitKind.ARTICLE if is_article else UnitKind.POINT
            name = UnitName(kind, [], [], unit.start(), unit.end())
            self._take(name, unit["number"], unit.span())
            yield name

    def _below(self, name: UnitName) -> Iterator[UnitName]:
        """The clause and the point that signs put under an article: «Điều 3(2)(a)», «Điều 4.1.a»."""
        if name.kind is not UnitKind.ARTICLE or len(name.numbers) != 1 or name.is_this:
            return
        match = next((found for form in _BELOW_ARTICLE if (found := form.match(self.text, name.end))), None)
        for kind, group in ((UnitKind.CLAUSE, "clause"), (UnitKind.POINT, "point")):
            if match and match[group]:
                start, end = match.span(group)
                end += self.text.startswith(")", end)
                below = UnitName(kind, [], [], start, end, is_below=True)
                self._take(below, match[group], (start, end))
                yield below

    def _is_something_else(self, name: UnitName) -> bool:
        """«Phần 2 của phim», «văn bản mẫu số 5/2020/NĐ-CP», «điểm c là điểm em thấp nhất», «Điều này cho thấy …»."""
        if name.kind is UnitKind.ARTICLE and _NO_ARTICLE_BEFORE.search(self.text, max(0, name.start - 8), name.start):
            return True
        if name.kind is UnitKind.FORM and fold_letters(self.text[max(0, name.start - 8) : name.start]) == "van ban ":
            return True
        behind = fold_letters(self.text[name.end : name.end + _LETTERS_BEHIND])
        if name.kind in (UnitKind.PART, UnitKind.CHAPTER) and _OF_A_STORY.match(behind):
            return True
        if name.kind is UnitKind.POINT and behind.startswith(" la "):
            return True
        is_subject = name.is_this and name.kind is UnitKind.ARTICLE
        starts = _STARTS_A_SENTENCE.search(self.text, max(0, name.start - 4), name.start)
        return bool(is_subject and starts and _SAYS_SOMETHING.match(behind))

    def _read_numbers(self, name: UnitName) -> None:
        this = _THIS.match(self.text, name.end)
        if this and name.kind in _KINDS_OF_THIS:
            self._take(name, THIS, (name.start, this.end()))
            return
        if name.kind is UnitKind.ARTICLE and (match := _DOTTED.match(self.text, name.end)):
            self._take(name, match["number"], (name.start, match.end()))
            return
        forms = _FORMS[name.kind]
        match = forms.first.match(self.text, name.end)
        if match:
            self._take(name, match["number"], (name.start, match.end()))
        while match:
            if match := forms.range_end.match(self.text, name.end):
                if not self._take_range(name, match):
                    return
                continue
            match = forms.named.match(self.text, name.end) if self.joins_named else None
            if match is None and (match := forms.bare.match(self.text, name.end)) and not _is_next(name, match):
                return
            if match:
                self._take(name, match["number"], match.span("item"))

    def _take(self, name: UnitName, number: str, place: tuple[int, int]) -> None:
        name.numbers.append(_as_printed(name.kind, number))
        name.places.append(place)
        name.end = place[1]

    def _take_range(self, name: UnitName, match: re.Match[str]) -> bool:
        last = _as_printed(name.kind, match["number"])
        if number_order(last) <= number_order(name.numbers[-1]):
            return False
        between = numbers_between(name.kind, name.numbers[-1], last)
        if len(between) > self.left_to_fill:
            between, name.is_cut = [], True
        self.left_to_fill -= len(between)
        name.numbers += between
        name.places += [match.span("item")] * len(between)
        self._take(name, last, match.span("item"))
        return True


def _is_next(name: UnitName, match: re.Match[str]) -> bool:
    """Whether a bare number goes on with the list: of «khoản 5 Điều 6, 3 người» it does not."""
    if name.is_plural or name.kind in (UnitKind.POINT, UnitKind.INDENT, UnitKind.FORM, UnitKind.ANNEX):
        return True
    return number_order(_as_printed(name.kind, match["number"])) > number_order(name.numbers[-1])


def numbers_between(kind: UnitKind, first: str, last: str) -> list[str]:
    """The numbers between two, of articles with letters and in Roman digits too; [] where they are not told."""
    if kind not in (UnitKind.POINT, UnitKind.INDENT) and _is_roman(first) and _is_roman(last):
        start, end = roman_value(first), roman_value(last)
        return [as_roman(value) for value in range(start + 1, end)] if start and end else []
    lettered = re.fullmatch(r"([0-9]+)([a-zđ]?) ([0-9]+)([a-zđ])", f"{first} {last}")
    if lettered and lettered[1] == lettered[3]:
        letters = ([] if lettered[2] else ["a"]) + _plain_numbers_between(lettered[2] or "a", lettered[4])
        return [lettered[1] + letter for letter in letters if lettered[1] + letter != last]
    return _plain_numbers_between(first, last)


def _plain_numbers_between(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit():
        return list(map(str, range(int(first) + 1, min(int(last), int(first) + MAX_FILLED + 2))))
    letters = [letter for letter in POINT_LETTERS if letter not in RARE_LETTERS]
    if first in letters and last in letters:
        return letters[letters.index(first) + 1 : letters.index(last)]
    return []


def _is_roman(number: str) -> bool:
    return bool(number) and set(number) <= set(ROMAN_DIGITS)


def _as_printed(kind: UnitKind, number: str) -> str:
    """The number without «số» and brackets, points and articles in small letters, chapters in capitals."""
    if number == THIS:
        return number
    number = re.sub(r"^(?:số\s*)?:?\s*", "", number).strip("()")
    if kind is UnitKind.INDENT:
        number = number.rpartition(".")[2]  # «tiết a.1» is the first of point a
    if kind is UnitKind.CHAPTER or (kind in (UnitKind.PART, UnitKind.ANNEX) and not re.match("thứ|[0-9]", number)):
        return number.upper()
    return number if kind in (UnitKind.SECTION, UnitKind.FORM, UnitKind.PART) else number.lower()
