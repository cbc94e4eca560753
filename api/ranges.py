"""Parts of a file asked for by bytes (RFC 9110, 14)."""

import datetime
import re
from dataclasses import dataclass

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_http_date_safe
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api import problems
from api.caching import PUBLIC_CACHE_CONTROL, with_last_modified

CHUNK_BYTES = 64 * 1024  # bytes of a file in memory
RANGE_PARAMETERS = [
    OpenApiParameter("Range", str, "header", description="`bytes=0-1023`, `bytes=1024-`, `bytes=-512`."),
    OpenApiParameter("If-Range", str, "header", description="The ETag or Last-Modified of what the part is of."),
]
UNSATISFIABLE_RESPONSE = OpenApiResponse(
    {"$ref": "#/components/schemas/Problem"}, "Nothing of it lies in that range; Content-Range tells its size."
)

_SINGLE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII)


class UnsatisfiableRange(Exception):
    """The range is well formed, and nothing of what there is lies in it: 416."""


def parse_range(header, size):
    """(first, last) byte, both inclusive, that a Range header asks for of `size` bytes; None for all of it.

    What is no range of bytes, or several at once, is ignored, as RFC 9110 allows. Raises Unsatisfiable.
    """
    match = _SINGLE_RANGE.fullmatch(header or "")
    if match is None or match.group(1, 2) == ("", ""):
        return None
    if match[1] == "":  # the last so many
        if int(match[2]) == 0 or size == 0:
            raise UnsatisfiableRange
        return max(0, size - int(match[2])), size - 1
    first, last = int(match[1]), int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None  # no valid range at all
    if first >= size:
        raise UnsatisfiableRange
    return first, min(last, size - 1)


def if_range_matches(if_range, etag, modified_at):
    """Whether If-Range (a strong ETag or an HTTP date; None where there is none) means what we have now.

    `modified_at`: seconds. A weak ETag never does (RFC 9110, 13.1.5).
    """
    if if_range is None:
        return True
    if if_range.startswith(('"', "W/")):
        return if_range == etag
    return parse_http_date_safe(if_range) == int(modified_at)


@dataclass(frozen=True)
class ServedFile:
    """A file as a whole."""

    etag: str  # strong, with its quotes
    modified_at: datetime.datetime
    size: int  # bytes
    media_type: str
    name: str  # under which it is saved


def range_response(request, whole, read):
    """What the request asks for of the file: 200, 206 or 416. `read(first, length)` gives bytes, or pieces of them.

    HEAD never reads.
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
    content = read(first, last - first + 1) if request.method == "GET" else b""
    of = HttpResponse if isinstance(content, bytes) else StreamingHttpResponse
    response = of(content, status=status, content_type=whole.media_type)
    if status == 206:
        response["Content-Range"] = f"bytes {first}-{last}/{whole.size}"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = whole.etag
    response["Cache-Control"] = PUBLIC_CACHE_CONTROL
    response["Content-Disposition"] = content_disposition_header(True, whole.name)
    return with_last_modified(response, whole.modified_at)


def file_chunks(path, first, length):
    """`length` bytes of a file from `first` (0 is the first), in pieces. Opened now: OSError is raised here."""
    return _chunks(open(path, "rb"), first, length)


def _chunks(file, first, length):
    with file:
        file.seek(first)
        while length and (piece := file.read(min(CHUNK_BYTES, length))):
            length -= len(piece)
            yield piece
