"""A document in time: the days on which its text changes, its events, and the calendar of all documents."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from content.documents import queries
from content.documents.models import Amendment, LegalDocument, ProvisionVersion, StatusEvent
from content.documents.models.provision import CALENDAR_ORDER
from content.topics.models import Topic


@dataclass(frozen=True)
class PointInTime:
    """A text of the document, valid on the days [valid_from, valid_until); None is an open end."""

    valid_from: datetime.date | None
    valid_until: datetime.date | None
    amendments: list[Amendment]


def points_in_time(document: LegalDocument) -> list[PointInTime]:
    """The texts of a document, oldest first. One where it was never amended."""
    days: set[datetime.date] = set()
    for pair in (
        ProvisionVersion.objects.filter(provision__document=document)
        .exclude(valid_from=None, valid_until=None)
        .values_list("valid_from", "valid_until")
        .distinct()
    ):
        days |= {day for day in pair if day}
    starts: list[datetime.date | None] = [None, *sorted(days)]
    by_day: dict[datetime.date | None, list[Amendment]] = {}
    for amendment in document.amendments.filter(withdrawn_at=None, on__in=days).select_related("act"):
        by_day.setdefault(amendment.on, []).append(amendment)
    ends = [*starts[1:], None]
    return [PointInTime(start, end, by_day.get(start, [])) for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class HistoryEntry:
    """A span of days [valid_from, valid_until) in which the text of a provision and the units under it does not change.

    `act` is the document that changed it on the first day.
    """

    valid_from: datetime.date | None
    valid_until: datetime.date | None
    act: Any  # a LegalDocument, or what a link needs of it; or None


VersionRow = tuple[str, datetime.date | None, datetime.date | None, Any, Any]  # the acts as in HistoryEntry


def history_entries(document: LegalDocument, eid: str) -> list[HistoryEntry]:
    """The entries of a provision, oldest first. Between two of them may be days on which it is not valid."""
    inside = Q(provision__eid=eid) | Q(provision__eid__startswith=f"{eid}__")
    of_document = ProvisionVersion.objects.filter(inside, provision__document=document)
    versions = of_document.select_related("provision", "made_by__act", "ended_by__act")
    rows: list[VersionRow] = [
        (
            each.provision.eid, each.valid_from, each.valid_until, each.made_by.act if each.made_by else None,
            each.ended_by.act if each.ended_by else None,
        )
        for each in versions
    ]  # fmt: skip
    return entries_of(eid, rows)


def entries_of(eid: str, versions: Collection[VersionRow]) -> list[HistoryEntry]:
    """As `history_entries`. `versions`: (eid, first day, first day after, act that made it, act that ended it)."""
    acts = {last: ended_by for _eid, _first, last, _made_by, ended_by in versions}
    acts |= {first: made_by for _eid, first, _last, made_by, _ended_by in versions if made_by}
    change_days = sorted({day for _eid, *days, _made_by, _ended_by in versions for day in days if day})
    entries: list[HistoryEntry] = []
    own = [(first, last) for name, first, last, *_acts in versions if name == eid]
    for valid_from, valid_until in sorted(own, key=lambda days: days[0] or datetime.date.min):
        first, last = valid_from or datetime.date.min, valid_until or datetime.date.max
        starts = [valid_from, *(day for day in change_days if first < day < last)]
        ends = [*starts[1:], valid_until]
        entries += [
            HistoryEntry(start, end, acts.get(start) if start else None)
            for start, end in zip(starts, ends, strict=True)
        ]
    return entries


@dataclass(frozen=True)
class TimelineEntry:
    """An event of a document, past or future. `act` is the document that caused it, if known."""

    on: datetime.date | None
    what: str  # "issued", "gazetted" or a StatusEvent.Kind
    scope: str
    eids: list[str]
    cause: str
    act: LegalDocument | None


def timeline(document: LegalDocument) -> list[TimelineEntry]:
    """All events in order of their day; those without a known day come last."""
    found = [
        TimelineEntry(day, what, "whole", [], "", None)
        for what, day in (("issued", document.issued_on), ("gazetted", document.gazette_on))
        if day
    ]
    events = document.status_events.select_related("amendment__act")
    found += [
        TimelineEntry(
            event.on,
            event.kind,
            event.scope,
            event.eids,
            event.cause,
            event.amendment.act if event.amendment else None,
        )
        for event in events
    ]
    order = ["issued", "gazetted", *StatusEvent.Kind.values]
    return sorted(found, key=lambda each: (each.on is None, each.on or datetime.date.max, order.index(each.what)))


def calendar_events(first: datetime.date, last: datetime.date) -> QuerySet[StatusEvent]:
    """Status events of public documents from `first` to `last`, both included, in order."""
    start, end = queries.first_place_on(first), queries.first_place_on(last) + queries.PLACES_OF_A_DAY
    placed = StatusEvent.objects.filter(on__isnull=False).annotate(calendar_order=CALENDAR_ORDER)
    public = placed.filter(document__status=LegalDocument.Status.PUBLISHED)
    within = public.filter(calendar_order__gte=start, calendar_order__lt=end)
    return within.select_related("document__issuer", "amendment__act").order_by("calendar_order")


def events_under_topics(events: QuerySet[StatusEvent], topics: Iterable[Topic]) -> QuerySet[StatusEvent]:
    """Narrow to events of documents under one of these topics or a subtopic."""
    return events.filter(document__in=queries.ids_under_topics(topics))


def events_starting_on(day: datetime.date) -> QuerySet[StatusEvent]:
    """Status events of public documents that start to count on that day, by document."""
    events = StatusEvent.objects.filter(on=day, document__status=LegalDocument.Status.PUBLISHED)
    return events.select_related("document__issuer").order_by("document", "pk")
