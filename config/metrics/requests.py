"""Counts requests and how long they take, in front of everything that answers them: answers from memory count too.

No label has anything of a caller: a family of addresses, a status, and whether the answer came from memory.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import Counter, Histogram

from config.metrics import folder

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]
API = "/api/v1/"
API_FAMILIES = frozenset(
    {
        "attempts", "calendars", "certificates", "changes", "channels", "citations", "contests", "devices",
        "dissemination", "documents", "effects", "events", "exports", "feeds", "files", "follows", "glossary",
        "inbox", "indicators", "layers", "materials", "me", "measurements", "openapi", "organisations", "outlets",
        "peers", "placements", "plans", "playlists", "programmes", "provinces", "questions", "search", "topics",
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
HIT, FOUND, MISS, NONE = "hit", "revalidated", "miss", "none"

REQUESTS = Counter(
    "luatmo_requests", "Requests by family of addresses, status and part of the memory.", ["family", "status", "cache"]
)
SECONDS = Histogram("luatmo_request_seconds", "Seconds until an answer begins.", ["family"], buckets=BUCKETS)
_counters: dict[tuple[str, str, str], Counter] = {}  # labels() costs more than counting
_histograms: dict[str, Histogram] = {}


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
            record(family_of(environ.get("PATH_INFO", "")), status[:3], _cache(headers), time.perf_counter() - began)
        return answer

    return count


def record(family: str, status: str, cache: str, seconds: float) -> None:
    """Count one request. `status`: its three digits; `cache`: HIT, FOUND, MISS or NONE."""
    labels = (family, status, cache)
    if labels not in _counters:
        _counters[labels] = REQUESTS.labels(*labels)
        _histograms[family] = SECONDS.labels(family)
    _counters[labels].inc()
    _histograms[family].observe(seconds)


def _cache(headers: list[tuple[str, str]]) -> str:
    """What Cache-Status (RFC 9211, api/reads) says. It is one of the last headers."""
    for name, value in reversed(headers):
        if name == "Cache-Status":
            if value.endswith("hit"):
                return HIT
            return FOUND if "fwd-status=304" in value else MISS
    return NONE
