"""Page numbers and running headers: lines of the printed page, not of the text."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from content.marks.running_headings import places_of_running_headings
from content.parsing import cue_phrases
from content.parsing.text_line import Line

MIN_HEADER_REPEATS = 3  # of a line, to be a running header
PAGE_LINES = (12, 120)  # lines from one header or number to the next
MAX_OTHER_NUMBERS = 2  # lines that are another number, for each page number
MAX_HEADER_LETTERS = 120  # characters of a header
MAX_SINGLE_HEADER_LETTERS = 50  # of one that occurs once: no line that a margin broke is so short

_LABELLED_PAGE_NUMBER = re.compile(
    r"(?:Trang|Page|Tr\.) ?[0-9]{1,4}(?: ?(?:/|of|trên) ?[0-9]{1,4})?$|[-–—] ?[0-9]{1,4} ?[-–—]$", re.I
)
_BARE_PAGE_NUMBER = re.compile(r"([0-9]{1,4})(?: ?/ ?[0-9]{1,4})?$")
_HEADER = re.compile(r"(?:[0-9]{1,4} )?CÔNG BÁO ?/ ?Số |(?:https?://|www\.)\S+$", re.I)
_DIGITS = re.compile(r"[0-9]+")


def without_page_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """(lines of the text, lines of the page)."""
    numbered = _page_number_flags(lines)
    headers = _running_header_shapes(lines, numbered)
    headings = places_of_running_headings([line.content for line in lines], [line.mark for line in lines])
    own_lines: list[Line] = []
    dropped: list[Line] = []
    is_after_dropped = False
    for at, line in enumerate(lines):
        is_header = line.mark is None and _header_shape(line) in headers
        is_furniture = numbered[at] or at in headings or is_header or _HEADER.match(line.content)
        if is_furniture:
            dropped.append(line)
        else:
            own_lines.append(replace(line, gap=False) if is_after_dropped and line.gap else line)
        is_after_dropped = bool(is_furniture)
    return own_lines, dropped


def _page_number_flags(lines: Sequence[Line]) -> list[bool]:
    """By line, whether it is a page number: labelled, one of a count through the text, or inside a sentence."""
    found = [False] * len(lines)
    bare: dict[int, int] = {}  # index of a line: the number it consists of
    for index, line in enumerate(lines):
        content = line.content
        if len(content) > 24 or line.row:
            continue
        if match := _BARE_PAGE_NUMBER.match(content):
            bare[index] = int(match[1])
            for at in range(index, index + _lines_inside_sentence(lines, index)):
                found[at] = True
        else:
            found[index] = found[index] or (
                content[0] in "-–—TtPp" and _LABELLED_PAGE_NUMBER.match(content) is not None
            )
    for chain in _page_chains(bare, len(lines)):
        for index in chain:
            found[index] = True
    return found


def _page_chains(bare: dict[int, int], line_count: int) -> list[list[int]]:
    """Of lines that are a bare number, those that count the pages of the text: lists of their indexes.

    Page numbers go up by one, a page apart, through most of the text. Row numbers of a table do not: their table is a
    part of the text, and its other cells are bare numbers too.
    """
    chains: list[list[int]] = []
    chain_by_last: dict[int, list[int]] = {}  # number: the chain that it ends
    for index, number in bare.items():
        chain = chain_by_last.get(number - 1)
        if chain and PAGE_LINES[0] <= index - chain[-1] <= PAGE_LINES[1]:
            del chain_by_last[number - 1]
            chain.append(index)
        else:
            chain = [index]
            chains.append(chain)
        chain_by_last[number] = chain
    places = list(bare)
    return [chain for chain in chains if len(chain) > 1 and _counts_pages(chain, places, line_count)]


def _counts_pages(chain: Sequence[int], bare: Sequence[int], line_count: int) -> bool:
    first, last = chain[0], chain[-1]
    inside = bisect_right(bare, last) - bisect_left(bare, first)
    goes_through = 2 * (last - first + PAGE_LINES[0]) > line_count
    return goes_through and inside - len(chain) <= MAX_OTHER_NUMBERS * len(chain)


def _lines_inside_sentence(lines: Sequence[Line], index: int) -> int:
    """How many lines from a number on interrupt a sentence: 1 (the number), 2 (and a header), or 0."""
    if (
        not index
        or not lines[index - 1].content[-1].islower()
        or cue_phrases.ends_before_reference(lines[index - 1].content)
    ):
        return 0
    for count in (1, 2):
        after = lines[index + count] if index + count < len(lines) else None
        if after is None or after.mark:
            return 0
        if after.content[0].islower():
            return count
        if len(after.content) > MAX_SINGLE_HEADER_LETTERS or not _may_be_header(after):
            return 0
    return 0


def _header_shape(line: Line) -> str:
    """The line with # for numbers, the same on every page: "Trang 12/60" and "Trang 13/60" give "Trang #/#"."""
    return _DIGITS.sub("#", line.content)


def _running_header_shapes(lines: Sequence[Line], numbered: list[bool]) -> set[str]:
    """Shapes of lines that repeat page after page: beside a page number, or a page's length apart."""
    candidates = [(index, _header_shape(line)) for index, line in enumerate(lines) if _may_be_header(line)]
    times = Counter(shape for _, shape in candidates)
    places: dict[str, list[int]] = {}
    for index, shape in candidates:
        if times[shape] >= MIN_HEADER_REPEATS:
            places.setdefault(shape, []).append(index)
    return {shape for shape, indexes in places.items() if _is_running_header(indexes, numbered)}


def _may_be_header(line: Line) -> bool:
    content = line.content
    plain = line.mark is None and not line.row
    return plain and len(content) <= MAX_HEADER_LETTERS and content[0].isupper() and content[-1] not in ".,;:"


def _is_running_header(indexes: list[int], numbered: list[bool]) -> bool:
    """Whether lines at these indexes repeat through the whole text as headers do."""
    beside = sum(any(numbered[max(0, at - 1) : at + 2]) for at in indexes)
    if 2 * beside > len(indexes):
        return True
    gaps = [after - before for before, after in pairwise(indexes)]
    even = PAGE_LINES[0] <= min(gaps) and max(gaps) <= min(PAGE_LINES[1], 1.4 * min(gaps))
    return even and 2 * (indexes[-1] - indexes[0]) > len(numbered)
