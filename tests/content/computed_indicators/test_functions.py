"""Computed indicators: what each function counts, stored once at the turn of the month, provisional before."""

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Q
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from content.changes.models import Change
from content.computed_indicators import functions
from content.computed_indicators.functions import Month, month_of
from content.computed_indicators.indicators import store_missing_indicators
from content.computed_indicators.services import store_finished_months
from content.contests import services as contests
from content.contests.models import Entry, Round
from content.dissemination.choices import DisseminationForm
from content.dissemination.models import Placement
from content.documents.models import LegalDocument
from content.media.models import Material
from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.plans import services
from content.plans.models import REPORTED, Indicator, Measurement, Programme
from content.qa.models import Answer, Question
from content.sync.models import Peer
from content.topics.choices import Audience, ContentLanguage
from content.vietnam_time import VIETNAM_TIME, today
from tests.builders import a_document, a_local_document, a_question, an_answered_question
from tests.builders_contests import a_planned_contest, a_running_contest, an_entry
from tests.builders_dissemination import a_placement, an_outlet, placed
from tests.builders_media import a_material
from tests.builders_plans import (
    a_measurement_form,
    a_plan_form,
    a_public_measurement,
    a_public_plan,
    charge_everybody,
    committee,
    programme,
    without_real_plans,
)

NOVEMBER = Month(datetime.date(2026, 11, 1))
DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))


def values(method, month=NOVEMBER):
    """{province, "" of the whole country: (value, numerator, denominator)}."""
    indicator = Indicator.objects.get(method=method)
    keys = dict(Province.objects.values_list("pk", "key"))
    return {
        keys.get(each.province, ""): (each.value, each.numerator, each.denominator)
        for each in functions.compute(indicator, month)
    }


def at(year, month, day, hour=12):
    return datetime.datetime(year, month, day, hour, tzinfo=VIETNAM_TIME)


@given(DAYS)
def test_every_day_is_in_exactly_one_month(day):
    month = month_of(day)
    assert month.first <= day < month.until
    assert month_of(month.until).first == month.until
    assert month_of(month.last) == month


@pytest.mark.django_db
def test_every_computed_indicator_has_a_function_and_every_function_its_words():
    store_missing_indicators()
    methods = {each.method.partition(":")[0] for each in Indicator.objects.exclude(method=REPORTED)}
    assert methods == set(functions.FUNCTIONS)
    words = (Path(__file__).parents[3] / "docs/indicators.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_]+)", words, re.MULTILINE)) == methods


@pytest.mark.django_db
def test_materials_have_an_indicator_for_each_audience_and_language():
    known = set(Indicator.objects.values_list("method", flat=True))
    assert {f"materials_for:{each}" for each in Audience.values} <= known
    assert {f"materials_in:{each}" for each in ContentLanguage.values} <= known


@pytest.mark.django_db
def test_duties_fulfilled_are_those_with_a_plan_of_their_own():
    without_real_plans()
    charge_everybody(due_on=datetime.date(2026, 1, 1))
    a_public_plan("48-da-nang-2025")
    services.publish_plan(services.write_plan(plan_of_kon_tum()))
    found = values("duties_fulfilled")
    assert found[""][1] == 1 and found[""][2] > 34
    assert found["48-da-nang-2025"] == (100, 1, 1)
    assert found["51-quang-ngai-2025"] == (0, 0, 1)  # it only inherited one
    assert "46-hue-2025" not in values("duties_fulfilled", Month(datetime.date(2025, 12, 1)))  # not due yet


def plan_of_kon_tum():
    return a_plan_form("62-kon-tum", adopted_on=datetime.date(2025, 5, 1))


