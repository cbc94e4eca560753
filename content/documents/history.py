"""A document in time: the days on which its text changes, what happened to it, and what is to come for all of them."""

import datetime
from dataclasses import dataclass

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q

from content.documents import queries
from content.documents.models import Amendment, LegalDocument, ListOrder, ProvisionVersion, StatusEvent


@dataclass(frozen=True)
class PointInTime:
    """The text as it stands on the days [valid_from, valid_until); None is an open end."""

    valid_from: datetime.date | None
    valid_until: datetime.date | None
    amendments: list[Amendment]


def points_in_time(document):
    """The PointsInTime of a document, the first text first. One where it was never amended."""
    days = set()
    for pair in (
        ProvisionVersion.objects.filter(provision__document=document)
        .exclude(valid_from=None, valid_until=None)
        .values_list("valid_from", "valid_until")
        .distinct()
    ):
        days |= {day for day in pair if day}
    starts = [None, *sorted(days)]
    by_day = {}
    for amendment in document.amendments.filter(withdrawn_at=None, on__in=days).select_related("act"):
        by_day.setdefault(amendment.on, []).append(amendment)
    ends = [*starts[1:], None]
    return [PointInTime(start, end, by_day.get(start, [])) for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class HistoryEntry:
    """A provision, with the units under it, says one thing on the days [valid_from, valid_until); `act` made it so."""

    valid_from: datetime.date | None
    valid_until: datetime.date | None
    act: LegalDocument | None


def history_entries(document, eid):
    """The Readings of a provision, oldest first; days on which it does not stand lie between them."""
    inside = Q(provision__eid=eid) | Q(provision__eid__startswith=f"{eid}__")
    versions = ProvisionVersion.objects.filter(inside, provision__document=document)
    versions = list(versions.select_related("provision", "made_by__act", "ended_by__act"))
    acts = {version.valid_until: version.ended_by and version.ended_by.act for version in versions}
    acts |= {version.valid_from: version.made_by.act for version in versions if version.made_by}
    turns = sorted({day for version in versions for day in (version.valid_from, version.valid_until) if day})
    readings = []
    for own in sorted(
        (version for version in versions if version.provision.eid == eid),
        key=lambda version: version.valid_from or datetime.date.min,
    ):
        first, last = own.valid_from or datetime.date.min, own.valid_until or datetime.date.max
        starts = [own.valid_from, *(day for day in turns if first < day < last)]
        ends = [*starts[1:], own.valid_until]
        readings += [
            HistoryEntry(start, end, acts.get(start) if start else None)
            for start, end in zip(starts, ends, strict=True)
        ]
    return readings


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened to a document, or will. `act` is the document that did it, where we know it."""

    on: datetime.date | None
    what: str
    scope: str
    eids: list[str]
    cause: str
    act: LegalDocument | None


def timeline(document):
    """All Happenings in order of their day; those whose day nobody knows stand last."""
    found = [
        TimelineEntry(day, what, "whole", [], "", None)
        for what, day in (("issued", document.issued_on), ("gazetted", document.gazette_on))
        if day
    ]
    events = document.status_events.select_related("amendment__act")
    found += [
        TimelineEntry(
            event.on, event.kind, event.scope, event.eids, event.cause, event.amendment and event.amendment.act
        )
        for event in events
    ]
    order = ["issued", "gazetted", *StatusEvent.Kind.values]
    return sorted(found, key=lambda each: (each.on is None, each.on or datetime.date.max, order.index(each.what)))


def calendar_events(first, last):
    """What takes effect, ends or changes from `first` to `last`, both included, in order; of public documents."""
    in_order = ExpressionWrapper(ListOrder("on") + F("id"), BigIntegerField())
    return (
        StatusEvent.objects.filter(on__gte=first, on__lte=last, document__status=LegalDocument.Status.PUBLISHED)
        .select_related("document__issuer", "amendment__act")
        .annotate(calendar_order=in_order)
        .order_by("calendar_order")
    )


def events_under_topics(events, topics):
    """Narrow to those of documents filed under one of these topics or under a heading of theirs."""
    documents = queries.documents_under_topics(LegalDocument.objects.all(), topics)
    return events.filter(document__in=documents.values("pk"))


def events_starting_on(day):
    """The events that begin to count on that day, of public documents, by document."""
    events = StatusEvent.objects.filter(on=day, document__status=LegalDocument.Status.PUBLISHED)
    return events.select_related("document__issuer").order_by("document", "pk")
