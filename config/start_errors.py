"""Says in a sentence why a command cannot start: a database that is away, a folder that cannot be used, an older home.

The address of the database is said without its password.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

from config.connection_failures.words import database_address, why_no_connection
from config.processes import DatabaseUnavailable

CONNECT_SECONDS = 5  # unless DATABASE_URL says otherwise
NEED_EVERY_MIGRATION = {"work", "import_documents", "import_questions"}
LOST_CONNECTION_STATES = ("08", "57P")  # classes of SQLSTATE: no connection; the server stops or starts
FULL = (errno.ENOSPC, errno.EDQUOT)


class NotMigrated(RuntimeError):
    """The database has not the tables of this version. The message says what to do."""


def check_database(command: str, translate: Callable[[str], str] = str) -> None:
    """Connect once, before the command begins. The words of DatabaseUnavailable are in English unless translated.

    Raises DatabaseUnavailable if that fails, NotMigrated if the command needs tables that `migrate` has not made yet.
    """
    parameters = connection.get_connection_params()
    for name in ("context", "cursor_factory", "prepare_threshold", "pool"):
        parameters.pop(name, None)
    try:
        with psycopg.connect(**{"connect_timeout": CONNECT_SECONDS, **parameters}, autocommit=True) as database:
            if command in NEED_EVERY_MIGRATION and not _has_every_migration(database):
                raise NotMigrated(
                    f"The database {database_address()} is not that of this version. Run `manage.py migrate` first."
                )
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(why_no_connection(str(error), translate)) from error


def sentence(error: BaseException) -> str | None:
    """What to tell somebody whose command ended with this error; None if it is a fault of the program."""
    if isinstance(error, InconsistentMigrationHistory):
        return _older_home()
    if isinstance(error, DatabaseUnavailable):
        return _why_private_server_fails(str(error))
    if isinstance(error, OperationalError | psycopg.OperationalError):
        state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
        if state is None or state.startswith(LOST_CONNECTION_STATES):
            away = f"The database {database_address()} is away."
            return f"{away} Start it, then run the command again: it goes on where it ended."
    if isinstance(error, OSError):
        return _unusable_folder(error)
    return None


def _has_every_migration(database: psycopg.Connection) -> bool:
    for app in ("content", "notifications"):
        newest = (Path(settings.BASE_DIR) / app / "migrations" / "max_migration.txt").read_text().strip()
        try:
            found = database.execute("SELECT 1 FROM django_migrations WHERE app = %s AND name = %s", [app, newest])
        except psycopg.errors.UndefinedTable:
            return False
        if found.fetchone() is None:
            return False
    return True


def _why_private_server_fails(words: str) -> str:
    """In a sentence where PostgreSQL says that it cannot write; else its words."""
    for said, problem in (("No space left", "full"), ("Disk quota exceeded", "full"), ("Read-only", "read-only")):
        if said in words:
            return (
                f"The disk of {settings.HOME} is {problem}. Make room or choose another LUATMO_HOME, then start again."
            )
    return words


def _unusable_folder(error: OSError) -> str | None:
    """The sentence for a file error in LUATMO_HOME, or for a full disk; None for other files."""
    home = Path(os.environ.get("LUATMO_HOME") or Path(__file__).resolve().parent.parent / ".local").absolute()
    where = Path(os.fsdecode(error.filename)).absolute() if error.filename else None
    if error.errno in FULL:
        return f"The disk of {where or home} is full. Make room, then start again."
    if where is None or not (where.is_relative_to(home) or home.is_relative_to(where)):
        return None
    reason = (error.strerror or "it cannot be used").lower()
    return f"LUATMO_HOME={home} cannot be used ({reason}). Name a folder that this account may write to."


def _older_home() -> str:
    """What to do with a database that was made before 0.1.0 and that no migration leads on from."""
    private = settings.PRIVATE_POSTGRES
    kept = f"the folder {settings.HOME}" if private else f"the database {database_address()}"
    anew = "Set LUATMO_HOME to an empty folder" if private else "Create an empty database and name it in DATABASE_URL"
    return (
        f"An unreleased version before 0.1.0 made {kept}, and it cannot be upgraded. Nothing was changed. "
        f"{anew}, start again, and import your files with `manage.py import_documents`. "
        f"To have what only the old one holds: keep {kept}, check out the commit that made it, "
        "and run `manage.py export_bulk` there."
    )
