"""A commit that no standby confirmed is not acknowledged.

With synchronous replication a commit waits until a standby has it. When a time limit ends that wait, PostgreSQL has
committed on this server alone and answers as if all were well; only a warning says so
(https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT). If that server dies, what a
reader was told is stored would be gone.
"""

from typing import Any

import psycopg
from psycopg.errors import Diagnostic

WAITS_FOR_STANDBY = "SyncRepWaitForLSN"  # the function of PostgreSQL that warns; its words depend on the language


class ConfirmedConnection(psycopg.Connection[Any]):
    """Raises OperationalError after a commit, or a statement of its own, whose wait for a standby was cut short.

    What was written may be there or not, as when the connection breaks during a commit: whoever wrote tries again.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._is_unconfirmed = False
        self.add_notice_handler(self._note)

    def _note(self, notice: Diagnostic) -> None:
        self._is_unconfirmed |= notice.source_function == WAITS_FOR_STANDBY

    def wait(self, *arguments: Any, **options: Any) -> Any:
        """Wait for the server. Raises OperationalError if it committed without a standby."""
        found = super().wait(*arguments, **options)
        if self._is_unconfirmed:
            self._is_unconfirmed = False
            raise psycopg.OperationalError("no standby has confirmed the commit")
        return found
