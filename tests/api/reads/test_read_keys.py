"""Which requests have a key in memory, and which of their addresses are remembered."""

import threading

import pytest

from api.caching import NO_SLOT
from api.reads import keys
from api.reads.keys import read_key

TOPICS = "/api/v1/topics"
PAGE = "/van-ban/luat-2019-1-2019-qh14"


def a_request(path=TOPICS, query="", **more):
    return {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, **more}


@pytest.fixture
def remembered():
    """What is remembered of addresses, empty at first."""
    keys._key.cache_clear()
    return keys._key.cache_info


@pytest.mark.parametrize("path", [TOPICS, PAGE])
def test_an_address_of_public_law_is_looked_at_once(remembered, path):
    first, second = (read_key(a_request(path, "as_of=2020-01-01")) for _ in range(2))
    assert first is not None
    assert first == second
    assert (remembered().currsize, remembered().hits) == (1, 1)


@pytest.mark.parametrize(
    "request_",
    [
        a_request(query="q=dat"), a_request("/api/v1/documents", "page=1&q=dat+dai"), a_request(query="search=x"),
        a_request(PAGE, "q=dat"), a_request(query="%71=dat"), a_request(PAGE, HTTP_ACCEPT="application/json"),
        a_request(HTTP_ACCEPT="text/html"), a_request("/api/v1/me"), a_request("/api/v1/follows/topic/11-dat-dai"),
        a_request("/api/v1/calendars/reader/secret"), a_request("/api/v1/topicsecret"), a_request("/nowhere"),
        a_request("/api/v1/documents/luat-2019-1-2019-qh14/files/1"),
    ],
)  # fmt: skip
def test_a_search_and_an_address_that_is_not_of_public_law_take_no_place(remembered, request_):
    assert read_key(request_) is None
    assert remembered().currsize == 0


@pytest.mark.parametrize(
    ("most", "too_much"),
    [
        (a_request(query="&".join("a" * 20)), a_request(query="&".join("a" * 21))),
        (a_request(query="as_of=" + "0" * 494), a_request(query="as_of=" + "0" * 495)),
        (a_request(f"{TOPICS}/" + "a" * 985), a_request(f"{TOPICS}/" + "a" * 986)),
        (a_request(HTTP_ACCEPT_LANGUAGE="v" * 986), a_request(HTTP_ACCEPT_LANGUAGE="v" * 987)),
        (a_request(HTTP_ACCEPT_ENCODING="g" * 986), a_request(HTTP_ACCEPT_ENCODING="g" * 987)),
        (a_request(HTTP_HOST="h" * 986), a_request(HTTP_HOST="h" * 987)),
    ],
    ids=["parameters", "query", "path", "languages", "encodings", "host"],
)
def test_what_is_longer_than_an_honest_request_goes_to_django(remembered, most, too_much):
    assert read_key(too_much) is None
    assert remembered().currsize == 0
    assert read_key(most) is not None


@pytest.mark.parametrize("header", ["HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "CONTENT_TYPE"])
def test_a_header_of_an_own_answer_counts_even_if_it_is_empty(header):
    assert read_key(a_request()) is not None
    assert read_key(a_request(**{header: ""})) is None


def test_a_page_has_one_key_whatever_networks_add_and_the_query_loses_it():
    request = a_request(PAGE, "fbclid=1&as_of=2020-01-01&utm_source=zalo")
    assert read_key(request) == read_key(a_request(PAGE, "as_of=2020-01-01"))
    assert request["QUERY_STRING"] == "as_of=2020-01-01"
    assert read_key(a_request(PAGE, "fbclid=1")) == read_key(a_request(PAGE))


CHANGES = "/api/v1/changes"
WAITS_THAT_ARE_NONE = ["after=5&wait=9", "wait=8&wait=0", "wait=x", "wai%74=8", "wait=08"]


@pytest.mark.parametrize("query", ["after=5&wait=8", *WAITS_THAT_ARE_NONE])
def test_who_can_wait_for_changes_goes_to_django(query):
    slots = threading.BoundedSemaphore(1)
    assert read_key(a_request(CHANGES, query), slots=slots) is None
    assert slots.acquire(blocking=False)  # it is for the request itself, when it waits


@pytest.mark.parametrize("query", WAITS_THAT_ARE_NONE)
def test_a_wait_that_is_none_goes_to_django_also_where_nobody_can_wait(query):
    assert read_key(a_request(CHANGES, query), slots=threading.Semaphore(0)) is None


def test_who_cannot_wait_has_the_key_of_who_does_not_want_to():
    waits, asks = a_request(CHANGES, "after=5&wait=8"), a_request(CHANGES, "after=5")
    assert read_key(waits, slots=threading.Semaphore(0)) == read_key(asks, slots=threading.Semaphore(1)) is not None
    assert (waits[NO_SLOT], asks[NO_SLOT]) == (True, False)
    assert waits["QUERY_STRING"] == "after=5"


@pytest.mark.parametrize("path", ["/api/v1/changes/head", "/api/v1/changes/feed", "/api/v1/changesx"])
def test_of_the_change_log_only_its_pages_have_a_key(path):
    assert read_key(a_request(path)) is None
