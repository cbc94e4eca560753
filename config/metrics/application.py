"""Answers /metrics, to named networks alone."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from config.metrics import folder
from config.metrics.installation import InstallationCollector
from config.metrics.requests import HITS, WSGI

PATH = "/metrics"
_THROUGH_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")


def with_metrics(answers: WSGI, *, client_address: Callable[[dict[str, Any]], str]) -> WSGI:
    """The same application, and /metrics for METRICS_NETWORKS. For everybody else that address does not exist."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == PATH and may_read(environ, client_address(environ)):
            return answer_metrics(environ, start_response)
        return answers(environ, start_response)

    return answer


def may_read(environ: dict[str, Any], address: str) -> bool:
    """Whether this caller may read the metrics. Behind a proxy that nobody named, every caller has its address."""
    if not settings.TRUSTED_PROXIES and any(environ.get(name) for name in _THROUGH_PROXY):
        return False
    try:
        found = ip_address(address)
    except ValueError:  # a Unix socket has none
        return False
    return any(found in network for network in settings.METRICS_NETWORKS)


def answer_metrics(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """All metrics of this machine and of the installation, in the text format of Prometheus (PEP 3333)."""
    registry = CollectorRegistry()
    if folder.is_counting():
        HITS.count()
        MultiProcessCollector(registry, path=settings.METRICS_FOLDER)
    registry.register(InstallationCollector())
    body = generate_latest(registry)
    headers = [("Content-Type", CONTENT_TYPE_PLAIN_0_0_4), ("Content-Length", str(len(body)))]
    start_response("200 OK", [*headers, ("Cache-Control", "no-store")])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
