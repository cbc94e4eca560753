"""Range requests: parts of a file by bytes (RFC 9110, 14)."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_http_date_safe
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api import problems
from api.caching import PUBLIC_CACHE_CONTROL, with_last_modified

CHUNK_BYTES = 64 * 1024  # read into memory at once
RANGE_PARAMETERS = [
    OpenApiParameter("Range", str, "header", description="`bytes=0-1023`, `bytes=1024-`, `bytes=-512`."),
    OpenApiParameter(
        "If-Range", str, "header", description="The ETag or Last-Modified of the file that the range belongs to."
    ),
]
UNSATISFIABLE_RESPONSE = OpenApiResponse(
    {"$ref": "#/components/schemas/Problem"}, "The file has no bytes in that range. Content-Range has its size."
)

_SINGLE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII)


class UnsatisfiableRange(Exception):
    """The range is well formed but outside the file: 416."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte, both inclusive, that a Range header selects from `size` bytes; None for the whole file.

    A malformed range or several ranges count as no range, as RFC 9110 allows. Raises UnsatisfiableRange.
    """
    match = _SINGLE_RANGE.fullmatch(header or "")
    if match is None or match.group(1, 2) == ("", ""):
        return None
    if match[1] == "":  # the last n bytes
        if int(match[2]) == 0 or size == 0:
            raise UnsatisfiableRange
        return max(0, size - int(match[2])), size - 1
    first, last = int(match[1]), int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None  # not a valid range
    if first >= size:
        raise UnsatisfiableRange
    return first, min(last, size - 1)


def if_range_matches(if_range: str | None, etag: str, modified_at: float) -> bool:
    """Whether If-Range (a strong ETag, an HTTP date, or None) matches the current file.

    `modified_at`: seconds of the epoch. A weak ETag never matches (RFC 9110, 13.1.5).
    """
    if if_range is None:
        return True
    if if_range.startswith(('"', "W/")):
        return if_range == etag
    return parse_http_date_safe(if_range) == int(modified_at)


@dataclass(frozen=True)
class ServedFile:
    """Facts about a file that is served in full or in parts."""

    etag: str  # strong, with its quotes
    modified_at: datetime.datetime
    size: int  # bytes
    media_type: str
    name: str  # file name for saving it


def range_response(
    request: HttpRequest, whole: ServedFile, read_bytes: "Callable[[int, int], bytes | FilePart]"
) -> HttpResponseBase:
    """The file or the requested part of it: 200, 206 or 416. HEAD reads no bytes.

    `read_bytes(first, length)` returns bytes or a part of a file.
    """
    first, last, status = 0, whole.size - 1, 200
    holds = if_range_matches(request.headers.get("If-Range"), whole.etag, whole.modified_at.timestamp())
    try:
        part = parse_range(request.headers.get("Range"), whole.size) if request.method == "GET" and holds else None
    except UnsatisfiableRange:
        refusal = problems.code_response(416, "range_not_satisfiable")
        refusal["Content-Range"] = f"bytes */{whole.size}"
        return refusal
    if part:
        (first, last), status = part, 206
    content = read_bytes(first, last - first + 1) if request.method == "GET" else b""
    response: HttpResponseBase
    if isinstance(content, FilePart):
        response = FilePartResponse(content, status=status, content_type=whole.media_type)
    else:
        response = HttpResponse(content, status=status, content_type=whole.media_type)
    if status == 206:
        response["Content-Range"] = f"bytes {first}-{last}/{whole.size}"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = whole.etag
    response["Cache-Control"] = PUBLIC_CACHE_CONTROL
    response["Content-Disposition"] = content_disposition_header(True, whole.name)
    return with_last_modified(response, whole.modified_at)


class FilePart:
    """`length` bytes of a file from offset `first`, in chunks. A path is opened now, so OSError is raised here.

    A file that is given is at `first` already.
    """

    def __init__(self, path: Path | IO[bytes], first: int, length: int) -> None:
        self.file = open(path, "rb") if isinstance(path, Path) else path  # noqa: SIM115 (the response closes it)
        self.close = self.file.close
        if isinstance(path, Path):
            self.file.seek(first)
        self._left = length

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (piece := self.file.read(min(CHUNK_BYTES, self._left))):
            self._left -= len(piece)
            yield piece


class FilePartResponse(StreamingHttpResponse):
    """A part of a file. A server that knows `wsgi.file_wrapper` sends it up to Content-Length and holds no thread."""

    block_size = CHUNK_BYTES

    def __init__(self, part: FilePart, *, status: int, content_type: str) -> None:
        super().__init__(part, status=status, content_type=content_type)
        self.file_to_stream = part.file
