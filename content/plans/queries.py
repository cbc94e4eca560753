"""Public programmes, plans and measurements, and who has a plan on a day."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from content.organisations.models import Organisation, OrganisationKind, Province
from content.organisations.queries import valid_on
from content.people.models import User
from content.plans.models import Duty, Indicator, Measurement, Plan, PlanStatement, Programme, Target
from content.plans.statuses import DutyFacts, DutyStatus, Finding, KnownPlan, status_on
from content.vietnam_time import VIETNAM_TIME

MINISTRY_KINDS = (OrganisationKind.MINISTRY, OrganisationKind.MINISTERIAL_AGENCY)
CODE_OF_COMMITTEE = "UBND"


@dataclass(frozen=True)
class CoveredOrganisation:
    """An organisation with a duty, and the status of the duty on the day. `province`: of a committee."""

    duty: Duty
    organisation: Organisation
    province: Province | None
    finding: Finding
    plan: Plan | None


@dataclass(frozen=True)
class Coverage:
    """The duties of a programme on a day, those of bodies that exist on it."""

    programme: Programme
    on: datetime.date
    year: int | None
    provinces: list[CoveredOrganisation]
    others: list[CoveredOrganisation]

    @property
    def counts(self) -> dict[str, int]:
        """{status: how many duties}. The sum is the number of duties that are shown."""
        found = Counter(each.finding.status for each in (*self.provinces, *self.others))
        return {str(status): found[status] for status in DutyStatus}


def programmes() -> QuerySet[Programme]:
    """All programmes, with their acts."""
    return Programme.objects.select_related("act")


def public_plans() -> QuerySet[Plan]:
    """Published plans, the last entered first, with what a list shows."""
    plans = Plan.objects.filter(status=Plan.Status.PUBLISHED)
    return plans.select_related("programme", "adopter__province", "document", "file", "replaces").defer("file__content")


def latest_plans(programme: Programme, count: int) -> QuerySet[Plan]:
    """The `count` public plans of a programme that were adopted last, those of unknown days at the end."""
    return public_plans().filter(programme=programme).order_by(F("adopted_on").desc(nulls_last=True), "-pk")[:count]


def plans_that_replace(plan: Plan) -> QuerySet[Plan]:
    """The public plans that took the place of this one, the earliest first."""
    return Plan.objects.filter(replaces=plan, status=Plan.Status.PUBLISHED).order_by("published_at", "pk")


def withdrawn_plan(key: str) -> Plan | None:
    """The plan of that key that was withdrawn, with its day and reason; None if there is none."""
    return Plan.objects.filter(key=key, status=Plan.Status.WITHDRAWN).first()


def plans_of_status(plans: QuerySet[Plan], status: str) -> QuerySet[Plan]:
    """Narrow public plans to the "corrected" ones, or to those that never were."""
    return plans.filter(corrected_at__isnull=status != "corrected")


def changed_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime]:
    """{key: time of the last change} of those of these plans that are public."""
    return dict(Plan.objects.filter(key__in=set(keys), status="published").values_list("key", "updated_at"))


def public_titles_by_key(keys: Iterable[str]) -> dict[str, str]:
    """{key: title} of those of these plans that are public."""
    return dict(Plan.objects.filter(key__in=set(keys), status="published").values_list("key", "title"))


def indicator_names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """{code: Vietnamese name} of those of these indicators that exist."""
    return dict(Indicator.objects.filter(code__in=set(codes)).values_list("code", "name_vi"))


def indicators() -> QuerySet[Indicator]:
    """All indicators with their programmes and their public targets."""
    public = Prefetch("targets", Target.objects.filter(is_public=True))
    return Indicator.objects.select_related("programme").prefetch_related(public)


def public_measurements() -> QuerySet[Measurement]:
    """Approved measurements, the last entered first. Those that a correction replaced stay among them."""
    rows = Measurement.objects.filter(approved_at__isnull=False).select_related(
        "indicator", "province", "organisation", "document", "replaced_by__replaced_by"
    )
    return rows.order_by("-pk")


def drafts_for(user: User) -> QuerySet[Plan]:
    """Drafts that this person did not enter."""
    return Plan.objects.filter(status=Plan.Status.DRAFT).exclude(written_by=user)


def waiting_for(user: User) -> QuerySet[Measurement]:
    """Measurements that wait for approval and that this person did not enter."""
    return waiting_measurements().exclude(entered_by=user)


def waiting_measurements() -> QuerySet[Measurement]:
    """Measurements that wait for approval. One that was corrected meanwhile waits no more: its correction does."""
    return Measurement.objects.filter(approved_at=None, replaced_by=None)


def staff_measurements() -> QuerySet[Measurement]:
    """All measurements, also those that wait for approval, the last entered first."""
    rows = Measurement.objects.select_related(
        "indicator",
        "province",
        "organisation",
        "document",
        "replaced_by__replaced_by",
        "replaces",
        "entered_by",
        "approved_by",
    )
    return rows.order_by("-pk")


def coverage(programme: Programme, on: datetime.date, year: int | None = None) -> Coverage:
    """The status of each duty of the programme on `on`. A fixed number of queries.

    `year`: the duties of that year; None: those of the whole period. Duties of bodies that do not exist on the day are
    left out: their successors have their own.
    """
    there = valid_on(Organisation.objects.all(), on)
    duties = Duty.objects.filter(programme=programme, year=year, organisation__in=there)
    rows = list(duties.select_related("organisation__province").order_by("organisation__province__code", "pk"))
    plans = _first_plans(programme, year)
    known = {each.adopter_id: KnownPlan(pk, each.adopter_id, year, day) for pk, (each, day) in plans.items()}
    merged = _merged_bodies({row.organisation.province_id for row in rows if row.organisation.province_id})
    declared = defaultdict(list)
    for adopter, day in PlanStatement.objects.filter(programme=programme).values_list("adopter", "on"):
        declared[adopter].append(day)
    findings = {row.pk: _finding(row, programme, known, merged, declared, on) for row in rows}
    covered = [
        CoveredOrganisation(
            row, row.organisation, row.organisation.province, found, plans[found.plan][0] if found.plan else None
        )
        for row, found in ((row, findings[row.pk]) for row in rows)
    ]
    return Coverage(
        programme, on, year,
        [each for each in covered if each.province], [each for each in covered if not each.province],
    )  # fmt: skip


def coverage_of_duty(duty: Duty, on: datetime.date) -> CoveredOrganisation | None:
    """The status of one duty on the day; None if its organisation does not exist on it."""
    found = coverage(duty.programme, on, duty.year)
    return next((each for each in (*found.provinces, *found.others) if each.duty.pk == duty.pk), None)


def duties_nobody_told_us(on: datetime.date) -> list[int]:
    """Primary keys of the duties that are due on the day and of which no plan and no statement is known."""
    found = []
    for programme, year in Duty.objects.order_by().values_list("programme", "year").distinct():
        covered = coverage(Programme.objects.get(pk=programme), on, year)
        rows = (*covered.provinces, *covered.others)
        found += [each.duty.pk for each in rows if each.finding.status == DutyStatus.NONE_KNOWN]
    return found


def who_may_owe(group: str, on: datetime.date) -> QuerySet[Organisation]:
    """The committees of the "provinces", or the "ministries", of the day."""
    there = valid_on(Organisation.objects.order_by("pk"), on)
    if group == "provinces":
        return there.filter(code=CODE_OF_COMMITTEE, province__isnull=False)
    return there.filter(kind__in=MINISTRY_KINDS)


def provinces_on(day: datetime.date) -> QuerySet[Province]:
    """The provinces and cities that exist on the day, by code."""
    return valid_on(Province.objects.all(), day).order_by("code")


def years_with_duties(programme: Programme) -> list[int]:
    """The years for which somebody owes a plan."""
    years = Duty.objects.filter(programme=programme, year__isnull=False).order_by("year").distinct()
    return [year for year in years.values_list("year", flat=True) if year]


def _first_plans(programme: Programme, year: int | None) -> dict[int, tuple[Plan, datetime.date]]:
    """{primary key: (plan, the day from which it counts)} of the public plan of each adopter that counts first.

    The later ones decide nothing.
    """
    counts_from = Coalesce("adopted_on", TruncDate("published_at", tzinfo=VIETNAM_TIME))
    public = Plan.objects.filter(programme=programme, year=year, status=Plan.Status.PUBLISHED)
    first = public.annotate(day=counts_from).order_by("adopter_id", "day", "pk").distinct("adopter_id")
    return {plan.pk: (plan, plan.day) for plan in first}


def _merged_bodies(provinces: Iterable[int]) -> dict[int, dict[int, datetime.date]]:
    """{province: {committee of a province merged into it: the day}}, through all steps."""
    committees = Organisation.objects.filter(code=CODE_OF_COMMITTEE, province__isnull=False).order_by()
    into: dict[int, list[tuple[int, datetime.date]]] = defaultdict(list)
    bodies: dict[int, int] = {}
    columns = ("pk", "province", "province__successor", "province__valid_until")
    for body, province, successor, day in committees.values_list(*columns):
        bodies[province] = body
        if successor and day:  # a province with a successor has ended
            into[successor].append((province, day))
    found: dict[int, dict[int, datetime.date]] = {}
    for province in provinces:
        found[province], waiting = {}, [(province, datetime.date.min)]
        while waiting:
            current, later = waiting.pop()
            for former, day in into[current]:
                found[province][bodies[former]] = max(day, later)
                waiting.append((former, max(day, later)))
    return found


def _due_day(duty: Duty, programme: Programme) -> datetime.date:
    """Where the act names no day: at once, and of a year not before it begins."""
    if duty.due_on:
        return duty.due_on
    return max(programme.act_issued_on, datetime.date(duty.year, 1, 1)) if duty.year else programme.act_issued_on


def _finding(
    duty: Duty,
    programme: Programme,
    known: dict[int, KnownPlan],
    merged: dict[int, dict[int, datetime.date]],
    declared: dict[int, list[datetime.date]],
    on: datetime.date,
) -> Finding:
    body = duty.organisation
    former = merged.get(body.province_id or 0, {}) if body.code == CODE_OF_COMMITTEE else {}
    facts = DutyFacts(body.pk, duty.year, _due_day(duty, programme), former, tuple(declared[body.pk]))
    return status_on(facts, [known[adopter] for adopter in (body.pk, *former) if adopter in known], on)
