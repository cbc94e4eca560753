"""What the library says when a rule of the house is broken."""


class RuleBroken(Exception):
    """A request that is well formed but not allowed now.

    `code` is stable and for programs, `message` is for people in their language, `field` names the input at fault.
    The doors answer 409 with it; commands print it.
    """

    def __init__(self, code, message, *, field=None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class QuotaExceeded(RuleBroken):
    """A limit of a person is reached for now. `until`: the moment the next would be accepted. The doors answer 429."""

    def __init__(self, code, message, *, until):
        super().__init__(code, message)
        self.until = until


class QueryTooSlow(RuleBroken):
    """A question the database could not answer in its time. Nothing is wrong with it; the doors answer 503."""
