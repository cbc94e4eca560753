"""What somebody typed, as search understands it: words, what they may mean, and an address that it may be."""

from dataclasses import dataclass, field

from content import sql
from content.law.document_references import QueryCitation, citation_in_query
from content.text import lexemes
from content.text.vietnamese import nfc, one_spelling

SYNONYM_WEIGHT = 0.5
MAX_QUERY_WORDS = 60  # of a query; what comes after says no more about what is looked for
SELECT_SYNONYMS = "SELECT said_key, said, meant FROM content_synonym WHERE said_key = ANY(%s)"


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
    return ParsedQuery(text, words, weights, found, citation_in_query(text), own)


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
