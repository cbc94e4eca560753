"""How long searches take, by the class of the query, and what the bound on candidates costs.

    DATABASE_URL=… .venv/bin/python bench/search_speed.py [--rounds 20] [--recall 20] [--seed 1]

The corpus is whatever the database holds (the whole codification where it is throw-away, about 20 minutes; 1.5 million
articles after bench/search_many.py). Queries are drawn from its own words. recall@10: of the first ten when every
article with any of the words is compared, how many are among the first ten of the bounded ranking. `bm25`: both by
BM25. `learnt`: as it is shipped, by the trees among the first 200 of every article by BM25.
"""

import argparse
import random
import sys
import time

import numpy as np
import search_corpus
import throwaway


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=20, help="different queries of each class")
    options.add_argument("--recall", type=int, default=20, help="of them so many are ranked against everything")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    throwaway.start()
    search_corpus.imported()
    from content import vietnam_time
    from content.search import queries
    from content.search.index import suggestions

    wanted = queries.SearchFilters(day=vietnam_time.today())
    for name, texts in classes(random.Random(asked.seed), asked.rounds).items():
        taken, worked = [], []
        for text in texts:
            queries.search(text, wanted)  # what a second reader of the same gets
            before, own = time.perf_counter(), time.process_time()
            queries.search(text, wanted)
            taken.append((time.perf_counter() - before) * 1000)
            worked.append((time.process_time() - own) * 1000)
        shared = [each for text in texts[: asked.recall] if (each := recall(text))]
        bm25, learnt = np.mean(shared, axis=0) if shared else [np.nan] * 2
        print(
            f"{name:18} p50 {np.percentile(taken, 50):6.1f} ms  p95 {np.percentile(taken, 95):6.1f} ms "
            f"(n={len(taken)}, {np.mean(worked):.1f} ms of them our own work)  "
            f"recall@10 bm25 {bm25:.3f} learnt {learnt:.3f} (n={len(shared)})",
            flush=True,
        )
    taken = []
    for text in ("lu", "luật", "thu tuc", "xử phạt vi phạm", "đăng ký", "quy") * asked.rounds:
        before = time.perf_counter()
        suggestions.completions(text)
        taken.append((time.perf_counter() - before) * 1000)
    print(f"{'suggest':18} p50 {np.percentile(taken, 50):6.1f} ms  p95 {np.percentile(taken, 95):6.1f} ms")


def classes(rng, rounds):
    """{class of P7: queries} from the words of the corpus."""
    from content.search.models import SearchStatistics, TermFrequency

    passages = SearchStatistics.objects.get().passages
    words = TermFrequency.objects.exclude(lexeme__contains="_").filter(lexeme__regex="^[a-z]{2,7}$")
    common = list(words.filter(passages__gte=passages / 10).values_list("lexeme", flat=True))
    rare = list(words.filter(passages__range=(2, 20)).order_by("lexeme").values_list("lexeme", flat=True))
    pairs = TermFrequency.objects.filter(lexeme__contains="_", passages__gte=passages / 50).order_by("lexeme")
    phrases = [lexeme.replace("_", " ") for lexeme in pairs.values_list("lexeme", flat=True)]
    common.sort()
    questions = [text for text, _ in search_corpus.questions(search_corpus.SETS["zalo"])]
    return {
        "one common word": [rng.choice(common) for _ in range(rounds)],
        "two common words": [" ".join(rng.sample(common, 2)) for _ in range(rounds)],
        "phrase": [rng.choice(phrases) for _ in range(rounds)],
        "five words": [" ".join(rng.sample(common, 5)) for _ in range(rounds)],
        "rare word": [rng.choice(rare) for _ in range(rounds)],
        "no such word": [f"zxq{rng.randrange(10**6)}" for _ in range(rounds)],
        "question": rng.sample(questions, min(rounds, len(questions))),
    }


def recall(text):
    """Shares of the first ten of everything that the bounded ranking has too; None where nothing is found."""
    from content.search import queries
    from content.search.rank import result_order

    whole, bounded = everything(text), queries.provision_pool(text)
    if not whole:
        return None
    return [
        len(first & other) / len(first)
        for first, other in [
            (ten(whole, whole.base), ten(bounded, bounded.base)),
            ({each.pk for each in result_order.rank_candidates(whole, learnt_scores=True)[:10]},
             {each.pk for each in result_order.rank_candidates(bounded, learnt_scores=True)[:10]}),
        ]
    ]  # fmt: skip


def ten(pool, scores):
    return {pool.candidates.ids[place] for place in np.lexsort((pool.candidates.ids, -scores))[:10]}


def everything(text):
    """The ranking.Pool of the articles of today with any of the words that are the best of all by BM25."""
    from django.db import connection, transaction

    from content.search import queries
    from content.search.index import statistics
    from content.search.match import candidates, parsed_query
    from content.search.rank import result_order

    read, counted = parsed_query.parse_query(text), statistics.corpus_statistics()
    frequencies = statistics.term_frequencies(list(read.weights))

    def pool(rows):
        some = candidates.Candidates([pk for pk, _ in rows], [bytes(codes) for _, codes in rows], is_cut=False)
        return result_order.candidate_pool(some, read, counted, frequencies)

    best = []
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(EVERYTHING, [" | ".join(f"'{lexeme}'" for lexeme in read.weights)])
        while rows := cursor.fetchmany(5_000):
            rows = [*best, *rows]
            found = pool(rows)
            best = [rows[place] for place in np.lexsort((found.candidates.ids, -found.base))[: queries.MAX_PER_KIND]]
    return pool(best) if best else None


EVERYTHING = """
SELECT id, search_codes FROM content_passage WHERE provision_id IS NOT NULL AND search_words @@ %s::tsquery
AND (valid_from IS NULL OR valid_from <= current_date) AND (valid_until IS NULL OR valid_until > current_date)
"""


if __name__ == "__main__":
    sys.exit(main())
