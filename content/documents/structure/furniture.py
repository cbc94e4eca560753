"""What a printed page has besides its text: page numbers and running headers."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from content.documents.structure import evidence

TIMES = 3  # a header runs when it comes so often
PAGE = (12, 120)  # lines from one header or number to the next
LONGEST = 120  # characters of a header
SHORT = 50  # of one that is met only once: no line that a margin broke is so short

_SAID = re.compile(r"(?:Trang|Page|Tr\.) ?[0-9]{1,4}(?: ?(?:/|of|trên) ?[0-9]{1,4})?$|[-–—] ?[0-9]{1,4} ?[-–—]$", re.I)
_BARE = re.compile(r"([0-9]{1,4})(?: ?/ ?[0-9]{1,4})?$")
_HEADER = re.compile(r"(?:[0-9]{1,4} )?CÔNG BÁO ?/ ?Số |(?:https?://|www\.)\S+$", re.I)
_DIGITS = re.compile(r"[0-9]+")


def without(lines):
    """(lines of the text, lines of the page)."""
    numbered = _numbered(lines)
    headers = _headers(lines, numbered)
    kept, dropped, turned = [], [], False
    for line, is_number in zip(lines, numbered, strict=True):
        away = is_number or _HEADER.match(line.content) or (line.mark is None and _shape(line) in headers)
        if away:
            dropped.append(line)
        else:
            kept.append(replace(line, gap=False) if turned and line.gap else line)
        turned = bool(away)
    return kept, dropped


def _numbered(lines):
    """By line, whether it is a page's number: it says so, counts on from the page before, or stands in a sentence."""
    found, bare = [False] * len(lines), {}
    for index, line in enumerate(lines):
        content = line.content
        if len(content) > 24 or line.row:
            continue
        if match := _BARE.match(content):
            bare[index] = int(match[1])
            for at in range(index, index + _interrupting(lines, index)):
                found[at] = True
        else:
            found[index] = found[index] or (content[0] in "-–—TtPp" and _SAID.match(content) is not None)
    last = {}  # where each number was last met
    for index, number in bare.items():
        before = last.get(number - 1)
        if before is not None and PAGE[0] <= index - before <= PAGE[1]:
            found[before] = found[index] = True
        last[number] = index
    return found


def _interrupting(lines, index):
    """How many lines from a number on stand in the middle of a sentence: it alone, it and a header, or none."""
    if not index or not lines[index - 1].content[-1].islower() or evidence.dangles(lines[index - 1].content):
        return 0
    for count in (1, 2):
        after = lines[index + count] if index + count < len(lines) else None
        if after is None or after.mark:
            return 0
        if after.content[0].islower():
            return count
        if len(after.content) > SHORT or not _may_be_header(after):
            return 0
    return 0


def _shape(line):
    """The line with its numbers left out: "Trang 12/60" is the header that "Trang 13/60" is."""
    return _DIGITS.sub("#", line.content)


def _headers(lines, numbered):
    """Shapes of lines that come on page after page: beside a page number, or a page's length apart."""
    candidates = [(index, _shape(line)) for index, line in enumerate(lines) if _may_be_header(line)]
    times = Counter(shape for _, shape in candidates)
    places = {}
    for index, shape in candidates:
        if times[shape] >= TIMES:
            places.setdefault(shape, []).append(index)
    return {shape for shape, indexes in places.items() if _runs(indexes, numbered)}


def _may_be_header(line):
    content = line.content
    plain = line.mark is None and not line.row
    return plain and len(content) <= LONGEST and content[0].isupper() and content[-1] not in ".,;:"


def _runs(indexes, numbered):
    """Whether lines at these places run through the whole text as headers do."""
    beside = sum(any(numbered[max(0, at - 1) : at + 2]) for at in indexes)
    if 2 * beside > len(indexes):
        return True
    gaps = [after - before for before, after in pairwise(indexes)]
    even = PAGE[0] <= min(gaps) and max(gaps) <= min(PAGE[1], 1.4 * min(gaps))
    return even and 2 * (indexes[-1] - indexes[0]) > len(numbered)
