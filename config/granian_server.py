"""The web server of production, behind nginx: granian speaks HTTP in each process (docs/decisions/022).

A cached answer costs it a third of what waitress takes. It has no limit for the time that a body takes, and counts each
open connection as work, so it is safe only behind a proxy that hands on complete requests: deploy/nginx.
Health checks have a thread and a port of their own in each process.
"""

import errno
import logging
import os
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from functools import partial
from multiprocessing.util import Finalize
from typing import Any

import waitress
from django.conf import settings
from django.db import connection
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from api.limits.reports import REPORTS
from api.replicas.services import REPLICAS
from config import log_queue, wsgi
from config.env import integer
from config.granian_overrides.server import RESPAWN_PAUSE_SECONDS, Server
from config.logs import LOGGING, QUIETER
from config.memory.pools import limit_memory_pools, return_memory_regularly, share_memory
from content.dissemination.openings import COUNTER
from content.own_process import exit_with_parent

KEEP_ALIVE_SECONDS = 60  # longer than nginx keeps a connection (deploy/nginx), so that it never sends on a closed one
OPEN_CONNECTIONS = 1_024  # of one process; nginx opens as many as it has requests
STOP_SECONDS = 10  # for requests that have begun
BACKLOG = 128  # connections for a health check that nobody has accepted yet
PORT_WAIT_SECONDS = STOP_SECONDS + 5  # the processes of a server that was killed may still have it
HEALTH_PREFIX = "/health/"

log = logging.getLogger("luatmo.server")  # no words of an exception: they may quote a request


class PortNotAvailable(Exception):
    """Another program has the port, or there is none of that number. The message says what to set."""


def serve(*, threads: int) -> None:
    """Serve until SIGTERM. The processes are forks of this one; one that ends is started again.

    They end when this process is gone, even by kill -9. Raises PortNotAvailable.
    """
    _listener("PORT", settings.PORT).close()  # granian itself shares a port with whoever has it
    health_checks = _listener("HEALTH_PORT", health_port())
    limit_memory_pools(searches=True)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # a fork must not share its sessions
    share_memory()
    Server(
        "config.wsgi:application",
        address=_bind_address(),
        port=settings.PORT,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=settings.WEB_PROCESSES,
        blocking_threads=threads,
        backpressure=OPEN_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=1_000 * KEEP_ALIVE_SECONDS),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_dictconfig=LOGGING,
        log_level=LogLevels(QUIETER.lower()),
    ).serve(target_loader=partial(application_of_process, os.getpid(), health_checks), wrap_loader=False)


def application_of_process(parent: int, health_checks: socket.socket) -> Any:
    """Start the health checks of this process. Returns the application that granian calls."""
    exit_with_parent(parent, kill_after=STOP_SECONDS)
    return_memory_regularly()
    log_queue.begin_queueing()
    REPORTS.begin()
    REPLICAS.begin()
    Finalize(None, COUNTER.add_to_database, exitpriority=2)  # the higher number is called first
    Finalize(None, logging.shutdown, exitpriority=1)  # a process of multiprocessing ends without atexit
    Finalize(None, wsgi.finish_traces, exitpriority=0)  # last: a collector that is away delays it
    threading.Thread(target=_serve_health, args=(health_checks,), name="health", daemon=True).start()
    return application


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The application of config/wsgi.py, for what granian tells otherwise than gunicorn."""
    if environ["SERVER_PROTOCOL"] == "HTTP/1":
        environ["SERVER_PROTOCOL"] = "HTTP/1.0"
        if not environ["HTTP_HOST"]:  # granian adds an empty one
            del environ["HTTP_HOST"]
    try:
        answer = wsgi.application(environ, start_response)
    except Exception:
        log.exception("A request failed")
        raise
    return answer if isinstance(answer, list) else Streamed(answer)


class Streamed:
    """An answer that is not in memory as a whole. Logs why it ends early: granian's own line has no cause."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._parts
        except Exception:
            log.exception("A response ended early")
            raise

    def close(self) -> None:
        """Release what the answer holds, as PEP 3333 asks."""
        if close := getattr(self._parts, "close", None):
            close()


def health(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The application of HEALTH_PORT: health checks only."""
    if environ["PATH_INFO"].startswith(HEALTH_PREFIX):
        return wsgi.application(environ, start_response)
    start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]


def _serve_health(listener: socket.socket) -> None:
    waitress.serve(health, sockets=[listener], threads=1, ident=None, connection_limit=100, channel_timeout=10)


def _listener(name: str, port: int) -> socket.socket:
    """A socket that listens on this port, which nobody else has. Waits for one that is taken."""
    give_up_at = time.monotonic() + PORT_WAIT_SECONDS
    while True:
        try:
            return _new_listener(port)
        except (OSError, OverflowError) as error:
            is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            if not is_taken or time.monotonic() > give_up_at:
                reason = getattr(error, "strerror", None) or error
                raise PortNotAvailable(f"Port {port} is not available ({reason}). Choose another: {name}=…") from None
        time.sleep(RESPAWN_PAUSE_SECONDS)


def _new_listener(port: int) -> socket.socket:
    found = socket.getaddrinfo(_bind_address(), None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, *_more, (host, _port, *scope) = found[0]
    is_ipv6 = family == socket.AF_INET6
    return socket.create_server((host, port, *scope), family=family, backlog=BACKLOG, dualstack_ipv6=is_ipv6)


def _bind_address() -> str:
    return os.environ.get("BIND_ADDRESS", "127.0.0.1")


def health_port() -> int:
    """HEALTH_PORT, by default the one after PORT."""
    return integer("HEALTH_PORT", default=settings.PORT + 1)
