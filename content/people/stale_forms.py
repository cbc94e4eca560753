"""Forms of a text that another person may save meanwhile.

Such a form carries the version that it was filled with (`seen`). The service refuses an older one with
"changed_meanwhile". The page then shows what is saved beside what was typed, and carries the present version: who
saves again has seen both. The script of the staff site keeps the version with the text (kept_text.js): a text that
comes back over a newer one is refused too.
"""

import copy
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

KEPT_WITH_TEXT = {"data-kept": "with-text"}
READ_ONLY_WIDGETS = (forms.Textarea, forms.TextInput)  # their text can be marked and copied; others are disabled


def is_stale(form: forms.BaseForm) -> bool:
    """Whether the service refused the form because the text changed since it was opened."""
    return form.is_bound and form.has_error(NON_FIELD_ERRORS, "changed_meanwhile")


def saved_beside(form: forms.BaseForm, saved: Mapping[str, Any]) -> list[forms.BoundField]:
    """What is saved now of the fields in which something else was typed, as fields that cannot be edited.

    `saved`: {name of a field: value}, as for `initial`.
    """
    fields = {name: field for name, field in form.fields.items() if name in saved}
    differing = [name for name, field in fields.items() if _differs(field, saved[name], form[name].value())]
    beside = forms.Form(prefix="saved", initial=dict(saved))
    beside.fields = {name: _read_only(fields[name]) for name in differing}
    return list(beside)


def _differs(field: forms.Field, saved: Any, typed: Any) -> bool:
    """Whether the typed value means another than the saved one. Browsers end lines otherwise than we do."""
    if isinstance(saved, str):
        return _lines(saved) != _lines(str(typed or ""))
    return bool(field.has_changed(saved, field.prepare_value(typed)))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _read_only(field: forms.Field) -> forms.Field:
    shown = copy.deepcopy(field)
    shown.required = False
    shown.help_text = ""
    shown.widget.attrs["readonly" if isinstance(shown.widget, READ_ONLY_WIDGETS) else "disabled"] = True
    return shown
