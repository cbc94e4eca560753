"""A round that reads many pages heeds what people do meanwhile, the end of its worker, and a page that never comes."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from content.changes.models import Change
from content.peer_client.client import PAGE_SIZE, CursorAhead, PeerClient
from content.peer_lines.lines import Forked
from content.peer_loop.loop import FollowingLoop
from content.sync import services, trust
from content.sync.fetching import records_of
from content.sync.following import work_once
from content.sync.leases import claim
from content.sync.models import Peer
from tests.content.sync.test_pages import MANY_LINES
from tests.journeys.installation import eventually
from tests.sync import a_peer, two_of_staff

LONG = 30  # seconds; a fault ends a test after them


def following(ministry):
    """The ministry, read up to its present line and leased by this worker."""
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    peer = a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)
    return claim(peer)


class Meanwhile(PeerClient):
    """Has something done when the second page is asked for: in a thread, while the first page is applied."""

    def __init__(self, url, do):
        super().__init__(url)
        self.begin, self.do, self.pages = None, do, 0

    def page(self, after, wait):
        self.pages += 1
        self.begin = after if self.begin is None else self.begin
        if self.pages == 2:
            try:
                self.do()
            finally:
                if threading.current_thread() is not threading.main_thread():
                    connection.close()
        return super().page(after, wait)


def after_pages(ministry, number, do):
    """(the peer, the outcome of a round, pages) with three pages of news; `do()` while the first is applied."""
    peer = following(ministry)
    ministry.run(f"law = a_document('{number}/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=2 * PAGE_SIZE + 10))
    client = Meanwhile(peer.url, lambda: do(Peer.objects.get()))
    outcome = work_once(peer, client)
    client.close()
    return Peer.objects.get(), outcome


def test_an_installation_that_a_person_pauses_is_read_no_page_further(committed, ministry):
    by = two_of_staff()[0]
    peer, outcome = after_pages(ministry, 401, lambda peer: services.pause_peer(peer, by=by, reason="Thử"))
    assert outcome.lines == PAGE_SIZE
    assert (peer.state, peer.lease, peer.error) == ("paused", None, "")
    services.resume_peer(peer, by=by, reason="Thử")
    outcome = work_once(claim(peer), client := PeerClient(peer.url))
    client.close()
    assert (outcome.error, outcome.lines) == ("", PAGE_SIZE + 11)
    assert len(origins()) == len(set(origins())) == 2 * PAGE_SIZE + 11


def test_what_a_person_wants_in_addition_is_loaded_at_once_and_not_after_the_round(committed, ministry):
    by = two_of_staff()[0]

    def widen(peer):
        Peer.objects.update(objects_wanted=["document"])
        services.set_peer(Peer.objects.get(), by=by, objects_wanted=[])

    peer, outcome = after_pages(ministry, 403, widen)
    assert (outcome.error, outcome.lines) == ("", PAGE_SIZE)
    assert (peer.state, peer.loaded_at, peer.lease) == ("loading", None, None)


def test_a_worker_that_is_told_to_end_reads_no_further_page(committed, ministry):
    loop = FollowingLoop()
    peer = following(ministry)
    Peer.objects.update(lease=None, leased_until=None)
    ministry.run("law = a_document('404/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=PAGE_SIZE + 10))
    loop.stop()
    loop._work(peer)
    connection.close()
    assert Change.objects.filter(facts__has_key="origin").count() == PAGE_SIZE
    assert Peer.objects.get().bookmark == peer.bookmark > 0


class Spoils(PeerClient):
    """Its second page is what `spoil` makes of it, the third that of the ministry again."""

    def __init__(self, url, spoil):
        super().__init__(url)
        self.spoil, self.pages = spoil, 0

    def page(self, after, wait):
        self.pages += 1
        page = super().page(after, wait)
        return self.spoil(page, after) if self.pages == 2 else page


def forks(page, _after):
    page["results"][40]["subject"] = "luat-khac"
    return page


def repeats(page, after):
    return page | {"results": [line | {"key": str(after)} for line in page["results"]]}


def has_a_head_of_another(page, _after):
    return page | {"head": page["head"] | {"key": str(int(page["head"]["key"]) + 1)}}


def is_ahead(_page, _after):
    raise CursorAhead


def breaks(_page, _after):
    raise ZeroDivisionError("whatever it is")


@pytest.mark.parametrize(
    ("spoil", "state"),
    [
        (forks, "forked"), (has_a_head_of_another, "forked"), (is_ahead, "forked"), (repeats, "away"), (breaks, "away"),
        (lambda page, after: page | {"results": {"a": 1}}, "away"), (lambda page, after: [], "away"),
        (lambda page, after: page | {"results": page["results"] * 3}, "away"),
    ],
    ids=["forks", "head", "ahead", "repeats", "breaks", "no lines", "no object", "too many"],
)  # fmt: skip
def test_whatever_the_next_page_is_what_came_before_stands_and_nothing_comes_twice(committed, ministry, spoil, state):
    peer = following(ministry)
    begin = peer.bookmark
    ministry.run(f"law = a_document('{500 + begin}/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=2 * PAGE_SIZE + 10))
    client = Spoils(peer.url, spoil)
    outcome = work_once(peer, client)
    stored = Peer.objects.get()
    assert (outcome.lines, stored.state) == (PAGE_SIZE, state)
    assert outcome.error and stored.error == outcome.error
    assert stored.bookmark == max(origins()) > begin
    assert (stored.other_head is not None) == (state == "forked")
    Peer.objects.update(state="following", next_try_at=None)
    assert work_once(claim(stored), client).error == ""
    client.close()
    assert len(origins()) == len(set(origins())) == 2 * PAGE_SIZE + 11


def origins():
    """The lines of the home that our log names."""
    return [int(each.facts["origin"]["key"]) for each in Change.objects.filter(facts__has_key="origin")]


class Trickles:
    """Its page never ends: a byte every moment. Records are not there."""

    def __init__(self):
        self.begun, self.cut, self.is_over = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, handler):
        if handler.path.endswith("/record"):
            handler.send_response(404)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        self.begun.set()
        try:
            while not self.is_over.wait(0.02):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            self.cut.set()


@pytest.mark.django_db
def test_a_round_does_not_wait_at_its_end_for_a_page_that_nobody_will_read(hostile):
    hostile.answer = Trickles()
    peer = a_peer(f"http://127.0.0.1:{hostile.server_port}", keys={"a": "b"})
    client = PeerClient(peer.url)
    released = threading.Timer(LONG, hostile.answer.is_over.set)
    released.start()
    with records_of(peer, client) as records:
        list(records.each([("document", "luat-1")], page_after=7))
        assert hostile.answer.begun.wait(LONG)
    was_over = hostile.answer.is_over.is_set()
    eventually(hostile.answer.cut.is_set)
    released.cancel()
    assert not was_over
    with records_of(peer, client) as records:  # and the same client asks on
        [(_law, fetched)] = records.each([("document", "luat-1")])
        assert type(fetched).__name__ == "NotThere"
    client.close()


@pytest.mark.django_db
def test_keys_that_a_person_had_read_anew_are_not_replaced_by_those_of_before(ministry):
    """A worker that still waits for an answer learns the keys that the key of before seals. It may be stolen."""
    peer = a_peer(ministry.url, keys={"stolen": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}})
    Peer.objects.update(keys={"confirmed": {}})
    client = PeerClient(peer.url)
    with pytest.raises(Forked):
        trust.checked_head(peer, client, client.head())
    client.close()
    assert Peer.objects.get().keys == {"confirmed": {}}


@pytest.mark.django_db
def test_the_head_that_no_known_key_sealed_is_shown_until_the_new_key_is_confirmed():
    adds, confirms = two_of_staff()
    head = {"key": "7", "chain": "a" * 64, "at": "2026-12-01T00:00:00+00:00", "seal": "x"}
    columns = {"key": "so.vn", "url": "https://so.vn", "name": "Sở", "offered_keys": {"new": {}}, "other_head": head}
    peer = Peer.objects.create(**columns, added_by=adds)
    services.confirm_key(peer, "new", by=confirms)
    assert Peer.objects.get().other_head is None
