"""Saving answers gives way to submitting them: so many saves run at once in a process, the next is told to come later.

A submission never waits for a turn. After a refusal all saves are asked to come less often for a while.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from django.conf import settings

from api.problems import ServiceFailure
from content.contests import services

STRETCH = 4.0  # of the time between two saves, while there are too many
STRETCHED_SECONDS = 60.0


class TooManySaves(ServiceFailure):
    """503 with Retry-After. The answers stay on the phone, which sends them again."""

    default_code = "too_many_saves"

    def __init__(self) -> None:
        super().__init__()
        self.wait = services.save_seconds(STRETCH)


class SavingTurns:
    """The turns of one process."""

    def __init__(self, at_once: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._clock = clock
        self._stretched_until = -STRETCHED_SECONDS

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Run the block if a turn is free. Raises TooManySaves at once if none is."""
        if not self._turns.acquire(blocking=False):
            self._stretched_until = self._clock() + STRETCHED_SECONDS
            raise TooManySaves
        try:
            yield
        finally:
            self._turns.release()

    def save_seconds(self) -> int:
        """After how many seconds a phone saves again: longer for a minute after a save was refused."""
        return services.save_seconds(STRETCH if self._clock() < self._stretched_until else 1)


TURNS = SavingTurns(settings.CONTEST_SAVES_AT_ONCE)
