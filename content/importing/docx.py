"""Documents as DOCX: the archive is checked, then read as a stream, paragraph by paragraph (`content.word`).

Footnotes follow at the end, «[1] …».
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from lxml import etree

from content.documents.records import DocumentRecord, RecordError, RecordWarning
from content.importing import document_heads
from content.importing.known_names import NO_NAMES, KnownNames
from content.word.document import WordDocument
from content.word.numbering import Numbering

MAX_UNPACKED_SIZE = 50 * 2**20  # bytes of all entries, unpacked
MAX_UNPACKING_RATIO = 100  # unpacked to packed, of any entry
MAX_ENTRIES = 2_000
BODY, FOOTNOTES = "word/document.xml", "word/footnotes.xml"
STYLES, LISTS = "word/styles.xml", "word/numbering.xml"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)


def read_docx(content: bytes, name: str, names: KnownNames = NO_NAMES) -> DocumentRecord:
    """The record of one file's bytes. Raises RecordError."""
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:  # one for each entry of the archive's list, which is read as a whole
        raise RecordError("the archive has more than %(most)d entries", most=MAX_ENTRIES)
    numbering = Numbering()
    document = WordDocument(numbering)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_archive_bombs(archive)
            if BODY not in archive.namelist():
                raise RecordError("the archive is not a DOCX: it has no word/document.xml. Save it as .docx with Word")
            _read_part(archive, STYLES, numbering.read_styles)
            _read_part(archive, LISTS, numbering.read_lists)
            _read_part(archive, BODY, document.read)
            if document.footnotes:
                _read_part(archive, FOOTNOTES, document.read_footnotes)
    except etree.XMLSyntaxError as error:
        raise RecordError("the DOCX contains XML that cannot be read", detail=error.msg) from None
    except _DAMAGED as error:
        raise RecordError("the DOCX is damaged", detail=str(error)) from None
    notes = list(_notes(document))
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


def _notes(document: WordDocument) -> Iterator[RecordWarning]:
    if count := document.numbers:
        message = f"{count} số do Word đánh tự động, đã viết vào văn bản như Word hiện: hãy so với bản in."
        yield RecordWarning("numbers_of_word", message)
    if count := document.letters_beyond_d:
        message = (
            f"Word đánh điểm theo a, b, c, d, e, f; luật viết a, b, c, d, đ, e. Có {count} điểm từ chữ thứ năm trở đi "
            "giữ chữ như Word hiện."
        )
        yield RecordWarning("letters_of_word", message)
    if count := document.unknown_numbers:
        message = f"{count} đoạn được Word đánh số tự động theo cách không đọc được: số của chúng bị thiếu ở đây."
        yield RecordWarning("automatic_numbers", message)
    if count := document.hidden:
        message = f"{count} chỗ có chữ bị ẩn trong Word: không phải nội dung văn bản, đã bỏ qua."
        yield RecordWarning("hidden_text", message)
