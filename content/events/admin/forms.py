"""What staff fill in about events. Times are those of Viet Nam."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.events import programme
from content.events.models import PLACE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, EventAudience, EventKind, EventLanguage
from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.topics.models import Topic
from content.vietnam_time import VIETNAM_TIME, today

MOMENT_FORMAT = "%H:%M %d/%m/%Y"


class MomentField(forms.DateTimeField):
    """Typed as it is shown everywhere: a browser's own field shows the month first where the browser is English."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"placeholder": "08:00 31/12/2026", "class": "moment"}, format=MOMENT_FORMAT)
        wrong = {"invalid": _("As 08:00 31/12/2026: the time, then day, month and year.")}
        super().__init__(widget=widget, input_formats=[MOMENT_FORMAT], error_messages=wrong, **kwargs)


def _textarea(rows=4):
    return forms.Textarea(attrs={"rows": rows})


def _valid_today_or(chosen, rows):
    """Those of today, and the one that stands there: a correction of the title must not take a former body out."""
    return valid_on(rows, today()) | rows.filter(pk=chosen and chosen.pk)


class PlaceForm(forms.Form):
    """Where it is: shared by drafts and moves."""

    province = forms.ModelChoiceField(Province.objects.none(), label=_("Province or city"), required=False)
    place = forms.CharField(label=_("Place"), max_length=PLACE_LENGTH, required=False)
    online_url = forms.URLField(label=_("Online address"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["province"].queryset = _valid_today_or(self.initial.get("province"), Province.objects.all())


class DetailsForm(forms.Form):
    """What a draft and a correction have in common: all but time and place."""

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
        label=_("Audiences"), choices=EventAudience, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=EventLanguage, required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=_("Seats"), required=False, help_text=_("Empty: a seat for everybody who registers.")
    )
    registration_opens_at = MomentField(
        label=_("Registration opens"), required=False, help_text=_("Empty: nobody needs to register.")
    )
    registration_closes_at = MomentField(label=_("Registration closes"), required=False)
    data_purpose = forms.CharField(
        label=_("What names are needed for"),
        max_length=500,
        required=False,
        help_text=_("Empty: no names are taken. Whoever registers reads this and must consent."),
    )
    sessions = forms.CharField(
        label=_("Sessions"),
        required=False,
        widget=_textarea(),
        help_text=_("A line each: 08:00–09:30 | Title | Speaker (who they are); another speaker"),
    )
    speakers = forms.CharField(
        label=_("Speakers of the whole event"),
        required=False,
        widget=_textarea(2),
        help_text=_("A line each: Name | who they are"),
    )
    materials = forms.CharField(
        label=_("Materials"), required=False, widget=_textarea(2), help_text=_("A line each: Title | https://…")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = _valid_today_or(
            self.initial.get("organisation"), Organisation.objects.all()
        )

    def columns(self, day):
        """What the services take. `day`: of sessions whose line has none. Raises RuleBroken."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        given["sessions"] = programme.parse_sessions(given["sessions"], day)
        given["speakers"] = programme.parse_pairs(given["speakers"], "speakers")
        given["materials"] = programme.parse_pairs(given["materials"], "materials")
        return given


class DraftForm(PlaceForm, DetailsForm):
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    field_order = [
        "kind", "title", "text", "starts_at", "ends_at", "province", "place", "online_url", "organisation", "topics",
    ]  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=_textarea(3), help_text=_("Everybody who reads the event reads it.")
    )


class CorrectionForm(DetailsForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, help_text=_("Kept in the audit with your name."), widget=_textarea(2)
    )


class AnnounceForm(forms.Form):
    """Nothing to fill in: there is only to look and to confirm."""


class MoveForm(PlaceForm, ReasonForm):
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    registration_closes_at = MomentField(
        label=_("Registration closes"), required=False, help_text=_("Empty: moved by as much as the beginning.")
    )
    field_order = ["starts_at", "ends_at", "province", "place", "online_url", "registration_closes_at", "reason"]


class RecordingForm(forms.Form):
    url = forms.URLField(label=_("Address of the recording"), max_length=500, assume_scheme="https")


class CheckInForm(forms.Form):
    code = forms.CharField(
        label=_("Code for the door"),
        max_length=40,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


def initial_from_event(event):
    """What the forms show of an event that is there already."""
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


def local_day(moment):
    return timezone.localtime(moment, VIETNAM_TIME).date()
