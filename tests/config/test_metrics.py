"""/metrics says to named networks how the installation does, over all its processes, and nothing of callers."""

import ipaddress
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from django.db import connection
from django.urls import get_resolver
from prometheus_client.parser import text_string_to_metric_families

from config.metrics import folder, requests
from config.metrics.application import answer_metrics, may_read, with_metrics
from config.metrics.gateway import CountingGateway
from config.metrics.worker import served_metrics
from notifications.deliveries import services as deliveries
from notifications.deliveries.models import Gate
from notifications.push.gateway import ChannelBroken, DeviceGone, MessageRefused, QuotaExceeded, TryLater
from tests import database_server
from tests.builders import a_delivery
from tests.journeys.installation import eventually, free_port

ROOT = Path(__file__).resolve().parents[2]
COUNT = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from config.metrics import folder, requests
assert folder.is_counting()
for _ in range(int(sys.argv[1])):
    requests.record("topics", "200", "miss", 0.002)
"""


def ask(app, path="/metrics", **environ):
    """(status, body) of a call of a WSGI application."""
    said = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "REMOTE_ADDR": "127.0.0.1"} | environ
    body = b"".join(app(environ, lambda status, headers: said.append(status)))
    return said[0], body.decode()


def samples(body):
    """{(name, sorted labels): value}."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def metrics():
    return samples(ask(answer_metrics)[1])


def an_application(status="200 OK", headers=()):
    def answer(environ, start_response):
        start_response(status, list(headers))
        return [b"answer"]

    return answer


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("/api/v1/documents/luat-1/provisions/dieu-1", "documents"),
        ("/api/v1/search", "search"),
        ("/api/v1/effects.ics", "effects"),
        ("/api/v1/devices/me-0123456789", "devices"),
        ("/api/v1/wp-login", "other"),
        ("/van-ban/luat-1", "pages"),
        ("/staff/", "staff"),
        ("/health/ready", "health"),
        ("/.env", "other"),
        ("", "other"),
    ],
)
def test_an_address_has_a_family_and_an_invented_one_makes_none(path, family):
    assert requests.family_of(path) == family


def test_every_address_of_the_api_is_of_a_family():
    def addresses(patterns, before=""):
        for each in patterns:
            address = before + str(each.pattern)
            yield from addresses(each.url_patterns, address) if hasattr(each, "url_patterns") else [address]

    of_api = [each for each in addresses(get_resolver().url_patterns) if each.startswith("api/v1/")]
    names = {re.split(r"[/<\\($.]", each.removeprefix("api/v1/").lstrip("^"))[0] for each in of_api} - {""}
    assert names == requests.API_FAMILIES


def test_requests_are_counted_by_family_status_and_memory(db):
    before = metrics()
    for status, headers, environ in (
        ("200 OK", [("Cache-Status", "luat-mo; hit")], {}),
        ("200 OK", [("Cache-Status", "luat-mo; hit"), ("X-Request-ID", "x")], {"QUERY_STRING": "q=benh"}),
        ("404 Not Found", [], {"HTTP_AUTHORIZATION": "Bearer s3cret"}),
    ):
        app = requests.counting(an_application(status, headers))
        assert ask(app, "/api/v1/documents/hoa-0123456789", **environ) == (status, "answer")
    status, body = ask(answer_metrics)
    after = samples(body)

    def more(name, **labels):
        key = (name, *sorted(labels.items()))
        return after[key] - before.get(key, 0)

    assert status == "200 OK"
    assert more("luatmo_requests_total", family="documents", status="200", cache="hit") == 2
    assert more("luatmo_requests_total", family="documents", status="404", cache="none") == 1
    assert more("luatmo_request_seconds_count", family="documents") == 1  # of the one that was not in memory
    assert not re.search("hoa|benh|s3cret", body)


