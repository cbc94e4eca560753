"""Tables of plans and measurements: numbers in both notations, a report by line, a repeat changes nothing."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from content.errors import RuleBroken
from content.plans import tables
from content.plans.decimals import parse_decimal
from content.plans.models import Duty, Measurement, Plan

PLAN_HEAD = "programme,organisation,title,number,year,adopted_on,period_from,period_until,source_url"
MEASUREMENT_HEAD = (
    "indicator,province,organisation,area,period_from,period_until,value,numerator,denominator,source,source_url"
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("80", "80"), ("80,5", "80.5"), ("80.5", "80.5"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"), ("1.234.567", "1234567"), ("1,234,567.25", "1234567.25"), ("-3,25", "-3.25"),
        ("0,123", "0.123"), ("12.3456", "12.3456"),
    ],
)  # fmt: skip
def test_both_decimal_marks_are_read(written, value):
    assert parse_decimal(written) == Decimal(value)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.234", "unclear_number"), ("12,345", "unclear_number"), ("1.234.5", "not_a_number"),
        ("1,234,5", "not_a_number"), ("80%", "not_a_number"), ("", "not_a_number"), ("1e5", "not_a_number"),
        ("NaN", "not_a_number"), ("٣", "not_a_number"), ("1.234,567.8", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_unclear_or_no_number_is_refused(written, code):
    with pytest.raises(RuleBroken) as refusal:
        parse_decimal(written)
    assert refusal.value.code == code


@given(st.decimals(-(10**8), 10**8, places=2))
def test_a_number_is_read_as_it_is_written_in_either_notation(number):
    english = f"{number:,.2f}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    assert parse_decimal(english) == parse_decimal(vietnamese) == number


@given(st.text(max_size=12))
def test_any_text_gives_a_number_or_a_refusal(text):
    try:
        assert isinstance(parse_decimal(text), Decimal)
    except RuleBroken as refusal:
        assert refusal.code in ("unclear_number", "not_a_number")


def outcomes(report):
    return [(each.line, each.outcome.value) for each in report]


@pytest.mark.django_db
def test_plans_are_entered_by_line_and_a_repeat_changes_nothing():
    text = "\n".join([
        PLAN_HEAD,
        "de-an-766,Ủy ban nhân dân thành phố Đà Nẵng,Kế hoạch,12/KH-UBND,,2025-08-01,,,https://example.org/a.pdf",
        "de-an-766,ubnd-62-kon-tum,Kế hoạch,9/KH-UBND,,01/05/2025,,,https://example.org/b.pdf",
        "de-an-000,ubnd-62-kon-tum,Kế hoạch,9/KH-UBND,,,,,",
        "de-an-766,ubnd-46-hue-2025,Kế hoạch,1/KH-UBND,,2025-02-30,,,",
        "de-an-766,ubnd-46-hue-2025,Kế hoạch,1/KH-UBND,,,,,",
        "de-an-766,Ủy ban không có,Kế hoạch,1/KH-UBND,,,,,https://example.org/c.pdf",
        "de-an-766,ubnd-46-hue-2025",
    ])  # fmt: skip
    first = list(tables.import_plans(text, publish=True))
    refused = [(line, "refused") for line in (4, 5, 6, 7, 8)]
    assert outcomes(first) == [(2, "entered"), (3, "entered"), *refused]
    assert not Plan.objects.filter(adopter__key="ubnd-46-hue-2025", status="published").exists()
    stored = (
        Plan.objects.filter(status="published", number__in=["12/KH-UBND", "9/KH-UBND"])
        .order_by("pk")
        .values_list("adopter__key", flat=True)
    )
    assert list(stored) == ["ubnd-48-da-nang-2025", "ubnd-62-kon-tum"]
    again = list(tables.import_plans(text, publish=True))
    assert outcomes(again)[:2] == [(2, "unchanged"), (3, "unchanged")]


@pytest.mark.django_db
def test_measurements_are_entered_by_line_and_a_repeat_changes_nothing(tmp_path, capsys):
    file = tmp_path / "do.csv"
    row = "766-nguoi-dan-tiep-can,{province},,urban,2026-01-01,2026-07-01,{value},,,Báo cáo 12,"
    lines = [
        ("48", '"71,5"'),
        ("Huế", "71.5"),
        ("48", '"1,234"'),
        ("62-kon-tum", "70"),
        ("Nơi Khác", "70"),
        ("01", "120"),
    ]
    rows = [row.format(province=province, value=value) for province, value in lines]
    file.write_text("\ufeff" + "\n".join([MEASUREMENT_HEAD, *rows]), encoding="utf-8")
    call_command("import_measurements", str(file), "--publish")
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0].rpartition(":")[2] for line in said[:-1]] == ["4", "5", "6", "7"]
    assert said[-1] == "2 entered, 0 unchanged, 4 refused"
    stored = Measurement.objects.filter(source="Báo cáo 12")
    assert {(each.province.key, each.value) for each in stored} == {
        ("48-da-nang-2025", Decimal("71.5")), ("46-hue-2025", Decimal("71.5"))
    }  # fmt: skip
    call_command("import_measurements", str(file), "--publish")
    assert capsys.readouterr().out.splitlines()[-1] == "0 entered, 2 unchanged, 4 refused"


@pytest.mark.django_db
def test_a_file_with_other_columns_enters_nothing(tmp_path):
    file = tmp_path / "ke-hoach.csv"
    file.write_text("programme,title\nde-an-766,Kế hoạch\n", encoding="utf-8")
    for command in ("import_plans", "import_measurements"):
        with pytest.raises(CommandError, match="organisation"):
            call_command(command, str(file))


@pytest.mark.django_db
def test_the_command_charges_who_owes_a_plan_with_its_basis(capsys):
    call_command("charge_plans", "de-an-766", "--of=provinces", "--basis=Điều 2", "--due-on=2026-01-01")
    assert capsys.readouterr().out.strip() == "34 new duties"
    assert {str(each.due_on) for each in Duty.objects.all()} == {"2026-01-01"}
    call_command("charge_plans", "de-an-766", "--of=provinces", "--basis=Điều 2")
    assert capsys.readouterr().out.strip() == "0 new duties"
    with pytest.raises(CommandError):
        call_command("charge_plans", "de-an-000", "--of=ministries", "--basis=Điều 2")


@pytest.mark.django_db
def test_an_adopter_is_the_body_that_had_the_name_on_the_day():
    line = "de-an-766,Ủy ban nhân dân tỉnh Quảng Ngãi,Kế hoạch,{number}/KH-UBND,,{day},,,https://example.org/a.pdf"
    days = ("2025-05-01", "2025-08-01")
    text = "\n".join([PLAN_HEAD, *(line.format(number=number, day=day) for number, day in enumerate(days))])
    assert outcomes(tables.import_plans(text)) == [(2, "entered"), (3, "entered")]
    adopters = Plan.objects.filter(source_url="https://example.org/a.pdf").order_by("pk")
    assert [each.adopter.key for each in adopters] == ["ubnd-51-quang-ngai", "ubnd-51-quang-ngai-2025"]
