import csv
import io
from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.caching import PublicReadMixin
from api.fields import URLOrNullField
from api.negotiation import IgnoreAcceptNegotiation
from api.pagination import SinglePagePagination, StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1.plans.decimals import PlainDecimalField, plain_decimal
from api.v1.plans.links import CSV_COLUMNS, IndicatorLinkSerializer, ProgrammeLinkSerializer
from api.v1.plans.series import GroupedBy, MeasurementSeriesSerializer, series_of
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.organisations.models import Province
from content.plans import queries
from content.plans.models import Area, Indicator, Measurement, Target
from content.vietnam_time import today

MAX_CSV_ROWS = 50_000


class TargetSerializer(serializers.ModelSerializer):
    """A value that the indicator should have by a day."""

    value = PlainDecimalField()
    area = serializers.ChoiceField(Area.choices, help_text="Part of the population.")
    operator = serializers.ChoiceField(Target.Operator.choices, help_text="How the value is meant.")
    source_url = URLOrNullField(help_text="URL of the source; null: none is known.")

    class Meta:
        model = Target
        fields = ["due_on", "operator", "value", "area", "provision", "source", "source_url"]
        extra_kwargs = {
            "due_on": {"help_text": "Last day."},
            "provision": {"help_text": "Citation of the provision that sets it; empty: see `source`."},
            "source": {"help_text": "Source in words; empty: see `provision`."},
        }


class MeasurementSerializer(serializers.ModelSerializer):
    """What one source measured. Sources that differ are all listed; none is merged or averaged."""

    indicator = IndicatorLinkSerializer(read_only=True, help_text="What was measured.")
    province = ProvinceLinkSerializer(
        read_only=True, allow_null=True, help_text="Province; null: the whole country, or an organisation."
    )
    organisation = OrganisationLinkSerializer(
        read_only=True, allow_null=True, help_text="Organisation that it is about; null: none."
    )
    area = serializers.ChoiceField(Area.choices, help_text="Part of the population.")
    value = PlainDecimalField()
    numerator = PlainDecimalField(allow_null=True, help_text="Null: the source does not say it.")
    denominator = PlainDecimalField(allow_null=True, help_text="Null: the source does not say it.")
    source_url = URLOrNullField(help_text="URL of the source; null: none is known.")
    is_replaced = serializers.SerializerMethodField(help_text="Whether a correction replaces it. Both stay.")

    class Meta:
        model = Measurement
        fields = [
            "indicator", "province", "organisation", "area", "period_from", "period_until", "value", "numerator",
            "denominator", "source", "source_url", "approved_at", "is_replaced",
        ]  # fmt: skip
        extra_kwargs = {
            "period_from": {"help_text": "First day of the period."},
            "period_until": {"help_text": "First day after the period."},
            "source": {"help_text": "Source in words."},
            "approved_at": {"help_text": "Time when it became public."},
        }

    def get_is_replaced(self, measurement: Measurement) -> bool:
        return measurement.is_replaced


class IndicatorSerializer(IndicatorLinkSerializer):
    """Something that is counted of a programme."""

    programme = ProgrammeLinkSerializer(read_only=True, help_text="Programme that it belongs to.")
    unit = serializers.ChoiceField(Indicator.Unit.choices, help_text="What values are.")
    direction = serializers.ChoiceField(Indicator.Direction.choices, help_text="Which values are better.")
    breakdown = serializers.ChoiceField(Indicator.Breakdown.choices, help_text="What values are given by.")
    is_computed = serializers.BooleanField(
        read_only=True, help_text="Whether we compute it; otherwise others report it."
    )
    targets = TargetSerializer(many=True, help_text="Targets whose source was read.")

    class Meta(IndicatorLinkSerializer.Meta):
        fields = [
            *IndicatorLinkSerializer.Meta.fields, "programme", "unit", "direction", "breakdown", "is_computed",
            "targets",
        ]  # fmt: skip


class IndicatorDetailSerializer(IndicatorSerializer):
    """An indicator with its targets and, if `by` is given, its measurements in groups."""

    series = serializers.SerializerMethodField(help_text="Measurements in groups; null without `by`.")

    class Meta(IndicatorSerializer.Meta):
        fields = [*IndicatorSerializer.Meta.fields, "series"]

    @extend_schema_field(MeasurementSeriesSerializer(many=True, allow_null=True))
    def get_series(self, indicator: Indicator) -> JSONObject | None:
        by = self.context.get("by")
        found: Any = MeasurementSeriesSerializer(series_of(indicator, by, today()), many=True).data if by else None
        return found


