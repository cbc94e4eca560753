"""The forms of the pages about contests and rounds. Times are those of Viet Nam."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from content.clock_times import DAY, moment_of
from content.contests.choices import Identity, PredictionOf, RankingKey, ResultsShown, ScorePolicy
from content.contests.models import Contest, Round
from content.contests.models.contests import TEXT_LENGTH, TITLE_LENGTH
from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.people.admin_mixins import reason_field
from content.people.form_fields import LinesField, vietnamese_date_field
from content.people.stale_forms import KEPT_WITH_TEXT
from content.people.transition_pages import TransitionForm
from content.question_banks.models import QuestionBank
from content.topics.choices import Audience
from content.topics.models import Topic
from content.vietnam_time import VIETNAM_TIME, today

FURTHER_RANKING_KEYS = [each for each in RankingKey if each != RankingKey.CORRECT]
PLACES = (2, 3, 4, 5)  # of the ranking, after the correct answers
MINUTE = 60
MIDNIGHT = datetime.time()


def _textarea(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _valid_today_or(chosen: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows valid today, and the current choice: correcting a title must not drop a former body."""
    return valid_on(rows, today()) | rows.filter(pk=chosen and chosen.pk)


class DescriptionForm(forms.Form):
    """What a contest says of itself: for drafts and corrections."""

    title = forms.CharField(label=_("Title of the contest"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Description of the contest"), max_length=TEXT_LENGTH, required=False, widget=_textarea(6)
    )
    prizes = forms.CharField(label=_("Prizes"), max_length=TEXT_LENGTH, required=False, widget=_textarea())
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)
    province = forms.ModelChoiceField(Province.objects.none(), label=_("Province or city"), required=False)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label=_("Topics"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    audiences = forms.MultipleChoiceField(
        label=_("Audiences"), choices=Audience, required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs=KEPT_WITH_TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("organisation", Organisation.objects.all()), ("province", Province.objects.all())):
            self.fields[name].queryset = _valid_today_or(self.initial.get(name), rows)  # type: ignore[attr-defined]

    def columns(self) -> dict[str, Any]:
        """Keyword arguments of the services."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("reason", "seen")}


def _ranking_field(place: int) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=format_lazy(_("Ranked by, place {place}"), place=place),
        required=False,
        choices=[("", "—"), *((each.value, each.label) for each in FURTHER_RANKING_KEYS)],
    )


class DraftForm(DescriptionForm):
    """A contest with its rules. They are fixed once it is announced."""

    max_attempts = forms.IntegerField(
        label=_("Attempts in each round"), required=False, help_text=_("Empty: any number of attempts.")
    )
    score_policy = forms.ChoiceField(label=_("Which attempt counts"), choices=ScorePolicy)
    ranking_2 = _ranking_field(2)
    ranking_3 = _ranking_field(3)
    ranking_4 = _ranking_field(4)
    ranking_5 = _ranking_field(5)
    prediction_of = forms.ChoiceField(label=_("What contestants predict"), choices=PredictionOf, required=False)
    results_shown = forms.ChoiceField(label=_("When results are shown"), choices=ResultsShown)
    identity = forms.ChoiceField(label=_("Who takes part once"), choices=Identity)
    brackets = LinesField(
        label=_("Brackets"), help_text=_("One a line, ranked apart. Empty: all contestants are ranked together.")
    )
    units = LinesField(label=_("Units"), help_text=_("One a line, for example schools. Empty: no unit is asked."))
    min_age = forms.IntegerField(label=_("Age from"), required=False)
    max_age = forms.IntegerField(label=_("Age to"), required=False)
    field_order = [
        "title", "text", "prizes", "organisation", "province", "topics", "audiences", "max_attempts", "score_policy",
        "ranking_2", "ranking_3", "ranking_4", "ranking_5", "prediction_of",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ranking_2"].help_text = _(
            "Correct answers are always the first. The last is the submission or a draw."
        )

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        further = [columns.pop(f"ranking_{place}") for place in PLACES]
        return columns | {"ranking": [RankingKey.CORRECT, *(RankingKey(each) for each in further if each)]}


class CorrectionForm(DescriptionForm):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class CancelForm(TransitionForm):
    reason = reason_field(help_text=_("Public: everybody who reads the contest reads this."))


class AnnounceForm(TransitionForm):
    """Nothing is asked: the page shows the rules in words."""


class RoundForm(forms.Form):
    """A round. An end at 24h00 is the last moment of that day."""

    title = forms.CharField(label=_("Title of the round"), max_length=TITLE_LENGTH, required=False)
    bank = forms.ModelChoiceField(QuestionBank.objects.all(), label=_("Question bank"))
    start_day = vietnamese_date_field(_("First day"))
    start_time = forms.CharField(label=_("Begins at"), max_length=20, help_text=_("For example 7h30 or 07:30."))
    end_day = vietnamese_date_field(_("Last day"))
    end_time = forms.CharField(
        label=_("Ends at"), max_length=20, help_text=_("For example 24h00: the round is open to the end of this day.")
    )
    minutes = forms.IntegerField(label=_("Minutes for an attempt"), min_value=0, max_value=360)
    extra_seconds = forms.IntegerField(label=_("and seconds"), min_value=0, max_value=59, required=False)
    is_practice = forms.BooleanField(
        label=_("Practice"),
        required=False,
        help_text=_("Contestants read the right answers after each attempt. It is not ranked."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs=KEPT_WITH_TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start_day", "end_day"):
            self.fields[name].required = True
        for name in ("start_time", "end_time"):
            self.fields[name].widget.attrs |= {"class": "clock", "autocomplete": "off"}

    def columns(self) -> dict[str, Any]:
        """Keyword arguments of the services, without the sections. Raises RuleBroken("invalid_time")."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "bank": data["bank"],
            "starts_at": moment_of(data["start_day"], data["start_time"], field="start_time"),
            "ends_at": moment_of(data["end_day"], data["end_time"], field="end_time"),
            "seconds": data["minutes"] * MINUTE + (data["extra_seconds"] or 0),
            "is_practice": data["is_practice"],
        }


