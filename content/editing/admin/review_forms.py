"""The forms of the pages on which staff make a transition of a document."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from content.editing.admin.forms import TransitionForm as CorrectionForm
from content.editing.admin.warnings import AcceptanceField
from content.people.admin_mixins import reason_field
from content.people.transition_pages import TransitionForm
from content.publishing.heavy_notices import heavy_notices

MAX_REASON_LENGTH = 2000


class ReviewForm(TransitionForm):
    """Which version was read, and an optional reason."""

    reason = reason_field(required=False, max_length=MAX_REASON_LENGTH)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    clean_seen = CorrectionForm.clean_seen

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.row.updated_at.isoformat()


class ReturnForm(ReviewForm):
    reason = reason_field(max_length=MAX_REASON_LENGTH)


class AcceptanceForm(ReviewForm):
    """Asks for one tick for each heavy notice of the document; who ticks gives a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if heavy := heavy_notices(self.row):
            self.fields["accepted"] = AcceptanceField(heavy)
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("Say why it may go out with these faults.")

    def clean_accepted(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["accepted"]
        cast(AcceptanceField, self.fields["accepted"]).refuse_unless_all(ticked)
        return ticked


class PublishForm(AcceptanceForm):
    notify = forms.BooleanField(label=_("Tell the followers on their phones"), required=False, initial=True)


class WithdrawForm(ReviewForm):
    reason = reason_field(
        max_length=MAX_REASON_LENGTH,
        help_text=_("Public: everybody who opens the address of the document reads this."),
    )
    notify = forms.BooleanField(label=_("Tell the followers on their phones"), required=False)
