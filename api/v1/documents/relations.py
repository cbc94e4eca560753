"""Relations of a document to other documents."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers

from api.caching import PublicReadMixin
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.documents.published_documents import DOCUMENT_PATH_PARAMETER, document_or_404
from api.v1.link_serializers import DocumentLinkSerializer
from content.documents.citations import cite_document
from content.documents.models import LegalDocument
from content.relations import queries
from content.relations.models import INCOMING_LABELS, Relation, RelationKind

OUTGOING, INCOMING = "outgoing", "incoming"
DIRECTIONS = [(OUTGOING, OUTGOING), (INCOMING, INCOMING)]
PUBLIC_STATUS_CHOICES = [(status.value, status.label) for status in queries.PUBLIC_STATUSES]


class RelationFilter(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(
        choices=RelationKind.choices, help_text="Kind of relation. Repeat it to match any of several."
    )
    direction = django_filters.ChoiceFilter(
        choices=DIRECTIONS,
        method="filter_direction",
        help_text="`outgoing`: this document acts on the other. `incoming`: the other acts on this one. Default: both.",
    )
    status = django_filters.MultipleChoiceFilter(
        choices=PUBLIC_STATUS_CHOICES,
        help_text="`confirmed` (default): stated by a person or an official source. `proposed`: recognised in "
        "the text by a "
        "program and not reviewed; do not show it as a fact. Repeat it to get both.",
    )

    class Meta:
        model = Relation
        fields: list[str] = []  # listed above; a document has few relations, found by its foreign key

    def filter_direction(self, queryset: QuerySet[Relation], name: str, direction: str) -> QuerySet[Relation]:
        document: LegalDocument = self.request.parser_context["view"].document
        return queryset.filter(actor=document) if direction == OUTGOING else queryset.exclude(actor=document)

    def filter_queryset(self, queryset: QuerySet[Relation]) -> QuerySet[Relation]:
        if not self.form.cleaned_data["status"]:
            queryset = queryset.filter(status=Relation.Status.CONFIRMED)
        return super().filter_queryset(queryset)


class RelationPagination(StrictCursorPagination):
    ordering = "pk"


class RelationSerializer(serializers.Serializer):
    """One relation, from the view of the requested document: «this document `label` the other»."""

    kind = serializers.ChoiceField(
        RelationKind.choices, help_text="What the acting document does; the same in both directions."
    )
    direction = serializers.ChoiceField(
        DIRECTIONS, help_text="`outgoing`: this document acts. `incoming`: the other document acts."
    )
    label: Any = serializers.CharField(
        help_text="Label of the relation: «sửa đổi, bổ sung»; incoming: «được sửa đổi, bổ sung bởi»."
    )
    document = DocumentLinkSerializer(allow_null=True, help_text="The other document; null: not published here.")
    document_text = serializers.CharField(help_text="The other document in words, as the acting document names it.")
    scope = serializers.ChoiceField(
        Relation.Scope.choices, help_text="Whether it concerns the whole target or parts of it."
    )
    effective_on = serializers.DateField(allow_null=True, help_text="First day of the relation; null: none is stated.")
    source_eid = serializers.CharField(allow_null=True, help_text="Provision of the acting document that states it.")
    source_url = serializers.URLField(allow_null=True)
    target_eids = serializers.ListField(
        child=serializers.CharField(), help_text="Provisions of the target that it names."
    )
    evidence = serializers.CharField(help_text="Text that states the relation.")
    status = serializers.ChoiceField(PUBLIC_STATUS_CHOICES, help_text="`proposed`: not confirmed, not a fact.")
    status_name = serializers.CharField()
    stated_by = serializers.CharField(
        allow_null=True, help_text="Official source that states it; null: the text of the acting document."
    )
    decided_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, relation: Relation) -> JSONObject:
        return super().to_representation(relation_representation(self.context["view"].document, relation))


def relation_representation(document: LegalDocument, relation: Relation) -> JSONObject:
    """The relation as a dict, from the view of one of its two documents."""
    acts = relation.actor_id == document.pk
    other = relation.target if acts else relation.actor
    eid = relation.source_eid
    return {
        "kind": relation.kind,
        "direction": OUTGOING if acts else INCOMING,
        "label": relation.get_kind_display() if acts else INCOMING_LABELS[RelationKind(relation.kind)],
        "document": other if other and other.is_published else None,
        "document_text": _target_in_words(relation) if acts else cite_document(relation.actor),
        "scope": relation.scope,
        "effective_on": relation.effective_on,
        "source_eid": eid or None,
        "source_url": resource_urls.provision_url(relation.actor, eid) if eid else None,
        "target_eids": relation.target_eids,
        "evidence": relation.evidence,
        "status": relation.status,
        "status_name": relation.get_status_display(),
        "stated_by": cite_document(relation.actor) if relation.amendment_id else relation.stated_by or None,
        "decided_at": relation.decided_at,
    }


def _target_in_words(relation: Relation) -> str:
    """As the acting document names it. Where its text was not quoted, as the target is called now."""
    if relation.amendment_id and not relation.evidence and relation.target:
        return cite_document(relation.target)
    return relation.target_text


@extend_schema_view(
    get=extend_schema(
        operation_id="listDocumentRelations",
        tags=["documents"],
        auth=[],
        summary="List the relations of a document, confirmed by default",
        parameters=[DOCUMENT_PATH_PARAMETER],
    )
)
class RelationListView(PublicReadMixin, KnownParametersOnly, generics.ListAPIView):
    """Relations of a document, oldest first. Without `status` only confirmed ones."""

    can_be_gone = True
    serializer_class = RelationSerializer
    filterset_class = RelationFilter
    pagination_class = RelationPagination

    @property
    def document(self) -> LegalDocument:
        """The requested document."""
        if not hasattr(self, "_document"):
            self._document = document_or_404(self.kwargs["key"])
        return self._document

    def get_queryset(self) -> QuerySet[Relation]:
        if getattr(self, "swagger_fake_view", False):
            return Relation.objects.none()
        return queries.public_relations(self.document)
