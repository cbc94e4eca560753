"""What a unit of an amending act says in its own words, before and between its quotations."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from content.parsing import Unit

PLACEHOLDER = "\ue000{}\ue001"  # replaces an inline quotation while the words around it are read
PLACEHOLDER_PATTERN = re.compile("\ue000([0-9]+)\ue001")
_INLINE = re.compile(  # with limits: without them the time is quadratic in marks that open and never close
    r"[“„]([^“”„]{0,2000}(?:“[^”]{0,500}”[^“”„]{0,2000}){0,40})”|\"([^\"”]{0,2000})[\"”]|«([^»]{0,2000})»"
)


@dataclass(frozen=True)
class UnquotedText:
    """`words` with placeholders for inline quotations (`quotations`); `blocks` is the quoted wording that follows."""

    words: str
    quotations: tuple[str, ...]
    blocks: tuple[str, ...]

    def restore_quotations(self, words: str) -> str:
        """Put the inline quotations back into a part of `words`."""
        return PLACEHOLDER_PATTERN.sub(lambda match: self.quotations[int(match[1])], words)


def unquoted_heading(unit: Unit) -> UnquotedText:
    return _hold_quotations(unit.heading, ())


def unquoted_body(text: str, unit: Unit, quoted: Sequence[tuple[int, int]]) -> UnquotedText:
    """What a unit itself says after its number and heading. `quoted`: spans of its quotations, in order."""
    words: list[str] = []
    blocks: list[str] = []
    at = unit.body
    first = max(0, bisect_left(quoted, (unit.body,)) - 1)  # the one before may reach into the unit
    for place in range(first, len(quoted)):
        start, end = quoted[place]
        if start >= unit.end:
            break
        if end <= unit.body:
            continue
        words.append(text[at : max(start, at)])
        blocks.append(text[max(start, unit.body) : min(end, unit.end)].strip())
        at = min(end, unit.end)
    words.append(text[at : unit.end])
    said = words[0] if not blocks else " ".join([words[0], *(word for word in words[1:] if word.strip(" .;,/\n"))])
    return _hold_quotations(said, tuple(blocks))


def _hold_quotations(words: str, blocks: tuple[str, ...]) -> UnquotedText:
    quotations: list[str] = []

    def hold(match: re.Match[str]) -> str:
        quotations.append(next(part for part in match.groups() if part is not None))
        return PLACEHOLDER.format(len(quotations) - 1)

    may_quote = any(sign in words for sign in '“„"«')  # most words hold none: the pattern is expensive
    own = " ".join((_INLINE.sub(hold, words) if may_quote else words).split())
    return UnquotedText(own.replace("\u00d0", "Đ").replace("\u00f0", "đ"), tuple(quotations), blocks)
