"""Calendar of effect: which documents take effect, change, are suspended or expire between two days."""

import datetime
from collections.abc import Sequence

import django_filters
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import PublicReadMixin
from api.pagination import StrictCursorPagination
from api.parameters import KnownParametersOnly, requested_day
from api.renderers import CalendarRenderer
from api.sparse_fields import SparseFieldsMixin
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.day_parameters import day_parameter
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from api.v1.text_formats import effect_calendar
from api.v1.text_formats.effect_calendar import CalendarEvent
from content.documents import history
from content.documents.citations import cite_document
from content.documents.models import StatusEvent
from content.topics.models import Topic
from content.vietnam_time import today

DEFAULT_DAYS_BACK, DEFAULT_DAYS_AHEAD = datetime.timedelta(days=30), datetime.timedelta(days=365)
MAX_CALENDAR_DAYS, MAX_CALENDAR_ENTRIES = 400, 2_000
DAY_PARAMETERS = [
    day_parameter("from", "First day. Default: 30 days ago."),
    day_parameter("to", "Last day, inclusive. Default: one year ahead."),
]


class EffectPagination(StrictCursorPagination):
    ordering = "calendar_order"


class EffectFilter(django_filters.FilterSet):
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; includes its headings. Repeat it to match any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    kind = django_filters.ChoiceFilter(choices=StatusEvent.Kind.choices)

    class Meta:
        model = StatusEvent
        fields: list[str] = []

    def filter_topic(
        self, queryset: QuerySet[StatusEvent], name: str, topics: Sequence[Topic]
    ) -> QuerySet[StatusEvent]:
        return history.events_under_topics(queryset, topics) if topics else queryset


class EffectEventSerializer(serializers.ModelSerializer):
    """A change of the effect of a document, or of some of its provisions, on a day."""

    key = serializers.CharField(source="pk", read_only=True)
    kind_name = serializers.SerializerMethodField()
    cause = serializers.SerializerMethodField(help_text="Cause or source, in words.")
    document = DocumentLinkSerializer(read_only=True)
    act = serializers.SerializerMethodField()

    class Meta:
        model = StatusEvent
        fields = ["key", "on", "kind", "kind_name", "scope", "eids", "cause", "document", "act"]
        read_only_fields = fields
        extra_kwargs = {
            "eids": {"help_text": "eids of the provisions it concerns; empty: the whole document, or see `scope`."}
        }

    def get_kind_name(self, event: StatusEvent) -> str:
        return effect_calendar.event_summary(event)

    def get_cause(self, event: StatusEvent) -> str:
        # the stored citation of the act may have words that were taken out of its title since
        return cite_document(event.amendment.act) if event.amendment else event.cause

    @extend_schema_field(DocumentLinkSerializer(allow_null=True))
    def get_act(self, event: StatusEvent) -> JSONObject | None:
        return document_link(event.amendment.act) if event.amendment else None


@extend_schema(tags=["effects"], auth=[])
@extend_schema_view(
    list=extend_schema(
        operation_id="listEffects",
        summary="List what takes effect, changes or expires between two days",
        parameters=DAY_PARAMETERS,
    )
)
class EffectViewSet(
    PublicReadMixin, SparseFieldsMixin, KnownParametersOnly, mixins.ListModelMixin, viewsets.GenericViewSet
):
    """Changes of effect, ordered by day. A calendar application can subscribe to `effects.ics`."""

    metadata_class = None  # OPTIONS would answer in JSON, which a calendar view cannot render

    serializer_class = EffectEventSerializer
    filterset_class = EffectFilter
    pagination_class = EffectPagination

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return ("from", "to", "fields") if self.action == "list" else ("from", "to", *EffectFilter.base_filters)

    def get_queryset(self) -> QuerySet[StatusEvent]:
        first = requested_day(self.request, "from", default=today() - DEFAULT_DAYS_BACK)
        last = requested_day(self.request, "to", default=today() + DEFAULT_DAYS_AHEAD)
        if first > last:
            raise ValidationError({"from": [_("Use a date that is not after `to`.")]}, code="invalid")
        if self.action == "ics" and (last - first).days >= MAX_CALENDAR_DAYS:
            message = _("Use a day less than %(days)d days after `from`: a calendar file holds no more.")
            raise ValidationError({"to": [message % {"days": MAX_CALENDAR_DAYS}]}, code="invalid")
        return history.calendar_events(first, last)

    @extend_schema(
        operation_id="getEffectCalendar",
        summary="Get the changes of effect as an iCalendar file",
        description=f"At most {MAX_CALENDAR_DAYS} days and {MAX_CALENDAR_ENTRIES} entries, the first days first. A "
        "file that is cut says in `X-WR-CALDESC` which day is the last: choose a topic or fewer days.",
        parameters=DAY_PARAMETERS,
        responses={(200, "text/calendar"): OpenApiResponse(OpenApiTypes.BINARY, "iCalendar (RFC 5545).")},
    )
    @action(detail=False, renderer_classes=[CalendarRenderer], pagination_class=None)
    def ics(self, request: Request) -> Response:
        asked = self.filter_queryset(self.get_queryset())[: MAX_CALENDAR_ENTRIES + 1]
        events = effect_calendar.calendar_rows(asked)
        description = ""
        if len(events) > MAX_CALENDAR_ENTRIES:
            events = _whole_days(events)
            last = events[-1].on
            description = _("Only until %(day)s: there are too many entries. Choose a topic or fewer days.")
            description %= {"day": date_format(last, "d/m/Y") if last else ""}
        file = effect_calendar.calendar_file(
            events, name=_("Luật Mở: effect of law"), description=description, address=resource_urls.document_url
        )
        return Response(file, headers={"Content-Disposition": 'inline; filename="effects.ics"'})


def _whole_days(events: list[CalendarEvent]) -> list[CalendarEvent]:
    """The first events without those of the last day, of which some are missing; of a single day, as many as fit."""
    whole = [event for event in events if event.on != events[-1].on]
    return whole or events[:MAX_CALENDAR_ENTRIES]
