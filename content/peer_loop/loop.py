"""The loop of the worker that follows other installations: one thread for each that is due, up to 64 at once."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import Error, connection

from content.peer_client.client import MAX_WAIT, PeerClient
from content.sync.following import work_once
from content.sync.leases import LeaseKeeper, claim_due
from content.sync.models import Peer

log = logging.getLogger(__name__)
MOST_PEERS = 64
PAUSE = 0.5  # seconds between two looks for installations that are due


class FollowingLoop:
    """Follows all installations until it is stopped. `run` belongs into a thread of its own."""

    def __init__(self, *, work: Callable[[Peer], None] | None = None, leases: LeaseKeeper | None = None) -> None:
        self._stopping = threading.Event()
        self._places = threading.BoundedSemaphore(MOST_PEERS)
        self._work = work or self._follow
        self._leases = leases or LeaseKeeper()

    def run(self) -> None:
        with self._leases, ThreadPoolExecutor(MOST_PEERS, thread_name_prefix="peer") as threads:
            while not self._stopping.is_set():
                if not (self._places.acquire(timeout=PAUSE) and self._start_due(threads)):
                    self._stopping.wait(PAUSE)

    def stop(self) -> None:
        self._stopping.set()

    def _start_due(self, threads: ThreadPoolExecutor) -> bool:
        """Give the next due installation to a thread. Returns whether there was one."""
        peer = None
        try:
            peer = claim_due()
        except Error:
            log.debug("the database is away, other installations wait for it")
        finally:
            connection.close()
        if peer is None:
            self._places.release()
            return False
        threads.submit(self._work_and_release, peer)
        return True

    def _work_and_release(self, peer: Peer) -> None:
        try:
            with self._leases.keeping(peer):
                self._work(peer)
        except Error as error:
            log.warning("%s is read again when the database is back: %s", peer.key, error)
        except Exception:
            log.exception("%s could not be read", peer.key)
        finally:
            connection.close()
            self._places.release()

    def _follow(self, peer: Peer) -> None:
        client = PeerClient(peer.url)
        try:
            outcome = work_once(peer, client, wait=MAX_WAIT, is_stopping=self._stopping.is_set)
        finally:
            client.close()
        if outcome.error:
            log.warning("%s: %s", peer.key, outcome.error)
