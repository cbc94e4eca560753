"""Issuing bodies and provinces: by day, by name, by code."""

import datetime
from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Prefetch, Q, QuerySet

from content.organisations.models import Organisation, Province, Succession
from content.organisations.names import comparable_code, comparable_name, comparable_province, kind_of_province
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


def unknown_keys(keys: Iterable[str]) -> list[str]:
    """Those of these keys that no body and no province has, in their order."""
    keys = list(keys)
    rows = (model.objects.filter(key__in=keys).values_list("key", flat=True) for model in (Organisation, Province))
    known = {key for each in rows for key in each}
    return [key for key in keys if key not in known]


def valid_on(rows: QuerySet[Body], day: datetime.date) -> QuerySet[Body]:
    """Narrow bodies or provinces to those that exist on `day`. An unknown first day counts as earlier."""
    return rows.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gt=day))


def organisation_by_name(name: str, day: datetime.date | None = None) -> Organisation | None:
    """The present or former body of that name, None without one. Accents, case and punctuation are ignored.

    Where bodies of several provinces had the name, one after another: that of `day`; without a day none is clear.
    """
    wanted = comparable_name(name)
    rows = Organisation.objects.values_list("pk", "name")
    return _only_on([pk for pk, known in rows if comparable_name(known) == wanted], day)


def organisation_by_code(
    code: str, province: Province | None = None, day: datetime.date | None = None
) -> Organisation | None:
    """The body of the province, or without one the central or general body, whose code ends an official number.

    «BTP», «QH15», «UBND»; None without one. Case, accents and the number of the National Assembly are ignored. `day` as
    in `organisation_by_name`.
    """
    wanted = comparable_code(code)
    rows = Organisation.objects.filter(province=province).values_list("pk", "code")
    return _only_on([pk for pk, known in rows if fold(known) == wanted], day)


def _only_on(found: list[int], day: datetime.date | None) -> Organisation | None:
    """The only one of these bodies, or the only one of them on the day."""
    bodies = Organisation.objects.filter(pk__in=found)
    if len(found) > 1 and day:
        bodies = valid_on(bodies, day)
    only = list(bodies[:2])
    return only[0] if len(only) == 1 else None


def province_named(text: str, day: datetime.date | None) -> Province | None:
    """The province that a key, a code of two digits or a name means on `day`; None where it is none or not clear.

    A key means its row whatever the day. Without a day only what one row ever had is clear. «Tỉnh» or «thành phố» in
    the name must be what it was: «thành phố Cao Bằng» is a city of the province.
    """
    text = text.strip()
    if found := Province.objects.filter(key=text).first():
        return found
    rows = Province.objects.filter(code=text) if text.isdigit() else provinces_called(text)
    only = list((valid_on(rows, day) if day else rows)[:2])
    return only[0] if len(only) == 1 else None


def provinces_called(text: str) -> QuerySet[Province]:
    """The provinces of any day that have this name, and are of the kind that it says."""
    return Province.objects.filter(pk__in=[each.pk for each in Province.objects.all() if is_called(each, text)])


def is_called(province: Province, text: str) -> bool:
    """Whether the province has this name: «tỉnh Phú Thọ», «Phú Thọ», «tỉnh» alone, which every one of the kind has."""
    kind, name = kind_of_province(text), comparable_province(text)
    return kind in ("", province.type) and name in ("", comparable_province(province.short_name))


def names_by_key(keys: Iterable[str]) -> dict[str, str]:
    """{key of a province: its name}."""
    return dict(Province.objects.filter(key__in=set(keys)).values_list("key", "name"))


def with_merged_into(province: Province) -> set[int]:
    """Primary keys of the province and of all that were merged into it, at once or in steps."""
    found, newer = {province.pk}, [province.pk]
    while newer:
        newer = list(Province.objects.filter(successor__in=newer).exclude(pk__in=found).values_list("pk", flat=True))
        found |= set(newer)
    return found


def are_of_one_territory(one: Province, other: Province) -> bool:
    """Whether one of them was merged into the other, or both into a third."""
    return latest_successor(one) == latest_successor(other)


def latest_successor(province: Province) -> Province:
    """The province that continues it today: itself, if it exists."""
    while province.successor:
        province = province.successor
    return province
