"""HTTP caching: public reads may be cached and revalidated, all other responses are not stored (RFC 9110, 9111)."""

import datetime
import functools
import hashlib
import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import brotli
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
REVALIDATES = "luatmo.revalidates"  # in META of a request whose caller has no copy: this process has one (api/reads)
NO_SLOT = "luatmo.no_slot"  # in META of a request that wants to wait for changes, and is answered at once (api/reads)
NOT_STORED = "luatmo.not_stored"  # in META of a request whose answer has data whose changes nobody announces
MAY_BE_OLD = "luatmo.may_be_old"  # in META of a request whose answer may lack changes that were heard (api/replicas)
# the API, its guide and the pages that people read; all else is for nobody's cache, or static
CONDITIONAL_PATHS = (
    "/api/", "/docs", "/van-ban/", "/hoi-dap/", "/su-kien/", "/cuoc-thi/", "/tai-lieu/", "/danh-sach-phat/", "/kenh/",
    "/de-an/", "/ke-hoach/", "/chung-nhan/", "/s/", "/tim",
)  # fmt: skip
MIN_COMPRESSED_BYTES = 300  # bytes
BROTLI_QUALITY = 4  # smaller than gzip at level 6, and no slower
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": functools.partial(brotli.compress, quality=BROTLI_QUALITY),
    "gzip": compress_string,
}  # preferred first
ACCEPTED = {name: re.compile(rf"(?<![\w-]){name}(?![\w-])(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))") for name in COMPRESS}

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
        if request.method in ("GET", "HEAD") and response.status_code in (200, 304):
            response["Cache-Control"] = self.cache_control
        return response


def public_cache_control(age: float) -> str:
    """Cache-Control of a public answer that may lack what was written in the last `age` seconds.

    What is withdrawn is gone from caches within the same minute, so nothing is left of it to serve a stale one.
    """
    left = FRESH_SECONDS + STALE_SECONDS - math.ceil(age)
    return f"public, max-age={max(0, min(FRESH_SECONDS, left))}"


def with_last_modified(response: AnyResponse, moment: datetime.datetime | None) -> AnyResponse:
    """Set Last-Modified on the response and return it. `moment`: an aware datetime; None: no header."""
    if moment is not None:
        response["Last-Modified"] = http_date(moment.timestamp())
    return response


class ConditionalRequestMiddleware:
    """Middleware: gives each public read a strong ETag, answers 304 to a matching one, and compresses (brotli, gzip).

    Django's own middleware skips HEAD and makes the ETag of a compressed response weak. Here each encoding has its own
    strong ETag. No random bytes are added: they protect secrets from BREACH, and a public read contains none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(CONDITIONAL_PATHS):
            return response
        patch_vary_headers(response, ("Accept", "Accept-Language", "Accept-Encoding"))
        if not response.get("Cache-Control", "").startswith("public"):
            response["Cache-Control"] = "no-store"
            return response
        return self._conditional(request, response)

    def _conditional(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == 304:  # its view knew the tag before it rendered anything
            del response["Content-Type"]
            return response
        if "ETag" in response:  # a file or a part of it: its view set the ETag, and its bytes are sent unchanged
            modified_at = parse_http_date_safe(response.get("Last-Modified", ""))
            answer = get_conditional_response(request, response["ETag"], modified_at, response) or response
            return self._with_headers_of_304(answer, response)
        encoding = encoding_for(request) if len(response.content) > MIN_COMPRESSED_BYTES else None
        digest = getattr(response, "entity_tag", "") or hashlib.sha256(response.content).hexdigest()[:32]
        response["ETag"] = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
        modified_at = parse_http_date_safe(response.get("Last-Modified", ""))
        answer = get_conditional_response(request, response["ETag"], modified_at, response) or response
        if answer.status_code == 304:
            return self._with_headers_of_304(answer, response)
        if encoding and answer is response:
            response.content = COMPRESS[encoding](response.content)
            response["Content-Encoding"] = encoding
        if "Content-Length" in answer:
            answer["Content-Length"] = str(len(answer.content))
        return answer

    def _with_headers_of_304(self, answer: HttpResponse, response: HttpResponse) -> HttpResponse:
        """Copy to a 304 the headers of the 200 that do not describe the body (RFC 9110, 15.4.5)."""
        if answer.status_code == 304:
            for name in ("Link", "Content-Language"):
                if name in response:
                    answer[name] = response[name]
        return answer


def encoding_for(request: HttpRequest) -> str | None:
    """The best encoding that the client takes (RFC 9110, 12.5.3); None: the bytes as they are."""
    return accepted_encoding(request.headers.get("Accept-Encoding", ""))


@functools.lru_cache(maxsize=1000)
def accepted_encoding(accept_encoding: str) -> str | None:
    """The same, for the value of the header."""
    return next((name for name in COMPRESS if ACCEPTED[name].search(accept_encoding)), None)
