"""Definitions of terms, taken from the articles of the acts that define them."""

import datetime

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from api.v1.search.suggestions import SuggestParametersSerializer
from content.documents.citations import cite_provision
from content.documents.effect import EffectStatus, provision_effect_of
from content.glossary.models import GlossaryEntry
from content.glossary.queries import glossary_entries
from content.vietnam_time import today


class GlossaryEntrySerializer(serializers.Serializer):
    """A term as one act defines it. Other acts may define it differently."""

    term = serializers.CharField()
    definition = serializers.CharField()
    citation = serializers.CharField(help_text="Citation of the article with the definition.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
    effect_status = serializers.ChoiceField(
        EffectStatus.choices, allow_null=True, help_text="Effect of that article today."
    )


class GlossaryEntriesSerializer(serializers.Serializer):
    """Definitions of matching terms."""

    results = GlossaryEntrySerializer(
        many=True, help_text="At most fifty entries: exact matches, then terms that begin with the text."
    )


class GlossaryView(PublicReadMixin, KnownParametersOnly, APIView):
    """Definitions of legal terms, from the articles «Giải thích từ ngữ»."""

    extra_parameters = tuple(SuggestParametersSerializer().fields)

    @extend_schema(
        operation_id="lookUpTerm",
        tags=["search"],
        summary="Look up definitions of terms that begin with a text",
        auth=[],
        parameters=[SuggestParametersSerializer],
        responses=GlossaryEntriesSerializer,
    )
    def get(self, request: Request) -> Response:
        serializer = SuggestParametersSerializer(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        found = glossary_entries(serializer.validated_data["q"])
        return Response({"results": [_glossary_entry_representation(entry, today()) for entry in found]})


def _glossary_entry_representation(entry: GlossaryEntry, day: datetime.date) -> JSONObject:
    provision, document = entry.provision, entry.provision.document
    return {
        "term": entry.term,
        "definition": entry.definition,
        "citation": cite_provision(document, [provision]),
        "url": resource_urls.provision_url(document, provision.eid),
        "document": document_link(document),
        "effect_status": provision_effect_of(document, provision.eid, day).status,
    }
