"""The status of a duty: exactly one on each day, in the order of the rules, whatever the zone of the server."""

import datetime
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.plans import services
from content.plans.models import Duty, Plan
from content.plans.queries import coverage
from content.plans.statuses import DutyFacts, DutyStatus, KnownPlan, status_on
from content.vietnam_time import today
from tests.builders_plans import (
    a_plan_form,
    a_public_plan,
    charge_everybody,
    committee,
    programme,
    without_real_plans,
)

DAY = datetime.date(2026, 6, 1)
FORMER = ("ubnd-62-kon-tum", "ubnd-68-lam-dong", "ubnd-40-nghe-an")  # committees of before the merger
DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2031, 12, 31))
YEARS = st.sampled_from([None, 2026])
PLANS = st.lists(st.builds(KnownPlan, st.integers(1, 99), st.integers(1, 4), YEARS, DAYS), max_size=6)
DUTIES = st.builds(
    DutyFacts, st.just(1), YEARS, DAYS, st.dictionaries(st.integers(2, 3), DAYS),
    st.lists(DAYS, max_size=3).map(tuple),
)  # fmt: skip


def expected(duty, plans, day):
    """The rules, said another way: the first of five claims that is true."""
    there = [each for each in plans if each.year == duty.year and each.counts_from <= day]
    claims = {
        DutyStatus.ADOPTED: any(each.adopter == 1 for each in there),
        DutyStatus.INHERITED: any(duty.merged_on.get(each.adopter, datetime.date.max) <= day for each in there),
        DutyStatus.DECLARED_NONE: any(duty.due_on <= each <= day for each in duty.declared_on),
        DutyStatus.NONE_KNOWN: duty.due_on <= day,
        DutyStatus.NOT_DUE: True,
    }
    return next(status for status, is_true in claims.items() if is_true)


@given(DUTIES, PLANS, DAYS)
def test_every_duty_has_exactly_one_status_on_every_day(duty, plans, day):
    finding = status_on(duty, plans, day)
    assert finding.status == expected(duty, plans, day)
    assert (finding.plan is None) == (finding.status not in (DutyStatus.ADOPTED, DutyStatus.INHERITED))


@given(DUTIES, PLANS, DAYS)
def test_the_status_holds_since_the_day_that_it_names(duty, plans, day):
    finding = status_on(duty, plans, day)
    if finding.since:
        assert finding.since <= day
        assert status_on(duty, plans, finding.since).status == finding.status


@given(DUTIES, PLANS, DAYS)
def test_who_has_a_plan_keeps_it(duty, plans, day):
    if status_on(duty, plans, day).status == DutyStatus.ADOPTED:
        assert status_on(duty, plans, day + datetime.timedelta(days=400)).status == DutyStatus.ADOPTED


def status_of(province, on=DAY, **columns):
    found = {each.province.key: each for each in coverage(programme(), on, **columns).provinces}
    return found[province].finding.status


@pytest.mark.django_db
def test_coverage_adds_up_and_lists_the_provinces_of_the_day():
    without_real_plans()
    charge_everybody(due_on=datetime.date(2026, 1, 1))
    a_public_plan("48-da-nang-2025")
    services.declare_none(programme(), committee("46-hue-2025"), on=datetime.date(2026, 2, 1), source="Công văn 1")
    covered = coverage(programme(), DAY)
    assert len(covered.provinces) == valid_on(Province.objects.all(), DAY).count() == 34
    assert sum(covered.counts.values()) == len(covered.provinces) + len(covered.others)
    assert covered.counts == {
        "adopted": 1, "inherited": 0, "declared_none": 1, "none_known": 32 + len(covered.others), "not_due": 0
    }  # fmt: skip
    assert coverage(programme(), datetime.date(2025, 12, 31)).counts["not_due"] == 33 + len(covered.others)
    assert status_of("46-hue-2025", datetime.date(2026, 1, 31)) == "none_known"
    assert coverage(programme(), DAY, 2026).provinces == []
    assert coverage(programme(), datetime.date(2025, 6, 1)).provinces == []  # these bodies were not there


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(DAYS, YEARS)
def test_the_counts_of_any_day_are_those_of_the_duties_of_bodies_that_exist_on_it(day, year):
    if not Duty.objects.exists():
        charge_everybody(due_on=datetime.date(2026, 1, 1))
        charge_everybody(year=2026)
        services.charge(programme(), Organisation.objects.filter(key__in=FORMER), basis="Điều 2")
        services.declare_none(programme(), committee("46-hue-2025"), on=datetime.date(2026, 2, 1), source="Công văn 1")
    found = coverage(programme(), day, year)
    there = valid_on(Organisation.objects.all(), day)
    assert set(found.counts) == set(DutyStatus)
    assert sum(found.counts.values()) == len(found.provinces) + len(found.others)
    assert sum(found.counts.values()) == Duty.objects.filter(year=year, organisation__in=there).count()


