import datetime
from collections.abc import Collection, Sequence
from typing import Any, ClassVar, cast

import django_filters
from django.db.models import Expression, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import with_last_modified
from api.entity_tags.tags import entity_tag, unchanged, with_entity_tag
from api.homes import HomeFilter
from api.negotiation import FormatOrAcceptNegotiation
from api.parameters import DayFilter, MomentFilter, TrueOrFalseFilter, requested_as_of
from api.schema import list_parameter
from api.sparse_fields import only_fields, requested_names, select_fields
from api.types import JSONObject
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.documents import provisions, summaries
from api.v1.documents.effect_doubts import EffectDoubtField, doubt_of_document
from api.v1.documents.history import HISTORY_PARAMETERS, HistoryActionsMixin
from api.v1.documents.orderings import OrderedCursorPagination, Ordering, as_moment
from api.v1.documents.provenance import ProvenanceSerializer, provenance_of
from api.v1.documents.published_documents import (
    document_on_or_404,
    document_or_404,
    document_state_or_404,
    one_moment_for_effect,
    provision_state_or_404,
    refuse_not_yet_issued,
)
from api.v1.documents.whole_texts import turn_of_whole_text
from api.v1.layer_serializers import LayerSerializer, layer_representations
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from api.v1.place_parameters import APPLIES_IN_HELP, LEVEL_HELP, PROVINCE_HELP
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.v1.text_formats.answers import (
    FURTHER_FORMATS,
    FURTHER_RENDERERS,
    FURTHER_RESPONSES,
    refuse_fields,
    text_in_format,
)
from api.viewsets import PublicReadOnlyViewSet
from content import sql
from content.document_reads import queries as reads
from content.document_reads.facet_counts import count_of_documents, facet_counts
from content.documents import effect_queries, provision_queries, queries
from content.documents.citations import cite_document
from content.documents.effect import EffectSource, EffectStatus, effect_of, effect_source_on
from content.documents.models import LegalDocument
from content.documents.models.document import EFFECT_EARLIEST_FIRST, EFFECT_LATEST_FIRST
from content.documents.text_dates import TextDate, TextDateStatus
from content.law.doc_types import DocType
from content.law.units import KINDS_BELOW_ARTICLE
from content.named_documents import queries as named_documents
from content.organisations.models import Organisation, OrganisationLevel, Province
from content.provision_layers.queries import layers_of_text
from content.relations import queries as relations
from content.search import queries as search
from content.topics.models import Topic

INCLUDED = ("text",)  # what `include` may add to a document
INCLUDED_IN_PROVISION = ("layers",)
DAY_HELP = "YYYY-MM-DD, Viet Nam time, inclusive."


def by_first_day(order: Expression, *, is_descending: bool) -> Ordering:
    """By `effective_on`; `effect_order` of a PageRow is the same."""
    readers = (datetime.date.fromordinal, int)
    return Ordering(("effect_order", "id"), is_descending, readers, {"effect_order": order})


def only_topic(request: Request, others: Collection[str]) -> int | None:
    """The id of the one topic that the documents are narrowed by, 0: by none; None: a filter not of `others` does, too.

    The filters have found the parameters good.
    """
    keys = request.query_params.getlist("topic")
    if len(keys) > 1 or request.query_params.keys() - others - {"topic", "as_of", "lang"}:
        return None
    return Topic.objects.values_list("pk", flat=True).get(key=keys[0]) if keys else 0


