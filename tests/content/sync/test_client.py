"""What a hostile or broken installation answers cannot hold or fill us, and is told in a sentence."""

import gzip
import io
import json
import threading

import pytest
from requests_hardened.ip_filter import InvalidIPAddress

from content.peer_client import client as http_client
from content.peer_client.client import CursorAhead, NotThere, PeerAway, PeerClient, PeerWrong, checked_url
from content.peer_lines.lines import checked_lines


@pytest.fixture
def client(hostile):
    client = PeerClient(f"http://127.0.0.1:{hostile.server_port}")
    yield client
    client.close()


def says(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_an_answer_is_read_packed_or_not(hostile, client):
    body = json.dumps({"results": []}).encode()
    for answer in (says(200, body), says(200, gzip.compress(body), Content_Encoding="gzip")):
        hostile.answer = answer
        assert client.page(0, 0) == {"results": []}


def test_a_body_without_end_is_cut(hostile, client):
    sent = []

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1024):
                handler.wfile.write(b" " * 2**20)
                sent.append(1)
        except OSError:
            pass

    hostile.answer = answer
    with pytest.raises(PeerWrong, match="4 MiB"):
        client.page(0, 0)
    assert len(sent) < 64


def test_a_packed_bomb_is_cut_while_it_is_unpacked(hostile, client):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(200):
            file.write(b"\0" * 2**20)
    hostile.answer = says(200, packed.getvalue(), Content_Encoding="gzip")
    with pytest.raises(PeerWrong, match="64 MiB"):
        client.record("documents", "x")
    chunks = http_client.unpacked(iter([packed.getvalue()]), 2**40)
    assert max(len(next(chunks)) for _ in range(3)) <= 2**20


def test_a_redirect_is_not_followed(hostile, client):
    hostile.answer = says(302, Location=f"http://127.0.0.1:{hostile.server_port}/elsewhere")
    with pytest.raises(PeerWrong, match="302"):
        client.page(0, 0)
    assert len(hostile.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1", "http://169.254.169.254", "http://192.168.1.1:8000", "http://[fd00::1]", "http://0.0.0.0",
        "http://[::ffff:10.0.0.1]",
    ],
)  # fmt: skip
def test_an_address_inside_a_network_is_not_asked(address):
    client = PeerClient(address)
    with pytest.raises(PeerAway) as away:
        client.page(0, 0)
    client.close()
    assert isinstance(away.value.__cause__, InvalidIPAddress)  # refused before any packet, not only unanswered


def test_loopback_is_asked_in_a_local_installation_only(hostile, settings):
    hostile.answer = says(200, b"{}")
    settings.LOCAL = False
    client = PeerClient(f"http://127.0.0.1:{hostile.server_port}")
    with pytest.raises(PeerAway):
        client.page(0, 0)
    client.close()
    assert hostile.asked == []


@pytest.mark.parametrize(
    "address",
    ["ftp://a.vn", "a.vn", "http://a.vn", "https://lan:secret@a.vn", "https://a.vn/path", "https://a.vn?x=1", "https://",
     "https://a.vn:99999", "file:///etc/passwd", ""],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_with_a_sentence(address):
    with pytest.raises(PeerWrong, match=r"https://"):
        checked_url(address)


def test_an_address_is_stored_in_one_way():
    assert checked_url(" https://PhapLuat.example.gov.vn/ ") == "https://phapluat.example.gov.vn"
    assert checked_url("http://127.0.0.1:8001") == "http://127.0.0.1:8001"
    assert checked_url("https://phapluat.example.gov.vn.:443") == "https://phapluat.example.gov.vn"
    assert checked_url("https://phapluat.example.gov.vn:8443") == "https://phapluat.example.gov.vn:8443"
    assert checked_url("http://[::1]:8001") == "http://[::1]:8001"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says(404), NotThere),
        (says(410), NotThere),
        (says(400, b'{"code": "cursor_ahead"}'), CursorAhead),
        (says(400, b'{"code": "invalid"}'), PeerWrong),
        (says(403), PeerWrong),
        (says(500), PeerAway),
        (says(503), PeerAway),
        (says(200, b"<html>"), PeerWrong),
        (says(200, b"[]"), PeerWrong),
        (says(200, b"[" * 100_000), PeerWrong),
        (says(200, rb'{"head": {"x": "\u0000"}}'), PeerWrong),
        (says(200, rb'{"results": [{"\udc00": 1}]}'), PeerWrong),
        (says(200, rb'{"results": ["a\uD83d"]}'), PeerWrong),
        (says(200, b'{"x": "\xed\xa0\x80"}'), PeerWrong),
        (says(200, b'{"x": NaN}'), PeerWrong),
        (says(200, b'{"x": -Infinity}'), PeerWrong),
        (says(200, b'{"x": 1e999}'), PeerWrong),
        (says(200, b'{"x": ' + b"9" * 5_000 + b"}"), PeerWrong),
        (says(200, b"no gzip", Content_Encoding="gzip"), PeerWrong),
        (says(200, gzip.compress(b"{}")[:-6], Content_Encoding="gzip"), PeerAway),
    ],
)
def test_each_wrong_answer_has_its_error(hostile, client, answer, error):
    hostile.answer = answer
    with pytest.raises(error):
        client.page(0, 0)


