"""Completions for the search box while somebody types."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from content.suggestions.queries import completions


class SuggestParametersSerializer(serializers.Serializer):
    """The typed text."""

    q = serializers.CharField(max_length=100, help_text="Text typed so far. Accents are optional.")


class SuggestionsSerializer(serializers.Serializer):
    """Completions of the typed text."""

    results = serializers.ListField(
        child=serializers.CharField(), help_text="At most ten completions, most frequent first."
    )


class SuggestView(PublicReadMixin, KnownParametersOnly, APIView):
    """Names and headings that begin with the typed text."""

    extra_parameters = tuple(SuggestParametersSerializer().fields)

    @extend_schema(
        operation_id="suggest",
        tags=["search"],
        summary="Complete a query while the reader types",
        auth=[],
        parameters=[SuggestParametersSerializer],
        responses=SuggestionsSerializer,
    )
    def get(self, request: Request) -> Response:
        serializer = SuggestParametersSerializer(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        found = completions(serializer.validated_data["q"])
        return Response({"results": [suggestion.text for suggestion in found]})