class DocumentPagination(OrderedCursorPagination):
    parameters = (*OrderedCursorPagination.parameters, "count")
    is_countable = True
    orderings: ClassVar = {
        "-issued_on": Ordering(("list_order",), is_descending=True),
        "issued_on": Ordering(("list_order",), is_descending=False),
        "-updated_at": Ordering(("updated_at", "id"), is_descending=True, readers=(as_moment, int)),
        "updated_at": Ordering(("updated_at", "id"), is_descending=False, readers=(as_moment, int)),
        "-effective_on": by_first_day(EFFECT_LATEST_FIRST, is_descending=True),
        "effective_on": by_first_day(EFFECT_EARLIEST_FIRST, is_descending=False),
    }
    ordering_description = "Order of the list. Default: `-issued_on`. `search` orders by relevance."
    state = ""  # of the page

    def count_rows(self, queryset: QuerySet[LegalDocument], request: Request) -> int:
        topic, counted = only_topic(request, {"status", "fields", *self.parameters}), None
        if topic is not None:
            statuses = effect_queries.found_statuses(request.query_params.getlist("status"))
            counted = count_of_documents(queryset, requested_as_of(request), statuses, topic=topic)
        return super().count_rows(queryset, request) if counted is None else counted

    def fetch(self, rows: QuerySet[LegalDocument]) -> list[Any]:
        """The rows with what a list shows of them, in one statement; keeps its text in `state`."""
        self.state = reads.page_state(rows)
        unknown_day = datetime.date.min if self.order.is_descending else datetime.date.max  # as EFFECT_…_FIRST
        return reads.rows_of_page(self.state, unknown_day=unknown_day)


