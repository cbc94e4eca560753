"""The database of a backup: a dump of one snapshot, and restoring it in one transaction that checks itself."""

import contextlib
import datetime
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from config.backup.manifest import CHUNK
from config.backup.stopping import finish_what_is_left
from config.postgres_binaries import client_programs
from content import direct_sessions
from content.errors import RuleBroken

TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
"""
TABLES_OF_ANY_SCHEMA = """
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
"""
CHANGE_LOG = "content_change"
SCRATCH_DATABASE = "luatmo_verify_"  # and letters by chance: where a backup is tried
HEAD = "SELECT coalesce(max(id), 0) FROM public.content_change"
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
# of materials, and the smaller pictures drawn from them. What nothing uses may be deleted while a backup is taken
USED_FILES = """
    SELECT sha256, size FROM public.content_storedfile AS stored
    WHERE EXISTS (SELECT FROM public.content_materialfile WHERE stored_id = stored.id)
    OR EXISTS (
        SELECT FROM public.content_rendition AS smaller
        JOIN public.content_materialfile AS used ON used.stored_id = smaller.original_id
        WHERE smaller.stored_id = stored.id
    )
    ORDER BY sha256
"""
_COUNT = sql.SQL("SELECT count(*) FROM public.{}")
_UNLIMITED = "-c statement_timeout=0 -c lock_timeout=30000 -c idle_in_transaction_session_timeout=0"
_FAILED = "luatmo_verification"  # in the words of what a restored database lacks


def connection_parameters() -> dict[str, Any]:
    """How libpq reaches the database of the settings, without the limits that commands have."""
    return direct_sessions.parameters() | {"options": _UNLIMITED}


@dataclass(frozen=True)
class Programs:
    """pg_dump, pg_restore and psql of one folder, for one server."""

    folder: Path
    parameters: Mapping[str, Any]

    def command(self, name: str, *arguments: str, dbname: str | None = None) -> dict[str, Any]:
        """Arguments for Popen. The password is in no argument, which everybody on the machine could read."""
        shown = {key: value for key, value in self.parameters.items() if key != "password"}
        connects = (
            [] if name == "pg_restore" else ["-d", make_conninfo(**shown | ({"dbname": dbname} if dbname else {}))]
        )
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        if password := self.parameters.get("password"):
            environment["PGPASSWORD"] = str(password)
        return {"args": [str(self.folder / name), *connects, *arguments], "env": environment | {"LC_ALL": "C"}}


def find_programs() -> Programs:
    """The programs for the server of the settings. Raises RuleBroken("no_programs")."""
    parameters = connection_parameters()
    with psycopg.connect(**parameters) as database:
        version = database.info.server_version // 10_000
    folder = client_programs(version)
    if folder is None:
        words = _("pg_dump, pg_restore and psql of PostgreSQL %(version)d or later are not on PATH. Install them.")
        raise RuleBroken("no_programs", words % {"version": version})
    return Programs(folder, parameters)


@dataclass(frozen=True)
class Snapshot:
    """A state of the database that other sessions can see while the transaction of `database` is open."""

    database: psycopg.Connection
    name: str

    def taken_at(self) -> datetime.datetime:
        """When the snapshot was taken, by the clock of the database."""
        moment: datetime.datetime = self._value(sql.SQL("SELECT now()"))
        return moment

    def change_log_head(self) -> int:
        """The id of the newest change, 0 before the first."""
        return int(self._value(sql.SQL(HEAD)))

    def migrations(self) -> list[str]:
        """app.name of each migration that was applied."""
        return [name for (name,) in self.database.execute(MIGRATIONS)]

    def tables(self) -> list[str]:
        """The tables of the schema public, by name."""
        return [name for (name,) in self.database.execute(TABLES)]

    def count_rows(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._value(_COUNT.format(sql.Identifier(table))))

    def _value(self, query: sql.SQL | sql.Composed) -> Any:
        row = self.database.execute(query).fetchone()
        return row[0] if row else None


@contextlib.contextmanager
def snapshot() -> Iterator[Snapshot]:
    """One state of the whole database for the length of the block."""
    with psycopg.connect(**connection_parameters()) as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database.read_only = True
        row = database.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None  # noqa: S101 - it always has a row
        yield Snapshot(database, row[0])


def dump(programs: Programs, seen: Snapshot, target: IO[bytes], progress: Callable[[int], object]) -> None:
    """Write the database of a snapshot in the custom format of pg_dump. Raises RuleBroken("dump_failed")."""
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={seen.name}")
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(**programs.command("pg_dump", *options), stdout=subprocess.PIPE, stderr=errors)
        with running:
            assert running.stdout is not None  # noqa: S101 - a pipe was asked for
            _copy(running.stdout, target, progress)
        if running.returncode:
            words = _("pg_dump failed, so there is no backup: %(reason)s")
            raise RuleBroken("dump_failed", words % {"reason": _last_words(errors)})


def used_files(dbname: str) -> dict[str, int]:
    """{SHA-256: size in bytes} of the files of materials that the rows of a restored database refer to."""
    with psycopg.connect(**connection_parameters() | {"dbname": dbname}) as database:
        return dict(database.execute(USED_FILES).fetchall())


def is_empty() -> bool:
    """Whether the database of the settings has no table yet."""
    with psycopg.connect(**connection_parameters()) as database:
        return database.execute(TABLES_OF_ANY_SCHEMA).fetchone() == (0,)


def may_create_databases() -> bool:
    """Whether our role may make a scratch database."""
    with psycopg.connect(**connection_parameters()) as database:
        found = database.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
        return found == (True,)


@contextlib.contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """A new empty database of this name on the same server. It is dropped at the end of the block."""
    with psycopg.connect(**connection_parameters(), autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            with psycopg.connect(**connection_parameters() | {"dbname": name}):  # doctor sees that it is in use
                yield name
        finally:
            if server.info.transaction_status is TransactionStatus.ACTIVE:  # broken off while it was being made
                server.cancel()
            with psycopg.connect(**connection_parameters(), autocommit=True) as other:
                other.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def restore(
    programs: Programs,
    source: IO[bytes],
    *,
    head: int,
    rows: Mapping[str, int],
    progress: Callable[[int], object],
    dbname: str | None = None,
) -> None:
    """Restore a dump into an empty database, all or nothing.

    Before the transaction ends, the change log must end with `head` and each table have its number of `rows`.
    Raises RuleBroken("broken_backup") and leaves the database empty if it does not, or if the dump cannot be read.
    """
    analyze = "" if dbname else "ANALYZE;"  # a dump has no statistics: the first queries would be slow
    end = f"{_verification(head, rows)}\n{analyze}\nCOMMIT;\n"
    with tempfile.TemporaryFile() as unpack_errors, tempfile.TemporaryFile() as errors:
        unpack = programs.command("pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--file=-")
        load = programs.command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-", dbname=dbname)
        with (
            subprocess.Popen(**load, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors) as loading,
            subprocess.Popen(
                **unpack, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=unpack_errors
            ) as unpacking,
        ):
            _load(source, unpacking, loading, end, progress, is_last_step=dbname is None)
        if unpacking.returncode or loading.returncode:
            reason = _last_words(errors if loading.returncode else unpack_errors)
            raise RuleBroken("broken_backup", _("The database cannot be restored: %(reason)s") % {"reason": reason})


def _load(
    source: IO[bytes],
    unpacking: subprocess.Popen[bytes],
    loading: subprocess.Popen[bytes],
    end: str,
    progress: Callable[[int], object],
    *,
    is_last_step: bool,
) -> None:
    """Pass a dump through pg_restore to psql in one transaction, and its `end` only if all of it was read."""
    assert unpacking.stdin and unpacking.stdout and loading.stdin  # noqa: S101 - pipes were asked for
    feeding = threading.Thread(target=_feed, args=(source, unpacking.stdin, progress))
    feeding.start()
    try:
        with contextlib.suppress(BrokenPipeError):  # psql has ended: its words say why
            loading.stdin.write(b"BEGIN;\n")
            shutil.copyfileobj(unpacking.stdout, loading.stdin, CHUNK)
            if unpacking.wait() == 0:  # else the end of its input makes psql roll back
                if is_last_step:  # told to end at its COMMIT, nobody knew whether there is a database without files
                    finish_what_is_left()
                loading.stdin.write(end.encode())
            loading.stdin.close()
        loading.wait()  # here, where a signal ends psql before it commits
    except BaseException:  # broken off: psql would first end its statement, which may take minutes
        unpacking.terminate()
        loading.terminate()
        raise
    finally:
        with contextlib.suppress(BrokenPipeError):  # psql has ended and what was left for it has no reader
            loading.stdin.close()
        unpacking.stdout.close()  # where psql ended early, pg_restore ends now, and so does the thread
        feeding.join()


def _feed(source: IO[bytes], target: IO[bytes], progress: Callable[[int], object]) -> None:
    with contextlib.suppress(BrokenPipeError), contextlib.closing(target):
        _copy(source, target, progress)


def _copy(source: IO[bytes], target: IO[bytes], progress: Callable[[int], object]) -> None:
    while part := source.read(CHUNK):
        target.write(part)
        progress(len(part))


def _verification(head: int, rows: Mapping[str, int]) -> str:
    """A statement that fails unless the change log and each table are as the manifest says."""
    count_of_tables = sql.SQL("SELECT count(*) FROM ({}) AS of_public").format(sql.SQL(TABLES))
    checks = [_check(f"the newest change is not {head}", sql.SQL(HEAD), head)]
    checks += [
        _check(f"{table} has not {count} rows", _COUNT.format(sql.Identifier(table)), count)
        for table, count in rows.items()
    ]
    checks.append(_check("a table is missing or too many", count_of_tables, len(rows)))
    return f"DO {_quoted(sql.Literal(' '.join(['BEGIN', *checks, 'END'])))};"


def _check(what: str, query: sql.SQL | sql.Composed, expected: int) -> str:
    words = _quoted(sql.Literal(f"{_FAILED}: {what}"))
    return f"IF ({_quoted(query)}) <> {expected} THEN RAISE EXCEPTION USING MESSAGE = {words}; END IF;"


def _quoted(part: sql.Composable) -> str:
    return part.as_string(None)


def _last_words(errors: IO[bytes]) -> str:
    """The last line that a program wrote, without what is before «ERROR: »."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    first = next((line for line in lines if "ERROR: " in line or "FATAL: " in line or "error: " in line), "")
    return (first or (lines[-1] if lines else "")).rpartition("ERROR: ")[2].strip()[:500]
