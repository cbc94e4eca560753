"""Page numbers and running headers of printed pages, left out of the text. Pure.

A running header is a line that many pages have once at their top or bottom, with other numbers, and no page has
elsewhere: the rows of a long table have one shape too, but in the middle of pages as well. Left and right pages may
have each their own. Only lines at the edges of pages are looked at, and no line with the mark of a unit; the file
itself is kept as the document's original.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from content.marks.marks import read_mark

EDGE_LINES = 3  # lines at the top and at the bottom of a page that may be furniture
MIN_PAGES = 3
MIN_SHARE_OF_PAGES = 0.6  # that have their number
MIN_SHARE_WITH_HEADER = 0.4  # of pages; left and right ones may have each another
MAX_HEADER_LENGTH = 160  # characters
_DIGITS = re.compile(r"[0-9]+")
_NUMBER_AT_AN_END = re.compile(r"^(?:# )+|(?: #)+$")
_PAGE_NUMBER = re.compile(
    r"(?:(?:Trang|Page|Tr\.) ?)?[-–—]? ?([0-9]{1,4})(?: ?(?:/|of|trên) ?[0-9]{1,4})? ?[-–—]?", re.I
)


@dataclass(frozen=True)
class OwnText:
    """The text of the pages without their furniture; `dropped`: how many lines that were, `example` one of them."""

    text: str
    dropped: int
    example: str


def without_furniture(pages: Sequence[str]) -> OwnText:
    """The lines of all pages, one after the other, without page numbers and running headers."""
    lines = [[" ".join(line.split()) for line in page.split("\n")] for page in pages]
    edges = [_edge_places(page) for page in lines]
    headers = _header_shapes(lines, edges)
    offset = _offset_of_page_numbers(lines, edges)
    kept: list[str] = []
    dropped: list[str] = []
    for number, (page, raw) in enumerate(zip(lines, pages, strict=True)):
        places = {at for at in edges[number] if _is_furniture(page[at], number, headers, offset)}
        kept += [line for at, line in enumerate(raw.split("\n")) if at not in places]
        dropped += [page[at] for at in sorted(places)]
    example = next((line for line in dropped if not _DIGITS.fullmatch(line)), dropped[0] if dropped else "")
    return OwnText("\n".join(kept), len(dropped), example)


def _edge_places(page: Sequence[str]) -> list[int]:
    """The indexes of the first and the last lines of a page that are not blank."""
    places = [at for at, line in enumerate(page) if line]
    return sorted({*places[:EDGE_LINES], *places[-EDGE_LINES:]})


def _shape(line: str) -> str:
    """The line with # for numbers and without those at its ends; "" for one that cannot be a header."""
    if len(line) > MAX_HEADER_LENGTH or read_mark(line):
        return ""
    return _NUMBER_AT_AN_END.sub("", _DIGITS.sub("#", line)).strip(" #-–—")


def _header_shapes(lines: Sequence[Sequence[str]], edges: Sequence[Sequence[int]]) -> set[str]:
    times: Counter[str] = Counter()
    repeated: set[str] = set()  # shapes that a page has elsewhere, or twice at one edge
    for page, places in zip(lines, edges, strict=True):
        at_edges = set(places)
        times.update({_shape(page[at]) for at in places})
        repeated |= {_shape(line) for at, line in enumerate(page) if line and at not in at_edges}
        for edge in (places[:EDGE_LINES], places[-EDGE_LINES:]):
            repeated |= {shape for shape, count in Counter(_shape(page[at]) for at in edge).items() if count > 1}
    needed = max(MIN_PAGES, MIN_SHARE_WITH_HEADER * len(lines))
    return {shape for shape, count in times.items() if shape and count >= needed and shape not in repeated}


def _offset_of_page_numbers(lines: Sequence[Sequence[str]], edges: Sequence[Sequence[int]]) -> int | None:
    """What is to be added to the place of a page to get the number printed on it; None if none is printed."""
    offsets: Counter[int] = Counter()
    for place, (page, places) in enumerate(zip(lines, edges, strict=True)):
        numbers = [_page_number(page[at]) for at in places]
        offsets.update({number - place for number in numbers if number is not None})
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    return offset if count >= max(MIN_PAGES, MIN_SHARE_OF_PAGES * len(lines)) else None


def _page_number(line: str) -> int | None:
    """The number of a line that is nothing but a page number."""
    match = _PAGE_NUMBER.fullmatch(line)
    return int(match[1]) if match else None


def _is_furniture(line: str, number: int, headers: set[str], offset: int | None) -> bool:
    if offset is not None and _page_number(line) == number + offset:
        return True
    is_title = number == 0 and not _DIGITS.search(line)  # the name of the act itself, which other pages repeat
    return _shape(line) in headers and not is_title
