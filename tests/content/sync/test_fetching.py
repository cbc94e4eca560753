"""Records are fetched one request after the other, the next ones while some are applied."""

import json
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from content.peer_client.ahead import MOST_AHEAD, RecordsAhead
from content.peer_client.client import (
    MOST_AT_ONCE,
    MOST_KEY_LETTERS,
    NotThere,
    PeerAway,
    PeerClient,
    PeerWrong,
    keys_at_once,
)
from content.sync.fetching import records_of
from tests.journeys.installation import eventually
from tests.sync import a_peer

pytestmark = pytest.mark.django_db
LAWS = [("document", f"luat-{number}") for number in range(1, 5)]


class Counted:
    """Answers 404, and counts the requests that it has at once."""

    def __init__(self):
        self.now = self.most = 0
        self.asked = [threading.Event() for _law in LAWS]
        self._lock = threading.Lock()

    def __call__(self, handler):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        if handler.path.endswith("/record"):
            self.asked[int(handler.path.split("/")[-2].rpartition("-")[2]) - 1].set()
        body = b"{}"
        with self._lock:
            self.now -= 1
        handler.send_response(404)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def counted(hostile):
    hostile.answer = Counted()
    return hostile.answer


@pytest.fixture
def peer(hostile):
    return a_peer(f"http://127.0.0.1:{hostile.server_port}", keys={"a": "b"})


def test_the_next_record_is_on_its_way_while_one_is_applied(peer, counted):
    with records_of(peer, PeerClient(peer.url)) as records:
        for place, (subject, fetched) in enumerate(records.each(LAWS)):
            assert subject == LAWS[place]
            assert isinstance(fetched, NotThere)
            if place + 1 < len(LAWS):
                assert counted.asked[place + 1].wait(10), "the next one was not asked for"
    assert counted.most == 1


def test_each_record_is_asked_for_once(peer, counted, hostile):
    with records_of(peer, PeerClient(peer.url)) as records:
        assert [subject for subject, _fetched in records.each(LAWS)] == LAWS
    assert [path for path, _headers in hostile.asked] == [f"/api/v1/documents/{key}/record" for _name, key in LAWS]


def test_who_stops_early_leaves_no_request_behind_and_may_ask_for_others(peer, counted):
    with records_of(peer, PeerClient(peer.url)) as records:
        next(iter(records.each(LAWS)))
        [(subject, fetched)] = records.each(LAWS[3:])
        assert (subject, type(fetched)) == (LAWS[3], NotThere)
        next(iter(records.each(LAWS)))
    assert (counted.now, counted.most) == (0, 1)


def test_what_came_in_time_is_not_given_when_the_time_is_over(peer, counted):
    until = time.monotonic() + 2
    with records_of(peer, PeerClient(peer.url)) as records:
        each = records.each(LAWS, until=until)
        assert next(each)[0] == LAWS[0]
        counted.asked[1].wait(2)
        eventually(lambda: time.monotonic() > until)
        assert list(each) == []


def test_an_installation_that_says_that_we_ask_too_often_ends_the_fetching(peer, hostile):
    def busy(handler):
        handler.send_response(429)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    hostile.answer = busy
    with records_of(peer, PeerClient(peer.url)) as records, pytest.raises(PeerAway):
        list(records.each(LAWS))
    assert len(hostile.asked) == 1


