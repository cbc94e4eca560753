"""Which acts amended a document before, as another act tells: «đã được sửa đổi, bổ sung một số điều theo …». Pure."""

from content.law import document_references
from content.parsing import Structure
from content.relations import ending_phrases as phrases
from content.relations.quotations import without_quotations


def told_histories(text: str, structure: Structure) -> dict[str, set[str]]:
    """{key of a document: keys of the acts that the text says amended it}. Quoted text is skipped."""
    plain = document_references.plain_text(without_quotations(text, structure.quoted))
    told: dict[str, set[str]] = {}
    base, at, in_history = "", 0, False
    for reference in document_references.document_references(plain):
        gap = plain[at : reference.start]
        if base and (
            phrases.opens_history(gap) or (in_history and phrases.continues_history(gap, has_name=bool(reference.name)))
        ):
            in_history = True
            told.setdefault(base, set()).add(reference.key)
        else:
            base, in_history = reference.key, False
        at = reference.end
    return told
