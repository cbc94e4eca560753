"""Scores that were learnt from labelled questions: regression trees as tables. Learnt by bench/search_learn.py."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from content.search import features

FILE = Path(__file__).parent / "trees.json"
MOST_LEAVES = 16  # of a tree: a bit for each


@dataclass(frozen=True)
class Trees:
    """Trees without walking them: between two thresholds a feature always shuts the same leaves, and one is left.

    `thresholds`: of each feature, rising. `open_leaves`: of each feature (thresholds + 1, trees), the bits of the
    leaves it leaves open. `values`: (trees * MOST_LEAVES).
    """

    thresholds: list
    open_leaves: list
    values: np.ndarray

    def scores(self, rows):
        """The sum of all trees for each row of the matrix."""
        trees = len(self.values) // MOST_LEAVES
        left = np.full((len(rows), trees), 0xFFFF, np.uint16)
        for column, thresholds, table in zip(rows.T, self.thresholds, self.open_leaves, strict=True):
            if len(thresholds):
                left &= table[np.searchsorted(thresholds, column)]
        return self.values[np.arange(trees) * MOST_LEAVES + _LEAF[left]].sum(axis=1)


_LEAF = np.zeros(1 << MOST_LEAVES, np.uint8)  # which one a single bit is
_LEAF[1 << np.arange(MOST_LEAVES)] = np.arange(MOST_LEAVES)


@cache
def trees():
    """The Trees we were given. Raises ValueError where they were learnt from other features than ours."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    if tuple(kept["names"]) != features.NAMES:
        raise ValueError(f"{FILE.name} was learnt from other features: run bench/search_learn.py")
    return from_lists(kept["trees"])


def from_lists(kept, columns=None):
    """Trees of [{feature, threshold, left, right, value}]: at a node one goes left where the feature is at most the
    threshold; a negative number there is a leaf, ~number its place. Raises ValueError where a tree has too many leaves.
    """
    if any(len(tree["value"]) > MOST_LEAVES for tree in kept):
        raise ValueError(f"A tree has more than {MOST_LEAVES} leaves.")
    splits = [set() for _ in range(columns or len(features.NAMES))]
    for tree in kept:
        for feature, threshold in zip(tree["feature"], tree["threshold"], strict=True):
            splits[feature].add(threshold)
    thresholds = [np.array(sorted(each), np.float32) for each in splits]
    whole = np.array([(1 << len(tree["value"])) - 1 for tree in kept], np.uint16)
    tables = [np.tile(whole, (len(each) + 1, 1)) for each in thresholds]
    values = np.zeros((len(kept), MOST_LEAVES), np.float32)
    for number, tree in enumerate(kept):
        values[number, : len(tree["value"])] = tree["value"]
        _shut(tree, 0, [table[:, number] for table in tables], thresholds)
    return Trees(thresholds, tables, values.ravel())


def _shut(tree, node, columns, thresholds):
    """Take from the columns of a tree the leaves that a feature shuts at this node and below. Returns its leaves."""
    if node < 0:
        return 1 << ~node
    left, right = (_shut(tree, tree[side][node], columns, thresholds) for side in ("left", "right"))
    feature = tree["feature"][node]
    above = np.searchsorted(thresholds[feature], np.float32(tree["threshold"][node])) + 1
    columns[feature][above:] &= np.uint16(0xFFFF ^ left)
    columns[feature][:above] &= np.uint16(0xFFFF ^ right)
    return left | right
