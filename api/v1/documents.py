import django_filters
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from api.caching import modified
from api.catalogues import CatalogueViewSet
from api.parameters import DayFilter, MomentFilter
from api.problems import Withdrawn
from api.sparse import names, only
from api.v1 import provisions as provision_door
from api.v1.links import DocumentLinkSerializer
from api.v1.organisations import OrganisationLinkSerializer
from api.v1.topics import TopicLinkSerializer
from content.documents import queries
from content.documents.citations import cite_document
from content.documents.effect import EffectStatus, effect_on, today
from content.documents.models import DocType, LegalDocument
from content.organisations.models import Level, Organisation
from content.topics.models import Topic

BELOW_ARTICLES = ("clause", "point", "indent", "paragraph", "table", "footnote")
DAY = "YYYY-MM-DD, Viet Nam time; that day included."


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
        field_name="issuer__level", choices=Level.choices, help_text="Whether a central or a local body issued it."
    )
    status = django_filters.ChoiceFilter(
        choices=EffectStatus.choices, method="filter_status", help_text="Effect today, Viet Nam time."
    )
    signer = django_filters.CharFilter(lookup_expr="iexact", max_length=200)
    issued_from = DayFilter(field_name="issued_on", lookup_expr="gte", help_text=DAY)
    issued_to = DayFilter(field_name="issued_on", lookup_expr="lte", help_text=DAY)
    effective_from = DayFilter(method="filter_first_day", lookup_expr="gte", help_text=DAY)
    effective_to = DayFilter(method="filter_first_day", lookup_expr="lte", help_text=DAY)
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
        return queries.filed_under(queryset, topics) if topics else queryset

    def filter_status(self, queryset, name, status):
        return queries.of_status(queryset, status, today())

    def filter_first_day(self, queryset, name, day):
        lookup = {"effective_from": "gte", "effective_to": "lte"}[name]
        return queries.with_effect_days(queryset).filter(**{f"first_day__{lookup}": day})

    def filter_q(self, queryset, name, words):
        return queries.matching(queryset, words)

    def filter_number(self, queryset, name, number):
        return queries.numbered(queryset, number)


class DocumentSerializer(DocumentLinkSerializer):
    """A document as lists show it. The effect is that of today, Viet Nam time."""

    type = serializers.ChoiceField(DocType.choices, source="doc_type", read_only=True)
    type_name = serializers.CharField(source="get_doc_type_display", read_only=True)
    issuer = OrganisationLinkSerializer(read_only=True, allow_null=True)
    effective_on = serializers.DateField(source="effect.effective_on", read_only=True, allow_null=True)
    expires_on = serializers.DateField(
        source="effect.expires_on", read_only=True, allow_null=True, help_text="First day no longer in force."
    )
    effect_status = serializers.ChoiceField(EffectStatus.choices, source="effect.status", read_only=True)
    effect_status_name = serializers.CharField(source="effect.status.label", read_only=True)
    topics = TopicLinkSerializer(many=True, read_only=True)

    class Meta(DocumentLinkSerializer.Meta):
        fields = [
            "key", "url", "type", "type_name", "number", "title", "is_specimen", "completeness", "issuer", "issued_on",
            "effective_on", "expires_on", "effect_status", "effect_status_name", "topics",
        ]  # fmt: skip

    def to_representation(self, document):
        document.effect = effect_on(document.status_events.all(), today())
        return super().to_representation(document)


class OutlineSerializer(serializers.Serializer):
    """A unit of the outline: parts, chapters, sections and articles."""

    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    heading = serializers.CharField()
    url = serializers.URLField()
    children = serializers.ListField(child=serializers.DictField(), help_text="Units of the same shape.")


class ProvenanceSerializer(serializers.Serializer):
    """Where our copy comes from; `sha256` is that of the bytes we were given."""

    source = serializers.CharField()
    source_url = serializers.CharField()
    taken_in_at = serializers.DateTimeField()
    sha256 = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)