class SectionForm(forms.Form):
    """A section of the paper. Without a number of questions the line is left out."""

    topic = forms.ModelChoiceField(
        Topic.objects.all(), label=_("Topic"), required=False, empty_label=_("any topic of the bank"),
        to_field_name="key",
    )  # fmt: skip
    count = forms.IntegerField(label=_("Number of questions"), required=False, min_value=1)


SectionFormSet = forms.formset_factory(SectionForm, extra=3, max_num=200, absolute_max=210)


def sections_from(formset: Any) -> list[dict[str, Any]]:
    """The sections of a valid formset, as the services take them."""
    filled = [form.cleaned_data for form in formset if form.cleaned_data.get("count")]
    return [{"topic": each["topic"].key if each["topic"] else "", "count": each["count"]} for each in filled]


def initial_from_contest(contest: Contest) -> dict[str, Any]:
    """Initial values of the forms for a contest that is there."""
    columns = [
        "title", "text", "prizes", "organisation", "province", "audiences", "max_attempts", "score_policy",
        "prediction_of", "results_shown", "identity", "brackets", "units", "min_age", "max_age",
    ]  # fmt: skip
    further = dict(zip((f"ranking_{place}" for place in PLACES), contest.ranking[1:], strict=False))
    return {name: getattr(contest, name) for name in columns} | further | {"topics": contest.topics.all()}


DEFAULT_RULES = {
    "max_attempts": 1,
    "score_policy": ScorePolicy.BEST,
    "ranking_2": RankingKey.DURATION,
    "ranking_3": RankingKey.SUBMITTED_AT,
    "results_shown": ResultsShown.AT_CLOSE,
    "identity": Identity.DEVICE,
}


def initial_from_round(round: Round) -> dict[str, Any]:
    """Initial values of the form for a round that is there. A midnight at which it ends is 24h00 of the day before."""
    starts_at, ends_at = round.starts_at.astimezone(VIETNAM_TIME), round.ends_at.astimezone(VIETNAM_TIME)
    is_midnight = ends_at.time() == MIDNIGHT
    return {
        "title": round.title,
        "bank": round.bank,
        "start_day": starts_at.date(),
        "start_time": f"{starts_at:%Hh%M}",
        "end_day": (ends_at - DAY if is_midnight else ends_at).date(),
        "end_time": "24h00" if is_midnight else f"{ends_at:%Hh%M}",
        "minutes": round.seconds // MINUTE,
        "extra_seconds": round.seconds % MINUTE,
        "is_practice": round.is_practice,
    }