def test_answers_from_memory_of_many_threads_are_all_counted(db):
    before = metrics()
    app = requests.counting(an_application("200 OK", [("Cache-Status", "luat-mo; hit")]))
    threads = [
        threading.Thread(target=lambda: [ask(app, "/api/v1/topics/dat-dai") for _ in range(500)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    key = ("luatmo_requests_total", ("cache", "hit"), ("family", "topics"), ("status", "200"))
    assert metrics()[key] - before.get(key, 0) == 2_000


def test_answers_from_memory_are_counted_though_nobody_asks_the_process_again(db, tmp_path):
    environment = os.environ | {"METRICS_FOLDER": str(tmp_path / "metrics"), "LUATMO_HOME": str(tmp_path)}
    program = COUNT + "\nrequests.HITS.add('/api/v1/topics', '200')\nprint('added', flush=True)\nsys.stdin.read()"
    answering = subprocess.Popen(
        [sys.executable, "-c", program, "0"], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    asking = (
        "import sys\nfrom pathlib import Path\nfrom prometheus_client import CollectorRegistry\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "from prometheus_client import generate_latest\nregistry = CollectorRegistry()\n"
        "MultiProcessCollector(registry, path=sys.argv[1])\nprint(generate_latest(registry).decode())"
    )
    key = ("luatmo_requests_total", ("cache", "hit"), ("family", "topics"), ("status", "200"))

    def counted():
        done = subprocess.run(
            [sys.executable, "-c", asking, str(tmp_path / "metrics")], capture_output=True, text=True, check=True
        )
        return samples(done.stdout).get(key)

    with answering:
        assert answering.stdout.readline() == b"added\n"
        eventually(lambda: counted() == 1)


def test_what_every_process_counted_is_added_up_also_of_those_that_ended(db, tmp_path):
    environment = os.environ | {"METRICS_FOLDER": str(tmp_path / "metrics"), "LUATMO_HOME": str(tmp_path)}
    holder = subprocess.Popen(  # one lives: else the next would begin anew
        [sys.executable, "-c", COUNT + "\nprint('counted', flush=True)\nsys.stdin.read()", "3"],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with holder:
        assert holder.stdout.readline() == b"counted\n"
        subprocess.run([sys.executable, "-c", COUNT, "4"], cwd=ROOT, env=environment, check=True)
        asked = COUNT + (
            "\nfrom config.metrics.application import answer_metrics"
            "\nprint(answer_metrics({'REQUEST_METHOD': 'GET'}, lambda *said: None)[0].decode())"
        )

        def total():
            done = subprocess.run(
                [sys.executable, "-c", asked, "0"],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            return samples(done.stdout).get(
                ("luatmo_requests_total", ("cache", "miss"), ("family", "topics"), ("status", "200"))
            )

        assert total() == 7
        holder.stdin.close()
    assert total() is None  # all had ended: a new start counts from nothing, and old files do not pile up


def test_the_web_server_s_application_counts_and_answers(db, tmp_path):
    """In a process of its own, because it must count in files before anything else has loaded the settings.

    It begins to keep answers once its listener is connected.
    """
    code = (
        "import sys; from config.wsgi import application\n"
        "environ = {'REQUEST_METHOD': 'GET', 'SERVER_PROTOCOL': 'HTTP/1.1', 'HTTP_HOST': '127.0.0.1', "
        "'SERVER_NAME': 'x', 'SERVER_PORT': '80', 'REMOTE_ADDR': '127.0.0.1', 'wsgi.input': sys.stdin.buffer}\n"
        "hits = []\n"
        "def say(status, headers): hits.append('hit' in dict(headers).get('Cache-Status', ''))\n"
        "for _ in range(1000):\n"
        "    b''.join(application(environ | {'PATH_INFO': '/api/v1/topics'}, say))\n"
        "    if sum(hits) == 3: break\n"
        "for path in ('/health/live', '/metrics'):\n"
        "    print(b''.join(application(environ | {'PATH_INFO': path}, lambda *said: None)).decode())"
    )
    environment = os.environ | {
        "METRICS_FOLDER": str(tmp_path / "metrics"), "LUATMO_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    } | database_server.addresses()  # fmt: skip
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found = samples(done.stdout.partition("\n")[2])
    key = ("luatmo_requests_total", ("cache", "none"), ("family", "health"), ("status", "200"))
    assert (found[key], found[("luatmo_database_up",)]) == (1, 1)
    assert found["luatmo_requests_total", ("cache", "hit"), ("family", "topics"), ("status", "200")] == 3
    assert len(list((tmp_path / "metrics").glob("counter_*.db"))) == 1


def test_a_folder_that_cannot_be_made_stops_no_request(tmp_path):
    code = COUNT.replace("assert folder.is_counting()", "assert not folder.is_counting()").partition("for _")[0]
    code += (
        "\napp = requests.counting(lambda environ, start: start('200 OK', []) or [b'answer'])"
        "\nprint(app({'PATH_INFO': '/'}, lambda *said: None))"
    )
    environment = os.environ | {"METRICS_FOLDER": "/proc/metrics", "LUATMO_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[b'answer']\n"
    assert "METRICS_FOLDER cannot be used" in done.stderr


@pytest.mark.parametrize(
    ("networks", "proxies", "address", "environ", "allowed"),
    [
        (["127.0.0.0/8"], [], "127.0.0.1", {}, True),
        (["127.0.0.0/8"], [], "203.0.113.5", {}, False),
        (["10.0.0.0/8"], [], "10.1.2.3", {}, True),
        (["10.0.0.0/8"], [], "127.0.0.1", {}, False),
        (["127.0.0.0/8"], [], "127.0.0.1", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),  # from any proxy
        (["127.0.0.0/8"], ["127.0.0.1"], "203.0.113.5", {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 203.0.113.5"}, False),
        (["127.0.0.0/8"], [], "", {}, False),
    ],
)
def test_only_named_networks_may_read(settings, networks, proxies, address, environ, allowed):
    settings.METRICS_NETWORKS = [ipaddress.ip_network(each) for each in networks]
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(each) for each in proxies]
    assert may_read(environ, address) is allowed
    app = with_metrics(an_application("404 Not Found"), client_address=lambda environ: environ["REMOTE_ADDR"])
    if not allowed:
        assert ask(app, REMOTE_ADDR=address, **environ) == ("404 Not Found", "answer")


def test_the_state_of_the_installation_is_told(db):
    a_delivery()
    a_delivery()
    deliveries.mark_channel_broken("invalid_grant")
    Gate.objects.update_or_create(quota="send", defaults={"closed_until": None})
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    found = metrics()
    assert found[("luatmo_database_up",)] == 1
    assert found[("luatmo_outbox_deliveries", ("status", "queued"))] == 2
    assert found[("luatmo_push_channel_broken",)] == 1
    assert found[("luatmo_fcm_quota_closed", ("quota", "send"))] == 0
    assert found[("luatmo_change_log_head",)] > 0
    assert found[("luatmo_jobs_late",)] == 0
    assert 0 <= found[("luatmo_worker_silence_seconds",)] < 5
    assert found[("luatmo_database_sessions", ("state", "active"))] >= 1
    assert found[("luatmo_database_connections_limit",)] == 97


def test_without_a_database_it_says_that_it_is_away(tmp_path):
    asked = COUNT + (
        "\nfrom config.metrics.application import answer_metrics"
        "\nprint(answer_metrics({'REQUEST_METHOD': 'GET'}, lambda *said: None)[0].decode())"
    )
    environment = os.environ | {
        "METRICS_FOLDER": str(tmp_path / "m"), "LUATMO_HOME": str(tmp_path),
        "DATABASE_URL": f"postgres://x@127.0.0.1:{free_port()}/laws",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", asked, "1"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    found = samples(done.stdout)
    assert found[("luatmo_database_up",)] == 0
    assert ("luatmo_jobs_late",) not in found
    assert found[("luatmo_request_seconds_count", ("family", "topics"))] == 1


class AnsweringGateway:
    """A push service that gives the answers it is told, in turn."""

    def __init__(self, *answers):
        self._answers = iter(answers)

    def send(self, payload, **target):
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def subscribe(self, registration_id, fcm_topic):
        self.send({})

    unsubscribe = subscribe


def test_each_kind_of_answer_of_fcm_is_counted(db):
    spent = QuotaExceeded("429", seconds=1)
    failures = [DeviceGone("gone"), MessageRefused("bad"), ChannelBroken("key"), spent, TryLater("503")]
    before = metrics()
    gateway = CountingGateway(AnsweringGateway("name", *failures, "", spent))
    assert gateway.send({}, target_kind="topic", target="vn.t.1") == "name"
    for failure in failures:
        with pytest.raises(type(failure)):
            gateway.send({}, target_kind="topic", target="vn.t.1")
    gateway.subscribe("registration", "vn.t.1")
    with pytest.raises(QuotaExceeded):
        gateway.unsubscribe("registration", "vn.t.1")
    after = metrics()
    kinds = ("accepted", "device_gone", "refused", "channel_broken", "quota", "later")
    keys = [("luatmo_fcm_answers_total", ("answer", kind), ("call", "send")) for kind in kinds]
    keys += [("luatmo_fcm_answers_total", ("answer", "accepted"), ("call", "subscribe"))]
    keys += [("luatmo_fcm_answers_total", ("answer", "quota"), ("call", "unsubscribe"))]
    assert {key: after[key] - before.get(key, 0) for key in keys} == dict.fromkeys(keys, 1)


def test_a_worker_serves_its_metrics_on_a_port_of_its_own(committed, settings):
    settings.WORKER_METRICS_PORT = free_port()
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with served_metrics():
        with direct.open(f"http://127.0.0.1:{settings.WORKER_METRICS_PORT}/metrics", timeout=10) as answer:
            assert samples(answer.read().decode())[("luatmo_database_up",)] == 1
        with pytest.raises(urllib.error.HTTPError, match="404"):
            direct.open(f"http://127.0.0.1:{settings.WORKER_METRICS_PORT}/", timeout=10)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", settings.WORKER_METRICS_PORT)) != 0


def test_threads_of_a_process_lose_no_count(db):
    before = metrics()
    threads = [
        threading.Thread(target=lambda: [requests.record("glossary", "200", "none", 0.001) for _ in range(500)])
        for _ in range(4)
    ]
    assert folder.is_counting()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    key = ("luatmo_request_seconds_count", ("family", "glossary"))
    assert metrics()[key] - before.get(key, 0) == 2_000
