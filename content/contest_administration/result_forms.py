"""The forms of the pages about rounds, results and winners. The fields of a form are the arguments of its service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.contests import queries
from content.contests.models import Contest, Entry
from content.people.admin_mixins import reason_field
from content.people.form_fields import LinesField
from content.people.transition_pages import SeenForm, TransitionForm

AUDITED = _("Stored in the audit with your name.")
MAX_REASON_LENGTH = 2_000


class ReasonForm(TransitionForm):
    reason = reason_field(help_text=AUDITED)


class NoQuestionForm(TransitionForm):
    """Nothing is asked, but the person reads the page first."""


class VoidForm(TransitionForm):
    reason = reason_field(
        max_length=MAX_REASON_LENGTH, help_text=_("Public: contestants read why the question counts for nobody.")
    )


class SeenVoidForm(SeenForm):
    """Carries the proposal that the second person read."""

    fingerprint = staticmethod(queries.void_fingerprint)


class SeenIdentityForm(TransitionForm):
    """Carries what the person read of a winner, from the page that showed it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        if not self.cleaned_data.get("seen"):
            raise forms.ValidationError(_("Read who the winner is first, and verify it there."), code="required")


class SeenRoundForm(SeenForm):
    """Carries what the person read of a round and of the questions that it would draw from."""

    fingerprint = staticmethod(queries.round_fingerprint)


class SeenContestForm(SeenForm):
    """Carries what the person read of a contest."""

    fingerprint = staticmethod(queries.contest_fingerprint)


class ProposeResultsForm(SeenContestForm):
    winners = LinesField(
        label=_("Winners"), rows=8, help_text=_("One a line, in the order in which they are named: code | prize")
    )
    field_order = ["winners", "seen"]

    def clean_winners(self) -> list[tuple[str, str]]:
        pairs = [line.partition("|") for line in self.cleaned_data["winners"]]
        if not all(code.strip() and prize.strip() for code, _bar, prize in pairs):
            raise forms.ValidationError(_("Write each line as: code | prize"), code="winner_invalid")
        return [(code.strip().lower(), prize.strip()) for code, _bar, prize in pairs]


class DrawForm(TransitionForm):
    codes = LinesField(
        label=_("Codes in the order of the draw"),
        help_text=_("One a line, the best first: all contestants who share a rank."),
    )
    reason = reason_field(
        max_length=MAX_REASON_LENGTH,
        help_text=_("When, where and before whom the lots were drawn. Stored in the audit."),
    )

    def clean_codes(self) -> list[str]:
        return [code.lower() for code in self.cleaned_data["codes"]]


class DisqualifyForm(forms.Form):
    """The contestant of a contest, by code."""

    code = forms.CharField(label=_("Code of the contestant"), max_length=20)
    reason = reason_field(
        max_length=MAX_REASON_LENGTH, help_text=_("The contestant reads this and may object for 72 hours.")
    )

    def __init__(self, *args: Any, contest: Contest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contest = contest

    def clean_code(self) -> Entry:
        code = self.cleaned_data["code"].strip().lower().replace("\0", "")
        entry = Entry.objects.filter(contest=self.contest, code=code).select_related("contest").first()
        if entry is None:
            raise forms.ValidationError(_("No contestant of this contest has this code. Check it."), code="no_entry")
        return entry


class DecisionForm(TransitionForm):
    lift = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("", "—"), ("yes", _("Lift the disqualification")), ("no", _("The disqualification holds"))],
        coerce=lambda value: value == "yes",
    )
    reason = reason_field(max_length=MAX_REASON_LENGTH, help_text=_("The contestant reads this."))
