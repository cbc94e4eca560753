"""The text of a unit as blocks: paragraphs, tables, quoted wording, with references inside."""

from collections.abc import Sequence
from dataclasses import dataclass

from content.akn.lines import LineGroup, Place, cells_of, is_blank, line_groups
from content.akn.quotations import UNCLOSED, quotation_end
from content.akn.xml import BLANK, XMLWriter


@dataclass(frozen=True)
class Inline:
    """An element around text[start:end]: a reference, the number of the document."""

    start: int
    end: int
    name: str
    href: str | None = None


class BlockWriter:
    """Writes parts of one text: all letters once, in order; white space between blocks stays between them."""

    def __init__(self, xml: XMLWriter, text: str, inlines: Sequence[Inline] = ()) -> None:
        """`inlines` do not overlap and are in order."""
        self._xml = xml
        self._text = text
        self._inlines = inlines
        self._next_inline = 0
        self._may_quote = True  # until a quotation is not closed: each look for its end reads to the end of the text

    def blank(self, start: int, end: int) -> None:
        """White space between elements."""
        self._xml.text(self._text[start:end])

    def words(self, start: int, end: int) -> None:
        """Text inside a paragraph, heading or cell; a reference that goes on in the next one is written in both."""
        at = start
        while self._next_inline < len(self._inlines) and self._inlines[self._next_inline].start < end:
            inline = self._inlines[self._next_inline]
            first, last = max(inline.start, at), min(inline.end, end)
            if first < last:
                self._xml.text(self._text[at:first])
                with self._xml.element(inline.name, href=inline.href):
                    self._xml.text(self._text[first:last])
                at = last
            if inline.end > end:
                break
            self._next_inline += 1
        self._xml.text(self._text[at:end])

    def blocks(self, start: int, end: int, *, is_table: bool = False) -> None:
        """The lines of text[start:end]: rows with tabs as a table, others as paragraphs, quoted wording as structure.

        Two lines with tabs make a table; one alone only where `is_table`.
        """
        at = start
        for group in line_groups(self._text, start, end, is_table=is_table):
            if group.start < at:
                continue  # inside quoted wording
            self.blank(at, group.start)
            at = self._block(group, end)
        self.blank(at, end)

    def _block(self, group: LineGroup, end: int) -> int:
        """Write a table, a line, or the quoted wording that begins with it. Returns where it ends."""
        if group.is_table:
            self._table(group.lines)
        elif is_blank(self._text, group.start, group.end):
            self.blank(group.start, group.end)
        elif (closed := self._quotation(group.start, group.end, end)) is not None:
            with self._xml.element("p"), self._xml.element("embeddedStructure"):
                self._inner_blocks(group.start, closed)
            return closed
        else:
            with self._xml.element("p"):
                self.words(group.start, group.end)
        return group.end

    def _quotation(self, first: int, last: int, end: int) -> int | None:
        """Where quoted wording that begins with the line [first, last) ends; None where none begins."""
        while first < last and self._text[first] in BLANK:
            first += 1
        if not self._may_quote or first == last:
            return None
        closed = quotation_end(self._text, first, end)
        self._may_quote = closed != UNCLOSED
        return closed if self._may_quote else None

    def _inner_blocks(self, start: int, end: int) -> None:
        may_quote, self._may_quote = self._may_quote, False
        self.blocks(start, end)
        self._may_quote = may_quote

    def _table(self, rows: Sequence[Place]) -> None:
        with self._xml.element("table"):
            for place, row in enumerate(rows):
                if place:
                    self.blank(rows[place - 1][1], row[0])
                with self._xml.element("tr"):
                    self._cells(row, "th" if len(rows) > 1 and not place else "td")

    def _cells(self, row: Place, name: str) -> None:
        at = row[0]
        for start, end in cells_of(self._text, row):
            self.blank(at, start)
            with self._xml.element(name):
                if is_blank(self._text, start, end):
                    self.blank(start, end)
                else:
                    with self._xml.element("p"):
                        self.words(start, end)
            at = end
