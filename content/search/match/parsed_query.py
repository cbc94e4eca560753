"""What somebody typed, as search understands it: words, what they may mean, and an address that it may be."""

import re
from dataclasses import dataclass, field

from content import sql
from content.law import official_numbers
from content.text import lexemes
from content.text.vietnamese import fold, nfc, one_spelling

SYNONYM_WEIGHT = 0.5
MAX_QUERY_WORDS = 60  # of a query; what comes after says no more about what is looked for
SELECT_SYNONYMS = "SELECT said_key, said, meant FROM content_synonym WHERE said_key = ANY(%s)"
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
    """A query taken apart. `weights`: {word or bigram: 1, or ALIAS_WEIGHT of what an alias added}."""

    text: str  # NFC, one line
    words: list
    weights: dict
    aliases: list  # [(said, meant)]
    address: QueryCitation
    own: frozenset = field(default_factory=frozenset)  # the words and bigrams that were typed

    @property
    def marked(self):
        """The single words that are marked where they stand: typed or meant."""
        return {lexeme for lexeme in self.weights if "_" not in lexeme}


def parse_query(text):
    """The Reading of what somebody typed. Never raises."""
    text = " ".join(nfc(text).split())
    spans = lexemes.word_spans(text)[:MAX_QUERY_WORDS]
    words = [word for word, *_ in spans]
    weights = dict.fromkeys([*words, *lexemes.bigrams(words)], 1.0)
    own = frozenset(weights)
    found = _synonyms_in(words, [text[start:end] for _, start, end in spans])
    for _said, meant in found:
        added = lexemes.words(meant)
        for lexeme in [*added, *lexemes.bigrams(added)]:
            weights.setdefault(lexeme, SYNONYM_WEIGHT)
    return ParsedQuery(text, words, weights, found, _citation_in(text), own)


def _synonyms_in(words, typed):
    """[(said, one meaning)] of the aliases in these words; of two that overlap the longer counts."""
    runs = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + 7, len(words) + 1)):
            runs.setdefault(" ".join(words[start:end]), []).append(typed[start:end])
    known = sql.fetch_rows(SELECT_SYNONYMS, [list(runs)])
    rest, found = f" {' '.join(words)} ", []
    for key, said, meanings in sorted(known, key=lambda alias: (-len(alias[0]), alias[0])):
        if f" {key} " in rest and any(_accents_allow(run, said) for run in runs[key]):
            found += [(said, meant) for meant in meanings]
            rest = rest.replace(f" {key} ", " # ")
    return found


def _accents_allow(typed, said):
    """Whether words that fold alike are what is said: «vật» is no VAT, a word without accents may be any."""
    meant = [said[start:end] for _, start, end in lexemes.word_spans(said)]
    return all(
        word.isascii() or one_spelling(word.lower()) == one_spelling(own.lower())
        for word, own in zip(typed, meant, strict=False)
    )


def _citation_in(text):
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


def _eid(units):
    parts = [f"art_{units['article']}"]
    if units["clause"]:
        parts.append(f"clause_{units['clause']}")
    if units["point"]:
        parts.append(f"point_{units['point']}")
    return "__".join(parts)
