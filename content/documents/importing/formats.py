"""Kinds of files that documents come in, and which reader reads which.

A reader takes bytes and a name and gives records; it knows no table but the vocabularies. What a file is, its first
bytes say: names lie. JSON Lines stand apart: they may be long, and are read from disk.
"""

from dataclasses import replace

from content.documents.importing import (
    docx,
    fields,
    jsonl,
    pdf,
    phapdien_lines,
    phapdien_pages,
    plain,
    portal,
    webpage,
)  # fmt: skip
from content.documents.importing.lines import lines_of, opened
from content.documents.records import Original, Problem

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BY_TYPE = {  # one document each
    "text/html": webpage.record,
    "application/pdf": pdf.record,
    DOCX: docx.record,
    "application/json": portal.record,
    "text/plain": plain.from_bytes,
}
ENDINGS = (".jsonl", ".jsonl.gz", ".txt", ".html", ".htm", ".docx", ".pdf", ".json")
LINES = (".jsonl", ".jsonl.gz")
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "a .doc of Word before 2007: save it as .docx"),
    (b"{\\rtf", "RTF: save it as .docx"),
    (b"\x1f\x8b", "gzip: only JSON Lines may be gzipped (.jsonl.gz)"),
)


def media_type(content):
    """What these bytes are, by their beginning. Raises Problem for what is known and not read."""
    for sign, reason in _REFUSED:
        if content.startswith(sign):
            raise Problem(f"the file is {reason}")
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return "text/html"
    return "application/json" if start.startswith(b"{") else "text/plain"


def records(content, name, beside=None):
    """Yield (place, DocumentRecord or Problem) of one file's bytes: one, or many where the file holds many.

    `beside`: the bytes of the text of one whose file holds only its properties (see portal).
    """
    try:
        if max(len(content), len(beside or b"")) > plain.LARGEST_FILE:
            raise Problem(f"the file is larger than {plain.LARGEST_FILE // 2**20} MiB")
        kind = media_type(content)
        original = Original(name, kind, content if beside is None else beside)
        if kind == "text/html" and phapdien_pages.MARK.search(content):
            found = phapdien_pages.records(content)
        elif kind == "application/json":
            found = [(1, portal.record(content, name, beside))]
        else:
            found = [(1, _BY_TYPE[kind](content, name))]
        for place, record in found:
            yield place, record if isinstance(record, Problem) else replace(record, original=original)
    except Problem as problem:
        yield 1, problem


def read(path, beside=None):
    """Yield (line or place, DocumentRecord or Problem) of a file. OSError, EOFError, zlib.error for the file itself."""
    if path.name.lower().endswith(LINES):
        yield from (phapdien_lines if _is_codification(path) else jsonl).read(path)
        return
    with path.open("rb") as file:
        content = file.read(plain.LARGEST_FILE + 1)
    yield from records(content, path.name, beside.read_bytes() if beside else None)


def _is_codification(path):
    """Whether the first line is an article of the codification, with the document it comes from."""
    with opened(path) as file:
        line = next((line for _, line in lines_of(file)), b"")
    try:
        row = fields.loaded(line) if isinstance(line, bytes) and line else None
    except Problem:
        return False
    return isinstance(row, dict) and "src_article" in row
