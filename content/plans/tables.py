"""Plans and measurements from CSV files: a report for each line, all or nothing for each, a repeat changes nothing."""

import csv
import datetime
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.organisations import queries as organisations
from content.organisations.models import Organisation, Province
from content.plans import services
from content.plans.decimals import parse_decimal
from content.plans.models import Area, Indicator, Plan, Programme
from content.plans.services import MeasurementForm, PlanForm

MAX_LINES = 20_000
PLAN_COLUMNS = ("programme", "organisation", "title", "number", "year", "adopted_on", "period_from", "period_until",
                "source_url")  # fmt: skip
MEASUREMENT_COLUMNS = ("indicator", "province", "organisation", "area", "period_from", "period_until", "value",
                       "numerator", "denominator", "source", "source_url")  # fmt: skip
Row = Mapping[str, str]


class LineOutcome(StrEnum):
    """What became of a line."""

    ENTERED = "entered"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class LineReport:
    """`line`: as an editor of text counts them, the first is the header. `reason`: of a refusal."""

    line: int
    outcome: LineOutcome
    reason: str = ""


def import_plans(text: str, *, publish: bool = False) -> Iterator[LineReport]:
    """Enter the plan of each line as a draft, with `publish` as a public one.

    Raises RuleBroken("wrong_columns") before anything is entered.
    """
    return _import(text, PLAN_COLUMNS, lambda row: _enter_plan(row, publish))


def import_measurements(text: str, *, publish: bool = False) -> Iterator[LineReport]:
    """Enter the measurement of each line; with `publish` it is approved too. Raises as `import_plans`."""
    return _import(text, MEASUREMENT_COLUMNS, lambda row: _enter_measurement(row, publish))


def _import(text: str, columns: tuple[str, ...], enter: Callable[[Row], bool]) -> Iterator[LineReport]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if unknown := sorted(set(rows.fieldnames or ()) ^ set(columns)):
        message = _("The first line must name these columns: %(columns)s. Missing or unknown: %(wrong)s.")
        raise RuleBroken("wrong_columns", message % {"columns": ", ".join(columns), "wrong": ", ".join(unknown)})
    return _lines(rows, enter)


def _lines(rows: "csv.DictReader[str]", enter: Callable[[Row], bool]) -> Iterator[LineReport]:
    for row in rows:
        if rows.line_num > MAX_LINES:
            yield LineReport(rows.line_num, LineOutcome.REFUSED, _("The file has too many lines. Split it."))
            return
        try:
            if None in row or None in row.values():
                raise RuleBroken("wrong_columns", _("The line has more or fewer columns than the first one."))
            is_new = enter({name: value.strip() for name, value in row.items()})
        except RuleBroken as refusal:
            yield LineReport(rows.line_num, LineOutcome.REFUSED, str(refusal))
        else:
            yield LineReport(rows.line_num, LineOutcome.ENTERED if is_new else LineOutcome.UNCHANGED)


def _enter_plan(row: Row, publish: bool) -> bool:
    adopted_on = _day(row, "adopted_on")
    form = PlanForm(
        programme=_found(Programme.objects.filter(key=row["programme"]).first(), row, "programme"),
        adopter=_organisation(row, adopted_on),
        title=row["title"],
        number=row["number"],
        year=_year(row),
        adopted_on=adopted_on,
        period_from=_day(row, "period_from"),
        period_until=_day(row, "period_until"),
        source_url=row["source_url"],
    )
    before = Plan.objects.filter(programme=form.programme, adopter=form.adopter).count()
    plan = services.write_plan(form)
    is_new = Plan.objects.filter(programme=form.programme, adopter=form.adopter).count() > before
    if publish and plan.status == Plan.Status.DRAFT:
        services.publish_plan(plan)
        return True
    return is_new


def _enter_measurement(row: Row, publish: bool) -> bool:
    period_from, period_until = _day(row, "period_from"), _day(row, "period_until")
    if period_from is None or period_until is None:
        raise RuleBroken("not_a_day", _("Give the first day of the period and the day after the last."), field="period")
    if row["area"] not in ("", *Area.values):
        raise RuleBroken("unknown_value", _("«%s» is unknown.") % row["area"], field="area")
    form = MeasurementForm(
        indicator=_found(Indicator.objects.filter(code=row["indicator"]).first(), row, "indicator"),
        period_from=period_from,
        period_until=period_until,
        value=parse_decimal(row["value"]),
        source=row["source"],
        source_url=row["source_url"],
        province=_province(row, period_from),
        organisation=_organisation(row, period_from) if row["organisation"] else None,
        area=row["area"] or Area.ALL,
        numerator=parse_decimal(row["numerator"], "numerator") if row["numerator"] else None,
        denominator=parse_decimal(row["denominator"], "denominator") if row["denominator"] else None,
    )
    measured, is_new = services.measure(form)
    if publish and measured.approved_at is None:
        services.approve(measured)
        return True
    return is_new


def _found(value: Programme | Indicator | Organisation | Province | None, row: Row, name: str) -> Any:
    if value is None:
        raise RuleBroken("unknown_value", _("«%s» is unknown.") % row[name], field=name)
    return value


def _organisation(row: Row, day: datetime.date | None) -> Organisation:
    name = row["organisation"]
    by_key = Organisation.objects.filter(key=name).first()
    found: Organisation = _found(by_key or organisations.organisation_by_name(name, day), row, "organisation")
    return found


def _province(row: Row, day: datetime.date) -> Province | None:
    if not row["province"]:
        return None
    found: Province = _found(organisations.province_named(row["province"], day), row, "province")
    return found


def _year(row: Row) -> int | None:
    if row["year"] and not (row["year"].isascii() and row["year"].isdigit() and 2000 <= int(row["year"]) <= 2100):
        raise RuleBroken("not_a_day", _("«%s» is no year.") % row["year"], field="year")
    return int(row["year"]) if row["year"] else None


def _day(row: Row, name: str) -> datetime.date | None:
    """A day as YYYY-MM-DD or DD/MM/YYYY; None where it is empty."""
    written = row[name]
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(written, form).date() if written else None  # noqa: DTZ007
        except ValueError:
            continue
    message = _("«%s» is no day. Write YYYY-MM-DD or DD/MM/YYYY.")
    raise RuleBroken("not_a_day", message % written, field=name)
