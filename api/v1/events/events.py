"""Events the public reads: talks, dialogues, training, mobile legal aid, Law Day, contests announced."""

import datetime

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from drf_spectacular.utils import extend_schema_view as schemas
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.caching import with_last_modified
from api.negotiation import FormatOrAcceptNegotiation
from api.pagination import StrictCursorPagination
from api.parameters import requested_day
from api.schema import EMPTY_STRING_SCHEMA
from api.v1 import resource_urls
from api.v1.day_parameters import day_parameter
from api.v1.events.schema_org import event_as_schema_org
from api.v1.reference.organisations import OrganisationLinkSerializer, ProvinceLinkSerializer
from api.v1.reference.topics import TopicLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.events import queries
from content.events.models import (
    Event,
    EventAudience,
    EventKind,
    EventLanguage,
    EventMove,
    MaterialLink,
    Session,
    Speaker,
)
from content.events.states import EventStatus
from content.organisations.models import Organisation, Province
from content.topics.models import Topic
from content.vietnam_time import today

EVENT_KEY = "sk-[a-z0-9]{10}"
EVENT_PATH_PARAMETERS = [
    OpenApiParameter("key", {"type": "string", "pattern": f"^{EVENT_KEY}$"}, "path", description="Its key.")
]
DEFAULT_DAYS_AHEAD = datetime.timedelta(days=365)
DAY_PARAMETERS = [
    day_parameter("from", "The first day, Viet Nam time; today without it."),
    day_parameter("to", "The last day, included; a year ahead without it."),
]
PUBLIC_STATUSES = [status for status in EventStatus if status != EventStatus.DRAFT]


class JSONLDRenderer(JSONRenderer):
    media_type, format = "application/ld+json", "jsonld"


class EventPagination(StrictCursorPagination):
    ordering = "calendar_order"


class EventFilter(django_filters.FilterSet):
    topic = extend_schema_field(
        {"type": "string", "description": "Key of a topic; its headings are included. Any of several."}
    )(
        django_filters.ModelMultipleChoiceFilter(
            queryset=Topic.objects.all(), to_field_name="key", method="filter_topic"
        )
    )
    organisation = extend_schema_field({"type": "string", "description": "Key of the body that holds it."})(
        django_filters.ModelChoiceFilter(queryset=Organisation.objects.all(), to_field_name="key")
    )
    province = extend_schema_field({"type": "string", "description": "Key of the province where it is."})(
        django_filters.ModelChoiceFilter(queryset=Province.objects.all(), to_field_name="key")
    )
    kind = django_filters.ChoiceFilter(choices=EventKind.choices)
    audience = django_filters.ChoiceFilter(
        choices=EventAudience.choices, method="filter_audience", help_text="One of those it is meant for."
    )
    online = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        method="filter_online",
        help_text="Whether one can take part online, also where there is a place too.",
    )
    status = django_filters.ChoiceFilter(
        choices=[(status.value, status.label) for status in PUBLIC_STATUSES],
        help_text="Cancelled ones are listed without it.",
    )

    class Meta:
        model = Event
        fields = []  # every filter is written out

    def filter_topic(self, queryset, name, topics):
        return queries.events_about(queryset, topics) if topics else queryset

    def filter_audience(self, queryset, name, audience):
        return queryset.filter(audiences__contains=[audience])

    @extend_schema_field({"type": "string", "enum": ["true", "false"]})
    def filter_online(self, queryset, name, value):
        return queryset.exclude(online_url="") if value == "true" else queryset.filter(online_url="")


class SpeakerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Speaker
        fields = ["name", "about"]


class SessionSerializer(serializers.ModelSerializer):
    """A part with a time of its own."""

    speakers = SpeakerSerializer(many=True)

    class Meta:
        model = Session
        fields = ["title", "starts_at", "ends_at", "speakers"]


class MaterialLinkSerializer(serializers.ModelSerializer):
    class Meta:
        model = MaterialLink
        fields = ["title", "url"]


class EventMoveSerializer(serializers.ModelSerializer):
    """When and where it was to be until it was moved, and why it was."""

    province = ProvinceLinkSerializer(allow_null=True)
    moved_at = serializers.DateTimeField(source="at")

    class Meta:
        model = EventMove
        fields = ["moved_at", "reason", "starts_at", "ends_at", "province", "place", "online_url"]


@extend_schema_field({"oneOf": [{"type": "string", "format": "uri"}, EMPTY_STRING_SCHEMA]})
class URLOrEmptyField(serializers.ReadOnlyField):
    """An address, or an empty text where there is none."""


class EventLinkSerializer(serializers.ModelSerializer):
    """Which event, when, and whether it takes place."""

    url = serializers.SerializerMethodField()
    status = serializers.ChoiceField([(status.value, status.label) for status in PUBLIC_STATUSES], read_only=True)

    class Meta:
        model = Event
        fields = ["key", "url", "title", "status", "starts_at", "ends_at"]
        read_only_fields = fields

    def get_url(self, event) -> str:
        return resource_urls.event_url(event)


