"""The database: its server, its tables, and what is between it and us."""

import secrets
import time
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from api.health import SPILL
from config import start_errors
from config.backup.database import SCRATCH_DATABASE
from config.doctor.problems import Problem
from config.processes import DatabaseUnavailable
from content import direct_sessions
from content.database_limits import Work, startup_options, within

OLDEST_VERSION = 15
EXTENSIONS = ("btree_gist", "pg_trgm")
CLOCK_TOLERANCE = 5  # seconds
NOTICE_SECONDS = 3  # a notice of our own arrives within milliseconds
SERVER = """
    SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'),
        current_setting('transaction_read_only') = 'on',
        extract(epoch FROM clock_timestamp())::float8,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""
# one that is being used has a session
LEFTOVERS = """
    SELECT datname FROM pg_database WHERE starts_with(datname, %s)
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname) ORDER BY 1
"""
SAME_DATABASE = "SELECT current_database()::text, pg_postmaster_start_time()"
MISSING_EXTENSIONS = """
    SELECT name FROM unnest(%s::text[]) AS name
    WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = name)
"""


def check_reachable() -> list[Problem]:
    """Whether the database can be reached at all; else nothing below is worth asking."""
    try:
        start_errors.check_database("doctor", _)
    except DatabaseUnavailable as error:
        return [Problem("database_away", _("The database cannot be used: %(reason)s") % {"reason": error})]
    return []


def check_server() -> list[Problem]:
    """Version, encoding, limits, clock and connections of the server."""
    with connection.cursor() as cursor:
        began = time.time()
        cursor.execute(SERVER)
        version, encoding, is_read_only, clock, connections = cursor.fetchone()
        own_clock = (began + time.time()) / 2
    return [
        *version_problems(version),
        *encoding_problems(encoding),
        *writable_problems(is_read_only),
        *clock_problems(clock - own_clock),
        *connections_problems(connections),
    ]


def version_problems(version: int) -> list[Problem]:
    """The oldest supported server."""
    if version >= OLDEST_VERSION:
        return []
    words = _("The server is PostgreSQL %(version)d. At least %(oldest)d is needed: upgrade it.")
    return [Problem("old_server", words % {"version": version, "oldest": OLDEST_VERSION})]


def encoding_problems(encoding: str) -> list[Problem]:
    """The encoding of the database."""
    if encoding == "UTF8":
        return []
    words = _(
        "The database stores text as %(encoding)s, which lacks Vietnamese letters. Create one with ENCODING 'UTF8'."
    )
    return [Problem("not_utf8", words % {"encoding": encoding})]


def writable_problems(is_read_only: bool) -> list[Problem]:
    """A replica, or a database that was made read-only."""
    if not is_read_only:
        return []
    words = _(
        "The database takes no writes: it is a replica, or read-only by a setting. Name the primary in DATABASE_URL."
    )
    return [Problem("read_only", words)]


def clock_problems(ahead: float) -> list[Problem]:
    """`ahead`: seconds that the clock of the database is ahead of ours."""
    if abs(ahead) <= CLOCK_TOLERANCE:
        return []
    words = _(
        "The clock of the database is %(seconds)d seconds away from that of this machine. "
        "Deadlines go by the one, tokens by the other: run an NTP client on both."
    )
    return [Problem("clocks_differ", words % {"seconds": abs(ahead)})]


def connections_problems(available: int) -> list[Problem]:
    """`available`: connections that the server gives to those who are no superusers."""
    if available >= settings.DATABASE_CONNECTIONS:
        return []
    words = _(
        "DATABASE_CONNECTIONS is %(wanted)d, and the server gives %(available)d. "
        "Lower it, or raise max_connections of the server."
    )
    return [Problem("too_many_connections", words % {"wanted": settings.DATABASE_CONNECTIONS, "available": available})]


def check_migrations() -> list[Problem]:
    """Whether the tables are those of this version."""
    loader = MigrationLoader(connection)
    if lacking := {app for app, _name in set(loader.graph.leaf_nodes()) - set(loader.applied_migrations)}:
        words = _("The tables are not those of this version (%(apps)s). Run `manage.py migrate`.")
        return [Problem("not_migrated", words % {"apps": ", ".join(sorted(lacking))})]
    for app in ("content", "notifications"):
        newest = max(name for of_app, name in loader.applied_migrations if of_app == app)
        if newest > max(name for of_app, name in loader.disk_migrations if of_app == app):
            words = _("A newer version has migrated the database (%(name)s). Install that version here too.")
            return [Problem("newer_tables", words % {"name": f"{app}.{newest}"})]
    return []


def check_extensions() -> list[Problem]:
    """Whether the extensions are there that our indexes and constraints need."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING_EXTENSIONS, [list(EXTENSIONS)])
        missing = ", ".join(sorted(name for (name,) in cursor.fetchall()))
    if not missing:
        return []
    words = _(
        "The database lacks the extensions %(names)s. A superuser runs CREATE EXTENSION for each, in this database."
    )
    return [Problem("extension_missing", words % {"names": missing})]


