"""What a mention and a stored document are compared by."""

import datetime

from content.documents.models import LegalDocument
from content.law import official_numbers
from content.law.doc_types import TYPES_CITED_BY_NAME
from content.law.document_names import NamedDocument
from content.law.document_references import DocumentReference
from content.law.known_names import name_words
from content.mentions.names import law_name

MAX_KEY = 180


def reference_of(named: NamedDocument) -> DocumentReference:
    """The same name, as relations compare it."""
    return DocumentReference(
        named.doc_type, named.name, named.number, named.year, named.issued_on, named.start, named.end, named.body
    )


def key_of(named: NamedDocument) -> str:
    """The key of what is named: a number, with its day where it has no year; a name, with its year where it is said.

    "" for a part of a number, «Nghị định 168»: it may mean documents that are not stored.
    """
    if named.number:
        return _number_key(named.number, named.issued_on)
    return "" if named.serial else _name_key(named.doc_type, named.name, named.year)


def keys_of(document: LegalDocument) -> set[str]:
    """The keys that mean this document: its number; its name, with and without the year."""
    keys = {_number_key(document.number, document.issued_on)} if document.number else set()
    issued = document.issued_on.year if document.issued_on else official_numbers.year_of_number(document.number)
    if document.doc_type in TYPES_CITED_BY_NAME:
        name = law_name(document)
        keys |= {_name_key(document.doc_type, name, year) for year in (issued, None)}
    return keys - {""}


def _number_key(number: str, issued_on: datetime.date | None) -> str:
    key = official_numbers.number_key(number)
    if official_numbers.year_of_number(number) is None:  # used again every year
        return f"{key}@{issued_on}"[:MAX_KEY] if issued_on else ""
    return key[:MAX_KEY]


def _name_key(doc_type: str, name: str, year: int | None) -> str:
    start, end = f"ten:{doc_type}:{'-'.join(name_words(name))}", f":{year or ''}"
    return start[: MAX_KEY - len(end)] + end  # titles of acts that amend ten laws are longer


def is_name(key: str) -> bool:
    """Whether the key is that of a name, with a year or without."""
    return key.startswith("ten:")


def is_name_alone(key: str) -> bool:
    """Whether the key is that of a name without a year."""
    return key.startswith("ten:") and key.endswith(":")


def year_of_name(key: str) -> int | None:
    """The year in the key of a name with its year; None for any other key."""
    year = key.rpartition(":")[2]
    return int(year) if key.startswith("ten:") and year else None
