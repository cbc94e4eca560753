"""Learn the order of search results from labelled questions and write content/search/rank/word_trees.json.

    DATABASE_URL=… .venv/bin/python bench/search_training.py [--halves 0] [--rounds 250] [--scorecard]

LightGBM learns and is needed nowhere else. It learns from the labelled questions and, for the sake of short queries,
from words of titles. The same questions over the same corpus give the same file. --scorecard learns a sum of single
steps instead of trees: an order that a person can read line by line, and a worse one (bench/search_quality.py prints
both). Search reads either.
"""

import argparse
import json
import sys

import numpy as np
import search_corpus
import throwaway
from tqdm import tqdm

TRAINING = {
    "objective": "lambdarank",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "lambdarank_truncation_level": 20,
    "verbose": -1,
    "num_threads": 1,
    "max_bin": 63,
    "deterministic": True,
    "force_row_wise": True,
}
ROUNDS = 250
SEEDS = (7, 8, 9)  # as many trees of each; together they err less
TEACHING_CANDIDATES = 50  # of a question, the best by BM25
STUMPS = {"num_leaves": 2, "learning_rate": 0.1}  # of a scorecard
SHORT_WEIGHT = 0.5  # of a query made of a title; a question of somebody counts 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--halves", type=int, nargs="+", default=[0, 1], choices=[0, 1])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--scorecard", action="store_true", help="single steps instead of trees")
    options = parser.parse_args()
    throwaway.start()
    search_corpus.import_corpus()
    from content.search.rank import features, regression_trees

    pairs = [
        pair
        for path in search_corpus.TRAINING_SETS
        for pair in search_corpus.questions(path)
        if search_corpus.half(pair[0]) in options.halves
    ]
    groups = [group for group in (examples(*pair) for pair in tqdm(pairs, "questions", disable=None)) if group]
    short = short_examples()
    trees = learn(groups, short, rounds=options.rounds, **(STUMPS if options.scorecard else {}))
    trees = merge_stumps(trees, groups[0][0]) if options.scorecard else trees
    source = f"{len(groups)} questions, {len(short)} short queries"
    stored = {"learnt_from": source, "names": list(features.FEATURE_NAMES), "trees": trees}
    regression_trees.TREES_FILE.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{source}, {len(trees)} trees, {regression_trees.TREES_FILE.stat().st_size} bytes")


def short_examples():
    """As `examples`, of queries made from the titles of the corpus."""
    pairs = tqdm(search_corpus.short_queries(), "short queries", disable=None)
    return [group for group in (examples(*pair) for pair in pairs) if group]


def examples(question, gold):
    """(features of the candidates, which of them are right, their keys) of one question, asked on DAY_OF_LABELS.

    None without candidates.
    """
    from content.search import queries
    from content.search.match import parsed_query

    query = parsed_query.parse_query(question)
    key = (*query.words, *query.shares)  # all that ranks: typed without accents it is mostly the same
    if key not in POOLS:
        pool = queries.provision_pool(question, day=search_corpus.DAY_OF_LABELS)
        POOLS[key] = pool and (pool.features, keys_of(pool.candidates.ids))
    if POOLS[key] is None:
        return None
    rows, keys = POOLS[key]
    return rows, np.array([bool(each & gold) for each in keys]), keys


KEYS, POOLS = {}, {}


def keys_of(ids):
    """For each passage the set of (number, article): a document may have several numbers."""
    from content.passages.models import Passage

    if not KEYS:
        rows = Passage.objects.filter(provision__isnull=False)
        for pk, number, kind, article in rows.values_list(
            "pk", "document__number", "provision__kind", "provision__number"
        ).iterator(chunk_size=10_000):
            numbers = number.split(";")
            KEYS[pk] = {(search_corpus.key(each), article) for each in numbers} if kind == "article" else set()
    return [KEYS[pk] for pk in ids]


def learn(groups, short, *, rounds=ROUNDS, **other):
    """Trees of all seeds as regression_trees.TreeLists, learned from groups (rows, which are right, …)."""
    import lightgbm

    useful = [
        (*teaching_rows(*group[:2]), weight) for some, weight in ((groups, 1), (short, SHORT_WEIGHT)) for group in some
    ]
    useful = [each for each in useful if each[1].any()]
    rows, right = np.concatenate([rows for rows, *_ in useful]), np.concatenate([right for _, right, _ in useful])
    weights = np.concatenate([np.full(len(rows), weight) for rows, _, weight in useful])
    trees = []
    for seed in tqdm(SEEDS, "seeds", disable=None):
        data = lightgbm.Dataset(rows, right.astype(int), weight=weights, group=[len(rows) for rows, *_ in useful])
        model = lightgbm.train({**TRAINING, "seed": seed, **other}, data, rounds).dump_model()
        trees += [tree_as_lists(tree["tree_structure"]) for tree in model["tree_info"]]
    return trees


def merge_stumps(stumps, rows):
    """Add up stumps of the same feature and threshold. Raises ValueError where the sums score these rows otherwise."""
    from content.search.rank import regression_trees

    kept = {}
    for stump in stumps:
        place = stump["feature"][0], stump["threshold"][0]
        left, right = (stump["value"][~stump[side][0]] for side in ("left", "right"))
        before = kept.get(place, (0, 0))
        kept[place] = (before[0] + left, before[1] + right)
    steps = [
        {"feature": [feature], "threshold": [threshold], "left": [-1], "right": [-2], "value": [*values]}
        for (feature, threshold), values in sorted(kept.items())
    ]
    if not np.allclose(
        regression_trees.trees_from_lists(steps).scores(rows),
        regression_trees.trees_from_lists(stumps).scores(rows),
        atol=1e-3,
    ):
        raise ValueError("The scorecard does not score as the stumps it was made of.")
    return steps


def teaching_rows(rows, right):
    """The right candidates, the best by BM25, and every fourth of the rest, which teaches little."""
    from content.search.rank import features

    kept = right | (rows[:, features.FEATURE_NAMES.index("rank")] < TEACHING_CANDIDATES)
    kept[::4] = True
    return rows[kept], right[kept]


def tree_as_lists(root):
    """A tree of LightGBM as regression_trees.TreeLists. A tree of one leaf gets a node that changes nothing."""
    tree = {"feature": [], "threshold": [], "left": [], "right": [], "value": []}

    def put(node):
        if "leaf_value" in node:
            tree["value"].append(float(f"{node['leaf_value']:.5g}"))
            return ~(len(tree["value"]) - 1)
        place = len(tree["feature"])
        for name in ("feature", "threshold", "left", "right"):
            tree[name].append(0)
        tree["feature"][place] = node["split_feature"]
        tree["threshold"][place] = float(np.float32(node["threshold"]))
        tree["left"][place], tree["right"][place] = put(node["left_child"]), put(node["right_child"])
        return place

    if put(root) < 0:
        tree |= {"feature": [0], "threshold": [0.0], "left": [-1], "right": [-1]}
    return tree


if __name__ == "__main__":
    sys.exit(main())
