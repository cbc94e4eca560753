"""Web server and worker send their spans to a collector over HTTP, and a publication is one trace over both."""

import contextlib
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.journeys.installation import eventually, printed_accounts
from tests.journeys.test_a_law_reaches_its_followers import LAND, follows_settled, register

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
A_LAW_TO_PUBLISH = """
from content.editing import services as editing
from tests.builders import a_draft, land
print(editing.submit_for_review(a_draft("1/2019/QH14", topics=[land()])).pk)
"""


class Collector(ThreadingHTTPServer):
    """Takes spans as an OpenTelemetry collector does (OTLP over HTTP)."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), TakesSpans)
        self.spans = []  # (service, span)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def traces_with(self, name):
        return {span.trace_id for _service, span in list(self.spans) if span.name == name}

    def names_of(self, trace):
        return {span.name for _service, span in list(self.spans) if span.trace_id == trace}


class TakesSpans(BaseHTTPRequestHandler):
    def do_POST(self):
        sent = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
        for resource in sent.resource_spans:
            service = next(
                each.value.string_value for each in resource.resource.attributes if each.key == "service.name"
            )
            self.server.spans += [(service, span) for scope in resource.scope_spans for span in scope.spans]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing: the lines would be among those of the test."""


@contextlib.contextmanager
def running_collector():
    with Collector() as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        yield collector
        collector.shutdown()


class Approver:
    """A person at the staff site, without a browser."""

    def __init__(self, installation):
        self.base = f"http://127.0.0.1:{installation.port}/staff/"
        self.session = requests.Session()
        self.session.trust_env = False
        password = printed_accounts(installation.first_said)["approver"]
        self.submit("login/", {"username": "approver", "password": password, "next": "/staff/"})

    def submit(self, path, fields):
        page = self.session.get(self.base + path).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        answer = self.session.post(
            self.base + path, hidden | fields, headers={"Referer": self.base}, allow_redirects=False
        )
        assert answer.status_code == 302, answer.text


def test_a_law_published_by_a_click_is_one_trace_over_web_server_and_worker(installation):
    installation.stop()
    with running_collector() as collector:
        traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        installation.environment |= traced
        installation.start()
        phone = register(installation, "a", LAND)
        eventually(lambda: follows_settled(installation, phone, [LAND]))
        pk = installation.manage("shell", "-v0", "-c", A_LAW_TO_PUBLISH).strip()

        Approver(installation).submit(f"content/legaldocument/{pk}/transition/publish/", {"notify": "on"})

        (trace,) = eventually(lambda: collector.traces_with("FCM send"))
        eventually(lambda: any(name.startswith("POST /staff/") for name in collector.names_of(trace)))
        names = collector.names_of(trace)
        assert {"change log, push", "send push", "INSERT content_change", "INSERT notifications_delivery"} <= names
        eventually(lambda: collector.traces_with("job changes.read"))
        assert {service for service, _span in collector.spans} == {"luatmo"}
        assert installation.stop() == 0


def test_a_collector_that_is_away_holds_up_nobody(installation):
    installation.stop()
    with Collector() as gone:  # it takes connections and never answers
        installation.environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": gone.address, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        installation.start()
        phone = register(installation, "a", LAND)
        eventually(lambda: follows_settled(installation, phone, [LAND]))
        assert installation.stop() == 0
