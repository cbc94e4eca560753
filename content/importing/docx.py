"""Documents as DOCX: the archive is checked, then read as a stream, paragraph by paragraph (`content.word`).

Footnotes and endnotes follow at the end, «[1] …».
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from lxml import etree

from content.documents.records import DocumentRecord, RecordError, RecordWarning
from content.importing import document_heads
from content.importing.known_names import NO_NAMES, KnownNames
from content.word.document import WordDocument
from content.word.looks import StyleSheet
from content.word.notices import notices
from content.word.numbering import Numbering

MAX_UNPACKED_SIZE = 50 * 2**20  # bytes of all entries, unpacked
MAX_UNPACKING_RATIO = 100  # unpacked to packed, of any entry
MAX_ENTRIES = 2_000
BODY, NOTES = "word/document.xml", ("word/footnotes.xml", "word/endnotes.xml")
STYLES, LISTS = "word/styles.xml", "word/numbering.xml"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)


def read_docx(content: bytes, name: str, names: KnownNames = NO_NAMES) -> DocumentRecord:
    """The record of one file's bytes. Raises RecordError."""
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:  # one for each entry of the archive's list, which is read as a whole
        raise RecordError("the archive has more than %(most)d entries", most=MAX_ENTRIES)
    numbering, styles = Numbering(), StyleSheet()
    document = WordDocument(numbering, styles)
    words_of_notes: dict[tuple[str, str], str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_archive_bombs(archive)
            if BODY not in archive.namelist():
                raise RecordError("the archive is not a DOCX: it has no word/document.xml. Save it as .docx with Word")
            _read_part(archive, STYLES, numbering.read_styles)
            _read_part(archive, STYLES, styles.read)
            _read_part(archive, LISTS, numbering.read_lists)
            _read_part(archive, BODY, document.read)
            for part in NOTES if document.notes else ():
                _read_part(archive, part, lambda notes: words_of_notes.update(document.read_notes(notes)))
    except etree.XMLSyntaxError as error:
        raise RecordError("the DOCX contains XML that cannot be read", detail=error.msg) from None
    except _DAMAGED as error:
        raise RecordError("the DOCX is damaged", detail=str(error)) from None
    document.append_notes(words_of_notes)
    notes = [RecordWarning(code, message) for code, message in notices(document)]
    return document_heads.record_from_text("\n".join(document.lines), names=names, source=name, notes=notes)


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


def _read_part(archive: zipfile.ZipFile, name: str, read: Callable[[IO[bytes]], None]) -> None:
    if name in archive.namelist():
        with archive.open(name) as part:
            read(part)
