"""Which addresses of callers are remembered."""

from ipaddress import ip_network

from content import addresses

PROXY = "192.0.2.1"


def nearest(forwarded_for):
    return addresses.nearest_untrusted_address(forwarded_for, PROXY, frozenset({ip_network(PROXY)}))


def test_a_proxy_that_calls_over_a_socket_of_both_kinds_of_addresses_is_trusted():
    proxies = frozenset({ip_network(PROXY), ip_network("198.51.100.0/24")})
    for chain in ("203.0.113.7", "203.0.113.7, ::ffff:198.51.100.3", "::ffff:203.0.113.7, 198.51.100.3"):
        assert addresses.nearest_untrusted_address(chain, f"::ffff:{PROXY}", proxies) == "203.0.113.7"


def test_an_honest_header_is_looked_at_once():
    before = addresses._remembered_hop.cache_info().hits
    assert [nearest("203.0.113.241") for _ in range(2)] == ["203.0.113.241"] * 2
    assert addresses._remembered_hop.cache_info().hits > before


def test_a_header_that_a_caller_made_long_is_not_remembered():
    before = addresses._remembered_hop.cache_info()
    header = "198.51.100.7," * 20 + "203.0.113.242"
    assert len(header) > addresses.LONGEST_REMEMBERED
    assert [nearest(header) for _ in range(2)] == ["203.0.113.242"] * 2
    assert addresses._remembered_hop.cache_info() == before
