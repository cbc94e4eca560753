"""A backup or a restore that is told to end cleans up after itself."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """For the length of the block the first SIGTERM raises SystemExit, so that what the block began is cleaned up.

    For work that may be broken off anywhere, as Ctrl-C does. In the main thread alone.
    """

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would break off the cleaning up
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
