"""Who really asks, behind our own proxies. Everything that counts or notes an address reads REMOTE_ADDR after this."""

from ipaddress import ip_address

from django.conf import settings


def client_address_middleware(get_response):
    """Middleware, outermost: REMOTE_ADDR becomes the nearest caller that is none of TRUSTED_PROXIES.

    X-Forwarded-For is read from the right, where our own proxies wrote; what stands left of the first stranger may be
    anybody's invention. Without TRUSTED_PROXIES the header is not looked at.
    """

    def answer(request):
        if settings.TRUSTED_PROXIES:
            hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            request.META["REMOTE_ADDR"] = nearest_untrusted_address([*hops, request.META.get("REMOTE_ADDR", "")])
        return get_response(request)

    return answer


def nearest_untrusted_address(hops):
    """The last of `hops` (farthest first) that is no proxy of ours; the nearest known where it is not an address."""
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


def client_address(request):
    """The caller's address for the lock-out of sign-ins."""
    return request.META.get("REMOTE_ADDR") or None
