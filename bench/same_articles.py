"""Whether two articles of different acts are one: a repealed act and its successor often say the same."""

from functools import cache

import search_corpus
import search_training

RUN_WORDS = 5
MIN_SHARED = 0.5  # of the runs of the shorter text
MIN_RUNS = 15  # a shorter text says too little


@cache
def is_alike(right, other):
    """Whether two keys are one article in several acts, as result_order.same_article_groups decides."""
    from content.search.rank import bm25, result_order

    pair = [codes_of().get(key) for key in (right, other)]
    if None in pair:
        return False
    counts = bm25.count_words([codes for _, codes in pair], [], [])
    both = [result_order.RankedCandidate(place, 0.0, place) for place in (0, 1)]
    return any(
        result_order.same_article_groups(both, counts, {place: document for place, (document, _) in enumerate(pair)})
    )


@cache
def says_the_same(right, other):
    """The same by title and body alone: half of the runs of five words, so that a new title does not matter."""
    pair = [codes_of().get(key) for key in (right, other)]
    if None in pair or pair[0][0] == pair[1][0]:
        return False
    one, two = (_runs(codes) for _, codes in pair)
    shorter = min(len(one), len(two))
    return shorter >= MIN_RUNS and len(one & two) >= MIN_SHARED * shorter


def _runs(codes):
    from content.text.code_arrays import BODY, TITLE, flat_codes

    flat, _text, field = flat_codes([codes])
    words = flat[(field == TITLE) | (field == BODY)].tolist()
    return set(zip(*(words[shift:] for shift in range(RUN_WORDS)), strict=False))


@cache
def codes_of():
    """{key: (document, codes)} of the articles valid on DAY_OF_LABELS."""
    from content.passages.models import Passage

    rows = Passage.objects.filter(search_corpus.valid_then(), provision__kind="article").order_by("-pk")
    rows = list(rows.values_list("pk", "document", "search_codes"))
    return {
        key: (document, bytes(codes))
        for keys, (_, document, codes) in zip(search_training.keys_of([pk for pk, *_ in rows]), rows, strict=True)
        for key in keys
    }
