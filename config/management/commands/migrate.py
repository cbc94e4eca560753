"""`manage.py migrate`, safe when several machines run it at once."""

import time
from typing import Any

import psycopg
from django.core.management.commands import migrate

from config import processes
from content import database_limits, direct_sessions
from content.locks import TRY_FOR_SESSION, Lock


class Command(migrate.Command):
    """Django's command under a lock: two that migrate a new database at once would both create the same tables.

    The lock is held on a separate connection, which a migration can neither close nor return to the pool. The command
    tries for the lock again and again and does not wait for it inside a query: a waiting query would hold a snapshot,
    and concurrent index builds wait for that.
    """

    def handle(self, *arguments: Any, **options: Any) -> str | None:
        """Wait for the lock, then migrate."""
        direct_sessions.use()
        database_limits.use(database_limits.Work.MIGRATIONS)
        with psycopg.connect(**direct_sessions.parameters(), autocommit=True) as holder:
            while holder.execute(TRY_FOR_SESSION, [Lock.MIGRATIONS.value]).fetchone() != (True,):
                processes.raise_if_stop_requested()
                time.sleep(0.1)
            with database_limits.index_builds_wait():
                output: str | None = super().handle(*arguments, **options)
            return output
