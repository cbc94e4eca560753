"""One document that an editor pastes or uploads. What text and number do not state is left empty for the editor.

Files are read by runs.READER_BY_EXTENSION, so a new reader is available here too. Only plain text is read here, with
fewer demands than in an import: the editor can say what type of document it is.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from content.documents.records import DocumentRecord, OriginalBytes, RecordError
from content.errors import RuleBroken
from content.importing import number_symbols, plain_text, runs
from content.importing.line_files import NumberedRecord
from content.text.vietnamese import nfc

LARGEST_FILE = plain_text.LARGEST_FILE
Reader = Callable[[Path], Iterable[NumberedRecord]]


def accepted_extensions() -> list[str]:
    """The file name endings for the `accept` attribute of a file input."""
    return list(runs.READER_BY_EXTENSION)


def record_from_pasted_text(text: str) -> DocumentRecord:
    """The record of a pasted text, as far as the text describes itself. Raises RuleBroken("text_required")."""
    if not text.strip():
        raise RuleBroken(
            "text_required", _("The document has no text. Paste the text or choose another file."), field="text"
        )
    try:
        record = plain_text.record_from_plain_text(text)
    except RecordError:  # no line names the type of document
        record = DocumentRecord(doc_type="", number="", title="", text=nfc(text))
    return _with_defaults_from_number(record)


def record_from_upload(name: str, content: bytes) -> DocumentRecord:
    """The record of an uploaded file (its name, its bytes). The file itself becomes the original of the record.

    Raises RuleBroken with field "file": "unknown_kind", "request_too_large", "unreadable", "several_documents",
    "partial", "text_required".
    """
    ending = next((ending for ending in runs.READER_BY_EXTENSION if name.lower().endswith(ending)), None)
    if ending is None:
        raise _file_refusal(
            "unknown_kind",
            _("This kind of file cannot be read. Choose one of these: %s") % ", ".join(runs.READER_BY_EXTENSION),
        )
    if len(content) > LARGEST_FILE:
        raise _file_refusal(
            "request_too_large", _("The file is larger than %d MiB. Choose a smaller file.") % (LARGEST_FILE // 2**20)
        )
    if ending == ".txt":
        record = record_from_pasted_text(_decode_utf8(content))
        return replace(record, original=OriginalBytes(name, "text/plain", content))
    record = _read_single_record(runs.READER_BY_EXTENSION[ending], ending, content)
    original = record.original and replace(record.original, name=name)
    return _with_defaults_from_number(
        replace(record, original=original or OriginalBytes(name, "application/octet-stream", content))
    )


def _read_single_record(reader: Reader, ending: str, content: bytes) -> DocumentRecord:
    with tempfile.TemporaryDirectory(prefix="luatmo-upload-") as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        try:
            found = list(itertools.islice(reader(path), 2))
        except runs.UNREADABLE as error:
            raise _file_refusal(
                "unreadable",
                _("The file is damaged and cannot be read to its end. Save it again and choose the new file."),
            ) from error
    if not found:
        raise _file_refusal("text_required", _("The document has no text. Paste the text or choose another file."))
    if len(found) > 1:
        raise _file_refusal(
            "several_documents", _("The file contains several documents. Import it with the command import_documents.")
        )
    line, record = found[0]
    if isinstance(record, RecordError):
        words = _("Line %(line)d cannot be read as a document: %(problem)s.")
        raise _file_refusal("unreadable", words % {"line": line, "problem": record})
    if record.is_partial:
        raise _file_refusal(
            "partial",
            _("The file contains single articles, not a whole text. Import it with the command import_documents."),
        )
    return record


def _decode_utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _file_refusal(
            "unreadable", _("Line %d is not UTF-8. Save the file as UTF-8 and choose it again.") % line
        ) from error


def _with_defaults_from_number(record: DocumentRecord) -> DocumentRecord:
    number = record.number or number_symbols.first_official_number(record.text)
    kind, body = number_symbols.type_and_issuer_of(number)
    return replace(
        record,
        number=number,
        doc_type=record.doc_type or kind or "",
        issuer=record.issuer or (body.name if body else ""),
    )


def _file_refusal(code: str, message: str) -> RuleBroken:
    return RuleBroken(code, message, field="file")
