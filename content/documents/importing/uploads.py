"""One document brought to the desk: pasted as text, or as a file. What its text and number do not say is left empty.

Files go through runs.READERS by their ending: a reader that joins there joins the desk. Only plain text is read here,
more leniently than an import does: the editor is there to say what kind of document it is.
"""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from content.documents import guessing
from content.documents.importing import plain, runs
from content.documents.records import DocumentRecord, Original, Problem
from content.errors import RuleBroken
from content.text.vietnamese import nfc

LARGEST_FILE = plain.LARGEST_FILE


def endings():
    """What files may end in, as a file input's `accept` lists them."""
    return list(runs.READERS)


def from_text(text):
    """The record of a pasted text, as far as it says itself what it is. Raises RuleBroken("empty_text")."""
    if not text.strip():
        raise RuleBroken("empty_text", _("The document has no text."), field="text")
    try:
        record = plain.record(text)
    except Problem:  # no line says what kind of document it is
        record = DocumentRecord(doc_type="", number="", title="", text=nfc(text))
    return _with_guesses(record)


def from_file(name, content):
    """The record of an uploaded file (its name, its bytes), the file itself kept as its original.

    Raises RuleBroken with field "file": "unknown_kind", "too_large", "unreadable", "several_documents", "empty_text".
    """
    ending = next((ending for ending in runs.READERS if name.lower().endswith(ending)), None)
    if ending is None:
        raise _refusal("unknown_kind", _("Unknown kind of file. Known are: %s") % ", ".join(runs.READERS))
    if len(content) > LARGEST_FILE:
        raise _refusal("too_large", _("The file is larger than %d MiB.") % (LARGEST_FILE // 2**20))
    if ending == ".txt":
        record = from_text(_decoded(content))
        return replace(record, original=Original(name, "text/plain", content))
    record = _read(runs.READERS[ending], ending, content)
    original = record.original and replace(record.original, name=name)
    return _with_guesses(replace(record, original=original or Original(name, "application/octet-stream", content)))


def _read(reader, ending, content):
    with tempfile.TemporaryDirectory(prefix="luatmo-upload-") as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        try:
            found = list(itertools.islice(reader(path), 2))
        except runs.UNREADABLE as error:
            raise _refusal("unreadable", _("The file cannot be read to its end.")) from error
    if not found:
        raise _refusal("empty_text", _("The document has no text."))
    if len(found) > 1:
        raise _refusal("several_documents", _("The file holds several documents; import_documents takes in such."))
    line, record = found[0]
    if isinstance(record, Problem):
        words = _("Line %(line)d gives no document (%(problem)s).")
        raise _refusal("unreadable", words % {"line": line, "problem": record})
    return record


def _decoded(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refusal("unreadable", _("The file is not UTF-8: line %d.") % line) from error


def _with_guesses(record):
    number = record.number or guessing.first_number(record.text)
    kind, body = guessing.from_number(number)
    return replace(
        record,
        number=number,
        doc_type=record.doc_type or kind or "",
        issuer=record.issuer or (body.name if body else ""),
    )


def _refusal(code, message):
    return RuleBroken(code, message, field="file")
