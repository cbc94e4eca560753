"""Fetches the records of objects, checked, and pages. While some are applied the next are on their way."""

import logging
import math
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from content.changes.cursors import TRANSIENT
from content.peer_client.ahead import NotAsked, PageAhead, RecordsAhead, Sized
from content.peer_client.client import NotThere, PeerAway, PeerClient, PeerWrong
from content.record_fields.fields import RecordRefused
from content.sync import trust
from content.sync.file_fetching import release_connection
from content.sync.leases import LeaseLost, renew
from content.sync.models import Peer
from content.sync.page_subjects import Subject

log = logging.getLogger(__name__)
Fetched = dict[str, Any] | Exception  # a record, or why there is none


class Records:
    """Fetches records of one installation. Use `records_of`."""

    def __init__(self, peer: Peer, client: PeerClient, thread: ThreadPoolExecutor) -> None:
        self.client, self._peer, self._thread = client, peer, thread
        self._row = RecordsAhead(client, thread, (), math.inf)
        self._page = PageAhead(client, thread)

    def each(
        self, subjects: Sequence[Subject], *, until: float = math.inf, page_after: int | None = None
    ) -> Iterator[tuple[Subject, Fetched]]:
        """Each object with its record, or why there is none that can be used.

        One object that cannot be read there holds back no other. After `until`, a time of `time.monotonic`, no further
        one is asked for or given. When the last has come, the page after the line `page_after` is asked for. Raises
        PeerAway where the peer answers nothing else either.
        """
        left = deque(subjects)
        self._ask(left, until)
        try:
            while left:
                try:
                    fetched = self._fetch(left[0])
                except NotAsked:
                    if time.monotonic() > until:
                        return
                    self._ask(left, until, self._row.not_taken())
                else:
                    subject = left.popleft()
                    if not left and page_after is not None:
                        self._page.ask(page_after)
                    yield subject, fetched
                    if time.monotonic() > until:  # what came already waits too
                        return
        finally:
            self._row.end()

    def page(self, after: int) -> dict[str, Any]:
        """The page after that line, asked for now unless it was before. Raises what its request raised."""
        return self._page.take(after, release_connection)

    def end(self) -> None:
        """Ask for nothing more. A record that is asked for still comes, a page is broken off."""
        self._row.end()
        self._page.end(release_connection)

    def _ask(self, subjects: Iterable[Subject], until: float, came: Mapping[Subject, Sized] | None = None) -> None:
        self._row.end()
        self._row = RecordsAhead(self.client, self._thread, subjects, until, came)

    def _fetch(self, subject: Subject) -> Fetched:
        peer = self._peer
        renew(peer)
        try:
            record = trust.checked_record(peer, self.client, self._row.next(release_connection))
        except (NotThere, RecordRefused, PeerWrong) as error:
            return error
        except PeerAway as error:
            if error.is_busy:
                raise
            renew(peer)
            release_connection()
            self.client.page(peer.bookmark, 0)
            return error
        except (*TRANSIENT, LeaseLost, NotAsked):
            raise
        except Exception as error:  # whatever it is: a record that cannot even be checked holds back no other
            log.exception("%s of %s could not be checked", subject[1], peer.key)
            return RecordRefused(repr(error)[:500])
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
