"""Forms of the amendment pages."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.documents import queries as documents
from content.documents.form_fields import vietnamese_date_field
from content.documents.models import LegalDocument
from content.errors import RuleBroken

MAX_REASON_LENGTH = 1000  # characters of a reason or a conclusion


class ActChoiceForm(forms.Form):
    """The amending act, and the day from which instructions without a day of their own apply."""

    act = forms.CharField(
        label=_lazy("Key or number of the amending act"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    on = vietnamese_date_field(_lazy("Applies from"), _lazy("Leave empty for the act's own first day in effect."))

    def clean_act(self) -> LegalDocument:
        given = self.cleaned_data["act"].replace("\0", "").strip()
        public = documents.public_documents()
        found = list(public.filter(key=given)[:1]) or list(documents.documents_with_number(public, given)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("No public document has this key or number, or several have it. Enter the key of one.")
            )
        act: LegalDocument = found[0]
        return act


def posted_text(request: HttpRequest, name: str) -> str:
    """The text posted in a field. Raises RuleBroken("too_long")."""
    text = request.POST.get(name, "").replace("\0", "").strip()
    if len(text) > MAX_REASON_LENGTH:
        raise RuleBroken("too_long", _("Enter at most %d characters.") % MAX_REASON_LENGTH, field=name)
    return text
