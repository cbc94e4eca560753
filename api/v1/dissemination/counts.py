"""Where content was spread: counts only, for everybody."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly, requested_day
from api.types import JSONObject
from api.v1.choices import values_message
from api.v1.day_parameters import day_parameter
from content.dissemination import queries
from content.dissemination.queries import GROUPS, GroupCounts
from content.organisations.queries import names_by_key
from content.vietnam_time import today


class DisseminationCountsSerializer(serializers.Serializer):
    """What was placed in a group, and what was counted of it."""

    value = serializers.CharField(help_text="Form, kind, key of a province, or month (YYYY-MM); empty: none stated.")
    name = serializers.CharField(help_text="Its name.")
    placements = serializers.IntegerField(help_text="Objects placed.")
    reach = serializers.IntegerField(help_text="People reached, as the outlets say.")
    views = serializers.IntegerField(help_text="Views, as the outlets say.")
    copies = serializers.IntegerField(help_text="Copies handed out.")
    attendees = serializers.IntegerField(help_text="People who came.")
    openings = serializers.IntegerField(help_text="Openings of the short addresses, without robots.")


class DisseminationPageSerializer(serializers.Serializer):
    """All groups, on one page."""

    next = serializers.URLField(allow_null=True, help_text="Always null: there is one page.")
    previous = serializers.URLField(allow_null=True, help_text="Always null: there is one page.")
    results = DisseminationCountsSerializer(many=True, help_text="The groups.")


class DisseminationView(PublicReadMixin, KnownParametersOnly, APIView):
    """Counts of placements."""

    extra_parameters = ("from", "to", "by")

    @extend_schema(
        operation_id="getDissemination",
        tags=["dissemination"],
        auth=[],
        summary="Count what was spread, by form, province, kind of outlet or month",
        description="By the day on which it was placed. Nobody's name, address or device is kept.",
        parameters=[
            day_parameter("from", "First day, Viet Nam time. Default: 1 January of the year of `to`."),
            day_parameter("to", "Last day, inclusive. Default: today."),
            OpenApiParameter("by", str, enum=list(GROUPS), description="What to group by. Default: form."),
        ],
        responses=DisseminationPageSerializer,
    )
    def get(self, request: Request) -> Response:
        last = requested_day(request, "to", default=today())
        first = requested_day(request, "from", default=last.replace(month=1, day=1))
        if first > last:
            raise ValidationError({"from": [_("Use a date that is not after `to`.")]}, code="invalid")
        group = request.query_params.get("by", "form")
        if group not in GROUPS:
            raise ValidationError({"by": [values_message(GROUPS)]}, code="invalid_choice")
        rows = _rows(group, queries.counts_by(group, first, last))
        return Response({"next": None, "previous": None, "results": rows})


def _rows(group: str, counted: list[GroupCounts]) -> list[JSONObject]:
    provinces = names_by_key(each.value for each in counted if each.value) if group == "province" else {}
    return [
        dict(DisseminationCountsSerializer({**vars(each), "name": _name(group, each.value, provinces)}).data)
        for each in counted
    ]


def _name(group: str, value: str, provinces: dict[str, str]) -> str:
    return provinces.get(value, _("None stated")) if group == "province" else queries.name_of(group, value)
