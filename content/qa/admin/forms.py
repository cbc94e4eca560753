"""What staff fill in about questions. What a form holds is what its verb takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from content import vietnam_time
from content.organisations import queries as organisations
from content.organisations.models import Organisation, Province
from content.people.models import User
from content.qa import queries
from content.qa.models import TEXT_LENGTH, TITLE_LENGTH, Answer, Question
from content.topics.models import Topic

MAX_REASON_LENGTH = 2_000


def _reason_field(*, required):
    return forms.CharField(
        label=_("Reason"), required=required, max_length=MAX_REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class TransitionForm(forms.Form):
    """Any act on a question."""

    def __init__(self, *args, question, **kwargs):
        super().__init__(*args, **kwargs)
        self.question = question

    def arguments(self):
        return self.cleaned_data


class NoInputForm(TransitionForm):
    """Nothing is asked."""


class ReasonForm(TransitionForm):
    reason = _reason_field(required=True)


class ApproveForm(TransitionForm):
    reason = _reason_field(required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = queries.review_fingerprint(self.question)


class AssignForm(TransitionForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("To whom"))
    reason = _reason_field(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = queries.answerers()
        self.fields["to"].label_from_instance = _label_with_open_count


class ClassifyForm(TransitionForm):
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"), required=False)
    province = forms.ModelChoiceField(Province.objects.none(), label=_("Province"), required=False)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        standing = {"province": Province.objects.order_by("short_name"), "organisation": Organisation.objects.all()}
        for name, rows in standing.items():  # of today, and what it is filed under already
            now = organisations.valid_on(rows, vietnam_time.today())
            self.fields[name].queryset = now | rows.filter(pk=getattr(self.question, f"{name}_id"))
        for name in self.fields:
            self.fields[name].initial = getattr(self.question, f"{name}_id")


class RedirectForm(TransitionForm):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Whose business it is"))
    reason = _reason_field(required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations.valid_on(Organisation.objects.all(), vietnam_time.today())


class MergeForm(TransitionForm):
    into = forms.CharField(label=_("Key of the other question"), max_length=20, help_text=_("«hoi-…»"))
    reason = _reason_field(required=False)

    def clean_into(self):
        other = Question.objects.filter(key=self.cleaned_data["into"].strip().lower().replace("\0", "")).first()
        if other is None:
            raise forms.ValidationError(_("There is no question of that key."))
        return other


class RedactForm(forms.Form):
    """The copy the public reads."""

    title = forms.CharField(label=_("Title of the question"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Text of the question"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 12})
    )


class AnswerForm(forms.Form):
    """The draft, and what is looked up for it. What it cites are ticks beside it."""

    text = forms.CharField(
        label=_("Answer"),
        required=False,
        strip=False,
        max_length=Answer.MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 16}),
    )


class ConfirmForm(forms.Form):
    reason = forms.CharField(
        label=_("What you found"),
        required=False,
        max_length=MAX_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


def _label_with_open_count(user):
    return _("%(who)s (%(count)d open)") % {"who": user.get_full_name() or user.username, "count": user.open_count}
