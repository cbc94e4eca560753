"""The calendar of effect: what takes effect, changes, is suspended or ends between two days, of all documents."""

import datetime

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

from api.caching import PublicReadMixin
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly, requested_day
from api.sparse_fields import SparseFieldsMixin
from api.v1 import resource_urls
from api.v1.day_parameters import day_parameter
from api.v1.link_serializers import DocumentLinkSerializer
from content.documents import history, ical
from content.documents.models import StatusEvent
from content.topics.models import Topic
from content.vietnam_time import today

DEFAULT_DAYS_BACK, DEFAULT_DAYS_AHEAD = datetime.timedelta(days=30), datetime.timedelta(days=365)
DAY_PARAMETERS = [
    day_parameter("from", "The first day; 30 days ago without it."),
    day_parameter("to", "The last day, included; a year ahead without it."),
]


class EffectPagination(StrictCursorPagination):
    ordering = "calendar_order"


class EffectFilter(django_filters.FilterSet):
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; its headings are included. Any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    kind = django_filters.ChoiceFilter(choices=StatusEvent.Kind.choices)

    class Meta:
        model = StatusEvent
        fields = []

    def filter_topic(self, queryset, name, topics):
        return history.events_under_topics(queryset, topics) if topics else queryset


class EffectEventSerializer(serializers.ModelSerializer):
    """One thing that happens to the effect of a document, or of units of it, on a day."""

    key = serializers.CharField(source="pk", read_only=True)
    kind_name = serializers.SerializerMethodField()
    document = DocumentLinkSerializer(read_only=True)
    act = serializers.SerializerMethodField()

    class Meta:
        model = StatusEvent
        fields = ["key", "on", "kind", "kind_name", "scope", "eids", "cause", "document", "act"]
        read_only_fields = fields
        extra_kwargs = {"eids": {"help_text": "The units it is about; none: the whole document, or see `scope`."}}

    def get_kind_name(self, event) -> str:
        return ical.event_summary(event)

    @extend_schema_field(DocumentLinkSerializer(allow_null=True))
    def get_act(self, event):
        return event.amendment and DocumentLinkSerializer(event.amendment.act).data


class CalendarRenderer(BaseRenderer):
    media_type, format, charset = "text/calendar", "ics", "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return data


@extend_schema(tags=["effects"], auth=[])
@extend_schema_view(
    list=extend_schema(
        operation_id="listEffects",
        summary="What takes effect, changes or ends between two days",
        parameters=DAY_PARAMETERS,
    )
)
class EffectViewSet(
    PublicReadMixin, SparseFieldsMixin, KnownParametersOnly, mixins.ListModelMixin, viewsets.GenericViewSet
):
    """In order of the days. A calendar application can subscribe to `effects.ics`."""

    metadata_class = None  # OPTIONS would describe the view in a form that a calendar is not

    serializer_class = EffectEventSerializer
    filterset_class = EffectFilter
    pagination_class = EffectPagination

    @property
    def own_parameters(self):
        return ("from", "to", "fields") if self.action == "list" else ("from", "to", *EffectFilter.base_filters)

    def get_queryset(self):
        first = requested_day(self.request, "from", default=today() - DEFAULT_DAYS_BACK)
        last = requested_day(self.request, "to", default=today() + DEFAULT_DAYS_AHEAD)
        if first > last:
            raise ValidationError({"from": [_("A day not after `to`.")]}, code="invalid")
        return history.calendar_events(first, last)

    @extend_schema(
        operation_id="getEffectCalendar",
        summary="The same as an iCalendar file to subscribe to",
        parameters=DAY_PARAMETERS,
        responses={(200, "text/calendar"): OpenApiResponse(str, "RFC 5545.")},
    )
    @action(detail=False, renderer_classes=[CalendarRenderer], pagination_class=None)
    def ics(self, request):
        events = self.filter_queryset(self.get_queryset())
        file = ical.calendar_file(events, name=_("Luật Mở: effect of law"), address=resource_urls.document_url)
        return Response(file, headers={"Content-Disposition": 'inline; filename="effects.ics"'})
