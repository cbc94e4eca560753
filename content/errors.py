"""What services raise when a request is well formed but breaks a rule."""

import datetime


class RuleBroken(Exception):
    """A request that is well formed but not allowed now.

    `code` is stable and for programs. `message` is for people, in their language. `field` names the input at fault.
    The API answers 409 with it; commands print it.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class NotAllowed(RuleBroken):
    """The person may not do this, whatever the status of the row. The staff site answers 403 with it."""


class QuotaExceeded(RuleBroken):
    """A reader reached a limit. `until` is the moment from which the next request is accepted. The API answers 429."""

    def __init__(self, code: str, message: str, *, until: datetime.datetime) -> None:
        super().__init__(code, message)
        self.until = until


class QueryTooSlow(RuleBroken):
    """The database could not answer within its time limit. The request itself is valid; the API answers 503."""
