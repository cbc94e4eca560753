"""The rules of a contest in words, in the active language. What decides is the columns; this only reads them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.clock_times import end_in_words, start_in_words
from content.contests.choices import PredictionOf, RankingKey, ResultsShown, ScorePolicy
from content.contests.models import Contest, Round
from content.contests.services.attempts import MOST_ATTEMPTS_A_DAY
from content.topics.models import Topic

MINUTE = 60


def rules_in_words(contest: Contest) -> list[str]:
    """One sentence for each rule, rounds first."""
    planned = list(contest.rounds.all())
    names = _topic_names(planned)
    rounds = [sentence for each in planned for sentence in round_in_words(each, names)]
    return [*rounds, *_attempts_in_words(contest), *_people_in_words(contest), *_fairness_in_words(contest)]


def _topic_names(rounds: Iterable[Round]) -> dict[str, str]:
    """{key: name} of the topics of all sections."""
    keys = {section["topic"] for each in rounds for section in each.sections}
    return {topic.key: topic.name for topic in Topic.objects.filter(key__in=keys - {""})}


def round_in_words(round: Round, topic_names: Mapping[str, str] | None = None) -> Iterator[str]:
    """When a round is open, and what its papers are. `topic_names` of its sections, if they are known already."""
    names = _topic_names([round]) if topic_names is None else topic_names
    kind = _("Practice round") if round.is_practice else _("Round")
    words = _("%(kind)s %(number)d: from %(start)s to %(end)s (Viet Nam time).")
    yield words % {
        "kind": kind, "number": round.number, "start": start_in_words(round.starts_at),
        "end": end_in_words(round.ends_at),
    }  # fmt: skip
    sections = "; ".join(_section_in_words(section, names) for section in round.sections)
    words = _("A paper has %(count)d questions, drawn at random: %(sections)s. Time: %(time)s.")
    yield words % {"count": round.paper_size, "sections": sections, "time": time_in_words(round.seconds)}


def _section_in_words(section: dict[str, Any], topic_names: Mapping[str, str]) -> str:
    about = topic_names.get(section["topic"]) or _("any topic of the bank")
    return _("%(count)d about «%(topic)s»") % {"count": section["count"], "topic": about}


def time_in_words(seconds: int) -> str:
    """«15 minutes», «90 seconds»."""
    if seconds % MINUTE:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    return ngettext("%d minute", "%d minutes", seconds // MINUTE) % (seconds // MINUTE)


def _attempts_in_words(contest: Contest) -> Iterator[str]:
    if contest.max_attempts is None:
        words = _("Everybody may make any number of attempts in each round, at most %d within 24 hours.")
        yield words % MOST_ATTEMPTS_A_DAY
    else:
        words = ngettext(
            "Everybody has %d attempt in each round.", "Everybody has %d attempts in each round.", contest.max_attempts
        )
        yield words % contest.max_attempts
    if contest.max_attempts != 1:
        yield _("What counts: %s.") % contest.get_score_policy_display().lower()
    labels = [str(RankingKey(key).label).lower() for key in contest.ranking]
    yield _("Contestants are ranked by, in this order: %s. Equal results share a rank.") % ", ".join(labels)
    if contest.prediction_of:
        predicted = str(PredictionOf(contest.prediction_of).label).lower()
        yield _("Everybody may predict: %s of the round.") % predicted
    yield _("Results are shown: %s.") % contest.get_results_shown_display().lower()
    if scores_tell_answers(contest):
        yield _("Each score is shown at once: contestants who try again can find out which answers are right.")


def scores_tell_answers(contest: Contest) -> bool:
    """Whether who tries again gains from the scores: they are shown at once, and a later attempt may count."""
    is_shown = contest.results_shown == ResultsShown.AT_ONCE
    return is_shown and contest.max_attempts != 1 and contest.score_policy != ScorePolicy.FIRST


def _people_in_words(contest: Contest) -> Iterator[str]:
    yield _("Who takes part: %s.") % contest.get_identity_display().lower()
    if contest.min_age is not None or contest.max_age is not None:
        yield _ages_in_words(contest.min_age, contest.max_age)
    if contest.brackets:
        yield _("Brackets, ranked apart: %s.") % "; ".join(contest.brackets)
    if contest.units:
        yield _("Contestants name their unit, of %d.") % len(contest.units)


def _ages_in_words(first: int | None, last: int | None) -> str:
    if first is None:
        return _("Age: up to %d.") % (last or 0)
    if last is None:
        return _("Age: from %d.") % first
    return _("Age: from %(first)d to %(last)d.") % {"first": first, "last": last}


def _fairness_in_words(contest: Contest) -> Iterator[str]:
    yield _(
        "The draw of the questions is fixed before a round begins: its hash is published when the round is frozen, and "
        "the seed after the round. Anyone can then derive every paper and every rank of the round again."
    )
    yield _("Who prepares the questions or works on this server does not take part.")
    yield _("The time of the server counts. Submissions are taken until 5 seconds after the deadline of an attempt.")
    yield _("Lists of ranks show codes, no names. Contestants under 16 are not in the list of people.")
