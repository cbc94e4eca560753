"""Sessions that end: a server that is frozen or out of reach enforces no time limit, so the client does."""

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

CONNECT_SECONDS = 2  # the least that libpq knows
# a connection whose packets nobody acknowledges is given up
NOTICES_LOSS = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 3_000,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}


PROMPT_STATEMENT_LIMIT = "-c statement_timeout=1300"  # milliseconds, below PromptConnection.limit_seconds


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed when a statement takes longer than the limit of the server and a second more."""

    limit_seconds = 9.0

    def wait(self, *arguments: Any, **options: Any) -> Any:
        """Wait for the server. Raises OperationalError after `limit_seconds`."""
        if options.get("timeout") is None:
            options["timeout"] = self.limit_seconds
        try:
            return super().wait(*arguments, **options)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # it still runs, for all we know
                self.pgconn.finish()
            raise


class PromptConnection(BoundedConnection):
    """The same for a read that a replica answers where the server does not do so at once.

    The server itself ends a statement before this (PROMPT_STATEMENT_LIMIT): else each would go on there for nobody.
    """

    limit_seconds = 1.5


class WatchConnection(BoundedConnection):
    """The same for statements that take milliseconds."""

    limit_seconds = 2.0


def watch_session(parameters: dict[str, Any]) -> psycopg.Connection[Any]:
    """A session of its own at that server. It prepares no statement. Raises OperationalError after seconds."""
    options = f"{parameters.get('options', '')} -c statement_timeout=1000".strip()
    wanted = parameters | NOTICES_LOSS | {"options": options}
    return WatchConnection.connect(**wanted, autocommit=True, prepare_threshold=None)
