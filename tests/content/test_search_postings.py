"""Which wanted words are found in rows of word codes, and how much each counts."""

import itertools
import math
from collections import Counter

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from content.search.index.postings import postings_in_rows
from content.text import lexemes

K1, B, MEAN_LENGTH = 0.9, 0.4, 7.0
WEIGHTS = (1, 1, 3, 1)  # of the fields: the title says most
HALF = 0xFFFF
WORDS = ["giấy", "phép", "lái", "xe", "đất"]
TWIN = "37876"  # its code has the lower half of that of «xe»
words = st.sampled_from([*WORDS, TWIN])
rows = st.lists(st.tuples(*[st.lists(words, max_size=6)] * len(lexemes.FIELDS)), min_size=1, max_size=5)
some_lexemes = st.sets(st.one_of(words, st.tuples(words, words).map("_".join)), min_size=1)


def counted(fields):
    """{lexeme: weighted occurrences} of one row, word by word."""
    found = Counter()
    for weight, said in zip(WEIGHTS, fields, strict=True):
        for lexeme in [*said, *map("_".join, itertools.pairwise(said))]:
            found[lexeme] += weight
    return found


def test_the_twin_is_told_from_the_word_by_the_upper_half_only():
    twin, word = lexemes.word_code(TWIN), lexemes.word_code("xe")
    assert twin != word
    assert twin & HALF == word & HALF


@given(rows, some_lexemes)
@example([([], [], [], ["giấy"]), ([], [], [], ["phép"])], {"giấy_phép"})  # no bigram: two rows
@example([([], [], ["giấy"], ["phép"])], {"giấy_phép"})  # no bigram: two fields
def test_each_wanted_word_and_bigram_is_counted_in_each_row_and_nothing_else(rows, wanted):
    ordered = sorted(wanted, key=lexemes.lexeme_code)
    known = np.array([lexemes.lexeme_code(lexeme) for lexeme in ordered], np.uint64)
    ids = np.arange(len(rows)) * 10 + 5
    found = postings_in_rows(ids, [lexemes.word_codes(*fields) for fields in rows], known, MEAN_LENGTH)
    expected = []
    for lexeme in ordered:
        for row, fields in zip(ids, rows, strict=True):
            length = sum(weight * len(said) for weight, said in zip(WEIGHTS, fields, strict=True))
            if count := counted(fields)[lexeme]:
                norm = K1 * (1 - B + B * length / MEAN_LENGTH)
                expected.append((lexeme, row, count / (count + norm)))
    assert [(ordered[word], row) for word, row, _ in found] == [(lexeme, row) for lexeme, row, _ in expected]
    assert all(math.isclose(each["part"], part, rel_tol=1e-5) for each, (*_, part) in zip(found, expected, strict=True))
