"""Sends public reads to a replica."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from api.replicas.services import REPLICAS, reading_from

# What is read by people and apps in large numbers. The change feed, a record (read right after its line of the feed),
# exports, health and all that a person has stay at the primary.
_PUBLIC = re.compile(
    r"/api/v1/(?:documents|provisions|topics|organisations|provinces|questions|events|materials|contests|search|suggest"
    r"|glossary|plans|programmes)(?:/(?!.*/record\Z).*)?|/(?:van-ban|hoi-dap|su-kien|tai-lieu|cuoc-thi|tim|akn|eli)(?:/.*)?"
)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def replica_middleware(get_response: GetResponse) -> GetResponse:
    """A public read of somebody unknown goes to a replica that is current; all else to the primary.

    Whoever has a secret (a device, a session of the staff site) reads the primary, and so sees what they wrote. Where a
    replica fails, the primary answers the same request.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        replica = REPLICAS.choose() if is_public_read(request) else None
        if replica is None:
            return get_response(request)
        with reading_from(replica.name):
            response = get_response(request)
        if response.status_code < 500:
            return response
        response.close()
        return get_response(request)

    return respond


def is_public_read(request: HttpRequest) -> bool:
    """Whether a replica may answer: nobody in particular asks, and for what is the same for all."""
    has_secret = any(request.META.get(name) for name in ("HTTP_AUTHORIZATION", "HTTP_COOKIE"))
    return request.method in ("GET", "HEAD") and not has_secret and bool(_PUBLIC.fullmatch(request.path_info))
