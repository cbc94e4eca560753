"""Work of which a process does only so much at once, because it takes much memory: whoever comes later waits."""

import contextlib
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def turn(turns: threading.Semaphore, *, seconds: float, too_late: Callable[[], Exception]) -> Iterator[None]:
    """Wait for one of these turns, then run the block. Raises `too_late()` after `seconds`."""
    if not turns.acquire(timeout=seconds):
        raise too_late()
    try:
        yield
    finally:
        turns.release()
