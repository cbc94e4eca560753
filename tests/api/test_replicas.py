"""Only public reads of nobody in particular may go to a replica."""

import pytest
from django.test import RequestFactory

from api.replicas.middleware import is_public_read
from api.replicas.services import Replicas

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


def test_without_replicas_or_without_hearing_of_changes_the_primary_answers():
    assert Replicas([]).choose() is None
    unheard = Replicas(["replica1"])
    assert unheard.choose() is None and unheard.behind_seconds() == {}
