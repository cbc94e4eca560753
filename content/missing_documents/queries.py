"""What a search names and nobody published here. Without a word of it, articles of other laws look like the answer."""

from content.documents import queries as documents
from content.law.doc_types import DocType
from content.law.known_names import LAW_ABBREVIATIONS
from content.named_documents.queries import documents_bearing_name, name_and_year
from content.search.match.parsed_query import ParsedQuery
from content.search.results import SearchResults
from content.text import lexemes
from content.text.vietnamese import fold
from content.typed_citations.documents import TypedNumber
from content.typed_citations.names import NAME_BEGINNINGS

CODE = "bo luat "  # as names of codes begin; «luật …» without a unit may be other words: «luật sư»


def missing_document(found: SearchResults) -> str:
    """The document that the query names and that is not published here, in words; "" if there is none.

    Named is what has a number with a symbol or a type («nđ 168»), an abbreviation («blhs»), the name of a code, and any
    name beside a unit («điều 5 luật trẻ em»). Costs statements only where nothing that the query names was found.
    """
    query = found.query
    if any(hit.score is None for hit in found.hits):
        return ""
    named = _number_in_words(query) or _meant_by_abbreviation(query) or _typed_name(query)
    if not named or documents_bearing_name(query, documents.public_documents()).exists():
        return ""
    return named


def _number_in_words(query: ParsedQuery) -> str:
    typed = query.citation.number
    if typed is None or not (typed.symbol or typed.doc_type):
        return ""
    kind = str(DocType(typed.doc_type).label) if typed.doc_type else ""
    return f"{kind} {_number_as_typed(query, typed)}".strip()


def _number_as_typed(query: ParsedQuery, typed: TypedNumber) -> str:
    begins = "-".join(filter(None, [typed.serial, typed.year]))
    for word, start, end in lexemes.word_spans(query.text):
        if word.lstrip("0").startswith(begins):
            return query.text[start:end]
    return "/".join(filter(None, [typed.serial, typed.year, typed.symbol]))


def _meant_by_abbreviation(query: ParsedQuery) -> str:
    name, _year = name_and_year(query)
    for synonym in query.synonyms:
        meant = " ".join(lexemes.words(synonym.meant))
        if " ".join(lexemes.words(synonym.said)) == name and meant.startswith(NAME_BEGINNINGS):
            return synonym.meant
    return next((meant for said, meant in LAW_ABBREVIATIONS.items() if fold(said) == name), "")


def _typed_name(query: ParsedQuery) -> str:
    name, year = name_and_year(query)
    is_name = name.startswith(CODE) or (query.citation.eid and name.startswith(NAME_BEGINNINGS))
    if not is_name or len(name.split()) < 2:
        return ""
    return " ".join(filter(None, [_as_typed(query, name.split()), year]))


def _as_typed(query: ParsedQuery, wanted: list[str]) -> str:
    """These folded words as they were typed, with accents."""
    spans = lexemes.word_spans(query.text)
    words = [word for word, *_ in spans]
    for at in range(len(words) - len(wanted) + 1):
        if words[at : at + len(wanted)] == wanted:
            return query.text[spans[at][1] : spans[at + len(wanted) - 1][2]]
    return " ".join(wanted)
