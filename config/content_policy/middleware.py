"""Writes the content security policy of answers that have none of their own."""

import functools
from dataclasses import asdict

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, HttpResponseBase

_OWN = frozenset({"_csp_config", "_csp_update", "_csp_replace", "_csp_exempt"})  # what a view says of its response


class PolicyMiddleware(CSPMiddleware):
    """Middleware: writes the policy of settings once, not anew for each response that has no other.

    No response has a nonce, and none is only reported about.
    """

    @functools.cached_property
    def _policy_of_settings(self) -> str:
        return build_policy(**asdict(self.get_policy_parts(HttpRequest(), HttpResponse())))

    def process_request(self, request: HttpRequest) -> None:
        """Nothing: no template asks for a nonce."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the header, unless the response has it."""
        if not _OWN.isdisjoint(vars(response)):
            return super().process_response(request, response)
        if HEADER not in response:
            response[HEADER] = self._policy_of_settings
        return response
