"""Documents as plain text, one in a file, in UTF-8 or (with a byte order mark) UTF-16."""

import codecs

from content.documents.records import DocumentRecord, RecordError
from content.importing import document_heads, legacy_encodings
from content.importing.known_names import NO_NAMES, KnownNames

LARGEST_FILE = 32 * 2**20  # bytes


def record_from_plain_text(text: str, *, names: KnownNames = NO_NAMES, source: str = "") -> DocumentRecord:
    """The record of one text. Raises RecordError if it is empty or no line names the type of document."""
    return document_heads.record_from_text(text, names=names, source=source)


def read_plain_text(content: bytes, name: str, names: KnownNames = NO_NAMES) -> DocumentRecord:
    """The record of one file's bytes. Raises RecordError."""
    return record_from_plain_text(decode_text(content), names=names, source=name)


def decode_text(content: bytes) -> str:
    """The text of these bytes. Raises RecordError if they are neither UTF-8 nor UTF-16 with a byte order mark."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        legacy_encodings.refuse_legacy_encoding(content.decode("cp1252", errors="replace"))
        line = content[: error.start].count(b"\n") + 1
        raise RecordError(
            "not %(encoding)s: byte %(byte)d, line %(line)d",
            encoding="UTF-16" if marked else "UTF-8",
            byte=error.start,
            line=line,
        ) from None
