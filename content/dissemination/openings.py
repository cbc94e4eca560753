"""Count how often short addresses are opened: in memory, added to the database every 10 seconds.

Kept of an opening: the link, the day, and whether a robot drew a preview. Neither address nor program of a person is
kept, nor is it looked at for anything else. A killed process loses at most 10 seconds of counts.
"""

import atexit
import datetime
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error, connections, transaction
from django.db.models import F

from content.dissemination.models import LinkDay
from content.vietnam_time import today

logger = logging.getLogger(__name__)
INTERVAL = 10.0  # seconds
MOST_PER_MINUTE = 1_000  # openings of one link in one process: a page that reloads itself counts no further
PREVIEW_ROBOTS = re.compile(
    r"facebookexternalhit|facebot|compatible; zalo|zalobot|whatsapp|skypeuri|(?<!cu)bot\b|crawler|spider|headless",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Opening:
    link_id: int
    day: datetime.date
    is_preview: bool


def is_preview_robot(agent: str) -> bool:
    """Whether the program draws previews for a network, or reads for a search engine; browsers say «Mozilla/».

    The browsers inside Zalo and Facebook, and phones named Cubot, are those of people.
    """
    return "Mozilla/" not in agent or PREVIEW_ROBOTS.search(agent) is not None


class OpeningCounter:
    """Counts of one process. Safe for threads."""

    def __init__(self, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic) -> None:
        self.interval, self._clock = interval, clock
        self._minute, self._in_minute = 0, Counter[int]()
        self._counts: Counter[Opening] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def note(self, link_id: int, *, is_preview: bool) -> None:
        """Count one opening today, MOST_PER_MINUTE of a link at most; it is added within the interval."""
        with self._lock:
            if self._is_too_often(link_id):
                return
            self._counts[Opening(link_id, today(), is_preview)] += 1
            self._start_timer()

    def _is_too_often(self, link_id: int) -> bool:
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._in_minute = minute, Counter()
        self._in_minute[link_id] += 1
        return self._in_minute[link_id] > MOST_PER_MINUTE

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(self.interval, self._add_in_thread)
            self._timer.daemon = True
            self._timer.start()

    def add_to_database(self) -> int:
        """Add what was counted. Returns how many openings. After an error of the database they are counted still."""
        with self._lock:
            counts, self._counts, self._timer = self._counts, Counter(), None
        if not counts:
            return 0
        try:
            with transaction.atomic():
                for opening in sorted(counts, key=lambda each: (each.link_id, each.day, each.is_preview)):
                    _add(opening, counts[opening])
        except Error:
            logger.warning("openings could not be added", exc_info=True)
            with self._lock:
                self._counts.update(counts)
                self._start_timer()
            return 0
        return counts.total()

    def forget(self) -> None:
        """Drop what was counted since the last addition, and add nothing by itself. For tests, whose links go."""
        with self._lock:
            self._counts = Counter()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _add_in_thread(self) -> None:
        try:
            self.add_to_database()
        finally:
            connections.close_all()  # those of this thread


def _add(opening: Opening, count: int) -> None:
    column = "previews" if opening.is_preview else "opened"
    row, _created = LinkDay.objects.get_or_create(link_id=opening.link_id, day=opening.day)
    LinkDay.objects.filter(pk=row.pk).update(**{column: F(column) + count})


COUNTER = OpeningCounter()
atexit.register(COUNTER.add_to_database)
