"""Keeping the processes of one house alive: started together, restarted when they end, stopped together."""

import contextlib
import os
import signal
import subprocess
import threading
import time

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30  # seconds between an end and the restart; doubled while it keeps ending
STEADY_SECONDS = 30  # alive for so long, it counts as well again
STOP_SECONDS = 15  # what a child gets to finish


class Child:
    """One process that should always run. It leads a process group, so that nothing it started is left behind."""

    def __init__(self, name, command, environment=None, *, quiet=False):
        self.name = name
        self._command = command
        self._environment = os.environ | (environment or {})
        self._output = subprocess.DEVNULL if quiet else None
        self._process = None
        self._started_at = 0.0
        self._pause = SHORTEST_PAUSE
        self._restart_at = None

    def start(self):
        # a session of its own: Ctrl-C in the terminal reaches only us, and we stop the children in order
        with uninterrupted():
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=self._output, start_new_session=True
            )
        self._started_at, self._restart_at = time.monotonic(), None

    def look_after(self, say):
        """Restart it if it ended, with whatever exit code: a worker whose database went away ends with 0."""
        now = time.monotonic()
        if self._restart_at is not None:
            if now >= self._restart_at:
                self.start()
        elif self._process.poll() is not None:
            self._signal(signal.SIGKILL)  # what it may have left in its group
            if now - self._started_at > STEADY_SECONDS:
                self._pause = SHORTEST_PAUSE
            say(f"{self.name} ended (exit code {self._process.returncode}); restarting in {self._pause:g} s")
            self._restart_at, self._pause = now + self._pause, min(self._pause * 2, LONGEST_PAUSE)

    def stop(self):
        """Ask it to end, insist after a while, and leave nothing of its group."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


class Stopped(KeyboardInterrupt):
    """SIGTERM or Ctrl-C arrived. No library takes it for an error, and psycopg cancels what it is waiting for."""


_signals = {"held": False, "late": False, "arrived": False}


def stop_on_signals():
    """Turn SIGTERM and SIGINT into Stopped, wherever the main thread is."""

    def stop(number, frame):
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)  # one is enough: stopping is not to be interrupted
        _signals["arrived"] = True
        if not _signals["held"]:
            raise Stopped
        _signals["late"] = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def stop_if_asked():
    """Raise Stopped again for loops, where it was swallowed: Python only prints what is raised in a destructor."""
    if _signals["arrived"]:
        raise Stopped


@contextlib.contextmanager
def uninterrupted():
    """Stopped is raised after the block, never in it: a process that was started must be known to who stops it."""
    _signals["held"] = True
    try:
        yield
    finally:
        _signals["held"] = False
        if _signals["late"]:
            _signals["late"] = False
            raise Stopped


def end_with_parent(parent):
    """End this process (SIGTERM to itself) when `parent`, the id of who started it, is gone, even by kill -9."""

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
