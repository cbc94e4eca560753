"""The text of a unit as blocks: paragraphs, tables, quoted wording, with references inside."""

from collections.abc import Sequence
from dataclasses import dataclass

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
        lines = self._lines(start, end)
        at = 0
        while at < len(lines):
            first, last = lines[at]
            rows = self._rows_from(lines, at)
            closed = None if rows else self._quotation(first, last, end)
            taken = 1
            if rows > 1 or (rows and is_table):
                taken = rows
                self._table(lines[at : at + rows])
            elif closed is not None:
                taken = sum(1 for _, stop in lines[at:] if stop <= closed)
                with self._xml.element("p"), self._xml.element("embeddedStructure"):
                    self._inner_blocks(first, closed)
            elif self._is_blank(first, last):
                self.blank(first, last)
            else:
                with self._xml.element("p"):
                    self.words(first, last)
            at += taken
            self.blank(lines[at - 1][1], lines[at][0] if at < len(lines) else end)

    def _lines(self, start: int, end: int) -> list[tuple[int, int]]:
        """(start, end) of the lines, without their line feeds."""
        found = []
        while start < end:
            stop = self._text.find("\n", start, end)
            found.append((start, end if stop < 0 else stop))
            start = found[-1][1] + 1
        return found

    def _is_blank(self, start: int, end: int) -> bool:
        return not self._text[start:end].strip(BLANK)

    def _rows_from(self, lines: Sequence[tuple[int, int]], at: int) -> int:
        """How many lines from that one on are rows of a table."""
        rows = at
        while rows < len(lines) and "\t" in self._text[slice(*lines[rows])] and not self._is_blank(*lines[rows]):
            rows += 1
        return rows - at

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

    def _table(self, rows: Sequence[tuple[int, int]]) -> None:
        with self._xml.element("table"):
            for place, (first, last) in enumerate(rows):
                if place:
                    self.blank(rows[place - 1][1], first)
                with self._xml.element("tr"):
                    self._cells(first, last, "th" if len(rows) > 1 and not place else "td")

    def _cells(self, start: int, end: int, name: str) -> None:
        while start <= end:
            stop = self._text.find("\t", start, end)
            last = end if stop < 0 else stop
            with self._xml.element(name):
                if self._is_blank(start, last):
                    self.blank(start, last)
                else:
                    with self._xml.element("p"):
                        self.words(start, last)
            self.blank(last, last if stop < 0 else last + 1)
            start = last + 1
