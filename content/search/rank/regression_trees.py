"""Scores that were learnt from labelled questions: regression trees as tables. Learnt by bench/search_learn.py."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from content.search.rank import features

TREES_FILE = Path(__file__).parent / "trees.json"
MAX_LEAVES = 16  # of a tree: a bit for each


@dataclass(frozen=True)
class RegressionTrees:
    """Trees without walking them: between two thresholds a feature always shuts the same leaves, and one is left.

    `thresholds`: of each feature, rising. `open_leaves`: of each feature (thresholds + 1, trees), the bits of the
    leaves it leaves open. `values`: (trees * MOST_LEAVES).
    """

    thresholds: list
    open_leaves: list
    values: np.ndarray

    def scores(self, rows):
        """The sum of all trees for each row of the matrix."""
        trees = len(self.values) // MAX_LEAVES
        left = np.full((len(rows), trees), 0xFFFF, np.uint16)
        for column, thresholds, table in zip(rows.T, self.thresholds, self.open_leaves, strict=True):
            if len(thresholds):
                left &= table[np.searchsorted(thresholds, column)]
        return self.values[np.arange(trees) * MAX_LEAVES + _LEAF_OF_BIT[left]].sum(axis=1)


_LEAF_OF_BIT = np.zeros(1 << MAX_LEAVES, np.uint8)  # which one a single bit is
_LEAF_OF_BIT[1 << np.arange(MAX_LEAVES)] = np.arange(MAX_LEAVES)


@cache
def shipped_trees():
    """The Trees we were given. Raises ValueError where they were learnt from other features than ours."""
    kept = json.loads(TREES_FILE.read_text(encoding="utf-8"))
    if tuple(kept["names"]) != features.FEATURE_NAMES:
        raise ValueError(f"{TREES_FILE.name} was learnt from other features: run bench/search_learn.py")
    return trees_from_lists(kept["trees"])


def trees_from_lists(kept, columns=None):
    """Trees of [{feature, threshold, left, right, value}]: at a node one goes left where the feature is at most the
    threshold; a negative number there is a leaf, ~number its place. Raises ValueError where a tree has too many leaves.
    """
    if any(len(tree["value"]) > MAX_LEAVES for tree in kept):
        raise ValueError(f"A tree has more than {MAX_LEAVES} leaves.")
    splits = [set() for _ in range(columns or len(features.FEATURE_NAMES))]
    for tree in kept:
        for feature, threshold in zip(tree["feature"], tree["threshold"], strict=True):
            splits[feature].add(threshold)
    thresholds = [np.array(sorted(each), np.float32) for each in splits]
    whole = np.array([(1 << len(tree["value"])) - 1 for tree in kept], np.uint16)
    tables = [np.tile(whole, (len(each) + 1, 1)) for each in thresholds]
    values = np.zeros((len(kept), MAX_LEAVES), np.float32)
    for number, tree in enumerate(kept):
        values[number, : len(tree["value"])] = tree["value"]
        _close_leaves(tree, 0, [table[:, number] for table in tables], thresholds)
    return RegressionTrees(thresholds, tables, values.ravel())


def _close_leaves(tree, node, columns, thresholds):
    """Take from the columns of a tree the leaves that a feature shuts at this node and below. Returns its leaves."""
    if node < 0:
        return 1 << ~node
    left, right = (_close_leaves(tree, tree[side][node], columns, thresholds) for side in ("left", "right"))
    feature = tree["feature"][node]
    above = np.searchsorted(thresholds[feature], np.float32(tree["threshold"][node])) + 1
    columns[feature][above:] &= np.uint16(0xFFFF ^ left)
    columns[feature][:above] &= np.uint16(0xFFFF ^ right)
    return left | right
