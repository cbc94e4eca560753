"""What a text quotes belongs to another document. Pure."""

import re
from collections.abc import Iterable

_INLINE = re.compile(r"“[^”\n]{0,400}”")


def without_quotations(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spaces in place of its quotations; the length is the same."""
    pieces, at = [], 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
            at = end
    return _INLINE.sub(lambda quoted: "“" + " " * (len(quoted[0]) - 2) + "”", "".join([*pieces, text[at:]]))
