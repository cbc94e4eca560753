"""A span for each statement to the database: what it does to which table, never its text or its values."""

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from content import tracing
from content.tracing import SpanKind

OPERATION = re.compile(r"\s*([A-Za-z]+)")
# only names of tables: a literal within a statement may hold any words
TABLE = re.compile(
    r"\b(?:from|into|update)\s+\"?((?:content|notifications|procrastinate|auth|django|axes|otp)_[a-z_]+)", re.IGNORECASE
)


def trace_statements() -> None:
    """Trace the statements of every connection that is opened from now on. A repeat changes nothing."""
    connection_created.connect(_watch, dispatch_uid="tracing")


def leave_statements() -> None:
    """Trace those of no further connection."""
    connection_created.disconnect(dispatch_uid="tracing")


def _watch(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if _traced not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _traced)  # not the last: `execute_wrapper` takes that away at its end


def _traced(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    if tracing.current_traceparent() is None:  # a statement alone is of no use
        return execute(sql, parameters, many, context)
    said = summary(str(sql))
    attributes = {"db.system.name": "postgresql", "db.query.summary": said}
    with tracing.span(said, kind=SpanKind.CLIENT, attributes=attributes):
        return execute(sql, parameters, many, context)


def summary(sql: str) -> str:
    """The first word of a statement and its first table: "INSERT content_change"."""
    operation, table = OPERATION.match(sql), TABLE.search(sql)
    words = [operation[1].upper()] if operation else []
    return " ".join([*words, *([table[1]] if table else [])]) or "statement"
