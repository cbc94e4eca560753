"""Keeps threads for public reads: replicas and memory answer them while whatever else waits for the primary."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from api import problems
from api.replicas.middleware import GetResponse, is_public_read
from api.replicas.services import REPLICAS

SLOW_SECONDS = 0.5  # longer than a write takes, shorter than writes of a busy hour need to fill all threads
# What waits for news holds slots of its own, and staff are few. Of answers of a contest the saves have turns of their
# own, and a submission is always taken.
NEVER_REFUSED = ("/health/", "/static/", "/staff/", "/api/v1/changes", "/api/v1/attempts/")


class OtherRequests:
    """The requests under way in this process that are no public reads. `most_slow`: of them may take their time."""

    def __init__(self, most_slow: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_slow, self._clock = most_slow, clock
        self._began: dict[object, float] = {}
        self._lock = threading.Lock()

    def are_too_slow(self) -> bool:
        """Whether so many take longer than SLOW_SECONDS that they wait for something: another one would wait, too."""
        with self._lock:
            slow = sum(began < self._clock() - SLOW_SECONDS for began in self._began.values())
        return slow >= self._most_slow

    @contextlib.contextmanager
    def another(self) -> Iterator[None]:
        """Count one until the end of the block."""
        mine = object()
        with self._lock:
            self._began[mine] = self._clock()
        try:
            yield
        finally:
            with self._lock:
                del self._began[mine]


OTHERS = OtherRequests(max(1, settings.WEB_THREADS // 2))


def reserved_threads_middleware(get_response: GetResponse, others: OtherRequests = OTHERS) -> GetResponse:
    """While half of the threads wait with other requests, the next of them is 503 at once and public reads go on.

    So it is when commits wait for a standby, or when no primary leads. Only where replicas could answer.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not REPLICAS.aliases or is_public_read(request) or request.path_info.startswith(NEVER_REFUSED):
            return get_response(request)
        if others.are_too_slow():
            return problems.failure_response(problems.DatabaseBusy())
        with others.another():
            return get_response(request)

    return respond
