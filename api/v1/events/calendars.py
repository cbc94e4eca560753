"""iCalendar files to subscribe to: one event, a topic, an organisation, a reader."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice, calling_reader
from api.caching import PublicReadMixin, with_last_modified
from api.parameters import KnownParametersOnly
from api.renderers import CalendarRenderer
from api.v1 import resource_urls
from api.v1.events.events import EVENT_PATH_PARAMETERS
from content.events import ical, queries, services
from content.events.models import Event
from content.organisations.models import Organisation
from content.topics.models import Topic
from notifications.follows import queries as follows

SUBJECT_KEY = "[a-z0-9-]+"
CALENDAR_SECRET = "[A-Za-z0-9_-]{43}"  # noqa: S105 (a pattern, none itself)
ICALENDAR_RESPONSE = {(200, "text/calendar"): OpenApiResponse(OpenApiTypes.BINARY, "iCalendar (RFC 5545).")}
CALENDAR_SPAN_HELP = "Future events and those of the last 90 days. Calendar applications refresh it every hour."


def path_parameters(name: str, pattern: str, description: str) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, {"type": "string", "pattern": f"^{pattern}$"}, "path", description=description)]


def calendar_response(events: QuerySet[Event], name: str) -> Response:
    return _icalendar_response(queries.events_in_calendars(events, timezone.now()), name, "luatmo.ics")


def _icalendar_response(events: Iterable[Event], name: str, filename: str) -> Response:
    file = ical.calendar_file(events, name=name, address=resource_urls.event_url)
    return Response(file, headers={"Content-Disposition": f'inline; filename="{filename}"'})


class CalendarFileView(KnownParametersOnly, APIView):
    """Base of views that return an iCalendar file."""

    renderer_classes = [CalendarRenderer]
    metadata_class = None  # OPTIONS would answer in JSON, which a calendar view cannot render


class EventCalendarView(PublicReadMixin, CalendarFileView):
    """The calendar of one event."""

    @extend_schema(
        operation_id="getEventCalendar",
        tags=["events"],
        auth=[],
        summary="Get one event as an iCalendar file",
        description="The UID never changes. SEQUENCE grows with each change. A cancelled event stays in the "
        "file with STATUS:CANCELLED.",
        parameters=EVENT_PATH_PARAMETERS,
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request: Request, key: str) -> Response:
        event = get_object_or_404(queries.public_events(), key=key)
        return with_last_modified(_icalendar_response([event], event.title, f"{key}.ics"), event.changed_at)


class TopicCalendarView(PublicReadMixin, CalendarFileView):
    """The calendar of a topic."""

    @extend_schema(
        operation_id="getTopicCalendar",
        tags=["events"],
        auth=[],
        summary="Get the events of a topic and its headings as an iCalendar file",
        description=CALENDAR_SPAN_HELP,
        parameters=path_parameters("key", SUBJECT_KEY, "Key of the topic."),
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request: Request, key: str) -> Response:
        topic = get_object_or_404(Topic, key=key)
        return calendar_response(queries.events_about(queries.public_events(), [topic]), _("Luật Mở: %s") % topic.name)


class OrganisationCalendarView(PublicReadMixin, CalendarFileView):
    """The calendar of an organisation."""

    @extend_schema(
        operation_id="getOrganisationCalendar",
        tags=["events"],
        auth=[],
        summary="Get the events of an organisation as an iCalendar file",
        description=CALENDAR_SPAN_HELP,
        parameters=path_parameters("key", SUBJECT_KEY, "Key of the organisation."),
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request: Request, key: str) -> Response:
        organisation = get_object_or_404(Organisation, key=key)
        return calendar_response(
            queries.public_events().filter(organisation=organisation), _("Luật Mở: %s") % organisation.shown_name
        )


class ReaderCalendarView(CalendarFileView):
    """The calendar of a reader: registered and followed events. The secret in the URL gives access."""

    authentication_classes = []  # a calendar application sends no credentials except the URL

    @extend_schema(
        operation_id="getReaderCalendar",
        tags=["events"],
        auth=[],
        summary="Get the events a reader registered for or follows as an iCalendar file",
        description=f"The secret URL comes from `POST events/mine/calendar`. {CALENDAR_SPAN_HELP}",
        parameters=path_parameters("secret", CALENDAR_SECRET, "Secret of the calendar."),
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request: Request, secret: str) -> Response:
        reader = queries.calendar_owner(secret)
        if reader is None:
            raise Http404
        return calendar_response(follows.calendar_events(reader), _("Luật Mở: my events"))


class CalendarURLSerializer(serializers.Serializer):
    """The secret URL of the reader's calendar. Everybody who knows it can read the calendar."""

    url = serializers.URLField()


class MyCalendarView(KnownParametersOnly, APIView):
    """The secret URL of this reader's calendar."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="renewMyCalendar",
        tags=["events"],
        summary="Create or replace the secret URL of this reader's calendar",
        description="The URL is returned once; only its hash is stored. A former URL answers 404 from now on.",
        request=None,
        responses={201: CalendarURLSerializer},
    )
    def post(self, request: Request) -> Response:
        url = resource_urls.resource_url("reader-calendar", secret=services.renew_calendar(calling_reader(request)))
        return Response({"url": url}, status=201)

    @extend_schema(
        operation_id="dropMyCalendar",
        tags=["events"],
        summary="Delete this reader's calendar",
        description="The URL answers 404 from now on. A repeat returns 204.",
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        services.delete_calendar(calling_reader(request))
        return Response(status=204)
