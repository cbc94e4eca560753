"""Programmes, coverage, plans, indicators and measurements as the API gives them."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.test import Client

from content.documents.models import LegalDocument
from content.plans import services
from content.plans.services import FileBytes
from content.plans.tiles import TILES
from tests.builders import a_document
from tests.builders_plans import (
    A_PDF,
    a_measurement_form,
    a_plan_form,
    a_public_measurement,
    a_public_plan,
    charge_everybody,
    committee,
    programme,
    without_real_plans,
)

pytestmark = pytest.mark.django_db


def test_programmes_name_their_acts(api):
    found = {each["key"]: each for each in api("get", "programmes").json()["results"]}
    assert {key: each["act_number"] for key, each in found.items()} == {
        "de-an-471": "471/QĐ-TTg", "de-an-766": "766/QĐ-TTg"
    }  # fmt: skip
    one = api("get", "programmes/de-an-766?lang=en").json()
    assert (one["name"][:7], one["valid_from"], one["valid_until"]) == ("Digital", "2025-04-15", "2031-01-01")
    assert api("get", "programmes/de-an-000").status_code == 404


def test_coverage_has_a_tile_for_each_province_and_counts_that_add_up(api):
    charge_everybody(due_on=datetime.date(2026, 1, 1))
    plan = a_public_plan()
    services.declare_none(programme(), committee("46-hue-2025"), on=datetime.date(2026, 2, 1), source="Công văn 1")
    found = api("get", "programmes/de-an-766/coverage?on=2026-06-01").json()
    tiles = {each["province"]["code"]: each for each in found["tiles"]}
    assert {code: (each["column"], each["row"]) for code, each in tiles.items()} == TILES
    assert len(set(TILES.values())) == 34
    assert sum(found["counts"].values()) == len(found["tiles"]) + len(found["ministries"])
    own = tiles["48"]
    assert (own["status"], own["plan"]["key"], own["since"]) == ("adopted", plan.key, "2025-08-01")
    assert (tiles["46"]["status"], tiles["46"]["plan"], tiles["46"]["since"]) == ("declared_none", None, "2026-02-01")
    assert {each["province"] for each in found["ministries"]} == {None}
    assert api("get", "programmes/de-an-766/coverage?on=2025-12-31").json()["counts"]["not_due"] > 0
    assert api("get", "programmes/de-an-766/coverage?on=2026-06-01&year=2026").json()["tiles"] == []
    for wrong in ("on=hôm nay", "year=26", "fields=on"):
        assert api("get", f"programmes/de-an-766/coverage?{wrong}").status_code == 400


def test_a_stranger_finds_no_draft_and_no_withdrawn_plan(api):
    without_real_plans()
    draft = services.write_plan(a_plan_form("46-hue-2025"))
    withdrawn = services.withdraw_plan(a_public_plan("01-ha-noi-2025"), reason="Nhập nhầm")
    public = a_public_plan()
    for gone, status in ((draft, 404), (withdrawn, 410)):
        answers = [api("get", f"plans/{gone.key}"), api("get", f"plans/{gone.key}/file")]
        assert [each.status_code for each in answers] == [status, status]
    assert (answers[0].json()["code"], "Nhập nhầm" in answers[0].json()["detail"]) == ("withdrawn", True)
    assert [each["key"] for each in api("get", "plans").json()["results"]] == [public.key]
    services.measure(a_measurement_form())
    assert not [
        each for each in api("get", "measurements").json()["results"] if each["source"] == "Báo cáo số 12/BC-UBND"
    ]


def test_a_document_that_is_not_public_any_more_is_not_named(api):
    document = a_document("3/2026/QH16")
    plan = a_public_plan(document=document)
    assert api("get", f"plans/{plan.key}").json()["document"]["key"] == document.key
    LegalDocument.objects.filter(pk=document.pk).update(status="draft", published_at=None)
    assert api("get", f"plans/{plan.key}").json()["document"] is None


def test_plans_are_filtered_and_their_file_is_the_one_that_was_given(api):
    without_real_plans()
    plan = a_public_plan(file=FileBytes("a.pdf", "application/pdf", A_PDF), year=2026)
    other = a_public_plan("46-hue-2025", adopted_on=datetime.date(2026, 1, 5))

    def keys(query):
        return [each["key"] for each in api("get", f"plans?{query}").json()["results"]]

    assert keys("programme=de-an-766") == [other.key, plan.key]
    assert (
        keys("province=48-da-nang-2025") == keys("organisation=ubnd-48-da-nang-2025") == keys("year=2026") == [plan.key]
    )
    assert keys("adopted_from=2026-01-01") == [other.key]
    services.correct_plan(
        other,
        a_plan_form("46-hue-2025", period_from=datetime.date(2026, 1, 1), adopted_on=datetime.date(2026, 1, 5)),
        reason="Thiếu thời gian",
    )
    assert (keys("status=corrected"), keys("status=published")) == ([other.key], [plan.key])
    assert api("get", f"plans/{other.key}").json()["status"] == "corrected"
    assert api("get", "plans?status=draft").status_code == 400
    assert keys("adopted_to=2025-12-31") == [plan.key]
    answer = Client().get(f"/api/v1/plans/{plan.key}/file")
    assert (answer.content, answer["Content-Type"]) == (A_PDF, "application/pdf")
    shown = api("get", f"plans/{plan.key}").json()
    assert shown["file_url"].endswith(f"/plans/{plan.key}/file")
    assert (shown["organisation"]["key"], shown["province"]["key"]) == ("ubnd-48-da-nang-2025", "48-da-nang-2025")
    assert api("get", f"plans/{other.key}").json()["file_url"] is None
    assert api("get", f"plans/{other.key}/file").status_code == 404


def test_the_plans_that_were_found_are_public_with_the_page_where_they_were_read(api):
    listed = api("get", "plans?programme=de-an-766").json()["results"]
    assert {each["number"] for each in listed} == {
        "5756/KH-UBND", "1956/KH-UBND", "184/KH-UBND", "671/KH-UBND", "1322/QĐ-UBND"
    }  # fmt: skip
    assert {(each["file_url"], each["document"], each["source_url"][:8]) for each in listed} == {
        (None, None, "https://")
    }  # fmt: skip
    charge_everybody()
    tiles = {each["province"]["code"]: each for each in api("get", "programmes/de-an-766/coverage").json()["tiles"]}
    assert (tiles["51"]["status"], tiles["51"]["plan"]["number"]) == ("inherited", "1956/KH-UBND")


def test_a_plan_says_whose_place_it_took_as_long_as_readers_may_see_that_one(api):
    former = a_public_plan(number="1/KH-UBND")
    plan = a_public_plan(replaces=former)
    assert api("get", f"plans/{plan.key}").json()["replaces"]["key"] == former.key
    assert api("get", f"plans/{former.key}").json()["replaces"] is None
    services.withdraw_plan(former, reason="Nhập nhầm")
    assert api("get", f"plans/{plan.key}").json()["replaces"] is None


def test_an_indicator_has_the_targets_that_were_read(api):
    found = api("get", "indicators/766-nguoi-dan-tiep-can").json()
    assert [(each["area"], each["value"], each["due_on"], each["operator"]) for each in found["targets"]] == [
        ("urban", "80", "2027-12-31", "at_least"), ("rural", "60", "2027-12-31", "at_least")
    ]  # fmt: skip
    assert (found["unit"], found["breakdown"], found["is_computed"]) == ("percent", "area", False)
    listed = api("get", "indicators").json()["results"]
    assert sum(not each["is_computed"] for each in listed) == 3


def test_a_correction_and_what_it_corrects_are_both_shown(api):
    first = a_public_measurement(province="48-da-nang-2025")
    form = a_measurement_form(
        province="48-da-nang-2025", value=Decimal(72), numerator=Decimal(18), denominator=Decimal(25)
    )
    services.approve(services.measure(form, replaces=first)[0])
    rows = api("get", "measurements?indicator=766-nguoi-dan-tiep-can&province=48-da-nang-2025").json()["results"]
    assert [(each["value"], each["numerator"], each["denominator"], each["is_replaced"]) for each in rows] == [
        ("72", "18", "25", False), ("71.5", None, None, True)
    ]  # fmt: skip


def test_measurements_as_csv_are_those_of_the_list_and_no_formulas(api):
    a_public_measurement(source="=1+1")
    answer = Client().get("/api/v1/measurements?format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == len(api("get", "measurements").json()["results"]) == 3
    assert rows[0]["source"] == "'=1+1"
    assert {(row["indicator"], row["value"], row["numerator"], row["denominator"]) for row in rows[1:]} == {
        ("471-tinh-co-ke-hoach", "53.968254", "34", "63"), ("471-bo-co-ke-hoach", "3", "", "")
    }  # fmt: skip
    assert api("get", "measurements?format=xml").status_code == 400


def test_changes_name_plans_and_indicators_and_their_addresses(api):
    plan, _ = a_public_plan(), a_public_measurement()
    changes = api("get", "changes?after=0").json()["results"]
    assert [(each["event_type"], each["object"], each["subject"]) for each in changes] == [
        ("plan.adopted", "plan", plan.key), ("indicator.measured", "indicator", "766-nguoi-dan-tiep-can")
    ]  # fmt: skip
    for each in changes:
        assert api("get", each["url"].partition("/api/v1/")[2]).status_code == 200
    services.withdraw_plan(plan, reason="Nhập nhầm")
    withdrawn = api("get", "changes?after=0").json()["results"][-1]
    assert (withdrawn["event_type"], "title" in withdrawn["facts"]) == ("plan.withdrawn", False)
    assert withdrawn["is_tombstone"] is True