@pytest.mark.django_db
def test_questions_in_time_are_those_answered_by_their_due_day_and_few_are_not_shown():
    rows = [an_answered_question() for _ in range(3)] + [a_question() for _ in range(2)]
    closed = a_question()
    Question.objects.filter(pk=closed.pk).update(status="closed", resolution="rejected", due_on=None)
    Question.objects.update(asked_at=at(2026, 11, 2))  # 15 working days: due on 23 November
    answered = Answer.objects.filter(question__in=rows)
    answered.update(approved_at=at(2026, 11, 23, 23))
    late = answered.order_by("pk").first()
    Answer.objects.filter(pk=late.pk).update(approved_at=at(2026, 11, 24, 1))
    assert values("questions_answered_in_time") == {"": (40, 2, 5)}
    assert values("questions_answered_in_time", Month(datetime.date(2026, 12, 1))) == {}
    Question.objects.filter(pk=rows[0].pk).update(source="chép từ nơi khác")
    assert values("questions_answered_in_time") == {}  # of four people nothing is said


@pytest.mark.django_db
def test_documents_in_time_are_counted_in_the_month_of_their_fifteenth_day():
    early = a_local_document("1/2026/QĐ-UBND", province="48-da-nang-2025", issued_on=datetime.date(2026, 10, 20))
    late = a_local_document("2/2026/QĐ-UBND", province="48-da-nang-2025", issued_on=datetime.date(2026, 10, 20))
    before = a_document("3/2026/QH16", issued_on=datetime.date(2026, 10, 1))
    for document, published_at in ((early, at(2026, 11, 4, 23)), (late, at(2026, 11, 5, 1)), (before, at(2026, 10, 2))):
        LegalDocument.objects.filter(pk=document.pk).update(published_at=published_at)
    assert values("documents_public_in_time") == {"": (50, 1, 2), "48-da-nang-2025": (50, 1, 2)}
    assert values("documents_public_in_time", Month(datetime.date(2026, 10, 1))) == {"": (100, 1, 1)}


@pytest.mark.django_db
def test_a_late_document_counts_in_the_month_in_which_it_became_public_and_an_old_one_never():
    late = a_local_document("1/2026/QĐ-UBND", province="48-da-nang-2025", issued_on=datetime.date(2026, 9, 1))
    old = a_document("3/2019/QH14", issued_on=datetime.date(2019, 6, 14))  # before the programme
    LegalDocument.objects.filter(pk__in=[late.pk, old.pk]).update(published_at=at(2026, 11, 10))
    assert values("documents_public_in_time", Month(datetime.date(2026, 9, 1))) == {}
    assert values("documents_public_in_time") == {"": (0, 0, 1), "48-da-nang-2025": (0, 0, 1)}


@pytest.mark.django_db
def test_a_province_that_was_merged_counts_for_its_successor():
    document = a_local_document("1/2025/QĐ-UBND", province="62-kon-tum", issued_on=datetime.date(2025, 6, 25),
                                effective_on=datetime.date(2025, 7, 1))  # fmt: skip
    LegalDocument.objects.filter(pk=document.pk).update(published_at=at(2025, 6, 26))
    assert values("documents_public_in_time", Month(datetime.date(2025, 7, 1))) == {
        "": (100, 1, 1), "51-quang-ngai-2025": (100, 1, 1)
    }  # fmt: skip


@pytest.mark.django_db
def test_materials_are_counted_by_language_and_audience_as_on_the_last_day():
    for audiences in (["students"], ["students", "officials"]):
        material = a_material(audiences=audiences)
        Material.objects.filter(pk=material.pk).update(published_at=at(2026, 11, 30, 23))
    later = a_material(audiences=["students"])
    Material.objects.filter(pk=later.pk).update(published_at=at(2026, 12, 1, 1))
    assert values("materials_for:students")[""] == (2, None, None)
    assert values("materials_for:officials")[""] == (1, None, None)
    assert values("materials_in:vi")[""] == (2, None, None)
    assert values("materials_in:km") == {"": (0, None, None)}


