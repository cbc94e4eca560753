"""Content negotiation: `?format=`, else the Accept header, else 406."""

from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

# here, not in api.problems: settings name this module, so it imports nothing that has views
PROBLEM_MEDIA_TYPE = "application/problem+json"
# JSON is UTF-8 in any case; without a charset Dart's `http` and the clients generated for it read Latin-1
PROBLEM_CONTENT_TYPE = f"{PROBLEM_MEDIA_TYPE}; charset=utf-8"


class ProblemAwareNegotiation(DefaultContentNegotiation):
    """Answers JSON to clients that accept only problems.

    Clients generated from openapi.yaml accept every media type of an operation; for an operation that answers 204
    that is application/problem+json alone.
    """

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        try:
            return cast(tuple[BaseRenderer, str], super().select_renderer(request, renderers, format_suffix))
        except NotAcceptable:
            if PROBLEM_MEDIA_TYPE not in self.get_accept_list(request):
                raise
            return renderers[0], renderers[0].media_type


class FormatOrAcceptNegotiation(BaseContentNegotiation):
    """Prefers `?format=` to Accept. Respects the weights of Accept (RFC 9110, 12.5.1), which DRF ignores."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser:
        return cast(BaseParser, parsers[0])

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        if request.method == "OPTIONS":  # describes the URL itself, as JSON
            return renderers[0], renderers[0].media_type
        requested = request.query_params.get("format")
        if requested is not None:
            chosen = next((each for each in renderers if each.format == requested), None)
        else:
            media_type = request._request.get_preferred_type([each.media_type for each in renderers])
            chosen = next((each for each in renderers if each.media_type == media_type), None)
        if chosen is None:
            formats = ", ".join(f"{each.format} ({each.media_type})" for each in renderers)
            raise NotAcceptable(_("This is available as %s.") % formats)
        return chosen, chosen.media_type


class IgnoreAcceptNegotiation(BaseContentNegotiation):
    """Ignores Accept: the response exists in one media type only (RFC 9110, 15.5.7)."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser:
        return cast(BaseParser, parsers[0])

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
