"""Who is asking just now, as far as the door can tell. The roof says it for each request; audit rows, problems and logs
read it. A command or a job asks for itself: no request id, no address.
"""

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    request_id: str = ""
    address: str | None = None  # IP address


NO_REQUEST = RequestContext()
_context = ContextVar("caller", default=NO_REQUEST)


def current_context():
    return _context.get()


@contextlib.contextmanager
def bound_context(request_id, address):
    """For the length of one request; threads that serve others see nothing of it."""
    token = _context.set(RequestContext(request_id, address))
    try:
        yield
    finally:
        _context.reset(token)
