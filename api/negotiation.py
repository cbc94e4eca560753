"""In which of several media types a representation is given: `?format=`, else the Accept header, else 406."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation

PROBLEM_MEDIA_TYPE = (
    "application/problem+json"  # named here: settings name this module, so it imports nothing that has views
)


class ProblemAwareNegotiation(DefaultContentNegotiation):
    """Who takes problems takes our answers. Clients made from the contract name every media type that an operation
    may answer with; of one that answers 204 that is a problem alone.
    """

    def select_renderer(self, request, renderers, format_suffix=None):
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            if PROBLEM_MEDIA_TYPE not in self.get_accept_list(request):
                raise
            return renderers[0], renderers[0].media_type


class FormatOrAcceptNegotiation(BaseContentNegotiation):
    """`?format=` beats Accept. Accept is read with its weights (RFC 9110, 12.5.1), which DRF's own ignores."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        if request.method == "OPTIONS":  # tells of the address itself, as JSON
            return renderers[0], renderers[0].media_type
        asked = request.query_params.get("format")
        if asked is not None:
            chosen = next((each for each in renderers if each.format == asked), None)
        else:
            media_type = request._request.get_preferred_type([each.media_type for each in renderers])
            chosen = next((each for each in renderers if each.media_type == media_type), None)
        if chosen is None:
            forms = ", ".join(f"{each.format} ({each.media_type})" for each in renderers)
            raise NotAcceptable(_("This is given as %s.") % forms)
        return chosen, chosen.media_type


class IgnoreAcceptNegotiation(BaseContentNegotiation):
    """For bytes that exist in one form only: whatever the caller accepts, there is nothing else (RFC 9110, 15.5.7)."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type
