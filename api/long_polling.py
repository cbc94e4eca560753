"""Waiting for news inside a request, by few at a time: whoever waits holds a thread of the server, and no more."""

import threading
import time

from django.conf import settings
from django.db import connection

MAX_WAIT_SECONDS = 8  # less than the server gives its threads to finish when it stops: nobody is cut off
POLL_SECONDS = 0.4
SLOTS = threading.BoundedSemaphore(settings.WAITING_FOLLOWERS)


def wait_until(is_there, seconds, *, pause=time.sleep, clock=time.monotonic, chairs=SLOTS):
    """Ask `is_there` until it is, for at most that many seconds; returns what it said last.

    Where every chair is taken it asks once and does not wait. No database connection is held during a pause: it goes
    back to the pool.
    """
    found = is_there()
    if found or not seconds or not chairs.acquire(blocking=False):
        return found
    try:
        give_up_at = clock() + seconds
        while not found and clock() < give_up_at:
            if not connection.in_atomic_block:
                connection.close()
            pause(POLL_SECONDS)
            found = is_there()
        return found
    finally:
        chairs.release()
