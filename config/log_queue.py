"""Writes the lines of requests many at once: to write each by itself is a good part of what a cached answer costs."""

import contextlib
import logging
import threading
from typing import TextIO

QUEUED_LOGGER = "luatmo.requests"
PAUSE_SECONDS = 0.2  # how long a line waits at most
MOST_LINES = 1_000  # waiting; whoever logs the next writes them all


class QueueingHandler(logging.StreamHandler[TextIO]):
    """A StreamHandler. After `begin_queueing`, INFO lines of requests are written by a thread of its own.

    All other lines are written at once, after those that wait: lines stay in their order. At the end of the process the
    rest is written (logging.shutdown); a process that is killed loses the lines of the last PAUSE_SECONDS.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._lines: list[str] = []
        self._is_queueing = False
        self._is_waiting = threading.Event()  # a line

    def begin_queueing(self) -> None:
        """Queue from now on. Call it once in each web process, after the fork."""
        self._is_queueing = True
        threading.Thread(target=self._write_for_ever, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or queue it."""
        if not self._is_queueing:
            return super().emit(record)
        try:
            self._lines.append(self.format(record) + self.terminator)
            if record.name != QUEUED_LOGGER or record.levelno > logging.INFO or len(self._lines) >= MOST_LINES:
                self.flush()
            elif len(self._lines) == 1:
                self._is_waiting.set()
        except Exception:
            self.handleError(record)
        return None

    def flush(self) -> None:
        """Write what waits."""
        self.acquire()
        try:
            lines, self._lines = self._lines, []
            if lines:
                self.stream.write("".join(lines))
            super().flush()
        finally:
            self.release()

    def _write_for_ever(self) -> None:
        pause = threading.Event()  # nobody sets it
        while self._is_waiting.wait():
            self._is_waiting.clear()
            pause.wait(PAUSE_SECONDS)  # more come meanwhile
            with contextlib.suppress(OSError, ValueError):  # nobody reads the log any more
                self.flush()


def begin_queueing() -> None:
    """Queue the lines of requests in this process."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, QueueingHandler):
            handler.begin_queueing()
