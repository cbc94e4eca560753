"""Spans by OpenTelemetry. The only module that imports it; it is loaded where traces are wanted alone."""

import contextlib
import os
from collections.abc import Iterator

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from content.tracing import Attributes, SpanKind

NAME = "luatmo"
EXPORT_SECONDS = 3  # one call of the collector; a process that ends waits for it no longer
TIMEOUTS = ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")
_KINDS = {kind: trace.SpanKind[kind.name] for kind in SpanKind}
_W3C = TraceContextTextMapPropagator()


class BoundedProcessor(BatchSpanProcessor):
    """Sends the spans that wait when the process ends, as the SDK does, but for EXPORT_SECONDS at most, not for 30."""

    def shutdown(self) -> None:
        """Send the spans that wait, and take none from now on. A repeat does nothing.

        What takes longer than EXPORT_SECONDS is lost: its thread ends with the process.
        """
        self._batch_processor.shutdown(timeout_millis=1_000 * EXPORT_SECONDS)


def exporting_provider() -> TracerProvider:
    """A provider that sends spans to the collector of OTEL_EXPORTER_OTLP_ENDPOINT, in a thread, some at a time.

    What the collector does not take is lost; nobody waits for it longer than EXPORT_SECONDS. `shutdown` sends the rest,
    and the SDK calls it with `atexit`. The SDK itself takes care of forks.
    """
    given = Resource.create()
    is_named = not str(given.attributes.get(SERVICE_NAME, "")).startswith("unknown_service")
    provider = TracerProvider(resource=given if is_named else given.merge(Resource({SERVICE_NAME: NAME})))
    has_timeout = any(os.environ.get(name) for name in TIMEOUTS)
    provider.add_span_processor(BoundedProcessor(OTLPSpanExporter(timeout=None if has_timeout else EXPORT_SECONDS)))
    return provider


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        """See content.tracing.Span."""
        self._span.update_name(name)

    def add(self, attributes: Attributes) -> None:
        """See content.tracing.Span."""
        self._span.set_attributes(dict(attributes))

    def fail(self, kind: str) -> None:
        """See content.tracing.Span."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(trace.StatusCode.ERROR)


class OpenTelemetryTracer:
    """A content.tracing.Tracer over a provider of the SDK."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer(NAME)

    @contextlib.contextmanager
    def span(self, name: str, kind: SpanKind, attributes: Attributes, traceparent: str | None) -> Iterator[_Span]:
        """See content.tracing.Tracer. A span that continues another is linked to the one that is under way here."""
        parent, links = None, []
        if traceparent:
            parent = _W3C.extract({"traceparent": traceparent}, context=Context())
            if (here := trace.get_current_span().get_span_context()).is_valid:
                links.append(trace.Link(here))
        with self._tracer.start_as_current_span(
            name,
            context=parent,
            kind=_KINDS[kind],
            attributes=dict(attributes),
            links=links,
            record_exception=False,  # its words may quote what a person wrote
            set_status_on_exception=False,
        ) as started:
            span = _Span(started)
            try:
                yield span
            except Exception as error:
                span.fail(type(error).__qualname__)
                raise

    def traceparent(self) -> str | None:
        """See content.tracing.Tracer."""
        carrier: dict[str, str] = {}
        if trace.get_current_span().is_recording():
            _W3C.inject(carrier)
        return carrier.get("traceparent")
