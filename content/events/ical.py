"""Events as iCalendar files (RFC 5545, 7986), which calendar applications read again every hour.

An event keeps its UID for ever and gets a higher SEQUENCE with each change. A cancelled event stays in the file and
says so. Nothing in a file depends on the present time, so that an unchanged calendar is the same bytes.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as CalendarEntry

from content.events.models import Event
from content.events.states import EventStatus
from content.vietnam_time import VIETNAM_TIME

REFRESH_INTERVAL = datetime.timedelta(hours=1)


def calendar_file(events: Iterable[Event], *, name: str, address: Callable[[Event], str]) -> bytes:
    """Bytes of the file. `events` as queries.public_events() has them, `address(event)` gives the URL of one."""
    file = Calendar()
    file.add("prodid", "-//Luật Mở//Sự kiện//VI")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("name", name)
    file.add("x-wr-calname", name)
    file.add("x-wr-timezone", VIETNAM_TIME.key)
    file.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "PT1H")
    for event in events:
        file.add_component(_vevent(event, address(event)))
    file.add_missing_timezones(datetime.date(1979, 1, 1), datetime.date(2038, 1, 1))
    return file.to_ical()


def _vevent(event: Event, url: str) -> CalendarEntry:
    entry = CalendarEntry()
    entry.add("uid", f"{event.key}@luatmo")
    if event.changed_at is None:
        raise ValueError("a draft has no calendar entry")
    changed_at = event.changed_at.astimezone(datetime.UTC).replace(microsecond=0)
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts_at.astimezone(VIETNAM_TIME))
    entry.add("dtend", event.ends_at.astimezone(VIETNAM_TIME))
    entry.add("status", "CANCELLED" if event.status == EventStatus.CANCELLED else "CONFIRMED")
    entry.add("summary", summary(event))
    entry.add("description", "\n\n".join(filter(None, _description_paragraphs(event))))
    if location(event):
        entry.add("location", location(event))
    entry.add("categories", [str(event.get_kind_display())])
    entry.add("url", url)
    return entry


def summary(event: Event) -> str:
    """The title; a cancelled event says so first, for calendars that do not show the status."""
    return _("CANCELLED: %s") % event.title if event.status == EventStatus.CANCELLED else event.title


def location(event: Event) -> str:
    """The place with its province, else the online address."""
    place = ", ".join(filter(None, [event.place, event.province.name if event.province else ""]))
    return place if event.place else event.online_url


def _description_paragraphs(event: Event) -> Iterator[str]:
    if event.status == EventStatus.CANCELLED:
        yield _("Cancelled: %s") % event.cancel_reason
    yield event.text
    if event.online_url:
        yield _("Online: %s") % event.online_url
    if event.recording_url:
        yield _("Recording: %s") % event.recording_url
