"""The worker of the web server: gunicorn starts, watches and stops the processes, waitress speaks HTTP in each.

One loop per process reads requests and writes responses of all connections; a thread works only on a request that has
arrived in full. So a client that is slow or silent costs a socket and no thread. What waitress lacks is here: time
limits for heads, bodies and readers, a limit of connections per address, and strict reading of ambiguous requests.
"""

import heapq
import json
import logging
import os
import re
import resource
import socket
import time
from collections import Counter
from enum import Enum
from ipaddress import ip_address
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.receiver import ChunkedReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import BadRequest, Error

from config.env import integer, networks

IDLE_SECONDS = 5  # without the first byte of a request
IDLE_SECONDS_OF_PROXY = 75  # longer than nginx keeps a connection (60), so that it never sends on a closed one
HEAD_SECONDS = 10  # from its first byte to its last
PROGRESS_SECONDS, PROGRESS_BYTES = 20, 10_000  # a body or a response that moves less in this time is given up
LINE_BYTES = 8_190  # of the request line
HEAD_BYTES, HEAD_LINES = 32_768, 100
BODY_BYTES = 27 * 2**20  # the largest upload of the staff site is 25 MiB with its form
CHUNK_LINE_BYTES, TRAILER_BYTES = 256, 8_192
SPOOL_BYTES = 256 * 1024  # of a body or a response in memory; the rest goes to a temporary file
CONNECTIONS = 1_000  # of one process
HEALTH_PREFIX = "/health/"

log = logging.getLogger("luatmo.server")


class UriTooLong(Error):
    code, reason = 414, "URI Too Long"


class DiskFull(Error):
    code, reason = 503, "Service Unavailable"


REFUSALS = {  # status: (code, detail). Answered before Django sees the request, so in both languages
    400: ("bad_request", "Máy chủ không đọc được yêu cầu này. The server cannot read this request."),
    413: ("request_too_large", "Nội dung gửi lên quá lớn. The body is too large."),
    414: ("query_too_long", "Địa chỉ dài quá 8.190 ký tự. The URL is longer than 8,190 characters."),
    431: ("bad_request", "Phần đầu của yêu cầu quá lớn. The head of the request is too large."),
    501: ("bad_request", "Chỉ nhận Transfer-Encoding: chunked. Only Transfer-Encoding: chunked is accepted."),
    503: ("storage_full", "Ổ đĩa của máy chủ đã đầy. The server's disk is full. Try again later."),
    500: ("server_error", "Máy chủ gặp lỗi. The server failed. Try again later."),
}


# -- reading


class StrictChunkedReceiver(ChunkedReceiver):
    """Waitress's receiver, fed line by line: it would accept a bare LF in a size, and lines without end."""

    error: Error | None
    _size_line = re.compile(rb"[0-9A-Fa-f]{1,8}(?:;[\t\x20-\x7e]*)?")

    def received(self, data: bytes) -> int:
        """Take what belongs to the body. Returns the number of bytes taken."""
        taken = 0
        while taken < len(data) and not self.completed and not self.error:
            piece = self._next_piece(data[taken:])
            if not piece:
                self.error = BadRequest("Invalid chunk")
                self.all_chunks_received = True
                break
            taken += super().received(piece)
        return taken

    def _next_piece(self, data: bytes) -> bytes:
        """As many bytes as waitress can take in one step; none if they are malformed."""
        if self.chunk_remainder:
            return data[: self.chunk_remainder]
        if self.validate_chunk_end:
            return data[: 2 - len(self.chunk_end)]
        if self.all_chunks_received:
            return data if len(self.trailer) + len(data) <= TRAILER_BYTES else b""
        line, end, _rest = (self.control_line + data).partition(b"\r\n")
        if not end:
            return data if len(line) <= CHUNK_LINE_BYTES else b""
        if len(line) > CHUNK_LINE_BYTES or not self._size_line.fullmatch(line):
            return b""
        return data[: len(line) + 2 - len(self.control_line)]


class StrictParser(HTTPRequestParser):
    """Waitress's parser, which also refuses what two servers would read in two ways (RFC 9112, 5.2, 6.1, 6.3)."""

    error: Any
    body_rcv: Any
    path = ""  # of a request that was refused
    _refused_with: Error | None = None

    def received(self, data: bytes) -> int:
        """Take what belongs to the request. Returns the number of bytes taken."""
        taken: int = super().received(data)
        if self.error and self._refused_with:
            self.error = self._refused_with
        return taken

    def parse_header(self, head: bytes) -> None:
        """Read the request line and the header lines. Raises ParsingError, TransferEncodingNotImplemented."""
        line, _end, rest = head.partition(b"\r\n")
        if len(line) > LINE_BYTES:
            self._refused_with = UriTooLong("")
            raise ParsingError("long line")
        self._check_head(line, [each for each in rest.split(b"\r\n") if each])
        super().parse_header(head)
        if self.chunked:
            self.body_rcv = StrictChunkedReceiver(self.body_rcv.getbuf())

    def _check_head(self, line: bytes, lines: list[bytes]) -> None:
        if not line.endswith((b" HTTP/1.0", b" HTTP/1.1")) or len(lines) > HEAD_LINES:
            raise ParsingError("not HTTP/1, or too many lines")
        if any(each.startswith((b" ", b"\t")) for each in lines):
            raise ParsingError("folded header")
        fields = [(name.lower(), value.strip()) for name, _colon, value in (each.partition(b":") for each in lines)]
        count = Counter(name for name, _value in fields)
        if any(count[name] > 1 for name in (b"content-length", b"transfer-encoding", b"host")):
            raise ParsingError("repeated header")
        if count[b"transfer-encoding"]:
            if count[b"content-length"] or line.endswith(b"0"):
                raise ParsingError("two lengths")
            if dict(fields)[b"transfer-encoding"].lower() != b"chunked":
                raise TransferEncodingNotImplemented("not chunked")


