"""Learnt scores that also know how like what was meant a candidate is (vectors.py); see bench/search_vectors.py."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from content.search import features, learnt

FILE = Path(__file__).parent / "trees_with_meaning.json"
NAMES = ("like", "like_rank", "like_behind")  # beside those of features.NAMES
WORDS = 0.3  # how much the trees count that know of words alone
MOST_UNKNOWN = 0.1  # of the candidates: where more have no vector, words alone order all
BEHIND = 5
LEAST_SPREAD = 0.005  # of likeness; among two hundred candidates it is .02 to .04


def scores(rows, likeness):
    """Of each candidate, by its row of features.matrix and its likeness (nan: not known; None: of none)."""
    by_words = learnt.trees().scores(rows)
    if likeness is None or np.isnan(likeness).mean() > MOST_UNKNOWN:
        return by_words
    columns, trees = _trees()
    return together(by_words, trees.scores(with_likeness(rows, likeness)[:, columns]))


def together(by_words, by_meaning):
    """Scores of both kinds of trees as one: with it little is lost, and questions of another kind gain."""
    return WORDS * by_words + (1 - WORDS) * by_meaning


def with_likeness(rows, likeness):
    """The rows with NAMES more: standard deviations above the mean of these candidates, rank, how far behind the best.

    What is not known is guessed. `rows`: those of features.matrix.
    """
    likeness = _guessed(likeness, _places(rows[:, features.NAMES.index("base")]))
    above = (likeness - likeness.mean()) / max(likeness.std(), LEAST_SPREAD)
    return np.column_stack([rows, above, np.minimum(_places(above), 50), above.max() - above]).astype(np.float32)


def _guessed(likeness, places):
    """What is not known is taken to be as like as BM25 promises, BEHIND places further down.

    So it does no harm that a tenth is unknown; taken for the mean, what has no vector would hardly be found.
    """
    unknown = np.isnan(likeness)
    if not unknown.any():
        return likeness
    known = np.sort(likeness[~unknown])[::-1]
    at = (places[unknown] * len(known) / len(likeness)).astype(int) + BEHIND
    guessed = likeness.copy()
    guessed[unknown] = known[np.minimum(at, len(known) - 1)]
    return guessed


def _places(scores):
    places = np.empty(len(scores), int)
    places[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return places


@cache
def _trees():
    """(columns of `with_likeness` they look at, Trees). Raises ValueError where one of the features is gone."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    known = (*features.NAMES, *NAMES)
    if not set(kept["names"]) <= set(known):
        raise ValueError(f"{FILE.name} was learnt from other features: run bench/search_vectors.py --learn")
    return [known.index(name) for name in kept["names"]], learnt.from_lists(kept["trees"], len(kept["names"]))
