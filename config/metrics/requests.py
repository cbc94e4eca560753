"""Counts requests, in front of Django, and how long those take that were not in memory.

What api/reads answers from memory before that is told by `count_hit`.

No label has anything of a caller: a family of addresses, a status, and whether the answer came from memory.
Answers from memory are counted many at once by a thread of its own: to count each by itself is a good part of what it
costs, and their time, well below a millisecond, would hide that of all others.
"""

import logging
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import Counter, Histogram

from api.reads import forks
from config.metrics import folder

log = logging.getLogger("luatmo.metrics")
WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]
API = "/api/v1/"
API_FAMILIES = frozenset(
    {
        "attempts", "calendars", "certificates", "changes", "channels", "citations", "contests", "devices",
        "dissemination", "documents", "effects", "events", "exports", "feeds", "files", "follows", "glossary",
        "inbox", "indicators", "layers", "materials", "me", "measurements", "openapi", "organisations", "outlets",
        "peers", "placements", "plans", "playlists", "programmes", "provinces", "questions", "records", "search",
        "topics",
    }
)  # fmt: skip
OTHER_FAMILIES = {
    "tim": "pages", "van-ban": "pages", "hoi-dap": "pages", "su-kien": "pages", "cuoc-thi": "pages",
    "tai-lieu": "pages", "danh-sach-phat": "pages", "kenh": "pages", "de-an": "pages", "ke-hoach": "pages",
    "chung-nhan": "pages", "s": "pages", "akn": "pages", "eli": "pages", "docs": "docs",
    "problems": "docs", "staff": "staff", "static": "static", "health": "health",
}  # fmt: skip
OTHER = "other"  # also what nobody serves: probes for other programs
BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
_STATUSES = {200: "200", 304: "304"}
HIT, FOUND, MISS, NONE = "hit", "revalidated", "miss", "none"

REQUESTS = Counter(
    "luatmo_requests", "Requests by family of addresses, status and part of the memory.", ["family", "status", "cache"]
)
SECONDS = Histogram(
    "luatmo_request_seconds",
    "Seconds until an answer begins that was not in memory.",
    ["family"],
    buckets=BUCKETS,
)
PAUSE_SECONDS = 0.2  # how long an answer from memory waits at most until it is counted
_counters: dict[tuple[str, str, str], Counter] = {}  # labels() costs more than counting
_histograms: dict[str, Histogram] = {}


class _Hits:
    """Answers from memory that are not counted yet. A process that ends loses those of the last PAUSE_SECONDS."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, str]] = []  # path, status
        self._is_waiting = threading.Event()
        self._lock = threading.Lock()
        self._forks = -1  # when it began in the process that has it now
        self._is_on = False

    def add(self, path: str, status: str) -> None:
        """Count one. Takes no lock: the one who counts removes from the front only what was there."""
        if self._forks != forks.count:
            self._begin_in_this_process()
        if not self._is_on:
            return
        self._waiting.append((path, status))
        if not self._is_waiting.is_set():
            self._is_waiting.set()

    def count(self) -> None:
        """Count all that wait. What cannot be counted is not tried again: it could count twice."""
        with self._lock:
            counted = self._waiting[: len(self._waiting)]
            del self._waiting[: len(counted)]
            for (path, status), times in Tally(counted).items():
                _counter((family_of(path), status, HIT)).inc(times)

    def _begin_in_this_process(self) -> None:
        with self._lock:  # a fork has no threads of its parent, and counts nothing of it
            if self._forks != forks.count:
                self._waiting.clear()
                self._is_on = folder.is_counting()
                if self._is_on:
                    threading.Thread(target=self._count_for_ever, name="metrics", daemon=True).start()
                self._forks = forks.count

    def _count_for_ever(self) -> None:
        pause = threading.Event()  # nobody sets it
        while self._is_waiting.wait():
            pause.wait(PAUSE_SECONDS)  # more come meanwhile
            self._is_waiting.clear()
            try:
                self.count()
            except Exception:  # a file of the folder cannot be written: the next ones are counted when it can
                log.exception("Answers from memory were not counted")


HITS = _Hits()


def count_hit(path: str, status: int) -> None:
    """Count an answer that api/reads gave from memory, before this application was called."""
    HITS.add(path, _STATUSES[status])


def family_of(path: str) -> str:
    """The family of an address: one of API_FAMILIES, a value of OTHER_FAMILIES, or OTHER."""
    if path.startswith(API):
        name = path[len(API) :].partition("/")[0].partition(".")[0]
        return name if name in API_FAMILIES else OTHER
    return OTHER_FAMILIES.get(path[1:].partition("/")[0], OTHER)


def counting(answers: WSGI) -> WSGI:
    """The same application, whose requests are counted."""

    def count(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not folder.is_counting():
            return answers(environ, start_response)
        began = time.perf_counter()
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            started.append((status, headers))
            return start_response(status, headers, *more)

        answer = answers(environ, start)
        if started:
            status, headers = started[-1]
            path, cache = environ.get("PATH_INFO", ""), _cache(headers)
            if cache == HIT:
                HITS.add(path, status[:3])
            else:
                record(family_of(path), status[:3], cache, time.perf_counter() - began)
        return answer

    return count


def record(family: str, status: str, cache: str, seconds: float) -> None:
    """Count one request and its time. `status`: its three digits; `cache`: FOUND, MISS or NONE."""
    _counter((family, status, cache)).inc()
    if family not in _histograms:
        _histograms[family] = SECONDS.labels(family)
    _histograms[family].observe(seconds)


def _counter(labels: tuple[str, str, str]) -> Counter:
    if labels not in _counters:
        _counters[labels] = REQUESTS.labels(*labels)
    return _counters[labels]


def _cache(headers: list[tuple[str, str]]) -> str:
    """What Cache-Status (RFC 9211, api/reads) says. It is one of the last headers."""
    for name, value in reversed(headers):
        if name == "Cache-Status":
            if value.endswith("hit"):
                return HIT
            return FOUND if "fwd-status=304" in value else MISS
    return NONE
