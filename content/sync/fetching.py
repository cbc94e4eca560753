"""Fetches the records of objects, checked. While some are applied the next are on their way."""

import logging
import math
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import LifoQueue, Queue
from typing import Any

from django.utils.translation import gettext as _

from content.changes.cursors import TRANSIENT
from content.peer_client.ahead import NotAsked, RecordsAhead
from content.peer_client.client import NotThere, PeerAway, PeerClient, PeerWrong
from content.peer_client.seats import away
from content.record_fields.fields import RecordRefused
from content.sync import trust
from content.sync.leases import LeaseLost, renew
from content.sync.models import Peer
from content.sync.page_subjects import Subject

log = logging.getLogger(__name__)
Fetched = dict[str, Any] | Exception  # a record, or why there is none
AT_ONCE, MANY = 2, 8  # requests at once, where so many records are wanted: a second connection has its price


class Records:
    """Fetches records of one installation. Use `records_of`."""

    def __init__(self, peer: Peer, client: PeerClient, clients: Queue[PeerClient], threads: ThreadPoolExecutor) -> None:
        self._peer, self._client, self._clients, self._threads = peer, client, clients, threads
        self._row = RecordsAhead(clients, threads, (), math.inf)

    def each(self, subjects: Sequence[Subject], *, until: float = math.inf) -> Iterator[tuple[Subject, Fetched]]:
        """Each object with its record, or why there is none that can be used.

        One object that cannot be read there holds back no other. After `until`, a time of `time.monotonic`, no further
        one is asked for or given. Raises PeerAway where the peer answers nothing else either.
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
                    self._ask(left, until)
                else:
                    yield left.popleft(), fetched
                    if time.monotonic() > until:  # what came already waits too
                        return
        finally:
            self.end()

    def end(self) -> None:
        """Ask for nothing more."""
        self._row.end()

    def _ask(self, subjects: Iterable[Subject], until: float) -> None:
        self._row.end()
        self._row = RecordsAhead(self._clients, self._threads, subjects, until)

    def _fetch(self, subject: Subject) -> Fetched:
        peer = self._peer
        renew(peer)
        try:
            record = trust.checked_record(peer, self._client, self._row.next(away))
        except (NotThere, RecordRefused, PeerWrong) as error:
            return error
        except PeerAway as error:
            if error.is_busy:
                raise
            renew(peer)
            with away():
                self._client.page(peer.bookmark, 0)
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
def records_of(peer: Peer, client: PeerClient, wanted: int = 1) -> Iterator[Records]:
    """Fetch records until the block ends, and what is asked for has come. Of many that are `wanted` two at once."""
    others = [client.another() for _each in range(1, AT_ONCE)] if wanted >= MANY else []
    clients = LifoQueue[PeerClient]()  # who asks for one after the other does so with the one that is given
    for each in (*others, client):
        clients.put(each)
    with ThreadPoolExecutor(clients.qsize(), thread_name_prefix="record") as threads:
        records = Records(peer, client, clients, threads)
        try:
            yield records
        finally:
            records.end()
    for each in others:
        each.close()
