"""Asks an installation for records while those that came are used: of many, two at once.

While one is on its way the other is being made there, or unpacked here. More than two are never asked for at once. What
came and is not used yet is bounded, in records and bytes.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from itertools import chain, count, repeat
from queue import Queue
from typing import Any

from django.utils import translation

from content.peer_client.client import MIB, PeerAway, PeerClient

MOST_AHEAD, MOST_BYTES_AHEAD = 30, 8 * MIB  # then no further one is asked for; the last two may be larger


class NotAsked(Exception):
    """The time is over, or the one before had no answer."""


class RecordsAhead:
    """Objects that are asked for in their order, in threads, until it is ended."""

    def __init__(
        self, clients: Queue[PeerClient], threads: ThreadPoolExecutor, subjects: Iterable[tuple[str, str]], until: float
    ) -> None:
        """`subjects`: objects and keys. After `until`, a time of `time.monotonic`, only the first is asked for.

        As many are asked for at once as there are threads, and clients that nobody else uses.
        """
        self._clients, self._came = clients, threading.Condition()
        self._begun = self._count = self._size = 0  # the last two: of what is on its way, or came and is not taken
        self._is_over = False
        self._language = translation.get_language()  # of the errors; a thread has none of its own
        ends = chain([math.inf], repeat(until))
        asked = zip(count(), subjects, ends, strict=False)
        self._asked = deque(threads.submit(self._record, *each) for each in asked)

    def end(self) -> None:
        """Ask for nothing more."""
        with self._came:
            self._is_over = True
            self._came.notify_all()
        for each in self._asked:
            each.cancel()

    def next(self, while_waiting: Callable[[], AbstractContextManager[None]]) -> dict[str, Any]:
        """The record of the next object. Raises what its request raised, NotAsked."""
        asked = self._asked.popleft()
        if not asked.done():
            with while_waiting():
                wait([asked])
        record, size = asked.result()
        self._note(-1, -size)
        return record

    def _record(self, place: int, subject: tuple[str, str], until: float) -> tuple[dict[str, Any], int]:
        """The record and the bytes of the answer."""
        with self._came:
            self._came.wait_for(lambda: self._may_begin(place))
            self._begun, self._count = self._begun + 1, self._count + 1
            self._came.notify_all()
        client = self._clients.get()
        try:
            record, size = self._asked_for(client, subject, until), client.size_of_answer
        except Exception as error:
            self._is_over |= isinstance(error, PeerAway)  # nothing more is asked for: the error is told at this object
            self._note(-1, 0)
            raise
        finally:
            self._clients.put(client)
        self._note(0, size)
        return record, size

    def _asked_for(self, client: PeerClient, subject: tuple[str, str], until: float) -> dict[str, Any]:
        if self._is_over or time.monotonic() > until:
            raise NotAsked
        with translation.override(self._language):
            return client.record(f"{subject[0]}s", subject[1])

    def _may_begin(self, place: int) -> bool:
        """Whether there is room, and the one before has begun: what comes later never takes the room of that."""
        has_room = self._count < MOST_AHEAD and self._size < MOST_BYTES_AHEAD
        return self._is_over or (place == self._begun and has_room)

    def _note(self, count: int, size: int) -> None:
        with self._came:
            self._count, self._size = self._count + count, self._size + size
            self._came.notify_all()
