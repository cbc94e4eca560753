"""Public events: talks, dialogues, training, legal aid, Law Day, contests."""

import datetime
from collections.abc import Sequence
from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import with_last_modified
from api.fields import URLOrNullField
from api.homes import HomeFilter, HomeSerializer
from api.negotiation import FormatOrAcceptNegotiation
from api.pagination import StrictCursorPagination
from api.parameters import TrueOrFalseFilter, requested_day
from api.renderers import JSONLDRenderer
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.day_parameters import day_parameter
from api.v1.events.schema_org import event_as_schema_org
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.reference.provinces import ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.events import queries
from content.events.models import (
    Event,
    EventKind,
    EventMove,
    MaterialLink,
    Session,
    Speaker,
)
from content.events.states import EventStatus
from content.organisations.models import Organisation, Province
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic
from content.vietnam_time import today

EVENT_KEY = "sk-[a-z0-9]{10}"
EVENT_PATH_PARAMETERS = [
    OpenApiParameter("key", {"type": "string", "pattern": f"^{EVENT_KEY}$"}, "path", description="Key of the event.")
]
DEFAULT_DAYS_AHEAD = datetime.timedelta(days=365)
DAY_PARAMETERS = [
    day_parameter("from", "First day, Viet Nam time. Default: today."),
    day_parameter("to", "Last day, inclusive. Default: one year ahead."),
]
PUBLIC_STATUSES = [status for status in EventStatus if status != EventStatus.DRAFT]


class EventPagination(StrictCursorPagination):
    parameters = (*StrictCursorPagination.parameters, "count")
    is_countable = True
    ordering = "calendar_order"


class EventFilter(django_filters.FilterSet):
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; includes its headings. Repeat it to match any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    organisation = extend_schema_field(
        {"type": "string", "description": "Key of the organisation that holds the event."}
    )(django_filters.ModelChoiceFilter(queryset=Organisation.objects.all(), to_field_name="key"))
    province = extend_schema_field(
        {"type": "string", "description": "Key of the province where the event takes place."}
    )(django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key"))
    kind = django_filters.ChoiceFilter(choices=EventKind.choices)
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, method="filter_audience", help_text="One of the audiences of the event."
    )
    online = TrueOrFalseFilter(
        method="filter_online",
        help_text="`true`: online participation is possible, with or without a place. `false`: it is not.",
    )
    home = HomeFilter()
    status = django_filters.ChoiceFilter(
        choices=[(status.value, status.label) for status in PUBLIC_STATUSES],
        help_text="Status of the event. Default: all, including cancelled ones.",
    )

    class Meta:
        model = Event
        fields: list[str] = []  # filters are listed above

    def filter_topic(self, queryset: QuerySet[Event], name: str, topics: Sequence[Topic]) -> QuerySet[Event]:
        return queries.events_about(queryset, topics) if topics else queryset

    def filter_audience(self, queryset: QuerySet[Event], name: str, audience: str) -> QuerySet[Event]:
        return queryset.filter(audiences__contains=[audience])

    def filter_online(self, queryset: QuerySet[Event], name: str, wanted: bool) -> QuerySet[Event]:
        return queryset.exclude(online_url="") if wanted else queryset.filter(online_url="")


class SpeakerSerializer(serializers.ModelSerializer):
    """A speaker."""

    class Meta:
        model = Speaker
        fields = ["name", "about"]


@extend_schema_serializer(component_name="EventSession")
class SessionSerializer(serializers.ModelSerializer):
    """A part of the programme with its own time."""

    speakers = SpeakerSerializer(many=True)

    class Meta:
        model = Session
        fields = ["title", "starts_at", "ends_at", "speakers"]


class MaterialLinkSerializer(serializers.ModelSerializer):
    """A link to material of the event."""

    class Meta:
        model = MaterialLink
        fields = ["title", "url"]


class EventMoveSerializer(serializers.ModelSerializer):
    """The former time and place of a moved event, and the reason."""

    province = ProvinceLinkSerializer(allow_null=True)
    moved_at = serializers.DateTimeField(source="at")
    online_url = URLOrNullField(help_text="Former URL for online participation; null: none.")

    class Meta:
        model = EventMove
        fields = ["moved_at", "reason", "starts_at", "ends_at", "province", "place", "online_url"]


class EventLinkSerializer(serializers.ModelSerializer):
    """A link to an event with time and status."""

    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()
    status = serializers.ChoiceField([(status.value, status.label) for status in PUBLIC_STATUSES], read_only=True)

    class Meta:
        model = Event
        fields = ["key", "url", "page_url", "title", "status", "starts_at", "ends_at"]
        read_only_fields = fields

    def get_url(self, event: Event) -> str:
        return resource_urls.event_url(event)

    def get_page_url(self, event: Event) -> str:
        return resource_urls.event_page_url(event)


