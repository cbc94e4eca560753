"""Which outlets and placements there are, the queue of an outlet, and what is counted."""

import datetime
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from content.dissemination.choices import DisseminationForm, OutletKind, PlacementStatus
from content.dissemination.models import LinkDay, Outlet, Placement, PlacementCount, ShareLink
from content.vietnam_time import VIETNAM_TIME

QUEUE_LENGTH = 50
COUNTED = ("reach", "views", "copies", "attendees")
GROUPS = {  # of `dissemination?by=`: the column of a placement
    "form": "form",
    "province": "outlet__organisation__province__key",
    "outlet_kind": "outlet__kind",
    "month": "month",
}


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def outlet_with_secret(secret: str) -> Outlet | None:
    """The outlet in use whose secret it is. The time it takes does not tell how near a guess is."""
    wanted = secret_hash(secret)
    outlet = Outlet.objects.filter(secret_hash=wanted, is_active=True).first()
    return outlet if outlet and secrets.compare_digest(outlet.secret_hash, wanted) else None


def staff_outlets() -> QuerySet[Outlet]:
    return Outlet.objects.select_related("organisation").order_by("organisation__name", "kind", "name")


def staff_placements() -> QuerySet[Placement]:
    return Placement.objects.select_related("outlet__organisation", "link", "placed_by").order_by("-pk")


def queue_of(outlet: Outlet) -> QuerySet[Placement]:
    """What waits for the outlet, the oldest first. What was claimed once is not among it."""
    waiting = Placement.objects.filter(outlet=outlet, status=PlacementStatus.QUEUED)
    return waiting.select_related("link", "outlet").order_by("pk")[:QUEUE_LENGTH]


def link_with_code(code: str) -> ShareLink | None:
    """The short address of that code."""
    return ShareLink.objects.filter(code=code).first()


@dataclass(frozen=True)
class GroupCounts:
    """What was placed in a group, and what was counted of it. `value` is a form, kind, key of a province, or month."""

    value: str
    placements: int
    reach: int
    views: int
    copies: int
    attendees: int
    openings: int


def counts_by(group: str, first: datetime.date, last: datetime.date) -> list[GroupCounts]:
    """Counts of the placements placed from `first` to `last` (days in Viet Nam), by a name of GROUPS. Counts only.

    Openings are those of the short addresses of these placements, on all days. A link counts once in its group.
    """
    placed = _placed_between(first, last)
    column = GROUPS[group]
    grouped = {_value(row[column]): row["count"] for row in placed.values(column).annotate(count=Count("pk"))}
    sums = {
        _value(row[f"placement__{column}"] if column != "month" else row["month"]): row for row in _sums(placed, column)
    }
    opened = _openings(placed, column)
    return [
        GroupCounts(
            value,
            count,
            **{name: sums.get(value, {}).get(name) or 0 for name in COUNTED},
            openings=opened.get(value, 0),
        )
        for value, count in sorted(grouped.items())
    ]


def _placed_between(first: datetime.date, last: datetime.date) -> QuerySet[Placement]:
    placed = Placement.objects.filter(
        status=PlacementStatus.PLACED, placed_at__gte=_midnight(first), placed_at__lt=_midnight(last, 1)
    )
    return placed.annotate(month=TruncMonth("placed_at", tzinfo=VIETNAM_TIME)).order_by()


def _sums(placed: QuerySet[Placement], column: str) -> Iterable[dict[str, Any]]:
    counts = PlacementCount.objects.filter(placement__in=placed.values("pk")).order_by()
    if column == "month":
        counts, name = counts.annotate(month=TruncMonth("placement__placed_at", tzinfo=VIETNAM_TIME)), "month"
    else:
        name = f"placement__{column}"
    return counts.values(name).annotate(**{each: Sum(each) for each in COUNTED})


def _openings(placed: QuerySet[Placement], column: str) -> dict[str, int]:
    """{value of the group: openings}: first the links of each group, then their days."""
    of_group: dict[str, set[int]] = {}
    for value, link in placed.values_list(column, "link"):
        of_group.setdefault(_value(value), set()).add(link)
    links = {link for group in of_group.values() for link in group}
    days = LinkDay.objects.filter(link__in=links).order_by().values("link").annotate(total=Sum("opened"))
    opened = {row["link"]: row["total"] for row in days}
    return {value: sum(opened.get(link, 0) for link in group) for value, group in of_group.items()}


def _value(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return f"{value.astimezone(VIETNAM_TIME):%Y-%m}"
    return "" if value is None else str(value)


def _midnight(day: datetime.date, days: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time(), VIETNAM_TIME)


def name_of(group: str, value: str) -> str:
    """The name of a value of `counts_by` in the active language; that of a province is looked up by its caller."""
    if group == "form":
        return str(DisseminationForm(value).label)
    return str(OutletKind(value).label) if group == "outlet_kind" else value
