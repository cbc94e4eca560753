"""Resolve references as other collections write them to provisions of public documents."""

from collections.abc import Iterable
from typing import Any

from content import vietnam_time
from content.document_reads import contexts
from content.documents import queries as documents
from content.documents.models import LegalDocument
from content.mentions import resolver
from content.text.vietnamese import fold


def resolve_references(references: Iterable[Any]) -> tuple[list[tuple[LegalDocument, str]], list[str]]:
    """Resolve [{number or name, article, clause, point}]. Returns ([(LegalDocument, eid)], [text of unresolved ones]).

    A reference is resolved only to the unit it names, in the law of today: a missing clause is not replaced by its
    article. A number or a name that several documents share is not resolved; of laws with one name the one in force is
    meant.
    """
    found, missing = [], []
    for reference in references:
        document, eid = _document(reference), _eid(reference)
        if document and contexts.provision_context(document, eid, vietnam_time.today()):
            found.append((document, eid))
        else:
            missing.append(_reference_text(reference))
    return list(dict.fromkeys(found)), missing


def _document(reference: Any) -> LegalDocument | None:
    if name := str(_field_of(reference, "name")):
        named = resolver.documents_of_name(name, vietnam_time.today())
        is_certain = named.certainty in (resolver.Certainty.EXACT, resolver.Certainty.LIKELY)
        return named.candidates[0].document if is_certain else None
    candidates = list(
        documents.documents_with_number(documents.public_documents(), str(_field_of(reference, "number")))[:2]
    )
    return candidates[0] if len(candidates) == 1 else None


def _eid(reference: Any) -> str:
    parts = [("art", "article"), ("clause", "clause"), ("point", "point")]
    return "__".join(
        f"{unit}_{_eid_number(_field_of(reference, name))}" for unit, name in parts if _field_of(reference, name)
    )


def _eid_number(number: Any) -> str:
    """As eids write it: «đ» is dd, since in ASCII it would be d."""
    number = str(number).strip().lower()
    return "dd" if number == "đ" else fold(number)


def _field_of(reference: Any, name: str) -> Any:
    return (reference.get(name) or "") if isinstance(reference, dict) else ""


def _reference_text(reference: Any) -> str:
    names = ("number", "name", "article", "clause", "point")
    return " ".join(text for name in names if (text := str(_field_of(reference, name)))) or "?"
