"""Issuing bodies and provinces: by day, by name, by code."""

import datetime
from typing import TypeVar

from django.db.models import Prefetch, Q, QuerySet

from content.organisations.models import Organisation, Province, Succession
from content.organisations.names import comparable_code, comparable_name
from content.text.vietnamese import fold

Body = TypeVar("Body", bound=Organisation | Province)


def organisations() -> QuerySet[Organisation]:
    """All bodies, former ones included, with their successors and predecessors."""
    return Organisation.objects.prefetch_related(
        Prefetch("handed_on", Succession.objects.select_related("successor")),
        Prefetch("taken_over", Succession.objects.select_related("predecessor")),
    )


def provinces() -> QuerySet[Province]:
    """All provinces, former ones included, by code, the earlier first, with successor and predecessors."""
    return Province.objects.select_related("successor").prefetch_related("predecessors")


def valid_on(rows: QuerySet[Body], day: datetime.date) -> QuerySet[Body]:
    """Narrow bodies or provinces to those that exist on `day`. An unknown first day counts as earlier."""
    return rows.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gt=day))


def organisation_by_name(name: str) -> Organisation | None:
    """The present or former body of that name, None without one. Accents, case and punctuation are ignored."""
    wanted = comparable_name(name)
    return next((body for body in Organisation.objects.all() if comparable_name(body.name) == wanted), None)


def organisation_by_code(code: str) -> Organisation | None:
    """The present or former body whose code ends an official number («BTP», «QH15»), None without one.

    Case, accents and the number of the National Assembly are ignored.
    """
    wanted = comparable_code(code)
    return next((body for body in Organisation.objects.all() if fold(body.code) == wanted), None)
