"""Spans of a trace: which steps a publication goes through, from the editor's click to FCM's answer.

No layer but `config` knows a tracing library: `config/tracing` gives a Tracer where the operator names a collector.
Without one every function here does nothing. A span never holds data of a person: its attributes are names and numbers
of ours, no header, address, registration, query string, body or words of an error.

A trace goes on in another process by way of the change log: `Change.traceparent` (W3C Trace Context) says which span
wrote the change, and the process that handles the change continues there.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from typing import Protocol

Attributes = Mapping[str, str | int]


class SpanKind(Enum):
    """What a span is to others, as OpenTelemetry names it."""

    INTERNAL = "internal"
    SERVER = "server"  # answers a request
    CLIENT = "client"  # asks another server: the database, FCM
    CONSUMER = "consumer"  # handles what another process left


class Span(Protocol):
    """A step that is under way."""

    def rename(self, name: str) -> None:
        """Give it the name that is known only at its end."""

    def add(self, attributes: Attributes) -> None:
        """Say more about it."""

    def fail(self, kind: str) -> None:
        """Mark it as failed. `kind` is a status or a class of errors, never the words of an error."""


class Tracer(Protocol):
    """Makes spans; `config/tracing` has one."""

    def span(
        self, name: str, kind: SpanKind, attributes: Attributes, traceparent: str | None
    ) -> AbstractContextManager[Span]:
        """A span within the one that is under way, or, with a `traceparent`, within that one."""

    def traceparent(self) -> str | None:
        """The span that is under way, as W3C Trace Context writes it; None if there is none or it is not recorded."""


class _NoSpan:
    def rename(self, name: str) -> None:
        """Do nothing."""

    def add(self, attributes: Attributes) -> None:
        """Do nothing."""

    def fail(self, kind: str) -> None:
        """Do nothing."""


_NOTHING: AbstractContextManager[Span] = nullcontext(_NoSpan())
_tracer: Tracer | None = None


def use(tracer: Tracer | None) -> None:
    """Give this process its tracer; None: no spans. Call it before the process does its work."""
    global _tracer
    _tracer = tracer


def span(
    name: str, *, kind: SpanKind = SpanKind.INTERNAL, attributes: Attributes | None = None
) -> AbstractContextManager[Span]:
    """A span around a block. An exception that leaves the block marks it as failed, with the class of the exception."""
    return _NOTHING if _tracer is None else _tracer.span(name, kind, attributes or {}, None)


def span_within_trace(name: str, *, kind: SpanKind = SpanKind.INTERNAL) -> AbstractContextManager[Span]:
    """A span around a block that is of no use alone; nothing where no span is under way."""
    return _NOTHING if current_traceparent() is None else span(name, kind=kind)


def continued(
    traceparent: str | None, name: str, *, attributes: Attributes | None = None
) -> AbstractContextManager[Span]:
    """A span around a block that handles what the span `traceparent` left; nothing where that was not traced."""
    if _tracer is None or not traceparent:
        return _NOTHING
    return _tracer.span(name, SpanKind.CONSUMER, attributes or {}, traceparent)


def current_traceparent() -> str | None:
    """The span that is under way, to be continued in another process; None where nothing is recorded."""
    return None if _tracer is None else _tracer.traceparent()
