"""The OpenAPI description of version 1, as YAML and as JSON."""

from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly


class OpenAPIView(PublicReadMixin, KnownParametersOnly, SpectacularAPIView):
    """The description as YAML, generated from the code."""


class OpenAPIJSONView(PublicReadMixin, KnownParametersOnly, SpectacularJSONAPIView):
    """The description as JSON."""
