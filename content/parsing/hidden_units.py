"""Units that stay in the text of another one where no later number tells it: in the last unit of a list, in a line.

What the scanner opened is the list; after its last unit, the next number in count may still begin a line, with signs
that no mark has («© Việc», «2 Việc», «[3] Việc», «3» alone), or follow a stop inside one («của mình.5. Quyền»). A list
on one line («gồm: a) …; b) …») has no unit at all. A number that begins an inner list is none: «1) …;
2) …» inside clause 1 is no clause 2. Articles whose number is in words, in Roman digits or with a raised letter
(«Điều ba.», «Điều III.», «Điều 12ᵃ.») are told wherever they stand, and clauses in Roman digits («III. Việc»).
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from content.law.lexer.unit_lexicon import ARTICLE, CHAPTER, CLAUSE, POINT, SECTION
from content.law.unit_numbers import ORDINAL_WORDS, POINT_LETTERS, number_order
from content.law.units import UNIT_FORMS, UnitKind
from content.marks.cue_phrases import ends_before_reference
from content.marks.odd_marks import read_odd_mark
from content.parsing import mark_sequence
from content.parsing.number_gaps import SWALLOWED
from content.parsing.quotations import ends_with_closing_quote
from content.parsing.text_line import Line
from content.parsing.units import ParserWarning

Opened = tuple[int, UnitKind, str]  # (index of its line, kind, number) of a unit
_INLINE = {
    UnitKind.CLAUSE: re.compile(r"(?:[.;:”] |(?<![0-9])[.;:”])([0-9]{1,3})[.)] ?(?=[^\W\d_])"),
    UnitKind.POINT: re.compile(r"[.;:”] ?([a-zđ])\) ?(?=[^\W\d_])"),
}
_ARTICLE = re.compile(
    r"(?P<stop>^[^\w“„«\"]{0,6}|[.;:”] ?)(?:Điều|ĐIỀU)[^\w“]{0,4}(?:(?:số|thứ) )?([0-9]{1,4})(?!\w)"
    r"(?:\([0-9]+\))?(?P<sign>[^\w(“]{0,6})(?=[“\"]?[^\W\d_])"
)
_NUMBER_WORD = f"(?:{'|'.join([*ORDINAL_WORDS, 'mươi'])})"
_ARTICLE_MISSPELT = re.compile(  # «Đ iều 4. Hiệu lực», «Biều 4. Hiệu lực»
    r"[^\w“„«\"]{0,6}(?!Điều|ĐIỀU)[^\W\d_a-z] ?(?:i ?[eêéềế] ?u|I ?[EÊÉỀẾ] ?U) ([0-9]{1,4})[^\w(“]{0,3}[.:] ?"
    r"(?=[^\W\d_])"
)
_ARTICLE_OTHERWISE = re.compile(  # no digits alone: «Điều ba.», «Điều III.», «Điều 12ᵃ.»
    rf"[^\w“„«\"]{{0,6}}(?:Điều|ĐIỀU) ((?i:(?:thứ )?{_NUMBER_WORD}(?: {_NUMBER_WORD}){{0,2}})|[IVXLC]{{1,8}}"
    r"|[0-9]{1,4}(?:(?![a-zđ])[^\W\d_]|\^\([a-zđ]\))) ?(?:$|[.:–-]+ ?(?:$|[“\"]?(?=[^\W\d_])))"
)
_ROMAN_CLAUSE = re.compile(r"[^\w“„«\"]{0,6}([IVX]{1,6})(?: ?[.)/:–-]{1,3} ?)(?=[“\"]?[^\W\d_]|$)")
_REFERENCE = re.compile(
    rf"(?:{ARTICLE}|{CLAUSE.capitalize()}|{POINT.capitalize()}|{CHAPTER}|{SECTION}"
    r"|Luật|Bộ luật|Nghị|Thông tư|Pháp lệnh)(?!\w)"
)
_ENDS = (".", ";", ":")
Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A number that may be the mark of a unit: `at` is its place in the words of `line`, 0 at the start."""

    number: str
    line: Line
    at: int
    is_roman: bool = False

    @property
    def words(self) -> str:
        words = self.line.content[self.at : self.at + 41].strip()
        return words if len(words) < 41 else words.rpartition(" ")[0] + "…"


