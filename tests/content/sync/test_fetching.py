"""Records are fetched one after the other, the next ones while some are applied."""

import json
import threading
import time

import pytest

from content.peer_client.ahead import MOST_AHEAD
from content.peer_client.client import NotThere, PeerAway, PeerClient
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
