"""Renderers for media types other than JSON."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from api.types import GetResponse


class JSONLDRenderer(JSONRenderer):
    media_type, format = "application/ld+json", "jsonld"


class CalendarRenderer(BaseRenderer):
    """Sends an iCalendar file that the view has already written (RFC 5545)."""

    media_type, format, charset = "text/calendar", "ics", "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> Any:
        return data


class HTMLPageRenderer(BaseRenderer):
    """Declares the media type only: the view returns a finished page."""

    media_type, format, charset = "text/html", "html", "utf-8"


class PlainTextRenderer(BaseRenderer):
    """Declares the media type only: the view returns a finished text."""

    media_type, format, charset = "text/plain", "txt", "utf-8"


def rendered_data_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware: frees what a response was rendered from, up to 20 MB of a whole text, when its bytes are there.

    A view of DRF, its response and the context of the renderer refer to each other, so that they and all that they hold
    would stay until Python looks for garbage.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, Response) and response.is_rendered:
            context = response.renderer_context  # type: ignore[attr-defined] # of DRF, which its stubs lack
            context["view"].response = None
            context.clear()
            response.data = None
        return response

    return respond
