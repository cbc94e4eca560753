"""Whether a result is the right article as another act has it: a repealed act and its successor often say the same."""

from functools import cache

import numpy as np
import search_learn

RUN = 5  # words
SHARED = 0.5  # of the runs of the shorter text
SHORTEST = 15  # runs: of less nothing can be said


@cache
def is_alike(right, other):
    """Whether two keys are one article in several acts by the rule of the product: title and words (ranking.alike)."""
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
    """The same by title and body alone: half of the runs of five words; so that a new title does not hide it."""
    pair = [codes_of().get(key) for key in (right, other)]
    if None in pair or pair[0][0] == pair[1][0]:
        return False
    one, two = (_runs(codes) for _, codes in pair)
    shorter = min(len(one), len(two))
    return shorter >= SHORTEST and len(one & two) >= SHARED * shorter


def _runs(codes):
    flat = np.frombuffer(codes, np.uint32)
    ends = np.flatnonzero(flat == 0)  # lexemes.END_OF_FIELD
    words = flat[ends[1] + 1 :]
    words = words[words != 0].tolist()
    return set(zip(*(words[shift:] for shift in range(RUN)), strict=False))


@cache
def codes_of():
    """{key: (document, codes)} of the articles that hold today."""
    from content.documents.passages.models import Passage

    rows = Passage.objects.filter(provision__kind="article", valid_until=None).order_by("-pk")
    rows = list(rows.values_list("pk", "document", "search_codes"))
    return {
        key: (document, bytes(codes))
        for keys, (_, document, codes) in zip(search_learn.keys_of([pk for pk, *_ in rows]), rows, strict=True)
        for key in keys
    }
