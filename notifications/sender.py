"""The loop that sends: claim, look at what changed since, close the database connection, call FCM, settle."""

import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.db import Error, connection

from notifications.deliveries import gate, services
from notifications.deliveries.models import Delivery, Gate
from notifications.devices import services as devices
from notifications.messages.push_payloads import present_payload
from notifications.push.gateway import (
    ChannelBroken,
    DeviceGone,
    Gateway,
    MessageRefused,
    PushTarget,
    QuotaExceeded,
    TryLater,
)
from notifications.push.payload import Payload

log = logging.getLogger(__name__)
POLL_SECONDS = 0.25  # how soon a delivery queued by another process is noticed
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
    """Send one claimed delivery and settle it. No transaction is open while we call FCM."""
    target_kind, target = _target_address(delivery)
    if target is None:
        services.refuse(delivery, "the device has no registration")
        gate.give_back(Gate.Quota.SEND)  # no call was made
        return
    if seconds := gate.seconds_closed(Gate.Quota.SEND):  # closed since we claimed it
        services.postpone(delivery, "FCM's quota is used up", seconds=seconds)
        return
    if (payload := _payload_to_send(delivery)) is None:
        gate.give_back(Gate.Quota.SEND)
        return
    connection.close()  # the gate was read; a worker may have fewer connections than calls
    try:
        name = gateway.send(payload, target_kind=target_kind, target=target)
    except DeviceGone as failure:
        _handle_dead_registration(delivery, target, failure)
        gate.confirm(Gate.Quota.SEND)
    except MessageRefused as failure:
        log.error("delivery %s refused: %s", delivery.pk, failure)
        services.refuse(delivery, str(failure))
        (gate.confirm if failure.was_called else gate.give_back)(Gate.Quota.SEND)
    except ChannelBroken as failure:
        log.error("the push channel is stopped, one delivery a minute tries it: %s", failure)
        services.mark_channel_broken(failure)
        services.postpone(delivery, str(failure), seconds=0)  # from now on the channel holds it back
    except QuotaExceeded as failure:
        log.warning("FCM's quota for sending is used up: nobody sends for %d s", failure.seconds)
        gate.close(Gate.Quota.SEND, failure.seconds)
        services.postpone(delivery, str(failure), seconds=failure.seconds)
    except TryLater as failure:
        services.postpone(delivery, str(failure), seconds=failure.seconds)
    else:
        _accept(delivery, name)
        services.mark_channel_working()
        gate.confirm(Gate.Quota.SEND)


def _payload_to_send(delivery: Delivery) -> Payload | None:
    """The message, without words taken out since it was queued. None if it must not be sent: then it is settled.

    Asked just before each call, so that a correction holds from its commit, also for what is tried again later.
    """
    state = services.state_before_call(delivery)
    if state is None:
        return None
    # one that was queued before 0.1.0 does not say its language, so it cannot be written again
    if state.is_superseded or (state.has_lost_words and not delivery.language):
        services.drop_superseded(delivery)
        return None
    if state.has_lost_words:
        payload = present_payload(delivery, ttl_seconds=state.seconds_left)
        services.reword(delivery, payload)
        return payload
    payload = cast(Payload, delivery.payload).copy()
    payload["ttl_seconds"] = state.seconds_left
    return payload


def _accept(delivery: Delivery, name: str) -> bool:
    """Settle as accepted. A database that restarts at this moment must not make FCM send it to everybody again."""
    for attempt in range(SETTLE_TRIES):
        try:
            return services.accept(delivery, name)
        except Error:
            connection.close()  # perhaps only this connection is lost
            time.sleep(SETTLE_PAUSE_SECONDS if attempt else 0)
    return services.accept(delivery, name)


def _target_address(delivery: Delivery) -> tuple[PushTarget, str | None]:
    """(kind, address) for the gateway. A device's registration id is read now: it may have changed since queueing."""
    if delivery.device is None:
        return PushTarget(delivery.target_kind), delivery.target
    return PushTarget(delivery.device.id_kind), delivery.device.registration_id


def _handle_dead_registration(delivery: Delivery, target: str, failure: DeviceGone) -> None:
    """Mark the registration dead. If the device has another one by now, the delivery is due again at once."""
    if delivery.device:
        devices.mark_registration_dead(delivery.device, target)
        delivery.device.refresh_from_db()
        if delivery.device.registration_id:
            services.postpone(delivery, "the registration was replaced", seconds=0)
            return
    services.refuse(delivery, str(failure))


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

    While a call lasts longer than `slow_call_seconds`, nothing more is claimed.
    """

    def __init__(self, gateway: Gateway, *, threads: int, slow_call_seconds: float = SLOW_CALL_SECONDS) -> None:
        self._gateway = gateway
        self._threads = threads
        self._slow_call_seconds = slow_call_seconds
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sender")
        self._under_way: dict[Future[None], Call] = {}
        self._stopping = threading.Event()
        self._renewed_at = time.monotonic()

    def run(self) -> None:
        """Send until `stop` is called. If the database is unreachable, wait for it."""
        while not self._stopping.is_set():
            started = self._in_database(self._start_some)
            self._in_database(self._renew)
            if not started and self._under_way:  # the next one starts as soon as one has returned
                wait(self._under_way, POLL_SECONDS, FIRST_COMPLETED)
            elif not started:
                self._stopping.wait(POLL_SECONDS)
        while self._under_way:  # until everything is settled; nobody else may send it meanwhile
            wait(self._under_way, POLL_SECONDS, FIRST_COMPLETED)
            self._forget_finished()
            self._in_database(self._renew)
        self._pool.shutdown(wait=True)

    def stop(self) -> None:
        """Claim no more. `run` returns when everything under way is settled."""
        self._stopping.set()

    def _in_database(self, step: Callable[[], int]) -> int:
        try:
            return step()
        except Exception as error:  # whatever it is, sending must continue when it is over
            log.warning("the outbox cannot be read: %s", type(error).__name__)
            return 0
        finally:
            connection.close()

    def _start_some(self) -> int:
        self._forget_finished()
        calls = self._under_way.values()
        if len(calls) >= self._threads or any(call.has_lasted(self._slow_call_seconds) for call in calls):
            return 0
        due = services.count_due(self._threads * CALL_DURATIONS_TO_EMPTY)
        at_once = max(1, math.ceil(due / CALL_DURATIONS_TO_EMPTY))
        broadcasts = sum(call.is_broadcast for call in calls)
        claimed = services.claim(max(0, at_once - len(calls)), broadcasts=max(0, BROADCASTS_AT_ONCE - broadcasts))
        for delivery in claimed:
            self._under_way[self._pool.submit(self._send, delivery)] = Call(delivery)
        return len(claimed)

    def _forget_finished(self) -> None:
        self._under_way = {future: call for future, call in self._under_way.items() if not future.done()}

    def _send(self, delivery: Delivery) -> None:
        try:
            send(self._gateway, delivery)
        except Exception:  # whatever it is, the lease runs out and the delivery is tried again
            log.exception("delivery %s was not settled", delivery.pk)
        finally:
            connection.close()

    def _renew(self) -> int:
        """Renew the leases of what is being sent, when a third of their time is over. Returns how many."""
        if time.monotonic() - self._renewed_at < settings.DELIVERY_LEASE_SECONDS / 3:
            return 0
        held = [call.delivery for future, call in self._under_way.items() if not future.done()]
        services.renew_leases(held)
        self._renewed_at = time.monotonic()
        return len(held)
