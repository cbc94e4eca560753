"""Real primaries and replicas for tests."""

import contextlib
import tempfile
from pathlib import Path

import psycopg

from config.local.postgres_files import make_private_folder, make_root_folder
from config.local.private_postgres import PrivatePostgres


@contextlib.contextmanager
def a_cluster():
    """A primary of its own, empty."""
    with _folder() as folder:
        server = PrivatePostgres(folder, throwaway=True)
        try:
            server.join()
            yield server
        finally:
            server.destroy()


@contextlib.contextmanager
def a_replica_of(primary):
    """A streaming replica, made while the primary runs."""
    with _folder() as folder:
        copy = PrivatePostgres(folder, throwaway=True)
        make_root_folder(copy.root, copy.uid)
        for each in (copy.run, copy.data):
            make_private_folder(each, copy.uid, copy.gid)
        primary._pg("pg_basebackup", "-h", primary.run, "-U", "postgres", "-D", copy.data, "-R", "-c", "fast")
        try:
            copy.join()
            yield copy
        finally:
            copy.destroy()


@contextlib.contextmanager
def _folder():
    folder = Path(tempfile.mkdtemp(prefix="luatmo-db-"))
    folder.chmod(0o711)
    yield folder
    with contextlib.suppress(OSError):
        folder.rmdir()


def place_of(server, database, user="postgres"):
    """How libpq reaches it."""
    return {"host": str(server.run), "user": user, "dbname": database}


def run(server, statement, values=None, *, database="luatmo"):
    """Run a statement, and return its rows if it has any."""
    with psycopg.connect(**place_of(server, database), autocommit=True) as session:
        done = session.execute(statement, values)
        return done.fetchall() if done.description else None
