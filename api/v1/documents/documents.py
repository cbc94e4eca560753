import datetime

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.caching import with_last_modified
from api.parameters import DayFilter, MomentFilter, requested_as_of
from api.sparse_fields import requested_names, select_fields
from api.v1.day_parameters import AS_OF_PARAMETER
from api.v1.documents import provenance as provenance_door
from api.v1.documents import provisions as provision_door
from api.v1.documents.history import HISTORY_PARAMETERS as TIME_PARAMETERS
from api.v1.documents.history import HistoryActionsMixin
from api.v1.documents.published_documents import document_or_404
from api.v1.link_serializers import DocumentLinkSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.documents import effect_queries, provision_queries, queries
from content.documents.citations import cite_document
from content.documents.effect import EffectStatus, effect_of
from content.documents.models import LegalDocument
from content.documents.text_dates import TextDate, TextDateStatus
from content.law.doc_types import DocType
from content.organisations.models import Organisation, OrganisationLevel
from content.relations import queries as relations
from content.search import queries as search
from content.topics.models import Topic

KINDS_BELOW_ARTICLE = ("clause", "point", "indent", "paragraph", "table", "footnote")
DAY_HELP = "YYYY-MM-DD, Viet Nam time; that day included."


class DocumentFilter(django_filters.FilterSet):
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; its headings are included. Any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(),
            to_field_name="key",
            method="filter_topic",
        )
    )
    type = django_filters.ChoiceFilter(field_name="doc_type", choices=DocType.choices)
    issuer = extend_schema_field({"type": "string", "description": "Key of the issuing body."})(
        django_filters.ModelChoiceFilter(queryset=Organisation.objects.all(), to_field_name="key")
    )
    level = django_filters.ChoiceFilter(
        field_name="issuer__level",
        choices=OrganisationLevel.choices,
        help_text="Whether a central or a local body issued it.",
    )
    status = django_filters.ChoiceFilter(
        choices=EffectStatus.choices,
        method="filter_status",
        help_text="Effect on the day of `as_of`. `in_force` takes in `partly_expired`: the rest of those binds.",
    )
    signer = django_filters.CharFilter(lookup_expr="iexact", max_length=200)
    issued_from = DayFilter(field_name="issued_on", lookup_expr="gte", help_text=DAY_HELP)
    issued_to = DayFilter(field_name="issued_on", lookup_expr="lte", help_text=DAY_HELP)
    effective_from = DayFilter(method="filter_first_day", lookup_expr="gte", help_text=DAY_HELP)
    effective_to = DayFilter(method="filter_first_day", lookup_expr="lte", help_text=DAY_HELP)
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte", help_text="RFC 3339, with an offset.")
    q = django_filters.CharFilter(
        method="filter_q", max_length=200, help_text="Words of number or title, all of them; accents are optional."
    )
    number = django_filters.CharFilter(
        method="filter_number", max_length=100, help_text="Official number, also as people type it: `nd-cp 100 2019`."
    )

    class Meta:
        model = LegalDocument
        fields = []  # every filter is written out: an index stands behind each

    def filter_topic(self, queryset, name, topics):
        return queries.documents_under_topics(queryset, topics) if topics else queryset

    def filter_status(self, queryset, name, status):
        if status == EffectStatus.IN_FORCE:
            return effect_queries.documents_binding_on(queryset, requested_as_of(self.request))
        return effect_queries.documents_with_status(queryset, status, requested_as_of(self.request))

    def filter_first_day(self, queryset, name, day):
        lookup = {"effective_from": "gte", "effective_to": "lte"}[name]
        return effect_queries.with_effect_days(queryset).filter(**{f"first_day__{lookup}": day})

    def filter_q(self, queryset, name, words):
        return search.matching_documents(queryset, words)

    def filter_number(self, queryset, name, number):
        return queries.documents_with_number(queryset, number)


