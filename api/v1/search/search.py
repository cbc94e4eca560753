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
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.search import hits
from content.documents.effect import EffectStatus
from content.documents.models import DocType
from content.organisations.models import Organisation
from content.search import queries
from content.topics.models import Topic

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
    matched_words = serializers.CharField()
    synonym = serializers.CharField()


class SearchLimitsSerializer(serializers.Serializer):
    """A query of common words meets more rows than are ranked: those about which its words say most are."""

    ranked = serializers.IntegerField(help_text="How many results there are, over all pages.")
    max_ranked_per_kind = serializers.IntegerField(help_text="How many of each kind are ranked at the most.")
    is_truncated = serializers.BooleanField(
        help_text="Whether more rows hold some of the words: narrow it with filters."
    )


class FacetValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    count = serializers.IntegerField(min_value=0)


class SearchFacetsSerializer(serializers.Serializer):
    """Counts among all pages of the results."""

    are_lower_bounds = serializers.BooleanField(
        help_text="Whether each count is «at least so many», since `limits.is_truncated`."
    )
    kind = FacetValueSerializer(many=True)
    type = FacetValueSerializer(many=True)
    issuer = FacetValueSerializer(many=True)
    status = FacetValueSerializer(many=True)


class SearchResponseSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    as_of = serializers.DateField()
    in_force_first = serializers.BooleanField()
    synonyms = SynonymSerializer(many=True, help_text="What was searched for too, and for which words.")
    did_you_mean = serializers.CharField(
        allow_blank=True,
        help_text="The query as our texts write it: mistyped words mended, accents put in where none was typed; empty: "
        "as typed.",
    )
    fallback = serializers.ChoiceField(
        [(way, way) for way in ("", "filters", "spelling")],
        help_text="Nothing was found: these are results without the filters, or for `did_you_mean`.",
    )
    limits = SearchLimitsSerializer()
    facets = SearchFacetsSerializer()
    results = hits.HitSerializer(many=True)


class SearchView(PublicReadMixin, KnownParametersOnly, APIView):
    """The law in the reader's own words."""

    extra_parameters = ("as_of", *SearchParametersSerializer().fields)

    @extend_schema(
        operation_id="search",
        tags=["search"],
        summary="Documents, provisions, questions and events for what somebody typed",
        description="What the query names (a number, a name, «điều 6 nghị định 168») comes first. At most 200 of each "
        "kind are ranked: `limits` says so.",
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
        is_truncated = any(found.is_cut.values())
        answer = {
            "next": _page_url(request, start + size) if start + size < len(found.hits) else None,
            "previous": _page_url(request, max(0, start - size)) if start else None,
            "as_of": day,
            "in_force_first": first,
            "synonyms": [{"matched_words": said, "synonym": meant} for said, meant in found.reading.aliases],
            "did_you_mean": found.did_you_mean,
            "fallback": found.instead_of,
            "limits": {
                "ranked": len(found.hits),
                "max_ranked_per_kind": queries.MAX_PER_KIND,
                "is_truncated": is_truncated,
            },
            "facets": _facet_counts(found.hits, is_truncated),
            "results": results,
        }
        contract = f"{settings.PUBLIC_URL}/api/v1/openapi.yaml"
        header = link_header(next=answer["next"], prev=answer["previous"], service_desc=contract)
        return Response(answer, headers={"Link": header})


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


def _facet_counts(found, is_truncated):
    facts = [hit.facts for hit in found if hit.facts]
    counted = {
        "kind": Counter(hit.kind for hit in found),
        "type": Counter(each.doc_type for each in facts),
        "issuer": Counter(each.issuer for each in facts if each.issuer),
        "status": Counter(each.status for each in facts if each.status),
    }
    return {"are_lower_bounds": is_truncated} | {
        name: [{"value": value, "count": count} for value, count in values.most_common()]
        for name, values in counted.items()
    }
