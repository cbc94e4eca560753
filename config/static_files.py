"""Static files: compressed, and kept for ten years by who has them.

`collectstatic` would compress 1,000 files at each start, for half a minute. Here a file is compressed when it is first
asked for, and the result is kept in memory.
"""

import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

from api.caching import COMPRESS, MIN_COMPRESSED_BYTES, encoding_for

TEXT_TYPES = re.compile(r"text/|application/(?:javascript|json|xml)|image/svg\+xml")
OTHER_VERSION = re.compile(r"\A/static/(?:[0-9a-f]{12}/)?(?=[^/])")


@cache
def compressed(path: str, encoding: str) -> bytes:
    """The file in this encoding, kept in memory: all our files together are 3 MB. Raises OSError."""
    return COMPRESS[encoding](Path(path).read_bytes())


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Serves the files of STATIC_URL, whose address has the version: brotli or gzip, immutable for ten years.

    An address with another version, as a page of the release before has it, or without one gets the same file for a
    minute.
    """

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
        is_small = int(described["Content-Length"]) < MIN_COMPRESSED_BYTES
        if is_small or not TEXT_TYPES.match(described["Content-Type"]) or request.method not in ("GET", "HEAD"):
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
        if said.status != HTTPStatus.OK:  # a type would be merged into the stored answer (RFC 9111, 3.2)
            return HttpResponseNotModified(headers=headers)
        body = compressed(path, encoding)
        headers |= {"Content-Encoding": encoding, "Content-Length": str(len(body))}
        return HttpResponse(body if request.method == "GET" else b"", headers=headers)
