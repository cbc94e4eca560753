"""From references as other collections write them to provisions of ours."""

from content.documents import effect
from content.documents import queries as documents
from content.text.vietnamese import fold


def resolve(references):
    """([(LegalDocument, eid)], [what is not here, in words]) of [{number, article, clause, point}].

    The narrowest unit that stands there today is taken: where a clause is not found, nothing wider is cited for it. A
    number that several documents share is not guessed at.
    """
    found, missing = [], []
    for reference in references:
        document, eid = _document(reference), _eid(reference)
        if document and documents.in_context(document, eid, effect.today()):
            found.append((document, eid))
        else:
            missing.append(_words(reference))
    return list(dict.fromkeys(found)), missing


def _document(reference):
    candidates = list(documents.numbered(documents.public_documents(), str(_of(reference, "number")))[:2])
    return candidates[0] if len(candidates) == 1 else None


def _eid(reference):
    parts = [("art", "article"), ("clause", "clause"), ("point", "point")]
    return "__".join(f"{unit}_{_letter(_of(reference, name))}" for unit, name in parts if _of(reference, name))


def _letter(number):
    """As eids write it: «đ» is dd, since in ASCII it would be d."""
    number = str(number).strip().lower()
    return "dd" if number == "đ" else fold(number)


def _of(reference, name):
    return (reference.get(name) or "") if isinstance(reference, dict) else ""


def _words(reference):
    return " ".join(str(_of(reference, name)) for name in ("number", "article", "clause", "point")).strip() or "?"
