import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from api.pagination import SinglePagePagination
from api.parameters import DayFilter
from api.v1 import resource_urls
from api.v1.reference.organisations import VALID_FROM_HELP, VALID_UNTIL_HELP, filter_valid_on
from api.viewsets import PublicReadOnlyViewSet
from content.documents.effect import today
from content.organisations import queries
from content.organisations.models import Province, ProvinceType


class ProvinceFilter(django_filters.FilterSet):
    valid_on = DayFilter(
        method=filter_valid_on,
        absent=today,
        help_text="Those there on this day, YYYY-MM-DD, Viet Nam time; without it those of today. "
        "One whose first day we do not know counts as there before.",
    )

    class Meta:
        model = Province
        fields = []  # as above: about a hundred rows


class ProvinceLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Province
        fields = ["key", "url", "code", "name"]

    def get_url(self, province) -> str:
        return resource_urls.province_url(province)


class ProvinceSerializer(ProvinceLinkSerializer):
    """A unit of the provincial level on the days it stood as it was; redrawn units are other objects."""

    code = serializers.CharField(
        read_only=True, help_text="Two digits, General Statistics Office; of the time: 15 was Yên Bái and is Lào Cai."
    )
    type = serializers.ChoiceField(ProvinceType.choices, read_only=True)
    type_name = serializers.CharField(source="get_type_display", read_only=True)
    valid_from = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_FROM_HELP)
    valid_until = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_UNTIL_HELP)
    successors = serializers.SerializerMethodField(help_text="The one it went into; none while it is there.")
    predecessors = ProvinceLinkSerializer(many=True, read_only=True)

    class Meta:
        model = Province
        fields = [
            "key", "url", "code", "name", "short_name", "type", "type_name", "valid_from", "valid_until", "successors",
            "predecessors",
        ]  # fmt: skip

    @extend_schema_field(ProvinceLinkSerializer(many=True))
    def get_successors(self, province):
        return [ProvinceLinkSerializer(province.successor).data] if province.successor else []


@extend_schema(tags=["organisations"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listProvinces", summary="Provinces and centrally run cities of a day, by code"),
    retrieve=extend_schema(operation_id="getProvince", summary="One province of any time"),
)
class ProvinceViewSet(PublicReadOnlyViewSet):
    """The 34 provinces and cities since 2025-07-01 and the 63 before, with what became of them."""

    serializer_class = ProvinceSerializer
    filterset_class = ProvinceFilter
    pagination_class = SinglePagePagination

    def get_queryset(self):
        return queries.provinces()

    def filter_queryset(self, queryset):
        """One province is found whatever the day: the list's default of today is not for it."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset
