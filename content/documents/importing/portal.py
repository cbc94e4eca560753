"""Documents as the national portal's API gives them: a JSON object of properties, and the text beside it.

The properties name the document `docIdentity`, `docType`, `issueDate`, …; the text comes in a file of its own (the same
name, ending .txt) or, where the object carries one, in `docContent`.
"""

from dataclasses import replace

from content.documents.importing import fields, heads, plain
from content.documents.records import Note, Problem

TEXT = "docContent"


def is_one(row):
    """Whether an object of JSON is one of the portal's."""
    return isinstance(row, dict) and "docIdentity" in row and "docType" in row


def record(content, name, text=None):
    """The record of one object's bytes and, in `text`, the bytes of its text. Raises Problem."""
    row = fields.loaded(content)
    if not is_one(row):
        raise Problem("the JSON is no document of the portal (docIdentity, docType …)")
    if text is None and not fields.text(row, TEXT):
        raise Problem("the JSON holds no text: put it beside it, under the same name ending in .txt")
    words = plain.decoded(text) if text is not None else fields.text(row, TEXT)
    organs, signers = _names(row, "organs", "organName"), _names(row, "signers", "signerName")
    known = heads.Known(
        doc_type=fields.doc_type(_inside(row, "docType", "docTypeName")),
        number=fields.text(row, "docIdentity").strip(),
        title=fields.text(row, "docName"),
        issuer=organs[0] if len(organs) == 1 else "",
        signer=", ".join(signers),
        issued_on=_day(row, "issueDate"),
        effective_on=_day(row, "effectDate"),
        expires_on=_day(row, "expireDate"),
        official_status=fields.status(_inside(row, "effectStatus", "effectStatusName")),
        gazette_number=fields.text(row, "gazetteNumber"),
        gazette_on=_day(row, "gazetteDate"),
    )
    notes = [Note("several_issuers", f"Nhiều cơ quan ban hành: {', '.join(organs)}.")] if len(organs) > 1 else []
    guid = fields.text(row, "docGUId")
    source = f"phapluat.gov.vn; {guid}" if guid else "phapluat.gov.vn"
    return replace(heads.record(words, known, source=source, notes=notes), is_official_copy=True)


def _inside(row, name, inner):
    value = row.get(name) or {}
    if not isinstance(value, dict):
        raise Problem(f"{name}: not an object")
    return fields.text(value, inner)


def _names(row, name, inner):
    rows = fields.listed(row, name)
    if not all(isinstance(each, dict) for each in rows):
        raise Problem(f"{name}: not a list of objects")
    return [value for each in rows if (value := fields.text(each, inner).strip())]


def _day(row, name):
    return fields.day({name: fields.text(row, name).partition("T")[0]}, name)
