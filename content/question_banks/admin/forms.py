"""The forms of question banks and quiz questions. The fields of a form are the arguments of its service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.organisations.models import Organisation
from content.organisations.queries import valid_on
from content.people.admin_mixins import reason_field
from content.people.form_fields import LinesField
from content.people.stale_forms import KEPT_WITH_TEXT
from content.people.transition_pages import SeenForm, TransitionForm
from content.question_banks import queries
from content.question_banks.models import LETTERS, NAME_LENGTH, TEXT_LENGTH, QuestionBank, QuizKind, QuizQuestion
from content.topics.models import Topic
from content.vietnam_time import today


class BankForm(forms.Form):
    """A new bank."""

    name = forms.CharField(label=_("Name of the bank"), max_length=NAME_LENGTH)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = valid_on(Organisation.objects.all(), today())  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """A quiz question. The provisions that it cites are ticks beside the form."""

    kind = forms.ChoiceField(label=_("Kind of question"), choices=QuizKind)
    text = forms.CharField(
        label=_("Text of the question"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    choices = LinesField(
        label=_("Choices"), help_text=_("One a line, two to eight. Of a true or false question they may be left out.")
    )
    right = forms.TypedChoiceField(
        label=_("Right choice"),
        choices=[("", "—"), *((place, letter) for place, letter in enumerate(LETTERS, 1))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("A is the first line, B the second."),
    )
    keeps_order = forms.BooleanField(
        label=_("Choices keep their order"),
        required=False,
        help_text=_("Tick this if a choice speaks of others, for example «cả A và B». Otherwise papers shuffle them."),
    )
    accepted = LinesField(
        label=_("Accepted answers"), rows=2, help_text=_("Only of a question to fill in: one a line.")
    )
    accents_count = forms.BooleanField(
        label=_("Accents count"),
        required=False,
        help_text=_("Only of a question to fill in: «thue» is then another answer than «thuế»."),
    )
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"), required=False)
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Contestants read it once they may see the right answers."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs=KEPT_WITH_TEXT))


class NewQuestionForm(QuestionForm):
    bank = forms.ModelChoiceField(QuestionBank.objects.all(), label=_("Question bank"))
    field_order = ["bank"]


class WithdrawForm(TransitionForm):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class QuestionSeenForm(SeenForm):
    fingerprint = staticmethod(queries.question_fingerprint)


def initial_from_question(question: QuizQuestion) -> dict[str, Any]:
    """Initial values of the form for a question that is there."""
    columns = [
        "kind", "text", "choices", "right", "keeps_order", "accepted", "accents_count", "topic", "explanation",
    ]  # fmt: skip
    values = {name: getattr(question, name) for name in columns}
    return values | {"seen": queries.question_fingerprint(question)}


def citations_of(question: QuizQuestion) -> list[str]:
    """The ticks of the picker for what a question cites."""
    cited = question.basis.citations.order_by("pk").values_list("document_key", "eid")
    return [f"{key}/{eid}" for key, eid in cited]
