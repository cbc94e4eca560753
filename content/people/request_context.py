"""The id and IP address of the current request. The middleware sets them; audit, problem answers and logs read them.

A command or a job has no request: no id, no address.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    request_id: str = ""
    address: str | None = None  # IP address


NO_REQUEST = RequestContext()
_context: ContextVar[RequestContext] = ContextVar("request_context", default=NO_REQUEST)


def current_context() -> RequestContext:
    return _context.get()


@contextlib.contextmanager
def bound_context(request_id: str, address: str | None) -> Iterator[None]:
    """Set the context for one request. Threads that serve other requests do not see it."""
    token = _context.set(RequestContext(request_id, address))
    try:
        yield
    finally:
        _context.reset(token)
