"""Query parameters: nothing is ignored in silence."""

import datetime
import re

import django_filters
from django import forms
from django.core.exceptions import ValidationError as BadValue
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from api.languages import activate_requested_language
from content.vietnam_time import today


class KnownParametersOnly:
    """A view that answers 400 to a query parameter it does not know, and names those it does."""

    own_parameters = ()  # beyond filters and pages

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not hasattr(self, request.method.lower()):
            return  # 405 comes first: no parameter makes that method right
        known = self.known_parameters()
        for name, values in request.query_params.lists():
            if name not in known:
                message = _("There is no such parameter here. Known: %s.") % ", ".join(sorted(known))
                raise ValidationError({name: [message]}, code="unknown_parameter")
            if not all(values):
                raise ValidationError({name: [_("Nothing stands behind it; leave it out.")]}, code="blank")
            if len(values) > 1 and not self.may_repeat(name):
                raise ValidationError({name: [_("Once only.")]}, code="repeated")
        activate_requested_language(request)

    def known_parameters(self):
        known = {"lang", *self.own_parameters}
        if getattr(self, "action", "list") == "list":
            known |= set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))
            known |= set(getattr(getattr(self, "paginator", None), "parameters", ()))
        return known

    def may_repeat(self, name):
        """Only a filter that takes several values may be there more than once; of others one would be ignored."""
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        return isinstance(filters.get(name), django_filters.MultipleChoiceFilter)


class DayField(forms.Field):
    """A day written YYYY-MM-DD and no other way. `absent`: called for the day when none is given; "" is not none."""

    def __init__(self, *, absent=lambda: None, **kwargs):
        super().__init__(**kwargs)
        self.absent = absent

    def clean(self, value):
        if value is None:
            return self.absent()
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return datetime.date.fromisoformat(value)
        except ValueError:  # the 30th of February
            pass
        raise BadValue(_("A day, written YYYY-MM-DD."), code="invalid")


EARLIEST_DAY = datetime.date(1945, 1, 1)
MAX_YEARS_AHEAD = 10


def requested_day(request, name, *, default):
    """The day a query parameter gives, from 1945 to ten years ahead; `default` without it. Raises ValidationError."""
    try:
        day = DayField(absent=lambda: default).clean(request.query_params.get(name))
    except BadValue as error:
        raise ValidationError({name: error.messages}, code="invalid") from None
    now = today()
    last = datetime.date(now.year + MAX_YEARS_AHEAD, now.month, min(now.day, 28 if now.month == 2 else 31))
    if not EARLIEST_DAY <= day <= last:
        words = {"first": EARLIEST_DAY, "last": last}
        raise ValidationError({name: [_("A day from %(first)s to %(last)s.") % words]}, code="invalid")
    return day


def requested_integer(request, name, least, most, *, default):
    """The whole number a query parameter gives; `default` without it. Raises ValidationError."""
    asked = request.query_params.get(name)
    if asked is None:
        return default
    if not (asked.isascii() and asked.isdigit() and len(asked) < 20 and least <= int(asked) <= most):
        words = {"least": least, "most": most}
        raise ValidationError({name: [_("A whole number from %(least)d to %(most)d.") % words]}, code="invalid")
    return int(asked)


def requested_as_of(request):
    """The day a read is about: `as_of`, else today in Viet Nam. Raises ValidationError."""
    return requested_day(request, "as_of", default=today())


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class MomentField(django_filters.fields.IsoDateTimeField):
    """An instant, RFC 3339. Years that no row can have are refused: PostgreSQL would fail on some of them."""

    def clean(self, value):
        moment = super().clean(value)
        if moment is not None and not 1945 <= moment.year <= 2200:
            raise BadValue(_("A moment from 1945 to 2200."), code="invalid")
        return moment


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField
