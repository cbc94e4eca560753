"""Query parameters and fields of bodies that name a date."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.parameters import EARLIEST_DAY, MAX_YEARS_AHEAD
from content.vietnam_time import today

AS_OF_PARAMETER = OpenApiParameter(
    "as_of",
    {"type": "string", "format": "date"},
    description="Date of the text and effect to return, Viet Nam time. Default: today. From 1945-01-01 to ten years "
    "ahead.",
)


def day_parameter(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "format": "date"}, description=description)


class AsOfField(serializers.DateField):
    """`as_of` in the body of a request: a date from 1945 to the end of the tenth year ahead."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], help_text="As the parameter `as_of`.", **kwargs)

    def to_internal_value(self, value: Any) -> datetime.date:
        day: datetime.date = super().to_internal_value(value)
        last = datetime.date(today().year + MAX_YEARS_AHEAD, 12, 31)
        if not EARLIEST_DAY <= day <= last:
            words = {"first": EARLIEST_DAY, "last": last}
            raise ValidationError(_("Use a date from %(first)s to %(last)s.") % words, code="invalid")
        return day
