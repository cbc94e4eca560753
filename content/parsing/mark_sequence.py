"""How marks count on: which number follows which, and where the next mark of a kind stands."""

from content.law.unit_numbers import POINT_LETTERS, RARE_LETTERS
from content.law.units import UnitKind


def is_firm_article(line):
    return line.mark is not None and line.mark.kind is UnitKind.ARTICLE and line.mark.firm


def next_marks(lines):
    """For articles, clauses and points: by line, the index of the next line with such a mark."""
    nearest = {UnitKind.ARTICLE: None, UnitKind.CLAUSE: None, UnitKind.POINT: None}
    columns = {kind: [None] * len(lines) for kind in nearest}
    for index in range(len(lines) - 1, -1, -1):
        for kind, at in nearest.items():
            columns[kind][index] = at
        kind = lines[index].mark.kind if lines[index].mark else None
        if kind in nearest:
            nearest[kind] = index
        if kind is UnitKind.ARTICLE:
            nearest[UnitKind.CLAUSE] = None
        if kind in (UnitKind.ARTICLE, UnitKind.CLAUSE):
            nearest[UnitKind.POINT] = None
    return columns


def is_next_number(number, last):
    """12 or 11a after 11, 12a after 12, 12b after 12a."""
    return number == (last[0] + 1,) or (number[0] == last[0] and len(number) > 1 and number > last)


def letters_ahead(last, point):
    """How many letters `point` is ahead of `last`: 1 for the next one or for a1 after a; None when it falls back."""
    if not last:
        return letters_ahead((1, 0), point)
    if point[0] != last[0]:
        return 1 if point[0] == 2 and last[:2] >= (1, len(POINT_LETTERS) - 1) else None
    if point[1] == last[1]:
        return (1 if point > last else 0 if point == last else None) if len(point) > 2 or len(last) > 2 else 0
    skipped = POINT_LETTERS[last[1] : point[1] - 1]
    return None if point[1] < last[1] else 1 + sum(letter not in RARE_LETTERS for letter in skipped)
