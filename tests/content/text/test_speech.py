"""What a phone's voice is given: numbers, dates, abbreviations and marks in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text.numerals import DIGIT_WORDS, number_in_words, roman_value
from content.text.speech import spoken_text

SIGNS = "khoảnđiểmĐiều LuậtQHNĐ-CP0123456789/.,%()“”\n\t–;:đabckm²IVX"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("khoản 2 Điều 5", "khoản hai Điều năm"),
        ("Điều 12a", "Điều mười hai a"),
        ("điểm đ khoản 1", "điểm đê khoản một"),
        ("các điểm a, b và đ1 khoản 3", "các điểm a, bê và đê một khoản ba"),
        ("số 100/2019/NĐ-CP", "số một trăm, năm hai nghìn không trăm mười chín, Nghị định Chính phủ"),
        (
            "Luật số 31/2024/QH15",
            "Luật số ba mươi mốt, năm hai nghìn không trăm hai mươi tư, Quốc hội khóa mười lăm",
        ),
        ("766/QĐ-TTg", "bảy trăm sáu mươi sáu, Quyết định Thủ tướng Chính phủ"),
        ("TTLT-BTC-BTP", "Thông tư liên tịch Bộ Tài chính, Bộ Tư pháp"),
        ("TT-BXYZ", "TT-BXYZ"),
        ("ngày 01/7/2025", "ngày một tháng bảy năm hai nghìn không trăm hai mươi lăm"),
        ("ngày 30/4 và tháng 7/2025", "ngày ba mươi tháng bốn và tháng bảy năm hai nghìn không trăm hai mươi lăm"),
        ("2,5%", "hai phẩy năm phần trăm"),
        ("0,25 mg/100 ml", "không phẩy hai mươi lăm mi-li-gam trên một trăm mi-li-lít"),
        ("1.500.000 đồng", "một triệu năm trăm nghìn đồng"),
        ("500.000đ", "năm trăm nghìn đồng"),
        ("50 km/h", "năm mươi ki-lô-mét trên giờ"),
        ("120 m2", "một trăm hai mươi mét vuông"),
        ("Chương IV", "Chương bốn"),
        ("CHƯƠNG XIX", "CHƯƠNG mười chín"),
        ("Hiến pháp và Vi phạm", "Hiến pháp và Vi phạm"),
        ("UBND cấp xã, HĐND", "Ủy ban nhân dân cấp xã, Hội đồng nhân dân"),
        ("2/3 tổng số", "hai phần ba tổng số"),
        ("2021 - 2030", "hai nghìn không trăm hai mươi mốt đến hai nghìn không trăm ba mươi"),
        ("và/hoặc", "và hoặc"),
        ("22h30", "hai mươi hai giờ ba mươi"),
        ("0912345678", "không chín một hai ba bốn năm sáu bảy tám"),
        ("1. Mẫu:\na) Mẫu lớn;\nđ) Mẫu nhỏ.", "Khoản một. Mẫu:\nĐiểm a. Mẫu lớn;\nĐiểm đê. Mẫu nhỏ."),
        ("Căn hộ 12w", "Căn hộ mười hai w"),  # a letter that numbers no clause
        ("31/13/2025", "ba mươi mốt trên mười ba trên hai nghìn không trăm hai mươi lăm"),
    ],
)  # fmt: skip
def test_what_is_written_is_said(written, said):
    assert spoken_text(written) == said


@given(st.text(alphabet=SIGNS, max_size=200) | st.text(max_size=100))
def test_no_digit_and_no_per_cent_sign_is_left_lines_stay_and_a_second_time_changes_nothing(text):
    said = spoken_text(text)
    assert not re.search(r"[0-9%]", said)
    assert said.count("\n") == text.count("\n")
    assert spoken_text(said) == said


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_a_number_in_words_is_that_number(number):
    assert read(number_in_words(number)) == number


def read(words):
    """The int of Vietnamese words, by an own way: from the left, each word adds or multiplies."""
    values = {word: value for value, word in enumerate(DIGIT_WORDS)} | {"mốt": 1, "tư": 4, "lăm": 5, "mười": 10}
    total = group = hundred = 0
    for word in words.split():
        if word in ("nghìn", "triệu"):
            group += hundred * {"nghìn": 10**3, "triệu": 10**6}[word]
            hundred = 0
        elif word == "tỷ":
            total, group, hundred = (group + hundred) * 10**9, 0, 0
        elif word == "trăm":
            hundred *= 100
        elif word == "mươi":
            hundred += hundred % 10 * 9
        elif word != "linh":
            hundred += values[word]
    return total + group + hundred


@pytest.mark.parametrize(("digits", "number"), [("I", 1), ("XIV", 14), ("XLIX", 49), ("C", 100), ("IIII", None)])
def test_roman_numbers_are_read_as_they_should_be_written(digits, number):
    assert roman_value(digits) == number
