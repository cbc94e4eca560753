"""Renderers for media types other than JSON."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer


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
