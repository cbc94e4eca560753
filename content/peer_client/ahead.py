"""Asks an installation for records and pages, one request after the other, while those that came are used.

Two requests are never made at once. Where the installation gives several records in one answer, they are asked for so;
what such an answer lacks is asked for alone. What came and is not used yet is bounded, in records and bytes.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import chain, repeat
from typing import Any

from django.utils import translation

from content.peer_client.client import MIB, NotThere, PeerAway, PeerClient, PeerWrong, keys_at_once

MOST_AHEAD, MOST_BYTES_AHEAD = 30, 8 * MIB  # then no further ones are asked for; the last answer may be larger
BREAK_OFF_SECONDS = 0.1  # between two tries: its socket may not be open yet
Subject = tuple[str, str]  # (object, key)
Sized = tuple[dict[str, Any], int]  # a record, and its bytes of the answer


class NotAsked(Exception):
    """The time is over, or the one before had no answer."""


class RecordsAhead:
    """Objects that are asked for one after the other, in a thread, until it is ended."""

    def __init__(
        self,
        client: PeerClient,
        thread: ThreadPoolExecutor,
        subjects: Iterable[Subject],
        until: float,
        came: Mapping[Subject, Sized] | None = None,
    ) -> None:
        """After `until`, a time of `time.monotonic`, only the first is asked for.

        `came`: records that came with others, see `not_taken`. Nobody asks for them again.
        """
        self._client, self._came = client, threading.Condition()
        self._count = self._size = 0  # of what came and is not taken
        self._is_over = False
        self._language = translation.get_language()  # of the errors; the thread has none of its own
        wanted = dict.fromkeys(subjects)
        self._came_with_others = {each: came[each] for each in wanted if each in came} if came else {}
        # that nothing came of yet, and may come with others
        self._left = {each: None for each in wanted if each not in self._came_with_others}
        ends = chain([math.inf], repeat(until))
        asked = zip(wanted, ends, strict=False)
        self._asked = deque(thread.submit(self._record, subject, end) for subject, end in asked)

    def end(self) -> None:
        """Ask for nothing more."""
        with self._came:
            self._is_over = True
            self._came.notify_all()
        for each in self._asked:
            each.cancel()

    def not_taken(self) -> dict[Subject, Sized]:
        """What came with others and was not asked for yet. Call it after `end`, and after an error of `next`."""
        return self._came_with_others

    def next(self, before_waiting: Callable[[], object]) -> dict[str, Any]:
        """The record of the next object. Raises what its request raised, NotAsked."""
        asked = self._asked.popleft()
        if not asked.done():
            before_waiting()
        record, size = asked.result()
        self._note(-1, -size)
        return record

    def _record(self, subject: Subject, until: float) -> Sized:
        with self._came:
            self._came.wait_for(self._has_room)
        if self._is_over or time.monotonic() > until:
            raise NotAsked
        try:
            with translation.override(self._language):
                record, size = self._ask(subject)
        except PeerAway:
            self._is_over = True  # nothing more is asked for: the error is told at this object
            raise
        self._note(1, size)
        return record, size

    def _ask(self, subject: Subject) -> Sized:
        if subject not in self._came_with_others and self._client.gives_many:
            self._ask_for_several(subject)
        self._left.pop(subject, None)
        if came := self._came_with_others.pop(subject, None):
            return came
        return self._client.record(f"{subject[0]}s", subject[1]), self._client.size_of_answer

    def _ask_for_several(self, subject: Subject) -> None:
        """Ask for it with the next ones of its type. No error is raised: what does not come is asked for alone.

        An installation that has no good answer for several is asked for each alone, until its next page.
        """
        name = subject[0]
        keys = keys_at_once(key for object_name, key in self._left if object_name == name)
        if len(keys) < 2 or keys[0] != subject[1]:
            return
        records, put_off = dict[str, dict[str, Any]](), set[str]()
        try:
            records, put_off = self._client.records(name, keys)
        except (PeerAway, PeerWrong, NotThere):
            self._client.gives_many = False
        size = self._client.size_of_answer // (len(records) or 1)
        self._came_with_others |= {(name, key): (record, size) for key, record in records.items()}
        for key in keys:
            if not records or key not in put_off:
                self._left.pop((name, key), None)

    def _has_room(self) -> bool:
        return self._is_over or (self._count < MOST_AHEAD and self._size < MOST_BYTES_AHEAD)

    def _note(self, count: int, size: int) -> None:
        with self._came:
            self._count, self._size = self._count + count, self._size + size
            self._came.notify_all()


class PageAhead:
    """A page of the change log that is asked for in a thread, before it is needed. One at a time."""

    def __init__(self, client: PeerClient, thread: ThreadPoolExecutor) -> None:
        self._client, self._thread = client, thread
        self._asked: Future[dict[str, Any]] | None = None

    def ask(self, after: int) -> None:
        """Ask for the page after that line, unless one is on its way."""
        self._asked = self._asked or self._thread.submit(self._page, after, translation.get_language())

    def take(self, after: int, before_waiting: Callable[[], object]) -> dict[str, Any]:
        """The page after that line, asked for now unless it was before. Raises what its request raised."""
        asked = self._asked or self._thread.submit(self._page, after, translation.get_language())
        self._asked = None
        if not asked.done():
            before_waiting()
        return asked.result()

    def end(self, before_waiting: Callable[[], object]) -> None:
        """Ask for no page, and break off the request for one that nobody will take, however slow its answer is."""
        if self._asked is None or self._asked.cancel() or self._asked.done():
            return
        before_waiting()
        while not wait([self._asked], BREAK_OFF_SECONDS).done:
            self._client.break_off()

    def _page(self, after: int, language: str | None) -> dict[str, Any]:
        with translation.override(language):  # of the errors; the thread has none of its own
            return self._client.page(after, 0)
