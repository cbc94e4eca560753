"""The OpenAPI description of version 1, as YAML and as JSON."""

import threading
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView
from rest_framework.request import Request

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly

_generated: dict[tuple[str, str], tuple[bytes, str]] = {}  # by media type and language: the bytes, their disposition
_generating = threading.Lock()


class GeneratedOnceMixin(SpectacularAPIView):
    """Generates the description once per process, media type and language: it takes seconds, and anybody may ask."""

    def _get_schema_response(self, request: Request) -> HttpResponse:
        renderer: Any = request.accepted_renderer
        key = (renderer.media_type, translation.get_language() or "")
        with _generating:  # of several at once, one generates and the others wait for it
            if key not in _generated:
                response = super()._get_schema_response(request)
                body = renderer.render(response.data, renderer.media_type, self.get_renderer_context())
                _generated[key] = (body, response["Content-Disposition"])
        body, disposition = _generated[key]
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        headers = {"Content-Disposition": disposition}
        return HttpResponse(body, content_type=renderer.media_type + charset, headers=headers)


class OpenAPIView(PublicReadMixin, KnownParametersOnly, GeneratedOnceMixin):
    """The description as YAML, generated from the code."""


class OpenAPIJSONView(PublicReadMixin, KnownParametersOnly, GeneratedOnceMixin, SpectacularJSONAPIView):
    """The description as JSON."""
