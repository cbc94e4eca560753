"""Fetches the records of objects. While some are applied the next are on their way, one after the other.

Two are never asked for at once. What came and is not used yet is bounded, in records and bytes.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, repeat
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from content.peer_client.client import MIB, NotThere, PeerAway, PeerClient, PeerWrong
from content.record_fields.fields import RecordRefused
from content.sync import trust
from content.sync.file_fetching import release_connection
from content.sync.leases import renew
from content.sync.models import Peer
from content.sync.page_subjects import Subject

Fetched = dict[str, Any] | Exception  # a record, or why there is none
MOST_AHEAD, MOST_BYTES_AHEAD = 30, 8 * MIB  # then no further one is asked for; the last may be larger


class _NotAsked(Exception):
    """The time is over, or the one before had no answer."""


class _Row:
    """Objects that are asked for one after the other, in a thread, until it is ended."""

    def __init__(self, client: PeerClient, thread: ThreadPoolExecutor, subjects: Iterable[Subject], until: float):
        """`until`: a time of `time.monotonic`, after which only the first is asked for."""
        self._client, self._came = client, threading.Condition()
        self._count = self._size = 0  # of what came and is not taken
        self._is_over = False
        self._language = translation.get_language()  # of the errors; the thread has none of its own
        untils = chain([math.inf], repeat(until))
        asked = zip(subjects, untils, strict=False)
        self._asked = deque(thread.submit(self._record, subject, its_until) for subject, its_until in asked)

    def end(self) -> None:
        """Ask for nothing more."""
        with self._came:
            self._is_over = True
            self._came.notify_all()
        for each in self._asked:
            each.cancel()

    def next(self) -> dict[str, Any]:
        """The record of the next object. Raises what its request raised, _NotAsked."""
        asked = self._asked.popleft()
        if not asked.done():
            release_connection()
        record, size = asked.result()
        self._note(-1, -size)
        return record

    def _record(self, subject: Subject, until: float) -> tuple[dict[str, Any], int]:
        """The record and the bytes of the answer."""
        with self._came:
            self._came.wait_for(self._has_room)
        if self._is_over or time.monotonic() > until:
            raise _NotAsked
        try:
            with translation.override(self._language):
                record = self._client.record(f"{subject[0]}s", subject[1])
        except PeerAway:
            self._is_over = True  # whoever wants the next looks at this one first
            raise
        size = self._client.size_of_answer
        self._note(1, size)
        return record, size

    def _has_room(self) -> bool:
        return self._is_over or (self._count < MOST_AHEAD and self._size < MOST_BYTES_AHEAD)

    def _note(self, count: int, size: int) -> None:
        with self._came:
            self._count, self._size = self._count + count, self._size + size
            self._came.notify_all()


class Records:
    """Fetches records of one installation. Use `records_of`."""

    def __init__(self, peer: Peer, client: PeerClient, thread: ThreadPoolExecutor) -> None:
        self._peer, self._client, self._thread = peer, client, thread
        self._row = _Row(client, thread, (), math.inf)

    def each(self, subjects: Sequence[Subject], *, until: float = math.inf) -> Iterator[tuple[Subject, Fetched]]:
        """Each object with its record, or why there is none that can be used.

        One object that cannot be read there holds back no other. After `until`, a time of `time.monotonic`, no further
        one is asked for. Raises PeerAway where the peer answers nothing else either.
        """
        left = deque(subjects)
        self._ask(left, until)
        try:
            while left:
                try:
                    fetched = self._fetch(left[0])
                except _NotAsked:
                    if time.monotonic() > until:
                        return
                    self._ask(left, until)
                else:
                    yield left.popleft(), fetched
        finally:
            self.end()

    def end(self) -> None:
        """Ask for nothing more."""
        self._row.end()

    def _ask(self, subjects: Iterable[Subject], until: float) -> None:
        self._row.end()
        self._row = _Row(self._client, self._thread, subjects, until)

    def _fetch(self, subject: Subject) -> Fetched:
        peer = self._peer
        renew(peer)
        try:
            record = trust.checked_record(peer, self._client, self._row.next())
        except (NotThere, RecordRefused, PeerWrong) as error:
            return error
        except PeerAway as error:
            if error.is_busy:
                raise
            renew(peer)
            release_connection()
            self._client.page(peer.bookmark, 0)
            return error
        if (record["object"], record["key"]) != subject:
            return RecordRefused(_("Its record is of another object."))
        return record


@contextmanager
def records_of(peer: Peer, client: PeerClient) -> Iterator[Records]:
    """Fetch records until the block ends, and what is asked for has come."""
    with ThreadPoolExecutor(1, thread_name_prefix="record") as thread:
        records = Records(peer, client, thread)
        try:
            yield records
        finally:
            records.end()
