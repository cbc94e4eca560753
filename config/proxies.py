"""Client addresses behind trusted proxies. Later code reads REMOTE_ADDR only."""

import functools
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from api.types import GetResponse

LONGEST_REMEMBERED = 200  # characters of X-Forwarded-For: an honest one has a few addresses


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
    if not settings.TRUSTED_PROXIES:
        return address
    forwarded_for: str = meta.get("HTTP_X_FORWARDED_FOR", "")
    find = nearest_untrusted_address if len(forwarded_for) > LONGEST_REMEMBERED else _remembered_address
    return find(forwarded_for, address, frozenset(settings.TRUSTED_PROXIES))


def nearest_untrusted_address(forwarded_for: str, address: str, proxies: frozenset[IPv4Network | IPv6Network]) -> str:
    """The last hop that is none of `proxies`. Stops at the first malformed entry.

    The hops are those of X-Forwarded-For, farthest first, and then the address of the connection.
    """
    hops = [*forwarded_for.split(","), address]
    nearest = hops[-1].strip()
    for hop in reversed(hops):
        try:
            found = ip_address(hop.strip())
        except ValueError:
            return nearest
        nearest = str(found)
        if not any(found in network for network in proxies):
            return nearest
    return nearest


_remembered_address = functools.lru_cache(maxsize=5_000)(nearest_untrusted_address)  # callers come again


def client_address(request: HttpRequest) -> str | None:
    """The client address, for django-axes."""
    return request.META.get("REMOTE_ADDR") or None
