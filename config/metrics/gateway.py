"""Counts the answers of FCM."""

from prometheus_client import Counter

from config.metrics import folder
from notifications.push.gateway import (
    ChannelBroken,
    DeviceGone,
    Gateway,
    MessageRefused,
    QuotaExceeded,
    SendFailed,
    TryLater,
)
from notifications.push.payload import Payload

ACCEPTED = "accepted"
FAILURES: tuple[tuple[type[SendFailed], str], ...] = (  # the first that fits: the one class is part of the other
    (DeviceGone, "device_gone"),
    (MessageRefused, "refused"),
    (ChannelBroken, "channel_broken"),
    (QuotaExceeded, "quota"),
    (TryLater, "later"),
)
ANSWERS = Counter("luatmo_fcm_answers", "Answers of FCM by call and kind.", ["call", "answer"])


class CountingGateway:
    """A Gateway whose answers are counted."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def send(self, payload: Payload, *, target_kind: str, target: str, validate_only: bool = False) -> str:
        """See gateway.Gateway."""
        try:
            name = self._gateway.send(payload, target_kind=target_kind, target=target, validate_only=validate_only)
        except SendFailed as failure:
            _count("send", _kind_of(failure))
            raise
        _count("send", ACCEPTED)
        return name

    def subscribe(self, registration_id: str, fcm_topic: str) -> None:
        """See gateway.Gateway."""
        try:
            self._gateway.subscribe(registration_id, fcm_topic)
        except SendFailed as failure:
            _count("subscribe", _kind_of(failure))
            raise
        _count("subscribe", ACCEPTED)

    def unsubscribe(self, registration_id: str, fcm_topic: str) -> None:
        """See gateway.Gateway."""
        try:
            self._gateway.unsubscribe(registration_id, fcm_topic)
        except SendFailed as failure:
            _count("unsubscribe", _kind_of(failure))
            raise
        _count("unsubscribe", ACCEPTED)


def _kind_of(failure: SendFailed) -> str:
    return next(name for kind, name in FAILURES if isinstance(failure, kind))


def _count(call: str, answer: str) -> None:
    if folder.is_counting():
        ANSWERS.labels(call, answer).inc()
