"""A span for each job of the worker. What it does about a change is part of the trace of that change."""

from collections.abc import Callable
from typing import Any

from procrastinate import JobContext

from content import tracing
from content.tracing import SpanKind


def trace_job(call_next: Callable[[], Any], context: JobContext, worker: object) -> Any:
    """Middleware of procrastinate for the tasks of a worker, which are all synchronous but one."""
    attributes = {"messaging.system": "procrastinate", "messaging.destination.name": context.job.queue}
    with tracing.span(f"job {context.job.task_name}", kind=SpanKind.CONSUMER, attributes=attributes):
        return call_next()
