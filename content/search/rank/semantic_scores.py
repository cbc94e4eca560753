"""Learnt scores that also know how like what was meant a candidate is (vectors.py); see bench/search_vectors.py."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from content.search.rank import features, regression_trees

TREES_FILE = Path(__file__).parent / "trees_with_meaning.json"
SIMILARITY_FEATURES = ("like", "like_rank", "like_behind")  # beside those of features.NAMES
WORD_TREES_SHARE = 0.3  # how much the trees count that know of words alone
MAX_UNKNOWN_SHARE = 0.1  # of the candidates: where more have no vector, words alone order all
UNKNOWN_RANK_PENALTY = 5
MIN_SPREAD = 0.005  # of likeness; among two hundred candidates it is .02 to .04


def learned_scores(rows, likeness):
    """Of each candidate, by its row of features.matrix and its likeness (nan: not known; None: of none)."""
    by_words = regression_trees.shipped_trees().scores(rows)
    if likeness is None or np.isnan(likeness).mean() > MAX_UNKNOWN_SHARE:
        return by_words
    columns, trees = _shipped_trees()
    return blend_scores(by_words, trees.scores(with_similarity_features(rows, likeness)[:, columns]))


def blend_scores(by_words, by_meaning):
    """Scores of both kinds of trees as one: with it little is lost, and questions of another kind gain."""
    return WORD_TREES_SHARE * by_words + (1 - WORD_TREES_SHARE) * by_meaning


def with_similarity_features(rows, likeness):
    """The rows with NAMES more: standard deviations above the mean of these candidates, rank, how far behind the best.

    What is not known is guessed. `rows`: those of features.matrix.
    """
    likeness = _with_guesses(likeness, _ranks(rows[:, features.FEATURE_NAMES.index("base")]))
    above = (likeness - likeness.mean()) / max(likeness.std(), MIN_SPREAD)
    return np.column_stack([rows, above, np.minimum(_ranks(above), 50), above.max() - above]).astype(np.float32)


def _with_guesses(likeness, places):
    """What is not known is taken to be as like as BM25 promises, BEHIND places further down.

    So it does no harm that a tenth is unknown; taken for the mean, what has no vector would hardly be found.
    """
    unknown = np.isnan(likeness)
    if not unknown.any():
        return likeness
    known = np.sort(likeness[~unknown])[::-1]
    at = (places[unknown] * len(known) / len(likeness)).astype(int) + UNKNOWN_RANK_PENALTY
    guessed = likeness.copy()
    guessed[unknown] = known[np.minimum(at, len(known) - 1)]
    return guessed


def _ranks(scores):
    places = np.empty(len(scores), int)
    places[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return places


@cache
def _shipped_trees():
    """(columns of `with_likeness` they look at, Trees). Raises ValueError where one of the features is gone."""
    kept = json.loads(TREES_FILE.read_text(encoding="utf-8"))
    known = (*features.FEATURE_NAMES, *SIMILARITY_FEATURES)
    if not set(kept["names"]) <= set(known):
        raise ValueError(f"{TREES_FILE.name} was learnt from other features: run bench/search_vectors.py --learn")
    return [known.index(name) for name in kept["names"]], regression_trees.trees_from_lists(
        kept["trees"], len(kept["names"])
    )
