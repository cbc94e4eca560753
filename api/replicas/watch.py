"""Knows which replicas of PostgreSQL hold all that a reader may expect of them.

A replica is current as of a moment if it has replayed all that the primary had written then. The moments are those of
this process's own clock, so no clock of another machine matters, and a primary that is idle makes nobody late.

While the primary does not answer, as before another one leads, nobody can say whether a replica is current. One that
was when the primary answered last is read for AWAY_SECONDS: a public answer in a cache may be as old.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

import psycopg

BEHIND_SECONDS = 1.0  # a replica that is further behind is not read
LOOK_SECONDS = 0.2
RETRY_SECONDS = 0.5
ASIDE_SECONDS = 5.0  # for which a replica that failed a reader is not read
AWAY_SECONDS = 30.0  # for which replicas answer without the primary; api/caching.py: FRESH_SECONDS

# Copies of one cluster have one identifier; a restored backup has another.
IDENTITY = """
    SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database())
    FROM pg_control_system()
"""
# No two servers of one cluster begin in the same microsecond. Addresses differ by the way that a session takes.
SERVER = "SELECT pg_postmaster_start_time()"
# The place of the next record, not of the last one on disk: an asynchronous commit is seen before it is written. The
# timeline tells a replica of this primary from one that went another way after a failover.
PRIMARY = """
    SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int,
        (pg_current_wal_insert_lsn() - '0/0')::bigint
"""
# what feeds a replica is shown to those with pg_read_all_stats: without it `status` is NULL
REPLICA = """
    SELECT pg_is_in_recovery(), receiver.pid IS NOT NULL AND receiver.status IS NULL,
        CASE WHEN receiver.status = 'streaming' THEN receiver.received_tli END,
        (pg_last_wal_replay_lsn() - '0/0')::bigint
    FROM (SELECT 1) AS one LEFT JOIN pg_stat_wal_receiver AS receiver ON true
