"""Parse the programme of an event, typed one line per item, and write it back. Pure.

05/12/2026 08:00–09:30 | Khai mạc | Trần Thị Lan (Sở Tư pháp); Nguyễn Văn Minh      a session; the day may be omitted
Trần Thị Lan | Sở Tư pháp                                                           a speaker of the whole event
Tờ gấp | https://example.com/to-gap.pdf                                             a material
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.events.models import Session
from content.vietnam_time import VIETNAM_TIME

SESSION_LINE = re.compile(
    r"(?:(?P<day>\d{1,2}/\d{1,2}/\d{4})\s+)?(?P<from>\d{1,2}:\d{2})\s*[-–—]\s*(?P<to>\d{1,2}:\d{2})\s*\|"
    r"\s*(?P<title>[^|]+?)\s*(?:\|\s*(?P<speakers>[^|]*))?"
)
SPEAKER_TEXT = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<about>.*)\))?")
MAX_LINES = 200


@dataclass(frozen=True)
class SessionLine:
    """A session of the programme; `speakers` are [(name, about)]."""

    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    speakers: list[tuple[str, str]] = field(default_factory=list)


def parse_sessions(text: str, day: datetime.date) -> list[SessionLine]:
    """The sessions; `day` is that of lines without one. Raises RuleBroken("invalid_line", "too_long")."""
    return [_parse_session(line, day) for line in _nonblank_lines(text, "sessions")]


def parse_pairs(text: str, field_name: str) -> list[tuple[str, str]]:
    """[(text before the bar, text after it)] of speakers or materials.

    Raises RuleBroken("invalid_line", "too_long").
    """
    found = [[part.strip() for part in line.split("|")] for line in _nonblank_lines(text, field_name)]
    for parts in found:
        if len(parts) > 2 or not parts[0] or (field_name == "materials" and len(parts) < 2):
            raise _invalid_line(" | ".join(parts), field_name)
    return [(parts[0], parts[1] if len(parts) > 1 else "") for parts in found]


def session_lines(rows: Iterable[Any]) -> str:
    """Sessions with their speakers, as people type them."""
    return "\n".join(_session_line(session) for session in rows)


def pair_lines(rows: Iterable[Any]) -> str:
    return "\n".join(" | ".join(filter(None, row)) for row in rows)


def _nonblank_lines(text: str, field_name: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise RuleBroken("too_long", _("Use at most %d lines.") % MAX_LINES, field=field_name)
    return lines


def _parse_session(line: str, day: datetime.date) -> SessionLine:
    match = SESSION_LINE.fullmatch(line)
    if match is None:
        raise _invalid_line(line, "sessions")
    try:
        if match["day"]:
            day = datetime.datetime.strptime(match["day"], "%d/%m/%Y").date()  # noqa: DTZ007 (a day has no zone)
        starts_at, ends_at = (_instant(day, match[name]) for name in ("from", "to"))
        if ends_at <= starts_at:
            ends_at += datetime.timedelta(days=1)  # it ends after midnight
    except (TypeError, ValueError, OverflowError):  # the last day of the calendar has no day after it
        raise _invalid_line(line, "sessions") from None
    named = [SPEAKER_TEXT.fullmatch(each.strip()) for each in (match["speakers"] or "").split(";") if each.strip()]
    if None in named:
        raise _invalid_line(line, "sessions")
    speakers = [(each["name"], each["about"] or "") for each in named if each]
    return SessionLine(match["title"], starts_at, ends_at, speakers)


def _invalid_line(line: str, field_name: str) -> RuleBroken:
    return RuleBroken("invalid_line", _("This line is not valid: %s") % line[:100], field=field_name)


def _instant(day: datetime.date, clock: str) -> datetime.datetime:
    hour, minute = clock.split(":")
    return datetime.datetime.combine(day, datetime.time(int(hour), int(minute)), VIETNAM_TIME)


def _session_line(session: Session) -> str:
    starts_at, ends_at = session.starts_at.astimezone(VIETNAM_TIME), session.ends_at.astimezone(VIETNAM_TIME)
    speakers = "; ".join(f"{each.name} ({each.about})" if each.about else each.name for each in session.speakers.all())
    return " | ".join(filter(None, [f"{starts_at:%d/%m/%Y %H:%M}–{ends_at:%H:%M}", session.title, speakers]))
