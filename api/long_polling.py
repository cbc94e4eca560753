"""Long polling: a request waits for new data. The number of waiting requests is limited, for each holds a thread."""

import functools
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import connection

MAX_WAIT_SECONDS = 8  # shorter than the server's graceful stop, so no request is cut off
POLL_SECONDS = 0.4
Found = TypeVar("Found")


@functools.cache
def slots_of_process() -> threading.Semaphore:
    """The slots of this process. They are made when first asked for: the settings are loaded by then."""
    return threading.BoundedSemaphore(settings.LONG_POLLING_SLOTS)


def has_slot(slots: threading.Semaphore | None = None) -> bool:
    """Whether a request that wants to wait could now; the next one may take the slot before it does."""
    slots = slots or slots_of_process()
    if not slots.acquire(blocking=False):
        return False
    slots.release()
    return True


def wait_until(
    find: Callable[[], Found],
    seconds: int,
    *,
    pause: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    slots: threading.Semaphore | None = None,
) -> Found:
    """Call `find` until it returns something, at most `seconds` long. Returns its last result.

    Without a free slot it calls `find` once and does not wait. During a pause the database connection is back in the
    pool.
    """
    slots = slots or slots_of_process()
    found = find()
    if found or not seconds or not slots.acquire(blocking=False):
        return found
    try:
        give_up_at = clock() + seconds
        while not found and clock() < give_up_at:
            if not connection.in_atomic_block:
                connection.close()
            pause(POLL_SECONDS)
            found = find()
        return found
    finally:
        slots.release()
