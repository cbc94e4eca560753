"""Who is asking just now, as far as the door can tell. The roof says it for each request; audit rows, problems and logs
read it. A command or a job asks for itself: no request id, no address.
"""

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    request_id: str = ""
    address: str | None = None  # IP address


NOBODY = Caller()
_caller = ContextVar("caller", default=NOBODY)


def current():
    return _caller.get()


@contextlib.contextmanager
def asking(request_id, address):
    """For the length of one request; threads that serve others see nothing of it."""
    token = _caller.set(Caller(request_id, address))
    try:
        yield
    finally:
        _caller.reset(token)
