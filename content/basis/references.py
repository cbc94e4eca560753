"""From references as other collections write them to provisions of ours."""

from content import vietnam_time
from content.documents import provision_queries
from content.documents import queries as documents
from content.text.vietnamese import fold


def resolve_references(references):
    """([(LegalDocument, eid)], [what is not here, in words]) of [{number, article, clause, point}].

    The narrowest unit that stands there today is taken: where a clause is not found, nothing wider is cited for it. A
    number that several documents share is not guessed at.
    """
    found, missing = [], []
    for reference in references:
        document, eid = _document(reference), _eid(reference)
        if document and provision_queries.provision_context(document, eid, vietnam_time.today()):
            found.append((document, eid))
        else:
            missing.append(_reference_text(reference))
    return list(dict.fromkeys(found)), missing


def _document(reference):
    candidates = list(
        documents.documents_with_number(documents.public_documents(), str(_field_of(reference, "number")))[:2]
    )
    return candidates[0] if len(candidates) == 1 else None


def _eid(reference):
    parts = [("art", "article"), ("clause", "clause"), ("point", "point")]
    return "__".join(
        f"{unit}_{_eid_number(_field_of(reference, name))}" for unit, name in parts if _field_of(reference, name)
    )


def _eid_number(number):
    """As eids write it: «đ» is dd, since in ASCII it would be d."""
    number = str(number).strip().lower()
    return "dd" if number == "đ" else fold(number)


def _field_of(reference, name):
    return (reference.get(name) or "") if isinstance(reference, dict) else ""


def _reference_text(reference):
    return " ".join(str(_field_of(reference, name)) for name in ("number", "article", "clause", "point")).strip() or "?"