"""

log = logging.getLogger("luatmo.replicas")


class Feed(Enum):
    """Whether a server is a replica of our primary."""

    FOLLOWS = "it receives what the primary writes"
    HIDDEN = "its role may not see what it receives: GRANT pg_read_all_stats"
    CUT_OFF = "it receives nothing"
    ELSEWHERE = "it does not receive what the primary writes"
    NO_REPLICA = "it takes writes itself"
    OTHER_CLUSTER = "it is a copy of another server, or another database of this one"


class _Position(NamedTuple):
    """Where the primary was at a moment of our clock."""

    moment: float
    timeline: int
    place: int  # bytes of its log


Connect = Callable[[], psycopg.Connection[Any]]


class ReplicaWatch:
    """Looks at one replica in a thread of its own, over a session there and one at the primary.

    It looks every LOOK_SECONDS, and at once when a change was heard. `name`: as the log and /metrics call the replica.
    """

    def __init__(self, name: str, *, at_primary: Connect, at_replica: Connect) -> None:
        self.name = name
        self._at_primary, self._at_replica = at_primary, at_replica
        self._current_as_of = float("-inf")
        self._primary_answered_at = float("-inf")
        self._is_primary_asked = False  # and has not answered yet
        self._has_lost_primary = False
        self._leads = False
        self._followed = 0  # the timeline that it received last
        self._aside_until = float("-inf")
        self._positions: deque[_Position] = deque(maxlen=64)
        self._woken, self._is_stopped = threading.Event(), threading.Event()
        self._told = ""
        self._thread = threading.Thread(target=self._watch, name=f"watch {name}", daemon=True)

    def start(self) -> None:
        """Begin to look. Until the first look is over the replica is not read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its sessions."""
        self._is_stopped.set()
        self._woken.set()
        self._thread.join()

    def look_soon(self) -> None:
        """Look at once."""
        self._woken.set()

    def behind_seconds(self) -> float:
        """How long ago the replica was current for certain. Infinite before the first time."""
        return time.monotonic() - self._current_as_of

    def is_current(self, *, since: float) -> bool:
        """Whether it holds all of a second ago, and all that was committed before `since`, of the monotonic clock."""
        return not self.is_aside() and self._current_as_of >= max(since, time.monotonic() - BEHIND_SECONDS)

    def is_best_known(self, *, since: float, primary_failed: bool) -> bool:
        """Whether it may be read although the primary does not answer: it held all of a second before that began.

        The primary does not answer this watch for more than a second, or failed a request just now (`primary_failed`).
        `since`: when this process heard of the last change, which the replica may lack by a second, too.
        """
        silent_seconds = time.monotonic() - self._primary_answered_at
        is_away = primary_failed or (self._is_primary_asked and silent_seconds > BEHIND_SECONDS)
        held = self._current_as_of >= max(since, self._primary_answered_at) - BEHIND_SECONDS
        return is_away and held and silent_seconds <= AWAY_SECONDS

    def has(self, moment: float) -> bool:
        """Whether it held, when it was seen last, all that was committed before that moment of the monotonic clock."""
        return self._current_as_of >= moment

    def has_lost_primary(self) -> bool:
        """Whether the session there failed, and it has not answered since."""
        return self._has_lost_primary

    def is_aside(self) -> bool:
        """Whether it failed a reader a moment ago."""
        return time.monotonic() < self._aside_until

    def leads(self) -> bool:
        """Whether the server is the primary itself: a list may name every server that can lead."""
        return self._leads

    def set_aside(self) -> None:
        """A reader had no answer from it: it is not read for ASIDE_SECONDS."""
        self._aside_until = time.monotonic() + ASIDE_SECONDS

    def _watch(self) -> None:
        while not self._is_stopped.is_set():
            try:
                self._is_primary_asked = True
                with self._at_primary() as primary:
                    ours, leader = identity_of(primary), server_of(primary)
                    self._is_primary_asked = self._has_lost_primary = False
                    with self._at_replica() as replica:
                        is_copy = ours == identity_of(replica)
                        self._leads = is_copy and leader == server_of(replica)
                        self._look_on(primary, replica, is_copy=is_copy)
            except psycopg.Error as error:
                self._has_lost_primary = self._is_primary_asked
                self._tell("the primary is away" if self._is_primary_asked else type(error).__name__)
            except Exception:  # whatever it is, a replica that is not watched is never read again
                self._is_primary_asked = False
                log.exception("The replica %s cannot be watched", self.name)
            if not self._is_primary_asked:
                self._current_as_of = float("-inf")
            self._leads = False
            self._is_stopped.wait(RETRY_SECONDS)

    def _look_on(self, primary: psycopg.Connection[Any], replica: psycopg.Connection[Any], *, is_copy: bool) -> None:
        began = time.monotonic()
        while not self._is_stopped.is_set():
            self._woken.clear()
            moment = time.monotonic()
            self._is_primary_asked = True
            timeline, place = position_of(primary)
            self._is_primary_asked, self._primary_answered_at = False, moment
            self._positions.append(_Position(moment, timeline, place))
            feed, replayed = feed_of(replica, timeline) if is_copy else (Feed.OTHER_CLUSTER, 0)
            if feed is Feed.FOLLOWS:
                self._followed = timeline
                held = [each.moment for each in self._positions if each.timeline == timeline and each.place <= replayed]
                self._current_as_of = max([self._current_as_of, *held])
                is_behind = min(self.behind_seconds(), time.monotonic() - began) > BEHIND_SECONDS
                self._tell("it is behind" if is_behind else "")
            elif feed is Feed.CUT_OFF and timeline == self._followed:
                self._tell(feed.value)  # it holds what it held, and may learn that the primary dies before we do
            else:
                self._current_as_of = float("-inf")
                self._tell(feed.value)
            self._woken.wait(LOOK_SECONDS)

    def _tell(self, trouble: str) -> None:
        """Write a line to the log when the trouble is another one than before; "" is none."""
        if trouble and trouble != self._told:
            log.warning("The replica %s is not read: %s", self.name, trouble)
        elif self._told and not trouble:
            log.info("The replica %s is read", self.name)
        self._told = trouble


def is_same_cluster(primary: psycopg.Connection[Any], replica: psycopg.Connection[Any]) -> bool:
    """Whether both are copies of one cluster, and the sessions in one database of it."""
    return identity_of(primary) == identity_of(replica)


def identity_of(server: psycopg.Connection[Any]) -> tuple[int, int] | None:
    """What only this cluster and its copies have, and which database of it the session is in."""
    return server.execute(IDENTITY).fetchone()


def server_of(session: psycopg.Connection[Any]) -> tuple[object, ...] | None:
    """What tells a running server from every other of its cluster, whichever way a session reaches it."""
    return session.execute(SERVER).fetchone()


def position_of(primary: psycopg.Connection[Any]) -> tuple[int, int]:
    """The timeline of the primary, and the place in its log up to which everything is committed that can be seen."""
    timeline, place = primary.execute(PRIMARY).fetchone() or (0, 0)
    return timeline, place


def feed_of(replica: psycopg.Connection[Any], timeline: int) -> tuple[Feed, int]:
    """Whether a server receives that timeline now, and up to which place it has replayed it."""
    in_recovery, is_hidden, received, replayed = replica.execute(REPLICA).fetchone() or (False, False, None, None)
    if not in_recovery:
        return Feed.NO_REPLICA, 0
    if is_hidden:
        return Feed.HIDDEN, 0
    if received is None:
        return Feed.CUT_OFF, replayed or 0
    return (Feed.FOLLOWS if received == timeline else Feed.ELSEWHERE), replayed or 0
