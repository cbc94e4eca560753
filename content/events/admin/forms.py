"""The forms of the pages about events. Times are those of Viet Nam."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.events import programme
from content.events.models import (
    PLACE_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Event,
    EventKind,
)
from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.people.admin_mixins import reason_field
from content.people.form_fields import MomentField
from content.people.transition_pages import TransitionForm
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic
from content.vietnam_time import VIETNAM_TIME, today


def _textarea(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _valid_today_or(chosen: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows valid today, and the current choice: correcting a title must not drop a former body."""
    return valid_on(rows, today()) | rows.filter(pk=chosen and chosen.pk)


class PlaceForm(forms.Form):
    """The place of the event, for drafts and moves."""

    province = forms.ModelChoiceField(Province.objects.none(), label=_("Province or city"), required=False)
    place = forms.CharField(label=_("Place"), max_length=PLACE_LENGTH, required=False)
    online_url = forms.URLField(label=_("Online address"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].queryset = _valid_today_or(self.initial.get("province"), Province.objects.all())  # type: ignore[attr-defined]


class DetailsForm(forms.Form):
    """All but time and place, for drafts and corrections."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind)
    title = forms.CharField(label=_("Title of the event"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Description of the event"), max_length=TEXT_LENGTH, required=False, widget=_textarea(6)
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label=_("Topics"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    audiences = forms.MultipleChoiceField(
        label=_("Audiences"), choices=Audience, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=ContentLanguage, required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=_("Seats"), required=False, help_text=_("Empty: everybody who registers gets a seat.")
    )
    registration_opens_at = MomentField(
        label=_("Registration opens"), required=False, help_text=_("Empty: no registration is needed.")
    )
    registration_closes_at = MomentField(label=_("Registration closes"), required=False)
    data_purpose = forms.CharField(
        label=_("Purpose of collecting names"),
        max_length=500,
        required=False,
        help_text=_("Empty: names are not collected. Readers see this text when they register and must consent to it."),
    )
    sessions = forms.CharField(
        label=_("Sessions"),
        required=False,
        widget=_textarea(),
        help_text=_("One line each: 08:00–09:30 | Title | Speaker (position); another speaker"),
    )
    speakers = forms.CharField(
        label=_("Speakers of the whole event"),
        required=False,
        widget=_textarea(2),
        help_text=_("One line each: Name | position"),
    )
    materials = forms.CharField(
        label=_("Materials"), required=False, widget=_textarea(2), help_text=_("One line each: Title | https://…")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.initial.get("organisation")
        self.fields["organisation"].queryset = _valid_today_or(chosen, Organisation.objects.all())  # type: ignore[attr-defined]

    def columns(self, day: datetime.date) -> dict[str, Any]:
        """Keyword arguments of the services. `day` is that of sessions whose line has none. Raises RuleBroken."""
        columns = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        columns["sessions"] = programme.parse_sessions(columns["sessions"], day)
        columns["speakers"] = programme.parse_pairs(columns["speakers"], "speakers")
        columns["materials"] = programme.parse_pairs(columns["materials"], "materials")
        return columns


class DraftForm(PlaceForm, DetailsForm):
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    field_order = [
        "kind", "title", "text", "starts_at", "ends_at", "province", "place", "online_url", "organisation", "topics",
    ]  # fmt: skip


class EventTransitionForm(TransitionForm):
    """A form filled with the event as it is."""

    def __init__(self, *args: Any, row: Event, **kwargs: Any) -> None:
        initial = initial_from_event(row) | {"registration_closes_at": None}  # empty: it moves with the event
        super().__init__(*args, row=row, initial=initial, **kwargs)


class CancelForm(EventTransitionForm):
    reason = reason_field(help_text=_("Public: everybody who reads the event reads this."))


class CorrectionForm(DetailsForm):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class AnnounceForm(EventTransitionForm):
    """The transition asks nothing; the page shows a preview and asks for confirmation."""


class MoveForm(PlaceForm, EventTransitionForm):
    reason = reason_field(help_text=_("Public: everybody who reads the event reads this."))
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    registration_closes_at = MomentField(
        label=_("Registration closes"), required=False, help_text=_("Empty: moved by as much as the start.")
    )
    field_order = ["starts_at", "ends_at", "province", "place", "online_url", "registration_closes_at", "reason"]


class RecordingForm(EventTransitionForm):
    url = forms.URLField(label=_("Address of the recording"), max_length=500, assume_scheme="https")


class CheckInForm(forms.Form):
    code = forms.CharField(
        label=_("Check-in code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


def initial_from_event(event: Event) -> dict[str, Any]:
    """Initial values of the forms for an existing event."""
    columns = [
        "kind", "title", "text", "starts_at", "ends_at", "province", "place", "online_url", "organisation", "audiences",
        "languages", "capacity", "registration_opens_at", "registration_closes_at", "data_purpose",
    ]  # fmt: skip
    return {name: getattr(event, name) for name in columns} | {
        "topics": event.topics.all(),
        "sessions": programme.session_lines(event.sessions.prefetch_related("speakers")),
        "speakers": programme.pair_lines(event.speakers.filter(session=None).values_list("name", "about")),
        "materials": programme.pair_lines(event.materials.values_list("title", "url")),
    }


def local_day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment, VIETNAM_TIME).date()
