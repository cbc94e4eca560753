"""The connectors of deploy/connectors, over the real queue, against imitations of the networks: each post at most once.

The imitations prove our reading of the networks' pages, not the networks. Nothing in the product depends on them.
"""

import json
import os
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from content.dissemination.models import Placement
from content.media import services as media
from tests.builders_dissemination import a_placement, an_outlet
from tests.builders_media import CAPTIONS, a_draft_material, a_picture, an_author, an_mp4, published

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "connectors"
pytestmark = pytest.mark.django_db(transaction=True)


class Network(ThreadingHTTPServer):
    """An imitation: remembers what was posted, and answers as it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.posts, self.asked, self.status, self.said = [], [], 200, b""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.command, self.path.partition("?")[0], body))
        said = {"id": "123_456", "error": 0} if self.server.status == 200 else {"error": -1, "message": "no"}
        self.send_response(self.server.status)
        if "uploadType" in self.path:
            self.send_header("Location", f"{self.server.url}/session")
        self.end_headers()
        self.wfile.write(self.server.said or json.dumps(said).encode())

    do_PUT = do_POST

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *arguments):
        """Quiet."""


class Between(ThreadingHTTPServer):
    """Passes on what a connector asks of Luật Mở; loses the first reports, or says that all has moved."""

    def __init__(self, target, *, lost=0, is_moved=False):
        super().__init__(("127.0.0.1", 0), Passing)
        self.target, self.lost, self.is_moved, self.reports = target, lost, is_moved, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    url = Network.url


class Passing(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.is_moved:
            self.send_response(302)
            self.send_header("Location", self.server.target + self.path)
            self.end_headers()
            return
        if self.path.endswith("/report"):
            self.server.reports += 1
            if self.server.reports <= self.server.lost:
                self.send_error(503)
                return
        headers = {"Authorization": self.headers["Authorization"], "Content-Type": "application/json"}
        asked = urllib.request.Request(self.server.target + self.path, body or None, headers, method=self.command)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            said = answer.read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST

    def log_message(self, *arguments):
        """Quiet."""


@pytest.fixture
def network():
    server = Network()
    yield server
    server.shutdown()


def run(name, outlet, network, live_server, folder):
    (folder / "secret").write_text(outlet.secret)
    (folder / "token").write_text("a-token")
    environment = os.environ | {
        "LUATMO_URL": live_server.url, "OUTLET_KEY": outlet.key, "OUTLET_SECRET_FILE": str(folder / "secret"),
        "PAGE_ID": "99", "PAGE_TOKEN_FILE": str(folder / "token"), "GRAPH_URL": network.url,
        "OA_TOKEN_FILE": str(folder / "token"), "ZALO_URL": network.url,
        "YOUTUBE_TOKEN_FILE": str(folder / "token"), "YOUTUBE_URL": network.url,
    }  # fmt: skip
    command = [sys.executable, str(FOLDER / f"{name}.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture
def own_addresses(settings, live_server):
    settings.PUBLIC_URL = live_server.url


@pytest.mark.parametrize("name", ["facebook_page", "zalo_oa"])
def test_what_waits_is_posted_once_and_what_is_certain_is_reported(name, network, live_server, own_addresses, tmp_path):
    outlet = an_outlet()
    placement = a_placement(outlet)
    for _ in range(2):
        done = run(name, outlet, network, live_server, tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    placement.refresh_from_db()
    assert len(network.posts) == 1
    if name == "facebook_page":
        assert (placement.status, placement.url) == ("placed", "https://www.facebook.com/123_456")
    else:  # Zalo makes the article later
        assert placement.status == "unsure"


@pytest.mark.parametrize("name", ["facebook_page", "zalo_oa"])
def test_an_error_of_the_network_leaves_it_unsure_and_is_never_repeated(
    name, network, live_server, own_addresses, tmp_path
):
    outlet = an_outlet()
    placement = a_placement(outlet)
    network.status = 500
    assert run(name, outlet, network, live_server, tmp_path).returncode == 1
    network.status = 200
    assert run(name, outlet, network, live_server, tmp_path).returncode == 0
    placement.refresh_from_db()
    assert placement.status == "unsure" and len(network.posts) == 1


@pytest.mark.parametrize("name", ["facebook_page", "zalo_oa"])
def test_a_refusal_of_the_network_is_a_failure(name, network, live_server, own_addresses, tmp_path):
    outlet = an_outlet()
    placement = a_placement(outlet)
    network.status = 400
    assert run(name, outlet, network, live_server, tmp_path).returncode == 0
    placement.refresh_from_db()
    assert placement.status == "failed" and placement.error.startswith("400")


@pytest.mark.parametrize("name", ["facebook_page", "zalo_oa"])
@pytest.mark.parametrize("said", [b"no JSON", b"[]", b'"x"', b"null"])
def test_an_answer_that_nobody_understands_leaves_it_unsure_and_the_next_is_posted(
    name, said, network, live_server, own_addresses, tmp_path
):
    outlet = an_outlet()
    placements = [a_placement(outlet), a_placement(outlet)]
    network.said = said
    assert run(name, outlet, network, live_server, tmp_path).returncode == 1
    assert {each.status for each in Placement.objects.filter(pk__in=[row.pk for row in placements])} == {"unsure"}
    assert len(network.posts) == 2


def test_a_report_is_tried_three_times(network, live_server, own_addresses, tmp_path):
    outlet = an_outlet()
    placement = a_placement(outlet)
    between = Between(live_server.url, lost=2)
    assert run("facebook_page", outlet, network, between, tmp_path).returncode == 0
    placement.refresh_from_db()
    assert placement.status == "placed" and between.reports == 3
    between.shutdown()


def test_a_secret_follows_no_redirect(network, tmp_path):
    outlet = an_outlet()
    moved = Between(network.url, is_moved=True)
    assert run("facebook_page", outlet, network, moved, tmp_path).returncode == 1
    assert network.asked == []
    moved.shutdown()


def test_a_video_is_uploaded_and_what_has_none_fails(network, live_server, own_addresses, tmp_path):
    outlet = an_outlet("youtube")
    material = a_draft_material("video", transcript="Xin chào.")
    media.add_file(material, "main", [an_mp4()], by=an_author())
    media.add_file(material, "poster", [a_picture()], alt_text="Vườn", by=an_author())
    media.add_file(material, "captions", [CAPTIONS], by=an_author())
    material.refresh_from_db()
    video, audio = a_placement(outlet, material=published(material)), a_placement(outlet)
    assert run("youtube", outlet, network, live_server, tmp_path).stderr == ""
    assert dict(Placement.objects.values_list("key", "status")) == {video.key: "placed", audio.key: "failed"}
    assert [(method, path) for method, path, _body in network.posts] == [
        ("POST", "/upload/youtube/v3/videos"), ("PUT", "/session"),
    ]  # fmt: skip
    assert network.posts[1][2] == an_mp4()


def test_each_connector_is_small_and_says_that_it_was_not_tried():
    paths = sorted(FOLDER.glob("*.py"))
    assert [path.stem for path in paths] == ["facebook_page", "youtube", "zalo_oa"]
    for path in paths:
        lines = path.read_text().splitlines()
        assert len(lines) <= 110 and lines[0].startswith('"""Not tried with a real account.'), path.name
