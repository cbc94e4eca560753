"""Tells the other processes how many requests callers have made, and hears how many those counted.

In a thread of its own: no reader waits for it, and where the database is away each process goes on with what it knows.
"""

import datetime
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
FORGET_SECONDS = 60

log = logging.getLogger("luatmo.limits")


class Counter(Protocol):
    """What is reported (api/limits/counters.py)."""

    def unreported(self, caller: str) -> Counted | None:
        """What other processes do not know of a caller; None: nothing."""

    def learn(self, caller: str, reported: Counted, total: Counted) -> None:
        """`reported` is stored, and all processes together have `total`."""


class Reports:
    """Reports of this process. Nothing is reported before `begin`; then a session is opened with the first report."""

    def __init__(self) -> None:
        self._is_on = False
        self._process = 0
        self._due: set[tuple[Counter, str]] = set()
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._forgotten_at = datetime.datetime.min.replace(tzinfo=datetime.UTC)

    def begin(self) -> None:
        """From now on counts are reported, also by processes that are forked later. A repeat changes nothing."""
        self._is_on = True

    def note(self, counter: Counter, caller: str) -> None:
        """The count of a caller is worth a report. A repeat before the next one is harmless."""
        if not self._is_on:
            return
        with self._lock:
            self._due.add((counter, caller))
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
            pause.wait(RETRY_SECONDS)

    def _report_while_it_lasts(self, session: psycopg.Connection[Any], pause: threading.Event) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            with session.cursor() as cursor:
                self._report(cursor)
                self._forget(cursor)
            pause.wait(REPORT_SECONDS)

    def _report(self, cursor: Any) -> None:
        with self._lock:
            due, self._due = self._due, set()
        told = [(*each, counted) for each in due if (counted := each[0].unreported(each[1])) is not None]
        if not told:
            return
        totals = {each.key: each for each in request_counts.add(cursor, [counted for *_of_whom, counted in told])}
        for counter, caller, counted in told:
            counter.learn(caller, counted, totals[counted.key])

    def _forget(self, cursor: Any) -> None:
        """Delete what nobody needs: windows that ended a while ago by the clock of any machine."""
        now = datetime.datetime.now(datetime.UTC)
        if (now - self._forgotten_at).total_seconds() > FORGET_SECONDS:
            self._forgotten_at = now
            request_counts.forget_before(cursor, now - datetime.timedelta(seconds=FORGET_SECONDS))


REPORTS = Reports()