class HiddenUnits:
    """The act's own lines before `closing`, and the units that begin there: (line, kind, number)."""

    def __init__(
        self, lines: Sequence[Line], is_own_text: Sequence[bool], units: Sequence[Opened], closing: int
    ) -> None:
        self._lines, self._is_own_text, self._units, self._closing = lines, is_own_text, units, closing
        self._opened = {index for index, _kind, _number in units}

    def warnings(self, told: Iterable[int]) -> Iterator[ParserWarning]:
        """A heavy notice for each list that hides its next unit; none about a line in which one of `told` is.

        `told`: offsets of notices about units in the text of others.
        """
        known = sorted(told)
        for place, kind, hit in self._hits():
            at = bisect_left(known, hit.line.start)
            if at == len(known) or known[at] >= hit.line.end:
                yield ParserWarning(SWALLOWED, f"{place}: {_words_of(kind, hit)}", hit.line.at(hit.at))

    def _hits(self) -> Iterator[tuple[str, UnitKind, Hit]]:
        """(place, kind, hit)."""
        above = {kind for _index, kind, _number in self._units} - {UnitKind.CLAUSE, UnitKind.POINT}
        articles = [part for part in _parts(self._units, above, self._closing) if part[0][0][1] is UnitKind.ARTICLE]
        for units, end in articles:
            place = f"Điều {units[0][2]}"
            for clause, clause_end in _parts(units, {UnitKind.ARTICLE, UnitKind.CLAUSE}, end):
                if hit := self._next_hit(UnitKind.POINT, clause, clause_end):
                    clause_place = f" khoản {clause[0][2]}" if clause[0][1] is UnitKind.CLAUSE else ""
                    yield place + clause_place, UnitKind.POINT, hit
            if hit := self._next_hit(UnitKind.CLAUSE, units, end):
                yield place, UnitKind.CLAUSE, hit
            for hit in _articles_otherwise(*self._own(units[0][0], end)):
                yield place, UnitKind.ARTICLE, hit
        if articles:
            (first, _kind, number), *_below = articles[-1][0]
            lines, _opened = self._own(first, articles[-1][1])
            if hit := _hidden_article(number_order(number)[0] + 1, lines):
                yield f"Điều {number}", UnitKind.ARTICLE, hit

    def _next_hit(self, kind: UnitKind, units: Sequence[Opened], end: int) -> Hit | None:
        """Where, after the last unit of that kind, the one after it may begin."""
        listed = [unit for unit in units if unit[1] is kind]
        first = (listed or units)[-1 if listed else 0][0]
        last = max((number_order(number) for _index, _kind, number in listed), default=())
        if kind is UnitKind.POINT and last and (len(last) != 2 or last[0] != 1 or last[1] == len(POINT_LETTERS)):
            return None
        lines, opened = self._own(first, end)
        return _next_in_count(kind, last, _numbers_in(kind, lines, opened))

    def _own(self, first: int, end: int) -> tuple[list[Line], list[bool]]:
        """(the act's own lines among them, by line whether a unit was opened there)."""
        own = [index for index in range(first, end) if self._is_own_text[index]]
        return [self._lines[index] for index in own], [index in self._opened for index in own]


def _parts(units: Sequence[Opened], starts: Collection[UnitKind], end: int) -> list[tuple[list[Opened], int]]:
    """The units, parted before each of those kinds, each part with the line where it ends."""
    parts: list[list[Opened]] = []
    for unit in units:
        if unit[1] in starts or not parts:
            parts.append([])
        parts[-1].append(unit)
    ends = [*(part[0][0] for part in parts), end]
    return list(zip(parts, ends[1:], strict=True)) if parts else []


def _numbers_in(kind: UnitKind, lines: Sequence[Line], opened: Sequence[bool]) -> Iterator[Hit]:
    """The numbers in lines that may be marks of clauses or of points, in their order.

    `opened`: by line, whether a unit was opened there; inside such a line only what follows a stop is looked at.
    """
    for at, line in enumerate(lines):
        previous = lines[at - 1].content if at else ""
        following = lines[at + 1].content if at + 1 < len(lines) else ""
        if not line.row:
            if not opened[at] and (number := _number_at_start(kind, line.content, previous, following)):
                yield Hit(number, line, 0)
            elif not opened[at] and kind is UnitKind.CLAUSE:
                begins = previous.endswith(_ENDS) or (at > 0 and opened[at - 1])  # after the heading of the article
                if begins and (number := _roman_at_start(line.content)):
                    yield Hit(number, line, 0, is_roman=True)
            for found in _outside_quotes(_INLINE[kind].finditer(line.content, line.body)):
                yield Hit(found[1], line, found.start(1))