def test_what_is_on_its_way_is_bounded(peer, hostile):
    """While the first record is applied for ever, no more than a bounded number of others are in memory."""

    def known(handler):
        key = handler.path.split("/")[-2]
        body = json.dumps({"object": "document", "key": key}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        if len(hostile.asked) == MOST_AHEAD + 1:
            full.set()

    full = threading.Event()
    hostile.answer = known
    many = [("document", f"luat-{number}") for number in range(3 * MOST_AHEAD)]
    with records_of(peer, PeerClient(peer.url)) as records:
        each = records.each(many)
        next(each)
        assert full.wait(10)
        assert len(hostile.asked) == MOST_AHEAD + 1
        assert len(list(each)) == len(many) - 1
    assert len(hostile.asked) == len(many)


class SaysSeveral:
    """An installation with several records in one answer: `together` gives what it says to a list of keys."""

    def __init__(self, together, *, gone=(), broken=()):
        self.together, self.gone, self.broken = together, gone, broken

    def __call__(self, handler):
        path, _mark, query = handler.path.partition("?")
        status, said = 200, {"results": [], "records_url": "http://elsewhere.example/records"}
        if path.endswith("/records"):
            status, said = self.together(query.rpartition("=")[2].split(","))
        elif path.endswith("/record"):
            key = path.split("/")[-2]
            status, said = (410, {}) if key in self.gone else (200, a_record(key, "alone"))
            status = 500 if key in self.broken else status
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def a_record(key, how):
    return {"object": "document", "key": key, "how": how}


def ways(peer, hostile, subjects):
    """How each object came, in order, and the addresses that were asked for."""
    client = PeerClient(peer.url)
    client.note_what_it_gives(client.page(0, 0))
    hostile.asked.clear()
    with ThreadPoolExecutor(1) as thread:
        ahead = RecordsAhead(client, thread, subjects, math.inf)
        came = []
        for _subject in subjects:
            try:
                came.append(ahead.next(lambda: None)["how"])
            except (NotThere, PeerAway, PeerWrong) as error:
                came.append(type(error).__name__)
        ahead.end()
    client.close()
    return came, [path.removeprefix("/api/v1/") for path, _headers in hostile.asked]


def several(keys):
    return f"records?object=document&keys={','.join(keys)}"


KEYS = [key for _name, key in LAWS]
TOGETHER = ["together"] * len(LAWS)
ONE_BY_ONE = ["alone"] * len(LAWS), [several(KEYS), *(f"documents/{key}/record" for key in KEYS)]


def all_of(keys, *, left=()):
    return 200, {"results": [a_record(key, "together") for key in keys if key not in left], "left": [*left]}


def test_several_records_come_in_one_answer_where_the_installation_gives_them(peer, hostile):
    hostile.answer = SaysSeveral(all_of)
    assert ways(peer, hostile, LAWS) == (TOGETHER, [several(KEYS)])


def test_an_installation_that_does_not_say_so_is_not_asked_for_several(peer, counted, hostile):
    with records_of(peer, PeerClient(peer.url)) as records:
        list(records.each(LAWS))
    assert not any("records" in path for path, _headers in hostile.asked)


def test_one_object_is_asked_for_alone(peer, hostile):
    hostile.answer = SaysSeveral(all_of)
    assert ways(peer, hostile, LAWS[:1]) == (["alone"], [f"documents/{KEYS[0]}/record"])


def test_objects_of_other_types_are_asked_for_apart_and_come_in_their_order(peer, hostile):
    hostile.answer = SaysSeveral(all_of)
    subjects = [LAWS[0], ("event", "su-kien"), *LAWS[1:]]
    came, asked = ways(peer, hostile, subjects)
    assert came == ["together", "alone", *TOGETHER[1:]]
    assert asked == [several(KEYS), "events/su-kien/record"]


def test_what_an_answer_lacks_is_asked_for_alone_once(peer, hostile):
    hostile.answer = SaysSeveral(lambda keys: all_of(keys[1:3]), gone=KEYS[:1])
    came, asked = ways(peer, hostile, LAWS)
    assert came == ["NotThere", "together", "together", "alone"]
    assert asked == [several(KEYS), f"documents/{KEYS[0]}/record", f"documents/{KEYS[3]}/record"]


def test_what_a_large_answer_leaves_out_is_asked_for_with_the_next_ones(peer, hostile):
    hostile.answer = SaysSeveral(lambda keys: all_of(keys, left=keys[2:]))
    assert ways(peer, hostile, LAWS) == (TOGETHER, [several(KEYS), several(KEYS[2:])])


@pytest.mark.parametrize(
    "together",
    [
        (200, {"results": [], "left": KEYS}), (200, {"results": [], "left": []}), (200, {"results": {}, "left": []}),
        (200, {"results": [7, None, {"key": 7}, {"key": ["luat-1"]}, {"key": "luat-9"}], "left": [7, {}]}),
        (200, b"<html>"), (200, b'{"results": [NaN]}'), (404, {}), (400, {}), (410, {}), (429, {}), (500, {}),
    ],
)  # fmt: skip
def test_whatever_is_wrong_with_an_answer_for_several_each_is_asked_for_alone(peer, hostile, together):
    hostile.answer = SaysSeveral(lambda keys: together)
    assert ways(peer, hostile, LAWS) == ONE_BY_ONE


@pytest.mark.parametrize("status", [404, 429, 500])
def test_an_installation_that_gives_no_several_is_not_asked_for_them_again(peer, hostile, status):
    hostile.answer = SaysSeveral(lambda keys: (status, {}))
    many = [("document", f"luat-{number}") for number in range(MOST_AT_ONCE * 3)]
    came, asked = ways(peer, hostile, many)
    assert came == ["alone"] * len(many)
    assert [path for path in asked if path.startswith("records?")] == [several([key for _, key in many[:MOST_AT_ONCE]])]


def test_a_record_of_another_type_of_object_is_none_of_these(peer, hostile):
    hostile.answer = SaysSeveral(
        lambda keys: (200, {"results": [a_record(key, "together") | {"object": "event"} for key in keys], "left": []})
    )
    assert ways(peer, hostile, LAWS) == ONE_BY_ONE


def test_what_came_with_others_is_not_asked_for_again_after_one_that_did_not_come(peer, hostile):
    hostile.answer = SaysSeveral(lambda keys: all_of([key for key in keys if key != KEYS[1]]), broken=KEYS[1:2])
    client = PeerClient(peer.url)
    client.note_what_it_gives(client.page(0, 0))
    hostile.asked.clear()
    with records_of(peer, client) as records:
        given = [type(fetched).__name__ for _subject, fetched in records.each(LAWS)]
    client.close()
    assert given == ["RecordRefused", "PeerAway", "RecordRefused", "RecordRefused"]  # the made-up ones have no seal
    asked = [path.removeprefix("/api/v1/") for path, _headers in hostile.asked if "changes" not in path]
    assert asked[:2] == [several(KEYS), f"documents/{KEYS[1]}/record"]
    assert not [path for path in asked[2:] if KEYS[2] in path or KEYS[3] in path]


def test_what_is_no_key_is_refused_and_keeps_no_other_from_coming(peer, hostile):
    hostile.answer = SaysSeveral(all_of)
    came, asked = ways(peer, hostile, [("document", "luat/../x"), *LAWS])
    assert came == ["PeerWrong", *TOGETHER]
    assert asked == [several(KEYS)]


def test_an_address_names_as_many_keys_as_servers_take():
    assert keys_at_once(f"luat-{number}" for number in range(100)) == [f"luat-{n}" for n in range(MOST_AT_ONCE)]
    long = [f"{number:03}" + "a" * 197 for number in range(30)]
    assert len(",".join(keys_at_once(long))) < MOST_KEY_LETTERS
    assert keys_at_once(long) == long[: len(keys_at_once(long))]