@extend_schema_serializer(component_name="EventSummary")
class EventSerializer(HomeSerializer, EventLinkSerializer):
    """An event in a list."""

    path_of_copies = "events"
    calendar_url = serializers.SerializerMethodField(help_text="URL of an iCalendar file to subscribe to.")
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    status = serializers.ChoiceField(
        [(status.value, status.label) for status in PUBLIC_STATUSES],
        read_only=True,
        help_text="`moved`: the time or place changed, see `moves`. `cancelled`: see `cancel_reason`.",
    )
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    topics = TopicLinkSerializer(many=True, read_only=True)
    audiences = serializers.ListField(child=serializers.ChoiceField(Audience.choices), read_only=True)
    languages = serializers.ListField(
        child=serializers.ChoiceField(ContentLanguage.choices),
        read_only=True,
        help_text="Languages of the event; `sgn`: sign language.",
    )
    online_url = URLOrNullField(help_text="URL for online participation; null: none.")
    recording_url = URLOrNullField(help_text="URL of the recording; null: none yet.")
    updated_at = serializers.DateTimeField(
        source="changed_at", read_only=True, help_text="Time of the last change, seats excluded."
    )

    class Meta:
        model = Event
        fields = [
            "key", "url", "page_url", "calendar_url", "kind", "kind_name", "title", "status", "status_name",
            "cancel_reason", "starts_at", "ends_at", "organisation", "province", "place", "online_url", "topics",
            "audiences", "languages", "capacity", "registration_opens_at", "registration_closes_at", "recording_url",
            "is_sample", "announced_at", "updated_at", "home", "home_url",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "capacity": {"help_text": "Number of seats; null: unlimited."},
            "registration_opens_at": {"help_text": "Start of registration; null: no registration is needed."},
            "registration_closes_at": {"help_text": "End of registration."},
            "is_sample": {"help_text": "True for a sample event, which does not take place."},
        }

    def get_calendar_url(self, event: Event) -> str:
        return resource_urls.resource_url("event-calendar", key=event.key)


@extend_schema_serializer(component_name="EventDetail")
class EventDetailSerializer(EventSerializer):
    """One event with programme, speakers, materials and moves."""

    free_seats = serializers.SerializerMethodField(
        help_text="Free seats, up to a minute old; null: unlimited. A registration states whether it has a seat."
    )
    sessions = SessionSerializer(many=True, read_only=True)
    speakers = serializers.SerializerMethodField(help_text="Speakers of the whole event; sessions have their own.")
    materials = MaterialLinkSerializer(many=True, read_only=True)
    moves = EventMoveSerializer(many=True, read_only=True)

    class Meta(EventSerializer.Meta):
        fields = [
            *EventSerializer.Meta.fields, "text", "sessions", "speakers", "materials", "moves", "data_purpose",
            "free_seats", "sequence",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            **EventSerializer.Meta.extra_kwargs,
            "data_purpose": {
                "help_text": "Purpose for which names are collected at registration; empty: no names are collected."
            },
            "sequence": {"help_text": "SEQUENCE of the iCalendar file; grows with each change."},
        }

    def get_free_seats(self, event: Event) -> int | None:
        return queries.free_seat_count(event)

    @extend_schema_field(SpeakerSerializer(many=True))
    def get_speakers(self, event: Event) -> list[JSONObject]:
        speakers = [each for each in event.speakers.all() if each.session_id is None]
        return cast(list[JSONObject], SpeakerSerializer(speakers, many=True).data)


def events_between_requested_days(request: Request, events: QuerySet[Event]) -> QuerySet[Event]:
    """Events between the days `from` and `to`; default: today to one year ahead. Raises ValidationError."""
    first = requested_day(request, "from", default=today())
    last = requested_day(request, "to", default=max(first, today()) + DEFAULT_DAYS_AHEAD)
    if first > last:
        raise ValidationError({"from": [_("Use a date that is not after `to`.")]}, code="invalid")
    return queries.events_between(events, first, last)


@extend_schema(tags=["events"], auth=[])
@extend_schema_view(
    list=extend_schema(
        operation_id="listEvents", summary="List events between two days, earliest first", parameters=DAY_PARAMETERS
    )
)
class EventViewSet(PublicReadOnlyViewSet):
    """Announced events, cancelled ones too; moved events list their former times."""

    serializer_class = EventSerializer
    filterset_class = EventFilter
    pagination_class = EventPagination
    lookup_value_regex = EVENT_KEY
    queryset = Event.objects.none()  # tells drf-spectacular the model

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return {"list": ("from", "to", "fields"), "retrieve": ("fields", "format")}.get(self.action, ())

    def get_renderers(self) -> list[BaseRenderer]:
        return [JSONRenderer(), JSONLDRenderer()] if self._is_detail() else [JSONRenderer()]

    def get_content_negotiator(self) -> BaseContentNegotiation:
        return FormatOrAcceptNegotiation() if self._is_detail() else DefaultContentNegotiation()

    def _is_detail(self) -> bool:
        """Whether the URL is that of one event. DRF asks before it sets `action`."""
        return "retrieve" in (self.action_map or {}).values()

    def get_serializer_class(self) -> type[EventSerializer]:
        return EventDetailSerializer if self.action == "retrieve" else EventSerializer

    def get_queryset(self) -> QuerySet[Event]:
        events = queries.public_events()
        return (
            events_between_requested_days(self.request, events)
            if self.action == "list"
            else queries.with_details(events)
        )

    @extend_schema(
        operation_id="getEvent",
        summary="Get one event as JSON or as a schema.org Event in JSON-LD",
        parameters=[
            *EVENT_PATH_PARAMETERS,
            OpenApiParameter("format", str, enum=["json", "jsonld"], description="Media type. Overrides Accept."),
        ],
        responses={
            (200, "application/json"): EventDetailSerializer,
            (200, "application/ld+json"): OpenApiResponse(OpenApiTypes.OBJECT, "schema.org/Event."),
        },
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        is_linked = request.accepted_renderer.format == "jsonld"
        if is_linked and "fields" in request.query_params:
            raise ValidationError({"fields": [_("`fields` works with JSON only.")]}, code="invalid")
        event = self.get_object()
        if is_linked:
            return with_last_modified(Response(event_as_schema_org(event)), event.changed_at)
        return Response(self.get_serializer(event).data)  # without Last-Modified: free seats change the response too
