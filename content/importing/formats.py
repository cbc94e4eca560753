"""Kinds of files that documents come in, and which reader reads which.

A reader takes bytes and a name and gives records; it knows no table but the vocabularies. What a file is, its first
bytes say: names lie. JSON Lines stand apart: they may be long, and are read from disk.
"""

from dataclasses import replace

from content.documents.records import OriginalBytes, RecordError
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
from content.importing.line_files import numbered_lines, open_plain_or_gzip

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_READER_BY_MEDIA_TYPE = {  # one document each
    "text/html": webpage.read_webpage,
    "application/pdf": pdf.read_pdf,
    DOCX: docx.read_docx,
    "application/json": national_portal.read_portal_json,
    "text/plain": plain_text.read_plain_text,
}
EXTENSIONS = (".jsonl", ".jsonl.gz", ".txt", ".html", ".htm", ".docx", ".pdf", ".json")
JSON_LINES_EXTENSIONS = (".jsonl", ".jsonl.gz")
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "a .doc of Word before 2007: save it as .docx"),
    (b"{\\rtf", "RTF: save it as .docx"),
    (b"\x1f\x8b", "gzip: only JSON Lines may be gzipped (.jsonl.gz)"),
)


def media_type(content):
    """What these bytes are, by their beginning. Raises Problem for what is known and not read."""
    for sign, reason in _REFUSED:
        if content.startswith(sign):
            raise RecordError(f"the file is {reason}")
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return "text/html"
    return "application/json" if start.startswith(b"{") else "text/plain"


def records_in_bytes(content, name, beside=None):
    """Yield (place, DocumentRecord or Problem) of one file's bytes: one, or many where the file holds many.

    `beside`: the bytes of the text of one whose file holds only its properties (see portal).
    """
    try:
        if max(len(content), len(beside or b"")) > plain_text.LARGEST_FILE:
            raise RecordError(f"the file is larger than {plain_text.LARGEST_FILE // 2**20} MiB")
        kind = media_type(content)
        original = OriginalBytes(name, kind, content if beside is None else beside)
        if kind == "text/html" and codification_pages.CODIFICATION_MARK.search(content):
            found = codification_pages.records_in_page(content)
        elif kind == "application/json":
            found = [(1, national_portal.read_portal_json(content, name, beside))]
        else:
            found = [(1, _READER_BY_MEDIA_TYPE[kind](content, name))]
        for place, record in found:
            yield place, record if isinstance(record, RecordError) else replace(record, original=original)
    except RecordError as problem:
        yield 1, problem


def records_in_file(path, beside=None):
    """Yield (line or place, DocumentRecord or Problem) of a file. OSError, EOFError, zlib.error for the file itself."""
    if path.name.lower().endswith(JSON_LINES_EXTENSIONS):
        is_codification = _is_codification(path)
        yield from codification_lines.read_codification_lines(path) if is_codification else jsonl.read_jsonl(path)
        return
    with path.open("rb") as file:
        content = file.read(plain_text.LARGEST_FILE + 1)
    yield from records_in_bytes(content, path.name, beside.read_bytes() if beside else None)


def _is_codification(path):
    """Whether the first line is an article of the codification, with the document it comes from."""
    with open_plain_or_gzip(path) as file:
        line = next((line for _, line in numbered_lines(file)), b"")
    try:
        row = json_fields.load_json(line) if isinstance(line, bytes) and line else None
    except RecordError:
        return False
    return isinstance(row, dict) and "src_article" in row
