"""What gunicorn itself keeps to under our settings, before a request is anybody's."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.installation import eventually, free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """`send(lines)`: what one process of the web server answers to a request, until it hangs up."""
    port, home = free_port(), tmp_path_factory.mktemp("web")
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.wsgi"]
    mine = {"PORT": str(port), "WEB_PROCESSES": "1", "WEB_THREADS": "1", "LUATMO_HOME": str(home)}
    with open(home / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | mine, stdout=log, stderr=subprocess.STDOUT)

    def send(*lines):
        answer = b""
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            with contextlib.suppress(ConnectionResetError):
                while more := connection.recv(65536):
                    answer += more
        return answer.decode()

    def is_up():
        with contextlib.suppress(OSError):
            return send("GET /health/live HTTP/1.1", "Host: localhost", "Connection: close")

    try:
        eventually(is_up)
        yield send
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nobody waits for an answer
        process.wait(30)


def status(answer):
    return int(answer.split()[1])


def test_no_version_of_a_server_is_said(server):
    answer = server("GET /health/live HTTP/1.1", "Host: localhost", "Connection: close")
    assert status(answer) == 200
    assert [line for line in answer.splitlines() if re.match(r"(?i)(server: .*\d|x-powered-by)", line)] == []


def test_a_request_that_two_servers_would_cut_in_two_ways_is_refused_and_ends_the_connection(server):
    both = ("Content-Length: 4", "Transfer-Encoding: chunked", "Connection: keep-alive", "", "0")
    answer = server("POST /api/v1/questions HTTP/1.1", "Host: localhost", *both, "", "GET /health/live HTTP/1.1")
    assert (answer.count("HTTP/1.1 "), status(answer)) == (1, 400)


def test_a_line_of_20_kilobytes_is_refused(server):
    line = f"GET /api/v1/documents?q={'a' * 20_000} HTTP/1.1"
    assert 400 <= status(server(line, "Host: localhost", "Connection: close")) < 500


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/problems", "/robots.txt", "/", "/staff"])
def test_what_can_only_be_read_answers_405_and_says_what_it_answers_to(server, method, path):
    answer = server(f"{method} {path} HTTP/1.1", "Host: localhost", "Content-Length: 0", "Connection: close")
    assert status(answer) == 405
    assert re.search(r"(?im)^allow: GET, HEAD", answer), answer
    assert '"code": "method_not_allowed"' in answer


def test_a_request_without_host_is_refused_and_one_of_http_1_0_is_not(server):
    """RFC 9112, 3.2."""
    assert status(server("GET /health/live HTTP/1.1", "Connection: close")) == 400
    assert status(server("GET /health/live HTTP/1.1", "Host:", "Connection: close")) == 400
    assert status(server("GET /health/live HTTP/1.1", "Host: elsewhere.example", "Connection: close")) == 400
    assert status(server("GET /health/live HTTP/1.0")) == 200
