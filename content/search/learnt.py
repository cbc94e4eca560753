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
    """Trees of nodes, all in one row: at a node one goes to `children[2 * node]` where the row's feature is at most the
    threshold, else to the next. A leaf leads to itself, and has a value.
    """

    roots: np.ndarray
    depth: int
    feature: np.ndarray
    threshold: np.ndarray
    children: np.ndarray
    value: np.ndarray

    def scores(self, rows):
        """The sum of all trees for each row of the matrix."""
        flat, start = rows.ravel(), (np.arange(len(rows), dtype=np.int32) * rows.shape[1])[:, None]
        node = np.repeat(self.roots[None], len(rows), axis=0)
        for _ in range(self.depth):
            goes_right = flat[start + self.feature[node]] > self.threshold[node]
            node = self.children[2 * node + goes_right]
        return self.value[node].sum(axis=1)


@cache
def trees():
    """The Trees we were given. Raises ValueError where they were learnt from other features than ours."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    if tuple(kept["names"]) != features.NAMES:
        raise ValueError(f"{FILE.name} was learnt from other features: run bench/search_learn.py")
    return from_lists(kept["trees"])


def from_lists(kept):
    """Trees of [{feature, threshold, left, right, value}]; a negative number there is a leaf, ~number its place."""
    roots, feature, threshold, children, value = [], [], [], [], []
    for tree in kept:
        root, inner = len(feature), len(tree["feature"])
        leaves = len(tree["value"])
        roots.append(root)
        feature += [*tree["feature"], *[0] * leaves]
        threshold += [*tree["threshold"], *[np.inf] * leaves]
        value += [*[0] * inner, *tree["value"]]
        for pair in zip(tree["left"], tree["right"], strict=True):
            children += [root + (node if node >= 0 else inner + ~node) for node in pair]
        children += [leaf for place in range(leaves) for leaf in [root + inner + place] * 2]
    return Trees(
        np.array(roots, np.int32),
        max(_depth(tree, 0) for tree in kept),
        np.array(feature, np.int32),
        np.array(threshold, np.float32),
        np.array(children, np.int32),
        np.array(value, np.float32),
    )


def _depth(tree, node):
    return 1 + max(_depth(tree, child) for child in (tree["left"][node], tree["right"][node])) if node >= 0 else 0
