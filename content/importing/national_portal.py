"""Documents as the national portal's API gives them: a JSON object of properties, and the text beside it.

The properties name the document `docIdentity`, `docType`, `issueDate`, …; the text comes in a file of its own (the same
name, ending .txt) or, where the object carries one, in `docContent`.
"""

from dataclasses import replace

from content.documents.records import RecordError, RecordWarning
from content.importing import document_heads, json_fields, plain_text

TEXT_FIELD = "docContent"


def is_portal_document(row):
    """Whether an object of JSON is one of the portal's."""
    return isinstance(row, dict) and "docIdentity" in row and "docType" in row


def read_portal_json(content, name, text=None):
    """The record of one object's bytes and, in `text`, the bytes of its text. Raises Problem."""
    row = json_fields.load_json(content)
    if not is_portal_document(row):
        raise RecordError("the JSON is no document of the portal (docIdentity, docType …)")
    if text is None and not json_fields.text_field(row, TEXT_FIELD):
        raise RecordError("the JSON holds no text: put it beside it, under the same name ending in .txt")
    words = plain_text.decode_text(text) if text is not None else json_fields.text_field(row, TEXT_FIELD)
    organs, signers = _names(row, "organs", "organName"), _names(row, "signers", "signerName")
    known = document_heads.SourceMetadata(
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
    return replace(document_heads.record_from_text(words, known, source=source, notes=notes), is_official_copy=True)


def _nested_text(row, name, inner):
    value = row.get(name) or {}
    if not isinstance(value, dict):
        raise RecordError(f"{name}: not an object")
    return json_fields.text_field(value, inner)


def _names(row, name, inner):
    rows = json_fields.list_field(row, name)
    if not all(isinstance(each, dict) for each in rows):
        raise RecordError(f"{name}: not a list of objects")
    return [value for each in rows if (value := json_fields.text_field(each, inner).strip())]


def _date_of(row, name):
    return json_fields.date_field({name: json_fields.text_field(row, name).partition("T")[0]}, name)
