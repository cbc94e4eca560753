"""A query as search understands it: its words, what they may mean, how rare they are, and the law it may cite."""

import re
from dataclasses import dataclass
from functools import cached_property

from content.law import official_numbers
from content.search.index.statistics import CorpusStatistics, corpus_statistics, term_frequencies
from content.synonyms.queries import FoundSynonym, synonyms_in
from content.text import lexemes
from content.text.vietnamese import fold, nfc

SYNONYM_WEIGHT = 0.5
MAX_QUERY_WORDS = 60  # later words are ignored
_TYPED_UNITS = re.compile(
    r"\b(?:(?:diem (?P<point>[a-z]{1,2}\d*)[ ,]+)?khoan (?P<clause>\d+[a-z]?)[ ,]+)?dieu (?P<article>\d+[a-z]{0,2})\b"
)
_OFFICIAL_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?/(?:\d{4}/)?[^\W\d_][\w&]*(?:[-/.][\w&]+)*", re.IGNORECASE)
_TYPE_AND_SERIAL = re.compile(  # «nghi dinh 168», «thong tu so 15/2024», «nd 168»
    r"\b(?P<type>nghi dinh|thong tu lien tich|thong tu|luat|nghi quyet|quyet dinh|phap lenh|chi thi"
    r"|(?:nd|ttlt|tt|nq|qd|ct)(?= (?:so )?\d+[a-z]?(?:/\d{4})?$))"  # «ct 2 thành viên» is a company
    r" (?:so )?(?P<serial>\d+[a-z]?)(?:/(?P<year>\d{4}))?(?![\w/])"
)
_DOCUMENT_TYPES = {
    "nghi dinh": "decree",
    "thong tu": "circular",
    "thong tu lien tich": "joint_circular",
    "luat": "law",
    "nghi quyet": "resolution",
    "quyet dinh": "decision",
    "phap lenh": "ordinance",
    "chi thi": "directive",
    "nd": "decree",
    "ttlt": "joint_circular",
    "tt": "circular",
    "nq": "resolution",
    "qd": "decision",
    "ct": "directive",
}


@dataclass(frozen=True)
class QueryCitation:
    """Which document, and which of its units, a query names. What it does not name is empty."""

    number_key: str = ""
    doc_type: str = ""  # of a document named by type and serial
    serial: str = ""
    year: str = ""
    eid: str = ""


@dataclass(frozen=True)
class ParsedQuery:
    """A query taken apart, with what the last rebuild knows of its words. A lexeme is a word or a bigram."""

    text: str  # NFC, on one line
    words: list[str]  # folded, as typed; a word may occur twice
    shares: dict[str, float]  # {lexeme: 1 if typed, SYNONYM_WEIGHT if only a synonym added it}, those typed first
    synonyms: list[FoundSynonym]
    citation: QueryCitation
    statistics: CorpusStatistics
    frequencies: dict[str, int]  # {lexeme: number of passages that hold it}; without those never counted

    def inverse_frequency(self, lexeme: str) -> float:
        return self.statistics.inverse_frequency(self.frequencies.get(lexeme, 0))

    @cached_property
    def weights(self) -> dict[str, float]:
        """{lexeme: its share times its inverse frequency}."""
        return {lexeme: share * self.inverse_frequency(lexeme) for lexeme, share in self.shares.items()}

    @cached_property
    def single_words(self) -> list[str]:
        """The lexemes that are words, each once: those typed, then those of synonyms."""
        return [lexeme for lexeme in self.shares if "_" not in lexeme]

    @cached_property
    def bigrams(self) -> list[str]:
        """The lexemes that are bigrams, in the same order."""
        return [lexeme for lexeme in self.shares if "_" in lexeme]

    @property
    def marked_words(self) -> set[str]:
        """Words to mark in a snippet, typed or added by a synonym."""
        return set(self.single_words)


def parse_query(text: str) -> ParsedQuery:
    """Parse what somebody typed. Reads synonyms, statistics and frequencies; never fails on odd input."""
    text, spans = typed_words(text)
    words = [word for word, *_ in spans]
    synonyms = synonyms_in(spans, text)
    shares = dict.fromkeys([*words, *lexemes.bigrams(words)], 1.0)
    for synonym in synonyms:
        added = lexemes.words(synonym.meant)
        for lexeme in [*added, *lexemes.bigrams(added)]:
            shares.setdefault(lexeme, SYNONYM_WEIGHT)
    return ParsedQuery(text, words, shares, synonyms, _citation_in(text), corpus_statistics(), term_frequencies(shares))


def typed_words(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """(the text in NFC on one line, (folded word, start, end) of its first MAX_QUERY_WORDS words)."""
    text = " ".join(nfc(text).split())
    return text, lexemes.word_spans(text)[:MAX_QUERY_WORDS]


def _citation_in(text: str) -> QueryCitation:
    folded = fold(text)
    units = _TYPED_UNITS.search(folded)
    eid = _eid(units) if units else ""
    if number := _OFFICIAL_NUMBER.search(fold(text)):
        return QueryCitation(number_key=official_numbers.number_key(number[0]), eid=eid)
    if typed := _TYPE_AND_SERIAL.search(folded):
        return QueryCitation(
            doc_type=_DOCUMENT_TYPES[typed["type"]],
            serial=typed["serial"].lstrip("0"),
            year=typed["year"] or "",
            eid=eid,
        )
    return QueryCitation(eid=eid)


def _eid(units: re.Match[str]) -> str:
    parts = [f"art_{units['article']}"]
    if units["clause"]:
        parts.append(f"clause_{units['clause']}")
    if units["point"]:
        parts.append(f"point_{units['point']}")
    return "__".join(parts)
