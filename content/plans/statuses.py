"""The status of a duty on a day: whether there is a plan, and if not, what is known. Pure."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class DutyStatus(models.TextChoices):
    """In the order in which they are asked: the first that is true holds."""

    ADOPTED = "adopted", _("Has a plan")
    INHERITED = "inherited", _("Only a merged province has one")
    DECLARED_NONE = "declared_none", _("Declared to have none")
    NONE_KNOWN = "none_known", _("None known")
    NOT_DUE = "not_due", _("Not due yet")


@dataclass(frozen=True)
class KnownPlan:
    """A published plan. `adopter`: primary key of the organisation; `counts_from`: since when there is one."""

    pk: int
    adopter: int
    year: int | None
    counts_from: datetime.date


@dataclass(frozen=True)
class DutyFacts:
    """What decides the status of one duty. Organisations are primary keys."""

    organisation: int
    year: int | None
    due_on: datetime.date
    merged_on: dict[int, datetime.date]  # former bodies that it continues: the day on which each was merged
    declared_on: tuple[datetime.date, ...]  # that it has none


@dataclass(frozen=True)
class Finding:
    """A status, the plan that decides it, and since when it holds as far as that is known."""

    status: DutyStatus
    plan: int | None = None
    since: datetime.date | None = None


def status_on(duty: DutyFacts, plans: Iterable[KnownPlan], day: datetime.date) -> Finding:
    """Exactly one status of the duty on `day`, a day in Viet Nam."""
    known = [each for each in plans if _is_for(each, duty.year) and each.counts_from <= day]
    if own := [each for each in known if each.adopter == duty.organisation]:
        first = min(own, key=_order)
        return Finding(DutyStatus.ADOPTED, first.pk, first.counts_from)
    inherited = [
        (max(each.counts_from, duty.merged_on[each.adopter]), each)
        for each in known
        if each.adopter in duty.merged_on and duty.merged_on[each.adopter] <= day
    ]
    if inherited:
        since, plan = min(inherited, key=lambda found: (found[0], found[1].pk))
        return Finding(DutyStatus.INHERITED, plan.pk, since)
    if declared := [each for each in duty.declared_on if duty.due_on <= each <= day]:  # earlier ones say nothing of it
        return Finding(DutyStatus.DECLARED_NONE, None, min(declared))
    if duty.due_on <= day:
        return Finding(DutyStatus.NONE_KNOWN, None, duty.due_on)
    return Finding(DutyStatus.NOT_DUE)


def _is_for(plan: KnownPlan, year: int | None) -> bool:
    """A plan of the whole period fulfils no duty of a year, and a plan of one year not that of the period."""
    return plan.year == year


def _order(plan: KnownPlan) -> tuple[datetime.date, int]:
    return plan.counts_from, plan.pk
