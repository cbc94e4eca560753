"""The search box: one ranking over documents, their provisions, questions and events; suggestions; the glossary."""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections import Counter

from django.conf import settings
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.fields import KeyField
from api.pagination import MAX_PAGE_SIZE, link_header
from api.parameters import KnownParametersOnly, requested_as_of
from api.v1 import resource_urls
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.link_serializers import DocumentLinkSerializer
from api.v1.search import hits
from content.documents.citations import cite_provision
from content.documents.effect import EffectStatus, provision_effect_of
from content.law.doc_types import DocType
from content.organisations.models import Organisation
from content.search import queries
from content.search.index import suggestions
from content.topics.models import Topic
from content.vietnam_time import today

MAX_QUERY_LENGTH = 500  # letters of a query
BOOLEAN_CHOICES = [("true", "true"), ("false", "false")]


class SearchParametersSerializer(serializers.Serializer):
    q = serializers.CharField(
        max_length=MAX_QUERY_LENGTH,
        help_text="Words, a document's number or name, or a citation; accents are optional.",
    )
    kind = serializers.ChoiceField(
        [(kind, kind) for kind in queries.RESULT_KINDS], required=False, help_text="Only results of this kind."
    )
    topic = KeyField(
        queryset=Topic.objects.all(), required=False, help_text="Key of a topic; its headings are included."
    )
    type = serializers.ChoiceField(DocType.choices, required=False, help_text="Type of document.")
    issuer = KeyField(queryset=Organisation.objects.all(), required=False, help_text="Key of the issuing body.")
    status = serializers.ChoiceField(
        EffectStatus.choices,
        required=False,
        help_text="Effect of the document on the day of `as_of`. `in_force` takes in `partly_expired`.",
    )
    in_force_first = serializers.ChoiceField(
        BOOLEAN_CHOICES,
        default="true",
        help_text="Where several acts have the same article, whether the one in force stands before the others.",
    )
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=20)
    cursor = serializers.RegexField("^[A-Za-z0-9+/]+=*$", required=False, help_text="From `next` of another page.")


class SynonymSerializer(serializers.Serializer):
    said = serializers.CharField()
    meant = serializers.CharField()


class SearchLimitsSerializer(serializers.Serializer):
    """A query of common words meets more rows than are ranked: those about which its words say most are."""

    ranked = serializers.IntegerField(help_text="How many results there are, over all pages.")
    most = serializers.IntegerField(help_text="How many of each kind are ranked at the most.")
    is_cut = serializers.BooleanField(help_text="Whether more rows hold some of the words: narrow it with filters.")


class FacetValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    count = serializers.IntegerField(min_value=0)


class SearchFacetsSerializer(serializers.Serializer):
    """Counts among all pages of the results."""

    at_least = serializers.BooleanField(help_text="Whether each count is «at least so many», since `bound.is_cut`.")
    kind = FacetValueSerializer(many=True)
    type = FacetValueSerializer(many=True)
    issuer = FacetValueSerializer(many=True)
    status = FacetValueSerializer(many=True)


class SearchResponseSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    as_of = serializers.DateField()
    in_force_first = serializers.BooleanField()
    aliases = SynonymSerializer(many=True, help_text="What was searched for too, and for which words.")
    did_you_mean = serializers.CharField(
        allow_blank=True,
        help_text="The query as our texts write it: mistyped words mended, accents put in where none was typed; empty: "
        "as typed.",
    )
    instead_of = serializers.ChoiceField(
        [(way, way) for way in ("", "filters", "spelling")],
        help_text="Nothing was found: these are results without the filters, or for `did_you_mean`.",
    )
    bound = SearchLimitsSerializer()
    facets = SearchFacetsSerializer()
    results = hits.HitSerializer(many=True)


