import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import SinglePagePagination
from api.parameters import requested_day, requested_integer
from api.types import JSONObject
from api.v1.day_parameters import day_parameter
from api.v1.plans.links import PlanLinkSerializer, ProgrammeLinkSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.plans import queries
from content.plans.models import Programme
from content.plans.queries import CoveredOrganisation
from content.plans.statuses import DutyStatus
from content.plans.tiles import tile_of
from content.vietnam_time import today

YEARS = (2000, 2100)


class ProgrammeSerializer(ProgrammeLinkSerializer):
    """A programme for which organisations make plans."""

    class Meta(ProgrammeLinkSerializer.Meta):
        fields = [*ProgrammeLinkSerializer.Meta.fields, "act_number", "act_issued_on", "valid_from", "valid_until"]
        extra_kwargs = {
            "act_number": {"help_text": "Official number of the act that sets it up."},
            "act_issued_on": {"help_text": "Day of issue of the act."},
            "valid_from": {"help_text": "First day."},
            "valid_until": {"help_text": "First day after it; null: no end is stated."},
        }


class CoveredOrganisationSerializer(serializers.Serializer):
    """The duty of one organisation. `column` and `row` place a province in a grid of equal tiles, which is no map."""

    organisation = OrganisationLinkSerializer()
    province = ProvinceLinkSerializer(allow_null=True, help_text="Province of the organisation; null: it is central.")
    column = serializers.IntegerField(allow_null=True, help_text="From the left; null: before 2025-07-01, or none.")
    row = serializers.IntegerField(allow_null=True, help_text="From the top; null: before 2025-07-01, or none.")
    status = serializers.ChoiceField(DutyStatus.choices, help_text="Status of the duty on the day.")
    status_name = serializers.CharField()
    plan = PlanLinkSerializer(allow_null=True, help_text="Plan that decides the status; null: none.")
    since = serializers.DateField(allow_null=True, help_text="Day since which it holds; null: unknown.")


class CoverageCountsSerializer(serializers.Serializer):
    """Number of duties of each status."""

    adopted = serializers.IntegerField(help_text="The organisation has a plan.")
    inherited = serializers.IntegerField(help_text="Only a province merged into it has one.")
    declared_none = serializers.IntegerField(help_text="It declared to have none.")
    none_known = serializers.IntegerField(help_text="It is due, and nobody told us of one.")
    not_due = serializers.IntegerField(help_text="It is not due yet.")


class CoverageSerializer(serializers.Serializer):
    """Which organisations have a plan on a day."""

    on = serializers.DateField(help_text="The day.")
    counts = CoverageCountsSerializer(help_text="Number of duties of each status.")
    tiles = CoveredOrganisationSerializer(many=True, help_text="Duties of provinces, by code.")
    ministries = CoveredOrganisationSerializer(many=True, help_text="Duties of central organisations.")


@extend_schema(tags=["plans"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listProgrammes", summary="List programmes"),
    retrieve=extend_schema(operation_id="getProgramme", summary="Get one programme"),
)
class ProgrammeViewSet(PublicReadOnlyViewSet):
    """Programmes of legal dissemination."""

    serializer_class = ProgrammeSerializer
    pagination_class = SinglePagePagination
    queryset = Programme.objects.none()  # tells drf-spectacular the model

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return ("on", "year") if self.action == "coverage" else ("fields",)

    def get_queryset(self) -> QuerySet[Programme]:
        return queries.programmes()

    @extend_schema(
        operation_id="getCoverage",
        summary="Get which organisations have a plan for a programme",
        parameters=[
            day_parameter("on", "The day, Viet Nam time. Default: today."),
            OpenApiParameter("year", int, description="Plans of this year. Default: of the whole programme."),
        ],
        responses=CoverageSerializer,
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def coverage(self, request: Request, key: str) -> Response:
        programme = get_object_or_404(self.get_queryset(), key=key)
        on = requested_day(request, "on", default=today())
        year = requested_integer(request, "year", *YEARS, default=0) or None
        found = queries.coverage(programme, on, year)
        rows = CoveredRepresentations(on)
        return Response(
            {
                "on": on,
                "counts": found.counts,
                "tiles": [rows.of(each) for each in found.provinces],
                "ministries": [rows.of(each) for each in found.others],
            }
        )


class CoveredRepresentations:
    """Each row as CoveredOrganisationSerializer describes it. The serializers of links are made once for all rows."""

    def __init__(self, on: datetime.date) -> None:
        self.on = on
        self.organisations, self.provinces = OrganisationLinkSerializer(), ProvinceLinkSerializer()
        self.plans = PlanLinkSerializer()

    def of(self, covered: CoveredOrganisation) -> JSONObject:
        column, row = (covered.province and tile_of(covered.province.code, self.on)) or (None, None)
        return {
            "organisation": self.organisations.to_representation(covered.organisation),
            "province": self.provinces.to_representation(covered.province) if covered.province else None,
            "column": column,
            "row": row,
            "status": covered.finding.status.value,
            "status_name": str(covered.finding.status.label),
            "plan": self.plans.to_representation(covered.plan) if covered.plan else None,
            "since": covered.finding.since,
        }
