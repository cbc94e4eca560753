"""Documents as plain text, one a file, in UTF-8 or, with a byte order mark, UTF-16."""

import codecs

from content.documents.importing import heads, legacy
from content.documents.records import Problem

LARGEST_FILE = 32 * 2**20  # bytes


def record(text, *, source=""):
    """The record of one text. Raises Problem when it is empty or no line says what kind of document it is."""
    return heads.record(text, source=source)


def from_bytes(content, name):
    """The record of one file's bytes. Raises Problem."""
    return record(decoded(content), source=name)


def decoded(content):
    """The text of these bytes. Raises Problem where they are neither UTF-8 nor marked UTF-16."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        legacy.refuse(content.decode("cp1252", errors="replace"))
        line = content[: error.start].count(b"\n") + 1
        encoding = "UTF-16" if marked else "UTF-8"
        raise Problem(f"not {encoding}: byte {error.start}, line {line}") from None
