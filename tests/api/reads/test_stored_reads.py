"""Answers from memory are those of Django, byte for byte, and never older than the last commit."""

import datetime
import gzip
import io
import json
import sys
import threading

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from api.caching import MAY_BE_OLD, public_cache_control
from api.reads.application import StoredReads
from api.reads.listener import CHANNEL
from content.topics.models import Topic
from tests.builders import a_document, land
from tests.journeys.installation import eventually

pytestmark = pytest.mark.django_db
OLD = public_cache_control(20)
TOPIC, TOPICS = "/api/v1/topics/11-dat-dai", "/api/v1/topics"


class Front:
    """The WSGI application, and how often it asked Django."""

    def __init__(self, most_bytes=1_000_000, *, asks_memory_first=True):
        self.asks_memory_first = asks_memory_first  # as config/wsgi.py; else what the metrics stand in front of
        self.asked = []  # of each request that came to Django: its path
        self.logged = []  # of each answer from memory: (path, status)
        self.counted = []  # of each that was given before this was called: the same
        self.while_answering = lambda: None
        self.may_be_old = False  # what Django answers: as of a replica while the primary is away
        self.reads = StoredReads(
            self._django, most_bytes=most_bytes, client_address=lambda environ: environ["REMOTE_ADDR"],
            log_request=self._log, count_hit=lambda *hit: self.counted.append(hit),
        )  # fmt: skip
        self._handler = WSGIHandler()

    def _django(self, environ, start_response):
        self.asked.append(environ["PATH_INFO"])
        answer = self._handler(environ, self._as_old(start_response) if self.may_be_old else start_response)
        self.while_answering()
        environ[MAY_BE_OLD] = self.may_be_old
        return answer

    def _as_old(self, start_response):
        def start(status, headers, exc_info=None):
            kept = [(name, value) for name, value in headers if name.lower() != "cache-control"]
            return start_response(status, [*kept, ("Cache-Control", OLD)])

        return start

    def _log(self, environ, status, _started_at):
        self.logged.append((environ["PATH_INFO"], status))
        return "a-request-id"

    def get(self, path, method="GET", address="192.0.2.50", **headers):
        """(status, headers, body) of a request."""
        path, _, query = path.partition("?")
        said = {}

        def start(status, headers, exc_info=None):
            said.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})

        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": address, "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "SERVER_PROTOCOL": "HTTP/1.1",
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}  # fmt: skip
        answer = self.reads.answer_from_memory(environ, start) if self.asks_memory_first else None
        body = b"".join(self.reads(environ, start) if answer is None else answer)
        return said["status"], said["headers"], body

    def hears(self, change):
        """Make a change, and wait until this process has heard of all changes so far: notices come in order.

        The transaction of a test is never committed, so its changes are announced here.
        """
        change()
        before = self.reads._store.state
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as session:
            session.execute("SELECT pg_notify(%s, '')", [CHANNEL])
        eventually(lambda: self.reads._store.state > before)


@pytest.fixture(autouse=True)
def _connection_of_the_test_stays_open():
    for signal in (request_started, request_finished):  # as Django's own test client does it
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(params=["memory_first", "behind_the_metrics"])
def front(request):
    made = Front(asks_memory_first=request.param == "memory_first")
    made.get("/nothing")  # the first request begins to listen
    try:
        eventually(made.reads.listener.is_listening)
        made.asked.clear()
        yield made
    finally:
        made.reads.listener.stop()


def rename(name):
    return lambda: Topic.objects.filter(key="11-dat-dai").update(name=name)


def test_what_memory_gives_first_is_logged_and_counted_once(front):
    first, second = front.get(TOPIC), front.get(TOPIC)
    unchanged = front.get(TOPIC, if_none_match=first[1]["etag"])
    head = front.get(TOPIC, method="HEAD")
    assert [each[0] for each in (first, second, unchanged, head)] == [200, 200, 304, 200]
    hits = [(TOPIC, 200), (TOPIC, 304), (TOPIC, 200)]
    assert (front.logged, front.counted) == (hits, hits if front.asks_memory_first else [])