def check_storage() -> list[Problem]:
    """Whether the disk of the server has space: as /health/ready finds out."""
    try:
        with within(Work.HEALTH), connection.cursor() as cursor:
            cursor.execute(SPILL)
    except (DatabaseError, InterfaceError) as error:
        words = _("The database cannot store anything (%(kind)s). Look whether its disk is full, and free some space.")
        return [Problem("database_full", words % {"kind": type(error).__name__})]
    return []


def check_leftovers() -> list[Problem]:
    """Whether a backup that was killed left its scratch database, as large as ours."""
    with connection.cursor() as cursor:
        cursor.execute(LEFTOVERS, [SCRATCH_DATABASE])
        left = [name for (name,) in cursor.fetchall()]
    words = _("A backup that was killed left the database %(name)s on the server. Remove it: DROP DATABASE %(name)s;")
    return [Problem("scratch_left", words % {"name": name}) for name in left]


def check_limits() -> list[Problem]:
    """Whether the statements of a web process end in time. Asked on a connection like one of its own."""
    parameters: dict[str, Any] = dict(connection.get_connection_params())
    options = startup_options(Work.READERS, parameters.get("options", ""))
    with psycopg.connect(**parameters | {"options": options}, autocommit=True) as session:
        if session.execute("SELECT current_setting('statement_timeout') <> '0'").fetchone() == (True,):
            return []
    words = _(
        "Statements have no time limit: DATABASE_URL takes it away, or PgBouncer drops it "
        "(ignore_startup_parameters). Give it to the role: ALTER ROLE … SET statement_timeout = '8s'."
    )
    return [Problem("no_statement_timeout", words)]


def check_direct_sessions() -> list[Problem]:
    """Whether DATABASE_DIRECT_URL leads to the database of DATABASE_URL, and a session there hears announcements."""
    try:
        with _direct_session() as session:
            return _check_same_database(session) or _check_notices(session)
    except psycopg.OperationalError:
        words = _("The server of DATABASE_DIRECT_URL cannot be reached: answers are not kept in memory. Correct it.")
        return [Problem("direct_away", words)]


def _check_same_database(session: psycopg.Connection[Any]) -> list[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(SAME_DATABASE)
        if session.execute(SAME_DATABASE).fetchone() == cursor.fetchone():
            return []
    words = _("DATABASE_DIRECT_URL names another database or server than DATABASE_URL. Name the same one in both.")
    return [Problem("direct_elsewhere", words)]


def _check_notices(session: psycopg.Connection[Any]) -> list[Problem]:
    """Whether a session hears what another one announces. Not through PgBouncer in transaction mode."""
    channel = f"luatmo_doctor_{secrets.token_hex(8)}"
    session.execute(f"LISTEN {channel}".encode())
    with _direct_session() as other:
        other.execute("SELECT pg_notify(%s, '')", [channel])
    if any(True for _notice in session.notifies(timeout=NOTICE_SECONDS, stop_after=1)):
        return []
    words = _(
        "Notices of the database do not arrive: PgBouncer in transaction mode is between. Answers are not kept in "
        "memory. Name the server itself in DATABASE_DIRECT_URL."
    )
    return [Problem("notices_lost", words)]


def _direct_session() -> psycopg.Connection[Any]:
    return psycopg.connect(**direct_sessions.parameters(), autocommit=True)
