import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from api.parameters import KnownParametersOnly
from api.v1 import addresses
from api.v1.topics import TopicLinkSerializer
from content.documents import queries
from content.documents.effect import EffectStatus, effect_on, today
from content.documents.models import DocType, LegalDocument
from content.organisations.models import Organisation
from content.topics.models import Topic

BELOW_ARTICLES = ("clause", "point")


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
    number = django_filters.CharFilter(
        method="filter_number", max_length=100, help_text="Official number; accents and leading zeros do not matter."
    )

    class Meta:
        model = LegalDocument
        fields = []  # every filter is written out: an index stands behind each

    def filter_topic(self, queryset, name, topics):
        return queries.filed_under(queryset, topics) if topics else queryset

    def filter_number(self, queryset, name, number):
        return queries.numbered(queryset, number)


class IssuerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ["key", "code", "name"]


class DocumentLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = LegalDocument
        fields = ["key", "url", "number", "title"]

    def get_url(self, document) -> str:
        return addresses.of_document(document)


class DocumentSerializer(DocumentLinkSerializer):
    """A document as lists show it. The effect is that of today, Viet Nam time."""

    type = serializers.ChoiceField(DocType.choices, source="doc_type", read_only=True)
    type_name = serializers.CharField(source="get_doc_type_display", read_only=True)
    issuer = IssuerSerializer(read_only=True, allow_null=True)
    effective_on = serializers.DateField(source="effect.effective_on", read_only=True, allow_null=True)
    expires_on = serializers.DateField(
        source="effect.expires_on", read_only=True, allow_null=True, help_text="First day no longer in force."
    )
    effect_status = serializers.ChoiceField(EffectStatus.choices, source="effect.status", read_only=True)
    effect_status_name = serializers.CharField(source="effect.status.label", read_only=True)
    topics = TopicLinkSerializer(many=True, read_only=True)

    class Meta:
        model = LegalDocument
        fields = [
            "key", "url", "type", "type_name", "number", "title", "issuer", "issued_on", "effective_on", "expires_on",
            "effect_status", "effect_status_name", "topics",
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


class DocumentDetailSerializer(DocumentSerializer):
    """One document with its outline and what is known of its effect."""

    effect_stated_on = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text="Day on which an official source told us the effect; null: only computed from the days we know.",
    )
    expiry_scheduled = serializers.BooleanField(source="effect.expiry_scheduled", read_only=True)
    outline = serializers.SerializerMethodField()

    class Meta:
        model = LegalDocument
        fields = [
            *DocumentSerializer.Meta.fields, "expiry_scheduled", "effect_stated_on", "signer", "gazette_number",
            "gazette_on", "source", "source_url", "outline",
        ]  # fmt: skip

    @extend_schema_field(OutlineSerializer(many=True))
    def get_outline(self, document):
        return outline(document, queries.provisions_on(document, today()).exclude(kind__in=BELOW_ARTICLES))


class UnitSerializer(serializers.Serializer):
    """A provision as its neighbours see it."""

    eid = serializers.CharField()
    kind = serializers.CharField()
    number = serializers.CharField()
    heading = serializers.CharField()
    url = serializers.URLField()


class ProvisionSerializer(UnitSerializer):
    """One part, chapter, section, article, clause or point, with its whole text."""

    key = serializers.CharField(help_text="The document's key, `~`, and the eid.")
    text = serializers.CharField(help_text="What stands there, the units under it included, as published.")
    effect_status = serializers.ChoiceField(EffectStatus.choices, help_text="That of the document today.")
    document = DocumentLinkSerializer()
    ancestors = UnitSerializer(many=True, help_text="From the outermost to the parent.")
    children = UnitSerializer(many=True)


def outline(document, provisions):
    """The tree of these provisions (in order, each after its parent) as nested dicts."""
    roots, nodes = [], {}
    for provision in provisions:
        nodes[provision.pk] = node = unit(document, provision) | {"children": []}
        siblings = nodes[provision.parent_id]["children"] if provision.parent_id in nodes else roots
        siblings.append(node)
    return roots


def unit(document, provision):
    return {
        "eid": provision.eid,
        "kind": provision.kind,
        "number": provision.number,
        "heading": provision.heading,
        "url": addresses.of_provision(document, provision.eid),
    }


def representation(document, context):
    """One provision: `context` is a queries.Context."""
    own = context.provision
    return unit(document, own) | {
        "key": f"{document.key}~{own.eid}",
        "text": context.text,
        "effect_status": effect_on(document.status_events.all(), today()).status,
        "document": DocumentLinkSerializer(document).data,
        "ancestors": [unit(document, provision) for provision in context.ancestors],
        "children": [unit(document, provision) for provision in context.children],
    }


@extend_schema(tags=["documents"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listDocuments", summary="Published documents, newest issued first"),
    retrieve=extend_schema(
        operation_id="getDocument", summary="One document with its outline", responses=DocumentDetailSerializer
    ),
)
class DocumentViewSet(KnownParametersOnly, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Legal documents as published. Drafts are never seen here."""

    filterset_class = DocumentFilter
    lookup_field = "key"
    lookup_value_regex = "[a-z0-9-]+"

    def get_queryset(self):  # not a class attribute: "today" must be today
        return queries.public_documents()

    def get_serializer_class(self):
        return DocumentDetailSerializer if self.action == "retrieve" else DocumentSerializer

    @extend_schema(
        operation_id="getProvision",
        summary="One Điều, khoản or điểm with its context",
        responses=ProvisionSerializer,
        parameters=[OpenApiParameter("eid", str, "path", description="Permanent id, e.g. art_15__clause_2__point_a.")],
        filters=False,
    )
    @action(detail=True, url_path="provisions/(?P<eid>[a-z0-9_]+)", url_name="provision", pagination_class=None)
    def provision(self, request, key, eid):
        document = get_object_or_404(self.get_queryset(), key=key)
        context = queries.in_context(document, eid, today())
        if context is None:
            raise Http404
        return Response(representation(document, context))
