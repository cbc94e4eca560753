"""The loop that sends: settle and claim in one transaction, look at what changed since, call FCM in threads."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from django.conf import settings
from django.db import Error, connection, transaction

from notifications import calls
from notifications.calls import PreparedCall
from notifications.deliveries import services
from notifications.deliveries.models import Delivery
from notifications.deliveries.services import Accepted
from notifications.push.gateway import Gateway

log = logging.getLogger(__name__)
POLL_SECONDS = 0.25  # how soon a delivery is noticed whose time has come, or that another process queued
# While many calls are under way the loop waits this long for more of them to return: their results, and the claim of
# the next, are one commit. Never for a message to a crowd: a kill before its commit sends it to everybody again.
GATHERING_SECONDS = 0.02
GATHERED_CALLS = 4  # with fewer under way nothing is waited for
SETTLE_TRIES = 300  # to settle an accepted delivery while the database is away: as a rule for longer than it is
SETTLE_PAUSE_SECONDS = 1
# A kill during a call leaves open whether FCM took the message, so it is sent again. A message to a topic or condition
# reaches a crowd: few of them are under way at a time, and FCM spreads one at a time fastest.
BROADCASTS_AT_ONCE = 2
# For the same reason there are no more calls at a time than empty the outbox within this many call durations: a few
# deliveries leave one after the other, 64 and more on all eight threads.
CALL_DURATIONS_TO_EMPTY = 8
# The SDK may sleep inside a call at Google's request, and does not say so. A call that takes longer than this stops
# its process from claiming until it returns.
SLOW_CALL_SECONDS = 3


def send(gateway: Gateway, delivery: Delivery) -> None:
    """Send one claimed delivery in this thread and settle it. No transaction is open while we call FCM."""
    for prepared in calls.prepare_calls([delivery]):
        connection.close()  # a worker may have fewer connections than calls
        if accepted := calls.call(gateway, prepared):
            _settle(accepted)


def _settle(accepted: Accepted) -> None:
    """Settle as accepted. A database that restarts at this moment must not make FCM send it to everybody again."""
    for attempt in range(SETTLE_TRIES):
        try:
            return _settle_each(calls.settle_accepted([accepted]))
        except Error:
            connection.close()  # perhaps only this connection is lost
            time.sleep(SETTLE_PAUSE_SECONDS if attempt else 0)
    return _settle_each(calls.settle_accepted([accepted]))


def _settle_each(accepted: Iterable[Accepted]) -> None:
    for each in accepted:
        services.accept(each)


def send_due(gateway: Gateway) -> int:
    """Send everything that is due now, in this thread. Returns how many deliveries were tried."""
    tried = 0
    while claimed := services.claim(settings.SENDER_THREADS):
        for delivery in claimed:
            send(gateway, delivery)
        tried += len(claimed)
    return tried


@dataclass(frozen=True)
class Call:
    """A claimed delivery in a thread of the sender. `began_at`: seconds of the monotonic clock."""

    delivery: Delivery
    began_at: float = field(default_factory=time.monotonic)

    @property
    def is_broadcast(self) -> bool:
        """Whether it goes to a topic or condition, so to everybody who follows."""
        return self.delivery.device_id is None

    def has_lasted(self, seconds: float) -> bool:
        """Whether it began that long ago."""
        return time.monotonic() - self.began_at >= seconds


class Sender:
    """Sends until it is stopped, in `threads` threads of its own, and renews the leases of what is being sent.

    Its threads call FCM; what it accepted is settled by the loop, for many calls at once. Until that is committed the
    delivery counts as under way: its lease is renewed, and while the database is away it is tried again.
    While a call lasts longer than `slow_call_seconds`, nothing more is claimed.
    """

    def __init__(
        self,
        gateway: Gateway,
        *,
        threads: int,
        slow_call_seconds: float = SLOW_CALL_SECONDS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._gateway = gateway
        self._threads = threads
        self._slow_call_seconds = slow_call_seconds
        self._poll_seconds = poll_seconds
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sender")
        self._under_way: dict[Future[Accepted | None], Call] = {}
        self._accepted: list[Accepted] = []  # by FCM, and not yet settled
        self._has_failed = False
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._renewed_at = time.monotonic()

    def run(self) -> None:
        """Send until `stop` is called. If the database is unreachable, wait for it."""
        while not self._stopping.is_set():
            started = self._in_database(self._start_some)
            self._in_database(self._renew)
            if not started or self._under_way:
                self._wait()
        while self._under_way or self._accepted:  # until everything is settled; nobody else may send it meanwhile
            wait(self._under_way, POLL_SECONDS, FIRST_COMPLETED)
            self._in_database(self._settle)
            self._in_database(self._renew)
        self._pool.shutdown(wait=True)

    def stop(self) -> None:
        """Claim no more. `run` returns when everything under way is settled."""
        self._stopping.set()
        self._woken.set()

    def wake(self) -> None:
        """Look at once: something was queued. Call it after the commit, in any thread."""
        self._woken.set()

    def _wait(self) -> None:
        """Until somebody wakes us or a call has returned, at most `poll_seconds`. Gather the results of many calls."""
        self._woken.wait(self._poll_seconds)
        self._woken.clear()
        is_crowd_waiting = any(call.is_broadcast for call in self._under_way.values())
        if len(self._under_way) >= GATHERED_CALLS and not is_crowd_waiting:
            wait(self._under_way, GATHERING_SECONDS, ALL_COMPLETED)

    def _in_database(self, step: Callable[[], int]) -> int:
        try:
            done = step()
        except Exception as error:  # whatever it is, sending must continue when it is over
            log.warning("the outbox cannot be read: %s", type(error).__name__)
            self._has_failed = True
            return 0
        finally:
            connection.close()
        return done

    def _start_some(self) -> int:
        """Settle what has returned, claim what may start, and start it. Returns how many were claimed."""
        self._collect_finished()
        if self._has_failed:  # what hinders the claim must not hinder this
            self._settle()
        self._has_failed = False
        with transaction.atomic():
            left = calls.settle_accepted(self._accepted)
            claimed = self._claim()
        self._accepted = left
        self._start(claimed)
        if left:
            self._settle_each()
        return len(claimed)

    def _start(self, claimed: Sequence[Delivery]) -> None:
        for prepared in calls.prepare_calls(claimed) if claimed else []:
            future = self._pool.submit(self._call, prepared)
            self._under_way[future] = Call(prepared.delivery)
            future.add_done_callback(lambda _future: self._woken.set())

    def _claim(self) -> list[Delivery]:
        under_way = self._under_way.values()
        if len(under_way) >= self._threads or any(call.has_lasted(self._slow_call_seconds) for call in under_way):
            return []
        due = services.count_due(self._threads * CALL_DURATIONS_TO_EMPTY)
        at_once = max(1, math.ceil(due / CALL_DURATIONS_TO_EMPTY))
        broadcasts = sum(call.is_broadcast for call in under_way)
        return services.claim(max(0, at_once - len(under_way)), broadcasts=max(0, BROADCASTS_AT_ONCE - broadcasts))

    def _collect_finished(self) -> None:
        finished = [future for future in self._under_way if future.done()]
        for future in finished:
            del self._under_way[future]
            if accepted := future.result():
                self._accepted.append(accepted)

    def _settle(self) -> int:
        """Settle what has returned. Returns how many."""
        self._collect_finished()
        count = len(self._accepted)
        self._accepted = calls.settle_accepted(self._accepted)
        self._settle_each()
        return count

    def _settle_each(self) -> None:
        _settle_each(self._accepted)
        self._accepted = []

    def _call(self, prepared: PreparedCall) -> Accepted | None:
        try:
            return calls.call(self._gateway, prepared)
        except Exception:  # whatever it is, the lease runs out and the delivery is tried again
            log.exception("delivery %s was not settled", prepared.delivery.pk)
            return None
        finally:
            connection.close()

    def _renew(self) -> int:
        """Renew the leases of what is being sent, when a third of their time is over. Returns how many."""
        if time.monotonic() - self._renewed_at < settings.DELIVERY_LEASE_SECONDS / 3:
            return 0
        held = [call.delivery for future, call in self._under_way.items() if not future.done()]
        held += [each.delivery for each in self._accepted]
        services.renew_leases(held)
        self._renewed_at = time.monotonic()
        return len(held)
