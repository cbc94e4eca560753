"""Fetches the records of objects. While one is applied the next one is on its way; two are never asked for at once."""

import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from content.peer_client.client import NotThere, PeerAway, PeerClient, PeerWrong
from content.record_fields.fields import RecordRefused
from content.sync import trust
from content.sync.file_fetching import release_connection
from content.sync.leases import renew
from content.sync.models import Peer
from content.sync.page_subjects import Subject

Fetched = dict[str, Any] | Exception  # a record, or why there is none


class Records:
    """Fetches records of one installation, two in memory at most. Use `records_of`."""

    def __init__(self, peer: Peer, client: PeerClient, thread: ThreadPoolExecutor) -> None:
        self._peer, self._client, self._thread = peer, client, thread
        self._asked: tuple[Subject, Future[dict[str, Any]]] | None = None
        self._language = translation.get_language()  # of the errors; the thread has none of its own

    def each(self, subjects: Sequence[Subject], *, until: float = math.inf) -> Iterator[tuple[Subject, Fetched]]:
        """Each object with its record, or why there is none that can be used.

        One object that cannot be read there holds back no other. After `until`, a time of `time.monotonic`, no further
        one is asked for. Raises PeerAway where the peer answers nothing else either.
        """
        for place, subject in enumerate(subjects):
            if place and time.monotonic() > until:
                return
            fetched = self._fetch(subject)
            if place + 1 < len(subjects) and time.monotonic() <= until:
                self._ask(subjects[place + 1])
            yield subject, fetched

    def _ask(self, subject: Subject) -> None:
        self._asked = subject, self._thread.submit(self._record, subject)

    def _record(self, subject: Subject) -> dict[str, Any]:
        with translation.override(self._language):
            return self._client.record(f"{subject[0]}s", subject[1])

    def _answer(self, subject: Subject) -> dict[str, Any]:
        """What the installation answers. After that nothing is asked of it until the next `_ask`."""
        asked, self._asked = self._asked, None
        if not (asked and asked[1].done()):
            release_connection()
        if asked and asked[0] == subject:
            return asked[1].result()
        if asked:
            asked[1].exception()  # nobody wants it any more; it ends in time, as every answer
        return self._record(subject)

    def _fetch(self, subject: Subject) -> Fetched:
        peer = self._peer
        renew(peer)
        try:
            record = trust.checked_record(peer, self._client, self._answer(subject))
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
    """Fetch records until the block ends, and what is asked for has come. Nobody else uses the client meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="record") as thread:
        yield Records(peer, client, thread)
