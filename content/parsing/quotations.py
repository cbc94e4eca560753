"""Quotations that run over lines.

Amending acts quote whole articles and clauses. A quotation opens when its mark begins a line that is announced
("... như sau:") or numbered (“5. ...), or when it follows a colon. All other marks count inside their own line only, so
one that a sentence forgot to close does no harm.
"""

import re
from collections.abc import Sequence

from content.marks.cue_phrases import announces_quotation_or_list
from content.marks.marks import read_mark
from content.parsing.text_line import BLANK, Line

OPENING_QUOTES = '“„«"'
_SIGN = re.compile(r"[“”„«»\"]")
_AFTER = frozenset(BLANK + '.,;:!?)/”»"')
_TAIL = BLANK + '.,;:/”»"'  # signs allowed between the end of a quotation and that of its line
_ENDING = re.compile(rf"[”»\"][”»\".;,:/{BLANK}]*$")


def ends_with_closing_quote(content: str) -> bool:
    """Whether a line ends with a closing mark, a few stops after it allowed."""
    return _ENDING.search(content, max(0, len(content) - 8)) is not None


class Quotations:
    """The quotations of a text, read line by line. `depth` is 0, 1, or 2 (a quotation in a quotation).

    `spans` are (start, end) of those that begin a line or run over several.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.spans: list[tuple[int, int]] = []
        self._start = 0
        self._worth_noting = False
        self._announced = False

    def read(self, line: Line) -> None:
        """Take the marks of the next line into account."""
        self._worth_noting = self._worth_noting or self.depth > 0
        inline, tail = 0, len(line.content.rstrip(_TAIL))
        for match in _SIGN.finditer(line.content):
            at = match.start()
            if not _is_opening_quote(line.content, at):
                if inline:
                    inline -= 1
                elif self._start >= line.start or at >= tail:
                    self._close(line.at(at) + 1)
            elif self._is_structural(line.content, at):
                self._open(line.at(at), worth_noting=at == 0)
            else:
                inline += 1
        if inline and ends_with_closing_quote(line.content):  # the sentence forgot one, the last is the quotation's
            self._close(line.end)
        self._announced = announces_quotation_or_list(line.content)

    def began_at(self, start: int) -> bool:
        """Whether the last quotation is one that began there."""
        return bool(self.spans) and self.spans[-1][0] == start

    def open(self, start: int) -> None:
        """Begin a quotation whose opening mark is missing."""
        self._open(start, worth_noting=True)

    def abandon(self, end: int) -> int:
        """End a quotation whose closing mark is missing; returns where it began."""
        self.depth = min(self.depth, 1)
        self._close(end)
        return self._start

    def _open(self, start: int, *, worth_noting: bool) -> None:
        if not self.depth:
            self._start, self._worth_noting = start, worth_noting
        self.depth = min(self.depth + 1, 2)

    def _close(self, end: int) -> None:
        if self.depth == 1 and self._worth_noting:
            self.spans.append((self._start, end))
        self.depth = max(self.depth - 1, 0)

    def _is_structural(self, content: str, at: int) -> bool:
        if at:
            return content[max(0, at - 4) : at].rstrip(BLANK).endswith(":")
        inner = content[1:].lstrip(BLANK)
        return self._announced or (not self.depth and bool(inner) and read_mark(inner) is not None)


def closing_quotes_ahead(lines: Sequence[Line]) -> list[bool]:
    """By line: whether, from it on, a quotation ends before the next announced one begins."""
    ahead: list[bool] = []
    closed = False
    for index in range(len(lines) - 1, -1, -1):
        content = lines[index].content
        signs = [_is_opening_quote(content, match.start()) for match in _SIGN.finditer(content)]
        if (
            index
            and signs
            and signs[0]
            and content[0] in '“„«"'
            and announces_quotation_or_list(lines[index - 1].content)
        ):
            closed = False
        elif signs.count(False) > signs.count(True) and ends_with_closing_quote(content):
            closed = True
        ahead.append(closed)
    return ahead[::-1]


def _is_opening_quote(content: str, at: int) -> bool:
    """Whether the mark at `at` opens; a straight one does after a blank and before a word."""
    if content[at] != '"':
        return content[at] in "“„«"
    return (at == 0 or content[at - 1] in BLANK + "(“:") and content[at + 1 : at + 2] not in _AFTER | {""}