def test_the_second_request_is_answered_from_memory_with_the_same_bytes(front):
    front.hears(lambda: a_document("1/2019/QH14", topics=[land()]))
    for path in (
        TOPIC, "/api/v1/documents", "/api/v1/documents?topic=11-dat-dai&page_size=1", "/api/v1/topics?lang=en",
        "/api/v1/documents/luat-2019-1-2019-qh14", "/api/v1/documents/luat-2019-1-2019-qh14/provisions/art_1",
        "/api/v1/documents/luat-2019-1-2019-qh14/text", "/api/v1/documents/luat-2019-1-2019-qh14/text?format=html",
        "/van-ban/luat-2019-1-2019-qh14", "/van-ban/luat-2019-1-2019-qh14/dieu-1",
    ):  # fmt: skip
        for headers in ({}, {"accept_encoding": "gzip"}, {"accept_encoding": "br"}, {"accept_language": "en"}):
            front.asked.clear()
            status, own, body = front.get(path, **headers)
            again, others, repeated = front.get(path, **headers)
            assert (status, again, len(front.asked)) == (200, 200, 1), (path, headers)
            assert repeated == body
            told = {"x-request-id", "ratelimit", "cache-status"}
            assert {name: value for name, value in own.items() if name not in told} == {
                name: value for name, value in others.items() if name not in told
            }
            assert others["x-request-id"] == "a-request-id"
            assert (own["cache-status"], others["cache-status"]) == ("luat-mo; fwd=miss", "luat-mo; hit")


def test_that_nothing_is_new_in_the_change_log_is_said_from_memory_until_something_is(front):
    front.hears(lambda: a_document("1/2019/QH14"))
    cursor = json.loads(front.get("/api/v1/changes")[2])["cursor"]
    nothing = f"/api/v1/changes?after={cursor}&page_size=100"
    front.asked.clear()
    _status, _headers, first = front.get(nothing)
    _status, headers, second = front.get(nothing)
    assert (len(front.asked), headers["cache-status"], first) == (1, "luat-mo; hit", second)
    assert "retry-after" not in headers
    front.hears(lambda: a_document("2/2019/QH14"))
    for _time in range(2):  # news name titles that no process hears of: they are asked for each time
        found = json.loads(front.get(nothing)[2])["results"]
        assert [each["subject"] for each in found] == ["luat-2019-2-2019-qh14"]
    assert len(front.asked) == 3


def test_who_finds_no_slot_to_wait_for_changes_hears_from_memory_that_nothing_is_new(front):
    front.hears(lambda: a_document("1/2019/QH14"))
    cursor = json.loads(front.get("/api/v1/changes")[2])["cursor"]
    nothing = f"/api/v1/changes?after={cursor}"
    front.get(nothing)
    front.asked.clear()
    waited = front.get(f"{nothing}&wait=8")  # in tests nobody finds one
    front.hears(rename("Đất và nhà"))
    revalidated = front.get(f"{nothing}&wait=8")
    other = front.get(f"{nothing}&wait=8&page_size=7")
    assert [status for status, _headers, _body in (waited, revalidated, other)] == [200, 200, 200]
    assert [headers["retry-after"] for _status, headers, _body in (waited, revalidated, other)] == ["1", "1", "1"]
    assert [headers["cache-status"] for _status, headers, _body in (waited, revalidated, other)] == [
        "luat-mo; hit", "luat-mo; fwd=stale; fwd-status=304", "luat-mo; fwd=miss"
    ]  # fmt: skip
    _status, headers, body = front.get(nothing)
    assert ("retry-after" in headers, body) == (False, waited[2])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_commit_is_seen_by_the_next_request(front):
    assert json.loads(front.get(TOPIC)[2])["name"] == "Đất đai"
    before = front.reads._store.state
    rename("Đất và nhà")()
    eventually(lambda: front.reads._store.state > before)
    assert json.loads(front.get(TOPIC)[2])["name"] == "Đất và nhà"
    assert len(front.asked) == 2


def test_what_is_still_right_after_a_change_elsewhere_is_not_made_again(front):
    _status, _headers, body = front.get(TOPIC)
    front.hears(lambda: a_document("9/2020/QH14"))
    status, headers, again = front.get(TOPIC)
    assert (status, again, len(front.asked)) == (200, body, 2)
    assert int(headers["content-length"]) == len(body)
    assert headers["cache-status"] == "luat-mo; fwd=stale; fwd-status=304"
    assert front.get(TOPIC)[2] == body
    assert len(front.asked) == 2


def test_an_answer_that_was_made_while_the_data_changed_is_not_kept(front):
    front.while_answering = lambda: front.hears(rename("Giữa chừng"))
    front.get(TOPIC)
    front.while_answering = lambda: None
    assert json.loads(front.get(TOPIC)[2])["name"] == "Giữa chừng"
    assert len(front.asked) == 2


