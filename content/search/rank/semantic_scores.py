"""Learned scores that also use the similarity in meaning, where vectors exist. bench/search_vectors.py learns them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.search.rank import features, regression_trees
from content.search.rank.bm25 import Floats

TREES_FILE = Path(__file__).parent / "similarity_trees.json"
SIMILARITY_FEATURES = ("like", "like_rank", "like_behind")  # after features.FEATURE_NAMES; the trees know these names
WORD_TREES_SHARE = 0.3  # of a score; the rest is of the trees that know similarities
MAX_UNKNOWN_SHARE = 0.1  # where more candidates have no vector, word trees alone decide
UNKNOWN_RANK_PENALTY = 5
MIN_SPREAD = 0.005  # of similarities; among two hundred candidates it is .02 to .04


def learned_scores(rows: Floats, similarity: NDArray[Any] | None) -> Floats:
    """The score of each candidate, from its row of features and its similarity (nan: unknown; None: no vectors)."""
    by_words = regression_trees.shipped_trees().scores(rows)
    if similarity is None or np.isnan(similarity).mean() > MAX_UNKNOWN_SHARE:
        return by_words
    columns, trees = _shipped_trees()
    return blend_scores(by_words, trees.scores(with_similarity_features(rows, similarity)[:, columns]))


def blend_scores(by_words: Floats, by_meaning: Floats) -> Floats:
    """Weighted sum of both kinds of trees. It loses little on the questions learned from, and gains on others."""
    return WORD_TREES_SHARE * by_words + (1 - WORD_TREES_SHARE) * by_meaning


def with_similarity_features(
    rows: Floats, similarity: NDArray[Any], rank_penalty: int = UNKNOWN_RANK_PENALTY
) -> Floats:
    """The rows with SIMILARITY_FEATURES appended; unknown similarities (nan) are guessed.

    They are: standard deviations above the mean of these candidates, rank, and distance from the best in the same
    unit. `rows`: those of features.feature_matrix, or at least its first column.
    """
    similarity = _with_guesses(similarity, _ranks(rows[:, features.FEATURE_NAMES.index("base")]), rank_penalty)
    above = (similarity - similarity.mean()) / max(similarity.std(), MIN_SPREAD)
    return np.column_stack([rows, above, np.minimum(_ranks(above), 50), above.max() - above]).astype(np.float32)


def _with_guesses(similarity: NDArray[Any], ranks: NDArray[np.int64], rank_penalty: int) -> NDArray[Any]:
    """Replace unknown similarities by that of the candidate with the same rank by words, `rank_penalty` lower.

    So a tenth may be unknown without harm. With the mean in their place they would hardly be found.
    """
    unknown = np.isnan(similarity)
    if not unknown.any():
        return similarity
    known = np.sort(similarity[~unknown])[::-1]
    at = (ranks[unknown] * len(known) / len(similarity)).astype(int) + rank_penalty
    guessed = similarity.copy()
    guessed[unknown] = known[np.minimum(at, len(known) - 1)]
    return guessed


def _ranks(scores: NDArray[Any]) -> NDArray[np.int64]:
    ranks = np.empty(len(scores), int)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return ranks


@cache
def _shipped_trees() -> tuple[list[int], regression_trees.RegressionTrees]:
    """(columns of `with_similarity_features` they use, trees). Raises ValueError where a feature of theirs is gone."""
    stored = json.loads(TREES_FILE.read_text(encoding="utf-8"))
    known = (*features.FEATURE_NAMES, *SIMILARITY_FEATURES)
    if not set(stored["names"]) <= set(known):
        raise ValueError(f"{TREES_FILE.name} was learned from other features. Run bench/search_vectors.py --learn.")
    columns = [known.index(name) for name in stored["names"]]
    return columns, regression_trees.trees_from_lists(stored["trees"], len(columns))
