"""BM25 of candidates, and the word counts it is made of. Pure numpy.

In these modules «row» is the index of a candidate and «place» the index of a word among the words of the query.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from content.search.index.statistics import FIELD_WEIGHTS, length_norm
from content.search.match.parsed_query import ParsedQuery
from content.text import lexemes
from content.text.code_arrays import flat_codes, likely_places

Floats = NDArray[np.float32]
Ints = NDArray[Any]


@dataclass(frozen=True)
class WordCounts:
    """How often each word and bigram of the query occurs in each field of each candidate, and where.

    The first five arrays have one entry for each word of all candidates, one candidate after the other.
    """

    codes: NDArray[np.uint32]
    candidate_index: Ints
    field: Ints  # number of the field, see code_arrays
    word_index: Ints  # which word of the query it is, -1: none
    bigram_index: Ints  # which bigram of the query begins with it, -1: none
    lengths: Floats  # words, (candidates, fields)
    word_counts: Floats  # (candidates, fields, words)
    bigram_counts: Floats  # (candidates, fields, bigrams)


def count_words(texts: Sequence[bytes], words: Sequence[str], bigrams: Sequence[tuple[int, int]]) -> WordCounts:
    """Count words in texts. `texts`: codes of each candidate; `words`: different ones; `bigrams`: indexes of words."""
    codes, row, field = flat_codes(texts)
    place = word_indexes(codes, words)
    shape = (len(texts), len(lexemes.FIELDS))
    lengths = _tally(row * shape[1] + field, shape)
    hits = np.flatnonzero(place >= 0)
    word_counts = _tally((row[hits] * shape[1] + field[hits]) * len(words) + place[hits], (*shape, len(words)))
    numbered = np.full((len(words) + 1, len(words) + 1), -1)
    for index, (one, other) in enumerate(bigrams):
        numbered[one, other] = index
    first = hits[hits + 1 < len(codes)]
    first = first[(place[first + 1] >= 0) & (row[first] == row[first + 1]) & (field[first] == field[first + 1])]
    number = numbered[place[first], place[first + 1]]
    first, number = first[number >= 0], number[number >= 0]
    bigram_counts = _tally((row[first] * shape[1] + field[first]) * len(bigrams) + number, (*shape, len(bigrams)))
    bigram_index = np.full(len(codes), -1, np.int32)
    bigram_index[first] = number
    return WordCounts(codes, row, field, place, bigram_index, lengths, word_counts, bigram_counts)


class TypedWeights(NamedTuple):
    """Inverse frequencies of a query's words and bigrams, 0 of those that only a synonym added; and their sums."""

    words: Floats
    bigrams: Floats
    word_total: Any
    bigram_total: Any


@dataclass(frozen=True)
class QueryWeights:
    """Inverse frequencies of the words and bigrams of a query, and how much each counts: 1, of a synonym less."""

    words: Floats
    bigrams: Floats
    word_shares: Floats
    bigram_shares: Floats

    @classmethod
    def of_query(cls, query: ParsedQuery) -> "QueryWeights":
        words, bigrams = query.single_words, query.bigrams
        return cls(
            words=np.array([query.inverse_frequency(word) for word in words], np.float32),
            bigrams=np.array([query.inverse_frequency(bigram) for bigram in bigrams], np.float32),
            word_shares=np.array([query.shares[word] for word in words], np.float32),
            bigram_shares=np.array([query.shares[bigram] for bigram in bigrams], np.float32),
        )

    @cached_property
    def typed(self) -> TypedWeights:
        words = np.where(self.word_shares == 1, self.words, np.float32(0))
        bigrams = np.where(self.bigram_shares == 1, self.bigrams, np.float32(0))
        return TypedWeights(words, bigrams, max(words.sum(), 1e-6), max(bigrams.sum(), 1e-6))


def bm25_scores(
    counts: WordCounts, query_weights: QueryWeights, mean_length: float, *, without_synonyms: bool = False
) -> Floats:
    """BM25 of each candidate over all fields together, the title counted three times; words and bigrams alike."""
    if without_synonyms:
        words, bigrams = query_weights.typed.words, query_weights.typed.bigrams
    else:
        words = query_weights.words * query_weights.word_shares
        bigrams = query_weights.bigrams * query_weights.bigram_shares
    norm = length_norm(counts.lengths @ FIELD_WEIGHTS, mean_length)[:, None]
    total = np.zeros(len(norm), np.float32)
    for tallies, weights in ((counts.word_counts, words), (counts.bigram_counts, bigrams)):
        tally = np.einsum("rfw,f->rw", tallies, FIELD_WEIGHTS)
        total += (tally / (tally + norm)) @ weights
    return total


def word_indexes(codes: NDArray[np.uint32], words: Sequence[str]) -> Ints:
    """Of each code the index of its word among `words`, -1: none of them."""
    places = np.full(len(codes), -1, np.int32)  # half of the memory: a search has several arrays of this length
    wanted = np.array([lexemes.word_code(word) for word in words], np.uint32)
    if not len(wanted):
        return places
    found = likely_places(codes, wanted)
    order = np.argsort(wanted)
    near = np.minimum(np.searchsorted(wanted, codes[found], sorter=order), len(wanted) - 1)
    places[found] = np.where(wanted[order][near] == codes[found], order[near], -1)
    return places


def _tally(cells: Ints, shape: tuple[int, ...]) -> Floats:
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(np.float32)
