"""Completions for the search box while somebody types."""

from collections.abc import Set

from django.utils.http import urlencode
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from content.documents import queries as documents
from content.law.eids import KEY_SEPARATOR
from content.suggestions.models import Suggestion
from content.suggestions.queries import completions


class SuggestParametersSerializer(serializers.Serializer):
    """The typed text."""

    q = serializers.CharField(max_length=100, help_text="Text typed so far. Accents are optional.")


SUGGESTION_KINDS = ("document", "provision", "search")


class SuggestionSerializer(serializers.Serializer):
    """A completion, and where it leads."""

    text = serializers.CharField(help_text="The completed text.")
    kind = serializers.ChoiceField([(kind, kind) for kind in SUGGESTION_KINDS], help_text="What `url` leads to.")
    key = serializers.CharField(allow_null=True, help_text="Key of the document or provision; null for a search.")
    url = serializers.URLField(help_text="URL of the document or provision, or of the search for `text`.")


class SuggestionsSerializer(serializers.Serializer):
    """Completions of the typed text."""

    results = SuggestionSerializer(
        many=True,
        help_text="At most ten: what a number, a name or a citation names, then completions, most frequent first.",
    )


class SuggestView(PublicReadMixin, KnownParametersOnly, APIView):
    """What the typed text names, and names and headings that begin with it."""

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
        public = documents.updated_at_by_key([suggestion.document_key for suggestion in found]).keys()
        return Response({"results": [suggestion_representation(suggestion, public) for suggestion in found]})


def suggestion_representation(suggestion: Suggestion, public: Set[str]) -> JSONObject:
    """`public`: keys of documents that are still there, of those that suggestions name."""
    key, eid = suggestion.document_key, suggestion.eid
    if key not in public:
        url = f"{resource_urls.resource_url('search')}?{urlencode({'q': suggestion.text})}"
        return {"text": suggestion.text, "kind": "search", "key": None, "url": url}
    if eid:
        url = resource_urls.resource_url("document-provision", key=key, eid=eid)
        return {"text": suggestion.text, "kind": "provision", "key": f"{key}{KEY_SEPARATOR}{eid}", "url": url}
    url = resource_urls.resource_url("document-detail", key=key)
    return {"text": suggestion.text, "kind": "document", "key": key, "url": url}