def _number_at_start(kind: UnitKind, content: str, previous: str, following: str) -> str:
    """The number with which a line begins, "" where a sentence goes on there."""
    if kind is UnitKind.POINT and "0" <= content[0] <= "9":
        return ""
    mark = read_odd_mark(content)
    if mark is None or mark.number.isdigit() is not (kind is UnitKind.CLAUSE):
        return ""
    is_heading = kind is UnitKind.POINT and content.isupper()  # «C. ĐỐI VỚI …»
    is_roman = mark.number == "i" and previous.endswith(":")
    if is_heading or is_roman or ends_before_reference(previous) or previous.endswith(","):
        return ""
    has_ended = previous.endswith(_ENDS) or ends_with_closing_quote(previous)
    if not mark.text:
        opens = has_ended and not previous.endswith(":") and (kind is UnitKind.POINT or following[:1].isupper())
    elif not has_ended:
        opens = mark.begins_sentence and not _REFERENCE.match(mark.text)
    else:
        opens = mark.begins_sentence or mark.is_signed or kind is UnitKind.POINT
    return mark.number if opens else ""


def _roman_at_start(content: str) -> str:
    """The number of a clause in Roman digits («III. Việc» is the third), "" if the line does not begin with one."""
    mark = _ROMAN_CLAUSE.match(content)
    return str(number_order(mark[1])[0]) if mark and content[mark.end() : mark.end() + 1].isupper() else ""


def _articles_otherwise(lines: Sequence[Line], opened: Sequence[bool]) -> Iterator[Hit]:
    """Where an article begins whose number is not in digits alone. `opened`: as in `_numbers_in`."""
    for at, line in enumerate(lines):
        mark = None if line.row or opened[at] else _ARTICLE_OTHERWISE.match(line.content)
        rest = line.content[mark.end() :] if mark else ""
        previous = lines[at - 1].content if at else ""
        goes_on = previous.endswith(",") or ends_before_reference(previous)
        if mark and not goes_on and (not rest or rest[0].isupper()):
            yield Hit(mark[1], line, 0)


def _outside_quotes(places: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Those of one line that are in no quotation of it."""
    depth = last = 0
    for found in places:
        depth += sum(found.string.count(sign, last, found.end()) for sign in "“«„")
        depth = max(depth - sum(found.string.count(sign, last, found.end()) for sign in "”»"), 0)
        last = found.end()
        if not depth:
            yield found


def _next_in_count(kind: UnitKind, last: Order, hits: Iterator[Hit]) -> Hit | None:
    """The first hit with the number after `last`, none if an inner list begins before it.

    Where no unit is yet (`last` is ()) the first number, if it is inside a line, is Roman or begins a sentence, and
    the second one follows.
    """
    if kind is UnitKind.CLAUSE:
        first, wanted, second = "1", str(last[0] + 1) if last else "1", "2"
    else:
        letter = mark_sequence.next_letter(last)[1] if last else 1
        first, wanted, second = "a", POINT_LETTERS[letter - 1 : letter], "b"
    started: Hit | None = None
    for hit in hits:
        if started:
            if hit.number == second:
                return started
        elif hit.number == wanted:
            if last:
                return hit
            started = hit if hit.at or hit.is_roman or hit.line.content.endswith(_ENDS) else None
        elif hit.number == first:
            return None
    return None


def _begins_misspelt_article(number: int, line: Line) -> bool:
    mark = None if line.row else _ARTICLE_MISSPELT.match(line.content)
    return mark is not None and int(mark[1]) == number and line.content[mark.end()].isupper()


def _hidden_article(number: int, lines: Sequence[Line]) -> Hit | None:
    """Where the article of that number begins in lines of other units, if it may."""
    for at, line in enumerate(lines):
        if at and _begins_misspelt_article(number, line) and lines[at - 1].content.endswith(_ENDS):
            return Hit(f"{number}", line, 0)
        for found in _outside_quotes(_ARTICLE.finditer("" if line.row else line.content)):
            previous = lines[at - 1].content if at else ""
            is_first = found.start() == 0 and not found["stop"].startswith((".", ";", ":", "”"))
            opens = previous.endswith(_ENDS) if is_first else "." in found["sign"] or ":" in found["sign"]
            rest = line.content[found.end() :]
            if int(found[2]) == number and opens and rest[0].isupper() and not _REFERENCE.match(rest):
                return Hit(f"{number}", line, found.end("stop"))
    return None


def _words_of(kind: UnitKind, hit: Hit) -> str:
    unit = f"{UNIT_FORMS[kind].word} {hit.number}"
    return (
        f"«{hit.words}» có thể là {unit} không mở đầu dòng hoặc có dấu lạ, nên chưa được tách: chữ của nó nằm trong "
        f"đơn vị đứng trước. Nếu là {unit}, hãy cho nó một dòng riêng và sửa dấu."
    )
