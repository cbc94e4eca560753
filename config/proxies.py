"""Client addresses behind trusted proxies. Later code reads REMOTE_ADDR only."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from api.types import GetResponse


def client_address_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware, outermost: sets REMOTE_ADDR to the nearest address outside TRUSTED_PROXIES.

    X-Forwarded-For is read from the right, where our own proxies append; entries left of the first unknown address may
    be forged. Without TRUSTED_PROXIES the header is ignored.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            request.META["REMOTE_ADDR"] = nearest_untrusted_address([*hops, request.META.get("REMOTE_ADDR", "")])
        return get_response(request)

    return respond


def nearest_untrusted_address(hops: list[str]) -> str:
    """The last of `hops` (farthest first) that is not a trusted proxy. Stops at the first malformed entry."""
    nearest = hops[-1].strip()
    for hop in reversed(hops):
        try:
            found = ip_address(hop.strip())
        except ValueError:
            return nearest
        nearest = str(found)
        if not any(found in network for network in settings.TRUSTED_PROXIES):
            return nearest
    return nearest


def client_address(request: HttpRequest) -> str | None:
    """The client address, for django-axes."""
    return request.META.get("REMOTE_ADDR") or None
