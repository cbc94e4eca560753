"""Official numbers: how people type them, one key for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.law import official_numbers


@pytest.mark.parametrize(
    ("written", "clean", "key"),
    [
        ("31/2024/QH15", "31/2024/QH15", "31-2024-qh15"),
        ("Số: 100/2019/NĐ-CP", "100/2019/NĐ-CP", "100-2019-nd-cp"),
        ("Luật số: 33/2018/QH14", "33/2018/QH14", "33-2018-qh14"),
        ("100/2019/NÐ–CP", "100/2019/NĐ-CP", "100-2019-nd-cp"),  # Icelandic Ð, en dash
        ("766/qđ-ttg", "766/QĐ-TTg", "766-qd-ttg"),
        ("01/2021/QH15", "01/2021/QH15", "1-2021-qh15"),
        ("66.14/2026/NQ-CP", "66.14/2026/NQ-CP", "66-14-2026-nq-cp"),
        ("101-SL/L.003", "101-SL/L.003", "101-sl-l-3"),
        ("45 2019 qh14", "45 2019 QH14", "45-2019-qh14"),
        ("", "", ""),
        ("Không số", "", ""),
        ("522b/NQ-UBTVQH13", "522b/NQ-UBTVQH13", "522b-nq-ubtvqh13"),
        ("12/2020/QĐ-TTGT", "12/2020/QĐ-TTGT", "12-2020-qd-ttgt"),
    ],
)
def test_forms(written, clean, key):
    assert (official_numbers.clean_number(written), official_numbers.number_key(written)) == (clean, key)


@pytest.mark.parametrize(("number", "year"), [("15/2024/QĐ-UBND", 2024), ("766/QĐ-TTg", None), ("2024/QĐ-TTg", None)])
def test_the_year_follows_the_first_slash(number, year):
    assert official_numbers.year_of_number(number) == year


@pytest.mark.parametrize(
    ("number", "serial", "year", "type_code", "issuers"),
    [
        ("100/2019/NĐ-CP", "100", 2019, "NĐ", ("CP",)),
        ("31/2024/QH15", "31", 2024, "", ("QH15",)),
        ("766/QĐ-TTg", "766", None, "QĐ", ("TTg",)),
        ("66.14/2026/NQ-CP", "66.14", 2026, "NQ", ("CP",)),
        ("119/2013/TTLT-BTC-BNV", "119", 2013, "TTLT", ("BTC", "BNV")),
        ("05/1998/TTLT/TCCP-CCB", "05", 1998, "TTLT", ("TCCP", "CCB")),
        ("26/2004/TT-BGD&ĐT", "26", 2004, "TT", ("BGD&ĐT",)),
        ("64/2020/TT-", "64", 2020, "TT", ()),
        ("101-SL/L.003", "101", None, "SL", ("L.003",)),
        ("13/CP", "13", None, "", ("CP",)),
        ("522b/NQ-UBTVQH13", "522b", None, "NQ", ("UBTVQH13",)),
        ("00/0000/MAU", "00", 0, "", ("MAU",)),
    ],
)
def test_a_number_is_taken_apart_and_put_together_again(number, serial, year, type_code, issuers):
    parsed = official_numbers.parse_number(number)
    assert (parsed.serial, parsed.year, parsed.type_code, parsed.issuer_codes) == (serial, year, type_code, issuers)
    assert (str(parsed), parsed.is_cut_off) == (number, number.endswith("-"))


@pytest.mark.parametrize("text", ["", "Không số", "Luật Đất đai", "2024", "/2019/NĐ-CP", "100/2019/", "100/2019/NĐ CP"])
def test_what_is_no_number_is_none(text):
    assert official_numbers.parse_number(text) is None


@pytest.mark.parametrize(
    ("field", "several"),
    [
        ("01/2017/TT-BTC; 02/2017/TT-BTC", ["01/2017/TT-BTC", "02/2017/TT-BTC"]),
        ("Số: 1/2017/TT-BTC và 2/2017/TT-BYT", ["1/2017/TT-BTC", "2/2017/TT-BYT"]),
        ("01/2017/TT-BTC, BYT", ["01/2017/TT-BTC, BYT"]),
        ("Không số", []),
    ],
)
def test_a_field_may_hold_several_numbers(field, several):
    assert official_numbers.split_numbers(field) == several


@pytest.mark.parametrize(
    "typed",
    ["nd-cp 100 2019", "100/2019/nđ-cp", "Nghị định số 100/2019/NĐ-CP", "nghi dinh 100-2019 nd cp", "100 2019 nd cp"],
)
def test_people_type_numbers_in_many_ways(typed):
    assert official_numbers.typed_key(typed) == official_numbers.number_key("100/2019/NĐ-CP")


@given(st.text(max_size=40))
def test_whatever_parses_comes_back_and_nothing_raises(text):
    parsed = official_numbers.parse_number(text)
    assert parsed is None or str(parsed) == official_numbers.clean_number(text)
    official_numbers.typed_key(text)
    assert official_numbers.split_numbers(text) or not official_numbers.clean_number(text)


@given(st.text(max_size=40))
def test_cleaning_twice_is_cleaning_once_and_nothing_raises(text):
    once = official_numbers.clean_number(text)
    assert official_numbers.number_key(once) == official_numbers.number_key(text)
    official_numbers.number_slug(text)
    official_numbers.year_of_number(text)