@pytest.mark.django_db
def test_placements_are_counted_by_form_in_the_month_and_the_province_of_the_outlet():
    store_missing_indicators()
    assert {f"placements_as:{each}" for each in DisseminationForm.values} <= set(
        Indicator.objects.values_list("method", flat=True)
    )
    ward = an_outlet(organisation=committee("48-da-nang-2025"))
    rows = [placed(a_placement(ward)), placed(a_placement()), placed(a_placement(ward, form="direct"))]
    waiting, sample, late = a_placement(ward), placed(a_placement(ward)), placed(a_placement(ward))
    assert waiting.status == "queued"
    Placement.objects.filter(status="placed").update(placed_at=at(2026, 11, 30, 23))
    Placement.objects.filter(pk=late.pk).update(placed_at=at(2026, 12, 1, 0))
    Material.objects.filter(key=sample.subject_key).update(is_sample=True)
    assert values("placements_as:mass_media") == {"": (2, None, None), "48-da-nang-2025": (1, None, None)}
    assert values("placements_as:direct") == {"": (1, None, None), "48-da-nang-2025": (1, None, None)}
    assert values("placements_as:culture") == {"": (0, None, None)}
    assert values("placements_as:mass_media", Month(datetime.date(2026, 12, 1)))[""] == (1, None, None)
    assert rows[0].subject_key != rows[1].subject_key


@pytest.mark.django_db
def test_portals_in_sync_are_those_followed_that_answered_within_a_day():
    store_missing_indicators()
    assert values("portals_in_sync", month_of(today())) == {}  # nobody is followed: nothing is said
    now, long_ago = timezone.now(), timezone.now() - datetime.timedelta(hours=25)
    for name, state, last_ok_at, scope in (
        ("a", "following", now, ["48-da-nang-2025"]), ("b", "following", long_ago, ["ubnd-49-quang-nam"]),
        ("c", "away", now, ["62-kon-tum"]), ("d", "loading", now, []), ("e", "forked", now, []),
        ("f", "paused", now, []), ("g", "new", now, []), ("h", "following", None, ["bo-tu-phap"]),
    ):  # fmt: skip
        columns = {"url": f"https://{name}.vn", "keys": {"k": {}}, "scope": scope}
        Peer.objects.create(key=f"{name}.vn", state=state, last_ok_at=last_ok_at, **columns)
    found = values("portals_in_sync", month_of(today()))
    assert found[""][1:] == (1, 6)
    assert (found["48-da-nang-2025"], found["51-quang-ngai-2025"]) == ((25, 1, 4), (0, 0, 3))


@pytest.mark.django_db
def test_a_portal_that_speaks_for_all_counts_for_each_province_of_that_day():
    store_missing_indicators()
    Peer.objects.create(
        key="a.vn", url="https://a.vn", keys={"k": {}}, scope=[], state="following", last_ok_at=timezone.now()
    )
    found = values("portals_in_sync", month_of(today()))
    assert set(found) == {"", *valid_on(Province.objects.all(), today()).values_list("key", flat=True)}
    assert {each[1:] for each in found.values()} == {(1, 1)}


@pytest.mark.django_db
def test_the_program_of_before_meets_no_indicator_that_it_cannot_compute():
    """Between `migrate` and the restart: what the migrations store is computed by the functions of before."""
    assert not Indicator.objects.filter(Q(method="portals_in_sync") | Q(method__startswith="placements_as")).exists()
    store_finished_months(datetime.date(2026, 12, 1))
    of_forms = Indicator.objects.filter(method__startswith="placements_as")
    assert (of_forms.count(), Measurement.objects.filter(indicator__in=of_forms).count()) == (8, 8)
    of_forms.filter(method="placements_as:direct").update(name_vi="Tên khác")
    store_finished_months(datetime.date(2027, 1, 1))
    assert of_forms.get(name_vi="Tên khác").method == "placements_as:direct"


