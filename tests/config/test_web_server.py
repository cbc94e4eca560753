"""What the web server keeps to by itself, before a request is anybody's: slow clients, ambiguous requests, its end."""

import contextlib
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from waitress.adjustments import Adjustments

from config.logs import JsonLinesFormatter
from config.uploads.body_limits import STAFF_BODY_BYTES
from config.web_worker import Channel, Connections, most_connections
from tests.journeys.installation import eventually, free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "Host: localhost"
LIVE = ("GET /health/live HTTP/1.1", HOST)
NO_PAGE = "GET /api/v1/no-such-page HTTP/1.1"  # a thread answers, without a database
LARGE = "GET /static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js HTTP/1.1"  # 1.5 MB


class Server:
    """One web process with one thread."""

    def __init__(self, home, application="config.wsgi", *, most_files=None, **settings):
        self.port, self.log = free_port(), home / "log"
        mine = {"PORT": str(self.port), "WEB_PROCESSES": "1", "WEB_THREADS": "1", "LUATMO_HOME": str(home)}
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", application]
        if most_files:
            command = ["sh", "-c", f'ulimit -n {most_files} && exec "$@"', "sh", *command]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | mine | settings, stdout=log, stderr=subprocess.STDOUT
            )

    def connect(self, *lines, end=("", "")):
        """A connection on which these lines are sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        if lines:
            connection.sendall("\r\n".join([*lines, *end]).encode("latin-1"))
        return connection

    def send(self, *lines, end=("", "")):
        """What is answered, until the server hangs up."""
        with self.connect(*lines, end=end) as connection:
            return received(connection)

    def is_up(self):
        with contextlib.suppress(OSError):
            return self.send(*LIVE, "Connection: close")


def received(connection, until=None):
    """What arrives until the server hangs up, or until these bytes have arrived."""
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while (until is None or until not in answer) and (more := connection.recv(65536)):
            answer += more
    return answer.decode("latin-1")


@contextlib.contextmanager
def a_server(home, **settings):
    server = Server(home, **settings)
    try:
        eventually(server.is_up)
        yield server
    finally:
        server.process.send_signal(signal.SIGQUIT)  # at once: nobody waits for an answer
        server.process.wait(30)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with a_server(tmp_path_factory.mktemp("web")) as server:
        yield server


def cut_short(environ, start_response):
    """An application that promises more than it has. /health/live is whole."""
    whole = environ["PATH_INFO"] == LIVE[0].split()[1]
    start_response("200 OK", [("Content-Length", "2" if whole else "10")])
    return [b"ok"] if whole else []


def status(answer):
    return int(answer.split()[1])


# -- slow clients


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="silent"),
        pytest.param(("GET /api/v1/topics HTTP/1.1", HOST, "X-Slow: a"), id="half a head"),
        pytest.param(("PUT /api/v1/devices/a-phone HTTP/1.1", HOST, "Content-Length: 900", "", "{"), id="half a body"),
        pytest.param((LARGE, HOST, "", ""), id="a large answer that nobody reads"),
    ],
)
def test_forty_clients_that_do_not_go_on_hold_no_thread(server, lines):
    with contextlib.ExitStack() as open_connections:
        for _ in range(40):
            open_connections.enter_context(server.connect(*lines, end=()))
        assert status(server.send(NO_PAGE, HOST, "Connection: close")) == 404
        assert status(server.send(*LIVE, "Connection: close")) == 200


def test_who_sends_a_pipeline_and_reads_nothing_holds_no_thread(server):
    with server.connect(*[LARGE, HOST, ""] * 60, end=("",)) as reader:
        begun = received(reader, b"\r\n\r\n")
        assert status(server.send(NO_PAGE, HOST, "Connection: close")) == 404
        head, _end, body = (begun + received(reader)).partition("\r\n\r\n")  # whole: nobody hung up meanwhile
        assert len(body) == int(re.search(r"(?i)content-length: (\d+)", head)[1])


def test_one_request_of_a_pipeline_is_answered_and_the_connection_ends(server):
    answer = server.send(*LIVE, "", NO_PAGE, HOST)
    assert re.findall(r"HTTP/1.1 (\d+)", answer) == ["200"]
    assert "Connection: close" in answer


def test_a_request_that_comes_after_the_one_that_is_answered_gets_its_answer(server):
    with server.connect(NO_PAGE, HOST) as connection:
        connection.sendall("\r\n".join([*LIVE, "Connection: close", "", ""]).encode())
        assert re.findall(r"HTTP/1.1 (\d+)", received(connection)) in (["404", "200"], ["404"])  # or in one piece


def test_the_server_hangs_up_on_who_does_not_end_a_head(server):
    with server.connect("GET /api/v1/topics HTTP/1.1", HOST, end=("X-Slow: ",)) as connection:
        assert received(connection) == ""  # before the socket's own 30 s


def test_beyond_its_limit_an_address_loses_the_connection_that_waited_longest(tmp_path):
    with a_server(tmp_path, CONNECTIONS_PER_ADDRESS="5") as server, contextlib.ExitStack() as open_connections:
        slow = [open_connections.enter_context(server.connect("GET / HTTP/1.1", end=())) for _ in range(6)]
        assert slow[0].recv(1) == b""
        assert status(server.send(*LIVE, "Connection: close")) == 200
        with pytest.raises(TimeoutError):  # the newest is still waited for
            slow[-1].settimeout(0.5)
            slow[-1].recv(1)


def test_a_trusted_proxy_may_open_any_number_of_connections(tmp_path):
    settings = {"CONNECTIONS_PER_ADDRESS": "5", "TRUSTED_PROXIES": "127.0.0.1"}
    with a_server(tmp_path, **settings) as server, contextlib.ExitStack() as open_connections:
        first, *_others = [open_connections.enter_context(server.connect()) for _ in range(20)]
        first.sendall("\r\n".join([*LIVE, "Connection: close", "", ""]).encode())
        assert status(received(first)) == 200


def strangers(connections, addresses):
    """Connections of these addresses that send nothing."""
    server, pairs = SimpleNamespace(connections=connections, active_channels={}), {}
    for address in addresses:
        mine, theirs = socket.socketpair()
        channel = Channel(server, mine, (address, 1), Adjustments(), map={})
        pairs[channel] = theirs  # open as long as its channel is known
    return pairs


def test_the_addresses_of_one_ipv6_subscriber_count_together():
    mine, another = [f"2001:db8::{n}" for n in range(1, 7)], "2001:db8:0:1::1"
    came = strangers(Connections(per_address=5), [*mine, another])
    assert [channel.connected for channel in came] == [False, *[True] * 6]


@pytest.mark.parametrize(("files", "connections"), [(20_000, 1_000), (1_024, 824), (256, 64), (100, 25)])
def test_a_process_that_may_open_few_files_takes_fewer_connections(files, connections):
    assert most_connections(files) == connections


def test_beyond_the_limit_of_a_process_the_connection_that_waited_longest_is_closed():
    came = strangers(Connections(per_address=5, most=3), [f"10.0.0.{n}" for n in range(5)])
    assert [channel.connected for channel in came] == [False, False, True, True, True]


def test_a_server_that_may_open_few_files_closes_the_connection_that_waited_longest(tmp_path):
    with a_server(tmp_path, most_files=260) as server, contextlib.ExitStack() as open_connections:
        silent = [open_connections.enter_context(server.connect()) for _ in range(90)]
        assert silent[0].recv(1) == b""
        with pytest.raises(TimeoutError):  # the newest is still waited for
            silent[-1].settimeout(0.5)
            silent[-1].recv(1)
        assert status(server.send(*LIVE, "Connection: close")) == 200


def test_an_ipv6_socket_knows_the_ipv4_address_of_its_proxy(tmp_path):
    settings = {"CONNECTIONS_PER_ADDRESS": "5", "TRUSTED_PROXIES": "127.0.0.1", "BIND_ADDRESS": "[::]"}
    with a_server(tmp_path, **settings) as server, contextlib.ExitStack() as open_connections:
        first, *_others = [open_connections.enter_context(server.connect()) for _ in range(20)]
        first.sendall("\r\n".join([*LIVE, "Connection: close", "", ""]).encode())
        assert status(received(first)) == 200


def test_a_thread_may_forget_a_connection_while_the_loop_looks_at_all():
    connections = Connections(per_address=1_000)
    came = strangers(connections, [f"10.0.0.{n}" for n in range(200)])
    done = threading.Event()

    def come_and_go():
        while not done.is_set():
            for stranger in came:
                connections.discard(stranger)
                connections.add(stranger)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=come_and_go)
    thread.start()
    try:
        for _ in range(2_000):
            assert len(connections.all()) in (199, 200)
    finally:
        done.set()
        thread.join()
        sys.setswitchinterval(interval)


def test_what_a_thread_is_writing_the_loop_does_not_write_too():
    ((channel, client),) = strangers(Connections(per_address=1), ["10.0.0.1"]).items()
    with channel.outbuf_lock:  # as a thread has it that answers 100 Continue
        channel.outbufs[-1].append(b"HTTP/1.1 100 Continue\r\n\r\n")
        channel.total_outbufs_len = 25
        loop = threading.Thread(target=channel.handle_write)
        loop.start()
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.recv(100)
        channel._flush_some()
    loop.join(30)
    assert not loop.is_alive()
    channel.handle_close()
    assert received(client) == "HTTP/1.1 100 Continue\r\n\r\n"


def test_a_connection_rests_without_a_request_and_a_response_and_while_no_thread_changes_it():
    (channel,) = strangers(Connections(per_address=1), ["10.0.0.1"])
    assert channel.is_at_rest()
    for name, value in (
        ("requests", ["one"]),
        ("total_outbufs_len", 1),
        ("will_close", True),
        ("close_when_flushed", True),
    ):
        before = getattr(channel, name)
        setattr(channel, name, value)
        assert not channel.is_at_rest(), name
        setattr(channel, name, before)
    with channel.requests_lock:
        assert not channel.is_at_rest()
    assert channel.is_at_rest()


# -- requests that two servers would read in two ways

CHUNKED, LENGTH = "Transfer-Encoding: chunked", "Content-Length: 4"
SMUGGLED = ("", "GET /health/live HTTP/1.1", HOST)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((LENGTH, CHUNKED, "", "0"), id="length and chunked"),
        pytest.param((CHUNKED, CHUNKED, "", "0"), id="chunked twice"),
        pytest.param(("Transfer-Encoding: chunked, identity", "", "0"), id="another coding last"),
        pytest.param(("Transfer-Encoding: \x0bchunked", "", "0"), id="a control character"),
        pytest.param(("Transfer-Encoding : chunked", "", "0"), id="a space before the colon"),
        pytest.param((LENGTH, "Content-Length: 5", "", "abcd"), id="two lengths"),
        pytest.param(("Content-Length: 4, 4", "", "abcd"), id="a list of lengths"),
        pytest.param(("Content-Length: +4", "", "abcd"), id="a sign"),
        pytest.param(("Content-Length: 0x4", "", "abcd"), id="hexadecimal"),
        pytest.param(("X-A: b", " c: d", LENGTH, "", "abcd"), id="a folded header"),
        pytest.param(("X-A: b\nContent-Length: 4", "", "abcd"), id="a bare line feed"),
        pytest.param(("X-A: b\rContent-Length: 4", "", "abcd"), id="a bare carriage return"),
        pytest.param((CHUNKED, "", "4\n", "abcd", "0"), id="a bare line feed after a size"),
        pytest.param((CHUNKED, "", "-4", "abcd", "0"), id="a negative size"),
        pytest.param((CHUNKED, "", "4", "abcdefgh", "0"), id="a chunk longer than its size"),
        pytest.param((CHUNKED, "", "4;" + "a" * 300, "abcd", "0"), id="an endless extension"),
        pytest.param(("Host: example.org", LENGTH, "", "abcd"), id="two hosts"),
    ],
)
def test_an_ambiguous_request_is_refused_and_ends_the_connection(server, lines):
    answer = server.send("POST /health/live HTTP/1.1", HOST, *lines, *SMUGGLED)
    assert len(re.findall(r"HTTP/1\.\d \d{3}", answer)) == 1
    assert status(answer) in (400, 501)
    assert json.loads(answer.partition("\r\n\r\n")[2])["status"] == status(answer)


@pytest.mark.parametrize(
    ("lines", "refused_with"),
    [
        ((f"GET /api/v1/documents?q={'a' * 20_000} HTTP/1.1", HOST), 414),
        (("GET / HTTP/1.1", HOST, "X-Large: " + "a" * 40_000), 431),
        (("PUT /api/v1/devices/a-phone HTTP/1.1", HOST, "Content-Length: 99999999"), 413),
        (("GET / HTTP/2.0", HOST), 400),
        (("GET /", HOST), 400),
        (("get / HTTP/1.1", HOST), 400),
        (("GET http://[ HTTP/1.1", HOST), 400),
        (("GET http://[x]/ HTTP/1.1", HOST), 400),
        (("PUT / HTTP/1.1", HOST, "Content-Length: " + "9" * 5_000), 400),
        (("GET / HTTP/1.1", HOST, *["X-Many: a"] * 200), 400),
    ],
)
def test_what_is_too_large_or_no_http_1_is_refused_with_a_problem(server, lines, refused_with):
    answer = server.send(*lines, "Connection: close")
    assert status(answer) == refused_with
    assert "Content-Type: application/problem+json; charset=utf-8" in answer
    assert "GET" not in answer


def sent_as(text, encoding="utf-8"):
    """A request line with the bytes of this encoding, as `Server.connect` sends them."""
    return text.encode(encoding).decode("latin-1")


def test_vietnamese_typed_into_a_url_is_read_as_if_it_was_percent_encoded(server):
    path = f"/docs/search?q={quote('đất đai')}"
    encoded = server.send(f"GET {path} HTTP/1.1", HOST, "Connection: close")
    typed = server.send(sent_as("GET /docs/search?q=đất%20đai HTTP/1.1"), HOST, "Connection: close")
    assert (status(encoded), status(typed)) == (200, 200)
    assert sent_as('value="đất đai"') in typed
    assert typed.partition("\r\n\r\n")[2] == encoded.partition("\r\n\r\n")[2]


def test_vietnamese_in_a_path_is_a_place_that_is_not_there(server):
    answer = server.send(sent_as("GET /docs/Hướng-dẫn HTTP/1.1"), HOST, "Connection: close")
    assert status(answer) == 404
    assert json.loads(answer.partition("\r\n\r\n")[2])["code"] == "not_found"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(sent_as("GET /docs/search?q=Hà HTTP/1.1", "cp1258"), id="a Vietnamese code page"),
        pytest.param("GET /docs/search?q=\xc0\xaf HTTP/1.1", id="an overlong form"),
        pytest.param("GET /docs/search?q=\xed\xa0\x80 HTTP/1.1", id="half a pair"),
    ],
)
def test_an_address_that_is_no_utf_8_is_refused_in_words(server, line):
    answer = server.send(line, HOST, "X-Request-ID: my-own-id", "Connection: close")
    head, _, body = answer.partition("\r\n\r\n")
    problem = json.loads(body.encode("latin-1"))
    assert (status(answer), problem["code"]) == (400, "bad_request")
    assert urlsplit(problem["type"]).path == "/problems/bad_request"
    assert "UTF-8" in problem["detail"]
    assert re.fullmatch("[0-9a-f]{32}", problem["request_id"])
    assert f"x-request-id: {problem['request_id']}" in head.lower()
    assert eventually(lambda: problem["request_id"] in server.log.read_text())


def test_letters_outside_ascii_are_no_method_and_do_not_shorten_the_limit_of_an_address(server):
    assert status(server.send(sent_as("GÉT /docs HTTP/1.1"), HOST, "Connection: close")) == 400
    long = server.send(sent_as(f"GET /docs/search?q={'đ' * 3_000} HTTP/1.1"), HOST, "Connection: close")
    assert status(long) == 414  # it is longer than 8,190 characters once it is percent-encoded


TWO_MEGABYTES, SESSION = "Content-Length: 2000000", f"Cookie: csrftoken=a; {settings.SESSION_COOKIE_NAME}=a"
UPLOAD = "POST /staff/import/ HTTP/1.1"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("POST /api/v1/questions HTTP/1.1", HOST, TWO_MEGABYTES), id="a question"),
        pytest.param(("GET /health/live HTTP/1.1", HOST, TWO_MEGABYTES), id="a read"),
        pytest.param((UPLOAD, HOST, TWO_MEGABYTES), id="an upload without a sign-in"),
        pytest.param((UPLOAD, HOST, TWO_MEGABYTES, "Cookie: notstaff=a"), id="with another cookie"),
        pytest.param(("POST /api/v1/questions HTTP/1.1", HOST, TWO_MEGABYTES, SESSION), id="the cookie elsewhere"),
        pytest.param(
            (UPLOAD, HOST, f"Content-Length: {STAFF_BODY_BYTES + 1}", SESSION), id="more than the largest upload"
        ),
        pytest.param((UPLOAD, HOST, TWO_MEGABYTES, "Expect: 100-continue"), id="that asks before"),
    ],
)
def test_a_large_body_is_refused_before_it_is_sent(server, lines):
    assert status(server.send(*lines)) == 413


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((UPLOAD, HOST, f"Content-Length: {STAFF_BODY_BYTES + 1}", SESSION), id="of who is signed in"),
        pytest.param((UPLOAD, HOST, TWO_MEGABYTES), id="of who is not signed in any more"),
    ],
)
def test_a_paste_that_is_too_large_for_the_staff_site_is_refused_with_a_page_in_words(server, lines):
    answer = server.send(*lines)
    assert status(answer) == 413
    head, _end, page = answer.encode("latin-1").decode().partition("\r\n\r\n")
    assert "Content-Type: text/html; charset=utf-8" in head
    assert "<h1>Nội dung gửi lên quá lớn</h1>" in page
    assert int(re.search(r"Content-Length: (\d+)", head)[1]) == len(page.encode())


def test_an_unreadable_request_of_the_staff_site_is_refused_with_a_page(server):
    answer = server.send("POST /staff/import/ HTTP/1.1", HOST, "Content-Length: 4", "Content-Length: 5", "", "abcd")
    assert status(answer) == 400
    assert json.loads(answer.partition("\r\n\r\n")[2])["code"] == "bad_request"  # its path is not believed either


def test_a_large_body_in_chunks_is_refused_when_it_is_too_large(server):
    chunks = ["10000", "a" * 65_536] * 16  # 1 MiB; the sizes are the rest
    with server.connect("POST /api/v1/questions HTTP/1.1", HOST, CHUNKED, "", *chunks, end=()) as connection:
        assert status(received(connection, b"\r\n\r\n")) == 413


def test_a_large_body_of_who_has_the_cookie_of_the_staff_site_reaches_django(server):
    with server.connect(UPLOAD, HOST, TWO_MEGABYTES, SESSION, "Expect: 100-continue") as connection:
        assert status(received(connection, b"\r\n\r\n")) == 100
        connection.sendall(b"a" * 2_000_000)
        assert "X-Request-Id" in received(connection, b"\r\n\r\n")  # Django has it


# -- the protocol


def test_no_version_of_a_server_is_said(server):
    answer = server.send(*LIVE, "Connection: close")
    assert status(answer) == 200
    assert [line for line in answer.splitlines() if re.match(r"(?i)(server|via|x-powered-by):", line)] == []


def test_a_connection_stays_after_every_kind_of_answer(server):
    with server.connect(LARGE.replace("GET", "HEAD"), HOST) as connection:
        whole = received(connection, b"\r\n\r\n")
        validator = re.search(r"(?i)last-modified: (.*)\r", whole)[1]
        connection.sendall("\r\n".join([LARGE, HOST, f"If-Modified-Since: {validator}", "", ""]).encode())
        assert status(received(connection, b"\r\n\r\n")) == 304
        for _ in range(2):
            connection.sendall("\r\n".join([*LIVE, "", ""]).encode())
            assert status(received(connection, b"}")) == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/problems", "/robots.txt", "/", "/staff"])
def test_what_can_only_be_read_answers_405_and_says_what_it_answers_to(server, method, path):
    answer = server.send(f"{method} {path} HTTP/1.1", HOST, "Content-Length: 0", "Connection: close")
    assert status(answer) == 405
    assert re.search(r"(?im)^allow: GET, HEAD", answer), answer
    assert '"code": "method_not_allowed"' in answer


def test_a_request_without_host_is_refused_and_one_of_http_1_0_is_not(server):
    """RFC 9112, 3.2."""
    assert status(server.send("GET /health/live HTTP/1.1", "Connection: close")) == 400
    assert status(server.send("GET /health/live HTTP/1.1", "Host:", "Connection: close")) == 400
    assert status(server.send("GET /health/live HTTP/1.1", "Host: elsewhere.example", "Connection: close")) == 400
    assert status(server.send("GET /health/live HTTP/1.0")) == 200


def test_a_head_request_has_the_length_and_no_body(server):
    lines = ("HEAD /health/live HTTP/1.1", HOST, "Connection: close")
    answer = server.send(*lines)
    assert status(answer) == 200
    assert "Content-Length: 16" in answer
    assert answer.endswith("\r\n\r\n")


def test_a_body_may_come_in_chunks_and_after_a_100(server):
    head = ("PUT /api/v1/devices/a HTTP/1.1", HOST, "Content-Type: application/json", "Connection: close")
    in_chunks = server.send(*head, CHUNKED, "", "3;a=b", '{"a', "4", '": 1', "1", "}", "0")
    assert status(in_chunks) not in (411, 500, 501)
    with server.connect(*head, "Content-Length: 2", "Expect: 100-continue") as connection:
        assert status(received(connection, b"\r\n\r\n")) == 100
        connection.sendall(b"{}")
        assert status(received(connection)) == status(in_chunks)


def test_a_request_without_a_body_needs_no_100_and_lends_its_head_to_no_other(server):
    with server.connect(NO_PAGE, HOST, "Expect: 100-continue", "Authorization: Bearer one") as connection:
        assert status(received(connection, b"}")) == 404
        connection.sendall("\r\n".join([*LIVE, "Connection: close", "", ""]).encode())
        assert status(received(connection)) == 200


def test_an_answer_that_is_shorter_than_it_says_ends_the_connection(tmp_path):
    with a_server(tmp_path, application=f"{__name__}:{cut_short.__name__}") as server:
        answer = server.send("GET /cut HTTP/1.1", HOST)
        assert (status(answer), answer.partition("\r\n\r\n")[2]) == (200, "")
        assert "Connection: close" in answer


def test_a_request_that_has_begun_is_answered_after_sigterm_and_the_server_ends(tmp_path):
    with a_server(tmp_path) as server, server.connect() as silent:
        begun = server.connect("POST /health/live HTTP/1.1", HOST, "Content-Length: 2", "Expect: 100-continue")
        assert status(received(begun, b"\r\n\r\n")) == 100
        server.process.send_signal(signal.SIGTERM)
        assert silent.recv(1) == b""
        begun.sendall(b"{}")
        answer = received(begun)
        assert (status(answer), "Connection: close" in answer) == (405, True)
        assert server.process.wait(30) == 0


def test_the_words_of_an_error_of_the_web_server_are_not_logged():
    """They may quote a request, and no request is under way there that would say so."""
    try:
        urlsplit("http://[secret]/")
    except ValueError as error:
        record = logging.getLogger("luatmo.server").makeRecord(
            "luatmo.server", logging.ERROR, "", 1, "A connection failed", (), (ValueError, error, None)
        )
    line = JsonLinesFormatter().format(record)
    assert "builtins.ValueError" in line
    assert "secret" not in line


def test_the_log_has_a_line_for_each_refusal_and_nothing_of_it(tmp_path):
    with a_server(tmp_path) as server:
        server.send("GET /?token=dvc_secret HTP/9", HOST)
        server.send("GET /secret-path HTTP/1.1", HOST, "X: y\nz")
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert len([line for line in lines if line["logger"] == "luatmo.server"]) == 2
    assert "secret" not in server.log.read_text()
