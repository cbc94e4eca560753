"""Which database a request reads."""

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from api.replicas.sessions import watch_session
from api.replicas.watch import AWAY_SECONDS, ReplicaWatch
from content import direct_sessions


class Replicas:
    """The replicas of this installation, each watched by this process (DATABASE_REPLICA_URLS).

    None is read before this process hears of changes: it could not know what a reader may expect.
    """

    def __init__(self, aliases: list[str] | None = None) -> None:
        self._aliases = aliases
        self._watches: list[ReplicaWatch] = []
        self._process = 0
        self._lock = threading.Lock()
        self._turns = itertools.count()
        self._changed_at = float("-inf")
        self._heard_at = float("-inf")
        self._is_hearing: Callable[[], bool] = lambda: False

    @property
    def aliases(self) -> list[str]:
        """In DATABASES. Read when they are needed: this module is imported before the settings."""
        found: list[str] = settings.DATABASE_REPLICAS if self._aliases is None else self._aliases
        return found

    def hear(self, is_hearing: Callable[[], bool]) -> None:
        """From now on `note_change` is called after each change, as long as `is_hearing()`."""
        self._is_hearing = is_hearing

    def note_change(self) -> None:
        """Public data has changed: from now on no replica is read that lacks the change. A repeat is harmless."""
        self._changed_at = time.monotonic()
        for watch in self._watches:
            watch.look_soon()

    def choose(self, *, primary_failed: bool = False) -> ReplicaWatch | None:
        """One that may be read now, each in its turn; None: the primary has to answer.

        `primary_failed`: it could not answer this request, so one that was current when the primary was last seen may.
        """
        is_hearing, since, now = self._is_hearing(), self._changed_at, time.monotonic()
        if is_hearing:
            self._heard_at = now
        elif now - self._heard_at < AWAY_SECONDS:  # its session ended: nobody waits for the primary to find out why
            primary_failed = True
        if not self.aliases or not (is_hearing or self._process == os.getpid()):
            return None
        if self._process != os.getpid():
            self._begin_in_this_process()
        readable = [watch for watch in self._watches if watch.is_current(since=since)] if is_hearing else []
        if not readable:  # as while the primary is away: to hear of changes takes a session there
            known = [each for each in self._watches if each.is_best_known(since=since, primary_failed=primary_failed)]
            readable = [each for each in known if not each.is_aside()] or known  # one that failed once may do better
        return readable[next(self._turns) % len(readable)] if readable else None

    def behind_seconds(self) -> dict[str, float]:
        """{name: how long ago it was current}, of the replicas that this process watches."""
        return {watch.name: watch.behind_seconds() for watch in self._watches}

    def _begin_in_this_process(self) -> None:
        with self._lock:  # the web server forks after it has imported the program
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._watches = [_watch(alias) for alias in self.aliases]
            for watch in self._watches:
                watch.start()


def _watch(alias: str) -> ReplicaWatch:
    return ReplicaWatch(
        alias,
        at_primary=lambda: watch_session(direct_sessions.parameters()),
        at_replica=lambda: watch_session(direct_sessions.parameters(alias)),
    )


@contextmanager
def reading_from(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """In this thread, until the end of the block, every statement goes to that database instead of the primary.

    All of them, so that one request never sees two databases: those of the ORM, those in SQL, and transactions. A write
    fails there: a replica takes none.
    """
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[alias]
    try:
        yield connections[alias]
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


REPLICAS = Replicas()
