"""The web server of production: what it leaves to nginx, and what it does by itself."""

import contextlib
import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests
from django.core.management import CommandError, call_command
from granian.server import mp as processes

from config.granian_overrides.server import calling
from config.granian_server import Streamed, application, health
from config.logs import JsonLinesFormatter
from content.dissemination import services
from content.dissemination.models import LinkDay
from content.media import services as media
from content.stored_files import storage
from content.stored_files.file_types import MIB
from tests import database_server
from tests.builders_media import a_material, a_ready_material, a_recording, an_author, published
from tests.journeys.installation import eventually, free_port
from tests.nginx import NGINX, nginx_before

ROOT = Path(__file__).resolve().parents[2]
HOST = "Host: localhost"
LIVE = "GET /health/live HTTP/1.1"
NO_PAGE = "GET /api/v1/no-such-page HTTP/1.1"  # a thread answers, without a database
HALF_BODY = ("PUT /api/v1/devices/a-phone HTTP/1.1", HOST, "Content-Length: 900", "", "{")
CLOSE = "Connection: close"


class Server:
    """`manage.py web` with one process and one thread."""

    def __init__(self, home, **settings):
        self.port, self.log = int(settings.get("PORT") or free_port()), home / "log"
        self.health_port = int(settings.get("HEALTH_PORT") or free_port())
        mine = {
            "PORT": str(self.port), "HEALTH_PORT": str(self.health_port), "WEB_PROCESSES": "1", "WEB_THREADS": "1",
            "LUATMO_HOME": str(home), "TRUSTED_PROXIES": "127.0.0.1",
        }  # fmt: skip
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "web"],
                cwd=ROOT,
                env=os.environ | mine | settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def requests(self):
        """The lines of its log about requests."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["logger"] == "luatmo.requests"]


def send(port, *lines, end=("", "")):
    """What is answered, until the server hangs up."""
    answer = b""
    with connected(port, *lines, end=end) as connection, contextlib.suppress(ConnectionResetError):
        while more := connection.recv(65536):
            answer += more
    return answer.decode("latin-1")


def connected(port, *lines, end=()):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall("\r\n".join([*lines, *end]).encode())
    return connection


def status(answer):
    return int(answer.split()[1])


def is_up(port):
    with contextlib.suppress(OSError):
        return send(port, LIVE, HOST, CLOSE)


@contextlib.contextmanager
def a_server(home, **settings):
    server = Server(home, **settings)
    try:
        eventually(lambda: is_up(server.health_port) and is_up(server.port))
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with a_server(tmp_path_factory.mktemp("web")) as server:
        yield server


def test_health_is_answered_while_the_only_thread_waits_for_a_body(server):
    with connected(server.port, *HALF_BODY):
        for _ in range(3):
            assert status(send(server.health_port, LIVE, HOST, CLOSE)) == 200


def test_the_port_of_health_answers_nothing_else(server):
    assert status(send(server.health_port, NO_PAGE, HOST, CLOSE)) == 404
    assert "problem" not in send(server.health_port, NO_PAGE, HOST, CLOSE)


def test_an_answer_of_the_api_is_as_from_the_other_server(server):
    head, _end, body = send(server.port, NO_PAGE, HOST, CLOSE, "X-Request-ID: a-request-1").partition("\r\n\r\n")
    assert status(head) == 404
    assert "content-type: application/problem+json" in head.lower()
    assert json.loads(body)["request_id"] == "a-request-1"


@pytest.mark.django_db(transaction=True)
def test_openings_are_counted_before_a_regular_stop(tmp_path):
    link = services.share_link("material", a_material().key)
    with a_server(tmp_path, **database_server.addresses()) as server:
        for _ in range(3):
            answer = send(server.port, f"GET /s/{link.code} HTTP/1.1", HOST, CLOSE, "User-Agent: Mozilla/5.0 (Linux)")
            assert status(answer) == 200
    assert LinkDay.objects.get().opened == 3


@pytest.mark.django_db(transaction=True)
def test_a_collector_that_does_not_answer_costs_no_openings_and_no_lines_at_a_stop(tmp_path):
    link = services.share_link("material", a_material().key)
    with socket.create_server(("127.0.0.1", 0)) as collector:
        traces = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.getsockname()[1]}",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "60",
        }
        with a_server(tmp_path, **database_server.addresses(), **traces) as server:
            answer = send(server.port, f"GET /s/{link.code} HTTP/1.1", HOST, CLOSE, "User-Agent: Mozilla/5.0 (Linux)")
            assert status(answer) == 200
    assert LinkDay.objects.get().opened == 1
    assert [line["path"] for line in server.requests() if line["path"].startswith("/s/")] == [f"/s/{link.code}"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((LIVE.replace("1.1", "1.0"),), 200),  # balancers ask so; it counts as a request to PUBLIC_URL
        ((LIVE, CLOSE), 400),
        ((LIVE, "Host: one", "Host: two", CLOSE), 400),
        ((LIVE, HOST, CLOSE), 200),
    ],
)
def test_a_request_names_its_host(server, lines, expected):
    assert status(send(server.port, *lines)) == expected


def test_the_lines_of_its_requests_are_written_before_it_ends(tmp_path):
    with a_server(tmp_path) as server:
        for number in range(20):
            send(server.port, NO_PAGE, HOST, CLOSE, f"X-Request-ID: numbered-{number}")
    found = [line["request_id"] for line in server.requests() if line["status"] == 404]
    assert found == [f"numbered-{number}" for number in range(20)]


def test_a_web_process_that_was_killed_is_started_again(tmp_path):
    with a_server(tmp_path) as server:
        (process,) = psutil.Process(server.process.pid).children()
        process.send_signal(signal.SIGKILL)
        eventually(lambda: not process.is_running() and is_up(server.port))
        assert status(send(server.port, NO_PAGE, HOST, CLOSE)) == 404


def test_a_web_process_that_is_killed_again_and_again_ends_no_other(tmp_path):
    with a_server(tmp_path, WEB_PROCESSES="2") as server:
        stays, *_others = processes = psutil.Process(server.process.pid).children()
        for _ in range(3):
            (killed,) = [each for each in processes if each != stays]
            killed.send_signal(signal.SIGKILL)
            eventually(lambda gone=killed: not gone.is_running() and len(children(server)) == 2)
            processes = children(server)
        assert stays in processes
        assert status(send(server.port, NO_PAGE, HOST, CLOSE)) == 404


def children(server):
    """Its web processes that run."""
    found = psutil.Process(server.process.pid).children()
    return [each for each in found if each.status() != psutil.STATUS_ZOMBIE]


def test_the_web_processes_end_with_a_server_that_was_killed_and_it_starts_anew(tmp_path):
    with a_server(tmp_path) as server:
        (process,) = children(server)
        server.process.kill()
        with a_server(tmp_path, PORT=str(server.port), HEALTH_PORT=str(server.health_port)) as new:
            eventually(lambda: is_gone(process))
            eventually(lambda: is_up(new.port) and is_up(new.health_port))
            assert status(send(new.port, NO_PAGE, HOST, CLOSE)) == 404


def is_gone(process):
    """Whether it has ended. In a container perhaps nobody asks how."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_health_is_answered_at_an_address_of_ipv6(tmp_path):
    server = Server(tmp_path, BIND_ADDRESS="::1")
    try:
        eventually(lambda: accepts_at("::1", server.health_port) and accepts_at("::1", server.port))
        with socket.create_connection(("::1", server.health_port), timeout=30) as connection:
            connection.sendall("\r\n".join([LIVE, HOST, CLOSE, "", ""]).encode())
            assert status(connection.recv(65536).decode()) == 200
    finally:
        server.process.terminate()
        server.process.wait(30)


