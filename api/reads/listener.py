"""Hears from PostgreSQL that public data changed.

The triggers of the migration `public_changes_are_announced` (content) say it at each commit.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from api.replicas.sessions import watch_session
from content import direct_sessions

CHANNEL = "luatmo_public"
BEAT_SECONDS = 4.0
SILENT_SECONDS = 3 * BEAT_SECONDS  # without a beat for so long nothing is current
RETRY_SECONDS = 0.5

log = logging.getLogger("luatmo.reads")


class _NothingHeard(Exception):
    """The connection is alive, and its own notices do not come."""


class ChangeListener:
    """Calls `changed` after each commit that changed public data, and `connected` each time that listening begins.

    It holds two sessions that are none of the pool's. Every BEAT_SECONDS one notifies the other: so it finds out that
    the connection is dead, or that a pooler between keeps notices from it. A server that says nothing for two seconds
    is given up, and asked again.
    """

    def __init__(self, *, changed: Callable[[], None], connected: Callable[[], None]) -> None:
        self._changed, self._connected = changed, connected
        self._heard_at = float("-inf")
        self._is_stopped = threading.Event()
        self._own_channel = ""

    def start(self) -> None:
        """Listen in a thread of its own until the process ends, or `stop`."""
        self._own_channel = f"luatmo_beat_{secrets.token_hex(8)}"  # of this process: a fork has its own
        self._thread = threading.Thread(target=self._listen_for_ever, name="listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its session."""
        self._is_stopped.set()
        with _session() as session:
            session.execute("SELECT pg_notify(%s, '')", [self._own_channel])
        self._thread.join()

    def is_listening(self) -> bool:
        """Whether a change that is committed now would be heard."""
        return time.monotonic() - self._heard_at < SILENT_SECONDS

    def _listen_for_ever(self) -> None:
        is_first_failure = True
        while not self._is_stopped.is_set():
            try:
                self._listen()
            except (psycopg.Error, _NothingHeard) as error:
                if self.is_listening() or is_first_failure:  # one line for each outage
                    kind = type(error).__name__
                    log.warning("Answers are not kept in memory until changes are heard again: %s", kind)
                is_first_failure = False
            self._heard_at = float("-inf")
            self._is_stopped.wait(RETRY_SECONDS)

    def _listen(self) -> None:
        with _session() as session, _session() as sender:
            for channel in (CHANNEL, self._own_channel):
                session.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            is_first, began = True, time.monotonic()
            while not self._is_stopped.is_set():
                if time.monotonic() - max(began, self._heard_at) > SILENT_SECONDS:
                    raise _NothingHeard  # a pooler between, as PgBouncer in transaction mode
                sender.execute("SELECT pg_notify(%s, '')", [self._own_channel])
                for notice in session.notifies(timeout=BEAT_SECONDS):
                    if self._is_stopped.is_set():
                        return
                    if notice.channel == CHANNEL:
                        self._changed()
                        continue
                    if is_first:  # what was committed before was not heard
                        self._connected()
                        is_first = False
                    self._heard_at = time.monotonic()


def _session() -> psycopg.Connection[Any]:
    return watch_session(direct_sessions.parameters())
