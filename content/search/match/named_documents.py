"""Documents and provisions that a query names. They come before all ranked results."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from content.documents import effect_queries
from content.documents import queries as documents
from content.documents.models import LegalDocument, Provision
from content.law.doc_types import TYPES_CITED_BY_NAME
from content.search.match.parsed_query import ParsedQuery
from content.text import lexemes
from content.typed_citations.documents import NAME_BEGINNINGS, law_title_pattern, name_in_title, title_pattern

MAX_NAMED_DOCUMENTS = 5
MAX_TITLES_COMPARED = 50  # no name has more laws
_TRAILING_YEAR = re.compile(r" (?:nam )?((?:19|20)\d\d)$")


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
    bearing = documents_bearing_name(query, public)
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
    if query.citation.number or any(_possible_names(query)):
        return True
    return bool(law_title_pattern(name_and_year(query)[0], beside_unit=bool(query.citation.eid)))


def documents_bearing_name(query: ParsedQuery, public: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """Those of the `public` documents that have the number or the name in the query, whatever unit it names."""
    if query.citation.number:
        numbered: QuerySet[LegalDocument] = documents.documents_with_typed_number(public, query.citation.number)
        return numbered
    for name, year in _possible_names(query):
        alike = _of_year(public.filter(search_key__regex=rf"^\S* {title_pattern(name)}"), year)
        if alike.exists():
            return alike
    laws = public.filter(doc_type__in=TYPES_CITED_BY_NAME)
    for name, year in _possible_names(query):
        longer = laws.filter(search_key__regex=rf"^\S* {title_pattern(name, is_whole=False)}")
        if (begun := _of_one_name(_of_year(longer, year))) is not None:
            return begun
    return _laws_called(query, laws)


def _of_year(named: QuerySet[LegalDocument], year: str) -> QuerySet[LegalDocument]:
    return named.filter(Q(issued_on__year=year) | Q(search_key__endswith=f" {year}")) if year else named


def _of_one_name(begun: QuerySet[LegalDocument]) -> QuerySet[LegalDocument] | None:
    """These documents, whose names begin with what was typed, if all have one name: else it says not which is meant."""
    titles = begun.values_list("title", flat=True)[:MAX_TITLES_COMPARED]
    return begun if len({name_in_title(title) for title in titles}) == 1 else None


def _laws_called(query: ParsedQuery, laws: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """Laws with the initials that the query is («LĐĐ 2024»), or that begin with its words («điều 8 hôn nhân»).

    All of them: neither says which is meant.
    """
    name, year = name_and_year(query)
    pattern = law_title_pattern(name, beside_unit=bool(query.citation.eid))
    return _of_year(laws, year).filter(search_key__regex=rf"^\S* {pattern}") if pattern else laws.none()


def name_and_year(query: ParsedQuery) -> tuple[str, str]:
    """What is left of the query without its unit, folded: the words, and the year behind them or ""."""
    text = " ".join(lexemes.words(query.citation.rest)).removeprefix("cua ")
    year = _TRAILING_YEAR.search(text)
    return (text[: year.start()], year[1]) if year else (text, "")


def _possible_names(query: ParsedQuery) -> Iterator[tuple[str, str]]:
    """(folded name, year or "") that the query may be: as typed, then as each of its synonyms means it."""
    name, year = name_and_year(query)
    if name.startswith(NAME_BEGINNINGS) and len(name.split()) > 1:
        yield name, year
    for synonym in query.synonyms:
        if " ".join(lexemes.words(synonym.said)) == name:
            yield " ".join(lexemes.words(synonym.meant)), year
