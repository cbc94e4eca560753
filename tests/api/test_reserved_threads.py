"""While other requests wait for the database, public reads have threads."""

import contextlib
import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from api.replicas.reserved import SLOW_SECONDS, OtherRequests, reserved_threads_middleware

factory = RequestFactory()
WRITE, READ = factory.put("/api/v1/devices/a-phone"), factory.get("/api/v1/documents")


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def others(clock):
    return OtherRequests(2, clock=clock)


@pytest.fixture
def respond(others, settings):
    settings.DATABASE_REPLICAS = ["replica1"]
    return reserved_threads_middleware(lambda _request: HttpResponse("answered"), others)


@contextlib.contextmanager
def waiting(others, clock, *, seconds, count=2):
    """So many other requests have begun that long ago and have no answer yet."""
    with contextlib.ExitStack() as under_way:
        for _ in range(count):
            under_way.enter_context(others.another())
        clock.now += seconds
        yield


def test_a_write_is_503_at_once_while_many_wait_and_a_public_read_is_answered(respond, others, clock):
    with waiting(others, clock, seconds=2 * SLOW_SECONDS):
        refused = respond(WRITE)
        assert (refused.status_code, json.loads(refused.content)["code"]) == (503, "database_busy")
        assert refused["Retry-After"]
        assert respond(READ).status_code == 200
    assert respond(WRITE).status_code == 200


@pytest.mark.parametrize(("seconds", "count"), [(SLOW_SECONDS / 2, 50), (100, 1)])
def test_many_that_are_quick_and_few_that_are_slow_keep_nobody_away(respond, others, clock, seconds, count):
    with waiting(others, clock, seconds=seconds, count=count):
        assert respond(WRITE).status_code == 200


@pytest.mark.parametrize(
    "request_",
    [
        factory.get("/health/ready"),
        factory.post("/staff/login/"),
        factory.get("/api/v1/changes?wait=8"),
        factory.post("/api/v1/attempts/at-aaaaaaaaaa/submission"),
    ],
    ids=lambda request: request.path,
)
def test_what_is_never_refused(respond, others, clock, request_):
    with waiting(others, clock, seconds=100):
        assert respond(request_).status_code == 200


def test_a_request_that_fails_is_under_way_no_more(others, clock, settings):
    settings.DATABASE_REPLICAS = ["replica1"]

    def fail(_request):
        raise ZeroDivisionError

    respond = reserved_threads_middleware(fail, others)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            respond(WRITE)
    clock.now += 100
    assert not others.are_too_slow()


def test_without_replicas_nobody_is_refused(others, clock, settings):
    settings.DATABASE_REPLICAS = []
    respond = reserved_threads_middleware(lambda _request: HttpResponse("answered"), others)
    with waiting(others, clock, seconds=100):
        assert respond(WRITE).status_code == 200
