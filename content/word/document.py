"""The body of a DOCX as lines: a paragraph is a line, with the number that Word shows before it.

Tracked changes count as accepted, and are noted. Hidden text is left out; text that is struck out or that nobody can
see stays, and is noted, because only a person can say whether it is the law. A table row is one line with its cells
separated by a TAB, unless the table only serves the layout. A text box is read where it is anchored, once, although
Word stores it twice (mc:AlternateContent); its lines stand before the words of its paragraph, or after them if words
come before it.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from content.law.lexer.unit_lexicon import ARTICLE
from content.text.legacy_encodings import has_words_of_tcvn3
from content.word.fields import Fields
from content.word.looks import UNKNOWN_COLOUR, Doubt, Looks, StyleSheet, doubt_of, shade_of
from content.word.numbering import MAX_LEVEL, NO_LABEL, Label, ListReference, Numbering
from content.word.passages import Passages
from content.word.raised import add_raised
from content.word.symbols import (
    FORMULA,
    FORMULA_MARKS,
    FORMULA_TEXT,
    UNREADABLE,
    letter_of_symbol,
    letters_of_symbols,
)
from content.word.xml import W, events, name_above, number, release, value

TCVN3_FONTS = ".Vn"  # .VnTime, .VnArialH …
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATIVES, _BRANCHES = f"{_MC}AlternateContent", frozenset({f"{_MC}Choice", f"{_MC}Fallback"})
_BEFORE_A_CHANGE = ("pPr", "rPr", "tblPr", "trPr", "tcPr", "tblPrEx", "sectPr", "tblGrid")
_DELETED, _MOVED = f"{W}del", f"{W}moveFrom"
_INSERTED = frozenset({f"{W}ins", f"{W}moveTo"})
_CHANGES_OF_CELLS = frozenset({f"{W}cellIns", f"{W}cellDel", f"{W}cellMerge"})
_MARK = "¶"  # the end of a paragraph, where a notice quotes one
_SKIPPED = frozenset({_DELETED, _MOVED, *(f"{W}{name}Change" for name in _BEFORE_A_CHANGE)})
_PICTURES = frozenset(
    {"{http://schemas.openxmlformats.org/drawingml/2006/main}blip", "{urn:schemas-microsoft-com:vml}imagedata"}
)
_IN_RUNS = frozenset({"t", "tab", "ptab", "noBreakHyphen", "sym", "br", "cr", "footnoteReference", "endnoteReference"})
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_OF_LAYOUT = re.compile("CỘNG HÒA XÃ HỘI|CỘNG HOÀ XÃ HỘI|Nơi nhận|NƠI NHẬN")
_SIGNATURE_OR_UNIT = re.compile(
    rf"(?:TM|KT|TL|TUQ|Q)\.|{ARTICLE} \d|Số:|(?:THỦ TƯỚNG|BỘ TRƯỞNG|CHỦ TỊCH|THỐNG ĐỐC|CHÁNH ÁN"
    r"|VIỆN TRƯỞNG|TỔNG (?:GIÁM|CỤC|BIÊN|THANH|KIỂM|THƯ)|CHỦ NHIỆM|GIÁM ĐỐC)"
)
NO_LIST, NO_LOOKS = ListReference(), Looks()
Row = list[list[str]]  # cells, each a list of lines


@dataclass
class _Table:
    rows: list[Row] = field(default_factory=list)  # so far
    style: str = ""
    shade: str | None = None
    shade_of_cell: str | None = None
    is_row_deleted: bool = False
    is_row_inserted: bool = False
    insertions_before_row: int = 0


@dataclass
class _Paragraph:
    style: str = ""
    reference: ListReference = NO_LIST
    label: Label | None = NO_LABEL  # its number, until its first line is written; None: not counted yet
    shade: str | None = None
    mark: Looks = NO_LOOKS  # of its end
    is_mark_deleted: bool = False  # and its number with it
    is_mark_inserted: bool = False
    is_begun: bool = False  # a line is written
    parts: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)  # lines that follow it
    box_count: int = 0


@dataclass
class _Story:
    """A text with paragraphs of its own: the body, a text box, a note."""

    lines: list[str] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)  # the open ones
    paragraph: _Paragraph = field(default_factory=_Paragraph)
    run: Looks | None = None  # None: outside a run
    background: str | None = None


class WordDocument:
    """One pass over word/document.xml, then over the notes. `lines` holds the result.

    `numbers` counts the paragraphs whose number was written before them, `unknown_numbers` those of which it is not
    known, `letters_beyond_d` the former with a letter after d, `named_numbers` those with «Khoản» or «Điểm» in Word.
    `boxes` counts text boxes with words,
    `boxes_beside_text` those whose place among the words is not certain. `changed_cells` and `changed_numbers`: cells
    that a tracked change adds, removes or merges, paragraphs of which it changes the number.
    """

    def __init__(self, numbering: Numbering, styles: StyleSheet) -> None:
        self.lines: list[str] = []
        self.notes: list[tuple[str, str]] = []  # («footnote» or «endnote», id), in the order of the text
        self.doubts = {doubt: Passages() for doubt in Doubt}
        self.numbers = self.unknown_numbers = self.letters_beyond_d = self.named_numbers = 0
        self.boxes = self.boxes_beside_text = self.formulas = self.pictures = self.outside_parts = 0
        self.changed_cells = self.changed_numbers = 0
        self._numbering, self._styles = numbering, styles
        self._looks_of = functools.lru_cache(1_000)(styles.looks_of)
        self._stories = [_Story(self.lines)]
        self._paragraphs = 0  # ended
        self._skipping: list[str] = []  # tags
        self._insertions = 0  # open w:ins around what is read
        self._found_before: list[int] = []  # what was found before each open mc:AlternateContent
        self._found = 0  # pieces of text, and pictures
        self._fields = Fields()
        self._words_of_notes: dict[tuple[str, str], str] | None = None  # while they are read

    def read(self, stream: IO[bytes]) -> None:
        for event, element in events(stream):
            tag = str(element.tag)
            if event == "start":
                self._count_change(element, tag)
            if event == "start" and self._is_skipped(tag):
                self._note_deletion(element)
                self._skipping.append(tag)
            elif event == "end" and self._skipping and self._skipping[-1] == tag:
                self._skipping.pop()
            elif not self._skipping and tag in _INSERTED:
                self._take_insertion(element, is_start=event == "start")
            elif not self._skipping:
                (self._start if event == "start" else self._end)(element, tag)
            elif event == "end" and set(self._skipping) == {_DELETED} and tag in (f"{W}delText", f"{W}t"):
                self.doubts[Doubt.DELETED].add(element.text or "", self._paragraphs)
            if event == "end":
                release(element)

    def read_notes(self, stream: IO[bytes]) -> dict[tuple[str, str], str]:
        """The words of the footnotes or endnotes of this part."""
        found: dict[tuple[str, str], str] = {}
        self._words_of_notes = found
        self.read(stream)
        self._words_of_notes = None
        return found

    def append_notes(self, words: dict[tuple[str, str], str]) -> None:
        """Put the notes after the text, in its order."""
        self.lines += [f"[{at}] {words.get(note, '')}" for at, note in enumerate(self.notes, 1)]

    # -- what is not read -----------------------------------------------------------

    def _is_skipped(self, tag: str) -> bool:
        """Whether to skip this element: deleted, or the second copy of what was read already."""
        if tag in _BRANCHES:
            is_copy = bool(self._found_before) and self._found > self._found_before[-1]
            return bool(self._skipping) or is_copy
        return tag in _SKIPPED

    def _count_change(self, element: etree._Element, tag: str) -> None:
        """Count a tracked change that has no words of its own."""
        if tag in _CHANGES_OF_CELLS:
            self.changed_cells += 1
        elif tag == f"{W}numberingChange" or (tag == f"{W}numId" and self._is_other_list(element)):
            self.changed_numbers += 1

    def _is_other_list(self, element: etree._Element) -> bool:
        """Whether the paragraph was in another list before a tracked change; its w:pPrChange has all that it was."""
        return f"{W}pPrChange" in self._skipping and value(element) != self._story.paragraph.reference.list_id

    def _note_deletion(self, element: etree._Element) -> None:
        if element.tag not in (_DELETED, _MOVED):
            return
        if name_above(element) == "rPr" and name_above(element, 2) == "pPr":
            self._story.paragraph.is_mark_deleted = True
        elif name_above(element) == "trPr" and self._story.tables:
            self._story.tables[-1].is_row_deleted = True

    def _take_insertion(self, element: etree._Element, *, is_start: bool) -> None:
        above = name_above(element)
        if above == "rPr" and name_above(element, 2) == "pPr":
            self._story.paragraph.is_mark_inserted = True
        elif above == "trPr" and self._story.tables:
            self._story.tables[-1].is_row_inserted = True
        elif above not in ("rPr", "trPr"):
            self._insertions += 1 if is_start else -1

    # -- structure ------------------------------------------------------------------

    @property
    def _story(self) -> _Story:
        return self._stories[-1]

    def _start(self, element: etree._Element, tag: str) -> None:
        story = self._story
        tables = story.tables
        if tag == f"{W}tbl":
            tables.append(_Table())
        elif tag == f"{W}tr" and tables:
            tables[-1].rows.append([])
            tables[-1].is_row_deleted = tables[-1].is_row_inserted = False
            tables[-1].insertions_before_row = self.doubts[Doubt.INSERTED].count
        elif tag == f"{W}tc" and tables and tables[-1].rows:
            tables[-1].rows[-1].append([])
            tables[-1].shade_of_cell = None
        elif tag == f"{W}r":
            story.run = NO_LOOKS
        elif tag == f"{W}txbxContent":
            self._count_paragraph()
            self._stories.append(_Story(background=UNKNOWN_COLOUR))
        elif self._words_of_notes is not None and tag in (f"{W}footnote", f"{W}endnote"):
            self._stories.append(_Story())
        elif tag == _ALTERNATIVES:
            self._found_before.append(self._found)
        elif tag in FORMULA_MARKS:
            story.paragraph.parts.append(FORMULA_MARKS[tag][0])

    def _end(self, element: etree._Element, tag: str) -> None:
        name = tag.removeprefix(W)
        if name in _IN_RUNS:
            self._end_of_run_content(element, name)
        elif name in ("fldChar", "fldSimple", "instrText"):
            self.unknown_numbers += self._fields.take(element, name)
        elif name == "r":
            self._story.run = None
        elif name == "p":
            self._end_paragraph()
        elif name == "tr" and self._story.tables:
            self._end_row(self._story.tables[-1])
        elif name == "tbl" and self._story.tables:
            self._add_lines(_table_lines(self._story.tables.pop().rows))
        elif name == "txbxContent" and len(self._stories) > 1:
            self._end_box(self._stories.pop().lines)
        elif self._words_of_notes is not None and name in ("footnote", "endnote") and len(self._stories) > 1:
            words = " ".join(self._stories.pop().lines)
            self._words_of_notes[name, element.get(f"{W}id", "")] = " ".join(words.split())
        elif name in ("altChunk", "subDoc"):
            self.outside_parts += 1
        elif tag == _ALTERNATIVES and self._found_before:
            self._found_before.pop()
        elif tag in _PICTURES:
            self.pictures += 1
            self._found += 1
        elif tag == FORMULA:
            self.formulas += 1
        elif tag == FORMULA_TEXT:
            self._add_text(element.text or "")
        elif tag in FORMULA_MARKS:
            self._story.paragraph.parts.append(FORMULA_MARKS[tag][1])
        else:
            self._end_of_property(element, name)

    def _end_of_property(self, element: etree._Element, name: str) -> None:
        """Take what a w:pPr, w:rPr, w:tblPr or w:tcPr says."""
        story, paragraph = self._story, self._story.paragraph
        above = name_above(element)
        if above == "rPr" and story.run is not None:
            story.run = story.run.saying(element)
        elif above == "rPr" and name_above(element, 2) == "pPr":
            paragraph.mark = paragraph.mark.saying(element)
        elif name == "shd" and above == "pPr":
            paragraph.shade = shade_of(element)
        elif name == "shd" and above == "tcPr" and story.tables:
            story.tables[-1].shade_of_cell = shade_of(element)
        elif name == "shd" and above == "tblPr" and story.tables:
            story.tables[-1].shade = shade_of(element)
        elif name == "tblStyle" and story.tables:
            story.tables[-1].style = value(element)
        elif name == "pStyle":
            paragraph.style = value(element)
        elif name == "numId":
            paragraph.reference = ListReference(value(element, "0"), paragraph.reference.level)
        elif name == "ilvl":
            paragraph.reference = ListReference(paragraph.reference.list_id, number(element, MAX_LEVEL))
        elif name == "numPr" and paragraph.reference == NO_LIST:  # it names no list, which is another's then
            paragraph.reference = ListReference(level=0)
        elif name == "pPr" and not paragraph.is_mark_deleted:
            paragraph.label = None

    # -- words ----------------------------------------------------------------------

    def _end_of_run_content(self, element: etree._Element, name: str) -> None:
        if name == "t":
            self._add_text(element.text or "")
        elif self._doubt() == Doubt.HIDDEN or self._fields.is_in_instruction:
            return
        elif name in ("br", "cr"):
            self._end_line()
        elif name == "sym":
            font, code = element.get(f"{W}font", ""), element.get(f"{W}char", "")
            letter = letter_of_symbol(font, code, begins=self._begins_line())
            self._add_text(letter, is_of_symbols=True)
        elif name in _NOTES:
            self.notes.append((_NOTES[name], element.get(f"{W}id", "")))
            self._story.paragraph.parts.append(f"[{len(self.notes)}]")
        else:
            self._story.paragraph.parts.append("-" if name == "noBreakHyphen" else " ")

    def _add_text(self, text: str, *, is_of_symbols: bool = False) -> None:
        """Add words of the text. `is_of_symbols`: they are a w:sym, read already."""
        if self._fields.is_in_instruction:
            return
        self._fields.note_result()
        self._found += bool(text.strip())
        doubt = self._doubt()
        if doubt is not None:
            self.doubts[doubt].add(text, self._paragraphs)
        if doubt == Doubt.HIDDEN:
            return
        looks, parts = self._looks(), self._story.paragraph.parts
        is_doubtful = UNREADABLE in text
        if (looks.font or "").startswith(TCVN3_FONTS) and has_words_of_tcvn3(text):
            self.doubts[Doubt.OLD_ENCODING].add(text, self._paragraphs)
        if not is_of_symbols:
            text, is_doubtful = letters_of_symbols(looks.font or "", text, begins=self._begins_line())
            text = text.upper() if looks.is_capital else text
        is_bullet = self._begins_line() and len(text.strip()) == 1 and UNREADABLE not in text
        if is_doubtful and not is_bullet:
            self.doubts[Doubt.UNKNOWN_SYMBOL].add(text, self._paragraphs)
        if self._insertions > 0:
            self.doubts[Doubt.INSERTED].add(text, self._paragraphs)
        add_raised(parts, text, looks.place or "")

    def _begins_line(self) -> bool:
        return not any(part.strip() for part in self._story.paragraph.parts)

    def _looks(self) -> Looks:
        story = self._story
        table = story.tables[-1].style if story.tables else ""
        return self._looks_of(story.run or NO_LOOKS, story.paragraph.style, table)

    def _doubt(self) -> Doubt | None:
        return doubt_of(self._looks(), self._shades(self._story))

    def _shades(self, story: _Story) -> Iterator[str | None]:
        """The colours behind the words of the paragraph, nearest first."""
        yield story.paragraph.shade
        yield self._styles.shade_of_style(story.paragraph.style, "paragraph")
        for table in reversed(story.tables):
            yield table.shade_of_cell
            yield table.shade
            yield self._styles.shade_of_style(table.style, "table")
        yield story.background

    def _count_paragraph(self) -> Label:
        """The number of the paragraph that is read, which is counted now if it was not."""
        paragraph = self._story.paragraph
        if paragraph.label is None:
            paragraph.label = self._numbering.label(paragraph.reference, paragraph.style)
        return paragraph.label

    def _end_line(self, *, even_empty: bool = False) -> None:
        """End a line. The first of a paragraph takes its number; `even_empty`: also if it has no words."""
        paragraph = self._story.paragraph
        line = " ".join("".join(paragraph.parts).split())
        paragraph.parts = []
        if not line and not even_empty:
            return
        label = self._count_paragraph()
        if line or label.text:
            self.numbers += label.is_number
            self.unknown_numbers += label.is_unknown
            self.letters_beyond_d += label.is_beyond_d
            self.named_numbers += label.is_named
            self._add_lines([f"{label.text}{line}".strip()])
            paragraph.label = NO_LABEL
            paragraph.is_begun = True

    def _end_paragraph(self) -> None:
        story, paragraph = self._story, self._story.paragraph
        self._end_line()
        table = story.tables[-1].style if story.tables else ""
        if not self._looks_of(paragraph.mark, paragraph.style, table).is_hidden:  # Word counts no hidden paragraph
            if story.tables:
                self._end_line(even_empty=True)  # a column of row numbers has nothing else
            self._count_paragraph()
        for is_changed, doubt in (
            (paragraph.is_mark_inserted, Doubt.INSERTED), (paragraph.is_mark_deleted, Doubt.DELETED)
        ):  # fmt: skip
            if is_changed:
                self.doubts[doubt].add(_MARK, self._paragraphs)
        self.boxes_beside_text += paragraph.box_count if paragraph.is_begun else 0
        story.paragraph = _Paragraph()
        self._add_lines(paragraph.boxes)
        self._fields.end_paragraph()
        self._paragraphs += 1

    def _end_box(self, lines: list[str]) -> None:
        if not lines:
            return
        self.boxes += 1
        paragraph = self._story.paragraph
        paragraph.box_count += 1
        if paragraph.is_begun or "".join(paragraph.parts).strip():
            paragraph.boxes += lines
        else:
            self._add_lines(lines)

    def _end_row(self, table: _Table) -> None:
        is_quoted = self.doubts[Doubt.INSERTED].count > table.insertions_before_row
        if table.is_row_inserted and table.rows and not is_quoted:
            words = (line for cell in table.rows[-1] for line in cell)
            self.doubts[Doubt.INSERTED].add(" ".join(words), self._paragraphs - 1)
        if table.is_row_deleted and table.rows:
            words = (line for cell in table.rows.pop() for line in cell)
            self.doubts[Doubt.DELETED].add(" ".join(words), self._paragraphs - 1)

    def _add_lines(self, lines: list[str]) -> None:
        """Add lines to the innermost open cell, or to the text."""
        cells = (table.rows[-1][-1] for table in reversed(self._story.tables) if table.rows and table.rows[-1])
        cell = next(cells, None)
        (self._story.lines if cell is None else cell).extend(lines)


def _table_lines(rows: list[Row]) -> list[str]:
    """A line for each row; cell by cell if the table only serves the layout."""
    words = " ".join(line for row in rows for cell in row for line in cell)
    columns = max(map(len, rows), default=0)
    is_small = columns == 2 and len(rows) < 3
    if columns < 2 or _OF_LAYOUT.search(words) or (is_small and _serves_layout(rows)):
        return [line for row in rows for cell in row for line in cell]
    return ["\t".join(" ".join(cell) for cell in row) for row in rows if any(row)]


def _serves_layout(rows: list[Row]) -> bool:
    """Whether a table of two columns and at most two rows only puts texts beside each other: signatures, units."""
    lines = (line for row in rows for cell in row for line in cell)
    return len(rows) < 2 or any(map(_SIGNATURE_OR_UNIT.match, lines))
