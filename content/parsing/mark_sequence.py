"""The order of marks: which number follows which, and where the next mark of a kind is."""

from collections.abc import Sequence

from content.law.unit_numbers import POINT_LETTERS, RARE_LETTERS
from content.law.units import UnitKind
from content.parsing.text_line import Line


def is_firm_article(line: Line) -> bool:
    return line.mark is not None and line.mark.kind is UnitKind.ARTICLE and line.mark.firm


def next_marks(lines: Sequence[Line]) -> dict[UnitKind, list[int | None]]:
    """For articles, clauses and points: by line, the index of the next line with such a mark."""
    nearest: dict[UnitKind, int | None] = {UnitKind.ARTICLE: None, UnitKind.CLAUSE: None, UnitKind.POINT: None}
    columns: dict[UnitKind, list[int | None]] = {kind: [None] * len(lines) for kind in nearest}
    for index in range(len(lines) - 1, -1, -1):
        for kind, at in nearest.items():
            columns[kind][index] = at
        mark = lines[index].mark
        if mark and mark.kind in nearest:
            nearest[mark.kind] = index
        if mark and mark.kind is UnitKind.ARTICLE:
            nearest[UnitKind.CLAUSE] = None
        if mark and mark.kind in (UnitKind.ARTICLE, UnitKind.CLAUSE):
            nearest[UnitKind.POINT] = None
    return columns


def is_next_number(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """12 or 11a after 11, 12a after 12, 12b after 12a."""
    return number == (last[0] + 1,) or (number[0] == last[0] and len(number) > 1 and number > last)


def letters_ahead(last: tuple[int, ...], point: tuple[int, ...]) -> int | None:
    """How many letters `point` is ahead of `last`: 1 for the next one or for a1 after a; None when it falls back."""
    if not last:
        return letters_ahead((1, 0), point)
    if point[0] != last[0]:
        return 1 if point[0] == 2 and last[:2] >= (1, len(POINT_LETTERS) - 1) else None
    if point[1] == last[1]:
        return _numbers_ahead(last, point)
    if point[1] < last[1]:
        return None
    return 1 + sum(letter not in RARE_LETTERS for letter in POINT_LETTERS[last[1] : point[1] - 1])


def next_letter(point: tuple[int, ...]) -> tuple[int, ...]:
    """The point that follows in a list: d after c, g after e, a letter past the last after y."""
    rank = point[1]
    while rank < len(POINT_LETTERS) and POINT_LETTERS[rank] in RARE_LETTERS:
        rank += 1
    return (point[0], rank + 1)


def letters_between(last: tuple[int, ...], point: tuple[int, ...]) -> list[str]:
    """The letters of points that lists use between `last`, () for none yet, and `point`; none of two letters."""
    before = last[:2] if last else (1, 0)
    if point[0] != 1 or before[0] != 1:
        return []
    return [letter for letter in POINT_LETTERS[before[1] : point[1] - 1] if letter not in RARE_LETTERS]


def _numbers_ahead(last: tuple[int, ...], point: tuple[int, ...]) -> int | None:
    """The same of two points with one letter: a1 after a, a2 after a1."""
    if point == last or (len(point) <= 2 and len(last) <= 2):
        return 0
    return 1 if point > last else None
