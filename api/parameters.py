"""Query parameters. Unknown, empty and repeated parameters are refused, never ignored."""

import datetime
import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError as BadValue
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.languages import activate_requested_language
from content.vietnam_time import today

if TYPE_CHECKING:
    from rest_framework.views import APIView as _View  # the class that the mixin extends
else:
    _View = object


class KnownParametersOnly(_View):
    """Answers 400 to an unknown query parameter and lists the known ones."""

    @property
    def extra_parameters(self) -> Collection[str]:
        """Names besides those of filters and pages."""
        return ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not hasattr(self, (request.method or "").lower()):
            return  # 405 comes first: no parameter makes the method valid
        known, is_lenient = self.known_parameters(), self.ignores_unknown_parameters(request)
        for name, values in request.query_params.lists():
            if name not in known:
                if is_lenient:
                    continue
                message = _("This parameter is unknown here. Known parameters: %s.") % ", ".join(sorted(known))
                raise ValidationError({name: [message]}, code="unknown_parameter")
            if not is_lenient and not all(values):
                raise ValidationError({name: [_("This parameter is empty. Give a value or omit it.")]}, code="blank")
            if len(values) > 1 and not self.may_repeat(name):
                raise ValidationError({name: [_("Give this parameter once.")]}, code="repeated")
        activate_requested_language(request)

    def ignores_unknown_parameters(self, request: Request) -> bool:
        """Whether unknown and empty parameters are ignored; only on pages for people."""
        return False

    def known_parameters(self) -> set[str]:
        known = {"lang", *self.extra_parameters}
        if getattr(self, "action", "list") == "list":
            known |= set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))
            known |= set(getattr(getattr(self, "paginator", None), "parameters", ()))
        return known

    def may_repeat(self, name: str) -> bool:
        """Whether the parameter may be given more than once: only filters that accept several values."""
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        return isinstance(filters.get(name), django_filters.MultipleChoiceFilter)


class DayField(forms.Field):
    """A date in the form YYYY-MM-DD. `default` is called for the value when the parameter is missing."""

    def __init__(self, *, default: Callable[[], datetime.date | None] = lambda: None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.default = default

    def clean(self, value: str | None) -> datetime.date | None:
        if value is None:
            return self.default()
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return datetime.date.fromisoformat(value)
        except ValueError:  # the 30th of February
            pass
        raise BadValue(_("Write a date of the calendar as YYYY-MM-DD."), code="invalid")


EARLIEST_DAY = datetime.date(1945, 1, 1)
MAX_YEARS_AHEAD = 10


def requested_day(request: Request, name: str, *, default: datetime.date) -> datetime.date:
    """The date in a query parameter, from 1945 to ten years ahead; `default` without it. Raises ValidationError."""
    try:
        day = DayField().clean(request.query_params.get(name)) or default
    except BadValue as error:
        raise ValidationError({name: error.messages}, code="invalid") from None
    if not EARLIEST_DAY <= day <= latest_day():
        words = {"first": EARLIEST_DAY, "last": latest_day()}
        raise ValidationError({name: [_("Use a date from %(first)s to %(last)s.") % words]}, code="invalid")
    return day


def latest_day() -> datetime.date:
    """The last day that `as_of` may name."""
    now = today()
    return datetime.date(now.year + MAX_YEARS_AHEAD, now.month, min(now.day, 28 if now.month == 2 else 31))


def requested_integer(request: Request, name: str, least: int, most: int, *, default: int) -> int:
    """The whole number in a query parameter; `default` without it. Raises ValidationError."""
    requested = request.query_params.get(name)
    if requested is None:
        return default
    if not (requested.isascii() and requested.isdigit() and len(requested) < 20 and least <= int(requested) <= most):
        words = {"least": least, "most": most}
        raise ValidationError({name: [_("Use a whole number from %(least)d to %(most)d.") % words]}, code="invalid")
    return int(requested)


def requested_as_of(request: Request) -> datetime.date:
    """The date in `as_of`, else today in Viet Nam. Raises ValidationError."""
    return requested_day(request, "as_of", default=today())


class DayFilter(django_filters.DateFilter):
    field_class = DayField


def true_or_false(value: str) -> bool:
    """The value of a parameter that is `true` or `false`. Raises Django's ValidationError for anything else."""
    if value not in ("true", "false"):
        raise BadValue(_("Write `true` or `false`."), code="invalid_choice")
    return value == "true"


class TrueOrFalseField(forms.Field):  # Django's own field takes many words, and any other for no value
    def clean(self, value: str | None) -> bool | None:
        return None if value is None else true_or_false(value)


class TrueOrFalseFilter(django_filters.BooleanFilter):
    field_class = TrueOrFalseField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput, **kwargs)


_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class MomentField(django_filters.fields.IsoDateTimeField):
    """An instant (RFC 3339): a time with its offset, for a day alone begins at another moment in each country.

    Years outside 1945 to 2200 are refused: PostgreSQL fails on some of them.
    """

    def clean(self, value: Any) -> datetime.datetime | None:
        if value and not _RFC_3339.fullmatch(value):
            raise BadValue(
                _("Write the time with its offset: 2026-01-01T00:00:00+07:00. In a URL, percent-encode the +."),
                "invalid",
            )
        moment: datetime.datetime | None = super().clean(value and value.upper())  # RFC 3339 has t and z too
        if moment is not None and not 1945 <= moment.year <= 2200:
            raise BadValue(_("Use a time from 1945 to 2200."), code="invalid")
        return moment


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField
