import time

import psycopg
from django.core.management.commands import migrate
from django.db import connections

from config import processes
from content.locks import TRY_FOR_SESSION, Lock


class Command(migrate.Command):
    """Django's own, one at a time: two that migrate a new database at once would each make the same tables.

    The lock is held on a connection of its own, which nothing that a migration does can close or give back. It is tried
    for, not waited for in the database: a waiting query would hold a snapshot that concurrent index builds wait for.
    """

    def handle(self, *arguments, **options):
        wrapper = connections[options["database"]]
        parameters = wrapper.get_connection_params()
        for ours in ("context", "cursor_factory", "prepare_threshold", "pool"):
            parameters.pop(ours, None)
        with psycopg.connect(**parameters, autocommit=True) as holder:
            while not holder.execute(TRY_FOR_SESSION, [Lock.MIGRATIONS.value]).fetchone()[0]:
                processes.raise_if_stop_requested()
                time.sleep(0.1)
            return super().handle(*arguments, **options)
