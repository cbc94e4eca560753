"""Measure how well search finds the articles people asked about, beside BM25 over syllables and over bigrams.

    DATABASE_URL=… .venv/bin/python bench/search_quality.py [--questions FILE…] [--api URL]

The corpus is the codification and the full laws of ../shared/data, imported by our own importer: about 20 minutes where
DATABASE_URL names no database that has it. Trees are measured on questions they were not learned from: five parts, each
ordered by trees learned from the other four, and two halves, each by trees learned from the other one. Questions that
are never learned from (ALQAC, a file of yours) are ordered by trees learned from all training questions. With --api a
running server answers with the trees it ships. Labelled questions are asked as of search_corpus.DAY_OF_LABELS: what was
repealed after they were labelled is not found today. Those of lay people are asked as of today.

A version-aware hit is the right article, or the same article of another act (result_order.same_article_groups). «By its
text too» also accepts an article that shares half of its runs of five words. Queries of lay people (lay_terms.tsv) are
answered as shipped; one is found if a right article is among the first five. Exits with 1 where the first file's R@10
is below .945 or its MRR@10 below .83.
"""

import argparse
import hashlib
import json
import re
import sys
import time
import urllib.parse
import urllib.request

import numpy as np
import same_articles
import search_corpus
import search_training
import throwaway
from tqdm import tqdm

LEAST = {"R@10": 0.945, "MRR@10": 0.83}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = list(search_corpus.SETS.values())
    parser.add_argument("--questions", nargs="+", default=default, metavar="FILE")
    parser.add_argument("--api", metavar="URL", help="ask a running server instead, e.g. http://127.0.0.1:8000")
    parser.add_argument("--no-anchors", action="store_true", help="without BM25 over syllables and bigrams (minutes)")
    options = parser.parse_args()
    files = [search_corpus.questions(path) for path in options.questions]
    if options.api:
        answers = {bare: [over_http(options.api, pairs, bare=bare) for pairs in files] for bare in (False, True)}
        for pairs, accented, plain in zip(files, answers[False], answers[True], strict=True):
            print_figures("the server", accented, pairs)
            print_figures("the server, no accents", plain, pairs)
        print_lay_terms(
            lambda text: over_http(options.api, [(text, set())], bare=False, day=None, size=5, is_printed=False)[0]
        )
        return exit_code(files[0], answers[False][0], answers[True][0])
    throwaway.start()
    search_corpus.import_corpus()
    from content.search.rank import features

    everything = [pair for pairs in files for pair in pairs]
    pools = [search_training.examples(*pair) for pair in tqdm(everything, "candidates", disable=None)]
    plain = [
        search_training.examples(search_corpus.without_accents(text), gold)
        for text, gold in tqdm(everything, "without accents", disable=None)
    ]
    scores = scores_of_other_parts(everything, pools, plain)
    beside = {} if options.no_anchors else anchors(everything)
    first = None
    start = 0
    for path, pairs in zip(options.questions, files, strict=True):
        part = slice(start, start + len(pairs))
        start += len(pairs)
        golds = [gold for _, gold in pairs]
        reached = [bool(set().union(*pool[2]) & gold) for pool, gold in zip(pools[part], golds, strict=True) if pool]
        print(f"{path}: {len(pairs)} questions, of {sum(reached)} a right article is among the candidates")
        print_figures(
            "BM25F over the candidates",
            [ordered(pool, pool and pool[0][:, features.FEATURE_NAMES.index("base")]) for pool in pools[part]],
            pairs,
        )
        for name, model in scores.items():
            ranked, bare = (
                [ordered(*each) for each in zip(kept[part], model[is_bare][part], strict=True)]
                for is_bare, kept in ((False, pools), (True, plain))
            )
            print_figures(name, ranked, pairs)
            print_figures(f"{name}, no accents", bare, pairs)
            same = sum(one == other for one, other in zip(ranked, bare, strict=True))
            print(f"  the same order without accents: {same} of {len(pairs)}")
        if first is None:
            first = (pairs, ranked, bare)
        for name, found in beside.items():
            print_figures(name, found[part], pairs)
    print_lay_terms(first_five)
    return exit_code(*first)