class SearchView(PublicReadMixin, KnownParametersOnly, APIView):
    """The law in the reader's own words."""

    own_parameters = ("as_of", *SearchParametersSerializer().fields)

    @extend_schema(
        operation_id="search",
        tags=["search"],
        summary="Documents, provisions, questions and events for what somebody typed",
        description="What the query names (a number, a name, «điều 6 nghị định 168») comes first. At most 200 of each "
        "kind are ranked: `bound` says so.",
        auth=[],
        parameters=[SearchParametersSerializer, AS_OF_PARAMETER],
        responses=SearchResponseSerializer,
    )
    def get(self, request):
        papers = SearchParametersSerializer(data=request.query_params)
        papers.is_valid(raise_exception=True)
        asked = papers.validated_data
        day, first = requested_as_of(request), asked["in_force_first"] == "true"
        wanted = queries.SearchFilters(
            day=day,
            kinds=(asked["kind"],) if "kind" in asked else queries.RESULT_KINDS,
            topics=(asked["topic"],) if "topic" in asked else (),
            doc_type=asked.get("type", ""),
            issuer=asked.get("issuer"),
            status=asked.get("status", ""),
        )
        start, size = _result_offset(asked.get("cursor")), asked["page_size"]
        with queries.time_limit():
            found = queries.search_or_nearest(asked["q"], wanted, in_force_first=first)
            page = queries.with_rows(found.hits[start : start + size])
            results = hits.hit_representations(page, found.reading, day)
        is_cut = any(found.is_cut.values())
        answer = {
            "next": _page_url(request, start + size) if start + size < len(found.hits) else None,
            "previous": _page_url(request, max(0, start - size)) if start else None,
            "as_of": day,
            "in_force_first": first,
            "aliases": [{"said": said, "meant": meant} for said, meant in found.reading.aliases],
            "did_you_mean": found.did_you_mean,
            "instead_of": found.instead_of,
            "bound": {"ranked": len(found.hits), "most": queries.MAX_PER_KIND, "is_cut": is_cut},
            "facets": _facet_counts(found.hits, is_cut),
            "results": results,
        }
        contract = f"{settings.PUBLIC_URL}/api/v1/openapi.yaml"
        header = link_header(next=answer["next"], prev=answer["previous"], service_desc=contract)
        return Response(answer, headers={"Link": header})


class SuggestParametersSerializer(serializers.Serializer):
    q = serializers.CharField(max_length=100, help_text="What stands in the box so far; accents are optional.")


class SuggestionsSerializer(serializers.Serializer):
    results = serializers.ListField(child=serializers.CharField(), help_text="At most ten, the most frequent first.")


class SuggestView(PublicReadMixin, KnownParametersOnly, APIView):
    """Names and headings that begin with what was typed."""

    own_parameters = tuple(SuggestParametersSerializer().fields)

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

    own_parameters = tuple(SuggestParametersSerializer().fields)

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


def _result_offset(cursor):
    """How many results stand before the page. Raises ValidationError for a cursor that is none of ours."""
    if cursor is None:
        return 0
    try:
        start = int(b64decode(cursor, validate=True).decode("ascii").removeprefix("r="))
        if not 0 <= start < 10_000:
            raise ValueError
    except (BadBase64, UnicodeDecodeError, ValueError):
        raise ValidationError({"cursor": [_("This is not a cursor of ours.")]}, code="invalid") from None
    return start


def _page_url(request, start):
    rest = {name: value for name, value in request.query_params.items() if name != "cursor"}
    cursor = {"cursor": b64encode(f"r={start}".encode()).decode()} if start else {}
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode(rest | cursor)}"


def _facet_counts(found, is_cut):
    facts = [hit.facts for hit in found if hit.facts]
    counted = {
        "kind": Counter(hit.kind for hit in found),
        "type": Counter(each.doc_type for each in facts),
        "issuer": Counter(each.issuer for each in facts if each.issuer),
        "status": Counter(each.status for each in facts if each.status),
    }
    return {"at_least": is_cut} | {
        name: [{"value": value, "count": count} for value, count in values.most_common()]
        for name, values in counted.items()
    }
