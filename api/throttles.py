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
from notifications.devices.models import Device

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

    def take_back(self, address: str) -> None:
        """Count one request of this address less, if the window in which it was counted goes on."""
        caller = network_of(address)
        with self._lock:
            if self._number == self._clock() // self._seconds and self._counts.get(caller):
                self._counts[caller] -= 1


UNCHANGED_PER_READ = 5  # answers 304 for each read that an address may make: one costs as much as a whole answer
READ_METHODS = ("GET", "HEAD", "OPTIONS")
# files cost little, probes must always be answered, and staff of one office share an address: signing in has a limit
UNLIMITED_PATHS = ("/static/", "/health/", "/staff/")

NEW_DEVICE_COUNTS = FixedWindowCounter(seconds=3600)
DEVICE_CHANGE_COUNTS = FixedWindowCounter(seconds=3600)
DEVICE_CHANGES_PER_HOUR = 10  # of one device: each moves all its FCM topics, up to 3,800 calls
SIMILAR_SEARCH_COUNTS = FixedWindowCounter()
BULK_REQUEST_COUNTS = FixedWindowCounter()


def throttle_new_devices(request: HttpRequest) -> None:
    """Count a new device. Raises Throttled above NEW_DEVICES_PER_HOUR per address."""
    count, seconds = NEW_DEVICE_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.NEW_DEVICES_PER_HOUR:
        raise Throttled(seconds)


def throttle_device_changes(device: Device) -> None:
    """Count a new language or registration id of a device. Raises Throttled above DEVICE_CHANGES_PER_HOUR."""
    count, seconds = DEVICE_CHANGE_COUNTS.count_request(f"device:{device.pk}")
    if count > DEVICE_CHANGES_PER_HOUR:
        message = _("The language or the registration of this device changed %d times within an hour. Wait.")
        raise Throttled(seconds, message % DEVICE_CHANGES_PER_HOUR)


def throttle_similar_searches(request: HttpRequest) -> None:
    """Count a search for similar questions. Raises Throttled above SIMILAR_SEARCHES_PER_MINUTE per address."""
    count, seconds = SIMILAR_SEARCH_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.SIMILAR_SEARCHES_PER_MINUTE:
        raise Throttled(seconds)


def throttle_bulk_requests(request: HttpRequest) -> None:
    """Count a request for bulk files. Raises Throttled above BULK_PER_MINUTE per address."""
    count, seconds = BULK_REQUEST_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.BULK_PER_MINUTE:
        raise Throttled(seconds)


class RequestThrottleMiddleware:
    """Middleware: 429 with Retry-After above READS_PER_MINUTE or WRITES_PER_MINUTE per address and minute.

    Every path counts but UNLIMITED_PATHS. GET, HEAD and OPTIONS are reads, all other methods are writes. A 304 is free,
    up to UNCHANGED_PER_READ times as many as reads. The address is REMOTE_ADDR: an X-Forwarded-For header, which any
    caller may send, must not start a new count. Response headers: draft-ietf-httpapi-ratelimit-headers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._reads = FixedWindowCounter()
        self._writes = FixedWindowCounter()
        self._unchanged = FixedWindowCounter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNLIMITED_PATHS):
            return self.get_response(request)
        if request.method in READ_METHODS:
            policy, most, window = "anonymous", settings.READS_PER_MINUTE, self._reads
        else:
            policy, most, window = "writes", settings.WRITES_PER_MINUTE, self._writes
        count, seconds = window.count_request(request.META["REMOTE_ADDR"])
        if count > most:
            detail = _("Too many requests: at most %(most)d per minute are allowed. Wait %(seconds)d seconds.")
            detail %= {"most": most, "seconds": seconds}
            response: HttpResponse = problems.problem_response(429, "throttled", detail)
            response["Retry-After"] = str(seconds)
            response["Cache-Control"] = "no-store"
        else:
            response = self.get_response(request)
        if response.status_code == 304 and request.headers.get("If-None-Match") != "*":
            unchanged, _seconds = self._unchanged.count_request(request.META["REMOTE_ADDR"])
            if unchanged <= UNCHANGED_PER_READ * settings.READS_PER_MINUTE:
                window.take_back(request.META["REMOTE_ADDR"])
                count -= 1
        response["RateLimit-Policy"] = f'"{policy}";q={most};w={WINDOW_SECONDS}'
        response["RateLimit"] = f'"{policy}";r={max(most - count, 0)};t={seconds}'
        return response
