"""The schedule of a channel as an iCalendar file to subscribe to."""

import datetime

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import PublicReadMixin
from api.v1.channels.parameters import CHANNEL_PATH_PARAMETERS
from api.v1.events.calendars import ICALENDAR_RESPONSE, CalendarFileView
from content.channel import ical, queries

PAST, AHEAD = datetime.timedelta(days=7), datetime.timedelta(days=31)
MOST_SLOTS = 1_000


class ScheduleCalendarView(PublicReadMixin, CalendarFileView):
    """The schedule of a channel as a calendar."""

    @extend_schema(
        operation_id="getChannelCalendar",
        tags=["channels"],
        auth=[],
        summary="Get the schedule of a channel as an iCalendar file",
        description="The slots of the last seven days and of the coming 31 days, at most 1,000. "
        "The UID of a slot never changes.",
        parameters=CHANNEL_PATH_PARAMETERS,
        responses=ICALENDAR_RESPONSE,
    )
    def get(self, request: Request, key: str) -> Response:
        channel = get_object_or_404(queries.public_channels(), key=key)
        now = timezone.now()
        planned = queries.slots_between(channel, now - PAST, now + AHEAD)[:MOST_SLOTS]
        slots = [slot for slot in planned if queries.is_shown(slot)]
        file = ical.schedule_file(channel, slots)
        return Response(file, headers={"Content-Disposition": f'inline; filename="{key}.ics"'})
