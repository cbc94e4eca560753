"""Start traces in a process of the web server or in a worker, where the operator wants them."""

from collections.abc import Callable

from django.conf import settings

from config.tracing.statements import trace_statements
from content import tracing

if settings.TRACING:  # else its packages may not be there
    from config.tracing.opentelemetry_tracer import OpenTelemetryTracer, exporting_provider


def start() -> Callable[[], None]:
    """Trace what this process and its forks do. Returns what sends the rest, see BoundedProcessor.

    `atexit` calls that; call it yourself where a process ends without. Does nothing unless traces are wanted.
    """
    if not settings.TRACING:
        return lambda: None
    provider = exporting_provider()
    tracing.use(OpenTelemetryTracer(provider))
    trace_statements()
    return provider.shutdown
