"""Request limits per address, counted in the memory of each process so that reads never write."""

import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled

from api import problems
from api.types import GetResponse
from content.addresses import network_of

WINDOW_SECONDS = 60


class FixedWindowCounter:
    """Counts requests by network in the current window. A new window clears all counts, which bounds the memory."""

    def __init__(self, seconds: int = WINDOW_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._number: float | None = None
        self._counts: dict[str, int] = {}

    def count_request(self, address: str) -> tuple[int, int]:
        """Count one request of this address. Returns the count in this window and the seconds until the next window."""
        caller = network_of(address)
        number, into = divmod(self._clock(), self._seconds)
        with self._lock:
            if number != self._number:
                self._number, self._counts = number, {}
            self._counts[caller] = count = self._counts.get(caller, 0) + 1
        return count, int(self._seconds - into) + 1


NEW_DEVICE_COUNTS = FixedWindowCounter(seconds=3600)
SIMILAR_SEARCH_COUNTS = FixedWindowCounter()
SIMILAR_SEARCHES_PER_MINUTE = 60  # per address: each search compares with every question

BULK_REQUEST_COUNTS = FixedWindowCounter()


def throttle_new_devices(request: HttpRequest) -> None:
    """Count a new device. Raises Throttled above NEW_DEVICES_PER_HOUR per address."""
    count, seconds = NEW_DEVICE_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.NEW_DEVICES_PER_HOUR:
        raise Throttled(seconds)


def throttle_similar_searches(request: HttpRequest) -> None:
    """Count a search for similar questions. Raises Throttled above SIMILAR_SEARCHES_PER_MINUTE per address."""
    count, seconds = SIMILAR_SEARCH_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > SIMILAR_SEARCHES_PER_MINUTE:
        raise Throttled(seconds)


def throttle_bulk_requests(request: HttpRequest) -> None:
    """Count a request for bulk files. Raises Throttled above BULK_PER_MINUTE per address."""
    count, seconds = BULK_REQUEST_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.BULK_PER_MINUTE:
        raise Throttled(seconds)


class AnonymousReadThrottleMiddleware:
    """Middleware: allows READS_PER_MINUTE reads of /api/ per address and minute; 429 with Retry-After above that.

    The address is REMOTE_ADDR: an X-Forwarded-For header, which anybody may send, must not start a new count. Response
    headers: draft-ietf-httpapi-ratelimit-headers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._window = FixedWindowCounter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/") or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        most = settings.READS_PER_MINUTE
        count, seconds = self._window.count_request(request.META["REMOTE_ADDR"])
        if count > most:
            detail = _("Too many requests: at most %(most)d per minute are allowed. Wait %(seconds)d seconds.")
            response: HttpResponse = problems.problem_response(
                429, "throttled", detail % {"most": most, "seconds": seconds}
            )
            response["Retry-After"] = str(seconds)
        else:
            response = self.get_response(request)
        response["RateLimit-Policy"] = f'"anonymous";q={most};w={WINDOW_SECONDS}'
        response["RateLimit"] = f'"anonymous";r={max(most - count, 0)};t={seconds}'
        return response
