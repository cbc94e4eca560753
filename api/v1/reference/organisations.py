import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from api.entity_tags.made_once import MadeOnceViewSet
from api.pagination import SinglePagePagination
from api.parameters import DayFilter
from api.types import JSONObject
from api.v1 import resource_urls
from content.organisations import queries
from content.organisations.models import Organisation, OrganisationKind, OrganisationLevel, Succession

VALID_FROM_HELP = "First day; null: unknown."
VALID_UNTIL_HELP = "First day on which it no longer exists; null: it exists."


def filter_valid_on(queryset: QuerySet[Any], name: str, day: datetime.date) -> QuerySet[Any]:
    return queries.valid_on(queryset, day)


class OrganisationFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices)
    level = django_filters.ChoiceFilter(choices=OrganisationLevel.choices)
    valid_on = DayFilter(
        method=filter_valid_on,
        help_text="Only organisations that exist on this day, YYYY-MM-DD, Viet Nam time. Default: all, past ones too. "
        "An organisation with an unknown first day counts as existing before.",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []  # listed above; no index, for the table has a few dozen rows


class OrganisationLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    name = serializers.CharField(
        source="shown_name",
        read_only=True,
        help_text="Name in the response language; Vietnamese where no English name is established.",
    )

    class Meta:
        model = Organisation
        fields = ["key", "url", "code", "name"]

    def get_url(self, organisation: Organisation) -> str:
        return resource_urls.organisation_url(organisation)


class OrganisationSuccessionSerializer(OrganisationLinkSerializer):
    """The predecessor or successor of an organisation."""

    part = serializers.CharField(help_text="The part of the work that was transferred; empty if the source names none.")

    class Meta:
        model = Organisation
        fields = ["key", "url", "code", "name", "part"]


class OrganisationSerializer(OrganisationLinkSerializer):
    """A body that issues documents, with its days. A successor is a separate object."""

    kind = serializers.ChoiceField(OrganisationKind.choices, read_only=True)
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    level = serializers.ChoiceField(OrganisationLevel.choices, read_only=True)
    code = serializers.CharField(read_only=True, help_text="Abbreviation in official numbers: 08/2024/TT-**BCA**.")
    name_vi = serializers.CharField(source="name", read_only=True, help_text="Name in Vietnamese.")
    name_en = serializers.CharField(read_only=True, help_text="English name; empty if none is established.")
    valid_from = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_FROM_HELP)
    valid_until = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_UNTIL_HELP)
    successors = serializers.SerializerMethodField()
    predecessors = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = [
            "key", "url", "code", "name", "name_vi", "name_en", "kind", "kind_name", "level", "valid_from",
            "valid_until",
            "successors", "predecessors",
        ]  # fmt: skip

    @extend_schema_field(OrganisationSuccessionSerializer(many=True))
    def get_successors(self, organisation: Organisation) -> list[JSONObject]:
        return [
            succession_representation(succession.successor, succession) for succession in organisation.handed_on.all()
        ]

    @extend_schema_field(OrganisationSuccessionSerializer(many=True))
    def get_predecessors(self, organisation: Organisation) -> list[JSONObject]:
        return [
            succession_representation(succession.predecessor, succession)
            for succession in organisation.taken_over.all()
        ]


def succession_representation(organisation: Organisation, succession: Succession) -> JSONObject:
    return OrganisationLinkSerializer(organisation).data | {"part": succession.part}


@extend_schema(tags=["organisations"], auth=[])
@extend_schema_view(
    list=extend_schema(
        operation_id="listOrganisations", summary="List organisations that issue documents, present and former"
    ),
    retrieve=extend_schema(operation_id="getOrganisation", summary="Get one organisation"),
)
class OrganisationViewSet(MadeOnceViewSet):
    """Organisations that issue legal documents. A dissolved organisation keeps its name and lists its successors."""

    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    pagination_class = SinglePagePagination
    shown_tables = (Organisation, Succession)

    def get_queryset(self) -> QuerySet[Organisation]:
        return queries.organisations()
