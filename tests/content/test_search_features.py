"""What a candidate is told apart by, beyond BM25."""

import numpy as np

from content.search.index.statistics import CorpusStatistics
from content.search.rank import bm25, features
from content.text import lexemes

NOTHING_COUNTED = CorpusStatistics([], None, 0, 200.0, {}, np.empty(0, np.uint32), np.empty(0, np.float32))


def told(name, query, *articles):
    """One number for each (title, body)."""
    words = lexemes.words(query)
    single = list(dict.fromkeys(words))
    double = list(dict.fromkeys(lexemes.bigrams(words)))
    texts = [lexemes.word_codes(["luat"], [], lexemes.words(title), lexemes.words(body)) for title, body in articles]
    pairs = [tuple(single.index(word) for word in lexeme.split("_")) for lexeme in double]
    counts = bm25.count_words(texts, single, pairs)
    ones = (np.ones(len(single), np.float32), np.ones(len(double), np.float32))
    asked = bm25.QueryWeights(*ones, *ones)
    base = bm25.bm25_scores(counts, asked, NOTHING_COUNTED.mean_length)
    rows = features.feature_matrix(counts, asked, NOTHING_COUNTED, words, base, base)
    return rows[:, features.FEATURE_NAMES.index(name)].round(2).tolist()


def test_words_together_in_one_clause_count_more_than_words_spread_over_two():
    together = ("Mức phạt", "1. Phạt tiền xe máy vượt đèn đỏ. 2. Trừ điểm.")
    spread = ("Mức phạt", "1. Phạt tiền xe máy. 2. Vượt đèn đỏ thì trừ điểm.")
    assert told("clause_word", "xe máy vượt đèn", together, spread) == [1, 0.5]


def test_a_number_that_refers_to_another_clause_begins_none():
    plain = ("Hồ sơ", "1. Tờ khai. 2. Giấy chứng sinh.")
    referring = ("Hồ sơ", "1. Tờ khai như khoản 2 Điều này và Điều 3. 2. Giấy chứng sinh.")
    one, other = told("clauses", "tờ khai", plain, referring)
    assert one == other


def test_the_article_that_explains_a_term_is_told_from_those_that_use_it():
    explains = ("Giải thích từ ngữ", "1. Hộ nghèo là hộ có mức sống thấp. 2. Tảo hôn là việc lấy vợ sớm.")
    uses = ("Giải thích từ ngữ", "1. Mẫu là vật để thử, trừ hộ nghèo. 2. Cấm tảo hôn là đúng.")
    assert told("explains", "tảo hôn", explains, uses) == [1, 0]


def test_threes_of_words_are_those_of_the_query_in_its_order():
    same = ("Thời gian thử việc", "")
    turned = ("Việc thử thời gian", "")
    assert told("title_triples", "thời gian thử việc", same, turned) == [1, 0]


def test_a_query_of_one_word_has_a_number_for_everything():
    rows = [
        told(name, "cọc", ("Đặt cọc", "1. Đặt cọc là giao tiền."), ("Thuê", "Thuê nhà."))
        for name in features.FEATURE_NAMES
    ]
    assert np.isfinite(rows).all()
