"""Find suggestions for what somebody has typed so far."""

import re

from content.documents.citations import cite_document, cite_provision
from content.documents.models import LegalDocument, Provision
from content.documents.queries import public_documents
from content.law.lexer.document_words import WHOLE_SERIAL
from content.named_documents.queries import (
    TypedReference,
    documents_named_by,
    may_name_document,
    name_and_year,
    read_reference,
)
from content.suggestions.keys import suggestion_key
from content.suggestions.models import Suggestion
from content.text import lexemes
from content.text.vietnamese import fold, nfc
from content.typed_citations.spelling import number_as_usual

MAX_COMPLETIONS = 10
MAX_TEXT_LETTERS = 300
_BEGINNING_OF_NUMBER = re.compile(rf"(?:so\s*)?({WHOLE_SERIAL})\s*[/\-]\s*([a-z0-9&/\-.\s]*)")


def completions(typed: str) -> list[Suggestion]:
    """Up to MAX_COMPLETIONS suggestions: what is named, then what begins with what was typed, the most frequent first.

    What a number, a name with a year or a citation names is read from the documents, and is no stored row. A name alone
    is read so only where no stored suggestion goes on from it or leads to a place: «blds».
    """
    key = " ".join(lexemes.words(nfc(typed)))
    if not key:
        return []
    begin = Suggestion.objects.filter(text_key__gte=key, text_key__lt=key + "\U0010ffff")
    stored = list(begin.order_by("-passages", "text_key")[:MAX_COMPLETIONS])
    reference = read_reference(typed)
    is_exact = reference.citation.number or reference.citation.eid or name_and_year(reference)[1]
    leads_nowhere = all(each.text_key == key and not each.document_key for each in stored)
    named = _named_so_far(typed, reference) if is_exact or leads_nowhere else []
    places = {(each.document_key, each.eid) for each in named}
    others = [each for each in stored if not each.document_key or (each.document_key, each.eid) not in places]
    return [*named, *others][:MAX_COMPLETIONS]


def _named_so_far(typed: str, reference: TypedReference) -> list[Suggestion]:
    """What was typed names, or the documents whose numbers begin so, the newest first."""
    named = documents_named_by(reference, public_documents()) if may_name_document(reference) else []
    if not named:
        return [_suggestion_of(document, None, _number_and_title(document)) for document in _numbered_so_far(typed)]
    with_number = reference.citation.number is not None
    return [_suggestion_of(*unit, _text_of(*unit, with_number=with_number)) for unit in named]


def _numbered_so_far(typed: str) -> list[LegalDocument]:
    """Documents whose numbers begin with what was typed: «168/», «36/20», «168/2024/n»."""
    folded = number_as_usual(fold(nfc(typed[:MAX_TEXT_LETTERS])).strip()) if typed[:1].isdigit() else ""
    found = _BEGINNING_OF_NUMBER.fullmatch(folded)
    if found is None:
        return []
    rest = "-".join(re.findall(r"[a-z0-9]+", found[2]))
    begins = f"{found[1].lstrip('0') or '0'}-{rest}"
    return list(public_documents().filter(number_key__startswith=begins)[:MAX_COMPLETIONS])


def _suggestion_of(document: LegalDocument, provision: Provision | None, text: str) -> Suggestion:
    return Suggestion(
        text_key=suggestion_key(text)[:200],
        text=text[:MAX_TEXT_LETTERS],
        passages=1,
        document_key=document.key,
        eid=provision.eid if provision else "",
    )


def _text_of(document: LegalDocument, provision: Provision | None, *, with_number: bool) -> str:
    if provision:
        return cite_provision(document, _lineage(provision))
    return _number_and_title(document) if with_number else cite_document(document)


def _lineage(provision: Provision) -> list[Provision]:
    """The provision below those around it, outermost first."""
    line = [provision]
    while line[0].parent is not None:
        line.insert(0, line[0].parent)
    return line


def _number_and_title(document: LegalDocument) -> str:
    """«36/2024/QH15 Luật …»; the title alone where it has the number."""
    title: str = document.title
    return title if not document.number or document.number in title else f"{document.number} {title}"
