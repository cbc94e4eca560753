"""Asks an installation for records, one after the other, while those that came are used.

Two are never asked for at once. What came and is not used yet is bounded, in records and bytes.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat
from typing import Any

from django.utils import translation

from content.peer_client.client import MIB, PeerAway, PeerClient

MOST_AHEAD, MOST_BYTES_AHEAD = 30, 8 * MIB  # then no further one is asked for; the last may be larger


class NotAsked(Exception):
    """The time is over, or the one before had no answer."""


class RecordsAhead:
    """Objects that are asked for one after the other, in a thread, until it is ended."""

    def __init__(
        self, client: PeerClient, thread: ThreadPoolExecutor, subjects: Iterable[tuple[str, str]], until: float
    ) -> None:
        """`subjects`: objects and keys. After `until`, a time of `time.monotonic`, only the first is asked for."""
        self._client, self._came = client, threading.Condition()
        self._count = self._size = 0  # of what came and is not taken
        self._is_over = False
        self._language = translation.get_language()  # of the errors; the thread has none of its own
        ends = chain([math.inf], repeat(until))
        asked = zip(subjects, ends, strict=False)
        self._asked = deque(thread.submit(self._record, subject, end) for subject, end in asked)

    def end(self) -> None:
        """Ask for nothing more."""
        with self._came:
            self._is_over = True
            self._came.notify_all()
        for each in self._asked:
            each.cancel()

    def next(self, before_waiting: Callable[[], object]) -> dict[str, Any]:
        """The record of the next object. Raises what its request raised, NotAsked."""
        asked = self._asked.popleft()
        if not asked.done():
            before_waiting()
        record, size = asked.result()
        self._note(-1, -size)
        return record

    def _record(self, subject: tuple[str, str], until: float) -> tuple[dict[str, Any], int]:
        """The record and the bytes of the answer."""
        with self._came:
            self._came.wait_for(self._has_room)
        if self._is_over or time.monotonic() > until:
            raise NotAsked
        try:
            with translation.override(self._language):
                record = self._client.record(f"{subject[0]}s", subject[1])
        except PeerAway:
            self._is_over = True  # nothing more is asked for: the error is told at this object
            raise
        size = self._client.size_of_answer
        self._note(1, size)
        return record, size

    def _has_room(self) -> bool:
        return self._is_over or (self._count < MOST_AHEAD and self._size < MOST_BYTES_AHEAD)

    def _note(self, count: int, size: int) -> None:
        with self._came:
            self._count, self._size = self._count + count, self._size + size
            self._came.notify_all()
