"""Lists of values in requests: who sends another one is told the values."""

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


class FilterBackend(DjangoFilterBackend):
    """django-filter's backend, whose messages name the values of a list. Keys of objects are no list: too many."""

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> FilterSet | None:
        filterset = super().get_filterset(request, queryset, view)
        for field in filterset.form.fields.values() if filterset else ():
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                choices: Any = field.choices  # pairs, once the form is made
                named = values_message(value for value, _label in choices)
                field.error_messages["invalid_choice"] = named.replace("%", "%%")  # Django fills in `%(value)s`
        return filterset
