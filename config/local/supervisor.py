"""Keep the processes of a local installation running: start them, restart them when they end, stop them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

MIN_RESTART_SECONDS = 0.5  # between an end and the restart; doubled each time the process ends again
MAX_RESTART_SECONDS = 5
STEADY_SECONDS = 30  # a process that ran for so long starts again with the shortest pause
STOP_SECONDS = 15  # how long a process may take to finish


class SupervisedProcess:
    """One process that should always run. It leads a process group, so that nothing it started is left behind."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None, *, quiet: bool = False
    ) -> None:
        self.name = name
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._output = subprocess.DEVNULL if quiet else None
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = MIN_RESTART_SECONDS
        self._restart_at: float | None = None

    def start(self) -> None:
        """Start the process in a session of its own."""
        # Ctrl-C in the terminal then reaches only the supervisor, which stops the processes in order
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=self._output, start_new_session=True
        )
        self._started_at, self._restart_at = time.monotonic(), None

    def look_after(self, report: Callable[[str], None]) -> None:
        """Restart the process if it ended, after a pause. Call this often; `report` gets what happened.

        The exit code does not matter: a worker whose database went away ends with 0.
        """
        now = time.monotonic()
        if self._restart_at is not None:
            if now >= self._restart_at:
                self.start()
        elif self._process and self._process.poll() is not None:
            self._signal_group(self._process, signal.SIGKILL)  # what it may have left in its group
            if now - self._started_at > STEADY_SECONDS:
                self._pause = MIN_RESTART_SECONDS
            report(f"{self.name} ended (exit code {self._process.returncode}); restarting in {self._pause:g} s")
            self._restart_at, self._pause = now + self._pause, min(self._pause * 2, MAX_RESTART_SECONDS)

    @property
    def pid(self) -> int | None:
        """Id of the process, None while it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def stop(self) -> None:
        """Send SIGTERM, kill after STOP_SECONDS, and leave nothing of the process group."""
        if self._process is None:
            return
        self._signal_group(self._process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self._signal_group(self._process, signal.SIGKILL)
        self._process.wait()

    @staticmethod
    def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
