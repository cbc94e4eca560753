"""The forms of the pages on which staff make a transition of a document."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.editing.admin.forms import TransitionForm as CorrectionForm
from content.people.admin_mixins import TransitionForm, reason_field

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


class PublishForm(ReviewForm):
    notify = forms.BooleanField(label=_("Tell the followers on their phones"), required=False, initial=True)


class WithdrawForm(ReviewForm):
    reason = reason_field(
        max_length=MAX_REASON_LENGTH,
        help_text=_("Public: everybody who opens the address of the document reads this."),
    )
    notify = forms.BooleanField(label=_("Tell the followers on their phones"), required=False)
