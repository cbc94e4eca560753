"""Tells the other processes how many requests callers have made, and hears how many those counted.

In a thread of its own: no reader waits for it, and where the database is away each process goes on with what it knows.
"""

import logging
import os
import threading
from typing import Any, Protocol

import psycopg

from api.replicas.sessions import watch_session
from content import direct_sessions
from content.request_counts import services as request_counts
from content.request_counts.services import Counted

REPORT_SECONDS = 0.25
RETRY_SECONDS = 2.0

log = logging.getLogger("luatmo.limits")


class Counter(Protocol):
    """What is reported (api/limits/counters.py)."""

    def unreported(self, caller: str) -> Counted | None:
        """What other processes do not know of a caller; None: nothing."""

    def learn(self, caller: str, reported: Counted, total: Counted) -> None:
        """`reported` is stored, and all processes together have `total`."""

    def assume(self, caller: str, reported: Counted) -> None:
        """Nobody knows whether `reported` was stored."""


class Due:
    """Whose counts are worth a report."""

    def __init__(self) -> None:
        self._callers: set[tuple[Counter, str]] = set()
        self._lock = threading.Lock()

    def add(self, counter: Counter, caller: str) -> None:
        """The count of a caller is worth a report. A repeat before the next one is harmless."""
        with self._lock:
            self._callers.add((counter, caller))

    def forget_ended(self) -> None:
        """Who has nothing to tell of the present window is not due any more.

        Else all who asked since the database went away would wait in memory until it is back.
        """
        with self._lock:
            self._callers = {each for each in self._callers if each[0].unreported(each[1]) is not None}

    def report(self, cursor: Any) -> None:
        """Store what is due, and let the counters know what others counted. Raises what the database does.

        Then what was told may be stored or not, and all stays due: a caller may have asked again meanwhile.
        """
        with self._lock:
            due, self._callers = self._callers, set()
        told = [(*each, counted) for each in due if (counted := each[0].unreported(each[1])) is not None]
        if not told:
            return
        try:
            totals = {each.key: each for each in request_counts.add(cursor, [counted for *_of_whom, counted in told])}
        except Exception:
            for counter, caller, counted in told:
                counter.assume(caller, counted)
                self.add(counter, caller)
            raise
        for counter, caller, counted in told:
            if (total := totals.get(counted.key)) is not None:
                counter.learn(caller, counted, total)


class Reports:
    """Reports of this process. Nothing is reported before `begin`; then a session is opened with the first report."""

    def __init__(self) -> None:
        self._is_on = False
        self._process = 0
        self._due = Due()
        self._lock = threading.Lock()
        self._woken = threading.Event()

    def begin(self) -> None:
        """From now on this process reports: a web server calls it in each of its processes. A repeat is harmless."""
        self._is_on = True

    def note(self, counter: Counter, caller: str) -> None:
        """The count of a caller is worth a report. A repeat before the next one is harmless."""
        if not self._is_on:
            return
        self._due.add(counter, caller)
        with self._lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._report_for_ever, name="reports", daemon=True).start()
        self._woken.set()

    def _report_for_ever(self) -> None:
        pause = threading.Event()
        while True:
            try:
                with watch_session(direct_sessions.parameters()) as session:
                    self._report_while_it_lasts(session, pause)
            except psycopg.Error as error:
                log.warning("Requests are counted by each process alone: %s", type(error).__name__)
            except Exception:  # whatever it is, a process that never reports again lets too much through
                log.exception("Requests are counted by each process alone")
            self._due.forget_ended()
            self._woken.set()  # what failed is due
            pause.wait(RETRY_SECONDS)

    def _report_while_it_lasts(self, session: psycopg.Connection[Any], pause: threading.Event) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            with session.cursor() as cursor:
                self._due.report(cursor)
            pause.wait(REPORT_SECONDS)


REPORTS = Reports()
