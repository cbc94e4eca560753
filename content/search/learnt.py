"""Scores that were learnt from labelled questions: regression trees as arrays. Learnt by bench/search_learn.py."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from content.search import features

FILE = Path(__file__).parent / "trees.json"


@dataclass(frozen=True)
class Trees:
    """Trees of nodes: at node n a row goes to `left` where its feature is at most the threshold, else to `right`.

    A negative number there is a leaf, ~number its place among the values. Shapes (trees, nodes), (trees, leaves).
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray

    def scores(self, rows):
        """The sum of all trees for each row of the matrix."""
        tree = np.arange(len(self.feature))
        node = np.zeros((len(rows), len(tree)), np.int32)
        own = np.arange(len(rows))[:, None]
        while (inner := node >= 0).any():
            place = np.maximum(node, 0)
            goes_left = rows[own, self.feature[tree, place]] <= self.threshold[tree, place]
            node = np.where(inner, np.where(goes_left, self.left[tree, place], self.right[tree, place]), node)
        return self.value[tree, ~node].sum(axis=1)


@cache
def trees():
    """The Trees we were given. Raises ValueError where they were learnt from other features than ours."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    if tuple(kept["names"]) != features.NAMES:
        raise ValueError(f"{FILE.name} was learnt from other features: run bench/search_learn.py")
    return from_lists(kept["trees"])


def from_lists(kept):
    """Trees of [{feature, threshold, left, right, value}], shorter ones filled up."""
    inner = max(len(tree["feature"]) for tree in kept)
    leaves = max(len(tree["value"]) for tree in kept)

    def table(name, width, kind):
        return np.array([tree[name] + [0] * (width - len(tree[name])) for tree in kept], kind)

    return Trees(
        table("feature", inner, np.int32),
        table("threshold", inner, np.float32),
        table("left", inner, np.int32),
        table("right", inner, np.int32),
        table("value", leaves, np.float32),
    )
