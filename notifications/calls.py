"""One call to FCM for a claimed delivery: what is sent, where to, and what its answer means."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db import connection

from content import tracing
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
class Claimed:
    """A claimed delivery, and what the database says just before its call."""

    delivery: Delivery
    state: StateBeforeCall | None  # None: it was deleted, or another sender has it


@dataclass(frozen=True)
class PreparedCall:
    """A claimed delivery with the message and the address as they are now."""

    delivery: Delivery
    payload: Payload
    target_kind: PushTarget
    target: str


def look_up(deliveries: Sequence[Delivery]) -> list[Claimed]:
    """What the database says of these claimed deliveries. Nobody's row is locked or waited for.

    Ask just before the calls, so that a correction holds from its commit, also for what is tried again later.
    """
    states = call_states.states_before_calls(deliveries)
    return [Claimed(each, states.get(each.pk)) for each in deliveries]


def send(gateway: Gateway, claimed: Claimed) -> Accepted | None:
    """Write the message and call FCM. What FCM accepted is returned, to be settled; all else is settled here.

    What must not be sent is settled too. What cannot be written is tried again later, as after a failure of FCM. Call
    it outside a transaction. No database connection is open during the call: the SDK may take minutes.
    """
    delivery, traceparent = claimed.delivery, claimed.state.traceparent if claimed.state else None
    attributes: tracing.Attributes = {
        "luatmo.push.target": str(delivery.target_kind),
        "luatmo.push.attempt": delivery.attempts,
    }
    with tracing.continued(traceparent, "send push", attributes=attributes):
        return _prepare_and_call(gateway, claimed)


def _prepare_and_call(gateway: Gateway, claimed: Claimed) -> Accepted | None:
    try:
        prepared = _prepare_call(claimed)
    except Exception as error:  # of this delivery alone
        log.exception("delivery %s cannot be prepared", claimed.delivery.pk)
        connection.close()  # perhaps only this connection is lost
        services.postpone(claimed.delivery, f"it cannot be prepared: {type(error).__name__}")
        gate.give_back(Gate.Quota.SEND)
        return None
    connection.close()  # a worker may have fewer connections than calls
    return _call(gateway, prepared) if prepared else None


def _prepare_call(claimed: Claimed) -> PreparedCall | None:
    delivery, state = claimed.delivery, claimed.state
    if state is None:
        gate.give_back(Gate.Quota.SEND)  # no call is made
        return None
    kind, target = _target_address(delivery, state)
    if target is None:
        services.refuse(delivery, "the device has no registration")
        gate.give_back(Gate.Quota.SEND)
        return None
    if state.seconds_closed:
        services.postpone(delivery, "FCM's quota is used up", seconds=state.seconds_closed)
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


def _call(gateway: Gateway, prepared: PreparedCall) -> Accepted | None:
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


def record_success(accepted: Sequence[Accepted]) -> None:
    """Record that FCM's quota and our configuration let these calls through.

    Call it outside a transaction: the row of the gate and that of the channel are not locked together.
    """
    if accepted and services.look_at_outbox(0).is_held_back:
        gate.confirm(Gate.Quota.SEND)
        services.mark_channel_working(claimed_at=max(services.claim_time(each.delivery) for each in accepted))


def _handle_dead_registration(delivery: Delivery, target: str, failure: DeviceGone) -> None:
    """Mark the registration dead. If the device has another one by now, the delivery is due again at once."""
    if delivery.device:
        devices.mark_registration_dead(delivery.device, target)
        delivery.device.refresh_from_db()
        if delivery.device.registration_id:
            services.postpone(delivery, "the registration was replaced", seconds=0)
            return
    services.refuse(delivery, str(failure))
