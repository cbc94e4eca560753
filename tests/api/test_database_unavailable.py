"""A database that is away is nobody's mistake: 503 with when to come back; one that refuses what we asked is ours."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.utils import DataError
from django.test import Client
from psycopg import errors
from psycopg_pool import PoolTimeout

from api.problems import is_database_unavailable
from tests.builders import a_device


def wrapped(outer, inner):
    """As Django raises what psycopg raised."""
    try:
        raise outer from inner
    except outer as error:
        return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (wrapped(OperationalError, errors.AdminShutdown()), True),
        (wrapped(OperationalError, errors.CannotConnectNow()), True),
        (wrapped(OperationalError, errors.ConnectionFailure()), True),
        (wrapped(OperationalError, psycopg.OperationalError("connection refused")), True),
        (wrapped(OperationalError, PoolTimeout("no connection after 5 s")), True),
        (wrapped(InterfaceError, psycopg.InterfaceError("the connection is closed")), True),
        (wrapped(OperationalError, errors.DeadlockDetected()), False),
        (wrapped(OperationalError, errors.QueryCanceled()), False),
        (wrapped(OperationalError, errors.DiskFull()), False),
        (wrapped(DataError, errors.NumericValueOutOfRange()), False),
        (ValueError(), False),
    ],
)
def test_the_sqlstate_tells_a_database_that_is_away_from_one_that_refuses(error, away):
    assert is_database_unavailable(error) is away


@pytest.fixture
def without_database(committed):
    """Call it, and the server has ended our connection, as it does when it is stopped."""

    def end():
        connection.ensure_connection()
        own = connection.connection.info
        with psycopg.connect(own.dsn, password=own.password, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [own.backend_pid])

    yield end
    connection.close()


def client():
    return Client(raise_request_exception=False)  # it is reported, as every failure of ours is


def is_unavailable(answer):
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (answer.json()["code"], answer["Retry-After"]) == ("database_unavailable", "5")
    assert answer["Cache-Control"] == "no-store"


def test_a_read_without_a_database_is_503_and_says_when_to_come_back(without_database):
    without_database()
    is_unavailable(client().get("/api/v1/topics"))


def test_asking_who_calls_without_a_database_is_503_and_not_401(without_database):
    minh = a_device()
    without_database()
    headers = {"HTTP_AUTHORIZATION": f"Bearer {minh.secret}"}
    is_unavailable(client().put("/api/v1/follows/topic/11-dat-dai", "{}", "application/json", **headers))
