"""Search: one ranking over documents, provisions, questions, events and materials."""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections import Counter
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.fields import KeyField, TrueOrFalseParameterField
from api.homes import HomeField
from api.pagination import MAX_PAGE_SIZE, link_header
from api.parameters import KnownParametersOnly, requested_as_of
from api.types import JSONObject
from api.v1.choices import NamedChoiceField, NamedMultipleChoiceField
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.place_parameters import APPLIES_IN_HELP, LEVEL_HELP, PROVINCE_HELP
from api.v1.search import hits
from content.documents.effect import EffectStatus
from content.law.doc_types import DocType
from content.missing_documents.queries import MissingDocument, missing_document
from content.organisations.models import Organisation, OrganisationLevel, Province
from content.search import queries
from content.search.limits import SearchLimits
from content.search.models import ResultKind
from content.search.results import Hit, with_rows
from content.sql import snapshot, time_limit
from content.topics.models import Topic

MAX_QUERY_LENGTH = 500  # characters of a query
MAX_VALUES = 20  # of a parameter that may be repeated, each of which is looked up
REPEATABLE = ("topic", "type", "issuer", "status")


class SeveralKeysField(serializers.ListField):
    """A query parameter that may be repeated. An error is one of the parameter, not of its place among several."""

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        return [self.child.run_validation(each) for each in data]


class SearchParametersSerializer(serializers.Serializer):
    q = serializers.CharField(
        max_length=MAX_QUERY_LENGTH,
        help_text="Words, the number or name of a document, or a citation. Accents are optional.",
    )
    kind = NamedChoiceField(
        [(kind.value, kind.value) for kind in ResultKind], required=False, help_text="Return only results of this kind."
    )
    topic = SeveralKeysField(
        child=KeyField(queryset=Topic.objects.all()),
        max_length=MAX_VALUES,
        required=False,
        help_text="Key of a topic; includes its headings. Repeat it to match any of several.",
    )
    type = NamedMultipleChoiceField(
        choices=DocType.choices, required=False, help_text="Type of document. Repeat it to match any of several."
    )
    issuer = SeveralKeysField(
        child=KeyField(queryset=Organisation.objects.all()),
        max_length=MAX_VALUES,
        required=False,
        help_text="Key of the issuing organisation. Repeat it to match any of several.",
    )
    province = KeyField(queryset=Province.objects.all(), required=False, help_text=PROVINCE_HELP)
    applies_in = KeyField(queryset=Province.objects.all(), required=False, help_text=APPLIES_IN_HELP)
    level = NamedChoiceField(OrganisationLevel.choices, required=False, help_text=LEVEL_HELP)
    home = HomeField(required=False)
    status = NamedMultipleChoiceField(
        choices=EffectStatus.choices,
        required=False,
        help_text="Effect on the day of `as_of`. `in_force` includes `partly_expired`, because the remaining "
        "part is in force. Repeat it to match any of several.",
    )
    in_force_first = TrueOrFalseParameterField(
        default=True,
        help_text="When several acts contain the same article, list the one in force on the date first. `false` "
        "keeps the ranked order.",
    )
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=20)
    cursor = serializers.RegexField(
        "^[A-Za-z0-9+/]+=*$",
        required=False,
        help_text="Position in the results, from `next` or `previous` of another page.",
    )


class SynonymSerializer(serializers.Serializer):
    """A synonym that was searched for too."""

    matched_words = serializers.CharField(help_text="Words of the query.")
    synonym = serializers.CharField(help_text="Words of the law that were searched for too.")


class SearchLimitsSerializer(serializers.Serializer):
    """Limits of the ranking: a query of common words matches more rows than are ranked."""

    ranked = serializers.IntegerField(help_text="Number of results on all pages.")
    max_ranked_per_kind = serializers.IntegerField(help_text="Maximum number of ranked results per kind.")
    is_truncated = serializers.BooleanField(
        help_text="True: more rows match than are ranked. Use filters to narrow the search."
    )


class FacetValueSerializer(serializers.Serializer):
    """A value with the number of results that have it."""

    value = serializers.CharField()
    count = serializers.IntegerField(min_value=0)


class SearchFacetsSerializer(serializers.Serializer):
    """Counts over the results of all pages."""

    are_lower_bounds = serializers.BooleanField(
        help_text="True: the counts are lower bounds, because `limits.is_truncated` is true."
    )
    kind = FacetValueSerializer(many=True)
    type = FacetValueSerializer(many=True)
    issuer = FacetValueSerializer(many=True)
    province = FacetValueSerializer(many=True)
    status = FacetValueSerializer(many=True)


