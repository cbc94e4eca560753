"""Clean shutdown of a process: on a signal, or when its parent ends."""

import os
import signal
import threading
import time


class DatabaseUnavailable(RuntimeError):
    """The private PostgreSQL cannot be found or started. The message has the reason and what to do."""


class StopRequested(Exception):
    """SIGTERM or Ctrl-C arrived, and the program reached a point where it can stop safely."""


_stop_requested = threading.Event()


def stop_on_signals() -> None:
    """Record SIGTERM and SIGINT for `raise_if_stop_requested`.

    The handler raises nothing, because the signal may arrive inside a library, a destructor, or between the start of a
    child process and its registration.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: _stop_requested.set())


def raise_if_stop_requested() -> None:
    """Raise StopRequested if a signal arrived. Call it between steps and in every waiting loop."""
    if _stop_requested.is_set():
        raise StopRequested


def exit_with_parent(parent: int) -> None:
    """End this process by SIGTERM when the process `parent` ends, even by kill -9. Watches from a thread."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
