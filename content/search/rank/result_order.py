"""The second stage of a search: score the candidates, order them, and find one article among several acts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.search.match.candidates import Candidates
from content.search.match.parsed_query import ParsedQuery
from content.search.rank.bm25 import Floats, QueryWeights, WordCounts, bm25_scores, count_words
from content.search.rank.features import feature_matrix, name_coverage
from content.search.rank.semantic_scores import learned_scores
from content.text.code_arrays import BODY, TITLE

MIN_TITLE_WORDS = 4  # a shorter title («Phạm vi điều chỉnh») identifies no article
MIN_SHARED_WORDS = 0.5  # of the different words of the shorter text


@dataclass(eq=False)  # each is itself: lists are searched for them
class RankedCandidate:
    """A candidate with its score. `preferred_pk`: id of the same article in another act that is listed before it."""

    pk: int
    score: float
    candidate_index: int
    preferred_pk: int | None = None


@dataclass(frozen=True)
class CandidatePool:
    """The candidates of one kind with all that their scores are made of. Arrays are in the order of candidates."""

    candidates: Candidates
    query: ParsedQuery
    counts: WordCounts
    query_weights: QueryWeights
    bm25: Floats
    similarity: NDArray[Any] | None = None  # in meaning; nan: that candidate has no vector

    @cached_property
    def features(self) -> Floats:
        """(candidates, features.FEATURE_NAMES)."""
        mean_length = self.query.statistics.mean_length
        own = bm25_scores(self.counts, self.query_weights, mean_length, without_synonyms=True)
        return feature_matrix(self.counts, self.query_weights, self.query, self.bm25, own)

    def name_coverage(self) -> tuple[Floats, Floats]:
        """See features.name_coverage."""
        return name_coverage(self.counts, self.query_weights, self.query)


def candidate_pool(candidates: Candidates, query: ParsedQuery, similarity: NDArray[Any] | None = None) -> CandidatePool:
    """Count the words of the query in these candidates."""
    index_of = {word: index for index, word in enumerate(query.single_words)}
    bigrams = [(index_of[first], index_of[second]) for first, second in (each.split("_") for each in query.bigrams)]
    counts = count_words(candidates.codes, query.single_words, bigrams)
    query_weights = QueryWeights.of_query(query)
    bm25 = bm25_scores(counts, query_weights, query.statistics.mean_length)
    return CandidatePool(candidates, query, counts, query_weights, bm25, similarity)


def rank_candidates(pool: CandidatePool, *, use_trees: bool) -> list[RankedCandidate]:
    """The candidates, best first. With `use_trees` the learned trees order them, otherwise BM25 times name coverage.

    The score shown with trees is BM25, sorted into their order, so that it compares with the scores of other kinds.
    """
    ids = pool.candidates.ids
    if use_trees:
        order = _descending_order(learned_scores(pool.features, pool.similarity), ids)
        shown = np.sort(pool.bm25)[::-1]
    else:
        title_covered, query_covered = pool.name_coverage()
        scores = pool.bm25 * title_covered * query_covered
        order = _descending_order(scores, ids)
        shown = scores[order]
    return [
        RankedCandidate(ids[index], score, index) for index, score in zip(order.tolist(), shown.tolist(), strict=True)
    ]


def _descending_order(scores: NDArray[Any], ids: list[int]) -> NDArray[np.int64]:
    """Indexes by score, the highest first; ties by id."""
    return np.lexsort((np.asarray(ids), -scores))


def same_article_groups(
    ranked: list[RankedCandidate], counts: WordCounts, documents: Mapping[int, int]
) -> Iterator[list[RankedCandidate]]:
    """Groups that are one article in several acts, best first. `documents`: {id of the candidate: its document}.

    They have the same title, of MIN_TITLE_WORDS or more, and share MIN_SHARED_WORDS of their words with the best.
    """
    starts = np.searchsorted(
        counts.candidate_index, np.arange(len(counts.lengths) + 1, dtype=counts.candidate_index.dtype)
    )
    by_title: dict[bytes, list[RankedCandidate]] = {}
    for each in ranked:
        title = _field_codes(counts, starts, each, TITLE)
        if len(title) >= MIN_TITLE_WORDS:
            by_title.setdefault(title.tobytes(), []).append(each)
    for group in (group for group in by_title.values() if len(group) > 1):
        first = np.unique(_field_codes(counts, starts, group[0], BODY))
        members, seen = [group[0]], {documents[group[0].pk]}
        for each in group[1:]:
            if documents[each.pk] in seen:
                continue
            body = np.unique(_field_codes(counts, starts, each, BODY))
            shared = len(np.intersect1d(first, body, assume_unique=True)) / max(min(len(first), len(body)), 1)
            if shared >= MIN_SHARED_WORDS:
                members.append(each)
                seen.add(documents[each.pk])
        if len(members) > 1:
            yield members


def put_first_in_group(
    ranked: list[RankedCandidate], group: list[RankedCandidate], first: Collection[int]
) -> list[RankedCandidate]:
    """Reorder the members of a group among the places they have: those with ids in `first` first, then as scored."""
    places = sorted(ranked.index(each) for each in group)
    moved = sorted(group, key=lambda each: each.pk not in first)  # stable
    ordered = list(ranked)
    for place, each in zip(places, moved, strict=True):
        ordered[place] = each
        each.preferred_pk = None if each is moved[0] else moved[0].pk
    return ordered


def _field_codes(
    counts: WordCounts, starts: NDArray[np.int64], candidate: RankedCandidate, field: int
) -> NDArray[np.uint32]:
    own = slice(starts[candidate.candidate_index], starts[candidate.candidate_index + 1])
    codes: NDArray[np.uint32] = counts.codes[own][counts.field[own] == field]
    return codes