class SeveralFilter(django_filters.MultipleChoiceFilter):
    """A parameter that may be repeated to match any of several values. One IN; no row is found twice."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(distinct=False, lookup_expr="in", **kwargs)

    def filter(self, queryset: Any, values: list[str]) -> Any:
        return queryset.filter(**{f"{self.field_name}__in": values}) if values else queryset


class DocumentFilter(django_filters.FilterSet):
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; includes its headings. Repeat it to match any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(),
            to_field_name="key",
            method="filter_topic",
        )
    )
    type = SeveralFilter(
        field_name="doc_type", choices=DocType.choices, help_text="Type of document. Repeat it to match any of several."
    )
    issuer = extend_schema_field(
        {"type": "string", "description": "Key of the issuing organisation. Repeat it to match any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Organisation.objects.all(), to_field_name="key", method="filter_issuer"
        )
    )
    province = extend_schema_field({"type": "string", "description": PROVINCE_HELP})(
        django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key")
    )
    applies_in = extend_schema_field({"type": "string", "description": APPLIES_IN_HELP})(
        django_filters.ModelChoiceFilter(
            queryset=Province.objects.all(), to_field_name="key", method="filter_applies_in"
        )
    )
    level = django_filters.ChoiceFilter(choices=OrganisationLevel.choices, method="filter_level", help_text=LEVEL_HELP)
    status = SeveralFilter(
        choices=EffectStatus.choices,
        method="filter_status",
        help_text="Effect on the day of `as_of`. `in_force` includes `partly_expired`, because the remaining "
        "part is in force. Repeat it to match any of several.",
    )
    doubt = TrueOrFalseFilter(
        method="filter_doubt",
        help_text="`true`: only documents about whose effect on the day of `as_of` an act says something that nobody "
        "has checked; see `effect_doubt`. `false`: only the others.",
    )
    home = HomeFilter()
    signer = django_filters.CharFilter(lookup_expr="iexact", max_length=200)
    issued_from = DayFilter(field_name="issued_on", lookup_expr="gte", help_text=DAY_HELP)
    issued_to = DayFilter(field_name="issued_on", lookup_expr="lte", help_text=DAY_HELP)
    effective_from = DayFilter(method="filter_first_day", lookup_expr="gte", help_text=DAY_HELP)
    effective_to = DayFilter(method="filter_first_day", lookup_expr="lte", help_text=DAY_HELP)
    updated_since = MomentFilter(
        field_name="updated_at",
        lookup_expr="gte",
        help_text="Only documents changed at or after this time, RFC 3339 with an offset.",
    )
    q = django_filters.CharFilter(
        method="filter_q",
        max_length=200,
        help_text="Words of the number or title; all must match. Accents are optional.",
    )
    number = django_filters.CharFilter(
        method="filter_number",
        max_length=100,
        help_text="Official number, whole or in part and in any spelling, or a name: `nd-cp 100 2019`, `blds 2015`.",
    )

    class Meta:
        model = LegalDocument
        fields: list[str] = []  # filters are listed above; tests/api/test_filter_indexes.py knows the index of each

    def filter_topic(
        self, queryset: QuerySet[LegalDocument], name: str, topics: Sequence[Topic]
    ) -> QuerySet[LegalDocument]:
        return queries.documents_under_topics(queryset, topics) if topics else queryset

    def filter_issuer(
        self, queryset: QuerySet[LegalDocument], name: str, issuers: Sequence[Organisation]
    ) -> QuerySet[LegalDocument]:
        return queryset.filter(issuer__in=[issuer.pk for issuer in issuers]) if issuers else queryset

    def filter_applies_in(
        self, queryset: QuerySet[LegalDocument], name: str, province: Province
    ) -> QuerySet[LegalDocument]:
        return queries.documents_applying_in(queryset, province)

    def filter_level(self, queryset: QuerySet[LegalDocument], name: str, level: str) -> QuerySet[LegalDocument]:
        return queries.documents_of_level(queryset, level)

    def filter_status(
        self, queryset: QuerySet[LegalDocument], name: str, statuses: Sequence[str]
    ) -> QuerySet[LegalDocument]:
        day = requested_as_of(self.request)
        return effect_queries.documents_with_status(queryset, statuses, day) if statuses else queryset

    def filter_doubt(self, queryset: QuerySet[LegalDocument], name: str, wanted: bool) -> QuerySet[LegalDocument]:
        narrow = effect_queries.documents_in_doubt if wanted else effect_queries.documents_not_in_doubt
        return narrow(queryset, requested_as_of(self.request))

    def filter_first_day(
        self, queryset: QuerySet[LegalDocument], name: str, day: datetime.date
    ) -> QuerySet[LegalDocument]:
        lookup = {"effective_from": "gte", "effective_to": "lte"}[name]
        return effect_queries.with_effect_days(queryset).filter(**{f"first_day__{lookup}": day})

    def filter_q(self, queryset: QuerySet[LegalDocument], name: str, words: str) -> QuerySet[LegalDocument]:
        return search.matching_documents(queryset, words)

    def filter_number(self, queryset: QuerySet[LegalDocument], name: str, number: str) -> QuerySet[LegalDocument]:
        # what a number or a name means is decided among all, whatever else narrows the list
        named = named_documents.documents_called(queries.published_documents(), number)
        return queryset.filter(pk__in=named.order_by().values("pk"))


@extend_schema_serializer(component_name="DocumentSummary")
class DocumentSerializer(DocumentLinkSerializer):
    """A document in a list. Effect fields refer to the day of `as_of`."""

    type = serializers.ChoiceField(DocType.choices, source="doc_type", read_only=True)
    type_name = serializers.CharField(source="get_doc_type_display", read_only=True)
    issuer = OrganisationLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    commune = serializers.SerializerMethodField(help_text="Name of the commune that issued it; empty: none did.")
    effective_on = serializers.DateField(source="effect.effective_on", read_only=True, allow_null=True)
    expires_on = serializers.DateField(
        source="effect.expires_on",
        read_only=True,
        allow_null=True,
        help_text="First day on which it is no longer in force.",
    )
    effect_status = serializers.ChoiceField(
        EffectStatus.choices,
        source="effect.status",
        read_only=True,
        allow_null=True,
        help_text="Null for a consolidated text; see `effect_note`.",
    )
    effect_status_name = serializers.CharField(source="effect.status.label", read_only=True, allow_null=True)
    effect_doubt = serializers.SerializerMethodField(
        help_text="What an act says about the effect, and nobody has checked yet; null: nothing. About the whole "
        "document, it makes `effect_status` `unknown`."
    )
    effect_source = serializers.SerializerMethodField(help_text="How the effect is known.")
    topics = TopicLinkSerializer(many=True, read_only=True)

    class Meta(DocumentLinkSerializer.Meta):
        fields = [
            "key", "url", "page_url", "type", "type_name", "number", "title", "is_sample", "completeness", "issuer",
            "province", "commune", "issued_on", "effective_on", "expires_on", "effect_status", "effect_status_name",
            "effect_source", "effect_doubt", "topics",
        ]  # fmt: skip

    def get_commune(self, document: LegalDocument) -> str:
        return document.commune_name

    @EffectDoubtField
    def get_effect_doubt(self, document: LegalDocument) -> JSONObject | None:
        return doubt_of_document(document, self.context["day"])

    @extend_schema_field(serializers.ChoiceField(EffectSource.choices))
    def get_effect_source(self, document: LegalDocument) -> EffectSource:
        is_stated = document.effect_stated_on is not None
        return effect_source_on(document.status_events.all(), self.context["day"], is_stated=is_stated)

    def to_representation(self, document: Any) -> JSONObject:
        document.effect = effect_of(document, self.context["day"])
        return super().to_representation(document)


class DocumentFacetValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    count = serializers.IntegerField(min_value=1)


class DocumentFacetsSerializer(serializers.Serializer):
    """Exact counts, largest first. Values are those of the filter with the same name; `year` is the year of issue."""

    total = serializers.IntegerField(min_value=0)
    type = DocumentFacetValueSerializer(many=True)
    issuer = DocumentFacetValueSerializer(many=True)
    province = DocumentFacetValueSerializer(many=True)
    topic = DocumentFacetValueSerializer(
        many=True, help_text="Topics that the documents belong to, without parent topics."
    )
    status = DocumentFacetValueSerializer(
        many=True, help_text="Effect on the day of `as_of`. The filter `in_force` finds `partly_expired` too."
    )
    doubt = DocumentFacetValueSerializer(many=True, help_text="Whether there is an `effect_doubt` of an act.")
    year = DocumentFacetValueSerializer(many=True)


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/OutlineUnit"}})
class OutlineField(serializers.ListField):
    """Units of the outline, in units of the outline: a serializer cannot name itself."""


class OutlineUnitSerializer(provisions.ShownProvisionSerializer):
    """A unit of the outline: a part, chapter, section or article."""

    children = OutlineField(help_text="Units below it.")


@extend_schema_serializer(component_name="Provision")
class ShownProvisionWithLayersSerializer(provisions.ProvisionSerializer):
    """One provision: a part, chapter, section, article, clause, point, paragraph or annex, with its full text."""

    shown_on_request = ("layers",)
    layers = LayerSerializer(many=True, required=False, help_text="Explanations, if `include` asks for them.")


@extend_schema_serializer(component_name="DocumentDetail")
class DocumentDetailSerializer(DocumentSerializer):
    """One document with outline, effect and provenance."""

    effect_stated_on = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text="Day on which an official source stated the effect; null: computed from the known dates.",
    )
    expiry_scheduled = serializers.BooleanField(source="effect.expiry_scheduled", read_only=True)
    effect_note = serializers.SerializerMethodField(help_text="Explains why the status is null; else null.")
    consolidates = serializers.SerializerMethodField(
        help_text="For a consolidated text: the published documents it merges. Their effect applies."
    )
    citation = serializers.CharField(read_only=True, help_text="Citation of the document in words.")
    provenance = serializers.SerializerMethodField()
    outline = serializers.SerializerMethodField()
    as_of = serializers.SerializerMethodField(help_text="Date of the text and effect.")
    text_is_of = serializers.SerializerMethodField(help_text=provisions.TEXT_DATE_HELP)

    class Meta(DocumentSerializer.Meta):
        fields = [
            *DocumentSerializer.Meta.fields, "expiry_scheduled", "effect_stated_on", "effect_note", "consolidates",
            "citation", "signer", "gazette_number", "gazette_on", "updated_at", "provenance", "as_of",
            "text_is_of", "outline",
        ]  # fmt: skip

    def to_representation(self, document: Any) -> JSONObject:
        document.citation = cite_document(document)
        return super().to_representation(document)

    def get_as_of(self, document: LegalDocument) -> datetime.date:
        return cast(datetime.date, self.context["day"])

    @extend_schema_field(serializers.ChoiceField(TextDateStatus.choices))
    def get_text_is_of(self, document: LegalDocument) -> TextDateStatus:
        return TextDate(document, self.context["day"]).of_all

    def get_effect_note(self, document: LegalDocument) -> str | None:
        return None if document.has_effect else summaries.effect_note()

    @extend_schema_field(DocumentLinkSerializer(many=True))
    def get_consolidates(self, document: LegalDocument) -> list[JSONObject]:
        merged = [] if document.has_effect else relations.documents_consolidated_by(document)
        return [document_link(each) for each in merged]

    @extend_schema_field(ProvenanceSerializer)
    def get_provenance(self, document: LegalDocument) -> JSONObject:
        return ProvenanceSerializer(provenance_of(document)).data

    @extend_schema_field(OutlineUnitSerializer(many=True))
    def get_outline(self, document: LegalDocument) -> list[JSONObject]:
        units = provision_queries.units_shown_on(document, self.context["day"])
        shown = [unit for unit in units if unit.provision.kind not in KINDS_BELOW_ARTICLE]
        return provisions.outline_representation(document, shown)


@extend_schema_serializer(component_name="DocumentDetail")
class ShownDocumentSerializer(DocumentDetailSerializer):
    """One document with outline, effect and provenance. `include` adds the text."""

    shown_on_request = ("text",)
    text = provisions.DocumentTextSerializer(required=False, help_text="The full text, if `include` asks for it.")

    class Meta(DocumentDetailSerializer.Meta):
        fields = [*DocumentDetailSerializer.Meta.fields, "text"]


@extend_schema(tags=["documents"], auth=[])
@extend_schema_view(
    list=extend_schema(
        operation_id="listDocuments",
        summary="List published documents",
        description="With `as_of` in the past, only documents issued by that day.",
        parameters=[AS_OF_PARAMETER],
    ),
    retrieve=extend_schema(
        operation_id="getDocument",
        summary="Get one document with its outline",
        responses=ShownDocumentSerializer,
        parameters=[
            AS_OF_PARAMETER,
            list_parameter("include", INCLUDED, "`text`: adds the full text, as in `documents/{key}/text`."),
        ],
    ),
)
class DocumentViewSet(HistoryActionsMixin, PublicReadOnlyViewSet):
    """Published legal documents. A withdrawn one answers 410 with the reason."""

    filterset_class = DocumentFilter
    pagination_class = DocumentPagination
    can_be_gone = True

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        if self.action in HISTORY_PARAMETERS:
            return ("fields", *HISTORY_PARAMETERS[self.action])
        if self.action == "facets":
            return ("as_of", *DocumentFilter.base_filters)
        further = {"retrieve": ("include",), "provision": ("format", "include")}
        return ("fields", "as_of", *further.get(self.action, ()))

    def get_serializer_context(self) -> JSONObject:
        return dict(super().get_serializer_context()) | {"day": requested_as_of(self.request)}

    def get_queryset(self) -> QuerySet[LegalDocument]:  # not a class attribute: it depends on the current date
        return queries.issued_by(queries.published_documents(), requested_as_of(self.request))

    def get_object(self) -> LegalDocument:
        key = self.kwargs["key"]
        if "as_of" not in self.extra_parameters:  # the history is that of all days
            return document_or_404(key)
        return document_on_or_404(key, requested_as_of(self.request))

    def get_serializer_class(self) -> type[DocumentSerializer]:
        return DocumentDetailSerializer if self.action == "retrieve" else DocumentSerializer

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # a Response, or a 304
        day, pages = requested_as_of(request), cast(DocumentPagination, self.paginator)
        fields = requested_names(request, "fields", DocumentSerializer.Meta.fields)
        with one_moment_for_effect(request):
            page = pages.paginate_queryset(self.filter_queryset(self.get_queryset()), request, view=self)
        tag = entity_tag(request, pages.state, str(pages.count))
        known = unchanged(request, tag)
        rows = [] if known else [summaries.summary_representation(row.document, day) for row in page]
        whole = pages.get_paginated_response([only_fields(row, fields) for row in rows])
        if known is None:
            return with_entity_tag(whole, tag)
        known["Link"] = whole["Link"]
        return known

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        included = requested_names(request, "include", INCLUDED)
        day = requested_as_of(request)
        state = document_state_or_404(self.kwargs["key"], day)
        tag = entity_tag(request, state.text)
        known = None if included else unchanged(request, tag, state.modified_at)
        if known:
            return known
        shown = reads.shown_document(state)
        refuse_not_yet_issued(shown.document, day)
        fields = requested_names(request, "fields", DocumentDetailSerializer.Meta.fields)
        representation = only_fields(summaries.detail_representation(shown, day), fields)
        if included:
            stored = document_on_or_404(self.kwargs["key"], day)
            with turn_of_whole_text():
                representation |= {"text": provisions.document_text_representation(stored, day)}
        response = with_last_modified(Response(representation), state.modified_at)
        return response if included else with_entity_tag(response, tag)

    @extend_schema(
        operation_id="countDocuments",
        summary="Count documents by type, issuer, province, topic, status and year of issue",
        description="Counts all documents that match the filters; takes the filters of the list.",
        responses=DocumentFacetsSerializer,
        parameters=[AS_OF_PARAMETER],
        filters=True,
    )
    @action(detail=False, pagination_class=None)
    def facets(self, request: Request) -> Response:
        with sql.snapshot():
            found = self.filter_queryset(self.get_queryset())
            counts = facet_counts(found, requested_as_of(request), topic=only_topic(request, ()))
        return Response(DocumentFacetsSerializer(counts).data)

    @extend_schema(
        operation_id="getProvision",
        summary="Get one provision (Điều, khoản, điểm …) with its context",
        responses={(200, "application/json"): ShownProvisionWithLayersSerializer, **FURTHER_RESPONSES},
        parameters=[
            AS_OF_PARAMETER,
            list_parameter("include", INCLUDED_IN_PROVISION, "`layers`: adds what explains its text on that day."),
            OpenApiParameter(
                "format", str, enum=["json", *FURTHER_FORMATS], description="Media type. Overrides Accept."
            ),
            OpenApiParameter(
                "eid", str, "path", description="Permanent id of the provision, e.g. art_15__clause_2__point_a."
            ),
        ],
        filters=False,
    )
    @action(
        detail=True, url_path="provisions/(?P<eid>[a-z0-9_]+)", url_name="provision", pagination_class=None,
        renderer_classes=[JSONRenderer, *FURTHER_RENDERERS], content_negotiation_class=FormatOrAcceptNegotiation,
    )  # fmt: skip
    def provision(self, request: Request, key: str, eid: str) -> HttpResponse:
        day, text_format = requested_as_of(request), request.accepted_renderer.format
        state = provision_state_or_404(key, eid, day)
        is_json = text_format not in FURTHER_FORMATS
        included = requested_names(request, "include", INCLUDED_IN_PROVISION)
        tag = entity_tag(request, state.text)
        known = unchanged(request, tag, state.modified_at) if is_json and not included else None
        if known:
            return known
        shown = reads.shown_provision(state)
        document = shown.document
        refuse_not_yet_issued(document, day)
        context = shown.context()
        if context is None:
            provisions.raise_provision_missing(document_or_404(key), eid, day)
        if is_json:
            whole = provisions.provision_representation(shown, context, day)
            if included:  # layers come and go without a change of the document
                explained = layers_of_text(document.key, eid, context.text)
                return Response(select_fields(request, whole) | {"layers": layer_representations(explained)})
            answer: HttpResponse = with_entity_tag(Response(select_fields(request, whole)), tag)
        else:
            refuse_fields(request)
            if included:
                raise ValidationError({"include": [_("`include` works with JSON only.")]}, code="invalid")
            answer = text_in_format(text_format, provisions.text_facts(document_or_404(key), day, context))
        return with_last_modified(answer, state.modified_at)
