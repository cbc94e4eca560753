"""Calendars of events, read by two programs that are not ours: icalendar, and ical.js as mail programs use it.

    .venv/bin/python bench/calendars.py ICALJS      needs `node` on PATH; ICALJS is ical.js's own module

Both must read the same instants, in files made on servers in three time zones, which must be the same bytes. The exit
code is 1 where they do not.
"""

import datetime
import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from icalendar import Calendar

from content.events import ical
from content.events.models import Event
from content.organisations.models import Province
from content.vietnam_time import VIETNAM_TIME

ZONES = ("UTC", "America/New_York", "Asia/Ho_Chi_Minh")
READER = Path(__file__).with_suffix(".mjs")


def an_event(number, starts_at, minutes, **columns):
    return Event(
        key=f"sk-aaaaaaaa{number:02}",
        kind="talk",
        title="Toạ đàm: «Luật Đất đai», hỏi & đáp; phần 1 – dài đến mức phải xuống dòng ở cột bảy mươi lăm",
        text="Dòng một\nDòng hai; ba, bốn\\năm",
        place="Hội trường A",
        province=Province(name="Thành phố Huế"),
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(minutes=minutes),
        changed_at=datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
        **({"status": "announced"} | columns),
    )


def events():
    """Around midnight, new year, the days on which other zones turn their clocks, and far ahead."""
    times = [
        (2026, 12, 31, 23, 30), (2026, 3, 8, 14, 30), (2026, 11, 1, 12, 59), (2027, 2, 28, 0, 0), (2028, 2, 29, 8, 0),
        (2044, 6, 15, 18, 45),
    ]  # fmt: skip
    made = [
        an_event(number, datetime.datetime(*each, tzinfo=VIETNAM_TIME), 90, sequence=number)
        for number, each in enumerate(times)
    ]
    cancelled = {"status": "cancelled", "cancel_reason": "Bão số 9", "sequence": 7}
    return [*made, an_event(99, datetime.datetime(2026, 12, 1, 8, tzinfo=VIETNAM_TIME), 60, **cancelled)]


def made_in(zone):
    os.environ["TZ"] = zone
    time.tzset()
    return ical.calendar_file(events(), name="Luật Mở", address=lambda event: f"https://example.com/{event.key}")


def read_by_icalendar(file):
    return [
        {
            "uid": str(entry["uid"]),
            "sequence": int(entry["sequence"]),
            "status": str(entry["status"]),
            "start": entry["dtstart"].dt.timestamp(),
            "end": entry["dtend"].dt.timestamp(),
            "summary": str(entry["summary"]),
            "description": str(entry["description"]),
            "location": str(entry["location"]),
        }
        for entry in Calendar.from_ical(file).walk("VEVENT")
    ]


def read_by_ical_js(file, module):
    answer = subprocess.run(["node", READER, module], input=file, capture_output=True, check=True)
    return json.loads(answer.stdout)


def main(module):
    files = {made_in(zone) for zone in ZONES}
    (file, *others) = files
    here, there = read_by_icalendar(file), read_by_ical_js(file, module)
    meant = [(event.starts_at.timestamp(), event.ends_at.timestamp()) for event in events()]
    faults = [f"{len(files)} different files from {len(ZONES)} zones"] if others else []
    faults += [
        f"icalendar: {ours}\nical.js:   {theirs}" for ours, theirs in zip(here, there, strict=True) if ours != theirs
    ]
    faults += [f"{each['uid']} at other times than meant" for each, times in zip(there, meant, strict=True)
               if (each["start"], each["end"]) != times]  # fmt: skip
    for fault in faults:
        print(fault)
    print(f"{len(here)} events, {len(ZONES)} server zones, 2 readers: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.exit(main(str(Path(sys.argv[1]).resolve())))
