"""How long searches take, by the class of the query, and what the bound on candidates costs.

    DATABASE_URL=… .venv/bin/python bench/search_speed.py [--rounds 20] [--seed 1]

The corpus is whatever the database holds (the whole codification where it is throw-away, about 20 minutes). Queries are
drawn from its own words. recall@10: of the first ten when every row with any of the words is ranked, how many are among
the first ten of the bounded ranking.
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
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    throwaway.start()
    search_corpus.imported()
    from content.documents import effect  # noqa: PLC0415 (after Django is set up)
    from content.search import queries, suggestions  # noqa: PLC0415

    wanted = queries.Wanted(day=effect.today())
    for name, texts in classes(random.Random(asked.seed), asked.rounds).items():
        taken, shared = [], []
        for text in texts:
            queries.search(text, wanted)  # what a second reader of the same gets
            before = time.perf_counter()
            queries.search(text, wanted)
            taken.append((time.perf_counter() - before) * 1000)
            shared.append(recall(queries, text))
        known = [each for each in shared if each is not None]
        print(
            f"{name:18} p50 {np.percentile(taken, 50):6.1f} ms  p95 {np.percentile(taken, 95):6.1f} ms  "
            f"recall@10 {np.mean(known) if known else 1:.3f} (n={len(texts)})"
        )
    taken = []
    for text in ("lu", "luật", "thu tuc", "xử phạt vi phạm", "đăng ký", "quy") * asked.rounds:
        before = time.perf_counter()
        suggestions.completions(text)
        taken.append((time.perf_counter() - before) * 1000)
    print(f"{'suggest':18} p50 {np.percentile(taken, 50):6.1f} ms  p95 {np.percentile(taken, 95):6.1f} ms")


def classes(rng, rounds):
    """{class of P7: queries} from the words of the corpus."""
    from content.search.models import SearchStatistics, SearchTerm  # noqa: PLC0415

    passages = SearchStatistics.objects.get().passages
    words = SearchTerm.objects.exclude(lexeme__contains="_").filter(lexeme__regex="^[a-z]{2,7}$")
    common = list(words.filter(passages__gte=passages / 10).values_list("lexeme", flat=True))
    rare = list(words.filter(passages__range=(2, 20)).order_by("lexeme").values_list("lexeme", flat=True))
    pairs = SearchTerm.objects.filter(lexeme__contains="_", passages__gte=passages / 50).order_by("lexeme")
    phrases = [lexeme.replace("_", " ") for lexeme in pairs.values_list("lexeme", flat=True)]
    common.sort()
    questions = [text for text, _ in search_corpus.questions(search_corpus.DATA / search_corpus.SETS["zalo"])]
    return {
        "one common word": [rng.choice(common) for _ in range(rounds)],
        "two common words": [" ".join(rng.sample(common, 2)) for _ in range(rounds)],
        "phrase": [rng.choice(phrases) for _ in range(rounds)],
        "five words": [" ".join(rng.sample(common, 5)) for _ in range(rounds)],
        "rare word": [rng.choice(rare) for _ in range(rounds)],
        "no such word": [f"zxq{rng.randrange(10**6)}" for _ in range(rounds)],
        "question": rng.sample(questions, min(rounds, len(questions))),
    }


def recall(queries, text):
    """Share of the first ten of everything that the bounded ranking has too; None where nothing is found."""
    from content.search import ranking  # noqa: PLC0415

    whole, bounded = queries.provisions_for(text, most=10_000), queries.provisions_for(text)
    if whole is None:
        return None
    first = [{each.pk for each in ranking.rank(pool, learnt_scores=True)[:10]} for pool in (whole, bounded)]
    return len(first[0] & first[1]) / len(first[0])


if __name__ == "__main__":
    sys.exit(main())
