"""The root of version 1: where everything is."""

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from api.v1.sync.exports import LicenceSerializer
from content.exports.services import DOCUMENTS_LICENCE

RESOURCES = (
    "documents", "effects", "topics", "organisations", "provinces", "questions", "events", "contests", "materials",
    "playlists", "channels", "dissemination", "programmes", "plans", "indicators", "measurements", "search", "glossary",
    "changes", "exports", "peers",
)  # fmt: skip


@extend_schema_serializer(component_name="ResourceLink")
class ResourceLinkSerializer(serializers.Serializer):
    """A link to a list or a search."""

    name = serializers.CharField(help_text="Last part of the URL.")
    url = serializers.URLField(help_text="URL of the list or search.")


@extend_schema_serializer(component_name="Root")
class RootSerializer(serializers.Serializer):
    """Where everything in this version of the API is."""

    version = serializers.CharField(help_text="Version of the API.")
    url = serializers.URLField()
    contract_url = serializers.URLField(help_text="OpenAPI description in English.")
    contract_vi_url = serializers.URLField(help_text="OpenAPI description in Vietnamese.")
    docs_url = serializers.URLField(help_text="Guide and reference.")
    problems_url = serializers.URLField(help_text="All codes of errors.")
    health_url = serializers.URLField(help_text="Whether the service is ready.")
    licence = LicenceSerializer(help_text="Licences of legal texts and of their metadata.")
    resources = ResourceLinkSerializer(many=True, help_text="All public lists and searches.")


class RootView(PublicReadMixin, KnownParametersOnly, APIView):
    """The first URL to ask: it names the contract, the documentation, the licence and every list."""

    @extend_schema(operation_id="getRoot", tags=["root"], auth=[], summary="Find everything", responses=RootSerializer)
    def get(self, request: Request) -> Response:
        home = settings.PUBLIC_URL
        return Response(
            {
                "version": "v1",
                "url": f"{home}/api/v1",
                "contract_url": resource_urls.resource_url("openapi"),
                "contract_vi_url": resource_urls.resource_url("openapi-vi"),
                "docs_url": f"{home}/docs",
                "problems_url": f"{home}/problems",
                "health_url": f"{home}/health/ready",
                "licence": DOCUMENTS_LICENCE,
                "resources": [{"name": name, "url": f"{home}/api/v1/{name}"} for name in RESOURCES],
            }
        )
