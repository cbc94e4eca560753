"""What a search names and nobody published here, or not by its day.

Without a word of it, articles of other laws look like the answer.
"""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from content import vietnam_time
from content.documents import queries as documents
from content.documents.citations import cite_document
from content.documents.models import LegalDocument, Provision
from content.law.doc_types import DocType
from content.law.eids import eid_in_words
from content.law.known_names import LAW_ABBREVIATIONS
from content.named_documents.queries import (
    documents_bearing_name,
    documents_of_name,
    may_name_document,
    name_and_year,
    split_year,
)
from content.search.match.parsed_query import ParsedQuery
from content.search.results import SearchResults
from content.text import lexemes
from content.text.vietnamese import fold
from content.typed_citations.documents import TypedNumber
from content.typed_citations.names import LAW_BEGINNINGS, NAME_BEGINNINGS, name_before_question

CODE = "bo luat "  # as names of codes begin; «luật …» without a unit may be other words: «luật sư»
CONSTITUTION = "hien phap"  # a type that is a name
_MEANT_BY_FOLDED = {fold(said): meant for said, meant in reversed(LAW_ABBREVIATIONS.items())}  # the first counts


@dataclass(frozen=True)
class MissingDocument:
    """What a query names and a search cannot show, in words."""

    name: str  # «Luật Trẻ em», «Điều 999 Luật Đất đai năm 2024»
    issued_on: datetime.date | None = None  # of a document that is published here and was issued after the day


def missing_document(found: SearchResults, day: datetime.date) -> MissingDocument | None:
    """What the query names and is not published here, or was not issued by `day`; None if there is nothing.

    Named is what has a whole number with a symbol or a type («nđ 168»), an abbreviation («blhs»), the name of a code or
    the constitution, any name beside a unit («điều 5 luật trẻ em»), a name of which other years are here («luật đất đai
    2013»), and a unit of a document that is here. Costs statements only where not all that is named was found.
    """
    query = found.query
    if any(hit.score is None for hit in found.hits) and not found.lacks_unit:
        return None
    if may_name_document(query):
        bearing = documents_bearing_name(query, documents.public_documents())
        if bearing.exists():
            return _not_issued_by(day, bearing) or _missing_unit(query.citation.eid, bearing, day)
    named = _number_in_words(query) or _meant_by_abbreviation(query) or _typed_name(query)
    return MissingDocument(named) if named else None


def _not_issued_by(day: datetime.date, bearing: QuerySet[LegalDocument]) -> MissingDocument | None:
    if day >= vietnam_time.today() or documents.issued_by(bearing, day).exists():
        return None
    first = bearing.filter(issued_on__gt=day).order_by("issued_on", "pk").first()
    return MissingDocument(cite_document(first), first.issued_on) if first else None


def _missing_unit(eid: str, bearing: QuerySet[LegalDocument], day: datetime.date) -> MissingDocument | None:
    """The unit, if none of the documents has it: «Điều 999 Luật Đất đai năm 2024»."""
    among = documents.issued_by(bearing, day)
    if not eid or Provision.objects.filter(document__in=among.order_by().values("pk"), eid=eid).exists():
        return None
    words = eid_in_words(eid)
    first = among.first()
    return MissingDocument(f"{words[:1].upper()}{words[1:]} {cite_document(first)}") if first else None


def _number_in_words(query: ParsedQuery) -> str:
    typed = query.citation.number
    if typed is None or not (typed.doc_type or typed.is_whole):
        return ""
    kind = str(DocType(typed.doc_type).label) if typed.doc_type else ""
    return f"{kind} {_number_as_typed(query, typed)}".strip()


def _number_as_typed(query: ParsedQuery, typed: TypedNumber) -> str:
    begins = "-".join(filter(None, [typed.serial, typed.year]))
    for word, start, end in lexemes.word_spans(query.text):
        if word.lstrip("0").startswith(begins):
            return query.text[start:end]
    return "/".join(filter(None, [typed.serial, typed.year, typed.symbol.upper()]))


def _meant_by_abbreviation(query: ParsedQuery) -> str:
    name, _year = name_and_year(query)
    for synonym in query.synonyms:
        meant = " ".join(lexemes.words(synonym.meant))
        if " ".join(lexemes.words(synonym.said)) == name and meant.startswith(NAME_BEGINNINGS):
            return synonym.meant
    return _MEANT_BY_FOLDED.get(name, "")


def _typed_name(query: ParsedQuery) -> str:
    name, year = split_year(name_before_question(" ".join(filter(None, name_and_year(query)))))
    if len(name.split()) < 2 or (name in NAME_BEGINNINGS and name != CONSTITUTION):
        return ""
    is_name = name == CONSTITUTION or name.startswith(CODE)
    is_name = is_name or bool(query.citation.eid and name.startswith(NAME_BEGINNINGS))
    if not is_name and not (year and name.startswith(LAW_BEGINNINGS)):
        return ""
    public = documents.public_documents()
    if documents_of_name(name, year, public).exists():
        return ""  # «bộ luật dân sự quy định thế nào»
    is_name = is_name or documents_of_name(name, "", public).exists()
    return " ".join(filter(None, [_as_typed(query, name.split()), year])) if is_name else ""


def _as_typed(query: ParsedQuery, wanted: list[str]) -> str:
    """These folded words as they were typed, with accents."""
    spans = lexemes.word_spans(query.text)
    words = [word for word, *_ in spans]
    for at in range(len(words) - len(wanted) + 1):
        if words[at : at + len(wanted)] == wanted:
            return query.text[spans[at][1] : spans[at + len(wanted) - 1][2]]
    return " ".join(wanted)
