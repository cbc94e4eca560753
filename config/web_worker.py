"""The worker of the web server: gunicorn starts, watches and stops the processes, waitress speaks HTTP in each.

One loop per process reads requests and writes responses of all connections; a thread works only on a request that has
arrived in full. So a client that is slow or silent costs a socket and no thread; a thread waits for a reader only where
more than 16 MiB of one generated response are unread. What waitress lacks is here: time limits for heads, bodies and
readers, and limits of connections. `config/web_reading.py` reads the requests.
"""

import errno
import json
import logging
import os
import resource
import socket
import threading
import time
import uuid
from collections import Counter
from enum import Enum
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from gunicorn.workers.base import Worker
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error, InternalServerError

from api.limits.reports import REPORTS
from api.replicas.services import REPLICAS
from config import log_queue
from config.env import integer, networks
from config.event_loop.loop import EventLoop
from config.uploads.body_limits import MATERIAL_BODY_BYTES, STAFF_PREFIX
from config.web_reading import HEAD_BYTES, AddressNotUtf8, StrictParser
from content.addresses import network_of
from content.people import request_context

SILENT_SECONDS = 5  # of a new connection without the first byte of a request
IDLE_SECONDS = 65  # between requests: an app that reads one screen after another need not connect again
IDLE_SECONDS_OF_PROXY = 75  # longer than nginx keeps a connection (60), so that it never sends on a closed one
HEAD_SECONDS = 10  # from its first byte to its last
PROGRESS_SECONDS, PROGRESS_BYTES = 20, 10_000  # a body or a response that moves less in this time is given up
SPOOL_BYTES = 256 * 1024  # of a body or a response in memory; the rest goes to a temporary file
CONNECTIONS = 1_000  # of one process
FILES_BESIDE = 200  # that a process may have open beside its connections: the database, the log, bodies on disk
HEALTH_PREFIX = "/health/"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

log = logging.getLogger("luatmo.server")


class DiskFull(Error):
    code, reason = 503, "Service Unavailable"


NOT_UTF_8 = (
    "bad_request",
    "Địa chỉ không phải là UTF-8. Hãy viết địa chỉ bằng UTF-8, có mã hoá phần trăm (%C4%91) hoặc không. "
    "The URL is not UTF-8. Write it in UTF-8, with or without percent-encoding (%C4%91).",
)
REFUSALS = {  # status: (code, detail). Answered before Django sees the request, so in both languages
    400: ("bad_request", "Máy chủ không đọc được yêu cầu này. The server cannot read this request."),
    413: ("request_too_large", "Nội dung gửi lên quá lớn. The body is too large."),
    414: ("query_too_long", "Địa chỉ dài quá 8.190 ký tự. The URL is longer than 8,190 characters."),
    431: ("bad_request", "Phần đầu của yêu cầu quá lớn. The head of the request is too large."),
    501: ("bad_request", "Chỉ nhận Transfer-Encoding: chunked. Only Transfer-Encoding: chunked is accepted."),
    503: ("storage_full", "Ổ đĩa của máy chủ đã đầy. The server's disk is full. Try again later."),
    500: ("server_error", "Máy chủ gặp lỗi. The server failed. Try again later."),
}
STAFF_PAGES = frozenset({400, 413, 500})  # refusals with a page of the staff site: a browser shows it to a person
PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


