"""Whole texts of documents are put together at most two at once in a process; their JSON is encoded afterwards.

The Penal Code takes some 100 ms and 20 MB. Sixteen threads that all write it would make every other reader wait that
long sixteen times over, and hold the memory of sixteen.
"""

import threading
from contextlib import AbstractContextManager

from django.conf import settings

from api.problems import ServiceFailure
from content.turns import turn

AT_ONCE = 2
TURNS = threading.BoundedSemaphore(AT_ONCE)


class TooManyWholeTexts(ServiceFailure):
    """503 with Retry-After."""

    default_code = "too_many_texts"
    wait = 2  # seconds, as Retry-After


def turn_of_whole_text(
    *, turns: threading.Semaphore = TURNS, seconds: float | None = None
) -> AbstractContextManager[None]:
    """Wait for a turn, then run the block. Raises TooManyWholeTexts after `seconds`; None: those of the settings."""
    patience = settings.WHOLE_TEXT_WAIT_SECONDS if seconds is None else seconds
    return turn(turns, seconds=patience, too_late=TooManyWholeTexts)
