"""The forms of the pages about questions. The fields of a form are the arguments of its service."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from content import vietnam_time
from content.organisations import queries as organisations
from content.organisations.models import Organisation, Province
from content.people.admin_mixins import reason_field
from content.people.models import User
from content.people.stale_forms import KEPT_WITH_TEXT
from content.people.transition_pages import TransitionForm
from content.qa import queries
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Answer, Question
from content.topics.models import Topic

MAX_REASON_LENGTH = 2_000


class ReasonForm(TransitionForm):
    reason = reason_field(max_length=MAX_REASON_LENGTH)


class ApproveForm(TransitionForm):
    reason = reason_field(required=False, max_length=MAX_REASON_LENGTH)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = queries.review_fingerprint(self.row)


class AssignForm(TransitionForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Assign to"))
    reason = reason_field(required=False, max_length=MAX_REASON_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = queries.answerers()  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = _label_with_open_count  # type: ignore[attr-defined]


class ClassifyForm(TransitionForm):
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"), required=False)
    province = forms.ModelChoiceField(Province.objects.none(), label=_("Province"), required=False)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, QuerySet[Any]] = {
            "province": Province.objects.order_by("short_name"),
            "organisation": Organisation.objects.all(),
        }
        for name, rows in choices.items():  # those of today, and the one it is classified under already
            now = organisations.valid_on(rows, vietnam_time.today())
            self.fields[name].queryset = now | rows.filter(pk=getattr(self.row, f"{name}_id"))  # type: ignore[attr-defined]
        for name in self.fields:
            self.fields[name].initial = getattr(self.row, f"{name}_id")


class RedirectForm(TransitionForm):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Competent body"))
    reason = reason_field(max_length=MAX_REASON_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations.valid_on(Organisation.objects.all(), vietnam_time.today())  # type: ignore[attr-defined]


class MergeForm(TransitionForm):
    into = forms.CharField(label=_("Key of the other question"), max_length=20, help_text=_("«hoi-…»"))
    reason = reason_field(required=False, max_length=MAX_REASON_LENGTH)

    def clean_into(self) -> Question:
        other = Question.objects.filter(key=self.cleaned_data["into"].strip().lower().replace("\0", "")).first()
        if other is None:
            raise forms.ValidationError(_("No question has this key. Check the key."))
        return other


class RedactForm(forms.Form):
    """The public copy."""

    title = forms.CharField(label=_("Title of the question"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Text of the question"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 12})
    )


class AnswerForm(forms.Form):
    """The draft of an answer. The provisions it cites are ticks beside the form."""

    text = forms.CharField(
        label=_("Answer"),
        required=False,
        strip=False,
        max_length=Answer.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs=KEPT_WITH_TEXT))


class ConfirmForm(forms.Form):
    reason = forms.CharField(
        label=_("Result of your review"),
        required=False,
        max_length=MAX_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


def _label_with_open_count(user: Any) -> str:
    return _("%(who)s (%(count)d open)") % {"who": user.get_full_name() or user.username, "count": user.open_count}
