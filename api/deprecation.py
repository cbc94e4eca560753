"""Deprecation of API versions: each response names the dates and the successor (RFC 9745, RFC 8594)."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.http import http_date

from api.pagination import link_header

if TYPE_CHECKING:
    from rest_framework.response import Response
    from rest_framework.views import APIView as _View  # the class that the mixin extends
else:
    _View = object


@dataclass(frozen=True)
class Deprecation:
    """Dates of a deprecation, aware datetimes. From `sunset_at` on the URLs may answer 410."""

    deprecated_at: datetime.datetime
    sunset_at: datetime.datetime
    successor: str  # path of the replacement

    def __post_init__(self) -> None:
        if self.sunset_at < self.deprecated_at:
            raise ValueError("The sunset ends a version, so it cannot come before the deprecation (RFC 9745, 4).")


class DeprecatedVersionMixin(_View):
    """Adds Deprecation, Sunset and Link to every response of a view. `retirement` has the dates."""

    retirement: Deprecation

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> "Response":
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Deprecation"] = f"@{int(self.retirement.deprecated_at.timestamp())}"  # RFC 9745
        response["Sunset"] = http_date(self.retirement.sunset_at.timestamp())  # RFC 8594
        successor = link_header(successor_version=settings.PUBLIC_URL + self.retirement.successor)
        response["Link"] = ", ".join(filter(None, [response.get("Link"), successor]))
        return response
