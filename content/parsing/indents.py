"""Tiết: the items below a point, or in a text without one: "a.1)", "(i)", "-", "+"."""

import re
from dataclasses import dataclass

_DOTTED = re.compile(r"([a-zđ]\.[0-9]{1,2})(?: ?[.)]| (?=[^\Wa-z_]))(?![0-9]) *")
_ROMAN = re.compile(r"\(([ivx]{1,5})\) *")
_DASH = re.compile(r"([-–—•*+]) ?(?=[^\W_]|[“\"(])")
INDENT_LEVELS = 4  # nested items: a.1, then (i), then -, then +


@dataclass(frozen=True, slots=True)
class IndentMark:
    """The mark of an item: `number` as printed, `level` 0 to 3, outermost first; its text begins at `body`."""

    number: str
    level: int
    body: int


def read_indent(content: str) -> IndentMark | None:
    """The mark that a line begins with, or None where the line is no item."""
    first = content[0]
    if first.isalpha() and (match := _DOTTED.match(content)):
        return IndentMark(match[1], 0, match.end())
    if first == "(" and (match := _ROMAN.match(content)):
        return IndentMark(match[1], 1, match.end())
    if first in "-–—•*+" and (match := _DASH.match(content)):
        return IndentMark(match[1], 3 if first == "+" else 2, match.end())
    return None
