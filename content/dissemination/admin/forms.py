"""The forms of the pages about outlets and placements. The fields of a form are the arguments of its service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.dissemination import queries, subjects
from content.dissemination.choices import DisseminationForm, OutletKind, PlacementStatus, SubjectType
from content.dissemination.models import NAME_LENGTH, TEXT_LENGTH, URL_LENGTH, Outlet
from content.errors import RuleBroken
from content.organisations.models import Organisation
from content.people.form_fields import MomentField, vietnamese_date_field


class OutletForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("Organisation"))
    kind = forms.ChoiceField(label=_("Kind of outlet"), choices=OutletKind)
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    address = forms.CharField(label=_("Address or place"), max_length=URL_LENGTH, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class KitForm(forms.Form):
    """Which object for which outlet: the page then shows the kit."""

    subject = forms.CharField(
        label=_("What"), max_length=500, help_text=_("The key, or the address of the page: /van-ban/…, /tai-lieu/tl-…")
    )
    outlet = forms.ModelChoiceField(Outlet.objects.filter(is_active=True), label=_("Outlet"))

    def named(self) -> tuple[SubjectType, str, str]:
        """(type, key, eid) of what was typed. Raises RuleBroken("subject_not_public")."""
        named = subjects.parse_name(self.cleaned_data["subject"])
        if named is None:
            message = _("Nothing public has this key. Copy the key or the address of its page.")
            raise RuleBroken("subject_not_public", str(message), field="subject")
        return named


class PlaceForm(KitForm):
    form = forms.ChoiceField(label=_("Form (Law 14/2012, Article 11)"), choices=DisseminationForm)
    wave = forms.IntegerField(
        label=_("Wave"), min_value=1, max_value=99, initial=1, help_text=_("2 or more to place it again on purpose.")
    )
    text = forms.CharField(label=_("Words to post"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 8}))


class OutcomeForm(forms.Form):
    """What became of a placement, as a person says."""

    status = forms.ChoiceField(
        label=_("What became of it"),
        choices=[(PlacementStatus.PLACED, _("It is there")), (PlacementStatus.FAILED, _("It is not there"))],
    )
    url = forms.URLField(label=_("Where it was posted"), max_length=URL_LENGTH, required=False, assume_scheme="https")

    placed_at = MomentField(label=_("Posted at"), required=False, help_text=_("Empty: now."))

    def arguments(self) -> dict[str, Any]:
        named = {name: self.cleaned_data[name] for name in ("url", "placed_at")}
        return named | {"is_placed": self.cleaned_data["status"] == PlacementStatus.PLACED}


class CountForm(forms.Form):
    day = vietnamese_date_field(_("Day"))
    source = forms.CharField(label=_("Who says so"), max_length=NAME_LENGTH)
    reach = forms.IntegerField(label=_("People reached"), required=False)
    views = forms.IntegerField(label=_("Views"), required=False)
    copies = forms.IntegerField(label=_("Copies given out"), required=False)
    attendees = forms.IntegerField(label=_("Attendees"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].required = True


def initial_from_outlet(outlet: Outlet) -> dict[str, Any]:
    """Initial values of the form for an outlet that is there."""
    return {name: getattr(outlet, name) for name in ("organisation", "kind", "name", "address", "is_active")}


CSV_COLUMNS = ("placed_at", "title", "subject_key", "eid", "form", "outlet", "organisation", "url", *queries.COUNTED)