# -- answering


class RefusalTask(ErrorTask):
    """Answers a request that could not be read with a problem (RFC 9457), and ends the connection."""

    def execute(self) -> None:
        """Write the response."""
        error = self.request.error
        code, detail = REFUSALS[error.code]
        problem = {"type": "about:blank", "title": error.reason, "status": error.code, "code": code, "detail": detail}
        body = json.dumps(problem | {"errors": []}).encode()
        self.version, self.status = "1.1", f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")]
        if error.code == DiskFull.code:
            self.response_headers.append(("Retry-After", "60"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
        log.info("Request refused before it was read: %d", error.code)


class RequestTask(WSGITask):
    """Waitress's task with two repairs: a HEAD gets no body, and a 204 or 304 does not end the connection."""

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
        if self.channel.server.is_stopping:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head

    def set_close_on_finish(self) -> None:
        """Announce and do the end of the connection, unless the response has an end of its own."""
        if self.wrote_header or self.version == "1.0" or self._is_last():
            super().set_close_on_finish()

    def _is_last(self) -> bool:
        return self.request.headers.get("CONNECTION", "").lower() == "close" or self.channel.server.is_stopping


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
        super().__init__(server, *arguments, **options)
        self.address: str = self.addr[0]
        self.is_of_proxy = server.connections.is_proxy(self.address)
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
        """Take what has arrived. A body that does not fit on the disk is answered at once."""
        try:
            taken: bool = super().received(data)
        except OSError:
            log.exception("A body could not be stored")
            self.request.error = DiskFull("")
            with self.requests_lock:
                self.requests.append(self.request)
                self.request = None
                if len(self.requests) == 1:
                    self.server.add_task(self)
            return True
        return taken

    def del_channel(self, map: Any = None) -> None:
        """Forget the connection."""
        super().del_channel(map)
        self.server.connections.discard(self)

    def handle_error(self) -> None:
        """Log what went wrong without the address, and close."""
        log.exception("A connection failed")
        self.handle_close()

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
            return now - self.waiting_since > (IDLE_SECONDS_OF_PROXY if self.is_of_proxy else IDLE_SECONDS)
        if waiting is Waiting.HEAD:
            return now - self.waiting_since > HEAD_SECONDS
        if now - self._window_since < PROGRESS_SECONDS:
            return False
        moved, self._window_since, self._window_moved = self.moved - self._window_moved, now, self.moved
        return moved < PROGRESS_BYTES


class Connections:
    """All connections of a process, with their limits."""

    def __init__(self, *, per_address: int) -> None:
        self._per_address = per_address
        self._of_address: dict[str, dict[Channel, None]] = {}
        self._proxies = networks("TRUSTED_PROXIES", default="")
        self._closed: Counter[str] = Counter()
        self._reported_at = self._swept_at = time.monotonic()

    def is_proxy(self, address: str) -> bool:
        """Whether the address is one of TRUSTED_PROXIES: many people stand behind it."""
        return bool(self._proxies) and any(ip_address(address) in network for network in self._proxies)

    def all(self) -> list[Channel]:
        """Every open connection, those of one address in the order in which they came."""
        return [channel for channels in self._of_address.values() for channel in channels]

    def add(self, channel: Channel) -> None:
        """Count a new connection. Beyond a limit, the one that has waited longest for its client is closed."""
        mine = self._of_address.setdefault(channel.address, {})
        mine[channel] = None
        if len(mine) > self._per_address and not channel.is_of_proxy:
            self._close_longest_waiting(list(mine), channel, "over the limit of their address")
        elif (total := sum(map(len, self._of_address.values()))) > CONNECTIONS:
            self._close_longest_waiting(self.all(), channel, f"over the limit of {total - 1}")

    def discard(self, channel: Channel) -> None:
        """Forget a closed connection."""
        mine = self._of_address.get(getattr(channel, "address", ""), {})
        mine.pop(channel, None)
        if not mine:
            self._of_address.pop(getattr(channel, "address", ""), None)

    def _close_longest_waiting(self, among: list[Channel], newest: Channel, why: str) -> None:
        waiting = [each for each in among if each is not newest and each.waits_for() is not Waiting.WORKING]
        longest = heapq.nsmallest(1, waiting, key=lambda each: each.waiting_since)
        self._close(longest[0] if longest else newest, why)

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


class WaitressWorker(Worker):
    """One web process."""

    def run(self) -> None:
        """Serve until SIGTERM or until the master is gone, then finish what has begun."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 4 * CONNECTIONS  # a connection may have two temporary files
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
        self._connections = Connections(per_address=integer("CONNECTIONS_PER_ADDRESS", default=100))
        self._map: dict[int, Any] = {}
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
            asyncore_use_poll=True,
            connection_limit=10 * CONNECTIONS,  # `Connections` closes some before
            max_request_header_size=HEAD_BYTES,
            max_request_body_size=BODY_BYTES,
            inbuf_overflow=SPOOL_BYTES,
            outbuf_overflow=SPOOL_BYTES,
            channel_request_lookahead=1,  # a client that hung up is noticed, and its request is not worked on
            log_socket_errors=False,
            backlog=self.cfg.backlog,
        )
        return Server(
            self.wsgi,
            self._map,
            _sock=sock,
            dispatcher=requests,
            adj=adjustments,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
            bind_socket=False,
            connections=self._connections,
            health=health,
        )

    def _turn(self) -> None:
        wasyncore.loop(timeout=1, use_poll=True, map=self._map, count=1)
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
