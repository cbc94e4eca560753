"""Documents as plain text, one a file, in UTF-8 or, with a byte order mark, UTF-16."""

import codecs

from content.documents.records import RecordError
from content.importing import document_heads, legacy_encodings

LARGEST_FILE = 32 * 2**20  # bytes


def record_from_plain_text(text, *, source=""):
    """The record of one text. Raises Problem when it is empty or no line says what kind of document it is."""
    return document_heads.record_from_text(text, source=source)


def read_plain_text(content, name):
    """The record of one file's bytes. Raises Problem."""
    return record_from_plain_text(decode_text(content), source=name)


def decode_text(content):
    """The text of these bytes. Raises Problem where they are neither UTF-8 nor marked UTF-16."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        legacy_encodings.refuse_legacy_encoding(content.decode("cp1252", errors="replace"))
        line = content[: error.start].count(b"\n") + 1
        encoding = "UTF-16" if marked else "UTF-8"
        raise RecordError(f"not {encoding}: byte {error.start}, line {line}") from None
