"""Completions for the search box while somebody types."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from content.search.index import suggestions


class SuggestParametersSerializer(serializers.Serializer):
    q = serializers.CharField(max_length=100, help_text="What stands in the box so far; accents are optional.")


class SuggestionsSerializer(serializers.Serializer):
    results = serializers.ListField(child=serializers.CharField(), help_text="At most ten, the most frequent first.")


class SuggestView(PublicReadMixin, KnownParametersOnly, APIView):
    """Names and headings that begin with what was typed."""

    extra_parameters = tuple(SuggestParametersSerializer().fields)

    @extend_schema(
        operation_id="suggest",
        tags=["search"],
        summary="What may be meant, while somebody types",
        auth=[],
        parameters=[SuggestParametersSerializer],
        responses=SuggestionsSerializer,
    )
    def get(self, request):
        papers = SuggestParametersSerializer(data=request.query_params)
        papers.is_valid(raise_exception=True)
        found = suggestions.completions(papers.validated_data["q"])
        return Response({"results": [suggestion.text for suggestion in found]})