def test_what_only_looks_like_it_is_no_wrong_character(hostile, client):
    hostile.answer = says(200, rb'{"results": ["\\u0000 \\ud83d", "\ud83d\ude00", 1e3]}')
    assert client.page(0, 0) == {"results": [r"\u0000 \ud83d", "\N{GRINNING FACE}", 1000]}


def test_it_waits_as_long_as_it_was_asked_to(hostile, client):
    hostile.answer = says(429, Retry_After="17")
    with pytest.raises(PeerAway) as away:
        client.page(0, 0)
    assert away.value.seconds == 17


def test_a_body_that_breaks_off_is_tried_again(hostile, client):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"results": [')

    hostile.answer = answer
    with pytest.raises(PeerAway):
        client.page(0, 0)


def test_nobody_answers(hostile):
    client = PeerClient("http://127.0.0.1:1")
    with pytest.raises(PeerAway):
        client.page(0, 0)
    client.close()


def drips(first, piece):
    """Sends `first`, then a byte at a time for a long while."""

    def answer(handler):
        handler.wfile.write(first)
        handler.server.asked.append("began")
        try:
            while True:
                handler.wfile.write(piece)
                handler.wfile.flush()
                if handler.server.stopped.wait(0.05):
                    return
        except OSError:
            handler.server.asked.append("shut")

    return answer


@pytest.mark.parametrize(
    "first", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n"]
)
def test_an_answer_byte_by_byte_is_given_up_in_its_head_and_in_its_body(hostile, first):
    hostile.stopped = threading.Event()
    hostile.answer = drips(first, b"a")
    giving_up = threading.Timer(20, hostile.stopped.set)  # else a fault would hold the test
    giving_up.start()
    client = PeerClient(f"http://127.0.0.1:{hostile.server_port}", seconds=0.5, least_rate=2**21)
    for ask in (lambda: client.page(0, 0), lambda: client.download("/x", io.BytesIO(), 900_000)):
        with pytest.raises(PeerAway):
            ask()
        assert not hostile.stopped.is_set()
    giving_up.cancel()
    client.close()


@pytest.mark.parametrize("path", ["@evil.vn/x", ".evil.vn/x", "//evil.vn/x", "/a/../b", "/a\\b", "/a#b", "/a b"])
def test_a_path_that_could_name_another_host_is_not_asked(hostile, client, path):
    hostile.answer = says(200, b"x")
    with pytest.raises(PeerWrong):
        client.download(path, io.BytesIO(), 10)
    assert hostile.asked == []


def test_a_400_whose_body_breaks_off_is_tried_again(hostile, client):
    def answer(handler):
        handler.send_response(400)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"code"')

    hostile.answer = answer
    with pytest.raises(PeerAway):
        client.page(0, 0)


def deep():
    """A list in a list …, deeper than a hash can be made of."""
    found = []
    for _level in range(3_000):
        found = [found]
    return found


@pytest.mark.parametrize("wrong", ["number", "no number", "day", "depth"])
def test_a_line_that_no_installation_could_store_is_refused(wrong):
    wrong = {
        "number": {"key": str(10**30)}, "no number": {"key": "-1"},
        "day": {"changed_at": "0001-01-01T00:00:00+14:00"}, "depth": {"eids": deep()},
    }[wrong]  # fmt: skip
    line = {
        "key": "1", "event_type": "document.published", "subject": "x", "changed_at": "2026-01-01T00:00:00Z",
        "nature": "legal", "facts": {}, "is_tombstone": False, "chain": "0" * 64,
    }  # fmt: skip
    with pytest.raises(PeerWrong):
        checked_lines({"results": [line | wrong]}, "", 0)


def test_a_page_of_more_lines_than_there_can_be_is_refused():
    page = {"results": [{"key": str(number)} for number in range(10**6)]}
    with pytest.raises(PeerWrong, match="quá nhiều"):
        checked_lines(page, "", 0)
