"""What somebody typed, as search understands it: words, what they may mean, and an address that it may be."""

import re
from dataclasses import dataclass, field

from content.documents import numbers
from content.search import raw
from content.text import lexemes
from content.text.vietnamese import fold, nfc, one_spelling

ALIAS_WEIGHT = 0.5
MOST_WORDS = 60  # of a query; what comes after says no more about what is looked for
ALIASES = "SELECT said_key, said, meant FROM content_searchalias WHERE said_key = ANY(%s)"
_UNITS = re.compile(
    r"\b(?:(?:diem (?P<point>[a-z]{1,2}\d*)[ ,]+)?khoan (?P<clause>\d+[a-z]?)[ ,]+)?dieu (?P<article>\d+[a-z]{0,2})\b"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?/(?:\d{4}/)?[^\W\d_][\w&]*(?:[-/.][\w&]+)*", re.IGNORECASE)
_TYPED_NUMBER = re.compile(  # «nghi dinh 168», «thong tu so 15/2024», «nd 168»
    r"\b(?P<type>nghi dinh|thong tu lien tich|thong tu|luat|nghi quyet|quyet dinh|phap lenh|chi thi"
    r"|(?:nd|ttlt|tt|nq|qd|ct)(?= (?:so )?\d+[a-z]?(?:/\d{4})?$))"  # «ct 2 thành viên» is a company
    r" (?:so )?(?P<serial>\d+[a-z]?)(?:/(?P<year>\d{4}))?(?![\w/])"
)
_TYPES = {
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
class Address:
    """Which document, and which of its units, a query names. What it does not name is empty."""

    number_key: str = ""
    doc_type: str = ""  # of a document named by type and serial
    serial: str = ""
    year: str = ""
    eid: str = ""


@dataclass(frozen=True)
class Reading:
    """A query taken apart. `weights`: {word or bigram: 1, or ALIAS_WEIGHT of what an alias added}."""

    text: str  # NFC, one line
    words: list
    weights: dict
    aliases: list  # [(said, meant)]
    address: Address
    own: frozenset = field(default_factory=frozenset)  # the words and bigrams that were typed

    @property
    def marked(self):
        """The single words that are marked where they stand: typed or meant."""
        return {lexeme for lexeme in self.weights if "_" not in lexeme}


def read(text):
    """The Reading of what somebody typed. Never raises."""
    text = " ".join(nfc(text).split())
    spans = lexemes.spans(text)[:MOST_WORDS]
    words = [word for word, *_ in spans]
    weights = dict.fromkeys([*words, *lexemes.bigrams(words)], 1.0)
    own = frozenset(weights)
    found = _aliases(words, [text[start:end] for _, start, end in spans])
    for _said, meant in found:
        added = lexemes.words(meant)
        for lexeme in [*added, *lexemes.bigrams(added)]:
            weights.setdefault(lexeme, ALIAS_WEIGHT)
    return Reading(text, words, weights, found, _address(text), own)


def _aliases(words, typed):
    """[(said, one meaning)] of the aliases in these words; of two that overlap the longer counts."""
    runs = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + 7, len(words) + 1)):
            runs.setdefault(" ".join(words[start:end]), []).append(typed[start:end])
    known = raw.fetched(ALIASES, [list(runs)])
    rest, found = f" {' '.join(words)} ", []
    for key, said, meanings in sorted(known, key=lambda alias: (-len(alias[0]), alias[0])):
        if f" {key} " in rest and any(_may_say(run, said) for run in runs[key]):
            found += [(said, meant) for meant in meanings]
            rest = rest.replace(f" {key} ", " # ")
    return found


def _may_say(typed, said):
    """Whether words that fold alike are what is said: «vật» is no VAT, a word without accents may be any."""
    meant = [said[start:end] for _, start, end in lexemes.spans(said)]
    return all(
        word.isascii() or one_spelling(word.lower()) == one_spelling(own.lower())
        for word, own in zip(typed, meant, strict=False)
    )


def _address(text):
    folded = fold(text)
    units = _UNITS.search(folded)
    eid = _eid(units) if units else ""
    if number := _NUMBER.search(fold(text)):
        return Address(number_key=numbers.key(number[0]), eid=eid)
    if typed := _TYPED_NUMBER.search(folded):
        return Address(
            doc_type=_TYPES[typed["type"]], serial=typed["serial"].lstrip("0"), year=typed["year"] or "", eid=eid
        )
    return Address(eid=eid)


def _eid(units):
    parts = [f"art_{units['article']}"]
    if units["clause"]:
        parts.append(f"clause_{units['clause']}")
    if units["point"]:
        parts.append(f"point_{units['point']}")
    return "__".join(parts)