def scores_of_other_parts(pairs, pools, plain):
    """{model: {without accents?: scores of each question's candidates}}, by trees learned from the other parts."""
    from content.search.rank import regression_trees

    teaching = [pair for name in search_corpus.TRAINING_SETS for pair in search_corpus.questions(name)]
    training = {text for text, _ in teaching}
    taught = [(text, search_training.examples(text, gold)) for text, gold in tqdm(teaching, "training", disable=None)]
    short = search_training.short_examples()
    scores = {}
    for name, (part_of, other) in MODELS.items():
        scores[name] = {False: [None] * len(pairs), True: [None] * len(pairs)}
        part = [part_of(text) if text in training else None for text, _ in pairs]
        for own in set(part):
            groups = [group for text, group in taught if group and part_of(text) != own]
            trees = regression_trees.trees_from_lists(search_training.learn(groups, short, **other))
            for index in (index for index, each in enumerate(part) if each == own):
                for bare, kept in ((False, pools), (True, plain)):
                    scores[name][bare][index] = trees.scores(kept[index][0]) if kept[index] else None
    return scores


def fifth(text):
    return hashlib.md5(search_corpus.without_accents(text).lower().encode()).digest()[0] % 5  # noqa: S324


MODELS = {  # {name: (how questions are split into parts, options of learning)}; the last one is shipped
    "scorecard (stumps)": (fifth, search_training.STUMPS),
    "trees learnt from the other half": (search_corpus.half, {}),
    "trees (LambdaMART)": (fifth, {}),
}


def ordered(pool, scores):
    """The keys of the first fifty candidates, best first."""
    if pool is None:
        return []
    return [frozenset(pool[2][place]) for place in np.lexsort((np.arange(len(scores)), -scores))[:50]]


def print_figures(name, ranked, pairs):
    print(f"  {name:34} {line(measure(ranked, pairs))}")
    for half in (0, 1):
        own = [index for index, (text, _) in enumerate(pairs) if search_corpus.half(text) == half]
        figures = measure([ranked[index] for index in own], [pairs[index] for index in own])
        print(f"    {'kept aside' if half else 'looked at':12} n={len(own):4} {line(figures)}")
    tests = (
        ("right", lambda right, key: False),
        ("version-aware", same_articles.is_alike),
        (
            "by its text too",
            lambda right, key: same_articles.is_alike(right, key) or same_articles.says_the_same(right, key),
        ),
    )
    for label, is_same in tests:
        found = hits(ranked, pairs, is_same)
        print(f"    {label:16} hit@1 {found[:, 0].mean():.4f} hit@10 {found.any(axis=1).mean():.4f}")


def hits(ranked, pairs, is_same):
    """(questions, 10): whether a result is right, or `is_same` accepts its first key for a right one."""
    found = np.zeros((len(pairs), 10), bool)
    for number, (results, (_, gold)) in enumerate(zip(ranked, pairs, strict=True)):
        for place, keys in enumerate(results[:10]):
            found[number, place] = bool(keys & gold) or any(
                is_same(right, key) for right in sorted(gold) for key in sorted(keys)[:1]
            )
    return found


def print_lay_terms(ask):
    """Print how many queries of lay people are answered. `ask(text)`: the keys of the first results."""
    pairs = search_corpus.lay_terms()
    print(f"{search_corpus.LAY_TERMS.name}: {len(pairs)} queries of lay people, as shipped")
    found = [any(keys & gold for keys in ask(text)[:5]) for text, gold in pairs]
    for half in (0, 1):
        own = [found[index] for index, (text, _) in enumerate(pairs) if search_corpus.half(text) == half]
        print(f"    {'kept aside' if half else 'looked at':12} n={len(own):4} in the first five {np.mean(own):.4f}")
    print(f"    both         n={len(found):4} in the first five {np.mean(found):.4f}")


def first_five(text):
    """The keys of the first five provisions the product answers with today."""
    from content import vietnam_time
    from content.search import queries
    from content.search.models import ResultKind
    from content.search.results import with_rows

    found = queries.search(text, queries.SearchFilters(day=vietnam_time.today(), kinds=(ResultKind.PROVISION,))).hits[
        :5
    ]
    return [
        frozenset((search_corpus.key(number), hit.provision.number) for number in hit.document.number.split(";"))
        for hit in with_rows(found)
    ]