class EventSerializer(EventLinkSerializer):
    """An event, as lists have it."""

    calendar_url = serializers.SerializerMethodField(help_text="An iCalendar file to subscribe to.")
    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    status = serializers.ChoiceField(
        [(status.value, status.label) for status in PUBLIC_STATUSES],
        read_only=True,
        help_text="`moved`: to another time or place, see `moves`. `cancelled`: see `cancel_reason`.",
    )
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    province = ProvinceLinkSerializer(read_only=True, allow_null=True)
    topics = TopicLinkSerializer(many=True, read_only=True)
    audiences = serializers.ListField(child=serializers.ChoiceField(EventAudience.choices), read_only=True)
    languages = serializers.ListField(
        child=serializers.ChoiceField(EventLanguage.choices), read_only=True, help_text="Spoken there; `sgn`: signed."
    )
    online_url = URLOrEmptyField(help_text="Where one takes part from afar; empty: nowhere.")
    recording_url = URLOrEmptyField(help_text="Where it can be seen again; empty: nowhere yet.")
    updated_at = serializers.DateTimeField(
        source="changed_at", read_only=True, help_text="When what stands here last changed, seats aside."
    )

    class Meta:
        model = Event
        fields = [
            "key", "url", "calendar_url", "kind", "kind_name", "title", "status", "status_name", "cancel_reason",
            "starts_at", "ends_at", "organisation", "province", "place", "online_url", "topics", "audiences",
            "languages", "capacity", "registration_opens_at", "registration_closes_at", "recording_url",
            "is_sample", "announced_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "capacity": {"help_text": "How many seats there are; null: one for everybody."},
            "registration_opens_at": {"help_text": "Null: nobody needs to register."},
            "registration_closes_at": {"help_text": "From this moment on nobody can register any more."},
            "is_sample": {"help_text": "True: it does not take place, but is there to try things with."},
        }

    def get_calendar_url(self, event) -> str:
        return resource_urls.resource_url("event-calendar", key=event.key)


class EventDetailSerializer(EventSerializer):
    """One event with all that is said of it."""

    free_seats = serializers.SerializerMethodField(
        help_text="As of now, up to a minute old; null: one for everybody. A registration says what it got."
    )
    sessions = SessionSerializer(many=True, read_only=True)
    speakers = serializers.SerializerMethodField(help_text="Of the whole event; a session has its own.")
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
            "data_purpose": {"help_text": "What a name is asked for when registering; empty: none is taken."},
            "sequence": {"help_text": "Grows with each change that calendars show."},
        }

    def get_free_seats(self, event) -> int | None:
        return queries.free_seat_count(event)

    def get_speakers(self, event) -> SpeakerSerializer(many=True):
        return SpeakerSerializer([each for each in event.speakers.all() if each.session_id is None], many=True).data


def events_between_requested_days(request, events):
    """Narrow to those on the days `from` and `to` name; today and a year ahead without. Raises ValidationError."""
    first = requested_day(request, "from", default=today())
    last = requested_day(request, "to", default=max(first, today()) + DEFAULT_DAYS_AHEAD)
    if first > last:
        raise ValidationError({"from": [_("A day not after `to`.")]}, code="invalid")
    return queries.events_between(events, first, last)


@extend_schema(tags=["events"], auth=[])
@schemas(
    list=extend_schema(
        operation_id="listEvents", summary="Events between two days, the soonest first", parameters=DAY_PARAMETERS
    )
)
class EventViewSet(PublicReadOnlyViewSet):
    """Events that were announced. One that is cancelled stays and says so; one that moved says when it was to be."""

    serializer_class = EventSerializer
    filterset_class = EventFilter
    pagination_class = EventPagination
    lookup_value_regex = EVENT_KEY
    queryset = Event.objects.none()  # for the contract: what kind of rows these are

    @property
    def own_parameters(self):
        return {"list": ("from", "to", "fields"), "retrieve": ("fields", "format")}.get(self.action, ())

    def get_renderers(self):
        return [JSONRenderer(), JSONLDRenderer()] if self._is_of_one() else [JSONRenderer()]

    def get_content_negotiator(self):
        return FormatOrAcceptNegotiation() if self._is_of_one() else DefaultContentNegotiation()

    def _is_of_one(self):
        """Whether the address is that of one event; DRF asks before it has named the action."""
        return "retrieve" in (self.action_map or {}).values()

    def get_serializer_class(self):
        return EventDetailSerializer if self.action == "retrieve" else EventSerializer

    def get_queryset(self):
        events = queries.public_events()
        return (
            events_between_requested_days(self.request, events)
            if self.action == "list"
            else queries.with_details(events)
        )

    @extend_schema(
        operation_id="getEvent",
        summary="One event, as JSON or as schema.org's Event in JSON-LD",
        parameters=[
            *EVENT_PATH_PARAMETERS,
            OpenApiParameter("format", str, enum=["json", "jsonld"], description="Beats Accept."),
        ],
        responses={
            (200, "application/json"): EventDetailSerializer,
            (200, "application/ld+json"): OpenApiResponse(OpenApiTypes.OBJECT, "schema.org/Event."),
        },
    )
    def retrieve(self, request, *args, **kwargs):
        is_linked = request.accepted_renderer.format == "jsonld"
        if is_linked and "fields" in request.query_params:
            raise ValidationError({"fields": [_("Only of JSON.")]}, code="invalid")
        event = self.get_object()
        if is_linked:
            return with_last_modified(Response(event_as_schema_org(event)), event.changed_at)
        return Response(self.get_serializer(event).data)  # without a Last-Modified: seats come and go under it
