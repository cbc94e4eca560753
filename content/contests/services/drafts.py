"""Plan a contest with its rounds, and revise the draft."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from content.contests import policy, queries
from content.contests.choices import Identity, PredictionOf, RankingKey
from content.contests.models import Contest, Round
from content.contests.models.contests import LABEL_LENGTH, LAST_RANKING_KEYS, TEXT_LENGTH, TITLE_LENGTH
from content.contests.services import announced, transitions
from content.contests.states import PLANNED_STATUSES, ContestTransition, RoundTransition
from content.errors import NotAllowed, RuleBroken
from content.people import services as people
from content.people import text_input
from content.people.models import User
from content.text.removed_words import removes_words
from content.topics.models import Topic
from content.vietnam_time import today

MAX_LABELS, MAX_PAPER, MAX_ATTEMPTS = 5_000, 200, 1_000
SECONDS = range(10, 6 * 3600 + 1)
FIRST_YEAR, MAX_YEARS_AHEAD = 1945, 10  # as for all dates of the API
MAX_AGE = 150
RULE_COLUMNS = (
    "max_attempts", "score_policy", "ranking", "prediction_of", "results_shown", "identity", "brackets", "units",
    "min_age", "max_age",
)  # fmt: skip
TEXT_LIMITS = {"text": TEXT_LENGTH, "prizes": TEXT_LENGTH}


@transaction.atomic
def plan(*, by: User | None = None, topics: Iterable[Topic] = (), **columns: Any) -> Contest:
    """Write the draft of a contest, without rounds. Returns it. `columns` are those of Contest.

    Raises RuleBroken with the field: "ranking_invalid", "prediction_not_asked" (ranked by, but not asked for),
    "sign_in_unavailable", "attempts_out_of_range", "ages_out_of_range", "too_many_labels", "duplicate_label", and what
    `text_input.clean_text` raises; NotAllowed("not_allowed").
    """
    if by is not None and not policy.may_write(by):
        raise NotAllowed("not_allowed", _("You are not allowed to plan contests."))
    contest = Contest(written_by=by, **columns)
    clean_contest(contest)
    contest.save()
    contest.topics.set(topics)
    people.audit("contest.planned", contest.key, by=by)
    return contest


@transaction.atomic
def revise(contest: Contest, *, by: User | None = None, seen: str = "", **columns: Any) -> Contest:
    """Revise the draft: `columns` and `topics` as for `plan`; what is omitted stays.

    Raises what `plan` raises, "changed_meanwhile" (`seen`), and "rules_are_fixed" for rules once a round is frozen.
    """
    contest = transitions.locked_contest(contest)
    transitions.require_transition(contest, ContestTransition.REVISE, by=by, seen=seen)
    if contest.rounds.exclude(frozen_at=None).exists():
        refuse_other_rules(contest, columns)
    contest.revised_by = by or contest.revised_by
    update_contest(contest, columns)
    transitions.audit_transition(contest, ContestTransition.REVISE, by=by)
    return contest


@transaction.atomic
def add_round(contest: Contest, *, by: User | None = None, **columns: Any) -> Round:
    """Add a round to a contest that has not ended. `columns` are those of Round; its number is the next one.

    Raises RuleBroken with the field: "ends_before_start", "date_out_of_range", "seconds_out_of_range",
    "sections_invalid", "rounds_overlap", "rules_are_fixed" (a ranked round has begun), "wrong_status";
    NotAllowed("not_allowed").
    """
    contest = transitions.locked_contest(contest)
    if by is not None and not policy.may_write(by):
        raise NotAllowed("not_allowed", _("You are not allowed to plan contests."))
    _refuse_ended(contest)
    if not columns.get("is_practice"):
        _refuse_after_beginning(contest)
    before = announced.round_times(contest)
    last = contest.rounds.aggregate(last=Max("number"))["last"] or 0
    round = Round(contest=contest, number=last + 1, **columns)
    clean_round(round)
    round.save()
    people.audit("round.added", round.key, by=by)
    announced.record_other_rounds(contest, before)
    return round


@transaction.atomic
def revise_round(round: Round, *, by: User | None = None, seen: str = "", **columns: Any) -> Round:
    """Change a round before its freezing is proposed; what is omitted stays. Raises what `add_round` raises."""
    round = transitions.locked_round(round)
    _refuse_ended(round.contest)
    transitions.require_round_transition(round, RoundTransition.REVISE, by=by, seen=seen)
    if not (round.is_practice and columns.get("is_practice", True)):
        _refuse_after_beginning(round.contest)
    before, title = announced.round_times(round.contest), round.title
    for name, value in columns.items():
        setattr(round, name, value)
    clean_round(round)
    round.save()
    transitions.audit_round_transition(round, RoundTransition.REVISE, by=by)
    announced.record_other_rounds(round.contest, before, removes_words=removes_words([title], [round.title]))
    return round


@transaction.atomic
def remove_round(round: Round, *, by: User | None = None) -> None:
    """Delete a round before its freezing is proposed. Raises what `add_round` raises.

    After the first ranked round has begun only practice may be removed, and what nobody froze in time.
    """
    round = transitions.locked_round(round)
    _refuse_ended(round.contest)
    transitions.require_round_transition(round, RoundTransition.REVISE, by=by)
    if not round.is_practice and round.starts_at > queries.database_now(round.contest):
        _refuse_after_beginning(round.contest)
    if round.contest.is_public and not round.contest.rounds.exclude(pk=round.pk).exists():
        raise RuleBroken("round_required", _("Plan at least one round."), field="rounds")
    before = announced.round_times(round.contest)
    people.audit("round.removed", round.key, by=by)
    round.delete()
    announced.record_other_rounds(round.contest, before, removes_words=bool(round.title))


def _refuse_ended(contest: Contest) -> None:
    if contest.status not in PLANNED_STATUSES:
        raise RuleBroken("wrong_status", _("The contest has ended or was cancelled."), field="status")


def _refuse_after_beginning(contest: Contest) -> None:
    """Rounds decide the ranks: all are declared before the first attempt."""
    begun = contest.rounds.filter(is_practice=False, starts_at__lte=Now()).exclude(frozen_at=None)
    if begun.exists():
        message = _("The first round has begun. Only practice rounds can be added, changed or removed.")
        raise RuleBroken("rules_are_fixed", message, field="starts_at")


def update_contest(contest: Contest, columns: dict[str, Any]) -> None:
    """Set columns of a locked contest, save it, and replace its topics if they are given."""
    topics = columns.pop("topics", None)
    for name, value in columns.items():
        setattr(contest, name, value)
    clean_contest(contest)
    contest.save()
    if topics is not None:
        contest.topics.set(topics)


def refuse_other_rules(contest: Contest, columns: dict[str, Any]) -> None:
    """Raise RuleBroken("rules_are_fixed") if a column that decides the ranks would change."""
    for name in RULE_COLUMNS:
        if name in columns and columns[name] != getattr(contest, name):
            message = _("The rules are fixed once the contest is announced or a round is frozen.")
            raise RuleBroken("rules_are_fixed", message, field=name)


def clean_contest(contest: Contest) -> None:
    """Clean the texts and check the rules. Raises RuleBroken, see `plan`."""
    contest.title = text_input.clean_line(contest.title, "title", max_length=TITLE_LENGTH)
    for field, limit in TEXT_LIMITS.items():
        text = getattr(contest, field).strip()
        setattr(contest, field, text and text_input.clean_text(text, field, max_length=limit))
    contest.audiences = sorted(set(contest.audiences))
    contest.brackets = _clean_labels(contest.brackets, "brackets")
    contest.units = _clean_labels(contest.units, "units")
    _refuse_bad_ranking(contest)
    if contest.identity == Identity.SIGNED_IN and not policy.may_require_sign_in():
        message = _("This server does not verify sign-ins yet. Choose one entry for each installed app.")
        raise RuleBroken("sign_in_unavailable", message, field="identity")
    if contest.max_attempts is not None and not 1 <= contest.max_attempts <= MAX_ATTEMPTS:
        message = _("Enter 1 to %d attempts, or leave this empty.") % MAX_ATTEMPTS
        raise RuleBroken("attempts_out_of_range", message, field="max_attempts")
    first, last = contest.min_age or 0, MAX_AGE if contest.max_age is None else contest.max_age
    if not 0 <= first <= last <= MAX_AGE:
        raise RuleBroken("ages_out_of_range", _("Enter ages from the lower to the higher."), field="max_age")


def _refuse_bad_ranking(contest: Contest) -> None:
    ranking = list(contest.ranking)
    is_valid = (
        len(ranking) >= 2
        and len(set(ranking)) == len(ranking)
        and set(ranking) <= set(RankingKey.values)
        and ranking[0] == RankingKey.CORRECT
        and ranking[-1] in LAST_RANKING_KEYS
    )
    if not is_valid:
        message = _("Rank by correct answers first, and by the earlier submission or a draw last; each once.")
        raise RuleBroken("ranking_invalid", message, field="ranking")
    if RankingKey.PREDICTION in ranking and contest.prediction_of == PredictionOf.NOTHING:
        message = _("Say what contestants predict, or do not rank by it.")
        raise RuleBroken("prediction_not_asked", message, field="prediction_of")


def _clean_labels(labels: Iterable[str], field: str) -> list[str]:
    cleaned = [text_input.clean_line(label, field, max_length=LABEL_LENGTH) for label in labels]
    if len(cleaned) > MAX_LABELS:
        raise RuleBroken("too_many_labels", _("Enter at most %d names.") % MAX_LABELS, field=field)
    if len({label.casefold() for label in cleaned}) < len(cleaned):
        raise RuleBroken("duplicate_label", _("Two of these names are the same. Change one."), field=field)
    return cleaned


def clean_round(round: Round) -> None:
    """Clean the title and check times and sections. Raises RuleBroken, see `add_round`."""
    round.title = round.title.strip() and text_input.clean_line(round.title, "title", max_length=TITLE_LENGTH)
    _refuse_out_of_time(round)
    if round.ends_at <= round.starts_at:
        raise RuleBroken("ends_before_start", _("The end must be after the start."), field="ends_at")
    if round.seconds not in SECONDS:
        words = _("Enter %(first)d to %(last)d seconds.") % {"first": SECONDS[0], "last": SECONDS[-1]}
        raise RuleBroken("seconds_out_of_range", words, field="seconds")
    round.sections = _clean_sections(round.sections)
    if not round.is_practice and queries.overlapping_rounds(round).exists():
        message = _("Another round of this contest is open at that time.")
        raise RuleBroken("rounds_overlap", message, field="starts_at")


def _refuse_out_of_time(round: Round) -> None:
    last = today().year + MAX_YEARS_AHEAD
    moments: dict[str, datetime.datetime] = {"starts_at": round.starts_at, "ends_at": round.ends_at}
    for name, moment in moments.items():
        if not FIRST_YEAR <= moment.year <= last:
            message = _("Enter a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": last}
            raise RuleBroken("date_out_of_range", message, field=name)


def _clean_sections(sections: Any) -> list[dict[str, Any]]:
    """[{"topic": key or "", "count": n}], checked: known topics, each once, and a paper of at most MAX_PAPER."""
    is_list = isinstance(sections, list) and 1 <= len(sections) <= MAX_PAPER
    if is_list and all(_is_section(section) for section in sections):
        keys = [section["topic"] for section in sections]
        named = {key for key in keys if key}
        is_known = Topic.objects.filter(key__in=named).count() == len(named)
        if is_known and len(set(keys)) == len(keys) and sum(each["count"] for each in sections) <= MAX_PAPER:
            return [{"topic": section["topic"], "count": section["count"]} for section in sections]
    message = _("Enter sections of known topics, each once, with at most %d questions in all.") % MAX_PAPER
    raise RuleBroken("sections_invalid", message, field="sections")


def _is_section(section: Any) -> bool:
    return (
        isinstance(section, dict)
        and section.keys() == {"topic", "count"}
        and isinstance(section["topic"], str)
        and type(section["count"]) is int
        and section["count"] >= 1
    )
