"""A bound on how long an answer may take, whatever its server does: after it the sockets are shut."""

import contextlib
import socket
import threading
from typing import Any

from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Sockets:
    """The sockets that one client opened."""

    def __init__(self) -> None:
        self._open: list[socket.socket] = []

    def add(self, opened: socket.socket) -> None:
        self._open = [each for each in self._open if each.fileno() != -1] + [opened]

    def shut(self) -> None:
        """Whoever reads from one of them reads its end."""
        for each in self._open:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # of TLS too: without a last word to the other side


class Deadline:
    """Shuts the sockets when the seconds are over, unless `end` comes first."""

    def __init__(self, sockets: Sockets, seconds: float) -> None:
        self.is_over = False
        self._sockets = sockets
        self._timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._pass)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        self._timer.cancel()

    def _pass(self) -> None:
        self.is_over = True
        self._sockets.shut()


def shut_in_time(adapter: BaseAdapter, sockets: Sockets) -> None:
    """Let the adapter's connections add their sockets. TLS is bound by the timeout of the connection itself."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(self.sock)

    pools: dict[str, Any] = {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure}),
    }
    if not isinstance(adapter, HTTPAdapter):
        raise TypeError("only an adapter with a pool of connections can be shut in time")
    adapter.poolmanager.pool_classes_by_scheme = pools
