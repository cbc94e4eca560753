"""Which addresses of callers are remembered."""

from ipaddress import ip_network

from content import addresses

PROXY = "192.0.2.1"


def nearest(forwarded_for):
    return addresses.nearest_untrusted_address(forwarded_for, PROXY, frozenset({ip_network(PROXY)}))


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
