"""Seats at the database: how many of the threads that follow other installations work with it at once.

Up to 64 threads ask as many installations, and the pool of a worker has a dozen connections, which its sender and its
jobs need too. Who finds no free one for five seconds fails, and its installation is read again only when the lease is
over. So whoever waits for an answer holds no connection, and after it waits for a seat. Seats are given in the order
in which they are asked for. More of them would finish nothing earlier: the threads share one interpreter.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from django.db import connection

SEATS = 4


class Seats:
    """Give each thread that is in a `turn` a seat while it is not `away`."""

    def __init__(self, count: int) -> None:
        self._free, self._queue = count, deque[threading.Event]()
        self._changing, self._own = threading.Lock(), threading.local()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Have a seat after the first `away` of this thread in the block, until the block ends."""
        self._own.is_in_turn = True
        try:
            yield
        finally:
            self._own.is_in_turn = False
            self._leave()

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Hold neither a connection nor a seat in the block. Wait for a seat at its end, if the thread is in a turn.

        The connection of an open transaction, as of a test, stays.
        """
        if not connection.in_atomic_block:
            connection.close()
        self._leave()
        try:
            yield
        finally:
            if getattr(self._own, "is_in_turn", False):
                self._take()

    def _take(self) -> None:
        if getattr(self._own, "has_seat", False):
            return
        with self._changing:
            mine = threading.Event()
            if self._free:
                self._free -= 1
                mine.set()
            else:
                self._queue.append(mine)
        mine.wait()
        self._own.has_seat = True

    def _leave(self) -> None:
        if not getattr(self._own, "has_seat", False):
            return
        self._own.has_seat = False
        with self._changing:
            if self._queue:
                self._queue.popleft().set()  # who has waited longest has it now
            else:
                self._free += 1


SEATS_OF_PROCESS = Seats(SEATS)
turn, away = SEATS_OF_PROCESS.turn, SEATS_OF_PROCESS.away
