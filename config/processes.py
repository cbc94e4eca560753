"""Stopping a process when it is asked to, or when the process that started it is gone."""

import os
import signal
import threading
import time


class DatabaseUnavailable(RuntimeError):
    """The private PostgreSQL cannot be found or started; the message says why and what to do."""


class StopRequested(Exception):
    """SIGTERM or Ctrl-C arrived, and we have come to a place where stopping leaves nothing half done."""


_stop_requested = threading.Event()


def stop_on_signals():
    """Note SIGTERM and SIGINT for `stop_if_asked`.

    Nothing is raised where the signal arrives: that may be within a library, a destructor, or between starting a
    process and knowing it.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: _stop_requested.set())


def raise_if_stop_requested():
    """Raise Stopped if a signal arrived. Between steps, and in every loop that waits."""
    if _stop_requested.is_set():
        raise StopRequested


def exit_with_parent(parent):
    """End this process (SIGTERM to itself) when `parent`, the id of who started it, is gone, even by kill -9."""

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
