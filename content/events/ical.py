"""Events as iCalendar files (RFC 5545, 7986), which calendar applications read again every hour.

The same event has the same UID for ever, and a higher SEQUENCE each time it says something else; one that was cancelled
stays in and says so. Nothing in a file comes from the clock, so that one in which nothing changed is the same bytes.
"""

import datetime

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from content.events.states import EventStatus
from content.vietnam_time import VIETNAM_TIME

REFRESH_INTERVAL = datetime.timedelta(hours=1)
ICAL_STATUS = {EventStatus.CANCELLED: "CANCELLED"}  # the others are confirmed


def calendar_file(events, *, name, address):
    """Bytes of the file. `events` as queries.public_events() has them, `address(event)` gives where one stands."""
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


def _vevent(event, url):
    entry = Event()
    entry.add("uid", f"{event.key}@luatmo")
    entry.add("dtstamp", event.changed_at.astimezone(datetime.UTC).replace(microsecond=0))
    entry.add("last-modified", event.changed_at.astimezone(datetime.UTC).replace(microsecond=0))
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts_at.astimezone(VIETNAM_TIME))
    entry.add("dtend", event.ends_at.astimezone(VIETNAM_TIME))
    entry.add("status", ICAL_STATUS.get(event.status, "CONFIRMED"))
    entry.add("summary", summary(event))
    entry.add("description", "\n\n".join(filter(None, _description_paragraphs(event))))
    if location(event):
        entry.add("location", location(event))
    entry.add("categories", [str(event.get_kind_display())])
    entry.add("url", url)
    return entry


def summary(event):
    """Its title; of a cancelled one that first, for calendars that do not show the status."""
    return _("CANCELLED: %s") % event.title if event.status == EventStatus.CANCELLED else event.title


def location(event):
    """The place with its province, else the online address."""
    place = ", ".join(filter(None, [event.place, event.province and event.province.name]))
    return place if event.place else event.online_url


def _description_paragraphs(event):
    if event.status == EventStatus.CANCELLED:
        yield _("Cancelled: %s") % event.cancel_reason
    yield event.text
    if event.online_url:
        yield _("Online: %s") % event.online_url
    if event.recording_url:
        yield _("Recording: %s") % event.recording_url
