"""Marks with a wrong sign or a letter that is none: where they are, and which of them the numbering explains.

«11, Việc» after «10.», «4- Việc», «c/ Việc», «ç) Việc», «Điều 4, Phạm vi». Such a line is a unit where its number is
the next one, the line before it has ended, and the count goes on from it: with the next mark, with a run of spoilt
marks, or with the end of the article or list. line_scanner.py reads what is explained, and tells of the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from content.law.unit_numbers import number_order
from content.law.units import KINDS_ABOVE_ARTICLES, UnitKind
from content.marks import cue_phrases
from content.marks.marks import Mark, SpoiltMark, read_spoilt_article_mark, read_spoilt_mark
from content.parsing import mark_sequence
from content.parsing.quotations import ends_with_closing_quote
from content.parsing.text_line import Line

SENTENCE_ENDS = (".", ";", ":")
FIRST_POINT, ROMAN_ONE = number_order("a"), number_order("i")
Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """The lines and numbers around a spoilt mark."""

    before: str  # the line before it
    is_after_unit: bool  # that line begins the unit before it
    last: Order  # number of the last unit of the kind; of points () for none yet
    following: Order | None  # of the next good mark of the kind, in the same article or clause


def with_article_marks(lines: list[Line]) -> dict[int, Mark]:
    """Give the lines that begin with the spoilt mark of an article that mark, where the count expects it. In place.

    Returns the spoilt marks of articles that it does not expect, by line.
    """
    at = [index for index, line in enumerate(lines) if line.kind is UnitKind.ARTICLE]
    candidates = {
        index: mark
        for index, line in enumerate(lines)
        if line.mark is None and not line.row and (mark := read_spoilt_article_mark(line.content))
    }
    places = sorted([*at, *candidates])
    for place, index in enumerate(places):
        mark = candidates.get(index)
        last = lines[places[place - 1]].mark if place else None
        after = places[place + 1] if place + 1 < len(places) else None
        following = (lines[after].mark or candidates.get(after)) if after is not None else None
        if mark is None or last is None or mark.order != (last.order[0] + 1,):
            continue
        goes_on = following is None or following.order == (mark.order[0] + 1,)
        before = lines[index - 1]
        opens = (
            before.content.endswith(SENTENCE_ENDS) or before.content.isupper() or before.kind in KINDS_ABOVE_ARTICLES
        )
        if goes_on and opens and not cue_phrases.announces_quotation_or_list(before.content):
            lines[index] = replace(lines[index], mark=candidates.pop(index))
    return candidates


class SpoiltMarks:
    """The spoilt marks of clauses and points by line, with the number that ends the run which begins there."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._marks: dict[int, SpoiltMark] = {}
        self._run_ends: dict[int, Order] = {}
        self._run = ("", FIRST_POINT, FIRST_POINT)  # sign, order and end of the run of the last point explained
        runs: dict[UnitKind, dict[Order, Order]] = {UnitKind.CLAUSE: {}, UnitKind.POINT: {}}
        for index in range(len(lines) - 1, -1, -1):
            line = lines[index]
            if line.mark:
                runs[UnitKind.POINT].clear()
                if line.kind is not UnitKind.POINT:
                    runs[UnitKind.CLAUSE].clear()
            elif not line.row and (spoilt := read_spoilt_mark(line.content)):
                self._marks[index] = spoilt
                if order := spoilt.mark.order:
                    ends = runs[spoilt.mark.kind]
                    ends[order] = self._run_ends[index] = ends.get(next_order(order), order)

    def at(self, index: int) -> SpoiltMark | None:
        return self._marks.get(index)

    def is_explained(self, index: int, around: Around) -> bool:
        """Whether the spoilt mark of a line certainly opens the next unit of its kind."""
        spoilt = self._marks[index]
        if not (spoilt.mark.order and spoilt.begins_sentence):
            return False
        is_clause = spoilt.mark.kind is UnitKind.CLAUSE
        run_end = self._run_ends[index]
        if is_clause:
            return self._explains_clause(spoilt, run_end, around)
        is_point = self._explains_point(spoilt, run_end, around, goes_on=self._goes_on(index, around))
        self._run = (spoilt.sign, spoilt.mark.order, run_end) if is_point else self._run
        return is_point

    def _goes_on(self, index: int, around: Around) -> bool:
        """Whether the point before it has the same wrong sign, in one run: «a. Công», «b. Chi phí», without stops."""
        if self._run != (self._marks[index].sign, around.last, self._run_ends[index]):
            return False
        return not (around.before.endswith(",") or cue_phrases.ends_before_reference(around.before))

    @staticmethod
    def _explains_clause(spoilt: SpoiltMark, run_end: Order, around: Around) -> bool:
        number, last = spoilt.mark.order[0], around.last[0]
        has_ended = _has_ended(around)
        if number != last + 1 or not (has_ended or around.is_after_unit):
            return False
        if around.following and around.following[0] > last:
            return around.following[0] - run_end[0] in (1, 2)
        if not spoilt.sign or (last and not has_ended):
            return False
        begins_list = run_end > spoilt.mark.order and (around.is_after_unit or not spoilt.sign.startswith("("))
        return last > 0 or begins_list

    @staticmethod
    def _explains_point(spoilt: SpoiltMark, run_end: Order, around: Around, *, goes_on: bool) -> bool:
        order, last = spoilt.mark.order, around.last
        opens = goes_on or (_has_ended(around) if last else around.before.endswith(":"))
        if mark_sequence.letters_ahead(last, order) != 1 or not opens or _begins_roman_list(order, around):
            return False
        if around.following and mark_sequence.letters_ahead(last, around.following):
            return mark_sequence.letters_ahead(run_end, around.following) in (1, 2)
        return bool(last) or run_end > order


def may_hide_unit(spoilt: SpoiltMark, around: Around, *, most_missing: int) -> bool:
    """Whether a unit may begin at a spoilt mark that is not explained, and no later number would tell that it is lost.

    `most_missing`: numbers that may be missing before it.
    """
    order, last, following = spoilt.mark.order, around.last, around.following
    if last == (0,):  # an article whose only clause has a wrong sign
        return bool(spoilt.sign) and order == (1,) and around.is_after_unit and (following is None or following <= (1,))
    if not _has_ended(around) or _begins_roman_list(order, around):
        return False
    if spoilt.mark.kind is UnitKind.CLAUSE:
        is_ahead = 0 < order[0] - last[0] <= (most_missing + 1 if spoilt.sign else 1)
        return is_ahead and (following is None or following[0] <= last[0])
    if following and mark_sequence.letters_ahead(last, following):
        return False
    if not last:
        return around.before.endswith(":") and (spoilt.is_unreadable or order == FIRST_POINT)
    return spoilt.is_unreadable or 0 < (mark_sequence.letters_ahead(last, order) or 0) <= most_missing + 1


def _begins_roman_list(order: Order, around: Around) -> bool:
    """Whether an i is one in Roman digits: «như sau:» and «(i) …» inside point h begin a list of their own."""
    return order == ROMAN_ONE and around.before.endswith(":")


def _has_ended(around: Around) -> bool:
    """Whether the line before it ended; an amending act goes on after the end of a quotation."""
    return around.before.endswith(SENTENCE_ENDS) or ends_with_closing_quote(around.before)


def next_order(order: Order) -> Order:
    """The number after it: of a point the next letter that lists use."""
    return (order[0] + 1,) if len(order) == 1 else mark_sequence.next_letter(order)
