"""How many requests an address has made: a quota of an hour exactly, what comes each minute without a statement."""

import datetime
import functools
import threading
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from api.limits.reports import REPORTS
from content.addresses import network_of
from content.request_counts import services as request_counts
from content.request_counts.services import WINDOW_SECONDS, Counted, ExactCount, key_of

REPORTED_PART = 0.01  # of a limit: as many requests of a caller does a process count before it tells the others
UNCHANGED_PER_READ = 5  # answers 304 for each read that an address may make: one costs as much as a whole answer


class FixedWindowCounter:
    """Counts requests by network in the current minute, without a statement for any of them.

    Its count is that of this process and what others have reported (api/limits/reports.py), so it never says more than
    was asked. It may say less: by REPORTED_PART of the limit for each other process, or one request if that is more,
    and by what came since the last report. A new window clears all counts, which bounds the memory.

    `name`: the same in all processes. `setting`: the limit.
    """

    def __init__(self, name: str, setting: str, clock: Callable[[], float] = time.time) -> None:
        self.name, self._setting = name, setting
        self._clock = clock
        self._lock = threading.Lock()
        self._number: float | None = None
        self._counts: dict[str, int] = {}  # of this process
        self._reported: dict[str, int] = {}  # of these
        self._others: dict[str, int] = {}  # of other processes
        self._report_at = 1

    def count_request(self, address: str, requests: int = 1) -> tuple[int, int]:
        """Count a request of this address. Returns the count in this window and the seconds until the next window.

        `requests`: for how many it counts.
        """
        caller = network_of(address)
        number, into = divmod(self._clock(), WINDOW_SECONDS)
        with self._lock:
            if number != self._number:
                self._begin_window(number)
            self._counts[caller] = count = self._counts.get(caller, 0) + requests
            is_due = count - self._reported.get(caller, 0) >= self._report_at
            count += self._others.get(caller, 0)
        if is_due:
            REPORTS.note(self, caller)
        return count, int(WINDOW_SECONDS - into) + 1

    def take_back(self, address: str, requests: int = 1) -> None:
        """Count so many requests of this address less, if the window in which they were counted goes on."""
        caller = network_of(address)
        with self._lock:
            if self._number != self._clock() // WINDOW_SECONDS or not self._counts.get(caller):
                return
            self._counts[caller] -= min(requests, self._counts[caller])
            is_due = self._counts[caller] < self._reported.get(caller, 0)  # others believe too much
        if is_due:
            REPORTS.note(self, caller)

    def unreported(self, caller: str) -> Counted | None:
        """What other processes do not know of a caller; None: nothing."""
        with self._lock:
            added = self._counts.get(caller, 0) - self._reported.get(caller, 0)
            if not added or self._number is None:
                return None
            return Counted(key_of(self.name, caller), self._end(), added)

    def learn(self, caller: str, reported: Counted, total: Counted) -> None:
        """`reported` is stored, and all processes together have `total`. Nothing changes once the window is over."""
        with self._lock:
            if self._number is not None and reported.ends_at == total.ends_at == self._end():
                ours = self._reported[caller] = self._reported.get(caller, 0) + reported.requests
                self._others[caller] = max(0, total.requests - ours)

    def assume(self, caller: str, reported: Counted) -> None:
        """Nobody knows whether `reported` was stored. It is not told again, so that no process counts it twice.

        What makes the count lower is told again: told twice, it makes the count of others too low at worst.
        """
        with self._lock:
            if self._number is not None and reported.ends_at == self._end() and reported.requests > 0:
                self._reported[caller] = self._reported.get(caller, 0) + reported.requests

    def _begin_window(self, number: float) -> None:
        self._number = number
        self._counts, self._reported, self._others = {}, {}, {}
        self._report_at = max(1, int(getattr(settings, self._setting) * REPORTED_PART))

    def _end(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(((self._number or 0) + 1) * WINDOW_SECONDS, datetime.UTC)


class ExactCounter:
    """Counts by network in the database, for what is rare and writes anyway: a quota of an hour, an attempt to sign in.

    All processes of all machines have one count, in windows by the clock of the database, so exactly as many pass as
    are allowed. Raises OperationalError where the database is away. Within a transaction the caller's other requests
    wait for its end.
    """

    def __init__(self, name: str, seconds: int = WINDOW_SECONDS) -> None:
        self._name, self._seconds = name, seconds

    def count_request(self, address: str) -> ExactCount:
        """Count one request of this address."""
        with connection.cursor() as cursor:
            return request_counts.count(cursor, self._key(address), seconds=self._seconds)

    def take_back(self, address: str, counted: ExactCount) -> None:
        """Count one request of this address less, if the window in which it was counted goes on."""
        with connection.cursor() as cursor:
            request_counts.take_back(cursor, self._key(address), counted.ends_at)

    def _key(self, address: str) -> uuid.UUID:
        return key_of(self._name, network_of(address))


READ_COUNTS = FixedWindowCounter("reads", "READS_PER_MINUTE")
WRITE_COUNTS = FixedWindowCounter("writes", "WRITES_PER_MINUTE")
ATTEMPT_WRITE_COUNTS = FixedWindowCounter("attempts", "ATTEMPT_WRITES_PER_MINUTE")
# apart from what is sent: reading takes nothing from submissions
RESULT_COUNTS = FixedWindowCounter("results", "ATTEMPT_WRITES_PER_MINUTE")
RECORD_COUNTS = FixedWindowCounter("records", "RECORDS_PER_MINUTE")
FILE_PART_COUNTS = FixedWindowCounter("files", "FILE_PARTS_PER_MINUTE")
UNCHANGED_COUNTS = FixedWindowCounter("unchanged", "READS_PER_MINUTE")


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
