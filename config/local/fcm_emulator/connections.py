"""Connections: plain HTTP/1.1, and CONNECT tunnels in which this server answers as Google.

One asyncio task per connection. asyncio sets TCP_NODELAY on every socket, so our small answers leave at once. The
caller may not, see `_set_quick_ack`.
"""

import asyncio
import contextlib
import email.utils
import http
import json
import socket
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping
from pathlib import Path

from config.local.fcm_emulator.certificates import GOOGLE_HOSTS
from config.local.fcm_emulator.http_messages import Request, Response
from config.local.fcm_emulator.routes import LOOPBACK, ConnectionFault, Emulator

HEADER_BYTES = 32 * 1024
BODY_BYTES = 1024 * 1024
_CLOSE_SECONDS = 5.0


class UnreadableRequest(Exception):
    """The request cannot be read: answer with `status` and end the connection."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def serve(listener: socket.socket, emulator: Emulator) -> asyncio.Server:
    """Start serving on a listening socket."""
    context = _tls_context(emulator.folder)

    async def connected(reader: StreamReader, writer: StreamWriter) -> None:
        # The caller went away or refused our certificate; or we stop, and then Python 3.11 would print a traceback
        # for each connection that is still open.
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            await _serve_connection(reader, writer, emulator, context)
        writer.close()

    return await asyncio.start_server(connected, sock=listener, limit=HEADER_BYTES, backlog=512)


def _tls_context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    context.set_alpn_protocols(["http/1.1"])
    return context


async def _serve_connection(
    reader: StreamReader, writer: StreamWriter, emulator: Emulator, context: ssl.SSLContext
) -> None:
    tunnel: str | None = None  # the host named by CONNECT
    while True:
        try:
            request = await _read_request(reader, writer, tunnel)
        except UnreadableRequest as refusal:
            return await _respond_and_close(reader, writer, Response(refusal.status, {"error": str(refusal)}))
        if request.method == "CONNECT" and tunnel is None:
            if request.host not in GOOGLE_HOSTS:
                answer = emulator.refuse(request, 403, f"the local FCM server does not emulate {request.host}")
                return await _respond_and_close(reader, writer, answer)
            tunnel = request.host
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.start_tls(context)
        elif not await _respond(reader, writer, emulator, request):
            return None


async def _respond(reader: StreamReader, writer: StreamWriter, emulator: Emulator, request: Request) -> bool:
    """Answer one request. Returns whether another may follow on the connection."""
    if not request.tunnelled and request.host not in LOOPBACK:
        # a page of another site that found our port, or a caller that mistakes us for an ordinary proxy
        answer = emulator.refuse(request, 403, f"the local FCM server does not emulate {request.host}")
        await _respond_and_close(reader, writer, answer)
        return False
    result = await emulator.respond(request)
    if result is ConnectionFault.RESET:
        _reset_connection(writer)
        return False
    if isinstance(result, ConnectionFault):  # HANG
        while await reader.read(HEADER_BYTES):
            pass  # until the caller gives up
        return False
    _write_response(writer, result)
    await writer.drain()
    return request.headers.get("connection", "").lower() != "close"


async def _read_request(reader: StreamReader, writer: StreamWriter, tunnel: str | None) -> Request:
    """The next request. Raises IncompleteReadError if the caller hung up, UnreadableRequest if it is malformed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise UnreadableRequest(431, f"headers longer than {HEADER_BYTES} bytes") from None
    _set_quick_ack(writer)
    lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise UnreadableRequest(400, "this is not HTTP/1.1")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    body = await reader.readexactly(_body_length(headers))
    host, target = _host_and_path(words[1], headers, connect=words[0] == "CONNECT")
    return Request(words[0], tunnel or host, target, headers, body, tunnelled=tunnel is not None)


def _body_length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise UnreadableRequest(411, "send a Content-Length instead of chunks")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise UnreadableRequest(400, f"Content-Length is not a number: {length!r}")
    if len(length) > 12 or int(length) > BODY_BYTES:
        raise UnreadableRequest(413, f"body longer than {BODY_BYTES} bytes")
    return int(length)


def _host_and_path(target: str, headers: Mapping[str, str], *, connect: bool) -> tuple[str, str]:
    """(host without port, path with query) of "/p?q", of "http://host:1/p?q" and of CONNECT's "host:443"."""
    authority = headers.get("host", "")
    if connect:
        authority, target = target, ""
    elif target.startswith("http://"):
        authority, _, rest = target.removeprefix("http://").partition("/")
        target = "/" + rest
    host, _, port = authority.rpartition(":")
    return (host if port.isdigit() else authority).lower(), target


def _set_quick_ack(writer: StreamWriter) -> None:
    """Acknowledge at once what has arrived.

    urllib3 does not set TCP_NODELAY on proxied connections. So the body of each POST waits for the ACK of its headers,
    which the kernel delays by 40 ms [measured]. The option expires and must be set again for each request.
    """
    if hasattr(socket, "TCP_QUICKACK"):  # Linux only
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _write_response(writer: StreamWriter, answer: Response, *, last: bool = False) -> None:
    if isinstance(answer.body, bytes):
        body, media_type = answer.body, "text/html"
    else:
        body, media_type = json.dumps(answer.body, ensure_ascii=False).encode(), "application/json; charset=UTF-8"
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(len(body)),
        "Date": email.utils.formatdate(usegmt=True),
        **({"Connection": "close"} if last else {}),
        **answer.headers,
    }
    first = f"HTTP/1.1 {answer.status} {http.HTTPStatus(answer.status).phrase}"
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


async def _respond_and_close(reader: StreamReader, writer: StreamWriter, answer: Response) -> None:
    """Answer and close. Unread bytes are read first: otherwise closing resets the connection and loses the answer."""
    _write_response(writer, answer, last=True)
    await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            while await reader.read(HEADER_BYTES):
                pass


def _reset_connection(writer: StreamWriter) -> None:
    """Send RST instead of FIN, as a crashed server or a cut line would."""
    linger_not_at_all = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not_at_all)
    writer.transport.abort()
