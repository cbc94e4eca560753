"""HTTP caching: public reads may be cached and revalidated, all other responses are not stored (RFC 9110, 9111)."""

import datetime
import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe
from django.utils.text import compress_string

from api.types import GetResponse

FRESH_SECONDS = 30
STALE_SECONDS = 30  # a cache may serve the stale response so long while it revalidates (RFC 5861)
# both together: what is withdrawn, personal data perhaps, is gone from caches within a minute
PUBLIC_CACHE_CONTROL = f"public, max-age={FRESH_SECONDS}, stale-while-revalidate={STALE_SECONDS}"
REVALIDATE_CACHE_CONTROL = "public, no-cache"  # may be stored, is revalidated before each use
MIN_COMPRESSED_BYTES = 300  # bytes
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


if TYPE_CHECKING:
    from rest_framework.authentication import BaseAuthentication
    from rest_framework.response import Response
    from rest_framework.views import APIView as _View  # the class that the mixin extends
else:
    _View = object


class PublicReadMixin(_View):
    """Makes successful reads of a view cacheable. The view ignores Authorization: its response is the same for all."""

    authentication_classes: "Sequence[type[BaseAuthentication]]" = []
    cache_control = PUBLIC_CACHE_CONTROL

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> "Response":
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            response["Cache-Control"] = self.cache_control
        return response


def with_last_modified(response: AnyResponse, moment: datetime.datetime | None) -> AnyResponse:
    """Set Last-Modified on the response and return it. `moment`: an aware datetime; None: no header."""
    if moment is not None:
        response["Last-Modified"] = http_date(moment.timestamp())
    return response


class ConditionalRequestMiddleware:
    """Middleware: gives each public read a strong ETag, answers 304 to a matching one, and compresses with gzip.

    Django's own middleware skips HEAD and makes the ETag of a compressed response weak. Here each encoding has its own
    strong ETag. gzip adds no random bytes: they protect secrets from BREACH, and a public read contains none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/api/"):
            return response
        patch_vary_headers(response, ("Accept", "Accept-Language", "Accept-Encoding"))
        if not response.get("Cache-Control", "").startswith("public"):
            response["Cache-Control"] = "no-store"
            return response
        return self._conditional(request, response)

    def _conditional(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if "ETag" in response:  # a file or a part of it: its view set the ETag, and its bytes are sent unchanged
            modified_at = parse_http_date_safe(response.get("Last-Modified", ""))
            answer = get_conditional_response(request, response["ETag"], modified_at, response) or response
            return self._with_headers_of_304(answer, response)
        wants_gzip = (
            ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", ""))
            and len(response.content) > MIN_COMPRESSED_BYTES
        )
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        response["ETag"] = f'"{digest}-gzip"' if wants_gzip else f'"{digest}"'
        modified_at = parse_http_date_safe(response.get("Last-Modified", ""))
        answer = get_conditional_response(request, response["ETag"], modified_at, response) or response
        if answer.status_code == 304:
            return self._with_headers_of_304(answer, response)
        if wants_gzip and answer is response:
            response.content = compress_string(response.content)
            response["Content-Encoding"] = "gzip"
        if "Content-Length" in answer:
            answer["Content-Length"] = str(len(answer.content))
        return answer

    def _with_headers_of_304(self, answer: HttpResponse, response: HttpResponse) -> HttpResponse:
        """Copy to a 304 the headers of the 200 that do not describe the body (RFC 9110, 15.4.5)."""
        if answer.status_code == 304:
            for name in ("RateLimit", "RateLimit-Policy", "Link", "Content-Language"):
                if name in response:
                    answer[name] = response[name]
        return answer
