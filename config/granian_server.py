"""The web server of production, behind nginx: granian speaks HTTP in each process (docs/decisions/022).

A cached answer costs it a third of what waitress takes. It has no limit for the time that a body takes, and counts each
open connection as work, so it is safe only behind a proxy that hands on complete requests: deploy/nginx.
Health checks have a thread and a port of their own in each process.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterable
from multiprocessing.util import Finalize
from typing import Any

import waitress
from django.conf import settings
from django.db import connection
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from config import log_queue, wsgi
from config.env import integer
from config.logs import LOGGING, QUIETER
from config.memory import return_freed_memory

KEEP_ALIVE_SECONDS = 60  # longer than nginx keeps a connection (deploy/nginx), so that it never sends on a closed one
OPEN_CONNECTIONS = 1_024  # of one process; nginx opens as many as it has requests
STOP_SECONDS = 10  # for requests that have begun
HEALTH_PREFIX = "/health/"


def serve(*, threads: int) -> None:
    """Serve until SIGTERM. The processes are forks of this one; one that ends is started again.

    Raises OSError if another program has HEALTH_PORT.
    """
    _listener_of_health().close()
    return_freed_memory()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # a fork must not share its sessions
    Granian(
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
    ).serve(target_loader=application_of_process, wrap_loader=False)


def application_of_process() -> Any:
    """Start the health checks of this process. Returns the application that granian calls."""
    log_queue.begin_queueing()
    Finalize(None, logging.shutdown, exitpriority=1)  # a process of multiprocessing ends without atexit
    threading.Thread(target=_serve_health, name="health", daemon=True).start()
    return application


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The application of config/wsgi.py, for what granian tells otherwise than gunicorn."""
    if environ["SERVER_PROTOCOL"] == "HTTP/1":
        environ["SERVER_PROTOCOL"] = "HTTP/1.0"
        if not environ["HTTP_HOST"]:  # granian adds an empty one
            del environ["HTTP_HOST"]
    return wsgi.application(environ, start_response)


def health(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The application of HEALTH_PORT: health checks only."""
    if environ["PATH_INFO"].startswith(HEALTH_PREFIX):
        return wsgi.application(environ, start_response)
    start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]


def _serve_health() -> None:
    waitress.serve(
        health, sockets=[_listener_of_health()], threads=1, ident=None, connection_limit=100, channel_timeout=10
    )


def _listener_of_health() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # each process has one on this port
    try:
        listener.bind((_bind_address(), health_port()))
    except OSError:
        listener.close()
        raise
    return listener


def _bind_address() -> str:
    return os.environ.get("BIND_ADDRESS", "127.0.0.1")


def health_port() -> int:
    """HEALTH_PORT, by default the one after PORT."""
    return integer("HEALTH_PORT", default=settings.PORT + 1)
