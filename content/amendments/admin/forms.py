"""Forms of the amendment pages."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.documents import queries as documents
from content.documents.models import LegalDocument
from content.people.form_fields import vietnamese_date_field


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
