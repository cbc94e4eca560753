"""A backup, a restore or a bulk export that is told to end cleans up after itself."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType

_is_in_block = False


@contextlib.contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """For the length of the block the first SIGTERM raises SystemExit, so that what the block began is cleaned up.

    For work that may be broken off anywhere, as Ctrl-C does. In the main thread alone.
    """

    global _is_in_block

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would break off the cleaning up
        sys.exit(128 + number)

    before, _is_in_block = signal.signal(signal.SIGTERM, end), True
    try:
        yield
    finally:
        _is_in_block = False
        signal.signal(signal.SIGTERM, before)


def finish_what_is_left() -> None:
    """From now on SIGTERM is ignored until the block of `ending_on_sigterm` ends. Outside of one nothing happens.

    For what must be whole once it has begun. A repeat changes nothing.
    """
    if _is_in_block:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
