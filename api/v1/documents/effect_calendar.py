"""The calendar of effect as an iCalendar file (RFC 5545): one entry of a whole day for each event."""

import datetime
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from content.documents.citations import cite_document
from content.documents.models import LegalDocument, StatusEvent

REFRESH_INTERVAL = vDuration(datetime.timedelta(hours=6))  # between two downloads of a subscribed calendar
MAX_UNITS = 10  # named in an entry's description; the page of the document has the rest


def calendar_file(events: Iterable[StatusEvent], *, name: str, address: Callable[[LegalDocument], str]) -> bytes:
    """The iCalendar file of these events. `address` gives the URL of a document; UIDs are permanent."""
    file = Calendar()
    file.add("prodid", "-//Luật Mở//Lịch hiệu lực//VI")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", name)
    file.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})  # RFC 7986 5.7
    file.add("x-published-ttl", REFRESH_INTERVAL)  # the same for older calendars
    for event in events:
        file.add_component(_calendar_entry(event, address(event.document)))
    return file.to_ical()


def _calendar_entry(event: StatusEvent, url: str) -> Event:
    entry = Event()
    entry.add("uid", f"effect-{event.pk}@luatmo")
    entry.add("dtstamp", datetime.datetime.combine(event.stated_on, datetime.time(), datetime.UTC))
    if event.on:  # always: the calendar is made of dated events
        entry.add("dtstart", event.on)
        entry.add("dtend", event.on + datetime.timedelta(days=1))
    entry.add("summary", f"{event_summary(event)}: {cite_document(event.document)}")
    entry.add("description", "\n".join(filter(None, [event.document.title, ", ".join(event.eids[:MAX_UNITS])])))
    entry.add("url", url)
    entry.add("transp", "TRANSPARENT")
    return entry


def event_summary(event: StatusEvent) -> str:
    """The event in words: «Có hiệu lực», «Hết hiệu lực một phần»."""
    kind = str(event.get_kind_display())
    return (
        f"{kind} ({_('in part')})"
        if event.scope == StatusEvent.Scope.PART and event.kind != StatusEvent.Kind.AMENDED
        else kind
    )
