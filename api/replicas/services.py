"""Which database a request reads."""

import itertools
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from api.replicas.sessions import watch_session
from api.replicas.watch import AWAY_SECONDS, BEHIND_SECONDS, ReplicaWatch
from content import direct_sessions


class Choice(NamedTuple):
    """A replica that may be read now. Unless it `is_current` it may lack what was written in `behind_seconds`."""

    watch: ReplicaWatch
    is_current: bool
    behind_seconds: float


class Replicas:
    """The replicas of this installation, each watched by this process (DATABASE_REPLICA_URLS).

    None is read before this process hears of changes: it could not know what a reader may expect. Only while the
    primary is away is one read also then. So the watches begin with the process (`begin`), at the latest with its
    first read: one that starts seconds before an outage knows by then which replica is current.
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

    def choose(self, *, without: Collection[ReplicaWatch] = (), primary_failed: bool = False) -> Choice | None:
        """One that may be read now, each in its turn, but those in `without`; None: the primary has to answer.

        `primary_failed`: it could not answer this request, so one that was current when the primary was last seen may.
        """
        is_hearing, now = self._is_hearing(), time.monotonic()
        if is_hearing:
            self._heard_at = now
        if not self.aliases:
            return None
        self.begin()
        watches = [each for each in self._watches if each not in without]
        current = [each for each in watches if each.is_current(since=self._changed_at)] if is_hearing else []
        if current:
            return self._in_turn(current, is_current=True)
        if not is_hearing:
            primary_failed = primary_failed or self._is_primary_lost(now - self._heard_at)
        known = self._best_known(watches, primary_failed=primary_failed)
        return self._in_turn(known, is_current=False) if known else None

    def _is_primary_lost(self, silent_seconds: float) -> bool:
        """Whether the session that hears of changes ended because the primary did, as far as is known by now.

        In the first second, too, before the watches have noticed: nobody waits for the primary to find out.
        """
        if silent_seconds >= AWAY_SECONDS:
            return False
        return silent_seconds < BEHIND_SECONDS or any(each.has_lost_primary() for each in self._watches)

    def _best_known(self, watches: list[ReplicaWatch], *, primary_failed: bool) -> list[ReplicaWatch]:
        """Those that may be read although nobody can say whether they are current, of the better ones if there are."""
        since = self._changed_at
        known = [each for each in watches if each.is_best_known(since=since, primary_failed=primary_failed)]
        known = [each for each in known if each.has(since)] or known  # sure to have what was heard last
        return [each for each in known if not each.is_aside()] or known  # one that failed once may do better

    def _in_turn(self, readable: list[ReplicaWatch], *, is_current: bool) -> Choice:
        watch = readable[next(self._turns) % len(readable)]
        return Choice(watch, is_current, watch.behind_seconds())

    def stop(self) -> None:
        """End the watches of this process. Those of a web server last as long as it."""
        for watch in self._watches:
            watch.stop()

    def behind_seconds(self) -> dict[str, float]:
        """{name: how long ago it was current}, of the replicas that this process watches. Not of the one that leads."""
        return {watch.name: watch.behind_seconds() for watch in self._watches if not watch.leads()}

    def begin(self) -> None:
        """Watch the replicas, if any. A web server calls it in each of its processes; a repeat is harmless."""
        if self._process == os.getpid() or not self.aliases:
            return
        with self._lock:  # the web server forks after it has imported the program
            if self._process == os.getpid():
                return
            self._watches = [_watch(alias) for alias in self.aliases]
            for watch in self._watches:
                watch.start()
            self._process = os.getpid()  # last: from now on other threads look at the list


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
