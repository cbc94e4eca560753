"""The loop that sends: settle and claim in one transaction, look at what changed since, call FCM in threads.

The loop waits for no row that somebody else holds, and no single delivery stops the others.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.conf import settings
from django.db import Error, connection, transaction

from notifications import calls
from notifications.calls import Claimed
from notifications.deliveries import services
from notifications.deliveries.models import Delivery
from notifications.deliveries.services import Accepted
from notifications.deliveries.sql import Outbox
from notifications.push.gateway import Gateway

log = logging.getLogger(__name__)
POLL_SECONDS = 0.25  # how soon a delivery is noticed whose time has come, or that another process queued
# While many calls are under way the loop waits until this share of them, whichever, has returned, at most this long:
# their results, and the claim of the next, are one commit. Never for a message to a crowd: a kill before its commit
# sends it to everybody again.
GATHERED_SHARE = 0.75
GATHERING_SECONDS = 0.05
GATHERED_CALLS = 4  # with fewer under way nothing is waited for
EXPIRE_SECONDS = 1  # between two looks for expired deliveries, whatever is claimed meanwhile
REPORT_SECONDS = 60  # between two lines of the log about the same trouble
SETTLE_TRIES = 300  # to settle an accepted delivery while the database is away: as a rule for longer than it is
SETTLE_PAUSE_SECONDS = 1
# A kill during a call leaves open whether FCM took the message, so it is sent again. A message to a topic or condition
# reaches a crowd: few of them are under way at a time, and FCM spreads one at a time fastest.
BROADCASTS_AT_ONCE = 2
# For the same reason there are no more calls at a time than empty the outbox within this many call durations: a few
# deliveries leave one after the other, 64 and more on all eight threads.
CALL_DURATIONS_TO_EMPTY = 8
MOST_UNSETTLED = 8  # per thread: with so many answers of FCM that cannot be settled nothing more is claimed
# The SDK may sleep inside a call at Google's request, and does not say so. A call that takes longer than this stops
# its process from claiming until it returns.
SLOW_CALL_SECONDS = 3


def send(gateway: Gateway, delivery: Delivery) -> None:
    """Send one claimed delivery in this thread and settle it. No transaction is open while we call FCM."""
    for claimed in calls.look_up([delivery]):
        if accepted := calls.send(gateway, claimed):
            _settle(accepted)


def _settle(accepted: Accepted) -> None:
    """Settle as accepted. A database that restarts at this moment must not make FCM send it to everybody again."""
    for attempt in range(1, SETTLE_TRIES + 1):
        try:
            services.accept(accepted)
            return calls.record_success([accepted])
        except Error:
            if attempt == SETTLE_TRIES:
                raise
            connection.close()  # perhaps only this connection is lost
            time.sleep(SETTLE_PAUSE_SECONDS if attempt > 1 else 0)
    return None


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

    def has_lasted(self, seconds: float) -> bool:
        """Whether it began that long ago."""
        return time.monotonic() - self.began_at >= seconds


class Sender:
    """Sends until it is stopped, in `threads` threads of its own, and renews the leases of what is being sent.

    Its threads call FCM; what it accepted is settled by the loop, for many calls at once. Until that is committed its
    lease is renewed, and settling it is tried again: while the database is away, and while somebody holds its row. What
    cannot be settled with the others is settled alone. A message to a crowd is settled before anything is claimed.
    While a call lasts longer than `slow_call_seconds`, nothing more is claimed.

    The price of batches: a process that is killed leaves open whether FCM took what was under way, and what it took
    within the last GATHERING_SECONDS is not settled yet. Both together are never more than `threads`, because a call
    that returned keeps its place until its result is collected to be settled. When the lease is over another sender
    sends them again, with the same tag, so each phone still shows one entry. What was not called yet is only late.
    """

    def __init__(
        self,
        gateway: Gateway,
        *,
        threads: int,
        slow_call_seconds: float = SLOW_CALL_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        gathering_seconds: float = GATHERING_SECONDS,
    ) -> None:
        self._gateway = gateway
        self._threads = threads
        self._slow_call_seconds = slow_call_seconds
        self._poll_seconds = poll_seconds
        self._gathering_seconds = gathering_seconds
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sender")
        self._claimed: list[Delivery] = []  # and not yet given to a thread
        self._under_way: dict[Future[Accepted | None], Call] = {}
        self._accepted: list[Accepted] = []  # by FCM, and not yet settled
        self._has_failed = False
        self._reported_at: dict[str, float] = {}
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._renewed_at = self._expired_at = time.monotonic()

    def run(self) -> None:
        """Send until `stop` is called. If the database is unreachable, wait for it."""
        while not self._stopping.is_set():
            started = self._in_database(self._start_some)
            self._in_database(self._renew)
            self._in_database(self._expire)
            if not started or self._under_way:
                self._wait()
        while self._claimed or self._under_way or self._accepted:  # nobody else may send it meanwhile
            self._woken.wait(POLL_SECONDS)
            self._woken.clear()
            self._in_database(self._settle)
            self._in_database(self._start)
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
        is_crowd_waiting = any(call.delivery.is_broadcast for call in self._under_way.values())
        if self._is_busy() and not is_crowd_waiting:
            self._gather(math.ceil(len(self._under_way) * GATHERED_SHARE))

    def _gather(self, wanted: int) -> None:
        """Wait until that many calls have returned, at most `gathering_seconds`."""
        give_up_at = time.monotonic() + self._gathering_seconds
        while sum(future.done() for future in self._under_way) < wanted:
            if not self._woken.wait(max(0, give_up_at - time.monotonic())):
                return
            self._woken.clear()

    def _is_busy(self) -> bool:
        return len(self._under_way) >= GATHERED_CALLS

    def _in_database(self, step: Callable[[], int]) -> int:
        try:
            done = step()
        except Exception:  # whatever it is, sending must continue when it is over
            self._report("the outbox cannot be read or written")
            self._has_failed = True
            connection.close()
            return 0
        if not self._is_busy():  # soon the next statement follows
            connection.close()
        return done

    def _report(self, trouble: str, *arguments: object) -> None:
        """Log the exception that is being handled, unless that was done a moment ago."""
        now = time.monotonic()
        if now - self._reported_at.get(trouble, -math.inf) >= REPORT_SECONDS:
            self._reported_at[trouble] = now
            log.exception(trouble, *arguments)

    def _start_some(self) -> int:
        """Settle what has returned, claim what may start, and start it. Returns how many were started."""
        settles_first = self._has_failed or bool(self._accepted)  # what hinders one must not hinder the other
        self._collect_finished()
        if settles_first or any(each.delivery.is_broadcast for each in self._accepted):
            self._settle()
            with transaction.atomic():
                claimed = self._claim(services.look_at_outbox(self._threads * CALL_DURATIONS_TO_EMPTY))
            self._claimed += claimed
        else:
            returned = self._accepted
            with transaction.atomic():
                left = services.accept_all(returned)
                outbox = services.look_at_outbox(self._threads * CALL_DURATIONS_TO_EMPTY)
                claimed = self._claim(outbox)
            self._accepted = left
            self._claimed += claimed
            if outbox.is_held_back:
                calls.record_success(returned)
        started = self._start()
        self._has_failed = False
        return started

    def _start(self) -> int:
        """Give what is claimed to the threads. Returns how many. While the database is away they stay claimed."""
        if not self._claimed:
            return 0
        if self._has_failed:  # perhaps for longer than the leases
            services.renew_leases(self._claimed)
        looked_up = calls.look_up(self._claimed)
        for claimed in looked_up:
            future = self._pool.submit(self._call, claimed)
            self._claimed.remove(claimed.delivery)
            self._under_way[future] = Call(claimed.delivery)
            future.add_done_callback(lambda _future: self._woken.set())
        return len(looked_up)

    def _claim(self, outbox: Outbox) -> list[Delivery]:
        under_way = self._under_way.values()
        is_full = len(under_way) >= self._threads or len(self._accepted) >= self._threads * MOST_UNSETTLED
        if is_full or self._claimed or any(call.has_lasted(self._slow_call_seconds) for call in under_way):
            return []
        at_once = max(1, math.ceil(outbox.due / CALL_DURATIONS_TO_EMPTY))
        not_settled = [call.delivery for call in under_way] + [each.delivery for each in self._accepted]
        broadcasts = sum(delivery.is_broadcast for delivery in not_settled)
        limit = max(0, at_once - len(under_way))
        return services.claim(limit, broadcasts=max(0, BROADCASTS_AT_ONCE - broadcasts), outbox=outbox)

    def _collect_finished(self) -> None:
        finished = [future for future in self._under_way if future.done()]
        for future in finished:
            del self._under_way[future]
            if accepted := future.result():
                self._accepted.append(accepted)

    def _settle(self) -> int:
        """Settle what has returned, together or else one by one. Returns how many."""
        self._collect_finished()
        returned = self._accepted
        try:
            self._accepted = services.accept_all(returned)
        except Exception:  # one of them, or the database: the next lines find out
            self._accepted = self._settle_each(returned)
        if settled := len(returned) - len(self._accepted):
            calls.record_success(returned)
        return settled

    def _settle_each(self, returned: Sequence[Accepted]) -> list[Accepted]:
        """Settle each by itself. Returns those that are not settled."""
        connection.close()  # perhaps only this connection is lost
        left = []
        for number, each in enumerate(returned):
            try:
                left += services.accept_all([each])
            except Exception:
                self._report("delivery %s was accepted and cannot be settled, it is tried again", each.delivery.pk)
                left.append(each)
                if not connection.is_usable():
                    return left + list(returned[number + 1 :])
        return left

    def _call(self, claimed: Claimed) -> Accepted | None:
        try:
            return calls.send(self._gateway, claimed)
        except Exception:  # whatever it is, the lease runs out and the delivery is tried again
            log.exception("delivery %s was not settled", claimed.delivery.pk)
            return None
        finally:
            connection.close()

    def _renew(self) -> int:
        """Renew the leases of what is being sent, when a third of their time is over. Returns how many."""
        if time.monotonic() - self._renewed_at < settings.DELIVERY_LEASE_SECONDS / 3:
            return 0
        held = self._claimed + [call.delivery for call in self._under_way.values()]
        held += [each.delivery for each in self._accepted]
        renewed = services.renew_leases(held)
        if renewed == len(held):  # else somebody holds a row: again at the next turn
            self._renewed_at = time.monotonic()
        return renewed

    def _expire(self) -> int:
        """Settle expired deliveries, once in EXPIRE_SECONDS. Returns 0."""
        now = time.monotonic()
        if now - self._expired_at >= EXPIRE_SECONDS:
            self._expired_at = now
            services.expire_overdue()
        return 0
