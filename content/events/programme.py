"""The programme of an event as people type it, a line for each thing, and back again. Pure: no table is read here.

05/12/2026 08:00–09:30 | Khai mạc | Trần Thị Lan (Sở Tư pháp); Nguyễn Văn Minh      a session; its day may be left out
Trần Thị Lan | Sở Tư pháp                                                           who speaks at the whole event
Tờ gấp | https://example.com/to-gap.pdf                                             a material
"""

import datetime
import re

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.vietnam_time import VIETNAM_TIME

SESSION_LINE = re.compile(
    r"(?:(?P<day>\d{1,2}/\d{1,2}/\d{4})\s+)?(?P<from>\d{1,2}:\d{2})\s*[-–—]\s*(?P<to>\d{1,2}:\d{2})\s*\|"
    r"\s*(?P<title>[^|]+?)\s*(?:\|\s*(?P<speakers>[^|]*))?"
)
SPEAKER_TEXT = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<about>.*)\))?")
MAX_LINES = 200


def parse_sessions(text, day):
    """[(title, starts_at, ends_at, [(name, about)])]; `day` is that of lines without one. Raises RuleBroken."""
    return [_parse_session(line, day) for line in _nonblank_lines(text, "sessions")]


def parse_pairs(text, field):
    """[(before the bar, behind it)], as speakers and materials are. Raises RuleBroken("invalid_line")."""
    found = [[part.strip() for part in line.split("|")] for line in _nonblank_lines(text, field)]
    for parts in found:
        if len(parts) > 2 or not parts[0] or (field == "materials" and len(parts) < 2):
            raise RuleBroken(
                "invalid_line", _("This line is not understood: %s") % " | ".join(parts)[:100], field=field
            )
    return [(parts[0], parts[1] if len(parts) > 1 else "") for parts in found]


def session_lines(rows):
    """Sessions with their speakers, as they are typed."""
    return "\n".join(_session_line(session) for session in rows)


def pair_lines(rows):
    return "\n".join(" | ".join(filter(None, row)) for row in rows)


def _nonblank_lines(text, field):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise RuleBroken("too_long", _("At most %d lines.") % MAX_LINES, field=field)
    return lines


def _parse_session(line, day):
    match = SESSION_LINE.fullmatch(line)
    try:
        if match["day"]:
            day = datetime.datetime.strptime(match["day"], "%d/%m/%Y").date()  # noqa: DTZ007 (a day has no zone)
        starts_at, ends_at = (_instant(day, match[name]) for name in ("from", "to"))
        if ends_at <= starts_at:
            ends_at += datetime.timedelta(days=1)  # over midnight
    except (TypeError, ValueError, OverflowError):  # the last day of the calendar has no day after it
        raise RuleBroken("invalid_line", _("This line is not understood: %s") % line[:100], field="sessions") from None
    named = [SPEAKER_TEXT.fullmatch(each.strip()) for each in (match["speakers"] or "").split(";") if each.strip()]
    if None in named:
        raise RuleBroken("invalid_line", _("This line is not understood: %s") % line[:100], field="sessions")
    return match["title"], starts_at, ends_at, [(each["name"], each["about"] or "") for each in named]


def _instant(day, clock):
    hour, minute = clock.split(":")
    return datetime.datetime.combine(day, datetime.time(int(hour), int(minute)), VIETNAM_TIME)


def _session_line(session):
    starts_at, ends_at = session.starts_at.astimezone(VIETNAM_TIME), session.ends_at.astimezone(VIETNAM_TIME)
    speakers = "; ".join(f"{each.name} ({each.about})" if each.about else each.name for each in session.speakers.all())
    return " | ".join(filter(None, [f"{starts_at:%d/%m/%Y %H:%M}–{ends_at:%H:%M}", session.title, speakers]))
