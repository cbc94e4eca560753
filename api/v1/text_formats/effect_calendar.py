"""The calendar of effect as an iCalendar file (RFC 5545): one entry of a whole day for each event.

The lines are written here and not by the library icalendar, which takes half a millisecond for an entry. The tests read
them with it.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from content.document_reads.shown import LinkedDocument
from content.documents.citations import cite_document
from content.documents.models import StatusEvent

REFRESH_INTERVAL = "PT6H"  # between two downloads of a subscribed calendar
MAX_UNITS = 10  # named in an entry's description; the page of the document has the rest
MAX_LINE = 75  # octets, RFC 5545, 3.1
ONE_DAY = datetime.timedelta(days=1)
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""}
_TO_ESCAPE = re.compile(r"[\\;,\n\r]")


_DOCUMENT_COLUMNS = ("pk", "key", "number", "title", "doc_type", "issued_on", "is_sample", "completeness")
_COLUMNS = ("pk", "kind", "scope", "on", "stated_on", "eids", *(f"document__{name}" for name in _DOCUMENT_COLUMNS))


@dataclass(slots=True)
class CalendarEvent:
    """What an entry tells of a status event. Five model instances for each of 2,000 entries took most of a file."""

    pk: int
    kind: str
    scope: str
    on: datetime.date | None
    stated_on: datetime.date
    eids: list[str]
    document: LinkedDocument


def calendar_rows(events: QuerySet[StatusEvent]) -> list[CalendarEvent]:
    """The events of a query as the file tells them."""
    return [
        CalendarEvent(pk, kind, scope, on, stated_on, eids, LinkedDocument(*document))
        for pk, kind, scope, on, stated_on, eids, *document in events.values_list(*_COLUMNS)
    ]


def calendar_file(
    events: Iterable[CalendarEvent], *, name: str, description: str = "", address: Callable[[LinkedDocument], str]
) -> bytes:
    """The iCalendar file of these events. `address` gives the URL of a document; UIDs are permanent."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Luật Mở//Lịch hiệu lực//VI",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        *([f"X-WR-CALDESC:{_text(description)}"] if description else []),
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH_INTERVAL}",  # RFC 7986 5.7
        f"X-PUBLISHED-TTL:{REFRESH_INTERVAL}",  # the same for older calendars
    ]
    summaries: dict[tuple[str, str], str] = {}  # to translate one takes as long as to write the entry
    for event in events:
        told = event.kind, event.scope
        if told not in summaries:
            summaries[told] = event_summary(event)
        lines += _entry(event, summaries[told], address(event.document))
    written: list[bytes] = []
    for line in [*lines, "END:VCALENDAR", ""]:
        octets = line.encode()
        written += [octets] if len(octets) <= MAX_LINE else _folded(octets)
    return b"\r\n".join(written)


def _entry(event: CalendarEvent, summary: str, url: str) -> list[str]:
    described = [event.document.title, ", ".join(event.eids[:MAX_UNITS])]
    days = (
        [f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}", f"DTEND;VALUE=DATE:{event.on + ONE_DAY:%Y%m%d}"] if event.on else []
    )
    return [
        "BEGIN:VEVENT",
        f"SUMMARY:{_text(f'{summary}: {cite_document(event.document)}')}",
        *days,  # always: the calendar is made of dated events
        f"DTSTAMP:{event.stated_on:%Y%m%d}T000000Z",
        f"UID:effect-{event.pk}@luatmo",
        f"DESCRIPTION:{_text(chr(10).join(filter(None, described)))}",
        "TRANSP:TRANSPARENT",
        f"URL:{url}",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    return _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], value)


def _folded(rest: bytes) -> Iterator[bytes]:
    """A line in parts of at most MAX_LINE octets; no letter and no escape is divided."""
    while len(rest) > MAX_LINE:
        at = MAX_LINE
        while rest[at] & 0xC0 == 0x80:  # inside a letter
            at -= 1
        before = rest[:at]
        if (len(before) - len(before.rstrip(b"\\"))) % 2:  # after the backslash of an escape
            at -= 1
        yield rest[:at]
        rest = b" " + rest[at:]
    yield rest


def event_summary(event: StatusEvent | CalendarEvent) -> str:
    """The event in words: «Có hiệu lực», «Hết hiệu lực một phần»."""
    kind = str(StatusEvent.Kind(event.kind).label)
    return (
        f"{kind} ({_('in part')})"
        if event.scope == StatusEvent.Scope.PART and event.kind != StatusEvent.Kind.AMENDED
        else kind
    )
