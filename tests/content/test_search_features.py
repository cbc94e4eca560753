"""The features that distinguish candidates, beyond BM25."""

import numpy as np

from content.search.index.statistics import CorpusStatistics
from content.search.match.parsed_query import ParsedQuery
from content.search.rank import bm25, features
from content.text import lexemes
from content.typed_citations.documents import TypedCitation


def columns(query, *articles):
    """{feature: one number for each (title, body)}; each word of the query weighs 1."""
    words = lexemes.words(query)
    shares = dict.fromkeys([*words, *lexemes.bigrams(words)], 1.0)
    parsed = ParsedQuery(query, words, shares, [], TypedCitation(None, "", query), CorpusStatistics(), {})
    texts = [lexemes.word_codes(["luat"], [], lexemes.words(title), lexemes.words(body)) for title, body in articles]
    places = [[parsed.single_words.index(word) for word in bigram.split("_")] for bigram in parsed.bigrams]
    counts = bm25.count_words(texts, parsed.single_words, places)
    ones = [np.ones(len(each), np.float32) for each in (parsed.single_words, parsed.bigrams)]
    weights = bm25.QueryWeights(*ones, *ones)
    base = bm25.bm25_scores(counts, weights, parsed.statistics.mean_length)
    return features.feature_columns(counts, weights, parsed, base, base)


def feature(name, query, *articles):
    return np.asarray(columns(query, *articles)[name], np.float32).round(2).tolist()


def test_every_feature_has_a_name_and_every_name_a_feature():
    assert set(columns("đặt cọc", ("Đặt cọc", "1. Đặt cọc là giao tiền."))) == set(features.FEATURE_NAMES)
    assert len(set(features.FEATURE_NAMES)) == len(features.FEATURE_NAMES) == 58


def test_words_together_in_one_clause_count_more_than_words_spread_over_two():
    together = ("Mức phạt", "1. Phạt tiền xe máy vượt đèn đỏ. 2. Trừ điểm.")
    spread = ("Mức phạt", "1. Phạt tiền xe máy. 2. Vượt đèn đỏ thì trừ điểm.")
    assert feature("clause_word", "xe máy vượt đèn", together, spread) == [1, 0.5]


def test_a_number_that_refers_to_another_clause_begins_none():
    plain = ("Hồ sơ", "1. Tờ khai. 2. Giấy chứng sinh.")
    referring = ("Hồ sơ", "1. Tờ khai như khoản 2 Điều này và Điều 3. 2. Giấy chứng sinh.")
    one, other = feature("clauses", "tờ khai", plain, referring)
    assert one == other


def test_the_article_that_explains_a_term_is_distinguished_from_those_that_use_it():
    explains = ("Giải thích từ ngữ", "1. Hộ nghèo là hộ có mức sống thấp. 2. Tảo hôn là việc lấy vợ sớm.")
    uses = ("Giải thích từ ngữ", "1. Mẫu là vật để thử, trừ hộ nghèo. 2. Cấm tảo hôn là đúng.")
    assert feature("explains", "tảo hôn", explains, uses) == [1, 0]


def test_triples_of_words_are_those_of_the_query_in_its_order():
    same = ("Thời gian thử việc", "")
    turned = ("Việc thử thời gian", "")
    assert feature("title_triples", "thời gian thử việc", same, turned) == [1, 0]


def test_a_query_of_one_word_has_a_number_for_everything():
    rows = [
        feature(name, "cọc", ("Đặt cọc", "1. Đặt cọc là giao tiền."), ("Thuê", "Thuê nhà."))
        for name in features.FEATURE_NAMES
    ]
    assert np.isfinite(rows).all()
