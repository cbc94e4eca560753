"""Scores learned from labelled questions by bench/search_training.py: regression trees evaluated as tables."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from content.search.rank import features

TREES_FILE = Path(__file__).parent / "word_trees.json"
MAX_LEAVES = 16  # of a tree: a bit for each
ROWS_AT_ONCE = 32  # whose leaves are looked up together: of all rows the indexes alone would take 1.5 MiB


class TreeLists(TypedDict):
    """One tree in a JSON file. At a node, go left where the feature is at most the threshold.

    A negative `left` or `right` is a leaf: ~number is its index in `value`.
    """

    feature: list[int]
    threshold: list[float]
    left: list[int]
    right: list[int]
    value: list[float]


@dataclass(frozen=True)
class RegressionTrees:
    """Trees evaluated without walking them.

    Between two neighbouring thresholds a feature always closes the same leaves of a tree. Of each tree the leaves that
    no feature closes are left: exactly one.
    """

    thresholds: list[NDArray[np.float32]]  # of each feature, rising
    open_leaves: list[NDArray[np.uint16]]  # of each feature (thresholds + 1, trees): bits of the leaves left open
    values: NDArray[np.float32]  # (trees * MAX_LEAVES)

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sum of all trees for each row of features."""
        trees = len(self.values) // MAX_LEAVES
        left = np.full((len(rows), trees), 0xFFFF, np.uint16)
        for column, thresholds, table in zip(rows.T, self.thresholds, self.open_leaves, strict=True):
            if len(thresholds):
                left &= table[np.searchsorted(thresholds, column)]
        first_leaves = np.arange(trees) * MAX_LEAVES
        parts = np.array_split(left, len(left) // ROWS_AT_ONCE + 1)
        return np.concatenate([self.values[first_leaves + _LEAF_OF_BIT[part]].sum(axis=1) for part in parts])


_LEAF_OF_BIT = np.zeros(1 << MAX_LEAVES, np.uint8)  # the index of a single bit
_LEAF_OF_BIT[1 << np.arange(MAX_LEAVES)] = np.arange(MAX_LEAVES)


@cache
def shipped_trees() -> RegressionTrees:
    """The trees in word_trees.json. Raises ValueError where they were learned from features other than ours."""
    stored = json.loads(TREES_FILE.read_text(encoding="utf-8"))
    if tuple(stored["names"]) != features.FEATURE_NAMES:
        raise ValueError(f"{TREES_FILE.name} was learned from other features. Run bench/search_training.py.")
    return trees_from_lists(stored["trees"])


def trees_from_lists(trees: Sequence[TreeLists], columns: int | None = None) -> RegressionTrees:
    """Build the tables of trees over so many features (those of FEATURE_NAMES).

    Raises ValueError where a tree has more than MAX_LEAVES leaves.
    """
    if any(len(tree["value"]) > MAX_LEAVES for tree in trees):
        raise ValueError(f"A tree has more than {MAX_LEAVES} leaves.")
    splits: list[set[float]] = [set() for _ in range(columns or len(features.FEATURE_NAMES))]
    for tree in trees:
        for feature, threshold in zip(tree["feature"], tree["threshold"], strict=True):
            splits[feature].add(threshold)
    thresholds = [np.array(sorted(each), np.float32) for each in splits]
    whole = np.array([(1 << len(tree["value"])) - 1 for tree in trees], np.uint16)
    tables = [np.tile(whole, (len(each) + 1, 1)) for each in thresholds]
    values = np.zeros((len(trees), MAX_LEAVES), np.float32)
    for number, tree in enumerate(trees):
        values[number, : len(tree["value"])] = tree["value"]
        _close_leaves(tree, 0, [table[:, number] for table in tables], thresholds)
    return RegressionTrees(thresholds, tables, values.ravel())


def _close_leaves(
    tree: TreeLists,
    node: int,
    columns: Sequence[NDArray[np.uint16]],
    thresholds: Sequence[NDArray[np.float32]],
) -> int:
    """Clear in `columns` (one tree's) the leaves that features close at this node and below. Returns its leaves."""
    if node < 0:
        return 1 << ~node
    left = _close_leaves(tree, tree["left"][node], columns, thresholds)
    right = _close_leaves(tree, tree["right"][node], columns, thresholds)
    feature = tree["feature"][node]
    above = np.searchsorted(thresholds[feature], np.float32(tree["threshold"][node])) + 1
    columns[feature][above:] &= np.uint16(0xFFFF ^ left)
    columns[feature][:above] &= np.uint16(0xFFFF ^ right)
    return left | right
