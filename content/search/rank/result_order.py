"""From candidates to an order: the score of each; of one article in several acts the one in force first."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from content.search.rank import bm25, features, semantic_scores

MIN_TITLE_WORDS = 4  # words: a shorter title («Phạm vi điều chỉnh») tells no article from another
MIN_SHARED_WORDS = 0.5  # of the shorter text's different words


@dataclass(eq=False)  # each is itself: they are looked up in lists
class RankedCandidate:
    """One candidate: the id of its row, its score, and of its version in another act that was put before it the id."""

    pk: int
    score: float
    place: int  # among the candidates
    group: int | None = None


@dataclass(frozen=True)
class CandidatePool:
    """The candidates of one kind with what was counted in them."""

    candidates: object
    counts: bm25.WordCounts
    asked: bm25.QueryWeights
    words: list  # that were typed
    counted: object
    base: np.ndarray  # BM25
    likeness: np.ndarray | None = None  # to what was meant (vectors.py); nan: not known

    @cached_property
    def rows(self):
        """features.matrix"""
        own = bm25.bm25_scores(self.counts, self.asked, self.counted.mean_length, own=True)
        return features.feature_matrix(self.counts, self.asked, self.counted, self.words, self.base, own)


def candidate_pool(candidates, reading, counted, frequencies, meant=None):
    """The Pool of these candidates: all that scores are made of. `meant`: a vectors.Meant."""
    words = list(dict.fromkeys(lexeme for lexeme in reading.weights if "_" not in lexeme))
    places = {word: place for place, word in enumerate(words)}
    doubles = [lexeme for lexeme in reading.weights if "_" in lexeme]
    pairs = [tuple(places[word] for word in lexeme.split("_")) for lexeme in doubles]
    counts = bm25.count_words(candidates.codes, words, pairs)
    weight = {lexeme: counted.weight(frequencies.get(lexeme, 0)) for lexeme in reading.weights}
    asked = bm25.QueryWeights(
        single=np.array([weight[word] for word in words], np.float32),
        double=np.array([weight[lexeme] for lexeme in doubles], np.float32),
        single_share=np.array([reading.weights[word] for word in words], np.float32),
        double_share=np.array([reading.weights[lexeme] for lexeme in doubles], np.float32),
    )
    base = bm25.bm25_scores(counts, asked, counted.mean_length)
    likeness = meant and meant.of(candidates.ids)
    return CandidatePool(candidates, counts, asked, reading.words, counted, base, likeness)


def rank_candidates(pool, *, learnt_scores):
    """[Ranked], best first. Learnt scores order provisions; what is shown as the score is BM25 in that order, so that
    it can be compared with that of other kinds. Without them BM25 counts as far as a name is covered by the query.
    """
    if learnt_scores:
        order = _descending_order(semantic_scores.learned_scores(pool.rows, pool.likeness), pool.candidates.ids)
        shown = np.sort(pool.base)[::-1]
    else:
        title_covered, query_covered = features.name_coverage(pool.counts, pool.asked, pool.counted)
        scores = pool.base * title_covered * query_covered
        order = _descending_order(scores, pool.candidates.ids)
        shown = scores[order]
    ids = pool.candidates.ids
    return [
        RankedCandidate(ids[place], score, place) for place, score in zip(order.tolist(), shown.tolist(), strict=True)
    ]


def _descending_order(scores, ids):
    return np.lexsort((ids, -scores))


def same_article_groups(ranked, counts, documents):
    """Lists of Ranked that are one article in several acts; `documents`: {pk: id of the document}. Best first."""
    starts = np.searchsorted(counts.row, np.arange(len(counts.lengths) + 1, dtype=counts.row.dtype))
    titles = {}
    for each in ranked:
        title = _field_codes(counts, starts, each.place, field=2)
        if len(title) >= MIN_TITLE_WORDS:
            titles.setdefault(title.tobytes(), []).append(each)
    for group in (group for group in titles.values() if len(group) > 1):
        first = np.unique(_field_codes(counts, starts, group[0].place, field=3))
        members, seen = [group[0]], {documents[group[0].pk]}
        for each in group[1:]:
            if documents[each.pk] in seen:
                continue
            body = np.unique(_field_codes(counts, starts, each.place, field=3))
            shared = len(np.intersect1d(first, body, assume_unique=True)) / max(min(len(first), len(body)), 1)
            if shared >= MIN_SHARED_WORDS:
                members.append(each)
                seen.add(documents[each.pk])
        if len(members) > 1:
            yield members


def put_first_in_group(ranked, group, first):
    """Members of the group change places among themselves: those whose pk is in `first` first. Returns the order."""
    places = sorted(ranked.index(each) for each in group)
    moved = sorted(group, key=lambda each: each.pk not in first)  # stable: otherwise as scored
    ordered = list(ranked)
    for place, each in zip(places, moved, strict=True):
        ordered[place] = each
        each.group = None if each is moved[0] else moved[0].pk
    return ordered


def _field_codes(counts, starts, place, field):
    own = slice(starts[place], starts[place + 1])
    return counts.codes[own][counts.field[own] == field]