def accepts_at(host, port):
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=5):
        return True


def test_it_does_not_start_without_a_proxy():
    with pytest.raises(CommandError, match="TRUSTED_PROXIES is not set"):
        call_command("web", stdout=io.StringIO())


def exit_code(server):
    """How it ends by itself."""
    try:
        return server.process.wait(120)
    finally:
        server.process.kill()


@pytest.mark.parametrize("name", ["PORT", "HEALTH_PORT"])
def test_it_says_that_another_program_has_a_port(tmp_path, name):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as a second server like this one
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = Server(tmp_path, **{name: str(other.getsockname()[1])})
        assert exit_code(refused) == 1
    assert f"Choose another: {name}=" in refused.log.read_text()


def test_it_says_that_there_is_no_port_of_that_number(tmp_path):
    refused = Server(tmp_path, HEALTH_PORT="65536")
    assert exit_code(refused) == 1
    assert "Port 65536 is not available" in refused.log.read_text()


SECRET = "Lan's registration"


def fails_in_the_middle(_environ, start_response):
    start_response("200 OK", [])
    yield b"half"
    raise ValueError(SECRET)


def test_why_an_answer_ended_early_is_logged_without_its_words(caplog):
    answer = Streamed(fails_in_the_middle({}, lambda *_arguments: None))
    with pytest.raises(ValueError, match=SECRET):
        list(answer)
    (record,) = caplog.records
    line = JsonLinesFormatter().format(record)
    assert SECRET not in line
    assert json.loads(line)["exceptions"][0]["type"] == "builtins.ValueError"


class Connection:
    """What granian hands to `calling` for a request."""

    def response_bytes(self, status, headers, body):
        self.answered = (status, headers, body)

    def response_iter(self, status, headers, parts):
        body = b""
        with contextlib.suppress(StopIteration):
            while True:
                body += parts.__next__()
        self.answered = (status, headers, body)


