"""A database or a disk that cannot work now is nobody's mistake: 503 with when to come back."""

import errno

import psycopg
import pytest
from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.db.utils import DataError
from django.test import Client
from django.utils import translation
from psycopg import errors
from psycopg_pool import PoolTimeout

from api.problem_codes import PROBLEM_CODES
from api.problems import service_failure
from content.qa.models import Question
from tests.builders import a_device, staff


def wrapped(outer, inner):
    """As Django raises what psycopg raised."""
    try:
        raise outer from inner
    except outer as error:
        return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (wrapped(OperationalError, errors.AdminShutdown()), "database_unavailable"),
        (wrapped(OperationalError, errors.CannotConnectNow()), "database_unavailable"),
        (wrapped(OperationalError, errors.ConnectionFailure()), "database_unavailable"),
        (wrapped(OperationalError, psycopg.OperationalError("connection refused")), "database_unavailable"),
        (wrapped(OperationalError, PoolTimeout("no connection after 5 s")), "database_unavailable"),
        (wrapped(InterfaceError, psycopg.InterfaceError("the connection is closed")), "database_unavailable"),
        (wrapped(OperationalError, errors.TooManyConnections()), "database_unavailable"),
        (wrapped(InternalError, errors.ReadOnlySqlTransaction()), "database_unavailable"),  # a standby
        (wrapped(OperationalError, errors.DeadlockDetected()), "database_busy"),
        (wrapped(OperationalError, errors.SerializationFailure()), "database_busy"),
        (wrapped(OperationalError, errors.LockNotAvailable()), "database_busy"),
        (wrapped(OperationalError, errors.QueryCanceled()), "database_busy"),
        (wrapped(OperationalError, errors.OutOfMemory()), "database_busy"),
        (wrapped(OperationalError, errors.DiskFull()), "storage_full"),
        (OSError(errno.ENOSPC, "No space left on device"), "storage_full"),
        (OSError(errno.ENOENT, "No such file"), None),
        (wrapped(DataError, errors.NumericValueOutOfRange()), None),
        (ValueError(), None),
    ],
)
def test_the_sqlstate_says_whether_to_come_back(error, code):
    failure = service_failure(error)
    assert (failure and failure.default_code) == code


@pytest.fixture
def without_database(committed):
    """Call it, and the server has ended our connection, as it does when it is stopped."""
    if settings.DATABASE_DIRECT:
        pytest.skip("PgBouncer gives the next transaction another session")

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
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json; charset=utf-8")
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


@pytest.fixture
def locked(committed):
    """`with locked(table)`: another session holds the table; ours waits for a lock for a twentieth of a second."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    info = connection.connection.info
    with psycopg.connect(info.dsn, password=info.password) as other:

        def lock(table, mode="ACCESS EXCLUSIVE"):
            other.execute(f"LOCK TABLE {table} IN {mode} MODE")
            return other.rollback

        yield lock
        other.rollback()
    connection.close()
    connection.close_pool()  # the next tests get connections that wait as long as they should


def test_a_write_that_meets_a_lock_is_503_changes_nothing_and_works_when_it_is_sent_again(locked):
    minh = a_device()
    headers = {"HTTP_AUTHORIZATION": f"Bearer {minh.secret}", "HTTP_IDEMPOTENCY_KEY": "1f0c7a52-2f0c-4c38-9a55-1"}
    body = {"title": "Sang tên xe", "text": "Tôi cần giấy tờ gì?", "consent_to_publish": True}

    def ask():
        return client().post("/api/v1/questions", body, "application/json", **headers)

    unlock = locked("content_question")
    refused = ask()
    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json; charset=utf-8")
    assert (refused.json()["code"], refused["Retry-After"]) == ("database_busy", "5")
    unlock()
    assert (ask().status_code, ask().status_code, Question.objects.count()) == (201, 201, 1)


def test_a_staff_page_whose_session_cannot_be_stored_is_503_and_not_told_that_nobody_is_signed_in(locked):
    browser = client()
    browser.force_login(staff("hoa", "approver"), "django.contrib.auth.backends.ModelBackend")
    unlock = locked("django_session", "SHARE")  # read, but not written
    refused = browser.get("/staff/")
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    with translation.override("vi"):
        assert str(PROBLEM_CODES["database_busy"].meaning) in refused.content.decode()  # why, and not only that
    unlock()
    assert browser.get("/staff/").status_code == 200


def test_readiness_does_not_wait_for_a_table_that_somebody_has_locked(locked):
    locked("procrastinate_workers")
    ready = client().get("/health/ready")
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "degraded", "database": "ok", "worker": "unknown", "push": "unknown"},
    )
