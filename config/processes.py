"""Stop a process when it is asked to, at a point where that leaves nothing half done."""

import os
import signal
import threading
from types import FrameType

INTERRUPTED = 128 + 2  # what a shell says of a program that SIGINT ended
SAID_WHEN_INTERRUPTED = "\nĐã dừng: những gì đã ghi vẫn còn. Stopped: what was written stays.\n"
STANDARD_ERROR = 2


class DatabaseUnavailable(RuntimeError):
    """The private PostgreSQL cannot be found or started. The message says why and what to do."""


class StopRequested(Exception):
    """SIGTERM or Ctrl-C arrived, and this is a point where stopping leaves nothing half done."""


_stop_requested = threading.Event()


def stop_on_signals() -> None:
    """Record SIGTERM and SIGINT for `raise_if_stop_requested`.

    Nothing is raised where the signal arrives: that may be inside a library or a destructor, or after a process was
    started and before its object is assigned.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: _stop_requested.set())


def raise_if_stop_requested() -> None:
    """Raise StopRequested if a signal arrived. Call it between steps, and in every loop that waits."""
    if _stop_requested.is_set():
        raise StopRequested


def stop_while_loading(number: int, frame: FrameType | None) -> None:
    """Handler of SIGINT until a command begins: end at once. An exception could be lost inside an import."""
    os.write(STANDARD_ERROR, SAID_WHEN_INTERRUPTED.encode())
    os._exit(INTERRUPTED)
