"""Which worker reads which installation: a lease that ends by itself, within seconds, if the worker is killed.

A thread of the worker prolongs the leases of all that it reads, also while an answer is long in coming. Times are those
of the database, because workers on several machines share it. A lock of a session would end at once, but a pool of
connections between us and the database keeps sessions of the dead.
"""

import contextlib
import datetime
import logging
import threading
import uuid
from collections.abc import Iterable, Iterator
from types import TracebackType

from django.db import Error, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from content.sync import queries
from content.sync.models import SET_BY_PEOPLE, Peer

log = logging.getLogger(__name__)
LEASE = datetime.timedelta(seconds=15)
RENEW_AFTER = datetime.timedelta(seconds=4)


class LeaseLost(Exception):
    """Another worker has the lease, or a person paused the installation."""


class LeaseKeeper:
    """Prolongs the leases that it keeps, from a thread of its own, as long as the `with` block lasts."""

    def __init__(self, *, each: datetime.timedelta = RENEW_AFTER) -> None:
        self._each = each.total_seconds()
        self._leases: set[uuid.UUID | None] = set()
        self._changing, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def __enter__(self) -> "LeaseKeeper":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    @contextlib.contextmanager
    def keeping(self, peer: Peer) -> Iterator[None]:
        """Prolong the lease of a claimed installation until the block ends."""
        lease = peer.lease
        with self._changing:
            self._leases.add(lease)
        try:
            yield
        finally:
            with self._changing:
                self._leases.discard(lease)

    def _run(self) -> None:
        while not self._ended.wait(self._each):
            with self._changing:
                leases = list(self._leases)
            try:
                prolong(leases)
            except Error:
                log.debug("the database is away, the leases are prolonged when it is back")
            finally:
                connection.close()


@transaction.atomic
def claim_due() -> Peer | None:
    """Lease an installation that is due; None without one. Two workers never get the same one."""
    peer = queries.due_peers(timezone.now()).select_for_update(skip_locked=True, no_key=True).first()
    return _lease(peer) if peer else None


@transaction.atomic
def claim(peer: Peer) -> Peer | None:
    """Lease this installation, due or not; None while another worker has it."""
    found = Peer.objects.select_for_update(no_key=True).get(pk=peer.pk)
    return _lease(found) if Peer.objects.filter(queries.UNLEASED, pk=peer.pk).exists() else None


def _lease(peer: Peer) -> Peer:
    """Give a locked installation to its reader: `lease` is new each time, and proves whose it is."""
    peer.lease = uuid.uuid4()
    Peer.objects.filter(pk=peer.pk).update(lease=peer.lease, leased_until=Now() + LEASE)
    peer.leased_until = timezone.now() + LEASE
    return peer


def prolong(leases: Iterable[uuid.UUID | None]) -> int:
    """Prolong them and return how many are still held. One that ran out is held until another worker claims."""
    return Peer.objects.filter(lease__in=leases).update(leased_until=Now() + LEASE)


def renew(peer: Peer) -> None:
    """Prolong the lease in good time. Raises LeaseLost if it is not ours any more."""
    now = timezone.now()
    if peer.lease is None or (peer.leased_until and peer.leased_until - now > LEASE - RENEW_AFTER):
        return
    if not prolong([peer.lease]):
        raise LeaseLost
    peer.leased_until = now + LEASE


def renew_for_next_page(peer: Peer) -> None:
    """Take over what people set meanwhile: it counts from the next page on. Raises LeaseLost as soon as it is lost."""
    stored = Peer.objects.get(pk=peer.pk)
    if stored.lease != peer.lease or not stored.is_working:
        raise LeaseLost
    for name in (*SET_BY_PEOPLE, "keys", "loaded_at"):  # no `loaded_at`: what is wanted by now is in its export
        setattr(peer, name, getattr(stored, name))