def _named(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


# -- answering


class RefusalTask(ErrorTask):
    """Answers a request that could not be read, and ends the connection.

    The answer is a problem (RFC 9457); below /staff/ it is a page in Vietnamese.
    """

    def execute(self) -> None:
        """Write the response."""
        error = self.request.error
        is_page = error.code in STAFF_PAGES and self.request.path.startswith(STAFF_PREFIX)
        request_id = uuid.uuid4().hex
        body = _staff_page(error.code) if is_page else _problem(error, request_id)
        self.version, self.status = "1.1", f"{error.code} {error.reason}"
        self.response_headers += [
            ("Content-Type", f"{'text/html' if is_page else 'application/problem+json'}; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Request-ID", request_id),
        ]
        if is_page:
            self.response_headers += [("Content-Language", "vi"), ("Content-Security-Policy", PAGE_POLICY)]
        if error.code == DiskFull.code:
            self.response_headers.append(("Retry-After", "60"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
        with request_context.bound_context(request_id, None):  # the line has the id
            log.info("Request refused before it was read: %d", error.code)


def _problem(error: Error, request_id: str) -> bytes:
    code, detail = NOT_UTF_8 if isinstance(error, AddressNotUtf8) else REFUSALS[error.code]
    problem = {
        "type": f"{settings.PUBLIC_URL}/problems/{code}", "title": error.reason, "status": error.code, "code": code,
        "request_id": request_id, "detail": detail, "errors": [],
    }  # fmt: skip
    return json.dumps(problem, ensure_ascii=False).encode()


def _staff_page(status: int) -> bytes:
    """The same page that Django answers with, which makes no query."""
    with translation.override("vi"):
        return render_to_string(f"staff/{status}.html").encode()


class RequestTask(WSGITask):
    """Waitress's task with repairs: a HEAD gets no body, a 204 or 304 does not end the connection, a pipeline does.

    After the first answer of a pipeline the connection ends, as RFC 9112, 9.3.2 allows: waitress would hold a thread
    until the reader has taken enough of the last answer.
    """

    def execute(self) -> None:
        """Call the application and write its response. One that cannot be stored is cut, and logged."""
        try:
            super().execute()
        except ConnectionError:
            raise
        except OSError as error:
            log.error("A response was cut: %s", _named(error))
            raise

    def get_environment(self) -> dict[str, Any]:
        """What the application is called with."""
        environ: dict[str, Any] = super().get_environment()
        if self.request.command == "HEAD":
            environ.pop("wsgi.file_wrapper", None)  # it would be sent past `write`
        return environ

    def write(self, data: bytes) -> None:
        """Send the head before the first bytes, and the bytes."""
        is_head = self.request.command == "HEAD"
        super().write(b"" if is_head else data)
        if is_head:
            self.chunked_response = False  # without a last chunk either

    def build_response_header(self) -> bytes:
        """The head of the response."""
        if self._is_last():
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head

    def set_close_on_finish(self) -> None:
        """Announce and do the end of the connection, unless the response has an end of its own."""
        is_too_short = self.has_body and self.content_length is not None  # else waitress would not call this
        if self.wrote_header or self.version == "1.0" or self._is_last() or is_too_short:
            super().set_close_on_finish()

    def _is_last(self) -> bool:
        wants_end = self.request.headers.get("CONNECTION", "").lower() == "close"
        return wants_end or self.request.is_followed or self.channel.server.is_stopping


# -- connections


class Waiting(Enum):
    """What a connection is doing."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    WORKING = "working"
    WRITING = "writing"


SERVED_WHILE_STOPPING = frozenset({Waiting.BODY, Waiting.WORKING, Waiting.WRITING})


class Channel(HTTPChannel):
    """One connection."""

    request: Any
    parser_class, task_class, error_task_class = StrictParser, RequestTask, RefusalTask

    def __init__(self, server: "Server", *arguments: Any, **options: Any) -> None:
        self.moved = 0  # bytes read and written
        self._last_seen: tuple[Any, ...] = ()
        self.waiting_since = self._window_since = time.monotonic()
        self._window_moved = 0
        self._is_writing = False
        super().__init__(server, *arguments, **options)
        self.address = network_of(self.addr[0])
        self.is_of_proxy = server.connections.is_proxy(self.addr[0])
        server.connections.add(self)

    def recv(self, buffer_size: int) -> bytes:
        """Read from the socket."""
        data: bytes = super().recv(buffer_size)
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Write to the socket. Returns the number of bytes it took."""
        sent: int = super().send(data, do_close=do_close)
        self.moved += sent
        return sent

    def received(self, data: bytes) -> bool:
        """Take what has arrived. A body that cannot be stored is answered at once."""
        if any(each.is_followed for each in self.requests):
            return False  # the connection ends after it
        try:
            taken: bool = super().received(data)
        except ConnectionError:
            self.handle_close()
            return False
        except OSError as error:
            log.error("A body could not be stored: %s", _named(error))
            self.request.error = DiskFull("") if error.errno in NO_SPACE else InternalServerError("")
            with self.requests_lock:
                self.requests.append(self.request)
                self.request = None
                if len(self.requests) == 1:
                    self.server.add_task(self)
            return True
        return taken

    def write_soon(self, data: Any) -> int:
        """Put a part of a response into the buffers. Waits while they hold too much of it. Called in a thread."""
        self._is_writing = True
        try:
            written: int = super().write_soon(data)
        finally:
            self._is_writing = False
        return written

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Wait for the reader of a response. Never before the next request: that is dropped, with the connection."""
        if self._is_writing:
            super()._flush_outbufs_below_high_watermark()
        elif self.total_outbufs_len > self.adj.outbuf_high_watermark:
            with self.requests_lock:
                self.close_when_flushed = True
                for request in self.requests[1:]:
                    request.close()
                del self.requests[1:]

    def _flush_some(self, do_close: bool = True) -> bool:
        """Write what the socket takes. The loop and a thread that answers 100 Continue may come here at once."""
        with self.outbuf_lock:
            flushed: bool = super()._flush_some(do_close=do_close)
            return flushed

    def del_channel(self, map: Any = None) -> None:
        """Forget the connection."""
        super().del_channel(map)
        self.server.connections.discard(self)

    def handle_error(self) -> None:
        """Log what went wrong without the address, and close."""
        log.exception("A connection failed")
        self.handle_close()

    def is_at_rest(self) -> bool:
        """Whether no request and no response is here that a thread may work on."""
        if not self.requests_lock.acquire(blocking=False):  # a thread that gives a request back still changes things
            return False
        try:
            return not (self.requests or self.total_outbufs_len or self.will_close or self.close_when_flushed)
        finally:
            self.requests_lock.release()

    def waits_for(self) -> Waiting:
        """What the connection is doing now."""
        if self.total_outbufs_len:
            return Waiting.WRITING
        if self.requests:
            return Waiting.WORKING
        if self.request is None:
            return Waiting.IDLE
        return Waiting.BODY if self.request.headers_finished else Waiting.HEAD

    def is_too_slow(self, now: float) -> bool:
        """Whether the client has had its time. Call it about once a second, `now` from time.monotonic()."""
        waiting = self.waits_for()
        seen = (waiting, self.request, self.moved if waiting is Waiting.IDLE else 0)
        if seen != self._last_seen:
            self._last_seen = seen
            self.waiting_since = self._window_since = now
            self._window_moved = self.moved
        if waiting is Waiting.WORKING:
            return False
        if waiting is Waiting.IDLE:
            return now - self.waiting_since > self._idle_seconds()
        if waiting is Waiting.HEAD:
            return now - self.waiting_since > HEAD_SECONDS
        if now - self._window_since < PROGRESS_SECONDS:
            return False
        moved, self._window_since, self._window_moved = self.moved - self._window_moved, now, self.moved
        return moved < PROGRESS_BYTES

    def _idle_seconds(self) -> int:
        if self.is_of_proxy:
            return IDLE_SECONDS_OF_PROXY
        return IDLE_SECONDS if self.moved else SILENT_SECONDS


class Connections:
    """All connections of a process, with their limits. A thread may close a connection while the loop looks at all."""

    def __init__(self, *, per_address: int, most: int = CONNECTIONS) -> None:
        self._per_address, self._most = per_address, most
        self._lock = threading.Lock()  # never held while a connection is closed, which has locks of its own
        self._of_address: dict[str, dict[Channel, None]] = {}
        self._proxies = networks("TRUSTED_PROXIES", default="")
        self._closed: Counter[str] = Counter()
        self._reported_at = self._swept_at = time.monotonic()

    def is_proxy(self, address: str) -> bool:
        """Whether the address is one of TRUSTED_PROXIES: many people stand behind it."""
        if not self._proxies or not address:  # a Unix socket has no address
            return False
        found = ip_address(address)
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in self._proxies)

    def all(self) -> list[Channel]:
        """Every open connection, those of one address in the order in which they came."""
        with self._lock:
            return [channel for channels in self._of_address.values() for channel in channels]

    def add(self, channel: Channel) -> None:
        """Count a new connection. Beyond a limit, the one that has waited longest for its client is closed."""
        with self._lock:
            self._of_address.setdefault(channel.address, {})[channel] = None
            mine = list(self._of_address[channel.address])
            total = sum(map(len, self._of_address.values()))
        if len(mine) > self._per_address and not channel.is_of_proxy:
            self._close_longest_waiting(mine, channel, "over the limit of their address")
        elif total > self._most:
            self._close_longest_waiting(self.all(), channel, f"over the limit of {total - 1}")

    def discard(self, channel: Channel) -> None:
        """Forget a closed connection."""
        address = getattr(channel, "address", "")  # missing where the connection was gone at once
        with self._lock:
            mine = self._of_address.get(address, {})
            mine.pop(channel, None)
            if not mine:
                self._of_address.pop(address, None)

    def _close_longest_waiting(self, among: list[Channel], newest: Channel, why: str) -> None:
        waiting = [each for each in among if each is not newest and each.waits_for() is not Waiting.WORKING]
        self._close(min(waiting, key=lambda each: each.waiting_since, default=newest), why)

    def sweep(self) -> None:
        """Close the connections of clients that are too slow, at most once a second; report them once a minute."""
        now = time.monotonic()
        if now - self._swept_at < 1:
            return
        self._swept_at = now
        for channel in self.all():
            if channel.is_too_slow(now):
                self._close(channel, f"too slow ({channel.waits_for().value})")
        if self._closed and now - self._reported_at >= 60:
            log.warning("Connections closed: %s", ", ".join(f"{n} {why}" for why, n in self._closed.items()))
            self._closed.clear()
            self._reported_at = now

    def close_unneeded(self) -> int:
        """Close what has no request under way. Returns how many connections are left."""
        for channel in self.all():
            if channel.waits_for() not in SERVED_WHILE_STOPPING:
                channel.handle_close()
        return len(self.all())

    def _close(self, channel: Channel, why: str) -> None:
        self._closed[why] += 1
        channel.will_close = True  # a thread that is writing to it stops
        channel.handle_close()


class Server(TcpWSGIServer):
    """Accepts connections on one socket. Health checks have a thread of their own."""

    channel_class = Channel
    is_stopping = False

    def __init__(
        self, *arguments: Any, connections: Connections, health: ThreadedTaskDispatcher, **options: Any
    ) -> None:
        self.connections = connections
        self._health = health
        super().__init__(*arguments, **options)

    def maintenance(self, now: float) -> None:
        """Do nothing: `Connections.sweep` knows more."""

    def add_task(self, channel: Channel) -> None:
        """Queue the channel's first request for a thread."""
        is_health = channel.requests[0].path.startswith(HEALTH_PREFIX)
        (self._health if is_health else self.task_dispatcher).add_task(channel)

    def stop_accepting(self) -> None:
        """Leave new connections to the other processes."""
        self.is_stopping = True
        self.del_channel()
        self.accepting = False
        self.socket.close()


def most_connections(files: int) -> int:
    """How many connections a process takes that may open this many files. With more the next could not be accepted."""
    return min(CONNECTIONS, max(files - FILES_BESIDE, files // 4))


def _raise_file_limit() -> int:
    """Let this process open as many files as it needs, where the system permits. Returns how many it may open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 4 * CONNECTIONS  # a connection may have two temporary files
    files = files if hard < 0 else min(files, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files


class WaitressWorker(Worker):
    """One web process."""

    def run(self) -> None:
        """Serve until SIGTERM or until the master is gone, then finish what has begun."""
        log_queue.begin_queueing()
        REPORTS.begin()
        REPLICAS.begin()
        most = most_connections(_raise_file_limit())
        self._connections = Connections(per_address=integer("CONNECTIONS_PER_ADDRESS", default=100), most=most)
        self._loop = EventLoop()
        requests, health = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        requests.set_thread_count(self.cfg.threads)
        health.set_thread_count(1)
        self._servers = [self._server(each.sock, requests, health) for each in self.sockets]
        while self.alive and os.getppid() == self.ppid:
            self._turn()
        self._finish()

    def _server(self, sock: socket.socket, *dispatchers: ThreadedTaskDispatcher) -> Server:
        requests, health = dispatchers
        sock.setblocking(False)
        adjustments = Adjustments(
            sockets=[sock],
            threads=self.cfg.threads,
            ident="",
            clear_untrusted_proxy_headers=False,  # config/proxies.py decides whom to believe
            connection_limit=10 * CONNECTIONS,  # `Connections` closes some before
            max_request_header_size=HEAD_BYTES,
            max_request_body_size=MATERIAL_BODY_BYTES + 1,
            inbuf_overflow=SPOOL_BYTES,
            outbuf_overflow=SPOOL_BYTES,
            channel_request_lookahead=1,  # a client that hung up is noticed, and its request is not worked on
            log_socket_errors=False,
            backlog=self.cfg.backlog,
        )
        return Server(
            self.wsgi,
            self._loop,
            _sock=sock,
            dispatcher=requests,
            adj=adjustments,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
            bind_socket=False,
            connections=self._connections,
            health=health,
        )

    def _turn(self) -> None:
        self._loop.turn(seconds=1)
        self.notify()
        self._connections.sweep()

    def _finish(self) -> None:
        """Close idle connections at once; wait for requests that have begun."""
        give_up_at = time.monotonic() + self.cfg.graceful_timeout
        for server in self._servers:
            server.stop_accepting()
        while self._connections.close_unneeded() and time.monotonic() < give_up_at:
            self._turn()

    def handle_exit(self, number: int, frame: Any) -> None:
        """SIGTERM: wake the loop."""
        super().handle_exit(number, frame)
        for server in getattr(self, "_servers", []):
            server.pull_trigger()
