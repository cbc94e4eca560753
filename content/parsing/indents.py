"""Tiết: the items below a point, or in a text without one: "a.1)", "(i)", "-", "+"."""

import re

_DOTTED = re.compile(r"([a-zđ]\.[0-9]{1,2})(?: ?[.)]| (?=[^\Wa-z_]))(?![0-9]) *")
_ROMAN = re.compile(r"\(([ivx]{1,5})\) *")
_DASH = re.compile(r"([-–—•*+]) ?(?=[^\W_]|[“\"(])")
INDENT_LEVELS = 4  # how deep items stand in one another: a.1, then (i), then -, then +


def read_indent(content):
    """(number as printed, level, where the text begins) of the item a line is, or None."""
    first = content[0]
    if first.isalpha() and (match := _DOTTED.match(content)):
        return match[1], 0, match.end()
    if first == "(" and (match := _ROMAN.match(content)):
        return match[1], 1, match.end()
    if first in "-–—•*+" and (match := _DASH.match(content)):
        return match[1], 3 if first == "+" else 2, match.end()
    return None
