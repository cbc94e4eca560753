"""What a document does to others and others do to it."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers

from api.caching import PublicReadMixin
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from api.v1.documents.published_documents import DOCUMENT_PATH_PARAMETER, document_or_404
from api.v1.link_serializers import DocumentLinkSerializer
from content.documents.citations import cite_document
from content.relations import queries
from content.relations.models import INCOMING_LABELS, Relation, RelationKind

OUTGOING, INCOMING = "outgoing", "incoming"
DIRECTIONS = [(OUTGOING, OUTGOING), (INCOMING, INCOMING)]
PUBLIC_STATUS_CHOICES = [(status.value, status.label) for status in queries.PUBLIC_STATUSES]


class RelationFilter(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=RelationKind.choices, help_text="Any of several.")
    direction = django_filters.ChoiceFilter(
        choices=DIRECTIONS, method="filter_direction", help_text="`outgoing`: what this document does; without it both."
    )
    status = django_filters.MultipleChoiceFilter(
        choices=PUBLIC_STATUS_CHOICES,
        help_text="`confirmed` (also without this parameter): a person or an official source says so. `proposed`: read "
        "from the text by a program and looked at by nobody; not to be shown as a fact. Either or both.",
    )

    class Meta:
        model = Relation
        fields = []  # written out; one document's relations are few, and found by its index

    def filter_direction(self, queryset, name, direction):
        document = self.request.parser_context["view"].document
        return queryset.filter(actor=document) if direction == OUTGOING else queryset.exclude(actor=document)

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data["status"]:
            queryset = queryset.filter(status=Relation.Status.CONFIRMED)
        return super().filter_queryset(queryset)


class RelationPagination(StrictCursorPagination):
    ordering = "pk"


class RelationSerializer(serializers.Serializer):
    """One relation, seen from the document asked about: «this document `label` that one»."""

    kind = serializers.ChoiceField(
        RelationKind.choices, help_text="What the acting document does, in either direction."
    )
    direction = serializers.ChoiceField(DIRECTIONS, help_text="`outgoing`: this document acts.")
    label = serializers.CharField(help_text="«sửa đổi, bổ sung»; incoming «được sửa đổi, bổ sung bởi».")
    document = DocumentLinkSerializer(allow_null=True, help_text="The other one; null while it is not published here.")
    document_text = serializers.CharField(help_text="The other one in words, as the acting document names it.")
    scope = serializers.ChoiceField(Relation.Scope.choices, help_text="Whether it is about the whole target or parts.")
    effective_on = serializers.DateField(allow_null=True, help_text="First day; null: the statement names none.")
    source_eid = serializers.CharField(allow_null=True, help_text="The acting document's unit that says so.")
    source_url = serializers.URLField(allow_null=True)
    target_eids = serializers.ListField(child=serializers.CharField(), help_text="Units of the target that it names.")
    evidence = serializers.CharField(help_text="The words that say so.")
    status = serializers.ChoiceField(PUBLIC_STATUS_CHOICES, help_text="`proposed` is not a fact yet.")
    status_name = serializers.CharField()
    stated_by = serializers.CharField(allow_null=True, help_text="The official source that states it; null: its text.")
    decided_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, relation):
        return super().to_representation(relation_representation(self.context["view"].document, relation))


def relation_representation(document, relation):
    """The relation as a dict, from one of its two ends."""
    acts = relation.actor_id == document.pk
    other = relation.target if acts else relation.actor
    eid = relation.source_eid
    return {
        "kind": relation.kind,
        "direction": OUTGOING if acts else INCOMING,
        "label": relation.get_kind_display() if acts else INCOMING_LABELS[relation.kind],
        "document": other if other and other.is_published else None,
        "document_text": relation.target_text if acts else cite_document(relation.actor),
        "scope": relation.scope,
        "effective_on": relation.effective_on,
        "source_eid": eid or None,
        "source_url": resource_urls.provision_url(relation.actor, eid) if eid else None,
        "target_eids": relation.target_eids,
        "evidence": relation.evidence,
        "status": relation.status,
        "status_name": relation.get_status_display(),
        "stated_by": relation.stated_by or None,
        "decided_at": relation.decided_at,
    }


@extend_schema_view(
    get=extend_schema(
        operation_id="listDocumentRelations",
        tags=["documents"],
        auth=[],
        summary="What it does to other documents and they to it: facts, and proposals where asked for",
        parameters=[DOCUMENT_PATH_PARAMETER],
    )
)
class RelationListView(PublicReadMixin, KnownParametersOnly, generics.ListAPIView):
    """Without `status` only facts: what a person confirmed or an official source states. Oldest first."""

    can_be_gone = True
    serializer_class = RelationSerializer
    filterset_class = RelationFilter
    pagination_class = RelationPagination

    @property
    def document(self):
        """The document asked about; a schema is made without one."""
        if not hasattr(self, "_document"):
            self._document = document_or_404(self.kwargs["key"])
        return self._document

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Relation.objects.none()
        return queries.public_relations(self.document)
