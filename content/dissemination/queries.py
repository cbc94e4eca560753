"""Which outlets and placements there are, the queue of an outlet, and what is counted."""

import datetime
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from content.contests.models import Contest
from content.dissemination import subjects
from content.dissemination.choices import DisseminationForm, OutletKind, PlacementStatus, SubjectType
from content.dissemination.models import LinkDay, Outlet, Placement, PlacementCount, ShareLink
from content.documents.models import LegalDocument
from content.events.models import Event
from content.media.models import Material
from content.vietnam_time import VIETNAM_TIME

QUEUE_LENGTH = 50
SUBJECTS_WITH_SAMPLES: dict[SubjectType, Any] = {
    SubjectType.DOCUMENT: LegalDocument,
    SubjectType.EVENT: Event,
    SubjectType.CONTEST: Contest,
    SubjectType.MATERIAL: Material,
}
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
    """What waits for the outlet, the oldest first; without what was claimed once, or is not public any more."""
    waiting = Placement.objects.filter(subjects.are_public(), outlet=outlet, status=PlacementStatus.QUEUED)
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

    Of several sources for one placement and day, the newest counts. Openings are those of the short addresses of these
    placements, on these days. A link counts once in its group.
    """
    placed, column = placed_between(first, last), GROUPS[group]
    groups = placed.order_by().values(value=_column("", column)).annotate(count=Count("pk"))
    grouped = {_value(row["value"]): row["count"] for row in groups}
    sums = {_value(row["value"]): row for row in _sums(placed, column)}
    opened = _openings(placed, column, first, last)
    return [
        GroupCounts(
            value,
            count,
            **{name: sums.get(value, {}).get(name) or 0 for name in COUNTED},
            openings=opened.get(value, 0),
        )
        for value, count in sorted(grouped.items())
    ]


def placed_between(first: datetime.date, last: datetime.date) -> QuerySet[Placement]:
    """What was placed from `first` to `last`, days in Viet Nam."""
    return Placement.objects.filter(
        status=PlacementStatus.PLACED, placed_at__gte=_midnight(first), placed_at__lt=_midnight(last, 1)
    )


def without_samples(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """Narrow to placements of what is no sample."""
    samples = Q()
    for subject_type, model in SUBJECTS_WITH_SAMPLES.items():
        keys = model.objects.filter(is_sample=True).values("key")
        samples |= Q(subject_type=subject_type, subject_key__in=keys)
    return placements.exclude(samples)


def ledger_rows(first: datetime.date, last: datetime.date) -> QuerySet[Placement]:
    """What was placed in these days, the newest first, with the sums of its counts as `sum_reach` and so on."""
    placed = placed_between(first, last)
    counted = Q(counts__in=_counted_once(placed))
    sums = {f"sum_{name}": Sum(f"counts__{name}", filter=counted) for name in COUNTED}
    return placed.select_related("outlet__organisation").annotate(**sums).order_by("-placed_at", "-pk")


def _counted_once(placed: QuerySet[Placement]) -> QuerySet[PlacementCount, Any]:
    """Of each placement and day the count of one source, the newest: they counted the same people."""
    counts = PlacementCount.objects.filter(placement__in=placed.order_by().values("pk"))
    return counts.order_by("placement_id", "day", "-pk").distinct("placement_id", "day").values("pk")


def _sums(placed: QuerySet[Placement], column: str) -> Iterable[Any]:
    counts = PlacementCount.objects.filter(pk__in=_counted_once(placed)).order_by()
    return counts.values(value=_column("placement", column)).annotate(**{each: Sum(each) for each in COUNTED})


def _openings(placed: QuerySet[Placement], column: str, first: datetime.date, last: datetime.date) -> dict[str, int]:
    """{value of the group: openings from `first` to `last`}: of a link in a group, one placement is counted."""
    links = placed.order_by().values("link_id", value=_column("", column))
    once = links.annotate(first=Min("pk")).values("first")
    days = LinkDay.objects.filter(link__placements__in=once, day__range=(first, last)).order_by()
    rows = days.values(value=_column("link__placements", column)).annotate(total=Sum("opened"))
    return {_value(row["value"]): row["total"] for row in rows}


def _column(prefix: str, column: str) -> F | TruncMonth:
    """The value of a group, of the placement that is at `prefix`."""
    name = f"{prefix}__" if prefix else ""
    return TruncMonth(f"{name}placed_at", tzinfo=VIETNAM_TIME) if column == "month" else F(f"{name}{column}")


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
