"""Keys and path parameters of playlists and channels, and the days of a schedule."""

import datetime

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.parameters import requested_day
from api.v1.day_parameters import day_parameter
from content.vietnam_time import VIETNAM_TIME, today

PLAYLIST_KEY = "ds-[a-z0-9]{10}"
CHANNEL_KEY = "kn-[a-z0-9]{10}"
MAX_DAYS = 31


def _key_parameters(pattern: str, description: str) -> list[OpenApiParameter]:
    return [OpenApiParameter("key", {"type": "string", "pattern": f"^{pattern}$"}, "path", description=description)]


PLAYLIST_PATH_PARAMETERS = _key_parameters(PLAYLIST_KEY, "Key of the playlist.")
CHANNEL_PATH_PARAMETERS = _key_parameters(CHANNEL_KEY, "Key of the channel.")
SCHEDULE_PARAMETERS = [
    day_parameter("from", "First day, Viet Nam time. Default: today."),
    day_parameter("to", "Last day, inclusive, at most 31 days in all. Default: the sixth day after the first."),
]


def requested_days(request: Request) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment and that after the last one of the days `from` to `to`. Raises ValidationError."""
    first = requested_day(request, "from", default=today())
    last = requested_day(request, "to", default=first + datetime.timedelta(days=6))
    if first > last:
        raise ValidationError({"from": [_("Use a date that is not after `to`.")]}, code="invalid")
    if (last - first).days >= MAX_DAYS:
        raise ValidationError({"to": [_("Ask for at most %d days.") % MAX_DAYS]}, code="invalid")
    return _midnight(first), _midnight(last + datetime.timedelta(days=1))


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), VIETNAM_TIME)
