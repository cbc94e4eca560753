"""Knows which replicas of PostgreSQL hold all that a reader may expect of them.

A replica is current as of a moment if it has replayed all that the primary had written then. The moments are those of
this process's own clock, so no clock of another machine matters, and a primary that is idle makes nobody late.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from content import direct_sessions

BEHIND_SECONDS = 1.0  # a replica that is further behind is not read
LOOK_SECONDS = 0.2
RETRY_SECONDS = 0.5
STATEMENT_SECONDS = 1
CONNECT_SECONDS = 2  # the least that libpq knows
# the timeline tells a replica of this primary from one that went another way after a failover
PRIMARY = "SELECT pg_current_wal_lsn(), ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int"
# what feeds a replica is shown to those with pg_read_all_stats: without it `status` is NULL
FEED = """
    SELECT pg_is_in_recovery(), receiver.pid IS NOT NULL AND receiver.status IS NULL,
        receiver.status = 'streaming' AND receiver.received_tli = %s
    FROM (SELECT 1) AS one LEFT JOIN pg_stat_wal_receiver AS receiver ON true
"""
HAS_REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"

log = logging.getLogger("luatmo.replicas")


class ReplicaWatch:
    """Looks at one replica, every LOOK_SECONDS, in a thread of its own, over a session there and one at the primary.

    `name`: as the log and /metrics call it. `connect`: opens a session at the replica.
    """

    def __init__(self, name: str, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self.name = name
        self._connect = connect
        self._current_as_of = float("-inf")
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_for_ever, name=f"watch {name}", daemon=True)

    def start(self) -> None:
        """Begin to look. Until the first look is over the replica is not read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its sessions."""
        self._is_stopped.set()
        self._thread.join()

    def behind_seconds(self) -> float:
        """How old the newest moment is as of which the replica is current. Infinite before the first one."""
        return time.monotonic() - self._current_as_of

    def is_current(self, *, since: float) -> bool:
        """Whether it holds all of a second ago, and all that was committed before `since`, of the monotonic clock."""
        return self._current_as_of >= max(since, time.monotonic() - BEHIND_SECONDS)

    def _look_for_ever(self) -> None:
        is_away = False
        while not self._is_stopped.is_set():
            try:
                with session(direct_sessions.parameters()) as primary, self._connect() as replica:
                    while not self._is_stopped.wait(LOOK_SECONDS):
                        self._look(primary, replica)
                        is_away = self._said(is_away)
            except psycopg.Error as error:
                self._current_as_of = float("-inf")
                if not is_away:
                    log.warning("The replica %s is not read: %s", self.name, type(error).__name__)
                is_away = True
            self._is_stopped.wait(RETRY_SECONDS)

    def _look(self, primary: psycopg.Connection[Any], replica: psycopg.Connection[Any]) -> None:
        began = time.monotonic()
        timeline, position = primary_position(primary)
        has_replayed = replica.execute(HAS_REPLAYED, [position]).fetchone() == (True,)
        if has_replayed and is_streaming(replica, timeline):
            self._current_as_of = began

    def _said(self, is_away: bool) -> bool:
        """Write a line when the replica falls behind, and when it is current again. Returns whether it is behind."""
        is_behind = self.behind_seconds() > BEHIND_SECONDS
        if is_behind and not is_away:
            log.warning("The replica %s is not read: it is more than %g s behind", self.name, BEHIND_SECONDS)
        elif is_away and not is_behind:
            log.info("The replica %s is read", self.name)
        return is_behind


def primary_position(primary: psycopg.Connection[Any]) -> tuple[int, str]:
    """The timeline of the primary, and the position up to which it has written its log."""
    position, timeline = primary.execute(PRIMARY).fetchone() or ("", 0)
    return timeline, position


def is_streaming(replica: psycopg.Connection[Any], timeline: int) -> bool | None:
    """Whether a server is a replica that receives that timeline now. None: it does not show this to its reader."""
    in_recovery, is_hidden, streams = replica.execute(FEED, [timeline]).fetchone() or (False, False, False)
    if in_recovery and is_hidden:
        return None
    return bool(in_recovery and streams)


def session(parameters: dict[str, Any]) -> psycopg.Connection[Any]:
    """A session whose statements and whose connecting end soon."""
    opened = psycopg.connect(**parameters | {"connect_timeout": CONNECT_SECONDS}, autocommit=True)
    limit = sql.SQL("SET statement_timeout = {}").format(sql.Literal(f"{STATEMENT_SECONDS}s"))
    opened.execute(limit)
    return opened
