"""Start traces in a process of the web server or in a worker, where the operator wants them."""

from collections.abc import Callable
from functools import partial

from django.conf import settings

from config.tracing.statements import trace_statements
from content import tracing

if settings.TRACING:  # else its packages may not be there
    from config.tracing.opentelemetry_tracer import OpenTelemetryTracer, exporting_provider, send_rest


def start() -> Callable[[], None]:
    """Trace what this process and its forks do. Returns what sends the rest; call that where a process ends.

    Does nothing unless traces are wanted.
    """
    if not settings.TRACING:
        return lambda: None
    provider = exporting_provider()
    tracing.use(OpenTelemetryTracer(provider))
    trace_statements()
    return partial(send_rest, provider)
