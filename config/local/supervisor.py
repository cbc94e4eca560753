"""Keeping the processes of one house alive: started together, restarted when they end, stopped together."""

import contextlib
import os
import signal
import subprocess
import time

MIN_RESTART_SECONDS, MAX_RESTART_SECONDS = (
    0.5,
    30,
)  # seconds between an end and the restart; doubled while it keeps ending
STEADY_SECONDS = 30  # alive for so long, it counts as well again
STOP_SECONDS = 15  # what a child gets to finish


class SupervisedProcess:
    """One process that should always run. It leads a process group, so that nothing it started is left behind."""

    def __init__(self, name, command, environment=None, *, quiet=False):
        self.name = name
        self._command = command
        self._environment = os.environ | (environment or {})
        self._output = subprocess.DEVNULL if quiet else None
        self._process = None
        self._started_at = 0.0
        self._pause = MIN_RESTART_SECONDS
        self._restart_at = None

    def start(self):
        # a session of its own: Ctrl-C in the terminal reaches only us, and we stop the children in order
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
                self._pause = MIN_RESTART_SECONDS
            say(f"{self.name} ended (exit code {self._process.returncode}); restarting in {self._pause:g} s")
            self._restart_at, self._pause = now + self._pause, min(self._pause * 2, MAX_RESTART_SECONDS)

    @property
    def pid(self):
        """Id of the process, None while there is none."""
        return self._process.pid if self._process and self._process.poll() is None else None

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
