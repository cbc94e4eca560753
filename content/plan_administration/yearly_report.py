"""The report of a programme for a year: who has a plan at its end, what is promised, what was measured, by whom."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from content.plan_administration.pictures import Picture, picture_of
from content.plans import queries
from content.plans.grid import CoverageGrid, coverage_grid
from content.plans.models import Indicator, Measurement, Plan, Programme

NATIONAL_ROWS = 200  # of one indicator in one year; those by province are in the CSV of the API


@dataclass(frozen=True)
class ReportedIndicator:
    """An indicator, what was measured of the whole country in the year, and how many rows there are by province."""

    indicator: Indicator
    rows: list[Measurement]
    picture: Picture | None
    count_by_place: int

    @property
    def is_empty(self) -> bool:
        """Whether there is no target and nothing was measured."""
        return not (self.rows or self.count_by_place or self.indicator.targets.all())


@dataclass(frozen=True)
class YearlyReport:
    """`on`: the last day of the year, today while it runs. Duties of the whole programme and of the year apart.

    `plans` were adopted in the year; of `plans_of_unknown_day` we know only that they became public here in it.
    """

    year: int
    on: datetime.date
    is_running: bool
    whole: CoverageGrid
    of_year: CoverageGrid | None
    plans: list[Plan]
    plans_of_unknown_day: list[Plan]
    indicators: list[ReportedIndicator]
    empty_indicators: list[Indicator]


def report_of(programme: Programme, year: int, today: datetime.date) -> YearlyReport:
    """What is public of the programme, as it was on the last day of a year that has begun."""
    last = datetime.date(year, 12, 31)
    on = min(last, today)
    provinces = list(queries.provinces_on(on))
    whole = coverage_grid(queries.coverage(programme, on), provinces, lambda covered: "")
    has_years = year in queries.years_with_duties(programme)
    of_year = coverage_grid(queries.coverage(programme, on, year), provinces, lambda covered: "") if has_years else None
    plans = queries.public_plans().filter(programme=programme).order_by("adopter__name", "pk")
    reported = _reported(queries.indicators().filter(programme=programme), programme, year)
    of_unknown_day = [each for each in plans.filter(adopted_on=None) if each.counts_from]
    return YearlyReport(
        year, on, today <= last, whole, of_year,
        list(plans.filter(adopted_on__year=year, adopted_on__lte=on)),
        [each for each in of_unknown_day if each.counts_from and each.counts_from.year == year],
        [each for each in reported if not each.is_empty],
        [each.indicator for each in reported if each.is_empty],
    )  # fmt: skip


def _reported(indicators: Iterable[Indicator], programme: Programme, year: int) -> list[ReportedIndicator]:
    """Two queries of measurements, however many indicators there are."""
    begins, ends = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
    of_year = queries.public_measurements().filter(
        indicator__programme=programme, period_from__lt=ends, period_until__gt=begins, period_until__lte=ends
    )
    national = defaultdict(list)
    for row in of_year.filter(province=None, organisation=None).order_by("period_from", "pk"):
        national[row.indicator_id].append(row)
    by_place = of_year.exclude(province=None, organisation=None).order_by().values_list("indicator")
    counts = dict(by_place.annotate(Count("pk")))
    return [_with_picture(each, national[each.pk][:NATIONAL_ROWS], counts.get(each.pk, 0)) for each in indicators]


def _with_picture(indicator: Indicator, rows: list[Measurement], count_by_place: int) -> ReportedIndicator:
    return ReportedIndicator(
        indicator, rows, picture_of(indicator, rows, list(indicator.targets.all())), count_by_place
    )
