"""A query as search understands it: its words, what they may mean, how rare they are, and the law it may cite."""

from dataclasses import dataclass
from functools import cached_property

from content.named_documents.queries import typed_words
from content.search.index.statistics import CorpusStatistics, corpus_statistics, term_frequencies
from content.spelling.telex_queries import read_telex
from content.synonyms.queries import FoundSynonym, synonyms_in
from content.text import lexemes
from content.typed_citations.documents import TypedCitation, typed_citation

SYNONYM_WEIGHT = 0.5


@dataclass(frozen=True)
class ParsedQuery:
    """A query taken apart, with what the last rebuild knows of its words. A lexeme is a word or a bigram."""

    text: str  # NFC, on one line
    words: list[str]  # folded, as typed; a word may occur twice
    shares: dict[str, float]  # {lexeme: 1 if typed, SYNONYM_WEIGHT if only a synonym added it}, those typed first
    synonyms: list[FoundSynonym]
    citation: TypedCitation
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
    text, spans = typed_words(read_telex(text, term_frequencies))
    words = [word for word, *_ in spans]
    synonyms = synonyms_in(spans, text)
    shares = dict.fromkeys([*words, *lexemes.bigrams(words)], 1.0)
    for synonym in synonyms:
        added = lexemes.words(synonym.meant)
        for lexeme in [*added, *lexemes.bigrams(added)]:
            shares.setdefault(lexeme, SYNONYM_WEIGHT)
    return ParsedQuery(
        text, words, shares, synonyms, typed_citation(text), corpus_statistics(), term_frequencies(shares)
    )