@pytest.mark.parametrize("make", [list, iter])
def test_an_application_is_told_what_the_request_says_and_no_variable_of_the_process(monkeypatch, make):
    monkeypatch.setenv("SECRET_KEY", SECRET)
    told, asked = {}, {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "localhost", "wsgi.url_scheme": "https"}

    def answers(environ, start_response):
        told.update(environ)
        start_response("404 Not Found", [("a", "b")])
        return make([b"no", b"thing"])

    connection = Connection()
    assert calling(answers, {})(connection, dict(asked)) == 404
    assert connection.answered == (404, [("a", "b")], b"nothing")
    assert {name: told[name] for name in asked} == asked
    assert {name for name in told.keys() - asked.keys() if not name.startswith("wsgi.")} == {
        "GATEWAY_INTERFACE", "SCRIPT_NAME", "SERVER_SOFTWARE",
    }  # fmt: skip
    assert (told["SCRIPT_NAME"], told["wsgi.version"], told["wsgi.multithread"]) == ("", (1, 0), True)


def test_granian_calls_it():
    assert processes._wsgi_call_wrap is calling


def test_what_granian_writes_of_an_exception_is_not_logged():
    words = f"Application callable raised an exception\nTraceback:\n  {SECRET}\nValueError: {SECRET}"
    record = logging.getLogger("_granian.wsgi").makeRecord("_granian.wsgi", logging.ERROR, "", 0, words, (), None)
    assert record.getMessage() == "Application callable raised an exception"


def test_a_path_outside_health_is_not_handed_to_the_program():
    answered = []
    assert health({"PATH_INFO": "/staff/"}, lambda status, _headers: answered.append(status)) == [b""]
    assert answered == ["404 Not Found"]
    assert application is not health


@pytest.fixture(scope="module")
def nginx_port(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    with nginx_before(folder, server.port, health_port=server.health_port, host="localhost") as port:
        yield port


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="silent"),
        pytest.param((NO_PAGE, HOST, "X-Slow: a"), id="half a head"),
        pytest.param(HALF_BODY, id="half a body"),
    ],
)
def test_behind_nginx_forty_clients_that_do_not_go_on_hold_no_thread(nginx_port, lines):
    with contextlib.ExitStack() as open_connections:
        for _ in range(40):
            open_connections.enter_context(connected(nginx_port, *lines))
        assert status(send(nginx_port, NO_PAGE, HOST, CLOSE)) == 404
        assert status(send(nginx_port, LIVE, HOST, CLOSE)) == 200


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
def test_behind_nginx_a_client_cannot_say_with_underscores_who_it_is(nginx_port, server):
    send(nginx_port, NO_PAGE, HOST, CLOSE, "X_Request_ID: said-with-underscores")
    send(nginx_port, NO_PAGE, HOST, CLOSE, "X-Request-ID: said-as-it-should")
    found = eventually(lambda: ids_of(server) if "said-as-it-should" in ids_of(server) else None)
    assert "said-with-underscores" not in found


def ids_of(server):
    return [line["request_id"] for line in server.requests()]


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
@pytest.mark.django_db(transaction=True)
def test_nginx_hands_a_file_on_in_slices_and_answers_as_the_server_does(tmp_path, tmp_path_factory):
    content = a_recording(13_500)  # three slices and a part of one
    assert len(content) > 3 * 4 * MIB
    draft = a_ready_material()
    media.add_file(draft, "main", [content], alternatives_fit=True, by=an_author())
    stored = published(draft).files.get(role="main").stored
    place = tmp_path / "media" / storage.path_of(stored.sha256)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    size, middle = len(content), 4 * MIB - 10
    asked = [
        {}, {"Range": f"bytes={middle}-{middle + 30}"}, {"Range": "bytes=-20"}, {"Range": f"bytes={size}-"},
        {"If-None-Match": f'"{stored.sha256}"'}, {"Range": "bytes=5-9", "If-Range": f'"{stored.sha256}"'},
        {"Range": "bytes=5-9", "If-Range": '"another"'},
    ]  # fmt: skip
    with (
        a_server(tmp_path, **database_server.addresses()) as server,
        nginx_before(tmp_path_factory.mktemp("nginx"), server.port, host="localhost") as nginx_port,
    ):
        for headers in asked:
            answers = [file_from(port, stored, headers) for port in (server.port, nginx_port)]
            assert answers[0] == answers[1], headers
        assert file_from(nginx_port, stored, {})[2] == content
        assert file_from(nginx_port, stored, asked[1])[:2] == (206, f"bytes {middle}-{middle + 30}/{size}")
        unknown = requests.get(f"http://127.0.0.1:{nginx_port}/api/v1/files/{'0' * 64}/a.mp3", timeout=30)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


def file_from(port, stored, headers):
    """(status, Content-Range, bytes) of a file; of a problem without the id of its request."""
    address = f"http://127.0.0.1:{port}/api/v1/files/{stored.sha256}/a.mp3"
    answer = requests.get(address, headers={"Accept-Encoding": "identity"} | headers, timeout=30)
    body = b"" if answer.status_code == 416 else answer.content
    return answer.status_code, answer.headers.get("Content-Range"), body
