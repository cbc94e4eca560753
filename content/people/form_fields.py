"""Form fields that several packages of the staff site share."""

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = str

DATE_FORMAT = "%d/%m/%Y"
MOMENT_FORMAT = "%H:%M %d/%m/%Y"
FIRST_YEAR, LAST_YEAR = 1945, 2200


def vietnamese_date_field(label: StrOrPromise, help_text: StrOrPromise = "") -> forms.DateField:
    """An optional day, typed as Vietnamese write it: 31/12/2025. Not the browser's date picker.

    A picker follows the language of the browser: to some of them 07/05 is July.
    """
    widget = forms.DateInput(format=DATE_FORMAT, attrs={"placeholder": _("dd/mm/yyyy"), "autocomplete": "off"})
    return forms.DateField(
        label=label,
        required=False,
        widget=widget,
        input_formats=[DATE_FORMAT, "%Y-%m-%d"],
        help_text=help_text,
        validators=[_validate_plausible_year],
    )


def _validate_plausible_year(day: datetime.date) -> None:
    """Refuse slips. No law in force is older, none is enacted so far ahead; less unlikely days get a warning."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("A day from 1945 to %d.") % LAST_YEAR, code="date_out_of_range")


class LinesField(forms.CharField):
    """A list of texts, one a line. Empty lines are left out."""

    def __init__(self, **kwargs: Any) -> None:
        rows = kwargs.pop("rows", 4)
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [*(initial or [])] != self.clean(data or "")


class MomentField(forms.DateTimeField):
    """A moment typed as 08:00 31/12/2026. The browser's own field would show the month first in English."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"placeholder": "08:00 31/12/2026", "class": "moment"}, format=MOMENT_FORMAT)
        wrong = {"invalid": _("Write the time, then day, month and year, for example 08:00 31/12/2026.")}
        super().__init__(widget=widget, input_formats=[MOMENT_FORMAT], error_messages=wrong, **kwargs)
