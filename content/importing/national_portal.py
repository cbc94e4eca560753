"""Documents of the national portal's API: a JSON object of properties, and the text in a second file.

The properties are named `docIdentity`, `docType`, `issueDate`, …; the text is in a file of the same name that ends in
.txt, or in `docContent` if the object has it.
"""

import datetime
from dataclasses import replace
from typing import Any

from content.documents.records import DocumentRecord, RecordError, RecordWarning
from content.importing import document_heads, json_fields, plain_text
from content.importing.json_fields import JsonObject
from content.importing.known_names import NO_NAMES, KnownNames

TEXT_FIELD = "docContent"


def is_portal_document(row: Any) -> bool:
    """Whether a JSON value is a document of the portal."""
    return isinstance(row, dict) and "docIdentity" in row and "docType" in row


def read_portal_json(
    content: bytes, name: str, names: KnownNames = NO_NAMES, text: bytes | None = None
) -> DocumentRecord:
    """The record of one object's bytes; `text` holds the bytes of its text file. Raises RecordError."""
    row = json_fields.load_json(content)
    if not is_portal_document(row):
        raise RecordError("the JSON is not a document of the national portal (it has no docIdentity and docType)")
    if text is None and not json_fields.text_field(row, TEXT_FIELD):
        raise RecordError("the JSON has no text. Put the text into a file of the same name that ends in .txt")
    document_text = plain_text.decode_text(text) if text is not None else json_fields.text_field(row, TEXT_FIELD)
    organs, signers = _names(row, "organs", "organName"), _names(row, "signers", "signerName")
    metadata = document_heads.SourceMetadata(
        doc_type=json_fields.parse_doc_type(_nested_text(row, "docType", "docTypeName")),
        number=json_fields.text_field(row, "docIdentity").strip(),
        title=json_fields.text_field(row, "docName"),
        issuer=organs[0] if len(organs) == 1 else "",
        signer=", ".join(signers),
        issued_on=_date_of(row, "issueDate"),
        effective_on=_date_of(row, "effectDate"),
        expires_on=_date_of(row, "expireDate"),
        official_status=json_fields.parse_effect_status(_nested_text(row, "effectStatus", "effectStatusName")),
        gazette_number=json_fields.text_field(row, "gazetteNumber"),
        gazette_on=_date_of(row, "gazetteDate"),
    )
    notes = (
        [RecordWarning("several_issuers", f"Nhiều cơ quan ban hành: {', '.join(organs)}.")] if len(organs) > 1 else []
    )
    guid = json_fields.text_field(row, "docGUId")
    source = f"phapluat.gov.vn; {guid}" if guid else "phapluat.gov.vn"
    return replace(
        document_heads.record_from_text(document_text, metadata, names=names, source=source, notes=notes),
        is_official_copy=True,
    )


def _nested_text(row: JsonObject, name: str, inner: str) -> str:
    value = row.get(name) or {}
    if not isinstance(value, dict):
        raise RecordError("%(name)s: not an object", name=name)
    return json_fields.text_field(value, inner)


def _names(row: JsonObject, name: str, inner: str) -> list[str]:
    rows = json_fields.list_field(row, name)
    if not all(isinstance(each, dict) for each in rows):
        raise RecordError("%(name)s: not a list of objects", name=name)
    return [value for each in rows if (value := json_fields.text_field(each, inner).strip())]


def _date_of(row: JsonObject, name: str) -> datetime.date | None:
    return json_fields.date_field({name: json_fields.text_field(row, name).partition("T")[0]}, name)
