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
from api.v1.reference.organisations import VALID_FROM_HELP, VALID_UNTIL_HELP, filter_valid_on
from content.organisations import queries
from content.organisations.models import Province, ProvinceType
from content.vietnam_time import today


class ProvinceFilter(django_filters.FilterSet):
    valid_on = DayFilter(
        method=filter_valid_on,
        default=today,
        help_text="Only provinces that exist on this day, YYYY-MM-DD, Viet Nam time. Default: today. "
        "A province with an unknown first day counts as existing before.",
    )

    class Meta:
        model = Province
        fields: list[str] = []  # listed above; no index, for the table has about a hundred rows


class ProvinceLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Province
        fields = ["key", "url", "code", "name"]

    def get_url(self, province: Province) -> str:
        return resource_urls.province_url(province)


class ProvinceSerializer(ProvinceLinkSerializer):
    """A province or city on the days it existed with these borders. A redrawn unit is a separate object."""

    code = serializers.CharField(
        read_only=True,
        help_text="Two digits of the General Statistics Office. Codes are reused: 15 was Yên Bái and is Lào Cai.",
    )
    type = serializers.ChoiceField(ProvinceType.choices, read_only=True)
    type_name = serializers.CharField(source="get_type_display", read_only=True)
    valid_from = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_FROM_HELP)
    valid_until = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_UNTIL_HELP)
    successors = serializers.SerializerMethodField(help_text="The province it was merged into; empty while it exists.")
    predecessors = ProvinceLinkSerializer(many=True, read_only=True)

    class Meta:
        model = Province
        fields = [
            "key", "url", "code", "name", "short_name", "type", "type_name", "valid_from", "valid_until", "successors",
            "predecessors",
        ]  # fmt: skip

    @extend_schema_field(ProvinceLinkSerializer(many=True))
    def get_successors(self, province: Province) -> list[JSONObject]:
        return [ProvinceLinkSerializer(province.successor).data] if province.successor else []


@extend_schema(tags=["organisations"], auth=[])
@extend_schema_view(
    list=extend_schema(
        operation_id="listProvinces", summary="List provinces and centrally run cities of a day, by code"
    ),
    retrieve=extend_schema(operation_id="getProvince", summary="Get one province, present or former"),
)
class ProvinceViewSet(MadeOnceViewSet):
    """The 34 provinces and cities since 2025-07-01 and the 63 before, with predecessors and successors."""

    serializer_class = ProvinceSerializer
    filterset_class = ProvinceFilter
    pagination_class = SinglePagePagination
    shown_tables = (Province,)

    def get_queryset(self) -> QuerySet[Province]:
        return queries.provinces()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply `valid_on` to the list only: a former province has a detail too."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset
