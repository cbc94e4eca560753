import datetime

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from api.fields import URLOrNullField
from api.homes import HomeFilter, HomeSerializer
from api.negotiation import IgnoreAcceptNegotiation
from api.pagination import StrictCursorPagination
from api.parameters import DayFilter
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from api.v1.plans.links import PlanLinkSerializer, ProgrammeLinkSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.documents.models import LegalDocument
from content.organisations.models import Organisation, Province
from content.plans import queries
from content.plans.models import Plan, PlanFile, Programme

PUBLIC_STATUSES = [("published", _("Published")), ("corrected", _("Corrected"))]
DAY_HELP = "YYYY-MM-DD, Viet Nam time, inclusive."


class PlanPagination(StrictCursorPagination):
    ordering = "-pk"


class PlanGone(APIException):
    """The plan was withdrawn: 410 with day and reason."""

    status_code = 410

    def __init__(self, moment: datetime.datetime, reason: str) -> None:
        words = _("Withdrawn on %(day)s. Reason: %(reason)s")
        day = timezone.localtime(moment).strftime("%d/%m/%Y")
        super().__init__(str(words) % {"day": day, "reason": reason}, "withdrawn")


def plan_or_gone(key: str) -> Plan:
    """The public plan of that key. Raises PlanGone, Http404."""
    plan = queries.public_plans().filter(key=key).first()
    if plan is None:
        gone = queries.withdrawn_plan(key)
        raise PlanGone(gone.withdrawn_at, gone.withdrawal_reason) if gone and gone.withdrawn_at else Http404
    return plan


class PlanFilter(django_filters.FilterSet):
    programme = extend_schema_field({"type": "string", "description": "Key of a programme."})(
        django_filters.ModelChoiceFilter(queryset=Programme.objects.all(), to_field_name="key")
    )
    organisation = extend_schema_field({"type": "string", "description": "Key of the adopting organisation."})(
        django_filters.ModelChoiceFilter(field_name="adopter", queryset=Organisation.objects.all(), to_field_name="key")
    )
    province = extend_schema_field({"type": "string", "description": "Key of the province of the organisation."})(
        django_filters.ModelChoiceFilter(
            field_name="adopter__province", queryset=Province.objects.all(), to_field_name="key"
        )
    )
    status = django_filters.ChoiceFilter(
        choices=PUBLIC_STATUSES, method="filter_status", help_text="Whether it was corrected since its publication."
    )
    year = django_filters.NumberFilter(min_value=2000, max_value=2100, help_text="Year of a yearly plan.")
    home = HomeFilter()
    adopted_from = DayFilter(field_name="adopted_on", lookup_expr="gte", help_text=DAY_HELP)
    adopted_to = DayFilter(field_name="adopted_on", lookup_expr="lte", help_text=DAY_HELP)

    class Meta:
        model = Plan
        fields: list[str] = []  # listed above

    def filter_status(self, plans: QuerySet[Plan], name: str, value: str) -> QuerySet[Plan]:
        return queries.plans_of_status(plans, value)


class PlanSerializer(HomeSerializer, PlanLinkSerializer):
    """A plan that an organisation adopted for a programme."""

    path_of_copies = "plans"
    programme = ProgrammeLinkSerializer(read_only=True, help_text="Programme that it is for.")
    organisation = OrganisationLinkSerializer(source="adopter", read_only=True, help_text="Who adopted it.")
    province = ProvinceLinkSerializer(
        source="adopter.province", read_only=True, allow_null=True, help_text="Province of the organisation."
    )
    document = serializers.SerializerMethodField(help_text="The plan here; null: not stored, or not public.")
    replaces = PlanLinkSerializer(
        source="replaced_plan", read_only=True, allow_null=True, help_text="Plan whose place it took; null: none."
    )
    status = serializers.ChoiceField(
        PUBLIC_STATUSES, source="public_status", read_only=True, help_text="Whether it was corrected."
    )
    file_url = serializers.SerializerMethodField(help_text="URL of the PDF file; null: there is none here.")
    source_url = URLOrNullField(help_text="URL of the plan at its source; null: none is known.")

    class Meta(PlanLinkSerializer.Meta):
        fields = [
            *PlanLinkSerializer.Meta.fields, "programme", "organisation", "province", "year", "period_from",
            "period_until", "replaces", "status", "document", "file_url", "source_url", "published_at", "corrected_at",
            "home", "home_url",
        ]  # fmt: skip
        extra_kwargs = {
            **PlanLinkSerializer.Meta.extra_kwargs,
            "year": {"help_text": "Year of a yearly plan; null: it is for the whole programme."},
            "period_from": {"help_text": "First day of the plan; null: not stated."},
            "period_until": {"help_text": "First day after the plan; null: not stated."},
            "published_at": {"help_text": "Time of publication here."},
            "corrected_at": {"help_text": "Time of the last correction; null: none."},
        }

    @extend_schema_field(DocumentLinkSerializer(allow_null=True))
    def get_document(self, plan: Plan) -> JSONObject | None:
        document = plan.document
        is_public = document is not None and document.status == LegalDocument.Status.PUBLISHED
        return document_link(document) if document and is_public else None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_file_url(self, plan: Plan) -> str | None:
        return resource_urls.resource_url("plan-file", key=plan.key) if plan.file_id else None


@extend_schema(tags=["plans"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listPlans", summary="List public plans, the last entered first"),
    retrieve=extend_schema(operation_id="getPlan", summary="Get one plan"),
)
class PlanViewSet(PublicReadOnlyViewSet):
    """Public plans. A withdrawn one answers 410 with the reason."""

    can_be_gone = True
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    pagination_class = PlanPagination
    queryset = Plan.objects.none()  # tells drf-spectacular the model

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return () if self.action == "file" else ("fields",)

    def get_queryset(self) -> QuerySet[Plan]:
        return queries.public_plans()

    def get_object(self) -> Plan:
        return plan_or_gone(self.kwargs["key"])

    @extend_schema(
        operation_id="getPlanFile",
        summary="Get the PDF file of a plan",
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The file.")},
        filters=False,
    )
    @action(detail=True, pagination_class=None, content_negotiation_class=IgnoreAcceptNegotiation)
    def file(self, request: Request, key: str) -> HttpResponse:
        plan = plan_or_gone(key)
        file = get_object_or_404(PlanFile, plans=plan)
        response = HttpResponse(bytes(file.content), content_type=file.media_type)
        response["Content-Disposition"] = f'attachment; filename="{plan.key}.pdf"'
        return response
