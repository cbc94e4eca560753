"""Counts the answers of FCM, and traces the calls."""

import contextlib
from collections.abc import Iterator

from prometheus_client import Counter

from config.metrics import folder
from content import tracing
from content.tracing import SpanKind
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
    """A Gateway whose answers are counted. Within a trace each call is a span, which says the kind of answer alone."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def send(self, payload: Payload, *, target_kind: str, target: str, validate_only: bool = False) -> str:
        """See gateway.Gateway."""
        with _observed("send"):
            return self._gateway.send(payload, target_kind=target_kind, target=target, validate_only=validate_only)

    def subscribe(self, registration_id: str, fcm_topic: str) -> None:
        """See gateway.Gateway."""
        with _observed("subscribe"):
            self._gateway.subscribe(registration_id, fcm_topic)

    def unsubscribe(self, registration_id: str, fcm_topic: str) -> None:
        """See gateway.Gateway."""
        with _observed("unsubscribe"):
            self._gateway.unsubscribe(registration_id, fcm_topic)


@contextlib.contextmanager
def _observed(call: str) -> Iterator[None]:
    with tracing.span_within_trace(f"FCM {call}", kind=SpanKind.CLIENT) as span:
        try:
            yield
        except SendFailed as failure:
            answer = next(name for kind, name in FAILURES if isinstance(failure, kind))
            span.add({"luatmo.fcm.answer": answer})
            _count(call, answer)
            raise
        span.add({"luatmo.fcm.answer": ACCEPTED})
        _count(call, ACCEPTED)


def _count(call: str, answer: str) -> None:
    if folder.is_counting():
        ANSWERS.labels(call, answer).inc()