class DocumentSerializer(DocumentLinkSerializer):
    """A document as lists show it. The effect is that on the day of `as_of`."""

    type = serializers.ChoiceField(DocType.choices, source="doc_type", read_only=True)
    type_name = serializers.CharField(source="get_doc_type_display", read_only=True)
    issuer = OrganisationLinkSerializer(read_only=True, allow_null=True)
    effective_on = serializers.DateField(source="effect.effective_on", read_only=True, allow_null=True)
    expires_on = serializers.DateField(
        source="effect.expires_on", read_only=True, allow_null=True, help_text="First day no longer in force."
    )
    effect_status = serializers.ChoiceField(
        EffectStatus.choices,
        source="effect.status",
        read_only=True,
        allow_null=True,
        help_text="Null for a consolidated text: see `effect_note`.",
    )
    effect_status_name = serializers.CharField(source="effect.status.label", read_only=True, allow_null=True)
    topics = TopicLinkSerializer(many=True, read_only=True)

    class Meta(DocumentLinkSerializer.Meta):
        fields = [
            "key", "url", "type", "type_name", "number", "title", "is_sample", "completeness", "issuer", "issued_on",
            "effective_on", "expires_on", "effect_status", "effect_status_name", "topics",
        ]  # fmt: skip

    def to_representation(self, document):
        document.effect = effect_of(document, self.context["day"])
        return super().to_representation(document)


class DocumentFacetValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    count = serializers.IntegerField(min_value=1)


class DocumentFacetsSerializer(serializers.Serializer):
    """Exact counts, the most first. Values are those that the filters of the same name take; `year`: of issue."""

    total = serializers.IntegerField(min_value=0)
    type = DocumentFacetValueSerializer(many=True)
    issuer = DocumentFacetValueSerializer(many=True)
    topic = DocumentFacetValueSerializer(many=True, help_text="The topics they are filed under, not those above.")
    status = DocumentFacetValueSerializer(many=True, help_text="Effect on the day of `as_of`.")
    year = DocumentFacetValueSerializer(many=True)


class OutlineUnitSerializer(serializers.Serializer):
    """A unit of the outline: parts, chapters, sections and articles."""

    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    heading = serializers.CharField()
    url = serializers.URLField()
    children = serializers.ListField(child=serializers.DictField(), help_text="Units of the same shape.")


class DocumentDetailSerializer(DocumentSerializer):
    """One document with its outline and what is known of its effect."""

    effect_stated_on = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text="Day on which an official source told us the effect; null: only computed from the days we know.",
    )
    expiry_scheduled = serializers.BooleanField(source="effect.expiry_scheduled", read_only=True)
    effect_note = serializers.SerializerMethodField(help_text="Why there is no status, in words; else null.")
    consolidates = serializers.SerializerMethodField(
        help_text="Of a consolidated text: the published documents it merges, whose effect counts."
    )
    citation = serializers.CharField(read_only=True, help_text="How the document is cited in words.")
    provenance = serializers.SerializerMethodField()
    outline = serializers.SerializerMethodField()
    as_of = serializers.SerializerMethodField(help_text="The day that text and effect are of.")
    text_is_of = serializers.SerializerMethodField(help_text=provision_door.TEXT_DATE_HELP)

    class Meta(DocumentSerializer.Meta):
        fields = [
            *DocumentSerializer.Meta.fields, "expiry_scheduled", "effect_stated_on", "effect_note", "consolidates",
            "citation", "signer", "gazette_number", "gazette_on", "updated_at", "provenance", "as_of",
            "text_is_of", "outline",
        ]  # fmt: skip

    def to_representation(self, document):
        document.citation = cite_document(document)
        return super().to_representation(document)

    def get_as_of(self, document) -> datetime.date:
        return self.context["day"]

    @extend_schema_field(serializers.ChoiceField(TextDateStatus.choices))
    def get_text_is_of(self, document):
        return TextDate(document, self.context["day"]).of_all

    def get_effect_note(self, document) -> str | None:
        return None if document.has_effect else _(
            "A consolidated text has no effect of its own: that of the acts it merges counts, and they prevail."
        )  # fmt: skip

    @extend_schema_field(DocumentLinkSerializer(many=True))
    def get_consolidates(self, document):
        merged = [] if document.has_effect else relations.documents_consolidated_by(document)
        return DocumentLinkSerializer(merged, many=True).data

    @extend_schema_field(provenance_door.ProvenanceSerializer)
    def get_provenance(self, document):
        return provenance_door.ProvenanceSerializer(provenance_door.provenance_of(document)).data

    @extend_schema_field(OutlineUnitSerializer(many=True))
    def get_outline(self, document):
        provisions = provision_queries.provisions_on(document, self.context["day"]).exclude(
            kind__in=KINDS_BELOW_ARTICLE
        )
        return provision_door.outline_representation(document, provisions)