@extend_schema(tags=["plans"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listIndicators", summary="List indicators with their targets"),
    retrieve=extend_schema(
        operation_id="getIndicator",
        summary="Get one indicator with its targets and measurements",
        parameters=[
            OpenApiParameter(
                "by",
                str,
                enum=[each.value for each in GroupedBy],
                description="Group its measurements by this. Of a computed indicator the running month is provisional.",
            )
        ],
    ),
)
class IndicatorViewSet(PublicReadOnlyViewSet):
    """Indicators. Their values are `measurements`."""

    serializer_class = IndicatorSerializer
    pagination_class = SinglePagePagination
    lookup_field = "code"
    lookup_url_kwarg = "key"
    queryset = Indicator.objects.none()  # tells drf-spectacular the model

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return ("by", "fields") if self.action == "retrieve" else ("fields",)

    def get_serializer_class(self) -> type[IndicatorSerializer]:
        return IndicatorDetailSerializer if self.action == "retrieve" else IndicatorSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "by": self._requested_group()}

    def get_queryset(self) -> QuerySet[Indicator]:
        return queries.indicators()

    def _requested_group(self) -> GroupedBy | None:
        """Raises ValidationError for another value."""
        written = self.request.query_params.get("by") if self.request else None
        if written is None or self.action != "retrieve":
            return None
        if written not in list(GroupedBy):
            raise ValidationError({"by": [", ".join(GroupedBy)]}, code="invalid_choice")
        return GroupedBy(written)


class MeasurementPagination(StrictCursorPagination):
    ordering = "-pk"


class MeasurementFilter(django_filters.FilterSet):
    indicator = extend_schema_field({"type": "string", "description": "Key of an indicator."})(
        django_filters.ModelChoiceFilter(queryset=Indicator.objects.all(), to_field_name="code")
    )
    province = extend_schema_field({"type": "string", "description": "Key of a province."})(
        django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key")
    )

    class Meta:
        model = Measurement
        fields: list[str] = []  # listed above


@extend_schema(tags=["plans"], auth=[])
class MeasurementViewSet(PublicReadMixin, KnownParametersOnly, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Approved measurements, the last entered first."""

    serializer_class = MeasurementSerializer
    filterset_class = MeasurementFilter
    pagination_class = MeasurementPagination
    content_negotiation_class = IgnoreAcceptNegotiation
    extra_parameters = ("format",)
    queryset = Measurement.objects.none()  # tells drf-spectacular the model

    def get_queryset(self) -> QuerySet[Measurement]:
        return queries.public_measurements()

    @extend_schema(
        operation_id="listMeasurements",
        summary="List measurements, the last entered first",
        parameters=[OpenApiParameter("format", str, description="`json`, or `csv`: all rows in one file.")],
        responses={
            (200, "application/json"): MeasurementSerializer(many=True),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.BINARY, "All rows."),
        },
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        wanted = request.query_params.get("format", "json")
        if wanted not in ("json", "csv"):
            raise ValidationError({"format": ["json, csv"]}, code="invalid_choice")
        if wanted == "json":
            return super().list(request, *args, **kwargs)
        rows = self.filter_queryset(self.get_queryset())[:MAX_CSV_ROWS]
        return HttpResponse(measurements_csv(rows), content_type="text/csv; charset=utf-8")


def measurements_csv(rows: Iterable[Measurement]) -> str:
    """CSV in UTF-8 with the columns CSV_COLUMNS; numbers have a point, days are YYYY-MM-DD."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(CSV_COLUMNS)
    for each in rows:
        table.writerow(
            [
                each.indicator.code, each.province.key if each.province else "",
                each.organisation.key if each.organisation else "", each.area, each.period_from, each.period_until,
                *(plain_decimal(number) for number in (each.value, each.numerator, each.denominator)),
                _no_formula(each.source), each.source_url, each.approved_at and each.approved_at.isoformat(),
                str(each.is_replaced).lower(),
            ]
        )  # fmt: skip
    return written.getvalue()


def _no_formula(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
