"""Links inside a text that is laid out afterwards: marked before, written as HTML behind. Pure."""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Private-use letters, which no legal text has: start of a link, end of its number, end of the link.
_START, _NUMBERED, _END = "\ue000", "\ue001", "\ue002"
_LINK = re.compile(f"{_START}([0-9]+){_NUMBERED}([^{_START}{_END}]*){_END}")
_MARKS = re.compile(f"{_START}[0-9]*{_NUMBERED}?|{_END}")


def with_marks(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with the spans marked, numbered in their order. A span that runs over lines or cells is left out."""
    if _MARKS.search(text):
        return text
    pieces, at = [], 0
    for number, (start, end) in enumerate(spans):
        words = text[start:end]
        if start >= at and words.strip() and not re.search(r"[\n\t]", words):
            pieces += [text[at:start], f"{_START}{number}{_NUMBERED}{words}{_END}"]
            at = end
    return "".join([*pieces, text[at:]])


def as_html(marked: str, addresses: Sequence[str]) -> SafeString:
    """The marked text as HTML, everything but the links escaped; `addresses` are those of the spans, in their order."""
    pieces: list[str] = []
    at = 0
    for link in _LINK.finditer(marked):
        pieces.append(escape(_MARKS.sub("", marked[at : link.start()])))
        number = int(link[1])
        address = addresses[number] if number < len(addresses) else ""
        pieces.append(format_html('<a href="{}">{}</a>', address, link[2]) if address else escape(link[2]))
        at = link.end()
    pieces.append(escape(_MARKS.sub("", marked[at:])))
    return mark_safe("".join(pieces))  # noqa: S308 - each piece is escaped above
