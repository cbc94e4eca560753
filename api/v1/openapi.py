"""The OpenAPI description of version 1, as YAML and as JSON."""

import threading
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView
from rest_framework.request import Request

from api.caching import PublicReadMixin
from api.openapi.renderers import OpenAPIRenderer, YAMLRenderer
from api.parameters import KnownParametersOnly

_generated: dict[tuple[str, str], bytes] = {}  # by media type and language
_generating = threading.Lock()


class GeneratedOnceMixin(SpectacularAPIView):
    """Generates the description once per process, media type and language: it takes seconds, and anybody may ask.

    The language is that of the file, unless `lang` names another. `Accept-Language` does not count: a file that is
    downloaded by its name is the one that is committed.
    """

    language = "en"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "lang" not in request.query_params:
            translation.activate(self.language)

    def _get_schema_response(self, request: Request) -> HttpResponse:
        renderer: Any = request.accepted_renderer
        key = (renderer.media_type, translation.get_language() or "")
        with _generating:  # of several at once, one generates and the others wait for it
            if key not in _generated:
                response = super()._get_schema_response(request)
                body = renderer.render(response.data, renderer.media_type, self.get_renderer_context())
                _generated[key] = body
        body = _generated[key]
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        headers = {"Content-Disposition": f'inline; filename="{request.path.rpartition("/")[2]}"'}
        return HttpResponse(body, content_type=renderer.media_type + charset, headers=headers)


class OpenAPIView(PublicReadMixin, KnownParametersOnly, GeneratedOnceMixin):
    """The description as YAML, generated from the code."""

    renderer_classes = [OpenAPIRenderer, YAMLRenderer, OpenApiJsonRenderer, OpenApiJsonRenderer2]


class OpenAPIJSONView(PublicReadMixin, KnownParametersOnly, GeneratedOnceMixin, SpectacularJSONAPIView):
    """The description as JSON."""
