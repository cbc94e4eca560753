"""The forms of the staff pages of other installations."""

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from content.copying.objects import OBJECTS
from content.organisations.queries import unknown_keys
from content.people.admin_mixins import reason_field


class AddForm(forms.Form):
    url = forms.CharField(
        label=_("Address"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As https://phapluat.example.gov.vn. Only its name and its keys are read now, no laws."),
    )  # fmt: skip


class ReasonOnlyForm(forms.Form):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class ConfirmForm(forms.Form):
    fingerprint = forms.CharField(
        label=_("Fingerprint"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Call the other office on a number that you know, and type what you hear. They find it at their own staff "
            "site, on the page of other installations. Capital and small letters differ; blanks do not count."
        ),
    )  # fmt: skip


def _names_of_objects() -> list[tuple[str, str]]:
    return [(name, str(capfirst(kind.model._meta.verbose_name))) for name, kind in OBJECTS.items()]


class WishesForm(forms.Form):
    """What is wanted of an installation, and whom it speaks for."""

    objects_wanted = forms.MultipleChoiceField(
        label=_("Objects wanted"), choices=_names_of_objects,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Copies that are here stay, and follow their home. What is ticked later comes with its next export."
        ),
        error_messages={"required": _("Tick at least one. To read nothing, pause the installation.")},
    )  # fmt: skip
    scope = forms.CharField(
        label=_("Speaks for"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Keys of bodies and provinces, one a line, such as quoc-hoi. They are listed at /api/v1/organisations and "
            "/api/v1/provinces. What speaks for others too waits as a conflict. Empty: all."
        ),
    )  # fmt: skip
    notifies = forms.BooleanField(label=_("Tell our followers of its news"), required=False)
    relays = forms.BooleanField(label=_("Also take copies that it has of others"), required=False)

    def clean_objects_wanted(self) -> list[str]:
        """The empty list means all, also what a later release of ours copies."""
        wanted: list[str] = self.cleaned_data["objects_wanted"]
        return [] if set(wanted) == set(OBJECTS) else wanted

    def clean_scope(self) -> list[str]:
        """A key that is unknown here would make a conflict of all that comes: it is named, and nothing is stored."""
        words: str = self.cleaned_data["scope"]
        keys = list(dict.fromkeys(filter(None, (line.strip() for line in words.splitlines()))))
        if unknown := unknown_keys(keys):
            message = _("No body and no province here has the key %(keys)s. Look it up in the API: %(addresses)s.")
            addresses = " ".join(f"{settings.PUBLIC_URL}/api/v1/{name}" for name in ("organisations", "provinces"))
            raise forms.ValidationError(
                message, params={"keys": ", ".join(f"«{key}»" for key in unknown), "addresses": addresses}
            )
        return keys


class DecisionForm(forms.Form):
    reason = reason_field(help_text=_("Stored in the audit with your name."))