class DocumentDetailSerializer(DocumentSerializer):
    """One document with its outline and what is known of its effect."""

    effect_stated_on = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text="Day on which an official source told us the effect; null: only computed from the days we know.",
    )
    expiry_scheduled = serializers.BooleanField(source="effect.expiry_scheduled", read_only=True)
    citation = serializers.CharField(read_only=True, help_text="How the document is cited in words.")
    provenance = serializers.SerializerMethodField()
    outline = serializers.SerializerMethodField()

    class Meta(DocumentSerializer.Meta):
        fields = [
            *DocumentSerializer.Meta.fields, "expiry_scheduled", "effect_stated_on", "citation", "signer",
            "gazette_number", "gazette_on", "updated_at", "provenance", "outline",
        ]  # fmt: skip

    def to_representation(self, document):
        document.citation = cite_document(document)
        return super().to_representation(document)

    @extend_schema_field(ProvenanceSerializer)
    def get_provenance(self, document):
        original = document.original_files.defer("content").last()
        return ProvenanceSerializer(
            {
                "source": document.source,
                "source_url": document.source_url,
                "taken_in_at": document.created_at,
                "sha256": original and original.sha256,
                "size": original and original.size,
            }
        ).data

    @extend_schema_field(OutlineSerializer(many=True))
    def get_outline(self, document):
        provisions = queries.provisions_on(document, today()).exclude(kind__in=BELOW_ARTICLES)
        return provision_door.outline(document, provisions)


@extend_schema(tags=["documents"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listDocuments", summary="Published documents, newest issued first"),
    retrieve=extend_schema(
        operation_id="getDocument",
        summary="One document with its outline",
        responses=DocumentDetailSerializer,
        parameters=[
            OpenApiParameter(
                "include", str, description="`text`: the whole text too, as `documents/{key}/text` has it."
            )
        ],
    ),
)
class DocumentViewSet(CatalogueViewSet):
    """Legal documents as published. Drafts are never seen here; of what was withdrawn, its address gives the reason."""

    filterset_class = DocumentFilter
    may_be_gone = ("retrieve", "text", "provision")

    @property
    def own_parameters(self):
        return ("fields", "include") if self.action == "retrieve" else ("fields",)

    def get_queryset(self):  # not a class attribute: "today" must be today
        return queries.public_documents()

    def get_object(self):
        try:
            return super().get_object()
        except Http404:
            withdrawn = queries.withdrawn_documents().filter(key=self.kwargs["key"]).first()
            if withdrawn is None:
                raise
            raise Withdrawn(timezone.localdate(withdrawn.withdrawn_at), withdrawn.withdrawal_reason) from None

    def get_serializer_class(self):
        return DocumentDetailSerializer if self.action == "retrieve" else DocumentSerializer

    def retrieve(self, request, *args, **kwargs):
        included = names(request, "include", ("text",))
        document = self.get_object()
        shown = self.get_serializer(document).data
        if included:
            shown = shown | {"text": provision_door.whole_text(document, today())}
        return modified(Response(shown), queries.last_modified(document, today()))

    @extend_schema(
        operation_id="getDocumentText",
        summary="The whole text, unit by unit",
        responses=provision_door.TextSerializer,
        filters=False,
    )
    @action(detail=True, url_path="text", url_name="text", pagination_class=None)
    def text(self, request, key):
        document = self.get_object()
        shown = only(request, provision_door.whole_text(document, today()))
        return modified(Response(shown), queries.last_modified(document, today()))

    @extend_schema(
        operation_id="getProvision",
        summary="One Điều, khoản or điểm with its context",
        responses=provision_door.ProvisionSerializer,
        parameters=[OpenApiParameter("eid", str, "path", description="Permanent id, e.g. art_15__clause_2__point_a.")],
        filters=False,
    )
    @action(detail=True, url_path="provisions/(?P<eid>[a-z0-9_]+)", url_name="provision", pagination_class=None)
    def provision(self, request, key, eid):
        document = self.get_object()
        context = queries.in_context(document, eid, today())
        if context is None:
            raise Http404
        shown = only(request, provision_door.representation(document, context, today()))
        return modified(Response(shown), queries.last_modified(document, today()))
