"""The kinds of files that documents come in, and the reader of each.

A reader takes bytes and a name and returns records; it reads no tables and imports no model, because it runs in a
process with limits (`reading.py` starts it). The first bytes decide what a file is, because names can be wrong. JSON
Lines are an exception: they may be long and are read line by line.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import IO

from content.documents.records import DocumentRecord, OriginalBytes, RecordError
from content.importing import (  # fmt: skip
    codification_lines,
    codification_pages,
    docx,
    json_fields,
    jsonl,
    national_portal,
    pdf,
    plain_text,
    webpage,
)
from content.importing.known_names import NO_NAMES, KnownNames
from content.importing.line_files import NumberedLine, NumberedRecord, numbered_lines, plain_or_unpacked

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_READER_BY_MEDIA_TYPE: dict[str, Callable[[bytes, str, KnownNames], DocumentRecord]] = {  # one document each
    "text/html": webpage.read_webpage,
    "application/pdf": pdf.read_pdf,
    DOCX: docx.read_docx,
    "application/json": national_portal.read_portal_json,
    "text/plain": plain_text.read_plain_text,
}


def media_type(content: bytes) -> str:
    """The media type of these bytes, by their beginning. Raises RecordError for known kinds that are not read."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RecordError("the file is a .doc of Word before 2007. Save it as .docx")
    if content.startswith(b"{\\rtf"):
        raise RecordError("the file is RTF. Save it as .docx")
    if content.startswith(b"\x1f\x8b"):
        raise RecordError("the file is gzip. Only JSON Lines may be gzipped (.jsonl.gz)")
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return "text/html"
    return "application/json" if start.startswith(b"{") else "text/plain"


def records_in_bytes(
    content: bytes, name: str, text_file: bytes | None = None, *, names: KnownNames = NO_NAMES
) -> Iterator[NumberedRecord]:
    """Yield (place, DocumentRecord or RecordError) for one file's bytes: one, or several if the file holds several.

    `text_file`: the bytes of the text if the file itself has only the properties (see national_portal).
    """
    try:
        if max(len(content), len(text_file or b"")) > plain_text.LARGEST_FILE:
            raise RecordError("the file is larger than %(most)d MiB", most=plain_text.LARGEST_FILE // 2**20)
        kind = media_type(content)
        original = OriginalBytes(name, kind, content if text_file is None else text_file)
        found: Iterable[NumberedRecord]
        if kind == "text/html" and codification_pages.CODIFICATION_MARK.search(content):
            found = codification_pages.records_in_page(content, names)
        elif kind == "application/json":
            found = [(1, national_portal.read_portal_json(content, name, names, text_file))]
        else:
            found = [(1, _READER_BY_MEDIA_TYPE[kind](content, name, names))]
        for place, record in found:
            yield place, record if isinstance(record, RecordError) else replace(record, original=original)
    except RecordError as problem:
        yield 1, problem


def records_in_lines(
    file: IO[bytes], name: str, *, names: KnownNames = NO_NAMES, most: int | None = None
) -> Iterator[NumberedRecord]:
    """Yield (line, DocumentRecord or RecordError) of a file of JSON Lines that may be gzipped, as its name says.

    `most`: bytes that are unpacked. Raises line_files.DAMAGED.
    """
    lines = numbered_lines(plain_or_unpacked(file, name), most=most)
    first = list(itertools.islice(lines, 1))
    all_lines = itertools.chain(first, lines)
    if _is_codification(first):
        yield from codification_lines.read_codification_lines(all_lines, name, names)
    else:
        yield from jsonl.read_jsonl(all_lines, name)


def _is_codification(first: Iterable[NumberedLine]) -> bool:
    """Whether the first line is an article of the codification together with its source document."""
    for _, line in first:
        try:
            row = json_fields.load_json(line) if isinstance(line, bytes) else None
        except RecordError:
            return False
        return isinstance(row, dict) and "src_article" in row
    return False
