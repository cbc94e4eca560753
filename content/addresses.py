"""Whose connections and requests count together."""

import functools
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

IPV6_PREFIX = 64  # bits; what a provider gives one subscriber at least (RFC 6177)
LONGEST_REMEMBERED = 200  # characters of X-Forwarded-For: an honest one has a few addresses
Networks = frozenset[IPv4Network | IPv6Network]


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


def nearest_untrusted_address(forwarded_for: str, address: str, proxies: Networks) -> str:
    """The last hop that is none of `proxies`. Stops at the first malformed entry.

    The hops are those of X-Forwarded-For, farthest first, and then the address of the connection.
    """
    find = _remembered_hop if len(forwarded_for) <= LONGEST_REMEMBERED else _last_untrusted_hop
    return find(forwarded_for, address, proxies)


def _last_untrusted_hop(forwarded_for: str, address: str, proxies: Networks) -> str:
    hops = [*forwarded_for.split(","), address]
    nearest = hops[-1].strip()
    for hop in reversed(hops):
        try:
            found = ip_address(hop.strip())
        except ValueError:
            return nearest
        found = getattr(found, "ipv4_mapped", None) or found  # so a socket of both IPv4 and IPv6 calls an IPv4 address
        nearest = str(found)
        if not any(found in network for network in proxies):
            return nearest
    return nearest


_remembered_hop = functools.lru_cache(maxsize=5_000)(_last_untrusted_hop)  # callers come again
