"""How often one address may ask for citations: reading a text costs as much as a search."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from api.limits.counters import FixedWindowCounter

CITATION_COUNTS = FixedWindowCounter("citations", "CITATIONS_PER_MINUTE")


def throttle_citations(request: HttpRequest) -> None:
    """Count a request for citations. Raises Throttled above CITATIONS_PER_MINUTE per address."""
    count, seconds = CITATION_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.CITATIONS_PER_MINUTE:
        raise Throttled(seconds)
