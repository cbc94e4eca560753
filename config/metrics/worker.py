"""/metrics of a worker, which is no web server: on a port of its own, for where no web process shares its folder."""

import contextlib
import threading
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from prometheus_client.exposition import ThreadingWSGIServer

from config.metrics.application import with_metrics


class _SilentHandler(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Prometheus asks every few seconds: no line for each."""


@contextlib.contextmanager
def served_metrics() -> Iterator[None]:
    """Serve /metrics on WORKER_METRICS_PORT for the length of the block; 0: not at all. Raises OSError."""
    if not settings.WORKER_METRICS_PORT:
        yield
        return
    answers = with_metrics(_nothing_else, client_address=lambda environ: str(environ.get("REMOTE_ADDR", "")))
    address = (settings.WORKER_METRICS_ADDRESS, settings.WORKER_METRICS_PORT)
    with make_server(*address, answers, ThreadingWSGIServer, handler_class=_SilentHandler) as server:
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


def _nothing_else(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return [b""]
