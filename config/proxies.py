"""Client addresses behind trusted proxies. Later code reads REMOTE_ADDR only."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from api.types import GetResponse
from content.addresses import nearest_untrusted_address


def client_address_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware, outermost: sets REMOTE_ADDR to the nearest address outside TRUSTED_PROXIES.

    X-Forwarded-For is read from the right, where our own proxies append; entries left of the first unknown address may
    be forged. Without TRUSTED_PROXIES the header is ignored.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = address_of_caller(request.META)
        return get_response(request)

    return respond


def address_of_caller(meta: Mapping[str, Any]) -> str:
    """The same for the environment of a request (PEP 3333)."""
    address: str = meta.get("REMOTE_ADDR", "")
    proxies = settings.TRUSTED_PROXIES
    if not proxies:
        return address
    return nearest_untrusted_address(meta.get("HTTP_X_FORWARDED_FOR", ""), address, frozenset(proxies))


def client_address(request: HttpRequest) -> str | None:
    """The client address, for django-axes."""
    return request.META.get("REMOTE_ADDR") or None
