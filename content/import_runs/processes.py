"""Processes that compute what pure functions give, each with a pipe of its own.

One that is killed takes nothing with it but its present call: `concurrent.futures.ProcessPoolExecutor` would break as a
whole. They are spawned, not forked: a connection to the database must not be shared.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any

from content.import_runs import child


class ProcessDied(Exception):
    """The process was killed during the call, for example because memory ran out."""


class CallFailed(Exception):
    """The function raised an error, what it got or gave cannot be sent, or no process started."""


@dataclass(frozen=True)
class _Child:
    process: SpawnProcess
    pipe: Connection


class Processes:
    """`count` processes, each started with the first call that it gets, and again after it died."""

    def __init__(self, count: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reader", initializer=_leave_signals_to_others)
        self._own = threading.local()
        self._children: set[_Child] = set()
        self._lock = threading.Lock()  # of the children, and whether further ones may live
        self._is_closed = False

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Have a process call the function of a module. The future raises ProcessDied, CallFailed."""
        return self._threads.submit(self._call, function, arguments)

    def close(self) -> None:
        """End all processes, whatever they do. Calls that wait are cancelled."""
        with self._lock:
            self._is_closed = True
            for each in self._children:
                each.process.kill()
        self._threads.shutdown(cancel_futures=True)
        for each in self._children:
            _end(each)

    def _call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        mine = self._running_child()
        try:
            mine.pipe.send((function, arguments))
            result, problem = mine.pipe.recv()
        except (EOFError, OSError) as error:  # also ECONNRESET and EPIPE
            self._forget(mine)
            raise ProcessDied from error
        except Exception as error:  # of pickling, which has sent nothing yet
            raise CallFailed(str(error)) from error
        if problem is not None:
            raise CallFailed(problem)
        return result

    def _running_child(self) -> _Child:
        """That of this thread, or a new one: a child that died between two calls, or before its first, harms none."""
        mine: _Child | None = getattr(self._own, "child", None)
        if mine and mine.process.is_alive():
            return mine
        if mine:
            self._forget(mine)
        mine = self._new_child()
        try:
            mine.pipe.recv()  # READY
        except (EOFError, OSError) as error:
            self._forget(mine)
            raise CallFailed("The process ended before its first call.") from error
        self._own.child = mine
        return mine

    def _new_child(self) -> _Child:
        try:
            ours, theirs = self._context.Pipe()
            with theirs:
                process = self._context.Process(target=child.serve, args=(theirs,), name="luatmo-reader", daemon=True)
                try:
                    process.start()
                except OSError:
                    ours.close()
                    raise
        except OSError as error:  # too many files or processes
            raise CallFailed(str(error)) from error
        new = _Child(process, ours)
        with self._lock:
            self._children.add(new)
            if self._is_closed:
                process.kill()
        return new

    def _forget(self, mine: _Child) -> None:
        with self._lock:
            self._children.discard(mine)
            self._own.child = None
        _end(mine)


def _end(child: _Child) -> None:
    child.process.kill()
    child.process.join()
    child.pipe.close()


def _leave_signals_to_others() -> None:
    """A thread's children begin with its blocked signals: Ctrl-C while one starts must not print a traceback there."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
