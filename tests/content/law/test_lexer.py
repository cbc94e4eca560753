"""The words of references: names of units, numbers of documents, days; and that all readers read them alike."""

import datetime
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from content.law.eids import eid_of_path, eid_of_steps
from content.law.grammar import cited_eids, cited_units, without_units
from content.law.known_names import KnownNames
from content.law.lexer import unit_names as unit_lexer
from content.law.lexer.document_words import (
    ACT_WORD,
    DAY,
    THIS_ACT,
    date_of,
    day_numbers,
    folded_numbers,
    printed_numbers,
    unsplit,
)
from content.law.lexer.unit_lexicon import ANY_UNIT, ARTICLE_LABEL, THIS_UNIT, UNIT, UNIT_MARK, typed_unit
from content.law.lexer.unit_names import MAX_FILLED, THIS, numbers_of, unit_names
from content.law.mentions import read_mentions
from content.law.units import UnitKind
from content.text.quick_patterns import matches_quickly
from content.text.vietnamese import fold, fold_letters
from content.typed_citations.units import split_typed_unit

NO_NAMES = KnownNames()


def names_in(text, **options):
    return [(name.kind, name.numbers) for name in unit_names(text, **options) if name.numbers]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("các khoản 1, 2 và 3", [(UnitKind.CLAUSE, ["1", "2", "3"])]),
        ("CÁC KHOẢN 1, 2", [(UnitKind.CLAUSE, ["1", "2"])]),
        ("cac khoan 1, 2 va 3", [(UnitKind.CLAUSE, ["1", "2", "3"])]),
        ("các điều 6, 12 ,13 và 17", [(UnitKind.ARTICLE, ["6", "12", "13", "17"])]),
        ("các điều từ 38 đến 41", [(UnitKind.ARTICLE, ["38", "39", "40", "41"])]),
        ("từ khoản 1 tới khoản 3", [(UnitKind.CLAUSE, ["1", "2", "3"])]),
        ("các điểm từ a đến e", [(UnitKind.POINT, ["a", "b", "c", "d", "đ", "e"])]),
        ("Chương II đến Chương V", [(UnitKind.CHAPTER, ["II", "III", "IV", "V"])]),
        ("các điều 18, 29, 22, 23", [(UnitKind.ARTICLE, ["18", "29", "22", "23"])]),  # «29» is a misprint of 19
        ("khoản 4 khoản 5 Điều 10", [(UnitKind.CLAUSE, ["4", "5"]), (UnitKind.ARTICLE, ["10"])]),
        ("khoản 1Điều 110", [(UnitKind.CLAUSE, ["1"]), (UnitKind.ARTICLE, ["110"])]),
        ("quy định tạiĐiều 62", [(UnitKind.ARTICLE, ["62"])]),
        ("quy định tạikhoản 4", [(UnitKind.CLAUSE, ["4"])]),
        ("Điều 3(2)(a)", [(UnitKind.ARTICLE, ["3"]), (UnitKind.CLAUSE, ["2"]), (UnitKind.POINT, ["a"])]),
        ("đ.a, k.2 Đ.3", [(UnitKind.POINT, ["a"]), (UnitKind.CLAUSE, ["2"]), (UnitKind.ARTICLE, ["3"])]),
        ("khoản này và Điều này", [(UnitKind.CLAUSE, [THIS]), (UnitKind.ARTICLE, [THIS])]),
        ("Điều 9 năm 2020", [(UnitKind.ARTICLE, ["9"])]),
        ("tiểu mục 2 Mục 1", [(UnitKind.SUBSECTION, ["2"]), (UnitKind.SECTION, ["1"])]),
        ("Mẫu số 01/ĐK Phụ lục II", [(UnitKind.FORM, ["01/ĐK"]), (UnitKind.ANNEX, ["II"])]),
        ("điểm A khoản 1", [(UnitKind.POINT, ["a"]), (UnitKind.CLAUSE, ["1"])]),
        ("phần thứ nhất", [(UnitKind.PART, ["thứ nhất"])]),
    ],
)
def test_names_of_units(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "điều kiện", "khoán 10", "bằng hai phần ba tổng số", "khoản 5 triệu đồng", "Điều 5 người", "các điểm M1, M2",
        "quan điểm ra quyết định", "điểm y tế", "vườn Điều 5", "điểm c là điểm em thấp nhất", "Phần 2 của phim",
        "tên Điều", "hiệnđiều 5",
    ],
)  # fmt: skip
def test_words_that_name_no_unit(text):
    assert names_in(text) == []


