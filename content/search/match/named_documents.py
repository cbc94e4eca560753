"""Documents and provisions that a query names. They come before all ranked results."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from content.documents import effect_queries
from content.documents import queries as documents
from content.documents.models import LegalDocument, Provision
from content.search.match.parsed_query import ParsedQuery
from content.text import lexemes

MAX_NAMED_DOCUMENTS = 5
_NAME_BEGINNINGS = ("luat", "bo luat", "phap lenh", "hien phap", "nghi dinh", "thong tu", "nghi quyet", "quyet dinh")
_BETWEEN_WORDS = r"(?:\W+va)?\W+"  # «luật hôn nhân gia đình» is the law «Hôn nhân và gia đình»
_TRAILING_YEAR = re.compile(r" (?:nam )?((?:19|20)\d\d)$")
_NAME_SUFFIX = (
    r"(?:\W+sua\W+doi\W?)?(?:\W+cua\W+quoc\W+hoi)?(?:\W+so\W+\S+)?(?:\W+(?:nam\W+)?\d{4})?$"  # as sources write titles
)


class NamedUnit(NamedTuple):
    """A document that a query names, and the provision where it names one too."""

    document: LegalDocument
    provision: Provision | None = None


def documents_named_by(
    query: ParsedQuery, public: QuerySet[LegalDocument], binding_on: date | None = None
) -> list[NamedUnit]:
    """What a query names among the `public` documents, the newest document first; [] where it names none.

    Of more than MAX_NAMED_DOCUMENTS of one name, those in force on `binding_on` come first.
    """
    bearing = _candidate_documents(query, public)
    found = list(bearing[:MAX_NAMED_DOCUMENTS])
    if binding_on and len(found) == MAX_NAMED_DOCUMENTS:
        binding = list(effect_queries.documents_binding_on(bearing, binding_on)[:MAX_NAMED_DOCUMENTS])
        found = [*binding, *(document for document in found if document not in binding)][:MAX_NAMED_DOCUMENTS]
    eid = query.citation.eid
    if not eid:
        return [NamedUnit(document) for document in found]
    units = Provision.objects.filter(document__in=found, eid=eid)
    by_document = {unit.document_id: unit for unit in units}
    return [NamedUnit(document, by_document[document.pk]) for document in found if document.pk in by_document]


def may_name_document(query: ParsedQuery) -> bool:
    """Whether a query may name a document. Needs no statement."""
    return bool(query.citation.number or any(_possible_names(query)))


def _candidate_documents(query: ParsedQuery, public: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    if query.citation.number:
        numbered: QuerySet[LegalDocument] = documents.documents_with_typed_number(public, query.citation.number)
        return numbered
    for name, year in _possible_names(query):
        words = _BETWEEN_WORDS.join(map(re.escape, name.split()))
        alike = public.filter(search_key__regex=rf"^\S* {words}{_NAME_SUFFIX}")
        if year:
            alike = alike.filter(Q(issued_on__year=year) | Q(search_key__endswith=f" {year}"))
        if alike.exists():
            return alike
    return public.none()


def _possible_names(query: ParsedQuery) -> Iterator[tuple[str, str]]:
    """(folded name, year or "") that the query may be: as typed, then as each of its synonyms means it."""
    text = " ".join(lexemes.words(query.citation.rest)).removeprefix("cua ")
    year = _TRAILING_YEAR.search(text)
    name = text[: year.start()] if year else text
    if name.startswith(_NAME_BEGINNINGS) and len(name.split()) > 1:
        yield name, year[1] if year else ""
    for synonym in query.synonyms:
        if " ".join(lexemes.words(synonym.said)) == name:
            yield " ".join(lexemes.words(synonym.meant)), year[1] if year else ""
