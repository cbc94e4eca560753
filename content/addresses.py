"""Whose connections and requests count together."""

import functools
from ipaddress import IPv4Address, IPv6Network, ip_address

IPV6_PREFIX = 64  # bits; what a provider gives one subscriber at least (RFC 6177)


@functools.lru_cache(maxsize=5_000)  # each request asks, and a caller comes again
def network_of(address: str) -> str:
    """Whose requests count together: an IPv4 address; for IPv6 its /64, of which one subscriber has every address.

    Anything else, such as the empty address of a Unix socket, is returned as it is.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), IPV6_PREFIX), strict=False))