def test_a_list_ends_at_the_bracket_around_it():
    text = "khoản 5 (trừ điểm a khoản 6), khoản 7"
    assert names_in(text)[-2:] == [(UnitKind.CLAUSE, ["6"]), (UnitKind.CLAUSE, ["7"])]


def test_units_in_lines_of_their_own_are_no_list():
    assert names_in("Chương 11\n\t\nChương 12") == [(UnitKind.CHAPTER, ["11"]), (UnitKind.CHAPTER, ["12"])]


def test_units_that_repeat_their_word_are_one_name_only_where_that_is_asked_for():
    assert names_in("khoản 1, khoản 2") == [(UnitKind.CLAUSE, ["1", "2"])]
    assert names_in("khoản 1, khoản 2", joins_named=False) == [(UnitKind.CLAUSE, ["1"]), (UnitKind.CLAUSE, ["2"])]


def test_a_range_that_is_too_wide_is_cut():
    (name,) = unit_names("từ Điều 1 đến Điều 9999")
    assert (name.numbers, name.is_cut) == (["1", "9999"], True)
    assert sum(len(name.numbers) for name in unit_names("Điều 1 đến Điều 900; " * 3)) < 2 * MAX_FILLED


PIECES = some.sampled_from(
    ["điểm ", "khoản ", "Điều ", "các ", "1", "2a", "đ", ", ", "; ", " và ", " đến ", "này ", "(", ")", " của ", "\n",
     "Phụ lục ", "II ", "tại", "mục ", "năm 2024", "“", "”", " ", "k.2 ", "Đ.3 "]
)  # fmt: skip


@given(some.lists(PIECES, max_size=30).map("".join) | some.text(max_size=60))
def test_names_of_any_text_are_in_order_and_never_overlap(text):
    found = [name for name in unit_names(text) if name.numbers]
    assert all(0 <= name.start < name.end <= len(text) for name in found)
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))
    assert all(len(name.numbers) == len(name.places) for name in found)


UNITS = some.tuples(
    some.sampled_from(["", "a", "đ", "h"]),
    some.sampled_from(["", "1", "12", "2a"]),
    some.sampled_from(["5", "135", "7b"]),
)


@given(UNITS, some.sampled_from([str, str.lower, str.upper]), some.booleans())
def test_all_readers_read_a_unit_alike(unit, in_case, is_folded):
    point, clause, article = unit
    point = point if clause else ""
    words = " ".join(
        f"{word} {number}"
        for word, number in (("điểm", point), ("khoản", clause), ("Điều", article))
        if number
    )  # fmt: skip
    words = fold(words) if is_folded and point != "đ" else in_case(words).replace("2A", "2a").replace("7B", "7b")
    steps = [(UnitKind.ARTICLE, article), (UnitKind.CLAUSE, clause), (UnitKind.POINT, point)]
    eid = eid_of_steps(step for step in steps if step[1])
    assert [each.eid for each in cited_units(words)] == [eid]
    assert cited_eids(words) == [eid]
    assert [[eid_of_path(path) for path in each.units] for each in read_mentions(words, NO_NAMES)] == [[eid]]
    assert split_typed_unit(words.lower()) == ("", eid)


def test_the_words_besides_units():
    assert without_units("khoản 2 Điều 1 và Chương 3 của Luật").split() == ["và", "của", "Luật"]
    assert without_units("đất đai") == "đất đai"


def test_numbers_that_acts_print():
    text = "số 31/2024/QH15, 766/QĐ-TTg, 101-SL/L.003, 38/2010/TT-BGDĐTngày 20, 66.14/2025/NQ-CP, 1/2, km/h"
    assert [match[0] for match in printed_numbers(text)] == [
        "31/2024/QH15", "766/QĐ-TTg", "101-SL/L.003", "38/2010/TT-BGDĐT", "66.14/2025/NQ-CP"
    ]  # fmt: skip


def test_numbers_in_any_case():
    text = fold_letters("100/2019/nđ-cp và 15 / 2012 / qh13, 1/2")
    assert [match[0] for match in folded_numbers(text)] == ["100/2019/nd-cp", "15 / 2012 / qh13"]


