"""Two versions beside one another: the old one says that it ends, the new one answers for itself."""

import datetime
from email.utils import parsedate_to_datetime

import pytest
from django.test import Client

from api.deprecation import Deprecation
from tests.api.two_versions import RETIREMENT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_versions(settings):
    settings.ROOT_URLCONF = "tests.api.two_versions"


def test_what_ends_says_since_when_until_when_and_what_follows():
    answer = Client().get("/api/v1/topics")
    assert (answer.status_code, len(answer.json()["results"])) == (200, 45)
    assert answer["Deprecation"] == f"@{int(RETIREMENT.deprecated_at.timestamp())}"
    assert parsedate_to_datetime(answer["Sunset"]) == RETIREMENT.sunset_at
    assert '<http://127.0.0.1:8000/api/v2/topics>; rel="successor-version"' in answer["Link"]


def test_an_error_of_it_says_so_too_and_other_pages_may_read_it():
    answer = Client().get("/api/v1/topics?topc=1", HTTP_ORIGIN="https://example.org")
    assert (answer.status_code, "Deprecation" in answer) == (400, True)
    assert {"Deprecation", "Sunset"} <= set(answer["Access-Control-Expose-Headers"].split(", "))


def test_the_new_version_is_its_own_and_the_rest_of_the_old_stays():
    assert Client().get("/api/v2/topics").json() == {"subjects": 45, "version": "v2"}
    assert "Deprecation" not in Client().get("/api/v2/topics")
    untouched = Client().get("/api/v1/documents")
    assert (untouched.status_code, "Deprecation" in untouched) == (200, False)
    assert Client().get("/api/v3/topics").status_code == 404


def test_nothing_ends_before_it_is_said_to():
    with pytest.raises(ValueError, match="ends"):
        Deprecation(RETIREMENT.sunset_at, RETIREMENT.deprecated_at - datetime.timedelta(days=1), "/")
