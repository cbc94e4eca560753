"""One document that an editor pastes or uploads. What text and number do not state is left empty for the editor.

Files and texts are read in a process with limits (`reading.py`), so this process spends no time and no memory on them.
Plain text is read with fewer demands than in an import: the editor can say what type of document it is.
"""

import contextlib
import itertools
from dataclasses import replace

from django.utils.translation import gettext as _

from content.documents.records import MAX_TEXT_LENGTH, DocumentRecord, OriginalBytes, RecordError
from content.errors import RuleBroken
from content.importing import extensions, legacy_encodings, plain_text, reading
from content.limited_process.messages import words_of_stop
from content.limited_process.parent import ReadingStopped
from content.publishing import number_symbols
from content.text.vietnamese import nfc

LARGEST_FILE = plain_text.LARGEST_FILE


def accepted_extensions() -> list[str]:
    """The file name endings for the `accept` attribute of a file input."""
    return list(extensions.EXTENSIONS)


def record_from_pasted_text(text: str, *, field: str = "text") -> DocumentRecord:
    """The record of a pasted text, as far as the text describes itself.

    Raises RuleBroken with the field: "text_required", "too_long", "unreadable" if reading it takes too long or it is
    typed in an old encoding.
    """
    if not text.strip():
        raise RuleBroken(
            "text_required", _("The document has no text. Paste the text or choose another file."), field=field
        )
    _refuse_long_text(text, field)
    _refuse_legacy_encoding(text, field)
    try:
        record = reading.record_of_text(text)
    except RecordError:  # no line names the type of document
        record = DocumentRecord(doc_type="", number="", title="", text=nfc(text))
    except ReadingStopped as stopped:
        raise RuleBroken("unreadable", words_of_stop(stopped), field=field) from None
    return _with_defaults_from_number(record)


def check_edited_text(text: str) -> None:
    """Raise RuleBroken("too_long", "unreadable") for a text that cannot be taken apart within the limits."""
    _refuse_long_text(text, "text")
    try:
        reading.check_text(text)
    except ReadingStopped as stopped:
        raise RuleBroken("unreadable", words_of_stop(stopped), field="text") from None


def record_from_upload(name: str, content: bytes) -> DocumentRecord:
    """The record of an uploaded file (its name, its bytes). The file itself becomes the original of the record.

    Raises RuleBroken with field "file": "unknown_kind", "request_too_large", "unreadable", "several_documents",
    "partial", "text_required", "too_long".
    """
    ending = next((ending for ending in extensions.EXTENSIONS if name.lower().endswith(ending)), None)
    if ending is None:
        raise _file_refusal(
            "unknown_kind",
            _("This kind of file cannot be read. Choose one of these: %s") % ", ".join(extensions.EXTENSIONS),
        )
    if len(content) > LARGEST_FILE:
        raise _file_refusal(
            "request_too_large", _("The file is larger than %d MiB. Choose a smaller file.") % (LARGEST_FILE // 2**20)
        )
    if ending == ".txt":
        record = record_from_pasted_text(_decode_utf8(content), field="file")
        return replace(record, original=OriginalBytes(name, "text/plain", content))
    record = _read_single_record(f"upload{ending}", content)  # no name that somebody made up leads to a reader
    if record.source == f"upload{ending}":
        record = replace(record, source=name)
    original = record.original and replace(record.original, name=name)
    return _with_defaults_from_number(
        replace(record, original=original or OriginalBytes(name, "application/octet-stream", content))
    )


def _read_single_record(name: str, content: bytes) -> DocumentRecord:
    try:
        with contextlib.closing(reading.records_in_bytes(content, name)) as records:
            found = list(itertools.islice(records, 2))
    except ReadingStopped as stopped:
        raise _file_refusal("unreadable", words_of_stop(stopped)) from None
    if not found:
        raise _file_refusal("text_required", _("The document has no text. Paste the text or choose another file."))
    line, record = found[0]
    if isinstance(record, RecordError):
        problem = record.in_active_language()
        if name.endswith(extensions.JSON_LINES_EXTENSIONS):
            words = _("Line %(line)d cannot be read as a document: %(problem)s.")
            raise _file_refusal("unreadable", words % {"line": line, "problem": problem})
        raise _file_refusal("unreadable", _("The file cannot be read: %(problem)s.") % {"problem": problem})
    if len(found) > 1:
        raise _file_refusal(
            "several_documents", _("The file contains several documents. Import it with the command import_documents.")
        )
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


def _refuse_long_text(text: str, field: str) -> None:
    if len(text) > MAX_TEXT_LENGTH:
        words = _("The text is longer than %d million characters. Split it into several documents.")
        raise RuleBroken("too_long", words % (MAX_TEXT_LENGTH // 2**20), field=field)


def _refuse_legacy_encoding(text: str, field: str) -> None:
    try:
        legacy_encodings.refuse_legacy_encoding(nfc(text))
    except RecordError as problem:
        words = _("The text cannot be read: %(problem)s.")
        raise RuleBroken("unreadable", words % {"problem": problem.in_active_language()}, field=field) from None
