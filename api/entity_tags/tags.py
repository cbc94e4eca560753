"""Tags of answers, and the 304 of a caller who has the answer already."""

import datetime
import hashlib
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from rest_framework.request import Request

from api.caching import encoding_for, with_last_modified
from api.entity_tags.program import program_version
from content.vietnam_time import today

AnyResponse = TypeVar("AnyResponse", bound=HttpResponse)


def entity_tag(request: Request | HttpRequest, *states: str, address: str = "") -> str:
    """The tag of the answer to this request, without quotes and encoding.

    `states`: the text of everything that the answer shows, besides what the request and the day say. `address`: what of
    the address decides the answer, if not all of it.
    """
    chosen = request.accepted_renderer.format if hasattr(request, "accepted_renderer") else ""
    said = (program_version(), settings.PUBLIC_URL, str(today()), get_language() or "", chosen or "")
    whole = "\0".join((*said, address or request.get_full_path(), *states))
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:32]


def unchanged(request: Request, tag: str, modified_at: datetime.datetime | None = None) -> HttpResponse | None:
    """A 304 if the caller has the answer of this tag, else None. `*` is left to the middleware, after the answer.

    Which encoding of the answer the caller has does not matter, as long as it still accepts that.
    """
    known = request.headers.get("If-None-Match", "")
    encoding = encoding_for(request._request)
    for etag in (f'"{tag}-{encoding}"', f'"{tag}"'):
        if etag in known:
            response = HttpResponse(status=304, headers={"ETag": etag})
            return with_last_modified(response, modified_at)
    return None


def with_entity_tag(response: AnyResponse, tag: str) -> AnyResponse:
    """Give the response the tag; ConditionalRequestMiddleware adds the encoding. Returns the response."""
    setattr(response, "entity_tag", tag)  # noqa: B010 (no attribute of the class)
    return response
