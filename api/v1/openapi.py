"""The OpenAPI description of version 1, as YAML and as JSON: the committed files.

To generate it takes three seconds of CPU and leaves a process 20 MiB larger, and anybody may ask.
"""

import threading
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView
from rest_framework.request import Request

from api.caching import PublicReadMixin
from api.openapi.committed import committed_contract, parsed_contract
from api.openapi.renderers import OpenAPIRenderer, YAMLRenderer
from api.parameters import KnownParametersOnly

_as_json: dict[str, bytes] = {}  # by language
_writing = threading.Lock()


class CommittedContractMixin(SpectacularAPIView):
    """Answers with the committed file, or with the same as JSON, which is written once per process and language.

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
        language = translation.get_language() or self.language
        is_json = isinstance(renderer, OpenApiJsonRenderer)
        body = _contract_as_json(language) if is_json else committed_contract(language)
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        headers = {"Content-Disposition": f'inline; filename="{request.path.rpartition("/")[2]}"'}
        return HttpResponse(body, content_type=renderer.media_type + charset, headers=headers)


def _contract_as_json(language: str) -> bytes:
    with _writing:  # of several at once, one writes and the others wait for it
        if language not in _as_json:
            _as_json[language] = OpenApiJsonRenderer().render(parsed_contract(language))
        return _as_json[language]


class OpenAPIView(PublicReadMixin, KnownParametersOnly, CommittedContractMixin):
    """The description as YAML."""

    renderer_classes = [OpenAPIRenderer, YAMLRenderer, OpenApiJsonRenderer, OpenApiJsonRenderer2]


class OpenAPIJSONView(PublicReadMixin, KnownParametersOnly, CommittedContractMixin, SpectacularJSONAPIView):
    """The description as JSON."""
