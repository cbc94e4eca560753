"""Limits for callers without a key: counted in the memory of each process, so that reads never write."""

import threading
import time

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled

from api import problems

WINDOW_SECONDS = 60


class FixedWindowCounter:
    """Counts of the running window by caller. All are forgotten when it turns, so memory is bounded by one window."""

    def __init__(self, seconds=WINDOW_SECONDS, clock=time.monotonic):
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._number = None
        self._counts = {}

    def take(self, caller):
        """Count one request. Returns (how many in this window, seconds until the next)."""
        number, into = divmod(self._clock(), self._seconds)
        with self._lock:
            if number != self._number:
                self._number, self._counts = number, {}
            self._counts[caller] = count = self._counts.get(caller, 0) + 1
        return count, int(self._seconds - into) + 1


NEW_DEVICE_COUNTS = FixedWindowCounter(seconds=3600)
SIMILAR_SEARCH_COUNTS = FixedWindowCounter()
SIMILAR_SEARCHES_PER_MINUTE = 60  # of one address: each compares with every question there is

BULK_REQUEST_COUNTS = FixedWindowCounter()


def throttle_new_devices(request):
    """Count a device that is new to us. Raises Throttled beyond `NEW_DEVICES_PER_HOUR` of one address."""
    count, seconds = NEW_DEVICE_COUNTS.take(request.META["REMOTE_ADDR"])
    if count > settings.NEW_DEVICES_PER_HOUR:
        raise Throttled(seconds)


def throttle_similar_searches(request):
    """Count a search for similar questions. Raises Throttled beyond SIMILAR_PER_MINUTE of one address."""
    count, seconds = SIMILAR_SEARCH_COUNTS.take(request.META["REMOTE_ADDR"])
    if count > SIMILAR_SEARCHES_PER_MINUTE:
        raise Throttled(seconds)


def throttle_bulk_requests(request):
    """Count a request for bulk files. Raises Throttled beyond `BULK_PER_MINUTE` of one address."""
    count, seconds = BULK_REQUEST_COUNTS.take(request.META["REMOTE_ADDR"])
    if count > settings.BULK_PER_MINUTE:
        raise Throttled(seconds)


class AnonymousReadThrottleMiddleware:
    """Middleware: `READS_PER_MINUTE` reads of /api/ a minute and address; 429 beyond, with when to come back.

    The address is the connection's: an X-Forwarded-For that anybody may send must not open a new account. Headers are
    those of draft-ietf-httpapi-ratelimit-headers.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self._window = FixedWindowCounter()

    def __call__(self, request):
        if not request.path.startswith("/api/") or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        most = settings.READS_PER_MINUTE
        count, seconds = self._window.take(request.META["REMOTE_ADDR"])
        if count > most:
            detail = _("Too many requests: at most %(most)d a minute. Come back in %(seconds)d s.")
            response = problems.problem_response(429, "throttled", detail % {"most": most, "seconds": seconds})
            response["Retry-After"] = str(seconds)
        else:
            response = self.get_response(request)
        response["RateLimit-Policy"] = f'"anonymous";q={most};w={WINDOW_SECONDS}'
        response["RateLimit"] = f'"anonymous";r={max(most - count, 0)};t={seconds}'
        return response
