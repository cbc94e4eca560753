"""Which mentions in an article that amends are about the act itself, not about the law that it amends. Pure."""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable

from content.law.mentions import Mention

MAX_QUOTED = 20_000  # letters between two quotation marks
_QUOTATION_MARK = re.compile(r"[“”\"]")


def mentions_of_the_act(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions in `text`, of an article that amends, that are not about the law that it amends.

    Units without a document are those of that law. «Luật này» is it where the article quotes new words of it.
    """
    says_new_words = "“" in text
    quoted = [] if says_new_words else quoted_spans(text)
    starts = [start for start, _end in quoted]
    kept = []
    for each in mentions:
        if each.document and each.document.is_this:
            at = bisect_right(starts, each.start) - 1
            is_quoted = at >= 0 and each.start < quoted[at][1]
            if says_new_words or is_quoted:
                continue
        if each.document:
            kept.append(each)
    return kept


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each quotation, in order, at most MAX_QUOTED letters long. Linear."""
    spans: list[tuple[int, int]] = []
    opened: deque[int] = deque()
    for mark in _QUOTATION_MARK.finditer(text):
        at = mark.start()
        while opened and at - opened[0] - 1 > MAX_QUOTED:
            opened.popleft()
        if opened and mark[0] != "“":
            spans.append((opened[0], at + 1))
            opened.clear()
        elif mark[0] != "”":
            opened.append(at)
    return spans
