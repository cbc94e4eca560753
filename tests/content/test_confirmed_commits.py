"""A commit that no synchronous standby confirmed is not acknowledged, although PostgreSQL does so."""

import contextlib

import psycopg
import pytest
from django.conf import settings

from content.confirmed_commits import ConfirmedConnection
from tests.journeys.installation import eventually
from tests.replicas import a_cluster, place_of, run

HASTY = "-c synchronous_commit=on -c statement_timeout=300"  # milliseconds


@pytest.fixture(scope="module")
def without_standby():
    """A server whose commits wait for a standby that does not exist."""
    with a_cluster() as server:
        run(server, "CREATE TABLE written (number int)", database="postgres")
        run(server, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", database="postgres")
        run(server, "SELECT pg_reload_conf()", database="postgres")
        eventually(lambda: is_warned(server))
        yield server


def is_warned(server):
    """Whether commits wait by now: the plain driver then hears a warning, and no error."""
    heard = []
    with psycopg.connect(**place_of(server, "postgres"), options=HASTY, autocommit=True) as session:
        session.add_notice_handler(lambda notice: heard.append(notice.source_function))
        session.execute("INSERT INTO written VALUES (0)")
    return heard == ["SyncRepWaitForLSN"]


@contextlib.contextmanager
def confirmed(server, **options):
    with ConfirmedConnection.connect(**place_of(server, "postgres"), options=HASTY, **options) as session:
        yield session


def test_a_commit_that_no_standby_confirmed_is_an_error(without_standby):
    with confirmed(without_standby, autocommit=True) as session:
        session.execute("BEGIN")
        session.execute("INSERT INTO written VALUES (1)")
        with pytest.raises(psycopg.OperationalError, match="no standby"):
            session.execute("COMMIT")
    with pytest.raises(psycopg.OperationalError, match="no standby"), confirmed(without_standby) as session:
        session.execute("INSERT INTO written VALUES (2)")
        session.commit()


def test_a_statement_of_its_own_that_no_standby_confirmed_is_an_error(without_standby):
    with confirmed(without_standby, autocommit=True) as session:
        with pytest.raises(psycopg.OperationalError, match="no standby"):
            session.execute("INSERT INTO written VALUES (3)")
        assert session.execute("SELECT 1").fetchone() == (1,)  # told once, and the session goes on


def test_what_needs_no_standby_is_no_error(without_standby):
    with confirmed(without_standby, autocommit=True) as session:
        session.execute("SET synchronous_commit = local")
        session.execute("INSERT INTO written VALUES (4)")
        session.execute("DO $$ BEGIN RAISE WARNING 'another one'; END $$")


def test_web_server_and_worker_use_it():
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]["connection_class"] is ConfirmedConnection
