"""Work of which a process does only so much at once, because it takes much memory: whoever comes later waits."""

import contextlib
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def turn(
    turns: threading.Semaphore, *, seconds: float, too_late: Callable[[], Exception] | None = None
) -> Iterator[None]:
    """Wait for one of these turns, then run the block. After `seconds` raise `too_late()`; None: run it anyway."""
    is_held = turns.acquire(timeout=seconds)
    if not is_held and too_late:
        raise too_late()
    try:
        yield
    finally:
        if is_held:
            turns.release()
