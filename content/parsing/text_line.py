"""One line of a text, as the parser reads it."""

from bisect import bisect_right
from dataclasses import dataclass

from content.law.units import UnitKind
from content.marks.marks import Mark

# Space at either end of a line, besides what str.isspace knows: soft hyphen, zero-width signs, BOM.
INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
BLANK = " \t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + INVISIBLE
BLANK += "".join(map(chr, range(0x2000, 0x200B)))

AFTER_ALL_OFFSETS = float("inf")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, from `start` to `end` in the text; `content` is its words, blanks single and plain.

    `cuts` are (offset in content, offset in text) from which on both advance alike; none where the whole line does.
    `gap`: a blank line comes before. `row`: a row of a table, its cells separated by TAB.
    """

    start: int
    end: int
    content: str
    mark: Mark | None
    cuts: tuple[tuple[int, int], ...] = ()
    gap: bool = False
    row: bool = False

    @property
    def kind(self) -> UnitKind | None:
        """The kind of its mark; None without one."""
        return self.mark.kind if self.mark else None

    @property
    def body(self) -> int:
        """Where in `content` the text after the mark begins."""
        return self.mark.body if self.mark else 0

    @property
    def rest(self) -> str:
        """The text after the mark."""
        return self.content[self.body :]

    def at(self, offset: int) -> int:
        """The offset of content[offset] in the text."""
        if not self.cuts:
            return self.start + offset
        inside, outside = self.cuts[bisect_right(self.cuts, (offset, AFTER_ALL_OFFSETS)) - 1]
        return outside + offset - inside