@pytest.mark.django_db
def test_an_indicator_that_a_newer_version_computes_stops_no_month_and_is_shown_without_values(api):
    Indicator.objects.create(programme=programme(), code="moi", unit="count", method="of_tomorrow:x", name_vi="Mới")
    assert store_finished_months(datetime.date(2026, 12, 1)) == 1
    assert Measurement.objects.filter(indicator__method="contests").exists()
    assert api("get", "indicators/moi?by=period").json()["series"] == []


@pytest.mark.django_db
def test_without_the_programme_no_indicator_is_missed():
    Programme.objects.filter(key="de-an-766").update(key="de-an-cua-toi")
    store_missing_indicators()
    assert not Indicator.objects.filter(method="portals_in_sync").exists()


@pytest.mark.django_db
def test_contests_are_those_with_an_open_round_and_few_contestants_are_not_shown():
    contest = a_running_contest()
    round = Round.objects.get(contest=contest)
    month = month_of(round.starts_at.astimezone(VIETNAM_TIME).date())
    year_later = Month(month.first.replace(year=month.first.year + 1))
    for _ in range(4):
        an_entry(contest)
    Entry.objects.update(entered_at=round.starts_at)
    assert values("contests", month) == {"": (1, None, None)}
    assert values("contests", year_later) == {"": (0, None, None)}
    assert values("contestants", month) == {}
    assert values("contestants", year_later) == {"": (0, None, None)}
    an_entry(contest)
    Entry.objects.update(entered_at=round.starts_at)
    assert values("contestants", month) == {"": (5, None, None)}


@pytest.mark.django_db
def test_a_cancelled_contest_and_a_round_that_was_never_frozen_were_not_held():
    contest = a_running_contest()
    month = month_of(Round.objects.get(contest=contest).starts_at.astimezone(VIETNAM_TIME).date())
    planned = contests.announce(a_planned_contest(title="Không đóng băng"), notify=False)
    Round.objects.filter(contest=planned).update(
        starts_at=month.begins_at, ends_at=month.begins_at + datetime.timedelta(hours=1)
    )
    assert values("contests", month) == {"": (1, None, None)}
    contests.cancel(contest, reason="Mưa bão")
    assert values("contests", month) == {"": (0, None, None)}


def entries_of(**places):
    """Entries by that many people in each province, in a month of long ago."""
    contest = a_running_contest()
    for key, count in places.items():
        for _ in range(count):
            entry = an_entry(contest)
            place = Province.objects.get(key=key) if key != "nowhere" else None
            Entry.objects.filter(pk=entry.pk).update(province=place, entered_at=at(2026, 11, 3))
    return contest


@pytest.mark.django_db
def test_a_person_who_enters_two_contests_is_one_contestant():
    contest = entries_of(nowhere=5)
    again = a_running_contest(title="Cuộc thi khác")
    Entry.objects.filter(pk=an_entry(again, Entry.objects.first().reader).pk).update(entered_at=at(2026, 11, 4))
    assert values("contestants") == {"": (5, None, None)}
    Entry.objects.filter(contest=again).update(reader=None)  # erased: nobody knows who it was
    assert values("contestants") == {"": (6, None, None)}
    assert contest.entries.count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("places", "shown"),
    [
        ({"48-da-nang-2025": 5, "46-hue-2025": 6, "01-ha-noi-2025": 2}, {"", "46-hue-2025"}),
        ({"48-da-nang-2025": 5, "46-hue-2025": 2, "01-ha-noi-2025": 3}, {"", "48-da-nang-2025"}),
        ({"48-da-nang-2025": 5, "46-hue-2025": 6}, {"", "48-da-nang-2025", "46-hue-2025"}),
    ],
)
def test_one_small_group_is_not_what_is_left_of_the_whole_country(places, shown):
    entries_of(**places)
    found = values("contestants")
    assert set(found) == shown
    assert found[""][0] == sum(places.values())


