"""How long the changes of another installation took to arrive here, as a picture for the staff site."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.changes import queries as changes

LINES_READ = 5_000  # the newest of our own log
MOST_POINTS = 200
WIDTH, HEIGHT, LEFT, BELOW = 360, 180, 64, 24  # of the picture
MARKS = ((1, _("1 second")), (10, _("10 s")), (60, _("1 minute")), (3600, _("1 hour")), (86400, _("1 day")))
LEAST, MOST = 0.1, 86400.0  # seconds that the picture shows


@dataclass(frozen=True)
class Arrival:
    """A change of another installation that is in our log: when it came, and how many seconds after it was made."""

    at: datetime.datetime
    seconds: float


@dataclass(frozen=True)
class Point:
    """An arrival in the picture. `words`: what it says for those who do not see it."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Picture:
    """Points from the oldest to the newest, lines at round durations, and half and most of all delays in seconds."""

    points: Sequence[Point]
    marks: Sequence[tuple[float, Any]]
    half: float
    most: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def newest_arrivals(home: str) -> list[Arrival]:
    """The newest changes of the installation with this key among the newest lines of our log, the oldest first."""
    lines = changes.public_changes().order_by("-pk").filter(facts__has_key="origin").values_list("changed_at", "facts")
    found = []
    newest = changes.last_public_change_id()
    for at, facts in lines.filter(pk__gt=newest - LINES_READ):
        made = _moment(facts["origin"].get("changed_at")) if facts["origin"].get("home") == home else None
        if made is not None:
            found.append(Arrival(at, max(0.0, (at - made).total_seconds())))
        if len(found) == MOST_POINTS:
            break
    return found[::-1]


def picture(arrivals: Sequence[Arrival]) -> Picture | None:
    """Each arrival from left to right, its delay upwards on a scale of powers; None without any."""
    if not arrivals:
        return None
    step = (WIDTH - LEFT) / max(1, len(arrivals))
    points = [
        Point(round(LEFT + step * (place + 0.5), 1), _height(each.seconds), _words(each))
        for place, each in enumerate(arrivals)
    ]
    delays = sorted(each.seconds for each in arrivals)
    marks = [(_height(seconds), name) for seconds, name in MARKS]
    return Picture(points, marks, delays[len(delays) // 2], delays[min(len(delays) - 1, len(delays) * 95 // 100)])


def _height(seconds: float) -> float:
    share = math.log(min(max(seconds, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return round((HEIGHT - BELOW) * (1 - share) + BELOW / 2, 1)


def _words(arrival: Arrival) -> str:
    return f"{timezone.localtime(arrival.at):%d/%m/%Y %H:%M:%S}: {arrival.seconds:.1f} s"


def _moment(value: object) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None
