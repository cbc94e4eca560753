"""Writes the lines of requests many at once: to write each by itself is a good part of what a cached answer costs."""

import contextlib
import itertools
import logging
import os
import threading
from collections.abc import Callable
from typing import TextIO

QUEUED_LOGGER = "luatmo.requests"
PAUSE_SECONDS = 0.2  # how long a line waits at most
MOST_LINES = 1_000  # waiting; whoever logs the next writes them all
MOST_KEPT = 10_000  # waiting while they cannot be written; further lines are dropped, and their number is logged
BYTES_AT_ONCE = 4_096  # of whole lines: a pipe keeps so many together, whoever else writes into it (PIPE_BUF)
Line = str | Callable[[], str]  # or what composes it when it is written: it raises nothing
_queueing: list["QueueingHandler"] = []  # of this process


class QueueingHandler(logging.StreamHandler[TextIO]):
    """A StreamHandler. After `begin_queueing`, INFO lines of requests are written by a thread of its own.

    All other lines are written at once, after those that wait: lines stay in their order. What cannot be written, for
    example to a full disk, waits. At the end of the process the rest is written (logging.shutdown); a process that is
    killed loses the lines of the last PAUSE_SECONDS.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._lines: list[Line] = []
        self._rest = b""  # of a piece that was written in part
        self._dropped = 0
        self._lock_of_count = threading.Lock()
        self._descriptor: int | None = None
        self._is_queueing = False
        self._is_waiting = threading.Event()  # a line

    def begin_queueing(self) -> None:
        """Queue from now on. Call it once in each web process, after the fork."""
        super().flush()
        with contextlib.suppress(OSError):  # a stream in memory has none
            self._descriptor = self.stream.fileno()
        self._is_queueing = True
        threading.Thread(target=self._write_for_ever, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or queue it."""
        if not self._is_queueing:
            return super().emit(record)
        try:
            self.add(self.format(record), may_wait=record.name == QUEUED_LOGGER and record.levelno <= logging.INFO)
        except Exception:
            self.handleError(record)
        return None

    def add(self, line: Line, *, may_wait: bool) -> None:
        """Queue a line. Takes no lock: the one who writes removes from the front only what was there."""
        if len(self._lines) >= MOST_KEPT:
            with self._lock_of_count:
                self._dropped += 1
            return
        self._lines.append(line)
        if not may_wait or len(self._lines) >= MOST_LINES:
            with contextlib.suppress(OSError, ValueError):  # the lines wait
                self.flush()
        elif not self._is_waiting.is_set():
            self._is_waiting.set()

    def flush(self) -> None:
        """Write what waits now; others may add meanwhile. Raises OSError if it cannot be written; then it waits on."""
        if not self._is_queueing:
            return super().flush()
        self.acquire()
        try:
            self._write_lines(len(self._lines))
            self._write_lines(self._report_dropped())
        except Exception:
            self._is_waiting.set()
            raise
        finally:
            self.release()
        return None

    def _write_lines(self, left: int) -> None:
        while self._rest or left:
            if not self._rest:
                self._rest, left = self._next_piece(left)
            self._rest = self._rest[self._write(self._rest) :]

    def _next_piece(self, left: int) -> tuple[bytes, int]:
        """(as many of `left` whole lines as may be written at once, one at least; how many are left then)."""
        piece, count = b"", 0
        for place, line in enumerate(itertools.islice(self._lines, left)):
            text = self._lines[place] = line if isinstance(line, str) else line()
            data = (text + self.terminator).encode(errors="backslashreplace")
            if count and len(piece) + len(data) > BYTES_AT_ONCE:
                break
            piece, count = piece + data, count + 1
        del self._lines[:count]
        return piece, left - count

    def _write(self, piece: bytes) -> int:
        """Write past the buffers of the stream, which may keep a part when it fails. Returns how many bytes."""
        if self._descriptor is not None:
            return os.write(self._descriptor, piece)
        self.stream.write(piece.decode())
        self.stream.flush()
        return len(piece)

    def _report_dropped(self) -> int:
        """Put a line about those that were dropped in front. Returns the number of such lines, 0 or 1."""
        with self._lock_of_count:
            count, self._dropped = self._dropped, 0
        if count:
            arguments = (__name__, logging.WARNING, __file__, 0, "%d lines of the log were dropped", (count,), None)
            self._lines.insert(0, self.format(logging.getLogRecordFactory()(*arguments)))
        return min(count, 1)

    def _write_for_ever(self) -> None:
        pause = threading.Event()  # nobody sets it
        while self._is_waiting.wait():
            self._is_waiting.clear()
            pause.wait(PAUSE_SECONDS)  # more come meanwhile
            with contextlib.suppress(Exception):  # it is tried again
                self.flush()


def begin_queueing() -> None:
    """Queue the lines of requests in this process, with the handlers that logging has now."""
    _queueing[:] = [each for each in logging.getLogger().handlers if isinstance(each, QueueingHandler)]
    for handler in _queueing:
        handler.begin_queueing()


def add_line(line: Line) -> bool:
    """Queue the line of a request without a record, which costs much more. Returns False where nothing is queued.

    A line that is composed when it is written costs the request nothing, and many at once cost less than each alone.

    No level, filter or formatter is asked. Raises nothing, as `emit`.
    """
    for handler in _queueing:
        try:
            handler.add(line, may_wait=True)
        except Exception:
            handler.handleError(logging.makeLogRecord({"name": QUEUED_LOGGER, "msg": "request"}))
    return bool(_queueing)
