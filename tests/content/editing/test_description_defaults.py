"""Defaults from the number and warnings about days: help for the editor, who decides."""

import datetime

import pytest

from content.editing.date_warnings import date_warnings
from content.organisations.models import Organisation
from content.publishing import number_symbols
from tests.builders import a_record

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)


def codes(**columns):
    """Codes of the odd dates of a record; days as ISO texts."""
    days = ("issued_on", "effective_on", "expires_on", "gazette_on")
    columns = {"effective_on": None} | columns
    columns = {n: datetime.date.fromisoformat(v) if n in days and v else v for n, v in columns.items()}
    number = columns.pop("number", "1/2025/QH15")
    record = a_record(number, **columns)
    found = date_warnings(record, Organisation.objects.get(name=record.issuer), today=TODAY)
    return [odd.code for odd in found if columns["effective_on"] or odd.code != "no_first_day"]


@pytest.mark.parametrize(
    ("effective", "found"), [("2025-08-14", ["effect_early"]), ("2025-08-15", []), ("2025-07-01", ["effect_early"])]
)
def test_a_central_act_waits_45_days(effective, found):
    assert codes(issued_on="2025-07-01", effective_on=effective) == found


@pytest.mark.parametrize(("effective", "found"), [("2025-07-10", ["effect_early"]), ("2025-07-11", [])])
def test_a_local_act_waits_10_days(effective, found):
    local = {"doc_type": "decision", "number": "1/2025/QĐ-UBND", "issuer": "Ủy ban nhân dân cấp tỉnh"}
    assert codes(**local, issued_on="2025-07-01", effective_on=effective) == found


@pytest.mark.parametrize(
    "columns",
    [
        {"issued_on": "2012-06-20", "number": "1/2012/QH13"},  # before the rule as we know it
        {"doc_type": "decision", "number": "766/QĐ-TTg", "issuer": "Thủ tướng Chính phủ", "issued_on": "2025-04-15"},
    ],
)
def test_what_the_rule_is_not_about_is_not_warned_of(columns):
    assert codes(**columns, effective_on=columns["issued_on"]) == []


def test_the_rule_named_is_the_one_of_the_day_of_issue():
    def rule(day):
        record = a_record(issued_on=day, effective_on=day)
        odd = date_warnings(record, Organisation.objects.get(name="Quốc hội"), today=TODAY)
        return [each.message.partition(". ")[2] for each in odd if each.code == "effect_early"]

    wait = "yêu cầu 45 ngày, trừ trường hợp theo trình tự rút gọn."
    assert rule(datetime.date(2025, 4, 1)) == [f"Điều 53 Luật số 64/2025/QH15 {wait}"]
    assert rule(datetime.date(2025, 3, 31)) == [f"Điều 151 Luật số 80/2015/QH13 {wait}"]


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("issued_in_future", {"issued_on": "2026-11-25", "number": "1/2026/QH16"}),
        ("effect_before_issue", {"issued_on": "2025-07-01", "effective_on": "2025-06-30"}),
        (
            "expires_before_effect",
            {"issued_on": "2025-01-01", "effective_on": "2025-07-01", "expires_on": "2025-07-01"},
        ),
        ("gazette_before_issue", {"issued_on": "2025-07-01", "gazette_on": "2025-06-30"}),
        ("other_year", {"issued_on": "2024-07-01"}),
        (
            "issuer_not_there",
            {
                "issued_on": "2024-07-01",
                "number": "1/2024/TT-BNNMT",
                "doc_type": "circular",
                "issuer": "Bộ Nông nghiệp và Môi trường",
            },
        ),
    ],
)
def test_days_that_contradict_one_another_are_warned_of(code, columns):
    assert codes(**columns) == [code]


@pytest.mark.parametrize(
    ("number", "kind", "body"),
    [
        ("31/2024/QH15", "law", "QH"),
        ("01/2024/UBTVQH15", "ordinance", "UBTVQH"),
        ("100/2019/NĐ-CP", "decree", "CP"),
        ("Số: 766/QĐ-TTg", "decision", "TTg"),
        ("nd-cp", "decree", "CP"),
        ("12/2016/TTLT-BTC-BTP", "joint_circular", "BTC"),
        ("66.14/2026/NQ-CP", "resolution", "CP"),
        ("03/VBHN-VPQH", "consolidated_text", None),
        ("18-L/CTN", "law", "QH"),
        ("05/2024/L-CTN", "order", "CTN"),
        ("102-SL/L-004", "law", "QH"),
        ("bất kỳ", None, None),
        ("", None, None),
    ],
)
def test_type_and_issuer_are_guessed_from_the_number(number, kind, body):
    found, organisation = number_symbols.type_and_issuer_of(number)
    assert (found, organisation and organisation.code) == (kind, body)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("QUỐC HỘI\nLuật số: 88/2025/QH15\n", "88/2025/QH15"),
        ("CHÍNH PHỦ\nSố: 100/2019/NĐ-CP\n", "100/2019/NĐ-CP"),
        ("Số điện thoại 0123\nkhông có gì", ""),
    ],
)
def test_the_number_is_found_in_the_head_of_a_text(text, number):
    assert number_symbols.first_official_number(text) == number
