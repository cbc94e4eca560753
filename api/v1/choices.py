"""Lists of values in requests: who sends another one is told the values."""

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from django import forms
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.serializers import ChoiceField as _Field  # the class that the mixin extends
else:
    _Field = object


def values_message(values: Iterable[Any]) -> str:
    """What to send instead of a value that is none of these."""
    return _("Use one of: %s.") % ", ".join(str(value) for value in values if value != "")


class _NamesItsValues(_Field):
    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        if key == "invalid_choice":
            raise ValidationError(values_message(self.choices), code=key)
        super().fail(key, **kwargs)
        raise AssertionError("unreachable: `fail` always raises")


class NamedChoiceField(_NamesItsValues, serializers.ChoiceField):
    """DRF's field, whose own message only repeats the wrong value."""


class NamedMultipleChoiceField(_NamesItsValues, serializers.MultipleChoiceField):
    """The same for a parameter that may be repeated."""


@functools.lru_cache(maxsize=200)
def _narrowed(whole: type[FilterSet], names: tuple[str, ...]) -> type[FilterSet] | None:
    """The filter set with these filters only; None without any."""
    if not names:
        return None
    narrowed: Any = type(whole.__name__, (whole,), {})
    narrowed.base_filters = {name: whole.base_filters[name] for name in names}
    return narrowed


class FilterBackend(DjangoFilterBackend):
    """django-filter's backend, whose messages name the values of a list. Keys of objects are no list: too many.

    A filter that the request does not name narrows nothing, unless it has a default. Only the others are made: a list
    without filters took a third of its time to make fifteen fields of a form.
    """

    def get_filterset_class(self, view: Any, queryset: Any = None) -> type[FilterSet] | None:
        whole = super().get_filterset_class(view, queryset)
        is_plain = whole is not None and whole.filter_queryset is FilterSet.filter_queryset
        if whole is None or not is_plain or getattr(view, "swagger_fake_view", False):
            return whole
        asked = view.request.query_params
        return _narrowed(whole, tuple(name for name, each in whole.base_filters.items() if name in asked
                                      or "default" in each.extra))  # fmt: skip

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> FilterSet | None:
        filterset = super().get_filterset(request, queryset, view)
        for field in filterset.form.fields.values() if filterset else ():
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                choices: Any = field.choices  # pairs, once the form is made
                named = values_message(value for value, _label in choices)
                field.error_messages["invalid_choice"] = named.replace("%", "%%")  # Django fills in `%(value)s`
        return filterset
