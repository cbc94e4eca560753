"""A version that ends says so in every answer: since when, until when, and what comes after it."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils.http import http_date

from api.pagination import link_header


@dataclass(frozen=True)
class Deprecation:
    """`deprecated_at` and `sunset_at` are aware; from the second on the addresses may answer 410."""

    deprecated_at: datetime.datetime
    sunset_at: datetime.datetime
    successor: str  # path of what replaces it

    def __post_init__(self):
        if self.sunset_at < self.deprecated_at:
            raise ValueError("Nothing ends before it is said to end (RFC 9745, 4).")


class DeprecatedVersionMixin:
    """A view of a family whose meaning changed, as the old version still has it. `retirement` says the days."""

    retirement = None

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Deprecation"] = f"@{int(self.retirement.deprecated_at.timestamp())}"  # RFC 9745
        response["Sunset"] = http_date(self.retirement.sunset_at.timestamp())  # RFC 8594
        successor = link_header(successor_version=settings.PUBLIC_URL + self.retirement.successor)
        response["Link"] = ", ".join(filter(None, [response.get("Link"), successor]))
        return response
