"""How many requests an address has made, counted in the memory of each process so that reads never write."""

import functools
import threading
import time
from collections.abc import Callable

from django.conf import settings

from content.addresses import network_of

WINDOW_SECONDS = 60
UNCHANGED_PER_READ = 5  # answers 304 for each read that an address may make: one costs as much as a whole answer


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


READ_COUNTS = FixedWindowCounter()
WRITE_COUNTS = FixedWindowCounter()
ATTEMPT_WRITE_COUNTS = FixedWindowCounter()
RESULT_COUNTS = FixedWindowCounter()  # apart from what is sent: reading takes nothing from submissions
RECORD_COUNTS = FixedWindowCounter()
FILE_PART_COUNTS = FixedWindowCounter()
UNCHANGED_COUNTS = FixedWindowCounter()


def count_stored_read(address: str, *, is_free: bool) -> list[tuple[str, str]] | None:
    """Count a read that is answered from memory. `is_free`: with 304. Returns the headers that tell the quota.

    None: the quota is spent, and nothing was counted.
    """
    most = settings.READS_PER_MINUTE
    count, seconds = READ_COUNTS.count_request(address)
    if count > most:
        READ_COUNTS.take_back(address)
        return None
    if is_free:
        count -= take_back_unchanged(address)
    return [_policy_header("anonymous", most), ("RateLimit", f'"anonymous";r={most - count};t={seconds}')]


def take_back_unchanged(address: str) -> int:
    """Count a 304 and take its read back, if the address has not had too many. Returns how many reads came back."""
    unchanged, _seconds = UNCHANGED_COUNTS.count_request(address)
    if unchanged > UNCHANGED_PER_READ * settings.READS_PER_MINUTE:
        return 0
    READ_COUNTS.take_back(address)
    return 1


def quota_headers(policy: str, most: int, count: int, seconds: int) -> dict[str, str]:
    """The headers of draft-ietf-httpapi-ratelimit-headers."""
    return dict([_policy_header(policy, most), ("RateLimit", f'"{policy}";r={max(most - count, 0)};t={seconds}')])


@functools.lru_cache(maxsize=50)  # of each answer the same
def _policy_header(policy: str, most: int) -> tuple[str, str]:
    return "RateLimit-Policy", f'"{policy}";q={most};w={WINDOW_SECONDS}'
