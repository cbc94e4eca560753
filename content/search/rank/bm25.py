"""The second stage: how well each candidate answers the query, from the codes of its words. Pure numpy."""

from dataclasses import dataclass

import numpy as np

from content.text import lexemes

FIELD_WEIGHTS = np.array([1, 1, 3, 1], np.float32)  # lexemes.FIELDS: the title says most
K1, B = 0.9, 0.4


@dataclass(frozen=True)
class WordCounts:
    """Of each candidate and field: how often each word (`single`) and bigram (`double`) of the query stands there."""

    codes: np.ndarray  # all candidates one after the other, without the ends of fields
    row: np.ndarray  # of each code: which candidate
    field: np.ndarray  # and which field
    place: np.ndarray  # and which word of the query it is, -1: none
    pair: np.ndarray  # and which bigram of the query begins with it, -1: none
    lengths: np.ndarray  # (candidates, fields)
    single: np.ndarray  # (candidates, fields, words)
    double: np.ndarray  # (candidates, fields, bigrams)


def flat_codes(candidates):
    """(codes, row, field) of each word of the candidates, one after the other, without the ends of fields.

    None of them is without codes: each has as many ends as there are fields.
    """
    codes = np.frombuffer(b"".join(candidates), np.uint32)
    ends = np.flatnonzero(codes == lexemes.END_OF_FIELD)
    sizes = np.diff(ends, prepend=-1) - 1
    row, field = np.divmod(np.arange(len(ends), dtype=np.int32), len(lexemes.FIELDS))
    return codes[codes != lexemes.END_OF_FIELD], np.repeat(row, sizes), np.repeat(field, sizes)


def count_words(candidates, words, pairs):
    """Counts of these different words, and of pairs [(place, place)] of them, in the codes of the candidates."""
    codes, row, field = flat_codes(candidates)
    place = word_indexes(codes, words)
    shape = (len(candidates), len(lexemes.FIELDS))
    lengths = _tally(row * shape[1] + field, shape)
    hits = np.flatnonzero(place >= 0)
    single = _tally((row[hits] * shape[1] + field[hits]) * len(words) + place[hits], (*shape, len(words)))
    numbered = np.full((len(words) + 1, len(words) + 1), -1)
    for number, (one, other) in enumerate(pairs):
        numbered[one, other] = number
    first = hits[hits + 1 < len(codes)]
    first = first[(place[first + 1] >= 0) & (row[first] == row[first + 1]) & (field[first] == field[first + 1])]
    number = numbered[place[first], place[first + 1]]
    first, number = first[number >= 0], number[number >= 0]
    double = _tally((row[first] * shape[1] + field[first]) * len(pairs) + number, (*shape, len(pairs)))
    pair = np.full(len(codes), -1)
    pair[first] = number
    return WordCounts(codes, row, field, place, pair, lengths, single, double)


@dataclass(frozen=True)
class QueryWeights:
    """Inverse frequencies of the query's words and bigrams, and how much each counts (1, of an alias less)."""

    single: np.ndarray
    double: np.ndarray
    single_share: np.ndarray
    double_share: np.ndarray


def bm25_scores(counts, asked, mean_length, *, own=False):
    """BM25 over the fields together, the title counted three times; words and bigrams alike.

    `own`: without what aliases added.
    """
    slack = length_norm(counts.lengths @ FIELD_WEIGHTS, mean_length)[:, None]
    total = np.zeros(len(slack), np.float32)
    for tallies, weights in (
        (counts.single, asked.single * (asked.single_share == 1 if own else asked.single_share)),
        (counts.double, asked.double * (asked.double_share == 1 if own else asked.double_share)),
    ):
        tally = np.einsum("rfw,f->rw", tallies, FIELD_WEIGHTS)
        total += (tally / (tally + slack)) @ weights
    return total


def length_norm(length, mean_length):
    """What is added below the line of BM25: the longer a text, the less a word in it says."""
    return K1 * (1 - B + B * length / mean_length)


def word_indexes(codes, words):
    """Which of the words each code is, -1: none. Most codes are none, which half of a code tells in a small table."""
    places = np.full(len(codes), -1)
    wanted = np.array([lexemes.word_code(word) for word in words], np.uint32)
    if not len(wanted):
        return places
    likely = np.zeros(1 << 16, bool)
    likely[wanted & 0xFFFF] = True
    found = np.flatnonzero(likely[codes & 0xFFFF])
    order = np.argsort(wanted)
    near = np.minimum(np.searchsorted(wanted, codes[found], sorter=order), len(wanted) - 1)
    places[found] = np.where(wanted[order][near] == codes[found], order[near], -1)
    return places


def _tally(places, shape):
    return np.bincount(places, minlength=int(np.prod(shape))).reshape(shape).astype(np.float32)