def test_while_changes_cannot_be_heard_django_answers_and_afterwards_nothing_old_is_left(front):
    front.get(TOPIC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE query LIKE '%luatmo_beat%' AND pid <> pg_backend_pid()")
        sessions = cursor.fetchall()
        assert sessions
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [[pid for (pid,) in sessions]])
    eventually(lambda: not front.reads.listener.is_listening())
    rename("Không ai nghe")()
    assert json.loads(front.get(TOPIC)[2])["name"] == "Không ai nghe"
    eventually(front.reads.listener.is_listening)
    assert json.loads(front.get(TOPIC)[2])["name"] == "Không ai nghe"


def test_a_copy_of_the_caller_is_compared_with_memory(front):
    _status, headers, body = front.get(TOPICS, accept_encoding="gzip")
    front.asked.clear()
    for asked in (headers["etag"], f"W/{headers['etag']}", f'"other", {headers["etag"]}', "*"):
        status, of_304, nothing = front.get(TOPICS, accept_encoding="gzip", if_none_match=asked)
        assert (status, nothing) == (304, b"")
        assert of_304["etag"] == headers["etag"]
        assert not {"content-length", "content-type", "content-encoding"} & set(of_304)
        assert of_304["cache-control"] == headers["cache-control"]
        assert of_304["vary"] == headers["vary"]
    status, _headers, whole = front.get(TOPICS, accept_encoding="gzip", if_none_match='"other"')
    assert (status, gzip.decompress(whole)) == (200, gzip.decompress(body))
    assert front.asked == []


def test_a_head_has_the_headers_of_its_get_and_no_body(front):
    assert front.get(TOPIC, method="HEAD")[0] == 200
    _status, headers, body = front.get(TOPIC)
    front.asked.clear()
    status, of_head, nothing = front.get(TOPIC, method="HEAD")
    assert (status, nothing, of_head["content-length"]) == (200, b"", str(len(body)))
    assert of_head["etag"] == headers["etag"]
    assert front.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer dvc_x"}, {"cookie": "sessionid=x"}, {"range": "bytes=0-3"}, {"accept": "text/html"},
        {"if_modified_since": "Mon, 01 Jan 2024 00:00:00 GMT"}, {"transfer_encoding": "chunked"},
    ],
)  # fmt: skip
def test_a_request_that_may_have_an_answer_of_its_own_goes_to_django(front, headers):
    front.get(TOPIC)
    front.asked.clear()
    front.get(TOPIC, **headers)
    assert front.asked == [TOPIC]


def test_callers_whose_answers_differ_share_none(front):
    front.get(TOPIC)
    assert json.loads(front.get(TOPIC, accept_language="en;q=0.9, vi;q=0.5")[2]) == json.loads(
        front.get(f"{TOPIC}?lang=en")[2]
    )
    assert "access-control-allow-origin" not in front.get(TOPIC)[1]
    assert front.get(TOPIC, origin="https://app.example")[1]["access-control-allow-origin"] == "*"
    assert front.get(TOPIC, host="attacker.example")[0] == 400
    assert front.get(TOPIC, host="attacker.example")[0] == 400
    assert front.get(TOPIC, method="POST")[0] == 405
    assert front.get(f"{TOPIC}?page=2")[0] == 400
    assert front.get(TOPIC)[0] == 200


@pytest.mark.parametrize("wrong", ["", "http://[", "https://app.example/x", "app.example", "x" * 5_000])
def test_an_origin_that_is_none_keeps_no_page_of_another_origin_from_the_answer(front, wrong):
    front.get(TOPIC, origin=wrong)
    for origin in ("https://app.example", "http://localhost:5173", "capacitor://localhost", "null"):
        assert front.get(TOPIC, origin=origin)[1]["access-control-allow-origin"] == "*"
    assert len(front.asked) == 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_app_that_asks_a_page_for_json_is_led_to_the_api_whoever_asked_before(front, method):
    front.hears(lambda: a_document("1/2019/QH14"))
    page = "/van-ban/luat-2019-1-2019-qh14"
    html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert [front.get(page, accept=html)[0] for _ in range(2)] == [200, 200]
    assert front.get(page, method=method, accept="application/json")[0] == 303
    assert front.get(page, accept=html)[1]["cache-status"] == "luat-mo; hit"


def test_a_parameter_that_is_spelt_with_percent_signs_is_read_by_django(front):
    front.hears(lambda: a_document("1/2019/QH14", issued_on=datetime.date(2019, 1, 1)))
    page = "/van-ban/luat-2019-1-2019-qh14"
    today = front.get(page)[2]
    assert front.get(f"{page}?%61s_of=2019-02-01")[2] == front.get(f"{page}?as_of=2019-02-01")[2] != today


def test_what_cannot_be_stored_holds_up_nobody(front):
    for _ in range(2):
        assert front.get("/api/v1/topics/nothing")[0] == 404
    (key,) = front.reads._store._refused
    assert front.reads._store.is_refused(key)
    front.hears(lambda: None)
    assert not front.reads._store.is_refused(key)


