"""Definitions of terms, taken from the articles of the acts that define them."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from api.v1.link_serializers import DocumentLinkSerializer
from api.v1.search.suggestions import SuggestParametersSerializer
from content.documents.citations import cite_provision
from content.documents.effect import EffectStatus, provision_effect_of, today
from content.search.index import suggestions


class GlossaryEntrySerializer(serializers.Serializer):
    """A term as one act explains it, for itself: another act may explain it otherwise."""

    term = serializers.CharField()
    definition = serializers.CharField()
    citation = serializers.CharField(help_text="The article that explains it.")
    url = serializers.URLField()
    document = DocumentLinkSerializer()
    effect_status = serializers.ChoiceField(EffectStatus.choices, allow_null=True, help_text="Of the article, today.")


class GlossaryEntriesSerializer(serializers.Serializer):
    results = GlossaryEntrySerializer(many=True, help_text="At most fifty: those called so, then those that begin so.")


class GlossaryView(PublicReadMixin, KnownParametersOnly, APIView):
    """What a word of the law means, in the words of the law: its articles «Giải thích từ ngữ»."""

    extra_parameters = tuple(SuggestParametersSerializer().fields)

    @extend_schema(
        operation_id="lookUpTerm",
        tags=["search"],
        summary="What terms mean that begin so, act by act",
        auth=[],
        parameters=[SuggestParametersSerializer],
        responses=GlossaryEntriesSerializer,
    )
    def get(self, request):
        papers = SuggestParametersSerializer(data=request.query_params)
        papers.is_valid(raise_exception=True)
        found = suggestions.glossary_entries(papers.validated_data["q"])
        return Response({"results": [_glossary_entry_representation(term, today()) for term in found]})


def _glossary_entry_representation(term, day):
    provision, document = term.provision, term.provision.document
    return {
        "term": term.term,
        "definition": term.definition,
        "citation": cite_provision(document, [provision]),
        "url": resource_urls.provision_url(document, provision.eid),
        "document": DocumentLinkSerializer(document).data,
        "effect_status": provision_effect_of(document, provision.eid, day).status,
    }
