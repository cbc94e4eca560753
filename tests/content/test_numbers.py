"""Official numbers: how people type them, one key for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.documents import numbers


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
    ],
)
def test_forms(written, clean, key):
    assert (numbers.clean(written), numbers.key(written)) == (clean, key)


@pytest.mark.parametrize(("number", "year"), [("15/2024/QĐ-UBND", 2024), ("766/QĐ-TTg", None), ("2024/QĐ-TTg", None)])
def test_the_year_stands_behind_the_first_slash(number, year):
    assert numbers.year(number) == year


@given(st.text(max_size=40))
def test_cleaning_twice_is_cleaning_once_and_nothing_raises(text):
    once = numbers.clean(text)
    assert numbers.key(once) == numbers.key(text)
    numbers.address(text)
    numbers.year(text)
