"""Vietnamese text: stored form, search key, address, dictionary order."""

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from content.text.vietnamese import either_spelling, fold, nfc, normalise, slug, sort_key

MIXED = st.text(
    st.sampled_from("ae\u0302\u0301\u0323\u0306đĐ \r\nxế\u1161\u1100\u0958") | st.characters(exclude_categories=["Cs"])
)


def test_nfc_puts_letters_together_and_ends_lines_with_one_sign():
    assert nfc("Lua\u0323\u0302t\r\nso\u0302\rmo\u0302\u0323t") == "Luật\nsô\nmột"


def test_normalise_of_a_clean_text_is_the_text_itself():
    assert normalise("Điều 1\n") == ("Điều 1\n", range(8))


def test_normalise_says_where_each_sign_stood():
    text, offsets = normalise("e\u0302\u0301x\r\ny")
    assert (text, list(offsets)) == ("ếx\ny", [0, 3, 4, 6, 7])


@settings(max_examples=100)
@given(MIXED)
def test_normalise_agrees_with_nfc_and_its_offsets_never_fall(text):
    normalised, offsets = normalise(text)
    assert normalised == nfc(text)
    assert len(offsets) == len(normalised) + 1
    assert list(offsets) == sorted(offsets)
    assert offsets[-1] == len(text)


def test_fold_forgets_case_marks_and_kinds_of_dashes():
    assert fold("NGHỊ ĐỊNH\xa0100/2019/NĐ–CP") == "nghi dinh 100/2019/nd-cp"
    assert fold(unicodedata.normalize("NFD", "Ðường")) == "duong"


def test_a_word_is_found_wherever_its_time_put_the_tone():
    for new, old in (("Ủy ban", "Uỷ ban"), ("văn hóa", "văn hoá"), ("TÒA ÁN", "TOÀ ÁN"), ("khỏe", "khoẻ")):
        assert re.fullmatch(either_spelling(new), old)
        assert re.fullmatch(either_spelling(old), new)
    assert not re.fullmatch(either_spelling("hòa"), "hóa")
    assert not re.fullmatch(either_spelling("Hòa"), "hòa")
    assert re.fullmatch(either_spelling("a.b (hoà)"), "a.b (hòa)")


def test_slug_keeps_whole_words_within_the_limit():
    assert slug("Luật Đất đai số 31/2024/QH15") == "luat-dat-dai-so-31-2024-qh15"
    assert slug("Luật Đất đai số 31/2024/QH15", limit=14) == "luat-dat-dai"
    assert slug("a" * 90) == "a" * 80
    assert slug("—") == ""


@settings(max_examples=100)
@given(st.text(), st.integers(1, 100))
def test_slug_is_ascii_words_within_the_limit(text, limit):
    made = slug(text, limit)
    assert len(made) <= limit
    assert made.strip("-") == made
    assert made.replace("-", "").isalnum() or not made
    assert made.isascii()


def test_sort_key_orders_letters_before_tones():
    words = [
        "An Giang",
        "Ăn",
        "Ấn",
        "Bình",
        "Dân",
        "đá",
        "Đà Nẵng",
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "mang",
        "măng",
        "mâm",
        "mận",
        "Ô",
        "Ơ",
        "u",
        "ư",
    ]
    assert sorted(reversed(words), key=sort_key) == words


def test_sort_key_is_plain_code_point_order_whatever_the_spelling_in_unicode():
    assert sort_key(unicodedata.normalize("NFD", "Ếch"))[:4] == sort_key("Ếch")[:4]