def measure(ranked, pairs):
    """Recall, MRR and nDCG of ranked results. Each right key of a hit counts; a hit without one is wrong."""
    flat = [
        [next(iter(sorted(keys & gold)), None) or ("", place) for place, keys in enumerate(each)]
        for each, (_, gold) in zip(ranked, pairs, strict=True)
    ]
    return search_corpus.measures(flat, [gold for _, gold in pairs])


def line(figures):
    return " ".join(f"{name}={value:.4f}" for name, value in figures.items())


def exit_code(pairs, ranked, bare):
    figures, without = measure(ranked, pairs), measure(bare, pairs)
    print(
        f"search: n={len(pairs)} r1={figures['R@1']:.4f} r10={figures['R@10']:.4f} "
        f"mrr10={figures['MRR@10']:.4f} accentless_r10={without['R@10']:.4f}"
    )
    return int(any(figures[name] < least for name, least in LEAST.items()))


def over_http(url, pairs, *, bare, day=search_corpus.DAY_OF_LABELS, size=50, is_printed=True):
    """What a running server answers as of that day, today if None: the articles of its first results."""
    ranked, taken, asked = [], [], {"as_of": day} if day else {}
    for text, _ in tqdm(pairs, disable=None if is_printed else True):
        q = (search_corpus.without_accents(text) if bare else text)[:500]
        query = urllib.parse.urlencode({"q": q, "kind": "provision", "page_size": size, **asked})
        before = time.perf_counter()
        with urllib.request.urlopen(f"{url}/api/v1/search?{query}") as answer:  # noqa: S310 (who runs it names it)
            hits = json.load(answer)["results"]
        taken.append((time.perf_counter() - before) * 1000)
        ranked.append([_keys(hit) for hit in hits])
    if is_printed:
        print(f"  p50 {np.percentile(taken, 50):.0f} ms, p95 {np.percentile(taken, 95):.0f} ms a question")
    return ranked


def _keys(hit):
    numbers = hit["document"]["number"].split(";")
    return frozenset((search_corpus.key(number), hit["provision"]["number"]) for number in numbers)


def anchors(pairs):
    """{name: ranked} of bm25s over the same articles: syllables as written; folded words with bigrams, title x3."""
    import bm25s

    keys, texts = articles()
    beside = {}
    for name, words in (("BM25 over syllables (anchor)", syllables), ("BM25 over bigrams (bm25s)", with_bigrams)):
        index = bm25s.BM25(k1=0.9, b=0.4)
        index.index([words(text, is_query=False) for text in texts], show_progress=False)
        ranked = []
        for text, _ in pairs:
            asked = [word for word in words((text,), is_query=True) if word in index.vocab_dict]
            found = index.retrieve([asked], k=50, show_progress=False).documents[0] if asked else []
            ranked.append([frozenset(keys[place]) for place in found])
        beside[name] = ranked
    return beside


def articles():
    from content.documents.models import ProvisionVersion
    from content.passages.models import Passage

    rows = Passage.objects.filter(search_corpus.valid_then(), provision__kind="article").values_list(
        "provision", "pk", "document__title", "document", "provision__eid"
    )
    tops = {(document, eid): provision for provision, _, _, document, eid in rows}
    bodies = {provision: ["", []] for provision in tops.values()}
    versions = ProvisionVersion.objects.filter(search_corpus.valid_then())
    versions = versions.order_by("provision__document", "provision__position")
    for document, eid, heading, text in versions.values_list(
        "provision__document", "provision__eid", "heading", "text"
    ).iterator(chunk_size=20_000):
        top = tops.get((document, eid.split("__")[0]))
        if top:
            bodies[top][0] = heading if "__" not in eid else bodies[top][0]
            bodies[top][1].append(text)
    texts = [(title, bodies[provision][0], "".join(bodies[provision][1])) for provision, _, title, _, _ in rows]
    return search_training.keys_of([pk for _, pk, *_ in rows]), texts


def syllables(text, *, is_query):
    return re.findall(r"[^\W_]+", " ".join(text).lower())


def with_bigrams(text, *, is_query):
    from content.text import lexemes

    found = []
    for place, part in enumerate(text):
        words = lexemes.words(part)
        found += [*words, *lexemes.bigrams(words)] * (3 if place == 1 else 1)
    return found


if __name__ == "__main__":
    sys.exit(main())
