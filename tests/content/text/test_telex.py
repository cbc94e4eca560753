"""Syllables as a Telex keyboard takes them."""

import pytest

from content.spelling.telex_queries import read_telex
from content.text.telex import read_syllable
from content.text.vietnamese import fold


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddieu", "đieu"), ("ddieeuf", "điều"), ("hoon", "hôn"), ("luaatj", "luật"), ("luaajt", "luật"),
        ("ddaats", "đất"), ("nuwowcs", "nước"), ("nuowcs", "nước"), ("dduwowngf", "đường"), ("quyeets", "quyết"),
        ("giaays", "giấy"), ("phaats", "phất"), ("nghieepj", "nghiệp"), ("tuwj", "tự"), ("thuees", "thuế"),
        ("hoaj", "họa"), ("toans", "toán"), ("khoans", "khoán"), ("xe", None), ("luat", None), ("google", None),
        ("window", None), ("law", None), ("free", None), ("shopee", None), ("ldd", None), ("qdd", None),
        ("vaat", "vât"),
    ],
)  # fmt: skip
def test_a_syllable_is_read_or_none(typed, meant):
    read = read_syllable(typed)
    assert (read and read.word) == meant


WORDS = {"dieu": 90, "luat": 90, "hon": 40, "dat": 60, "mon": 9, "ha": 30, "has": 0, "moon": 1, "vat": 7}


def counts(words):
    return {word: WORDS[word] for word in words if WORDS.get(word)}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ddieu 8 luat hoon nhan", "đieu 8 luat hôn nhan"),
        ("luaatj ddaats 2024", "luật đất 2024"),
        ("has", "has"),  # a tone alone
        ("has vat", "has vat"),
        ("moon", "moon"),  # our texts have it
        ("luật hoon", "luật hoon"),  # typed with letters of Vietnamese
        ("ddoong", "ddoong"),  # our texts have no «đông»
    ],
)
def test_a_query_is_read_as_telex_where_our_texts_hold_what_it_means_and_not_what_was_typed(typed, read):
    assert read_telex(typed, counts) == read


def test_what_is_read_folds_to_a_word_of_latin_letters():
    assert fold(read_syllable("dduwowngf").word) == "duong"
