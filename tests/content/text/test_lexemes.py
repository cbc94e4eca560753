import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from content.law import official_numbers
from content.text import lexemes

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạằẳẵặấầẩẫậéẹểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=7), max_size=8).map(" ".join)


def test_case_accents_and_the_place_of_a_tone_fall_away():
    assert lexemes.words("Hoà giải, HÒA GIẢI; thuỷ lợi") == ["hoa", "giai", "hoa", "giai", "thuy", "loi"]
    assert lexemes.words("Đường ĐẶC biệt") == ["duong", "dac", "biet"]


def test_a_documents_number_is_one_word_whatever_its_dashes_and_zeros():
    for number in ("01/2021/NĐ-CP", "1/2021/nđ–cp", "01/2021/ND‑CP"):
        assert lexemes.words(f"Theo {number}.") == ["theo", "1-2021-nd-cp"]
    assert lexemes.words("1628/QĐ-UBND và 60km/h, 24/7") == ["1628-qd-ubnd", "va", "60km", "h", "24", "7"]


@settings(max_examples=60)
@given(
    st.integers(1, 999), st.integers(1945, 2030), st.sampled_from(["NĐ-CP", "QH15", "TT-BTC", "QĐ-TTg", "TTLT-BTC-BTP"])
)
def test_a_number_in_a_text_has_the_key_it_is_looked_up_by(serial, year, symbol):
    number = f"{serial:02}/{year}/{symbol}"
    assert lexemes.words(number) == [official_numbers.number_key(number)]


@settings(max_examples=100)
@given(WORDS)
def test_words_are_the_same_without_accents_in_capitals_and_decomposed(text):
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d")
    assert lexemes.words(text) == lexemes.words(bare) == lexemes.words(text.upper())
    decomposed = unicodedata.normalize("NFD", text)
    assert lexemes.words(unicodedata.normalize("NFC", decomposed)) == lexemes.words(text)


@settings(max_examples=100)
@given(st.text(max_size=80))
def test_offsets_point_at_the_words_and_never_inside_a_letter(text):
    text = unicodedata.normalize("NFC", text)
    end = 0
    for word, start, stop in lexemes.word_spans(text):
        assert end <= start < stop
        assert lexemes.words(text[start:stop]) == [word]
        assert stop == len(text) or not unicodedata.combining(text[stop]) or not "\u0300" <= text[stop] <= "\u036f"
        end = stop
    assert [word for word, *_ in lexemes.word_spans(text)] == lexemes.words(text)


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(st.text(max_size=30), WORDS, st.sampled_from(["1/2024/NĐ-CP", " ", "\n", "\x1c", "\u2028", "–"]))
    )
)
def test_the_words_of_the_pieces_of_a_text_are_its_words(parts):
    text = unicodedata.normalize("NFC", "".join(parts))
    of_pieces = [word for piece in text.split() for word in lexemes.words_of_piece(piece)]
    assert of_pieces == lexemes.words(text)
    assert {word for piece in lexemes.pieces(text) for word in lexemes.words_of_piece(piece)} == set(of_pieces)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_keys_hold_nothing_that_a_query_could_be_built_from(text):
    for lexeme in lexemes.words(text):
        assert lexeme and not set(lexeme) & set("'\\_ \0|&!():*<")


def test_no_bigram_spans_two_fields():
    assert lexemes.tsvector_text(["a", "b"], ["c"]) == "'a' 'a_b' 'b' 'c'"
    assert len(lexemes.word_codes(["a", "b"], [])) == 4 * 4