@pytest.mark.django_db
def test_a_finished_month_is_stored_once_and_what_comes_later_does_not_change_it():
    without_real_plans()
    charge_everybody(due_on=datetime.date(2026, 1, 1))
    day = datetime.date(2026, 12, 1)
    assert store_finished_months(day) == 1
    stored = Measurement.objects.filter(period_from=NOVEMBER.first)
    before = set(stored.values_list("pk", "value"))
    national = stored.get(indicator__method="duties_fulfilled", province=None)
    assert (national.value, national.numerator, national.period_until) == (0, 0, day)
    assert national.approved_at and national.source.startswith("Luật Mở tự tính")
    told = Change.objects.filter(event_type="indicator.measured", subject="tu-tinh-nghia-vu")
    assert told.count() == 1
    a_public_plan(adopted_on=datetime.date(2026, 11, 2))
    assert store_finished_months(day) == 0
    assert store_finished_months(day + datetime.timedelta(days=20)) == 0
    assert set(stored.values_list("pk", "value")) == before


@pytest.mark.django_db
def test_a_row_that_the_program_did_not_compute_stops_no_month():
    Measurement.objects.create(
        indicator=Indicator.objects.get(method="contests"), period_from=datetime.date(2030, 1, 1),
        period_until=datetime.date(2031, 1, 1), value=1, source="Ai đó",
    )  # fmt: skip
    assert store_finished_months(datetime.date(2026, 12, 1)) == 1


@pytest.mark.django_db
def test_months_that_an_outage_missed_are_made_up_for():
    store_finished_months(datetime.date(2026, 8, 1))
    assert store_finished_months(datetime.date(2026, 12, 9)) == 4
    months = Measurement.objects.filter(indicator__method="contests").order_by("period_from")
    assert [each.period_from.month for each in months] == [7, 8, 9, 10, 11]


@pytest.mark.django_db
def test_the_running_month_is_provisional_and_what_others_report_stands_beside_it(api):
    a_material(audiences=["students"])
    Material.objects.update(published_at=at(today().year, today().month, 1, 0))
    series = api("get", "indicators/tu-tinh-tai-lieu-cho-students?by=period").json()["series"]
    (point,) = series[-1]["points"]
    assert (point["value"], point["is_provisional"]) == ("1", True)
    assert not Measurement.objects.filter(indicator__method__startswith="materials").exists()
    seed = api("get", "indicators/471-tinh-co-ke-hoach?by=source").json()["series"]
    assert [(each["key"][:3], each["points"][0]["value"]) for each in seed] == [("Tin", "53.968254")]
    assert api("get", "indicators/471-tinh-co-ke-hoach").json()["series"] is None
    assert api("get", "indicators/471-tinh-co-ke-hoach?by=month").status_code == 400


@pytest.mark.django_db
def test_the_value_of_an_organisation_is_none_of_the_whole_country(api):
    ministry = Organisation.objects.filter(kind="ministry", valid_until=None).first()
    a_public_measurement(organisation=ministry)
    a_public_measurement(value=Decimal(60))
    series = api("get", "indicators/766-nguoi-dan-tiep-can?by=province").json()["series"]
    assert [(each["key"], [point["value"] for point in each["points"]]) for each in series] == [
        ("", ["60"]), (ministry.key, ["71.5"])
    ]  # fmt: skip
    assert [point["organisation"] for each in series for point in each["points"]] == [None, ministry.key]


@pytest.mark.django_db
def test_the_series_by_province_keeps_each_source_and_correction(api):
    first = a_public_measurement(province="48-da-nang-2025")
    a_public_measurement(province="48-da-nang-2025", source="Bộ Tư pháp", value=Decimal(60))
    form = a_measurement_form(province="48-da-nang-2025", value=Decimal(72))
    services.approve(services.measure(form, replaces=first)[0])
    series = api("get", "indicators/766-nguoi-dan-tiep-can?by=province").json()["series"]
    (group,) = [each for each in series if each["key"] == "48-da-nang-2025"]
    assert sorted((each["value"], each["is_replaced"]) for each in group["points"]) == [
        ("60", False), ("71.5", True), ("72", False)
    ]  # fmt: skip