@pytest.mark.parametrize(
    "text",
    [
        "ngày 01 tháng 7 năm 2024",
        "ngày 1/7/2024",
        "ngày 01-07-2024",
        "ngày 1 / 7 / 2024",
        "ngày 01tháng 7 năm 2024",
        "ngày mồng 1 tháng 7 năm 2024",
    ],
)
def test_days(text):
    assert date_of(re.fullmatch(DAY, text).groups()) == datetime.date(2024, 7, 1)


def test_days_with_names_and_with_months_in_words():
    named = re.fullmatch(day_numbers("?P<d>", "?P<m>", "?P<y>", number_of_month="bảy|[0-9]+"), "1 tháng bảy năm 2024")
    assert named.groupdict() == {"d": "1", "m": "bảy", "y": "2024"}
    assert re.fullmatch(day_numbers("?:", "?:", "?:"), "1/7/2024").groups() == ()


@pytest.mark.parametrize("parts", [("30", "2", "2024"), ("1", "1", "0204"), ("1", "13", "2024")])
def test_days_that_do_not_exist(parts):
    assert date_of(parts) is None


def test_words_for_acts():
    assert re.fullmatch(THIS_ACT, "Thông tư liên tịch này")
    assert not re.fullmatch(THIS_ACT, "Báo cáo này")
    assert [match[0] for match in re.finditer(ACT_WORD, "Tư Lệnh theo Lệnh và Bộ luật")] == ["Lệnh", "Bộ luật"]


def test_numbers_that_blanks_divide_are_put_together():
    assert unsplit("số 168 / 2024/ NĐ-CP và 5 / ngày") == "số 168/2024/NĐ-CP và 5/ ngày"


def test_words_for_units():
    assert re.findall(UNIT, "tại điểm a khoản 2 Điều 5 Chương I") == ["điểm", "khoản", "Điều"]
    assert re.fullmatch(THIS_UNIT, "Điều này")
    assert not re.match(THIS_UNIT, "Chương này")
    assert all(re.fullmatch(ANY_UNIT, word, re.IGNORECASE) for word in ("phụ lục", "mẫu", "tiểu mục", "đoạn", "tiết"))
    assert all(re.fullmatch(typed_unit(UnitKind.ARTICLE), word) for word in ("điều", "đieu", "dieu"))


@pytest.mark.parametrize("mark", ["Điều 5. ", "Điều 5a :", "12. ", "5a. ", "1) ", "đ) ", "a2) "])
def test_marks_with_which_units_begin(mark):
    assert re.match(UNIT_MARK, mark + "Phạm vi")[0] == mark


@pytest.mark.parametrize("text", ["Điều 5 của Luật này", "2024. Năm", "và) ", "khoản 2"])
def test_words_that_begin_no_unit(text):
    assert not re.match(UNIT_MARK, text)


def test_the_label_of_an_article_needs_no_sign():
    assert re.match(ARTICLE_LABEL, "Điều 5 Phạm vi")[0] == "Điều 5"
    assert re.match(ARTICLE_LABEL, "Điều 5.Phạm vi")[0] == "Điều 5."


def test_the_numbers_of_all_names_of_a_kind():
    assert numbers_of(UnitKind.ANNEX, "Phụ lục I, II và Phụ lục V.1; Mẫu số 01; phụ lục này") == ["I", "II", "V.1"]
    assert numbers_of(UnitKind.ANNEX, "các phụ lục kèm theo") == []


_PIECES = (
    "Điều", "ĐIỀU ", "điểm", "khoản ", "các ", "Những ", "phần", "mục ", "đ.", "k.2 ", "Đ.3 ", "tại", "5", " 2", "a",
    ".", "i", "İ", "K",
)  # fmt: skip


@given(some.lists(some.sampled_from(_PIECES), max_size=12).map("".join))
def test_words_for_units_are_found_where_the_whole_pattern_finds_them(text):
    whole = [match.span() for match in unit_lexer._UNIT_WORD.finditer(text)]
    assert [match.span() for match in matches_quickly(unit_lexer._UNIT_WORD, unit_lexer._MAY_BEGIN, text)] == whole


@pytest.mark.parametrize("text", ["đıều 5", "các đıểm a và b", "mẫu ſố 5"])
def test_a_word_with_a_letter_of_another_alphabet_is_no_unit(text):
    assert names_in(text) == []