def test_parameters_that_networks_add_make_no_answer_of_their_own_on_a_page(front):
    front.hears(lambda: a_document("1/2019/QH14"))
    page = "/van-ban/luat-2019-1-2019-qh14"
    assert front.get(f"{page}?fbclid=1")[2] == front.get(f"{page}?utm_source=zalo")[2] == front.get(page)[2]
    assert len(front.asked) == 1
    assert front.get(f"{page}?as_of=2000-01-01")[2] != front.get(page)[2]


def test_an_answer_from_memory_counts_and_past_the_quota_it_is_429(front, settings):
    settings.READS_PER_MINUTE = 3
    front.get(TOPIC, address="192.0.2.51")
    address = "192.0.2.52" if front.asks_memory_first else "192.0.2.53"
    answers = [front.get(TOPIC, address=address) for _ in range(7)]  # the minute may turn between two of them
    assert {status for status, _headers, _body in answers} == {200, 429}
    assert answers[0][1]["ratelimit"].startswith('"anonymous";r=2;')
    assert answers[0][1]["ratelimit-policy"] == '"anonymous";q=3;w=60'
    assert (TOPIC, 200) in front.logged


def test_many_at_once_let_django_make_an_answer_once(front):
    def get():
        front.get(TOPIC)
        connection.close()

    threads = [threading.Thread(target=get) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert front.asked.count(TOPIC) == 1


def test_memory_is_bounded_and_the_least_used_answer_goes_first():
    small = Front(most_bytes=20_000)
    small.get("/nothing")
    eventually(small.reads.listener.is_listening)
    try:
        for number in range(12):
            small.get(f"/api/v1/documents?page_size={number + 1}")
        small.asked.clear()
        small.get("/api/v1/documents?page_size=12")
        assert small.asked == []
        small.get("/api/v1/documents?page_size=1")
        assert len(small.asked) == 1
    finally:
        small.reads.listener.stop()


def bytes_held(value, seen):
    """Of a value and all that it holds; each object counts once."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    held = value if isinstance(value, (tuple, list)) else ()
    return sys.getsizeof(value) + sum(bytes_held(each, seen) for each in held)


def test_answers_in_memory_take_no_more_than_is_counted_for_them():
    """Each has its own bytes; what their headers have in common is there once."""
    plenty = Front()
    plenty.get("/nothing")
    eventually(plenty.reads.listener.is_listening)
    try:
        for day in range(1, 31):
            plenty.get(f"/api/v1/documents?as_of=2020-01-{day:02}")
    finally:
        plenty.reads.listener.stop()
    answers, seen = plenty.reads._store._answers, set()
    items = list(answers._values.items())
    first, *others = (bytes_held(item, seen) for item in items)
    assert len(others) == 29
    assert first > sum(others) / 29 + 1_000
    assert sum(others) < answers._bytes * 29 / 30


def test_an_answer_that_may_be_old_is_given_and_not_kept(front):
    front.may_be_old = True
    assert front.get(TOPIC)[1]["cache-control"] == OLD
    front.may_be_old = False
    assert front.get(TOPIC)[1]["cache-control"] != OLD
    front.get(TOPIC)
    assert front.asked == [TOPIC] * 2  # the third is from memory


def test_an_old_answer_is_no_reason_to_keep_the_one_of_before(front):
    """A change is heard, and a replica that may lack it says that nothing has changed."""
    before = front.get(TOPIC)
    front.hears(lambda: None)
    front.asked.clear()
    front.may_be_old = True
    status, headers, body = front.get(TOPIC)
    assert (status, headers["cache-control"], headers["etag"], body) == (200, OLD, before[1]["etag"], before[2])
    asked_with = front.get(TOPIC, if_none_match=before[1]["etag"])
    assert (asked_with[0], asked_with[1]["cache-control"]) == (304, OLD)
    front.may_be_old = False
    front.hears(rename("Tên mới"))
    assert "Tên mới" in front.get(TOPIC)[2].decode()
    assert front.asked == [TOPIC] * 3


def test_without_memory_django_answers_all():
    none = Front(most_bytes=0)
    none.get(TOPIC)
    none.get(TOPIC)
    assert none.asked == [TOPIC, TOPIC]


def test_the_channel_is_the_one_that_the_triggers_use():
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as session:
        source = session.execute("SELECT prosrc FROM pg_proc WHERE proname = 'announce_public_change'").fetchone()
    assert f"'{CHANNEL}'" in source[0]
