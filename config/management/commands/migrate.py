"""`manage.py migrate`, safe when several machines run it at once."""

import time
from typing import Any

import psycopg
from django.core.management.commands import migrate
from django.db import DatabaseError

from config import processes
from content import database_limits, direct_sessions, sql
from content.document_counts.models import CountedDocument, DocumentCount, OutdatedCount
from content.document_counts.services import settle_counts
from content.documents import span_writer
from content.documents.models import EffectSpan, OutdatedSpans
from content.locks import TRY_FOR_SESSION, Lock
from content.management import CHECKS_OF_SETTINGS

PARTIAL = ("app_label", "plan", "check_unapplied", "prune")  # options of Django's with which not all tables are there


class Command(migrate.Command):
    """Django's command under a lock: two that migrate a new database at once would both create the same tables.

    The lock is held on a separate connection, which a migration can neither close nor return to the pool. The command
    tries for the lock again and again and does not wait for it inside a query: a waiting query would hold a snapshot,
    and concurrent index builds wait for that.

    When all migrations are done it writes the effect spans that are marked or that other rules gave, so that lists by
    effect answer as soon as a new release starts, and counts the documents that are marked.
    """

    requires_system_checks = CHECKS_OF_SETTINGS

    def handle(self, *arguments: Any, **options: Any) -> str | None:
        """Wait for the lock, then migrate, then write the effect spans and the counts that are missing."""
        direct_sessions.use()
        database_limits.use(database_limits.Work.MIGRATIONS)
        with psycopg.connect(**direct_sessions.parameters(), autocommit=True) as holder:
            while holder.execute(TRY_FOR_SESSION, [Lock.MIGRATIONS.value]).fetchone() != (True,):
                processes.raise_if_stop_requested()
                time.sleep(0.1)
            with database_limits.index_builds_wait():
                output: str | None = super().handle(*arguments, **options)
            if not any(options[name] for name in PARTIAL):
                self._write_effect_spans(verbosity=options["verbosity"])
                self._count_documents(verbosity=options["verbosity"])
            return output

    def _write_effect_spans(self, *, verbosity: int) -> None:
        """Documents that cannot be written stay marked and are computed; they stop no upgrade. The log names them."""
        try:
            count = span_writer.write_outdated_spans(is_put_back=True)
        except ExceptionGroup as failed:
            sql.refresh_planner_statistics(EffectSpan, OutdatedSpans)
            self.stderr.write(f"{failed} Read the log above, then run `manage.py doctor`.")
            return
        if count:
            sql.refresh_planner_statistics(EffectSpan, OutdatedSpans)  # autovacuum comes a minute later, or never
        if count and verbosity:
            self.stdout.write(f"  Effect spans of {count} documents were written.")

    def _count_documents(self, *, verbosity: int) -> None:
        """Documents that cannot be counted stay marked, and reads count them: they stop no upgrade."""
        try:
            count = settle_counts()
        except DatabaseError as failed:
            self.stderr.write(f"Documents could not be counted: {failed} Run `manage.py doctor` in ten minutes.")
            return
        if count:
            sql.refresh_planner_statistics(DocumentCount, CountedDocument, OutdatedCount)
        if count and verbosity:
            self.stdout.write(f"  {count} documents were counted.")
