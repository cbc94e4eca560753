"""Public reads may be kept by anybody and asked for again cheaply; everything else by nobody (RFC 9111, 9110)."""

import hashlib
import re

from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe
from django.utils.text import compress_string

FRESH_SECONDS = 60
STALE_SECONDS = 600  # how long a cache may answer with the old while it asks for the new (RFC 5861)
PUBLIC_CACHE_CONTROL = f"public, max-age={FRESH_SECONDS}, stale-while-revalidate={STALE_SECONDS}"
REVALIDATE_CACHE_CONTROL = "public, no-cache"  # may be kept, and is asked for again each time
MIN_COMPRESSED_BYTES = 300  # bytes
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


class PublicReadMixin:
    """A view whose successful reads are the same for everybody. It asks nobody who they are, so it refuses no proof."""

    authentication_classes = []
    cache_control = PUBLIC_CACHE_CONTROL

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            response["Cache-Control"] = self.cache_control
        return response


def with_last_modified(response, moment):
    """Say when what the response shows last changed. `moment`: an aware datetime."""
    response["Last-Modified"] = http_date(moment.timestamp())
    return response


class ConditionalRequestMiddleware:
    """Middleware: a strong ETag from the bytes of each public read, 304 where the caller has it, gzip where asked.

    Django's own skips HEAD and turns a compressed answer's ETag weak. Here each encoding has its own strong ETag:
    gzip is made without random bytes, which guard secrets (BREACH), and a public read holds none.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path.startswith("/api/"):
            return response
        patch_vary_headers(response, ("Accept", "Accept-Language", "Accept-Encoding"))
        if not response.get("Cache-Control", "").startswith("public"):
            response["Cache-Control"] = "no-store"
            return response
        return self._conditional(request, response)

    def _conditional(self, request, response):
        if "ETag" in response:  # a file, or a part of one: its view knows it, and its bytes go out as they are
            modified_at = parse_http_date_safe(response.get("Last-Modified", ""))
            return self._with_limits(
                get_conditional_response(request, response["ETag"], modified_at, response), response
            )
        wants_gzip = (
            ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", ""))
            and len(response.content) > MIN_COMPRESSED_BYTES
        )
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        response["ETag"] = f'"{digest}-gzip"' if wants_gzip else f'"{digest}"'
        modified_at = parse_http_date_safe(response.get("Last-Modified", ""))
        answer = get_conditional_response(request, response["ETag"], modified_at, response)
        if answer.status_code == 304:
            return self._with_limits(answer, response)
        if wants_gzip and answer is response:
            response.content = compress_string(response.content)
            response["Content-Encoding"] = "gzip"
        if "Content-Length" in answer:
            answer["Content-Length"] = str(len(answer.content))
        return answer

    def _with_limits(self, answer, response):
        """A 304 tells what the 200 would have told, as far as it is not about the body."""
        if answer.status_code == 304:
            for name in ("RateLimit", "RateLimit-Policy", "Link", "Content-Language"):
                if name in response:
                    answer[name] = response[name]
        return answer
