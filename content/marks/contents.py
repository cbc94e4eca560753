"""The list of contents of an act: «Điều 1. Phạm vi ..... 3», «Điều 2. Giải thích ..... 4». Pure.

Word and publishers put one in front of the act or behind it. Its lines begin with the marks of the articles. Taken for
the act, a list in front leaves the act itself without articles, and one behind becomes words of the last article. A
list of contents holds only numbers and headings, and the articles have the same.
"""

import re
from collections.abc import Sequence

from content.law.units import KINDS_ABOVE_ARTICLES, UnitKind
from content.marks.marks import Mark
from content.text.vietnamese import fold

MIN_ARTICLES = 3
MIN_SHARE_FOUND = 0.9  # of its articles that come again with the heading it gives
MAX_LINES_OF_ENTRY = 3  # on average: a heading that is broken, a chapter and its heading
_PAGE = re.compile(r"[\s.…·_]*[0-9]{0,4}$")
_NO_LETTER = re.compile(r"[\W_]+")
_ENDS_SENTENCE = (".", ";", ":")


def places_of_contents(lines: Sequence[str], marks: Sequence[Mark | None]) -> range:
    """The indexes of the lines of a list of contents before or behind the act; an empty range where there is none."""
    articles = [at for at, mark in enumerate(marks) if mark and mark.kind is UnitKind.ARTICLE]
    beginnings = [place for place, at in enumerate(articles) if _order(marks[at]) == (1,)]
    if len(beginnings) < 2 or beginnings[0]:
        return _places_of_chapters(lines, marks, articles[0] if articles else 0)
    in_front, behind = articles[: beginnings[1]], articles[beginnings[-1] :]
    return (
        _places_of_list(in_front, articles[beginnings[1] :], lines, marks)
        or _places_of_list(behind, articles[: beginnings[-1]], lines, marks)
        or _places_of_chapters(lines, marks, articles[0])
    )


def _places_of_list(
    listed: Sequence[int], others: Sequence[int], lines: Sequence[str], marks: Sequence[Mark | None]
) -> range:
    """From the first to the last article `listed`, if they hold no sentence and `others` have their headings."""
    first, last = _with_marks_above(listed[0], marks), listed[-1]
    is_long = last - first >= MAX_LINES_OF_ENTRY * len(listed)
    if len(listed) < MIN_ARTICLES or is_long or any(map(is_sentence, lines[first : last + 1])):
        return range(0)
    headings = {_order(marks[at]): _heading(lines[at], marks[at]) for at in reversed(others)}
    found = sum(_is_heading_of(_heading(lines[at], marks[at]), headings.get(_order(marks[at]))) for at in listed)
    return range(first, last + 1) if found >= MIN_SHARE_FOUND * len(listed) else range(0)


def _places_of_chapters(lines: Sequence[str], marks: Sequence[Mark | None], first_article: int) -> range:
    """The same of a list of parts and chapters only: the first of them comes again before there is any article."""
    heads = [(at, mark) for at, mark in enumerate(marks[:first_article]) if mark and mark.kind in KINDS_ABOVE_ARTICLES]
    if not heads:
        return range(0)
    first, mark = heads[0]
    again = [at for at, other in heads[1:] if (other.kind, other.order) == (mark.kind, mark.order)]
    is_list = again and not any(map(is_sentence, lines[first : again[0]]))
    return range(first, again[0]) if is_list else range(0)


def _order(mark: Mark | None) -> tuple[int, ...]:
    return mark.order if mark else ()


def _with_marks_above(first: int, marks: Sequence[Mark | None]) -> int:
    """The index of the first entry: that of a part or chapter a few lines before the first article, or its own."""
    near = range(max(0, first - 2 * MAX_LINES_OF_ENTRY), first)
    return next((at for at in near if (mark := marks[at]) and mark.kind in KINDS_ABOVE_ARTICLES), first)


def is_sentence(line: str) -> bool:
    """Whether it ends as a sentence does, not with the dots before a page number."""
    return line.endswith(_ENDS_SENTENCE) and not line.endswith("..")


def _heading(line: str, mark: Mark | None) -> str:
    """The letters and digits of the heading without accents, and without the page number."""
    return _NO_LETTER.sub("", fold(_PAGE.sub("", line[mark.body if mark else 0 :])))


def _is_heading_of(listed: str, heading: str | None) -> bool:
    """Whether both are one heading; either may be broken at a margin."""
    return bool(listed and heading) and (str(heading).startswith(listed) or listed.startswith(str(heading)))
