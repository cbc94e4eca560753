"""Only public reads of nobody in particular may go to a replica."""

import math

import psycopg
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from api.caching import FRESH_SECONDS, STALE_SECONDS, public_cache_control
from api.replicas.databases import prompt_primary
from api.replicas.middleware import is_public_read, replica_middleware
from api.replicas.services import Choice, Replicas
from api.replicas.sessions import PromptConnection
from api.replicas.watch import AWAY_SECONDS, BEHIND_SECONDS, ReplicaWatch
from content.sql import SET_TIMEOUT
from tests import database_server
from tests.journeys.installation import eventually

factory = RequestFactory()


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/documents",
        "/api/v1/documents/31-2024-qh15",
        "/api/v1/documents/31-2024-qh15/provisions/art_1",
        "/api/v1/search?q=đất",
        "/van-ban/31-2024-qh15/dieu-1",
        "/tim",
    ],
)
def test_public_law_may_be_read_from_a_replica(path):
    assert is_public_read(factory.get(path)) and is_public_read(factory.head(path))


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/changes",
        "/api/v1/changes/head",
        "/api/v1/documents/31-2024-qh15/record",
        "/api/v1/records",
        "/api/v1/exports",
        "/api/v1/calendars/aaaaaaaa.ics",
        "/api/v1/documents/31-2024-qh15/files/ab/luat.pdf",
        "/api/v1/contests/ct-aaaaaaaaaa/rounds/1/proof.jsonl.gz",
        "/api/v1/inbox",
        "/api/v1/follows",
        "/api/v1/peers",
        "/health/ready",
        "/staff/",
        "/documents",
        "/",
    ],
)
def test_feeds_records_and_what_is_of_somebody_stay_at_the_primary(path):
    assert not is_public_read(factory.get(path))


def test_who_has_a_secret_or_writes_reads_the_primary():
    path = "/api/v1/documents"
    assert not is_public_read(factory.get(path, HTTP_AUTHORIZATION="Bearer dvc_x"))
    assert not is_public_read(factory.get(path, HTTP_COOKIE="luatmo_session=x"))
    assert not any(is_public_read(make(path)) for make in (factory.post, factory.put, factory.delete, factory.options))


def test_without_replicas_the_primary_answers():
    assert Replicas([]).choose() is None


def test_a_process_that_has_not_heard_of_changes_reads_the_primary_and_watches_its_replicas(db):
    """Here the database of the test itself: it leads."""
    unheard = Replicas(["default"])
    assert unheard.choose() is None
    try:
        assert unheard.behind_seconds() == {"default": math.inf}  # it is looked at
        eventually(lambda: unheard.behind_seconds() == {})  # and answers
        assert unheard.choose() is None
    finally:
        unheard.stop()


@pytest.mark.parametrize("age", [0.1, 1, 12.5, AWAY_SECONDS, AWAY_SECONDS + BEHIND_SECONDS, 59.5, 60, 200])
def test_age_and_lifetime_of_an_answer_that_may_be_old_are_a_minute_at_most(age):
    told = public_cache_control(age)
    kind, _, seconds = told.partition(", max-age=")
    assert kind == "public" and 0 <= int(seconds) <= FRESH_SECONDS  # and no stale-while-revalidate
    assert int(seconds) == 0 or age + int(seconds) <= FRESH_SECONDS + STALE_SECONDS


def test_without_replicas_the_answer_of_the_primary_is_given_as_it_is():
    answers = iter([HttpResponse(status=503), HttpResponse("200")])
    respond = replica_middleware(lambda _request: next(answers))
    assert [respond(factory.get("/api/v1/documents")).status_code for _ in range(2)] == [503, 200]


class OneReplica(Replicas):
    """A replica that lacks what was heard last, so the primary is asked first. Both are the database of the test."""

    def __init__(self, *, is_known):
        super().__init__([])
        self._is_known = is_known

    def choose(self, *, without=(), primary_failed=False):
        watch = ReplicaWatch("default", at_primary=None, at_replica=None)
        return Choice(watch, False, 0.5) if self._is_known and primary_failed and not without else None


def answers_of(statuses, replicas, code="database_unavailable"):
    """(status that the caller gets, how many of the answers were made). 503 has that code."""

    def make(_request):
        made.append(HttpResponse(status=statuses[len(made)]))
        if made[-1].status_code == 503:
            made[-1].data = {"code": code}
        return made[-1]

    made = []
    return replica_middleware(make, replicas, prompt="default")(factory.get("/api/v1/documents")).status_code, len(made)


@pytest.mark.parametrize(
    ("statuses", "is_known", "answered"),
    [
        ([200], True, (200, 1)),
        ([503, 200], True, (200, 2)),  # the primary did not answer at once, the replica did in its place
        ([503, 503, 200], True, (200, 3)),  # neither did: the primary gets its time
        ([404], True, (404, 1)),
        ([503], False, (503, 1)),  # no replica could answer, so nobody asks twice
    ],
)
def test_a_replica_answers_at_once_in_the_place_of_a_primary_that_does_not(statuses, is_known, answered, db):
    assert answers_of(statuses, OneReplica(is_known=is_known)) == answered


@pytest.mark.parametrize("code", ["database_busy", "search_too_slow"])
def test_a_replica_answers_in_the_place_of_a_primary_that_ended_the_read_for_its_time(code, db):
    assert answers_of([503, 200], OneReplica(is_known=True), code) == (200, 2)


def test_the_server_ends_a_prompt_read_before_the_client_leaves_it_also_within_a_longer_limit(db):
    parameters = database_server.parameters() | {"dbname": connection.settings_dict["NAME"]}  # PgBouncer drops options
    options = prompt_primary({"NAME": "luatmo"}, pool={}, most_connections=1)["OPTIONS"]["options"]
    with PromptConnection.connect(**parameters | {"options": options}, autocommit=True) as session:
        with session.transaction():
            session.execute(SET_TIMEOUT, [3_000, "3000"])
            assert session.execute("SHOW statement_timeout").fetchone() == ("1300ms",)
            session.execute(SET_TIMEOUT, [20, "20"])
            assert session.execute("SHOW statement_timeout").fetchone() == ("20ms",)
        with pytest.raises(psycopg.errors.QueryCanceled):
            session.execute("SELECT pg_sleep(5)")
        assert session.execute("SELECT 1").fetchone() == (1,)  # it is not closed: nothing runs on


def test_the_primary_has_a_pool_of_its_own_for_reads_that_it_must_answer_at_once():
    described = {"NAME": "luatmo", "OPTIONS": {"sslmode": "verify-full"}}
    made = prompt_primary(described, pool={"timeout": 5, "max_size": 4}, most_connections=8)["OPTIONS"]
    assert made["sslmode"] == "verify-full" and made["pool"]["max_size"] == 8
    assert made["pool"]["timeout"] + made["pool"]["connection_class"].limit_seconds <= 2
