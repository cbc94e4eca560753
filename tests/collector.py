"""A collector of OpenTelemetry for tests: it takes spans over HTTP (OTLP) and keeps them."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


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
