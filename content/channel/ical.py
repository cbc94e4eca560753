"""The schedule of a channel as an iCalendar file (RFC 5545, 7986)."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from icalendar import Calendar, Event

from content.channel.models import Channel, Slot
from content.law.page_paths import material_path
from content.vietnam_time import VIETNAM_TIME

REFRESH_INTERVAL = datetime.timedelta(hours=1)


def schedule_file(channel: Channel, slots: Iterable[Slot]) -> bytes:
    """Bytes of the file. `slots` as `queries.slots_between` has them; nothing depends on the present time."""
    file = Calendar()
    file.add("prodid", "-//Luật Mở//Kênh pháp luật//VI")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("name", channel.title)
    file.add("x-wr-calname", channel.title)
    file.add("x-wr-timezone", VIETNAM_TIME.key)
    file.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    for slot in slots:
        file.add_component(_vevent(channel, slot))
    file.add_missing_timezones(datetime.date(1979, 1, 1), datetime.date(2038, 1, 1))
    return file.to_ical()


def _vevent(channel: Channel, slot: Slot) -> Event:
    entry = Event()
    entry.add("uid", f"{slot.key}@luatmo")
    entry.add("dtstamp", channel.changed_at.astimezone(datetime.UTC).replace(microsecond=0))
    entry.add("dtstart", slot.during.lower.astimezone(VIETNAM_TIME))
    entry.add("dtend", slot.during.upper.astimezone(VIETNAM_TIME))
    entry.add("summary", slot.material.title if slot.material else slot.title)
    entry.add("url", settings.PUBLIC_URL + material_path(slot.material.key) if slot.material else slot.live_url)
    return entry
