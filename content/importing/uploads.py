"""One document brought to the desk: pasted as text, or as a file. What its text and number do not say is left empty.

Files go through runs.READERS by their ending: a reader that joins there joins the desk. Only plain text is read here,
more leniently than an import does: the editor is there to say what kind of document it is.
"""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from content.documents.records import DocumentRecord, OriginalBytes, RecordError
from content.errors import RuleBroken
from content.importing import number_symbols, plain_text, runs
from content.text.vietnamese import nfc

LARGEST_FILE = plain_text.LARGEST_FILE


def accepted_extensions():
    """What files may end in, as a file input's `accept` lists them."""
    return list(runs.READER_BY_EXTENSION)


def record_from_pasted_text(text):
    """The record of a pasted text, as far as it says itself what it is. Raises RuleBroken("text_required")."""
    if not text.strip():
        raise RuleBroken("text_required", _("The document has no text."), field="text")
    try:
        record = plain_text.record_from_plain_text(text)
    except RecordError:  # no line says what kind of document it is
        record = DocumentRecord(doc_type="", number="", title="", text=nfc(text))
    return _with_defaults_from_number(record)


def record_from_upload(name, content):
    """The record of an uploaded file (its name, its bytes), the file itself kept as its original.

    Raises RuleBroken with field "file": "unknown_kind", "request_too_large", "unreadable", "several_documents", "partial",
    "text_required".
    """
    ending = next((ending for ending in runs.READER_BY_EXTENSION if name.lower().endswith(ending)), None)
    if ending is None:
        raise _file_refusal(
            "unknown_kind", _("Unknown kind of file. Known are: %s") % ", ".join(runs.READER_BY_EXTENSION)
        )
    if len(content) > LARGEST_FILE:
        raise _file_refusal("request_too_large", _("The file is larger than %d MiB.") % (LARGEST_FILE // 2**20))
    if ending == ".txt":
        record = record_from_pasted_text(_decode_utf8(content))
        return replace(record, original=OriginalBytes(name, "text/plain", content))
    record = _read_single_record(runs.READER_BY_EXTENSION[ending], ending, content)
    original = record.original and replace(record.original, name=name)
    return _with_defaults_from_number(
        replace(record, original=original or OriginalBytes(name, "application/octet-stream", content))
    )


def _read_single_record(reader, ending, content):
    with tempfile.TemporaryDirectory(prefix="luatmo-upload-") as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        try:
            found = list(itertools.islice(reader(path), 2))
        except runs.UNREADABLE as error:
            raise _file_refusal("unreadable", _("The file cannot be read to its end.")) from error
    if not found:
        raise _file_refusal("text_required", _("The document has no text."))
    if len(found) > 1:
        raise _file_refusal("several_documents", _("The file holds several documents; import_documents takes in such."))
    line, record = found[0]
    if isinstance(record, RecordError):
        words = _("Line %(line)d gives no document (%(problem)s).")
        raise _file_refusal("unreadable", words % {"line": line, "problem": record})
    if record.is_partial:
        raise _file_refusal(
            "partial", _("The file holds single articles, no whole text; import_documents takes in such.")
        )
    return record


def _decode_utf8(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _file_refusal("unreadable", _("The file is not UTF-8: line %d.") % line) from error


def _with_defaults_from_number(record):
    number = record.number or number_symbols.first_official_number(record.text)
    kind, body = number_symbols.type_and_issuer_of(number)
    return replace(
        record,
        number=number,
        doc_type=record.doc_type or kind or "",
        issuer=record.issuer or (body.name if body else ""),
    )


def _file_refusal(code, message):
    return RuleBroken(code, message, field="file")
