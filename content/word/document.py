"""The body of a DOCX as lines: a paragraph is a line, with the number that Word shows before it.

Tracked changes count as accepted. Hidden text is left out. A table row is one line with its cells separated by a TAB,
unless the table only serves the layout.
"""

import re
from typing import IO

from lxml import etree

from content.word.numbering import MAX_LEVEL, NO_LABEL, ListReference, Numbering
from content.word.xml import W, events, number, release, value

OFF = ("0", "false", "off")  # values of w:vanish
_SKIPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "pict", "object", "txbxContent", "instrText", "pPrChange", "rPrChange")
)
_DELETED = (f"{W}del", f"{W}moveFrom")
_OF_LAYOUT = re.compile("CỘNG HÒA XÃ HỘI|CỘNG HOÀ XÃ HỘI|Nơi nhận|NƠI NHẬN")
Row = list[list[str]]  # cells, each a list of lines


class WordDocument:
    """One pass over word/document.xml, then word/footnotes.xml. `lines` holds the result.

    `numbers` counts the paragraphs whose number was written before them, `unknown_numbers` those of which it is not
    known, `letters_beyond_d` the former with a letter after d.
    """

    def __init__(self, numbering: Numbering) -> None:
        self.lines: list[str] = []
        self.footnotes: list[str | None] = []
        self.hidden = 0  # runs of hidden text
        self.numbers = self.unknown_numbers = self.letters_beyond_d = 0
        self._numbering = numbering
        self._tables: list[list[Row]] = []  # the rows so far of each open table
        self._parts: list[str] = []
        self._skipping = 0
        self._style, self._list = "", ListReference()  # of the paragraph that is read
        self._label = NO_LABEL  # its number, until its first line is written
        self._is_deleted = False  # the end of the paragraph that is read was deleted, and its number with it
        self._run_is_hidden: bool | None = None  # None: outside a run

    def read(self, stream: IO[bytes]) -> None:
        for event, element in events(stream):
            if element.tag in _SKIPPED:
                self._skipping += 1 if event == "start" else -1
                self._is_deleted |= element.tag in _DELETED and _is_of_paragraph_end(element)
            elif not self._skipping:
                (self._start if event == "start" else self._end)(element)
            if event == "end":
                release(element)

    def read_footnotes(self, stream: IO[bytes]) -> None:
        words: dict[str | None, str] = {}
        key = None
        for event, element in events(stream):
            if event == "start" and element.tag == f"{W}footnote":
                key = element.get(f"{W}id")
            elif event == "end" and element.tag == f"{W}t":
                words[key] = f"{words.get(key, '')}{element.text or ''}"
            if event == "end":
                release(element)
        texts = (" ".join(words.get(key, "").split()) for key in self.footnotes)
        self.lines += [f"[{number}] {text}" for number, text in enumerate(texts, 1)]

    def _start(self, element: etree._Element) -> None:
        if element.tag == f"{W}tbl":
            self._tables.append([])
        elif element.tag == f"{W}tr" and self._tables:
            self._tables[-1].append([])
        elif element.tag == f"{W}tc" and self._tables and self._tables[-1]:
            self._tables[-1][-1].append([])
        elif element.tag == f"{W}r":
            self._run_is_hidden = False

    def _end(self, element: etree._Element) -> None:
        name = element.tag.removeprefix(W)
        if name == "t" and self._run_is_hidden:
            self.hidden += bool((element.text or "").strip())
        elif name == "t":
            self._parts.append(element.text or "")
        elif name == "r":
            self._run_is_hidden = None
        elif name == "vanish" and self._run_is_hidden is not None:  # outside a run it is about the paragraph's mark
            self._run_is_hidden = element.get(f"{W}val", "true") not in OFF
        elif name == "pStyle":
            self._style = value(element)
        elif name in ("tab", "noBreakHyphen"):
            self._parts.append(" " if name == "tab" else "-")
        elif name == "numId":
            self._list = ListReference(value(element, "0"), self._list.level)
        elif name == "ilvl":
            self._list = ListReference(self._list.list_id, number(element, MAX_LEVEL))
        elif name == "numPr" and self._list == ListReference():  # it names no list, which is another's then
            self._list = ListReference(level=0)
        elif name == "pPr" and not self._is_deleted:
            self._label = self._numbering.label(self._list, self._style)
        elif name in ("br", "cr"):
            self._end_line()
        elif name == "footnoteReference":
            self.footnotes.append(element.get(f"{W}id"))
            self._parts.append(f"[{len(self.footnotes)}]")
        elif name == "p":
            self._end_line(even_empty=bool(self._tables))  # a column of row numbers has nothing else
            self._style, self._list, self._label, self._is_deleted = "", ListReference(), NO_LABEL, False
        elif name == "tbl" and self._tables:
            self._add_lines(_table_lines(self._tables.pop()))

    def _end_line(self, *, even_empty: bool = False) -> None:
        """End a line. The first of a paragraph takes its number; `even_empty`: also if it has no words."""
        line = " ".join("".join(self._parts).split())
        self._parts = []
        if line or (even_empty and self._label.text):
            self.numbers += self._label.is_number
            self.unknown_numbers += self._label.is_unknown
            self.letters_beyond_d += self._label.is_beyond_d
            self._add_lines([f"{self._label.text}{line}".strip()])
            self._label = NO_LABEL

    def _add_lines(self, lines: list[str]) -> None:
        """Add lines to the innermost open cell, or to the text."""
        cell = next((rows[-1][-1] for rows in reversed(self._tables) if rows and rows[-1]), None)
        (self.lines if cell is None else cell).extend(lines)


def _is_of_paragraph_end(element: etree._Element) -> bool:
    """Whether it is about the end of its paragraph: w:p/w:pPr/w:rPr/w:del."""
    parent = element.getparent()
    above = None if parent is None else parent.getparent()
    return parent is not None and parent.tag == f"{W}rPr" and above is not None and above.tag == f"{W}pPr"


def _table_lines(rows: list[Row]) -> list[str]:
    """A line for each row; cell by cell if the table only serves the layout."""
    words = " ".join(line for row in rows for cell in row for line in cell)
    columns = max(map(len, rows), default=0)
    if columns < 2 or (columns == 2 and len(rows) < 3) or _OF_LAYOUT.search(words):
        return [line for row in rows for cell in row for line in cell]
    return ["\t".join(" ".join(cell) for cell in row) for row in rows if any(row)]