@pytest.mark.django_db
def test_nobody_owes_a_plan_before_the_act_or_before_the_year_of_the_plan():
    services.charge(programme(), Organisation.objects.filter(key__startswith="ubnd-51-quang-ngai"), basis="Điều 2")
    assert status_of("51-quang-ngai", datetime.date(2025, 4, 14)) == "not_due"
    assert status_of("51-quang-ngai", datetime.date(2025, 4, 15)) == "none_known"
    charge_everybody(year=2026)
    assert status_of("46-hue-2025", datetime.date(2025, 12, 31), year=2026) == "not_due"
    assert status_of("46-hue-2025", datetime.date(2026, 1, 1), year=2026) == "none_known"


@pytest.mark.django_db
def test_a_statement_says_nothing_of_a_duty_that_was_not_due_yet():
    charge_everybody(due_on=datetime.date(2025, 9, 1))
    charge_everybody(year=2026)
    services.declare_none(programme(), committee("46-hue-2025"), on=datetime.date(2025, 10, 1), source="Công văn 1")
    assert status_of("46-hue-2025") == "declared_none"
    assert status_of("46-hue-2025", year=2026) == "none_known"


@pytest.mark.django_db
def test_of_the_five_plans_that_were_found_three_are_inherited_since_the_merger():
    charge_everybody()
    found = {each.province.key: each.finding for each in coverage(programme(), today()).provinces}
    with_plans = {key: (each.status, each.since) for key, each in found.items() if each.plan}
    merged_on = datetime.date(2025, 7, 1)
    assert with_plans == {
        "40-nghe-an-2025": ("adopted", datetime.date(2025, 8, 14)),
        "24-bac-ninh-2025": ("adopted", datetime.date(2025, 12, 27)),
        "51-quang-ngai-2025": ("inherited", merged_on), "56-khanh-hoa-2025": ("inherited", merged_on),
        "68-lam-dong-2025": ("inherited", merged_on),
    }  # fmt: skip
    assert Plan.objects.get(pk=found["51-quang-ngai-2025"].plan).number == "1956/KH-UBND"
    counts = coverage(programme(), today()).counts
    assert (counts["adopted"], counts["inherited"]) == (2, 3)


@pytest.mark.django_db
def test_plans_whose_days_are_unknown_count_from_their_publication_also_for_who_inherits_them():
    without_real_plans()
    charge_everybody()
    for number, province in enumerate(("68-lam-dong-2025", "62-kon-tum", "24-bac-ninh-2025"), start=1):
        a_public_plan(province, adopted_on=None, number=f"{number}/KH-UBND")
    day = Plan.objects.latest("published_at").counts_from
    found = {each.province.key: each.finding.status for each in coverage(programme(), day).provinces}
    assert {key for key, status in found.items() if status == "adopted"} == {"68-lam-dong-2025", "24-bac-ninh-2025"}
    assert {key for key, status in found.items() if status == "inherited"} == {"51-quang-ngai-2025"}
    before = coverage(programme(), day - datetime.timedelta(days=1)).counts
    assert (before["adopted"], before["inherited"]) == (0, 0)


@pytest.mark.django_db
def test_a_plan_of_a_province_merged_since_is_inherited_from_the_merger_on():
    services.charge(programme(), Organisation.objects.filter(key__startswith="ubnd-51-quang-ngai"), basis="Điều 2")
    plan = a_plan_form("62-kon-tum", adopted_on=datetime.date(2025, 5, 1))
    services.publish_plan(services.write_plan(plan))
    assert status_of("51-quang-ngai", datetime.date(2025, 6, 30)) == "none_known"
    assert status_of("51-quang-ngai-2025", datetime.date(2025, 7, 1)) == "inherited"
    a_public_plan("51-quang-ngai-2025", adopted_on=datetime.date(2026, 1, 5))
    assert status_of("51-quang-ngai-2025", datetime.date(2026, 1, 4)) == "inherited"
    assert status_of("51-quang-ngai-2025", datetime.date(2026, 1, 5)) == "adopted"


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_status_never_depends_on_the_zone_of_the_server(zone):
    charge_everybody()
    plan = a_public_plan(adopted_on=None)
    published_at = datetime.datetime(2026, 3, 1, 18, 0, tzinfo=datetime.UTC)  # 01:00 of the next day in Viet Nam
    Plan.objects.filter(pk=plan.pk).update(published_at=published_at)
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        assert status_of("48-da-nang-2025", datetime.date(2026, 3, 1)) == "none_known"
        assert status_of("48-da-nang-2025", datetime.date(2026, 3, 2)) == "adopted"
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


@pytest.mark.django_db
def test_a_withdrawn_plan_counts_for_no_day(django_assert_num_queries):
    charge_everybody()
    plan = a_public_plan()
    assert status_of("48-da-nang-2025") == "adopted"
    services.withdraw_plan(plan, reason="Nhập nhầm")
    assert status_of("48-da-nang-2025") == "none_known"
    for each in ("46-hue-2025", "01-ha-noi-2025"):
        a_public_plan(each)
        with django_assert_num_queries(5):
            coverage(programme(), DAY)
