"""How the web server reads a request: what two servers could read in two ways is refused, and what is too large.

Bodies go to temporary files before Django sees the request. So the large ones are taken only on the staff site, from
somebody who has its cookie; whether the cookie is good, Django says later.
"""

import re
from collections import Counter
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

from config.uploads.body_limits import BODY_BYTES, STAFF_PREFIX, staff_limit

LINE_BYTES = 8_190  # of the request line
HEAD_BYTES, HEAD_LINES = 32_768, 100
STAFF_COOKIE = re.compile(r"(?:^|;)[ \t]*staff=")  # SESSION_COOKIE_NAME
CHUNK_LINE_BYTES, TRAILER_BYTES = 256, 8_192
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def percent_encoded(line: bytes) -> bytes:
    """The request line with the address in ASCII: people type «?q=đất», and curl sends these bytes as they are.

    Raises UnicodeDecodeError if the address is not UTF-8. Other bytes stay: of a method they are refused later.
    """
    method, space, target = line.partition(b" ")
    target.decode()
    return method + space + _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], target)


class UriTooLong(Error):
    code, reason = 414, "URI Too Long"


class AddressNotUtf8(Error):
    code, reason = 400, "Bad Request"


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
    is_followed = False  # by bytes that arrived with its end
    _most_body = BODY_BYTES
    _refused_with: Error | None = None

    def received(self, data: bytes) -> int:
        """Take what belongs to the request. Returns the number of bytes that need nobody else.

        What arrived together with the end of a request is dropped: see `RequestTask`.
        """
        taken: int = super().received(data)
        if self.body_bytes_received > self._most_body and not self.error:
            self._refused_with = RequestEntityTooLarge("")
            self.error, self.completed = self._refused_with, True
        if self.error and self._refused_with:
            self.error = self._refused_with
        if not self.completed or self.empty:
            return taken
        self.expect_continue = False  # there is no body to wait for, or it is not wanted
        self.is_followed = taken < len(data)
        return len(data)

    def parse_header(self, head: bytes) -> None:
        """Read the request line and the header lines. Raises ParsingError, TransferEncodingNotImplemented."""
        line, end, rest = head.partition(b"\r\n")
        try:
            line = percent_encoded(line)
        except UnicodeDecodeError:
            self._refused_with = AddressNotUtf8("")
            raise ParsingError("no UTF-8") from None
        if len(line) > LINE_BYTES:
            self._refused_with = UriTooLong("")
            raise ParsingError("long line")
        self._check_head(line, [each for each in rest.split(b"\r\n") if each])
        try:
            super().parse_header(line + end + rest)
        except ValueError:  # of urlsplit and int; its words quote the request
            raise ParsingError("not readable") from None
        if self.path.startswith(STAFF_PREFIX) and STAFF_COOKIE.search(self.headers.get("COOKIE", "")):
            self._most_body = staff_limit(self.path)
        if self.content_length > self._most_body:
            self._refused_with = RequestEntityTooLarge("")
            raise ParsingError("large body")
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
