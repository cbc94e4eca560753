import time
from typing import Any

import psycopg
from django.core.management.commands import migrate
from django.db import connections

from config import processes
from content.locks import TRY_FOR_SESSION, Lock


def _first(row: tuple[Any, ...] | None) -> Any:
    """The first column of a row."""
    return row[0] if row else None


class Command(migrate.Command):
    """Django's migrate, one run at a time: two runs on a new database would create the same tables.

    An advisory lock on a separate connection protects the run; no migration can close that connection. The command
    polls for the lock, because a waiting query would hold a snapshot that concurrent index builds wait for.
    """

    def handle(self, *arguments: Any, **options: Any) -> None:
        wrapper = connections[options["database"]]
        parameters = wrapper.get_connection_params()
        for ours in ("context", "cursor_factory", "prepare_threshold", "pool"):
            parameters.pop(ours, None)
        with psycopg.connect(**parameters, autocommit=True) as holder:
            while not _first(holder.execute(TRY_FOR_SESSION, [Lock.MIGRATIONS.value]).fetchone()):
                processes.raise_if_stop_requested()
                time.sleep(0.1)
            super().handle(*arguments, **options)
