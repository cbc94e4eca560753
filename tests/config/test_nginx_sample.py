"""The sample for nginx is a configuration that nginx takes."""

import http.server
import re
import socket
import subprocess
import threading
import urllib.error
import urllib.request

import pytest
from django.urls import reverse

from api.limits.throttles import ATTEMPT_PATHS, OWN_RESULT_PATHS
from config.uploads.body_limits import BODY_BYTES, MATERIAL_BODY_BYTES, STAFF_BODY_BYTES, staff_limit
from content.stored_files.file_types import MIB
from tests.journeys.installation import free_port
from tests.nginx import NGINX, SAMPLE, nginx_before, sample_without_certificate


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
def test_nginx_takes_the_sample(tmp_path):
    sample = sample_without_certificate().replace("443 ssl", "8443").replace("/run/", f"{tmp_path}/")
    main = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {sample} }}"
    (tmp_path / "nginx.conf").write_text(main)
    done = subprocess.run(
        [NGINX, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def nginx_port(tmp_path_factory):
    """nginx with the sample, in front of no web server."""
    with nginx_before(tmp_path_factory.mktemp("nginx"), free_port()) as port:
        yield port


def test_the_sample_buffers_requests_and_sets_the_headers_that_the_server_believes():
    sample = SAMPLE.read_text()
    for line in (
        "proxy_request_buffering on;",
        "client_header_timeout 10s;",
        "client_body_timeout 20s;",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
    ):
        assert line in sample


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
@pytest.mark.parametrize(
    ("path", "lines", "expected"),
    [
        ("/api/v1/questions", ("Content-Length: 2000000",), 413),
        ("/staff/import/", ("Content-Length: 2000000",), 413),
        ("/staff/import/", ("Transfer-Encoding: chunked",), 413),
        ("/staff/import/", ("Content-Length: 2000000", "Cookie: staff=a-session"), 100),
        ("/staff/import/", ("Content-Length: 36000000", "Cookie: staff=a-session"), 413),
        ("/staff/content/material/7/files/", ("Content-Length: 500000000", "Cookie: staff=a-session"), 100),
        ("/staff/content/material/7/files/", ("Content-Length: 530000000", "Cookie: staff=a-session"), 413),
        ("/staff/content/material/7/files/", ("Content-Length: 2000000",), 413),
        ("/staff/content/material/7/write/", ("Content-Length: 500000000", "Cookie: staff=a-session"), 413),
        ("/staff/login/", ("Content-Length: 900",), 100),
    ],
)
def test_nginx_stores_large_bodies_only_of_who_has_the_staff_cookie(nginx_port, path, lines, expected):
    with socket.create_connection(("127.0.0.1", nginx_port), timeout=30) as connection:
        head = (f"POST {path} HTTP/1.1", "Host: luatmo.example", *lines, "Expect: 100-continue", "Connection: close")
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        assert int(connection.recv(65536).split()[1]) == expected


def test_the_samples_take_bodies_as_large_as_the_server_does():
    limits = {"1m": BODY_BYTES, "34m": STAFF_BODY_BYTES, "502m": MATERIAL_BODY_BYTES}
    said = re.findall(r"client_max_body_size (\w+);", SAMPLE.read_text())
    assert said == list(limits)
    assert [int(each.removesuffix("m")) * MIB for each in said] == list(limits.values())
    kubernetes = (SAMPLE.parents[1] / "kubernetes" / "ingress.yaml").read_text()
    assert re.findall(r"proxy-body-size: (\w+)", kubernetes) == ["34m", "502m"]


def test_what_contestants_send_has_the_limits_of_a_school_and_nothing_else_has_them():
    (location,) = re.findall(r"location ~ (\S*attempts\S*) {", SAMPLE.read_text())
    attempt, contest = "/api/v1/attempts/lt-aaaaaaaaaaaaaaaa", "/api/v1/contests/ct-aaaaaaaaaa"
    of_contestants = ["/api/v1/devices/phone-1", attempt, f"{attempt}/answers", f"{attempt}/submission"]
    of_contestants += [f"{contest}/{rest}" for rest in ("entry", "standing", "rounds/1/attempts")]
    others = [
        contest,
        f"{contest}/leaderboard",
        f"{contest}/rounds/1/proof",
        f"{attempt}/certificate",
        "/api/v1/devices",
    ]
    assert [path for path in (*of_contestants, *others) if re.search(location, path)] == of_contestants
    for path in of_contestants[1:]:
        assert ATTEMPT_PATHS.fullmatch(path) or OWN_RESULT_PATHS.fullmatch(path), path


def test_the_largest_body_is_taken_where_files_of_materials_are_uploaded_and_nowhere_else():
    page = reverse("admin:content_material_files", args=[7])
    (location,) = re.findall(r"location ~ (\S*material\S*) {", SAMPLE.read_text())
    for path in (page, reverse("admin:content_material_change", args=[7]), "/staff/content/material/x/files/"):
        assert (staff_limit(path) == MATERIAL_BODY_BYTES) is bool(re.search(location, path)) is (path == page)


class Counting(http.server.BaseHTTPRequestHandler):
    """A web server whose every answer is another one. Searches may be kept as ours may, all else may not."""

    def do_GET(self):
        self.server.asked.append(self.path)
        body = str(len(self.server.asked)).encode()
        kept = "public, max-age=30, stale-while-revalidate=30" if "no-store" not in self.path else "no-store"
        self.send_response(429 if "too-many" in self.path else 200)
        for name, value in (
            ("Cache-Control", kept if "too-many" not in self.path else "no-store"),
            ("Vary", "Accept, Accept-Language, Accept-Encoding"),
            ("RateLimit", '"anonymous";r=1;t=1'),
            ("RateLimit-Policy", '"anonymous";q=9;w=60'),
            ("X-Request-ID", f"request-{body.decode()}"),
            ("Content-Length", len(body)),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Log nothing: the default writes each request to standard error."""


@pytest.fixture
def ask(tmp_path):
    """`ask(path, **headers)` through nginx: (body, headers)."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with nginx_before(tmp_path, server.server_port) as port:

        def ask(path, **headers):
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
                    return answer.read().decode(), answer.headers
            except urllib.error.HTTPError as refusal:
                with refusal:
                    return refusal.read().decode(), refusal.headers

        yield ask
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
def test_nginx_keeps_searches_for_everybody_and_nothing_else(ask):
    (first, told), (again, told_again) = ask("/api/v1/search?q=dat"), ask("/api/v1/search?q=dat")
    assert (first, again) == ("1", "1")
    assert told["Date"] == told_again["Date"]  # a cache behind this one learns how old the answer is
    assert "RateLimit" not in told_again  # of somebody else
    assert [
        ask("/api/v1/search?q=dat", **secret)[0] for secret in ({"Authorization": "Bearer x"}, {"Cookie": "a=b"})
    ] == [
        "2",
        "3",
    ]
    assert ask("/api/v1/search?q=dat")[0] == "1"
    assert [ask("/api/v1/search?q=no-store")[0] for _ in range(2)] == ["4", "5"]
    assert [ask("/api/v1/documents")[0] for _ in range(2)] == ["6", "7"]
    assert ask("/api/v1/documents")[1]["RateLimit"]
    assert [ask("/tim?q=dat")[0] for _ in range(2)] == ["9", "9"]


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
def test_nginx_keeps_a_search_for_each_language_and_each_encoding(ask):
    ways = [{"Accept-Language": "vi"}, {"Accept-Language": "en"}, {"Accept-Language": "vi", "Accept-Encoding": "gzip"}]
    assert [ask("/api/v1/search?q=dat", **way)[0] for way in (*ways, *ways)] == ["1", "2", "3"] * 2


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx-light)")
def test_who_is_answered_by_the_web_server_itself_gets_all_its_headers_once(ask):
    for path, headers in (
        ("/api/v1/search?q=dat", {}),
        ("/api/v1/search?q=dat", {"Authorization": "Bearer x"}),
        ("/api/v1/search?q=too-many", {}),
        ("/tim?q=no-store", {}),
    ):
        body, told = ask(path, **headers)
        assert told.get_all("X-Request-ID") == [f"request-{body}"]
        assert (told.get_all("RateLimit"), len(told.get_all("RateLimit-Policy"))) == (['"anonymous";r=1;t=1'], 1)
    _body, kept = ask("/api/v1/search?q=dat")
    assert not {"RateLimit", "RateLimit-Policy", "X-Request-ID"} & set(kept)