@extend_schema(tags=["documents"], auth=[])
@extend_schema_view(
    list=extend_schema(
        operation_id="listDocuments", summary="Published documents, newest issued first", parameters=[AS_OF_PARAMETER]
    ),
    retrieve=extend_schema(
        operation_id="getDocument",
        summary="One document with its outline",
        responses=DocumentDetailSerializer,
        parameters=[
            AS_OF_PARAMETER,
            OpenApiParameter(
                "include", str, description="`text`: the whole text too, as `documents/{key}/text` has it."
            ),
        ],
    ),
)
class DocumentViewSet(HistoryActionsMixin, PublicReadOnlyViewSet):
    """Legal documents as published. Drafts are never seen here; of what was withdrawn, its address gives the reason."""

    filterset_class = DocumentFilter
    may_be_gone = True

    @property
    def own_parameters(self):
        if self.action in TIME_PARAMETERS:
            return ("fields", *TIME_PARAMETERS[self.action])
        if self.action == "facets":
            return ("as_of", *DocumentFilter.base_filters)
        return ("fields", "as_of", "include") if self.action == "retrieve" else ("fields", "as_of")

    def get_serializer_context(self):
        return super().get_serializer_context() | {"day": requested_as_of(self.request)}

    def get_queryset(self):  # not a class attribute: "today" must be today
        return queries.public_documents()

    def get_object(self):
        return document_or_404(self.kwargs["key"])

    def get_serializer_class(self):
        return DocumentDetailSerializer if self.action == "retrieve" else DocumentSerializer

    def retrieve(self, request, *args, **kwargs):
        included = requested_names(request, "include", ("text",))
        document = self.get_object()
        shown = self.get_serializer(document).data
        if included:
            shown = shown | {"text": provision_door.document_text_representation(document, requested_as_of(request))}
        return with_last_modified(Response(shown), effect_queries.last_modified(document, requested_as_of(request)))

    @extend_schema(
        operation_id="countDocuments",
        summary="How many documents there are of each type, issuer, topic, status and year of issue",
        description="Among those that the filters leave, all of them counted: the same filters as of the list.",
        responses=DocumentFacetsSerializer,
        parameters=[AS_OF_PARAMETER],
        filters=True,
    )
    @action(detail=False, pagination_class=None)
    def facets(self, request):
        found = self.filter_queryset(self.get_queryset())
        return Response(DocumentFacetsSerializer(queries.facet_counts(found, requested_as_of(request))).data)

    @extend_schema(
        operation_id="getProvision",
        summary="One Điều, khoản or điểm with its context",
        responses=provision_door.ProvisionSerializer,
        parameters=[
            AS_OF_PARAMETER,
            OpenApiParameter("eid", str, "path", description="Permanent id, e.g. art_15__clause_2__point_a."),
        ],
        filters=False,
    )
    @action(detail=True, url_path="provisions/(?P<eid>[a-z0-9_]+)", url_name="provision", pagination_class=None)
    def provision(self, request, key, eid):
        document = self.get_object()
        day = requested_as_of(request)
        context = provision_queries.provision_context(document, eid, day)
        if context is None:
            provision_door.raise_provision_missing(document, eid, day)
        shown = select_fields(request, provision_door.provision_representation(document, context, day))
        return with_last_modified(Response(shown), effect_queries.last_modified(document, day))
