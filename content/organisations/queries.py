import re

from django.db.models import Prefetch, Q

from content.organisations.models import Organisation, Province, Succession
from content.text.vietnamese import fold, slug


def organisations():
    """All bodies, ended ones included, with what followed and what went before prefetched."""
    return Organisation.objects.prefetch_related(
        Prefetch("handed_on", Succession.objects.select_related("successor")),
        Prefetch("taken_over", Succession.objects.select_related("predecessor")),
    )


def provinces():
    """All provinces of all times by code, the earlier first, with successor and predecessors fetched."""
    return Province.objects.select_related("successor").prefetch_related("predecessors")


def valid_on(rows, day):
    """Narrow bodies or provinces to those there on `day`. One whose first day we do not know counts as there before."""
    return rows.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gt=day))


def organisation_by_name(name):
    """The issuing body of that name, present or former; None if there is none. Only words count, without accents."""
    wanted = _comparable_name(name)
    return next((body for body in Organisation.objects.all() if _comparable_name(body.name) == wanted), None)


def organisation_by_code(code):
    """The issuing body whose code closes an official number («BTP», «QH15»), present or former; None if there is none.

    Case and accents do not matter, nor which National Assembly it was.
    """
    wanted = re.sub(r"^(qh|ubtvqh)[0-9]+$", r"\1", fold(code.strip()))
    return next((body for body in Organisation.objects.all() if fold(body.code) == wanted), None)


def _comparable_name(name):
    return slug(name, limit=len(name) * 2)