class SearchResponseSerializer(serializers.Serializer):
    """One page of search results."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    as_of = serializers.DateField()
    in_force_first = serializers.BooleanField()
    synonyms = SynonymSerializer(many=True, help_text="Synonyms that were searched for too.")
    did_you_mean = serializers.CharField(
        allow_blank=True,
        help_text="The query with corrected spelling and accents; empty: no correction.",
    )
    fallback = serializers.ChoiceField(
        ["filters", "spelling"],
        allow_null=True,
        help_text="What was done because nothing was found as asked: `without_filters` has results (`filters`), or the "
        "results are for `did_you_mean` (`spelling`); null: nothing.",
    )
    missing_document = serializers.CharField(
        allow_null=True,
        help_text="What the query names and is not published here, a document or a unit of one; or a document that was "
        "issued after the day of `as_of`, with its date of issue; null: nothing.",
    )
    limits = SearchLimitsSerializer()
    facets = SearchFacetsSerializer()
    results = hits.HitSerializer(many=True)
    without_filters = hits.HitSerializer(
        many=True,
        help_text="If no result passes the filters: the first results without them. They are never among `results`; "
        "look at their `effect_status`.",
    )


class SearchView(PublicReadMixin, KnownParametersOnly, APIView):
    """Search in everyday words."""

    limits = SearchLimits()  # `as_view(limits=...)` overrides them
    extra_parameters = ("as_of", *SearchParametersSerializer().fields)

    def may_repeat(self, name: str) -> bool:
        return name in REPEATABLE

    @extend_schema(
        operation_id="search",
        tags=["search"],
        summary="Search documents, provisions, questions, events, contests and materials",
        description="Objects that the query names come first (a number, a name, «điều 6 nghị định 168»). At most 200 "
        "results of each kind are ranked; see `limits`. With `as_of`, the URLs of documents and provisions name that "
        "day too.",
        auth=[],
        parameters=[SearchParametersSerializer, AS_OF_PARAMETER],
        responses=SearchResponseSerializer,
    )
    def get(self, request: Request) -> Response:
        serializer = SearchParametersSerializer(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        parameters = serializer.validated_data
        day, first = requested_as_of(request), parameters["in_force_first"]
        filters = queries.SearchFilters(
            day=day,
            kinds=(ResultKind(parameters["kind"]),) if "kind" in parameters else tuple(ResultKind),
            topics=tuple(parameters.get("topic", ())),
            doc_types=tuple(sorted(parameters["type"])),
            issuers=tuple(parameters.get("issuer", ())),
            statuses=tuple(sorted(parameters["status"])),
            province=parameters.get("province"),
            applies_in=parameters.get("applies_in"),
            level=parameters.get("level", ""),
            home=parameters.get("home"),
        )
        has_day = "as_of" in request.query_params
        start, size = _result_offset(parameters.get("cursor")), parameters["page_size"]
        with snapshot(), time_limit(self.limits.statement_ms):  # rows show the status that found and placed them
            found = queries.search_or_nearest(parameters["q"], filters, in_force_first=first, limits=self.limits)
            missing = missing_document(found, day)
            page = with_rows(found.hits[start : start + size])
            results = hits.hit_representations(page, found.query, day, day_in_urls=has_day)
            others = with_rows(found.without_filters[:size])
            without_filters = hits.hit_representations(others, found.query, day, day_in_urls=has_day)
        is_truncated = any(found.is_cut.values())
        answer = {
            "next": _page_url(request, start + size) if start + size < len(found.hits) else None,
            "previous": _page_url(request, max(0, start - size)) if start else None,
            "as_of": day,
            "in_force_first": first,
            "synonyms": [{"matched_words": words, "synonym": synonym} for words, synonym in found.query.synonyms],
            "did_you_mean": found.did_you_mean,
            "fallback": found.instead_of or None,
            "missing_document": _in_words(missing) if missing else None,
            "limits": {
                "ranked": len(found.hits),
                "max_ranked_per_kind": self.limits.results_per_kind,
                "is_truncated": is_truncated,
            },
            "facets": _facet_counts(found.hits, is_truncated),
            "results": results,
            "without_filters": without_filters,
        }
        contract = f"{settings.PUBLIC_URL}/api/v1/openapi.yaml"
        header = link_header(next=answer["next"], prev=answer["previous"], service_desc=contract)
        return Response(answer, headers={"Link": header})


def _in_words(missing: MissingDocument) -> str:
    if missing.issued_on is None:
        return missing.name
    day = date_format(missing.issued_on, "d/m/Y")
    return _("%(name)s (issued on %(day)s)") % {"name": missing.name, "day": day}


def _result_offset(cursor: str | None) -> int:
    """Number of results before the page. Raises ValidationError for an invalid cursor."""
    if cursor is None:
        return 0
    try:
        start = int(b64decode(cursor, validate=True).decode("ascii").removeprefix("r="))
        if not 0 <= start < 10_000:
            raise ValueError
    except (BadBase64, UnicodeDecodeError, ValueError):
        raise ValidationError(
            {"cursor": [_("This cursor is not valid. Use `next` or `previous` of a page.")]}, code="invalid"
        ) from None
    return start


def _page_url(request: Request, start: int) -> str:
    rest: dict[str, list[str]] = {name: values for name, values in request.query_params.lists() if name != "cursor"}
    cursor = {"cursor": [b64encode(f"r={start}".encode()).decode()]} if start else {}
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode(rest | cursor, doseq=True)}"


def _facet_counts(found: list[Hit], is_truncated: bool) -> JSONObject:
    facts = [hit.facts for hit in found if hit.facts]
    counted: dict[str, Counter[str]] = {
        "kind": Counter(hit.kind for hit in found),
        "type": Counter(each.doc_type for each in facts),
        "issuer": Counter(each.issuer for each in facts if each.issuer),
        "province": Counter(each.province for each in facts if each.province),
        "status": Counter(each.status for each in facts if each.status),
    }
    return {"are_lower_bounds": is_truncated} | {
        name: [{"value": value, "count": count} for value, count in values.most_common()]
        for name, values in counted.items()
    }
