"""The warnings about a text as `_warnings.html` and `_heavy.html` show them: heavy ones apart, each with its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from content.documents.records import RecordWarning
from content.editing.preview import Preview
from content.publishing.heavy_notices import HeavyNotice


@dataclass(frozen=True)
class LinedNotice:
    """A heavy notice with the line it is about, 0 for one about the whole text. `id`: as the services take it."""

    id: str
    message: str
    line: int


class AcceptanceField(forms.MultipleChoiceField):
    """One tick for each heavy notice, and all of them are needed."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, notices: Iterable[HeavyNotice]) -> None:
        self.wanted = {notice.id: notice.message for notice in notices}
        super().__init__(choices=list(self.wanted.items()), required=False)

    def refuse_unless_all(self, ticked: Iterable[str]) -> None:
        """Raises ValidationError if one of them is not ticked."""
        if self.wanted.keys() - set(ticked):
            raise forms.ValidationError(_("Tick each heavy fault that you accept, or correct the text first."))


def lined_notices(notices: Iterable[HeavyNotice], text: str) -> list[LinedNotice]:
    """The notices with lines of `text`, which their offsets count."""
    return [
        LinedNotice(each.id, each.message, text.count("\n", 0, each.start) + 1 if each.start else 0) for each in notices
    ]


def shown_warnings(
    shown: Preview,
    notes: Iterable[RecordWarning | Mapping[str, Any]],
    odd_dates: list[dict[str, Any]],
    heavy: Iterable[HeavyNotice],
    text: str,
) -> dict[str, Any]:
    """The template context of all warnings about a text: what the parser says (`shown`), its source, and its dates."""
    stopping = list(heavy)
    codes = {notice.code for notice in stopping}
    pairs = [
        (each.code, each.message) if isinstance(each, RecordWarning) else (each["code"], each["message"])
        for each in notes
    ]
    return {
        "preview": shown,
        "odd_dates": odd_dates,
        "heavy": lined_notices(stopping, text),
        "other_warnings": [{"code": code, "message": message} for code, message in pairs if code not in codes],
        "text_warnings": [warning for warning in shown.warnings if warning.code not in codes],
    }
