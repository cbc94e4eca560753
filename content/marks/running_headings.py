"""Headings that a printer repeats at the top of pages: «Chương I. Quy định chung» in the middle of a clause. Pure."""

from collections.abc import Iterator, Sequence

from content.law.units import KINDS_ABOVE_ARTICLES, UnitKind
from content.marks.marks import Mark

MIN_REPEATS = 3
LINES_TO_ARTICLE = 3  # of a heading that a margin broke, before the article or the section that it is the head of
_NUMBERED_THROUGH = (UnitKind.PART, UnitKind.CHAPTER)  # two sections may have one number and one heading


def places_of_running_headings(lines: Sequence[str], marks: Sequence[Mark | None]) -> set[int]:
    """The indexes of lines that repeat the heading of a part, chapter or section and are the head of nothing.

    A heading counts as repeated if it is printed three times, letter for letter. The first that an article or a section
    follows is the real one. «Mục 1. Quy định chung» of several chapters is a heading each time: articles follow it.
    """
    places: dict[str, list[int]] = {}
    for at, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        if mark and mark.kind in KINDS_ABOVE_ARTICLES and mark.body < len(line):
            places.setdefault(line, []).append(at)
    return {at for each in places.values() if len(each) >= MIN_REPEATS for at in _repeated(each, marks)}


def _repeated(places: Sequence[int], marks: Sequence[Mark | None]) -> Iterator[int]:
    heads = [at for at in places if _is_head(at, marks)]
    if not heads or len(heads) == len(places):
        return
    mark = marks[places[0]]
    real = set(heads[:1] if mark and mark.kind in _NUMBERED_THROUGH else heads)
    yield from (at for at in places if at not in real)


def _is_head(at: int, marks: Sequence[Mark | None]) -> bool:
    behind = (mark for mark in marks[at + 1 : at + 1 + LINES_TO_ARTICLE] if mark)
    first = next(behind, None)
    return first is not None and (first.kind is UnitKind.ARTICLE or first.kind in KINDS_ABOVE_ARTICLES)
