"""Documents and provisions that typed words name: by number, by name and year, by abbreviation, by initials."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from django.db.models import Q, QuerySet

from content.documents import effect_queries
from content.documents.models import LegalDocument, Provision
from content.law.doc_types import TYPES_BY_FOLDED_NAME, TYPES_CITED_BY_NAME, TYPES_TYPED_BEFORE_SERIALS
from content.law.eids import eid_lineage
from content.law.lexer.document_words import YEAR_OF_NAME, any_of
from content.named_documents.numbers import documents_matching_number, documents_with_typed_number
from content.synonyms.queries import FoundSynonym, synonyms_in
from content.text import lexemes
from content.text.vietnamese import nfc
from content.typed_citations.documents import TypedCitation, typed_citation, with_gaps
from content.typed_citations.names import (
    LAW_BEGINNINGS,
    NAME_BEGINNINGS,
    full_name,
    law_title_pattern,
    name_before_question,
    name_in_title,
    title_pattern,
    without_qualifier,
)

MAX_NAMED_DOCUMENTS = 5
MAX_TITLES_COMPARED = 50  # no name has more laws
MAX_WORDS = 60  # later words are ignored
MIN_WORDS_OF_PART = 2  # of a name that is only a part of a title: «luật giao thông 2024»
_TRAILING_YEAR = re.compile(rf" (?:nam )?({YEAR_OF_NAME})$")
_TRAILING_SERIAL = re.compile(r" (?:so )?(\d{1,4})$")
_TYPE_OF_NAME = re.compile(rf"({any_of(TYPES_BY_FOLDED_NAME)}) (.+)")


class Reference(Protocol):
    """What is asked of words that may name a document."""

    @property
    def citation(self) -> TypedCitation: ...
    @property
    def synonyms(self) -> Sequence[FoundSynonym]: ...


@dataclass(frozen=True)
class TypedReference:
    """Typed words, read."""

    citation: TypedCitation
    synonyms: list[FoundSynonym]


class NamedUnit(NamedTuple):
    """A document that a query names, and the provision where it names one too."""

    document: LegalDocument
    provision: Provision | None = None


def read_reference(typed: str) -> TypedReference:
    """Read what somebody typed to name a document. Never fails on odd input."""
    text, spans = typed_words(typed)
    return TypedReference(typed_citation(text), synonyms_in(spans, text))


def typed_words(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """(the text in NFC on one line, (folded word, start, end) of its first MAX_WORDS words)."""
    text = " ".join(with_gaps(nfc(text)).split())
    return text, lexemes.word_spans(text)[:MAX_WORDS]


def documents_called(public: QuerySet[LegalDocument], typed: str) -> QuerySet[LegalDocument]:
    """Narrow to the documents whose number, or a part of it, or whose name is typed, as a search reads it."""
    numbered: QuerySet[LegalDocument] = documents_matching_number(public, typed)
    if numbered.exists():
        return numbered
    return documents_bearing_name(read_reference(typed), public)


def documents_named_by(
    query: Reference, public: QuerySet[LegalDocument], binding_on: date | None = None
) -> list[NamedUnit]:
    """What a query names among the `public` documents, the newest document first; [] where it names none.

    Of more than MAX_NAMED_DOCUMENTS of one name, those in force on `binding_on` come first. Where no document has the
    unit, each comes with the nearest unit around it, or alone.
    """
    bearing = documents_bearing_name(query, public)
    found = list(bearing[:MAX_NAMED_DOCUMENTS])
    if binding_on and len(found) == MAX_NAMED_DOCUMENTS:
        binding = list(effect_queries.documents_binding_on(bearing, binding_on)[:MAX_NAMED_DOCUMENTS])
        found = [*binding, *(document for document in found if document not in binding)][:MAX_NAMED_DOCUMENTS]
    eid = query.citation.eid
    if not eid or not found:
        return [NamedUnit(document) for document in found]
    around = Provision.objects.filter(document__in=found, eid__in=eid_lineage(eid))
    units = {(unit.document_id, unit.eid): unit for unit in around}
    exact = [NamedUnit(document, units[document.pk, eid]) for document in found if (document.pk, eid) in units]
    if exact:
        return exact
    nearest = eid_lineage(eid)[::-1]
    around_of = {pk: [units[pk, above] for above in nearest if (pk, above) in units] for pk, _ in units}
    return [NamedUnit(document, next(iter(around_of.get(document.pk, ())), None)) for document in found]


def may_name_document(query: Reference) -> bool:
    """Whether a query may name a document. Needs no statement."""
    if query.citation.number or any(_possible_names(query)):
        return True
    return bool(law_title_pattern(name_and_year(query)[0], beside_unit=bool(query.citation.eid)))


def documents_bearing_name(query: Reference, public: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """Those of the `public` documents that have the number or the name in the query, whatever unit it names."""
    if query.citation.number:
        numbered: QuerySet[LegalDocument] = documents_with_typed_number(public, query.citation.number)
        return numbered
    for name, year in _possible_names(query):
        if (found := _of_name(name, year, public)) is not None:
            return found
    called = _laws_called(query, public.filter(doc_type__in=TYPES_CITED_BY_NAME))
    return called if called.exists() else _with_part_of_name(query, public)


def documents_of_name(name: str, year: str, public: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """The documents of that folded name, whole or its beginning, and of that year, "" for any."""
    found = _of_name(name, year, public)
    return public.none() if found is None else found


def _of_name(name: str, year: str, public: QuerySet[LegalDocument]) -> QuerySet[LegalDocument] | None:
    """Documents of that folded name and year, else the laws of the one name that begins so; None without any."""
    alike = _of_year(public.filter(search_key__regex=rf"^\S* {title_pattern(name)}"), year)
    if alike.exists():
        return alike
    laws = public.filter(doc_type__in=TYPES_CITED_BY_NAME)
    return _of_one_name(_of_year(laws.filter(search_key__regex=rf"^\S* {title_pattern(name, is_whole=False)}"), year))


def _of_year(named: QuerySet[LegalDocument], year: str) -> QuerySet[LegalDocument]:
    return named.filter(Q(issued_on__year=year) | Q(search_key__endswith=f" {year}")) if year else named


def _of_one_name(begun: QuerySet[LegalDocument]) -> QuerySet[LegalDocument] | None:
    """These documents, whose names begin with what was typed, if all have one name: else it says not which is meant."""
    titles = begun.values_list("title", flat=True)[:MAX_TITLES_COMPARED]
    return begun if len({name_in_title(title) for title in titles}) == 1 else None


def _laws_called(query: Reference, laws: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """Laws with the initials that the query is («LĐĐ 2024»), or that begin with its words («điều 8 hôn nhân»).

    All of them: neither says which is meant.
    """
    name, year = name_and_year(query)
    pattern = law_title_pattern(name, beside_unit=bool(query.citation.eid))
    return _of_year(laws, year).filter(search_key__regex=rf"^\S* {pattern}") if pattern else laws.none()


def _with_part_of_name(query: Reference, public: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """Documents of which a type, words of the title and a serial or a year are typed: «nghị định giao thông 168».

    None where the words and the year mean laws of several names.
    """
    name, year = name_and_year(query)
    serial = _TRAILING_SERIAL.search(name)
    if serial:
        return _with_serial(name[: serial.start()], year, serial[1].lstrip("0"), query, public)
    typed = _TYPE_OF_NAME.fullmatch(name)
    if not (year and typed and name.startswith(LAW_BEGINNINGS) and len(typed[2].split()) >= MIN_WORDS_OF_PART):
        return public.none()
    laws = _of_year(public.filter(doc_type__in=TYPES_CITED_BY_NAME), year)
    phrase = r"\W+".join(map(re.escape, typed[2].split()))
    found = _of_one_name(laws.filter(search_key__regex=rf"\y{phrase}\y"))
    return public.none() if found is None else found


def _with_serial(
    name: str, year: str, serial: str, query: Reference, public: QuerySet[LegalDocument]
) -> QuerySet[LegalDocument]:
    numbered = _of_year(public.filter(number_key__startswith=f"{serial}-"), year)
    if not serial or not numbered.exists():
        return public.none()
    is_name = name.startswith(NAME_BEGINNINGS) and len(name.split()) > 1
    if is_name and (found := _of_name(name, "", numbered)) is not None:
        return found
    if pattern := law_title_pattern(name, beside_unit=False):
        return numbered.filter(search_key__regex=rf"^\S* {pattern}", doc_type__in=TYPES_CITED_BY_NAME)
    typed = _TYPE_OF_NAME.fullmatch(name)
    if typed is None or typed[1] not in TYPES_TYPED_BEFORE_SERIALS:
        return public.none()
    numbered = numbered.filter(doc_type=TYPES_TYPED_BEFORE_SERIALS[typed[1]])
    for word in typed[2].split():
        numbered = numbered.filter(search_key__regex=rf"\y{re.escape(word)}\y")
    return numbered


def name_and_year(query: Reference) -> tuple[str, str]:
    """What is left of the query without its unit, folded: the words, and the year behind them or ""."""
    text = " ".join(lexemes.words(query.citation.rest)).removeprefix("cua ")
    text = without_qualifier(name_before_question(text) if query.citation.eid else text)
    return split_year(text)


def split_year(name: str) -> tuple[str, str]:
    """(folded name without the year behind it, the year or "")."""
    year = _TRAILING_YEAR.search(name)
    return (name[: year.start()], year[1]) if year else (name, "")


def _possible_names(query: Reference) -> Iterator[tuple[str, str]]:
    """(folded name, year or "") that the query may be: as typed, then as each of its synonyms means it."""
    name, year = name_and_year(query)
    if name.startswith(NAME_BEGINNINGS) and (len(name.split()) > 1 and name not in TYPES_TYPED_BEFORE_SERIALS):
        yield name, year
        if whole := full_name(name):
            yield whole, year
    for synonym in query.synonyms:
        if " ".join(lexemes.words(synonym.said)) == name:
            yield " ".join(lexemes.words(synonym.meant)), year
