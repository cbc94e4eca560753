"""Calendars to subscribe to: the events of a topic, of an organisation, and those a reader goes to."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import IsDevice
from api.caching import PublicReadMixin, with_last_modified
from api.parameters import KnownParametersOnly
from api.renderers import CalendarRenderer
from api.v1 import resource_urls
from api.v1.events.events import EVENT_PATH_PARAMETERS
from content.events import ical, queries, services
from content.organisations.models import Organisation
from content.topics.models import Topic
from notifications.follows import queries as follows

SUBJECT_KEY = "[a-z0-9-]+"
CALENDAR_SECRET = "[A-Za-z0-9_-]{43}"  # noqa: S105 (a pattern, none itself)
ICALENDAR_RESPONSE = {(200, "text/calendar"): OpenApiResponse(str, "RFC 5545.")}
CALENDAR_SPAN_HELP = "What is ahead and what was in the last 90 days; calendar applications read it again every hour."


def path_parameters(name, pattern, description):
    return [OpenApiParameter(name, {"type": "string", "pattern": f"^{pattern}$"}, "path", description=description)]


def calendar_response(events, name):
    return _icalendar_response(queries.events_in_calendars(events, timezone.now()), name, "luatmo.ics")


def _icalendar_response(events, name, filename):
    file = ical.calendar_file(events, name=name, address=resource_urls.event_url)
    return Response(file, headers={"Content-Disposition": f'inline; filename="{filename}"'})


class CalendarFileView(KnownParametersOnly, APIView):
    renderer_classes = [CalendarRenderer]
    metadata_class = None  # OPTIONS would describe the view in a form that a calendar is not


class EventCalendarView(PublicReadMixin, CalendarFileView):
    """One event."""

    @extend_schema(
        operation_id="getEventCalendar",
        tags=["events"],
        auth=[],
        summary="One event as an iCalendar file to subscribe to",
        description="The same UID for ever; SEQUENCE grows with each change; a cancelled event stays and says so.",
        parameters=EVENT_PATH_PARAMETERS,
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request, key):
        event = get_object_or_404(queries.public_events(), key=key)
        return with_last_modified(_icalendar_response([event], event.title, f"{key}.ics"), event.changed_at)


class TopicCalendarView(PublicReadMixin, CalendarFileView):
    """The events of one topic."""

    @extend_schema(
        operation_id="getTopicCalendar",
        tags=["events"],
        auth=[],
        summary="The events of a topic and of all under it, as a calendar",
        description=CALENDAR_SPAN_HELP,
        parameters=path_parameters("key", SUBJECT_KEY, "Key of the topic."),
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request, key):
        topic = get_object_or_404(Topic, key=key)
        return calendar_response(queries.events_about(queries.public_events(), [topic]), _("Luật Mở: %s") % topic.name)


class OrganisationCalendarView(PublicReadMixin, CalendarFileView):
    """The events of one body."""

    @extend_schema(
        operation_id="getOrganisationCalendar",
        tags=["events"],
        auth=[],
        summary="The events of an organisation, as a calendar",
        description=CALENDAR_SPAN_HELP,
        parameters=path_parameters("key", SUBJECT_KEY, "Key of the organisation."),
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request, key):
        body = get_object_or_404(Organisation, key=key)
        return calendar_response(queries.public_events().filter(organisation=body), _("Luật Mở: %s") % body.name)


class ReaderCalendarView(CalendarFileView):
    """The events a reader goes to or follows, for whoever knows the secret in the address."""

    authentication_classes = []  # a calendar application can show nothing but the address

    @extend_schema(
        operation_id="getReaderCalendar",
        tags=["events"],
        auth=[],
        summary="The events a reader registered for or follows, as a calendar",
        description=f"At the secret address that `POST events/mine/calendar` gave. {CALENDAR_SPAN_HELP}",
        parameters=path_parameters("secret", CALENDAR_SECRET, "The secret."),
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request, secret):
        reader = queries.calendar_owner(secret)
        if reader is None:
            raise Http404
        return calendar_response(follows.calendar_events(reader), _("Luật Mở: my events"))


class CalendarURLSerializer(serializers.Serializer):
    """Where the reader's own calendar stands. Whoever knows it can read it."""

    url = serializers.URLField()


class MyCalendarView(KnownParametersOnly, APIView):
    """The secret address of this reader's calendar."""

    permission_classes = [IsDevice]

    @extend_schema(
        operation_id="renewMyCalendar",
        tags=["events"],
        summary="Make a secret address for this reader's calendar, or another one",
        description="Told this once, only its hash is kept. One that was made before is 404 from now on.",
        request=None,
        responses={201: CalendarURLSerializer},
    )
    def post(self, request):
        url = resource_urls.resource_url("reader-calendar", secret=services.renew_calendar(request.user))
        return Response({"url": url}, status=201)

    @extend_schema(
        operation_id="dropMyCalendar",
        tags=["events"],
        summary="No calendar any more",
        description="Its address is 404 from now on. A repeat is 204 too.",
        request=None,
        responses={204: None},
    )
    def delete(self, request):
        services.delete_calendar(request.user)
        return Response(status=204)
