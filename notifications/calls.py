"""One call to FCM for a claimed delivery: what is sent, where to, and what its answer means."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db import transaction

from notifications.deliveries import call_states, gate, services
from notifications.deliveries.call_states import StateBeforeCall
from notifications.deliveries.models import Delivery, Gate
from notifications.deliveries.services import Accepted
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


@dataclass(frozen=True)
class PreparedCall:
    """A claimed delivery with the message and the address as they are now."""

    delivery: Delivery
    payload: Payload
    target_kind: PushTarget
    target: str


def prepare_calls(deliveries: Sequence[Delivery]) -> list[PreparedCall]:
    """What to send of these claimed deliveries. Those that must not be sent are settled, and left out.

    Ask just before the calls, so that a correction holds from its commit, also for what is tried again later.
    """
    with transaction.atomic():  # one commit
        states = call_states.states_before_calls(deliveries)
        seconds = gate.seconds_closed(Gate.Quota.SEND)  # closed since they were claimed
    prepared = [_prepare_call(each, states.get(each.pk), seconds_closed=seconds) for each in deliveries]
    return [each for each in prepared if each]


def _prepare_call(delivery: Delivery, state: StateBeforeCall | None, *, seconds_closed: float) -> PreparedCall | None:
    if state is None:  # deleted, with its device
        gate.give_back(Gate.Quota.SEND)  # no call is made
        return None
    kind, target = _target_address(delivery, state)
    if target is None:
        services.refuse(delivery, "the device has no registration")
        gate.give_back(Gate.Quota.SEND)
        return None
    if seconds_closed:
        services.postpone(delivery, "FCM's quota is used up", seconds=seconds_closed)
        return None
    if (payload := _payload_to_send(delivery, state)) is None:
        gate.give_back(Gate.Quota.SEND)
        return None
    return PreparedCall(delivery, payload, kind, target)


def _target_address(delivery: Delivery, state: StateBeforeCall) -> tuple[PushTarget, str | None]:
    """(kind, address) for the gateway. A device's registration is the present one: it may have changed since."""
    if delivery.device_id is None:
        return PushTarget(delivery.target_kind), delivery.target
    return PushTarget(state.id_kind or PushTarget.TOKEN), state.registration_id


def _payload_to_send(delivery: Delivery, state: StateBeforeCall) -> Payload | None:
    """The message, without words taken out since it was queued. None if it must not be sent: then it is settled."""
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


def call(gateway: Gateway, prepared: PreparedCall) -> Accepted | None:
    """Call FCM. What it accepted is returned and must be settled by the caller; what failed is settled here.

    Call it outside a transaction and without a database connection: the SDK may take minutes.
    """
    delivery = prepared.delivery
    try:
        name = gateway.send(prepared.payload, target_kind=prepared.target_kind, target=prepared.target)
    except DeviceGone as failure:
        _handle_dead_registration(delivery, prepared.target, failure)
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
        return Accepted(delivery, name)
    return None


def settle_accepted(accepted: Sequence[Accepted]) -> list[Accepted]:
    """Settle what FCM accepted, and record that its channel and its quota let it through.

    Returns those that must be settled one by one, after this transaction (services.accept_all).
    """
    if not accepted:
        return []
    left = services.accept_all(accepted)
    services.mark_channel_working()
    gate.confirm(Gate.Quota.SEND)
    return left


def _handle_dead_registration(delivery: Delivery, target: str, failure: DeviceGone) -> None:
    """Mark the registration dead. If the device has another one by now, the delivery is due again at once."""
    if delivery.device:
        devices.mark_registration_dead(delivery.device, target)
        delivery.device.refresh_from_db()
        if delivery.device.registration_id:
            services.postpone(delivery, "the registration was replaced", seconds=0)
            return
    services.refuse(delivery, str(failure))
