"""The loop that sends: claim, close the database connection, call FCM, settle."""

import logging
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import cast

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from notifications.deliveries import services
from notifications.deliveries.models import Delivery
from notifications.devices import services as devices
from notifications.push.gateway import ChannelBroken, DeviceGone, Gateway, MessageRefused, PushTarget, TryLater
from notifications.push.payload import Payload

log = logging.getLogger(__name__)
POLL_SECONDS = 0.25  # how soon a delivery queued by another process is noticed
SETTLE_PAUSES = (0, 1, 2, 4)  # seconds between the tries to settle an accepted delivery; shorter than any sane lease


def send(gateway: Gateway, delivery: Delivery) -> None:
    """Send one claimed delivery and settle it. No transaction is open while we call FCM."""
    target_kind, target = _target_address(delivery)
    if target is None:
        services.refuse(delivery, "the device has no registration")
        return
    payload = cast(Payload, delivery.payload).copy()
    payload["ttl_seconds"] = max(0, int((delivery.expires_at - timezone.now()).total_seconds()))
    try:
        name = gateway.send(payload, target_kind=target_kind, target=target)
    except DeviceGone as failure:
        _handle_dead_registration(delivery, target, failure)
    except MessageRefused as failure:
        log.error("delivery %s refused: %s", delivery.pk, failure)
        services.refuse(delivery, str(failure))
    except ChannelBroken as failure:
        log.error("the push channel is stopped, one delivery a minute tries it: %s", failure)
        services.mark_channel_broken(failure)
        services.postpone(delivery, str(failure), seconds=0)  # from now on the channel holds it back
    except TryLater as failure:
        services.postpone(delivery, str(failure), seconds=failure.seconds)
    else:
        _accept(delivery, name)
        services.mark_channel_working()


def _accept(delivery: Delivery, name: str) -> bool:
    """Settle as accepted. A database that restarts at this moment must not make FCM send it to everybody again."""
    for pause in SETTLE_PAUSES:
        try:
            return services.accept(delivery, name)
        except Error:
            connection.close()  # perhaps only this connection is lost
            time.sleep(pause)
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


class Sender:
    """Sends until it is stopped, in `threads` threads of its own, and renews the leases of what is being sent."""

    def __init__(self, gateway: Gateway, *, threads: int) -> None:
        self._gateway = gateway
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sender")
        self._under_way: dict[Future[None], Delivery] = {}
        self._stopping = threading.Event()
        self._renewed_at = time.monotonic()

    def run(self) -> None:
        """Send until `stop` is called. If the database is unreachable, wait for it."""
        while not self._stopping.is_set():
            try:
                started = self._start_some()
                self._renew()
            except Exception as error:  # whatever it is, sending must continue when it is over
                log.warning("the outbox cannot be read: %s", type(error).__name__)
                started = 0
            finally:
                connection.close()
            if self._is_full():  # the next one starts as soon as a thread is free
                wait(self._under_way, POLL_SECONDS, FIRST_COMPLETED)
            elif not started:
                self._stopping.wait(POLL_SECONDS)
        self._pool.shutdown(wait=True)

    def stop(self) -> None:
        """Claim no more. `run` returns when everything under way is settled."""
        self._stopping.set()

    def _start_some(self) -> int:
        self._under_way = {future: row for future, row in self._under_way.items() if not future.done()}
        free = self._threads - len(self._under_way)
        claimed = services.claim(free) if free else []
        for delivery in claimed:
            self._under_way[self._pool.submit(self._send, delivery)] = delivery
        return len(claimed)

    def _is_full(self) -> bool:
        return len(self._under_way) >= self._threads

    def _send(self, delivery: Delivery) -> None:
        try:
            send(self._gateway, delivery)
        except Exception:  # whatever it is, the lease runs out and the delivery is tried again
            log.exception("delivery %s was not settled", delivery.pk)
        finally:
            connection.close()

    def _renew(self) -> None:
        if time.monotonic() - self._renewed_at >= settings.DELIVERY_LEASE_SECONDS / 3:
            services.renew_leases([row for future, row in self._under_way.items() if not future.done()])
            self._renewed_at = time.monotonic()
