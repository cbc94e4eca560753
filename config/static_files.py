"""Static files, compressed and kept for a year by who has them.

`collectstatic` would compress 1,000 files at each start, for half a minute. Here a file is compressed when it is first
asked for, and the result is kept in memory.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string
from whitenoise.middleware import WhiteNoiseMiddleware

from api.caching import MIN_COMPRESSED_BYTES, encoding_for
from api.types import GetResponse

MAX_KEPT_BYTES = 8 * 1024 * 1024  # of all compressed files of a process; all that /docs and /staff/ load are 1 MiB
MAX_FILE_BYTES = 16 * 1024 * 1024  # a larger one is sent as it is
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=6),  # once per process and file
    "gzip": compress_string,
}
TEXT_TYPES = re.compile(r"text/|application/(?:javascript|json|xml)|image/svg\+xml")
OTHER_VERSION = re.compile(r"/static/(?:[0-9a-f]{12}/)?(?=[^/])")


class CompressedFiles:
    """Compressed files in memory, the longest unused dropped beyond `max_bytes`. Safe for threads."""

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return sum(map(len, self._kept.values()))

    def get(self, path: str, encoding: str) -> bytes:
        """The file in this encoding. Of several threads that ask at once, one compresses."""
        with self._lock:
            if (body := self._kept.get((path, encoding))) is None:
                body = COMPRESS[encoding](Path(path).read_bytes())
                self._kept[path, encoding] = body
            self._kept.move_to_end((path, encoding))
            while self.size > self._max_bytes:
                self._kept.popitem(last=False)
        return body


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Serves the files of STATIC_URL, whose address has the version: brotli or gzip, immutable for ten years.

    An address with another version, as a page of the release before has it, or without one gets the same file for a
    minute.
    """

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self.compressed = CompressedFiles()

    def immutable_file_test(self, path: str, url: str) -> bool:
        return url.startswith(settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        url = request.path_info
        if (file := self._file(url)) is None:
            url = OTHER_VERSION.sub(settings.STATIC_URL, url, count=1)
            file = self._file(url)
        if file is None:
            response: HttpResponse = self.get_response(request)
            return response
        answer = self._answer(file, request)
        if url != request.path_info:
            answer["Cache-Control"] = "max-age=60, public"
        return answer

    def _file(self, url: str) -> Any:
        return self.find_file(url) if self.autorefresh else self.files.get(url)

    def _answer(self, file: Any, request: HttpRequest) -> HttpResponse:
        path, headers = file.get_path_and_headers({})
        described = dict(headers)
        fits = MIN_COMPRESSED_BYTES <= int(described["Content-Length"]) <= MAX_FILE_BYTES
        if not fits or not TEXT_TYPES.match(described["Content-Type"]) or request.method not in ("GET", "HEAD"):
            plain: HttpResponse = self.serve(file, request)
            return plain
        encoding = None if "HTTP_RANGE" in request.META else encoding_for(request)
        answer = self._compressed(file, path, encoding, request) if encoding else self.serve(file, request)
        patch_vary_headers(answer, ("Accept-Encoding",))
        return answer

    def _compressed(self, file: Any, path: str, encoding: str, request: HttpRequest) -> HttpResponse:
        tag = f'{file.etag[:-1]}-{encoding}"'
        plain_tag = file.etag if request.META.get("HTTP_IF_NONE_MATCH") == tag else '""'
        known = {"HTTP_IF_NONE_MATCH": plain_tag} if "HTTP_IF_NONE_MATCH" in request.META else {}
        said = file.get_response("HEAD", request.META | known)  # opens no file
        headers = dict(said.headers) | {"ETag": tag}
        if said.status != HTTPStatus.OK:
            return HttpResponse(status=said.status, headers=headers)
        body = self.compressed.get(path, encoding)
        headers |= {"Content-Encoding": encoding, "Content-Length": str(len(body))}
        return HttpResponse(body if request.method == "GET" else b"", headers=headers)
