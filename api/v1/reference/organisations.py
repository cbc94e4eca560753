import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from api.pagination import SinglePagePagination
from api.parameters import DayFilter
from api.v1 import resource_urls
from api.viewsets import PublicReadOnlyViewSet
from content.organisations import queries
from content.organisations.models import Organisation, OrganisationKind, OrganisationLevel, Province, ProvinceType
from content.vietnam_time import today

VALID_FROM_HELP = "First day; null: we do not know since when."
VALID_UNTIL_HELP = "First day no longer; null: still there."


def filter_valid_on(queryset, name, day):
    return queries.valid_on(queryset, day)


class OrganisationFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices)
    level = django_filters.ChoiceFilter(choices=OrganisationLevel.choices)
    valid_on = DayFilter(
        method=filter_valid_on,
        help_text="Those there on this day, YYYY-MM-DD, Viet Nam time; without it all of all times. "
        "One whose first day we do not know counts as there before.",
    )

    class Meta:
        model = Organisation
        fields = []  # written out; no index behind them, for there are a few dozen rows


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


class OrganisationLinkSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = ["key", "url", "code", "name"]

    def get_url(self, organisation) -> str:
        return resource_urls.organisation_url(organisation)


class OrganisationSuccessionSerializer(OrganisationLinkSerializer):
    """A body at the other end of a succession."""

    part = serializers.CharField(help_text="Which part of the work passed on; empty where our source names none.")

    class Meta:
        model = Organisation
        fields = ["key", "url", "code", "name", "part"]


class OrganisationSerializer(OrganisationLinkSerializer):
    """A body that issues documents, under the name it has or had. Its successors are other bodies."""

    kind = serializers.ChoiceField(OrganisationKind.choices, read_only=True)
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    level = serializers.ChoiceField(OrganisationLevel.choices, read_only=True)
    code = serializers.CharField(read_only=True, help_text="As it stands in official numbers: 08/2024/TT-**BCA**.")
    name_en = serializers.CharField(read_only=True, help_text="Empty where we are not sure of an English name.")
    valid_from = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_FROM_HELP)
    valid_until = serializers.DateField(read_only=True, allow_null=True, help_text=VALID_UNTIL_HELP)
    successors = serializers.SerializerMethodField()
    predecessors = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = [
            "key", "url", "code", "name", "name_en", "kind", "kind_name", "level", "valid_from", "valid_until",
            "successors", "predecessors",
        ]  # fmt: skip

    @extend_schema_field(OrganisationSuccessionSerializer(many=True))
    def get_successors(self, organisation):
        return [
            succession_representation(succession.successor, succession) for succession in organisation.handed_on.all()
        ]

    @extend_schema_field(OrganisationSuccessionSerializer(many=True))
    def get_predecessors(self, organisation):
        return [
            succession_representation(succession.predecessor, succession)
            for succession in organisation.taken_over.all()
        ]


def succession_representation(organisation, succession):
    return OrganisationLinkSerializer(organisation).data | {"part": succession.part}


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
    list=extend_schema(operation_id="listOrganisations", summary="Bodies that issue documents, present and former"),
    retrieve=extend_schema(operation_id="getOrganisation", summary="One issuing body"),
)
class OrganisationViewSet(PublicReadOnlyViewSet):
    """Bodies that issue legal documents. One that ended keeps its name; what followed it is named."""

    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    pagination_class = SinglePagePagination

    def get_queryset(self):
        return queries.organisations()


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
