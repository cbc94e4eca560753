"""Documents as DOCX: the archive is checked, then read as a stream, paragraph by paragraph.

Tracked changes count as accepted. Hidden text is left out. Footnotes follow at the end, «[1] …». A table row is one
line with its cells separated by a TAB, unless the table only serves the layout.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from lxml import etree

from content.documents.records import DocumentRecord, RecordError, RecordWarning
from content.importing import document_heads
from content.importing.known_names import NO_NAMES, KnownNames

MAX_UNPACKED_SIZE = 50 * 2**20  # bytes of all entries, unpacked
MAX_UNPACKING_RATIO = 100  # unpacked to packed, of any entry
MAX_ENTRIES = 2_000
BODY, FOOTNOTES, STYLES = "word/document.xml", "word/footnotes.xml", "word/styles.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_STYLES_DEEP = 20  # styles that build on one another
OFF = ("0", "false", "off")  # values of w:vanish
STYLE_PARTS = frozenset(f"{W}{name}" for name in ("pPr", "numPr", "numId", "basedOn"))  # released with their style
_SKIPPED = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "pict", "object", "txbxContent", "instrText"))
_OF_LAYOUT = re.compile("CỘNG HÒA XÃ HỘI|CỘNG HOÀ XÃ HỘI|Nơi nhận|NƠI NHẬN")
Row = list[list[str]]  # cells, each a list of lines
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)


def read_docx(content: bytes, name: str, names: KnownNames = NO_NAMES) -> DocumentRecord:
    """The record of one file's bytes. Raises RecordError."""
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:  # one for each entry of the archive's list, which is read as a whole
        raise RecordError("the archive has more than %(most)d entries", most=MAX_ENTRIES)
    reader = _DocxReader()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_archive_bombs(archive)
            if BODY not in archive.namelist():
                raise RecordError("the archive is not a DOCX: it has no word/document.xml. Save it as .docx with Word")
            if STYLES in archive.namelist():
                with archive.open(STYLES) as styles:
                    reader.read_styles(styles)
            with archive.open(BODY) as body:
                reader.read(body)
            if reader.footnotes and FOOTNOTES in archive.namelist():
                with archive.open(FOOTNOTES) as footnotes:
                    reader.read_footnotes(footnotes)
    except etree.XMLSyntaxError as error:
        raise RecordError("the DOCX contains XML that cannot be read", detail=error.msg) from None
    except _DAMAGED as error:
        raise RecordError("the DOCX is damaged", detail=str(error)) from None
    notes: list[RecordWarning] = []
    if reader.numbered:
        message = f"{reader.numbered} đoạn được Word đánh số tự động: số không nằm trong văn bản và bị thiếu ở đây."
        notes.append(RecordWarning("automatic_numbers", message))
    if reader.hidden:
        message = f"{reader.hidden} chỗ có chữ bị ẩn trong Word: không phải nội dung văn bản, đã bỏ qua."
        notes.append(RecordWarning("hidden_text", message))
    return document_heads.record_from_text("\n".join(reader.lines), names=names, source=name, notes=notes)


def refuse_archive_bombs(archive: zipfile.ZipFile) -> None:
    """Raise RecordError for an archive that would unpack to too much, before anything is unpacked."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise RecordError("the archive has more than %(most)d entries", most=MAX_ENTRIES)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_SIZE:
        raise RecordError("the archive unpacks to more than %(most)d MiB", most=MAX_UNPACKED_SIZE // 2**20)
    if any(
        entry.file_size > MAX_UNPACKING_RATIO * max(entry.compress_size, 1) and entry.file_size > 2**20
        for entry in entries
    ):
        raise RecordError(
            "an entry of the archive unpacks to more than %(most)d times its size", most=MAX_UNPACKING_RATIO
        )


class _DocxReader:
    """One pass over the XML. Elements are released once read, so memory use stays flat."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.footnotes: list[str | None] = []
        self.numbered = 0  # paragraphs that Word numbers automatically
        self.hidden = 0  # runs of hidden text
        self._styles: dict[str, tuple[bool | None, str]] = {}  # {style: (whether it numbers, the style it builds on)}
        self._tables: list[list[Row]] = []  # the rows so far of each open table
        self._parts: list[str] = []
        self._skipping = 0
        self._is_numbered: bool | None = None  # None: neither the paragraph nor its style says
        self._run_is_hidden: bool | None = None  # None: outside a run

    def read_styles(self, stream: IO[bytes]) -> None:
        """Note which styles number their paragraphs: «khoản» and «Điều» often have one."""
        numbers, base = None, ""
        for event, element in _events(stream):
            if event == "end" and element.tag == f"{W}numId":
                numbers = _is_a_list(element)
            elif event == "end" and element.tag == f"{W}basedOn":
                base = element.get(f"{W}val", "")
            elif event == "end" and element.tag == f"{W}style":
                self._styles[element.get(f"{W}styleId", "")] = (numbers, base)
                numbers, base = None, ""
            if event == "end" and element.tag not in STYLE_PARTS:
                _release(element)

    def _style_numbers(self, style: str) -> bool | None:
        for _level in range(MAX_STYLES_DEEP):
            numbers, style = self._styles.get(style, (None, ""))
            if numbers is not None or not style:
                return numbers
        return None

    def read(self, stream: IO[bytes]) -> None:
        for event, element in _events(stream):
            if element.tag in _SKIPPED:
                self._skipping += 1 if event == "start" else -1
            elif not self._skipping:
                (self._start if event == "start" else self._end)(element)
            if event == "end":
                _release(element)

    def read_footnotes(self, stream: IO[bytes]) -> None:
        words: dict[str | None, str] = {}
        key = None
        for event, element in _events(stream):
            if event == "start" and element.tag == f"{W}footnote":
                key = element.get(f"{W}id")
            elif event == "end" and element.tag == f"{W}t":
                words[key] = f"{words.get(key, '')}{element.text or ''}"
            if event == "end":
                _release(element)
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
            self._is_numbered = self._style_numbers(element.get(f"{W}val", ""))
        elif name in ("tab", "noBreakHyphen"):
            self._parts.append(" " if name == "tab" else "-")
        elif name == "numId":
            self._is_numbered = _is_a_list(element)
        elif name == "numPr" and self._is_numbered is None:  # only the level: the list is another's
            self._is_numbered = True
        elif name in ("br", "cr"):
            self._end_line()
        elif name == "footnoteReference":
            self.footnotes.append(element.get(f"{W}id"))
            self._parts.append(f"[{len(self.footnotes)}]")
        elif name == "p":
            self.numbered += bool(self._is_numbered) and bool("".join(self._parts).strip())
            self._is_numbered = None
            self._end_line()
        elif name == "tbl" and self._tables:
            self._add_lines(_table_lines(self._tables.pop()))

    def _end_line(self) -> None:
        line = " ".join("".join(self._parts).split())
        self._parts = []
        if line:
            self._add_lines([line])

    def _add_lines(self, lines: list[str]) -> None:
        """Add lines to the innermost open cell, or to the text."""
        cell = next((rows[-1][-1] for rows in reversed(self._tables) if rows and rows[-1]), None)
        (self.lines if cell is None else cell).extend(lines)


def _is_a_list(num_id: etree._Element) -> bool:
    """Whether a w:numId names a list; 0 takes the number away that a style gives."""
    return num_id.get(f"{W}val", "0") != "0"


def _events(stream: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    return etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )


def _release(element: etree._Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _table_lines(rows: list[Row]) -> list[str]:
    """A line for each row; cell by cell if the table only serves the layout."""
    words = " ".join(line for row in rows for cell in row for line in cell)
    columns = max(map(len, rows), default=0)
    if columns < 2 or (columns == 2 and len(rows) < 3) or _OF_LAYOUT.search(words):
        return [line for row in rows for cell in row for line in cell]
    return ["\t".join(" ".join(cell) for cell in row) for row in rows if any(row)]
