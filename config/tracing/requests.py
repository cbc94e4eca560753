"""A span for each request that Django answers, named by its route: "PUT /api/v1/devices/<key>", never an address."""

import functools

from django.contrib.admindocs.views import simplify_regex
from django.http import HttpRequest, HttpResponse

from api.types import GetResponse
from content import tracing
from content.tracing import SpanKind

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
OTHER_METHOD = "_OTHER"  # as the conventions of OpenTelemetry name it: a caller may send any word
ROUTINE = "/health/"  # asked each second


def trace_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware: one span for each request, so that its log line and its changes belong to it.

    A trace that the caller names is not continued: anybody could make us record, or join a trace of ours.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ROUTINE):
            return get_response(request)
        method = request.method if request.method in METHODS else OTHER_METHOD
        with tracing.span(method, kind=SpanKind.SERVER, attributes={"http.request.method": method}) as span:
            response = get_response(request)
            if request.resolver_match:
                route = route_name(request.resolver_match.route)
                span.rename(f"{method} {route}")
                span.add({"http.route": route})
            span.add({"http.response.status_code": response.status_code})
            if response.status_code >= 500:
                span.fail(str(response.status_code))
        return response

    return respond


@functools.cache  # there are as many as routes
def route_name(pattern: str) -> str:
    """A pattern of the URL table as people read it: "/api/v1/questions/<key>"."""
    return str(simplify_regex(pattern)).replace("\\.", ".")
