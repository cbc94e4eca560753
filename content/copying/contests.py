"""A public contest as data, and put from data: its announcement, its rules and rounds, and the results it published.

Banks and questions, entries, attempts, ranks and who anybody is are no part of it; of winners it has code and prize.
Readers take part, read the ranks and the names of winners, and check the proof at its home. The seed of a round is in
it once the home has closed the round, or cancelled the contest after somebody began that ranked round. Each change of
what a record says has a line in the log of its home: what depends on other contests, or only staff see, is no part of
it; nor are the seeds of cancelled practice, whose attempts are erased.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content.contest_results.models import Winner
from content.contest_results.models.winners import PRIZE_LENGTH
from content.contest_results.services.results import MAX_WINNERS
from content.contest_results.states import WinnerStatus
from content.contests import queries, search_keys
from content.contests.choices import AgeBand, Identity, PredictionOf, RankingKey, ResultsShown, ScorePolicy
from content.contests.models import Contest, Round
from content.contests.models.contests import LABEL_LENGTH, LAST_RANKING_KEYS, TEXT_LENGTH, TITLE_LENGTH
from content.contests.services.drafts import MAX_AGE, MAX_ATTEMPTS, MAX_LABELS, MAX_PAPER, SECONDS
from content.contests.states import FROZEN_STATUSES, PUBLIC_STATUSES, ContestStatus, RoundStatus
from content.copying.models import CopiedContest, CopiedRound
from content.organisations.models import Organisation, Province
from content.record_fields import fields
from content.record_fields.fields import Data, RecordRefused, iso_moment
from content.topics.choices import Audience
from content.topics.models import Topic

KEY, CODE = re.compile(r"ct-[a-z0-9]{10}"), re.compile(r"[a-z0-9]{1,10}")
TEXTS = {"title": TITLE_LENGTH, "text": TEXT_LENGTH, "prizes": TEXT_LENGTH, "cancel_reason": TEXT_LENGTH}
RULES = {  # of one value each
    "score_policy": ScorePolicy.values, "prediction_of": PredictionOf.values, "results_shown": ResultsShown.values,
    "identity": Identity.values,
}  # fmt: skip
NUMBERS = {"max_attempts": MAX_ATTEMPTS, "min_age": MAX_AGE, "max_age": MAX_AGE}
LISTS = {"audiences": Audience.values, "ranking": RankingKey.values}
MOMENTS = ("announced_at", "results_published_at")
TOLD_STATUSES = [str(each) for each in PUBLIC_STATUSES if each != ContestStatus.PROPOSED]
PLANNED = "planned"  # what readers are told of a round until its questions are fixed
MOST_ROUNDS, MOST_VOIDED, MOST_REASON, MOST_POOL, MOST_PEOPLE = 1_000, 2_000, 2_000, 100_000, 2**53


@dataclass(frozen=True)
class NamedWinner:
    """A winner as the organiser named them. `name` is "" where they did not agree to be named, and in each copy."""

    position: int
    code: str
    prize: str
    name: str = ""


def public_contests() -> QuerySet[Contest]:
    """The announced contests, cancelled ones too, with what their records say."""
    return Contest.objects.filter(status__in=PUBLIC_STATUSES).select_related("organisation", "province")


def as_data(contest: Contest) -> dict[str, Any]:
    """All that is public of an announced contest, as JSON. Proposed results are not public yet."""
    is_proposed = contest.status == ContestStatus.PROPOSED
    return {
        **{name: fields.told(getattr(contest, name)) for name in TEXTS},
        **{name: getattr(contest, name) for name in NUMBERS},
        **{name: str(getattr(contest, name)) for name in RULES},
        **{name: iso_moment(getattr(contest, name)) for name in MOMENTS},
        **{name: [str(each) for each in getattr(contest, name)] for name in LISTS},
        **{name: [fields.told(each) for each in getattr(contest, name)] for name in ("brackets", "units")},
        "status": str(ContestStatus.CLOSED if is_proposed else contest.status),
        "is_sample": contest.is_sample,
        "organisation": contest.organisation.key if contest.organisation else "",
        "province": contest.province.key if contest.province else "",
        "topics": sorted(contest.topics.values_list("key", flat=True)),
        "rounds": [_round_data(each) for each in contest.rounds.select_related("contest").order_by("number")],
        "winners": _winners_told(contest),
    }


def named_winners(contest: Contest) -> list[NamedWinner]:
    """The winners whom the organiser has named, in their order; of a copy those of whom its home tells others."""
    if contest.home:
        return [NamedWinner(**each) for each in _winners_told(contest)]
    return [NamedWinner(row.position, row.entry.code, row.prize, row.name) for row in _published_winners(contest)]


def _winners_told(contest: Contest) -> list[dict[str, Any]]:
    """What other installations are told of winners: code and prize, no name, and nothing of anybody under 16."""
    if contest.home:
        copied = CopiedContest.objects.filter(contest=contest).first()
        return list(copied.winners) if copied else []
    rows = _published_winners(contest).exclude(entry__age_band=AgeBand.UNDER_16)
    return [{"position": row.position, "code": row.entry.code, "prize": fields.told(row.prize)} for row in rows]


def _published_winners(contest: Contest) -> QuerySet[Winner]:
    named = contest.winners.filter(status=WinnerStatus.PUBLISHED)
    return named.select_related("entry").order_by("position")


def draw_at_home(round: Round) -> CopiedRound:
    """What the home of a copied round published of its draw."""
    return CopiedRound.objects.filter(round=round).first() or CopiedRound(round=round)


def _round_data(round: Round) -> dict[str, Any]:
    draw = draw_at_home(round) if round.is_copied else _draw_of(round)
    is_fixed = round.status in FROZEN_STATUSES
    return {
        **{name: getattr(round, name) for name in ("number", "seconds", "is_practice", "turnout")},
        **{name: iso_moment(getattr(round, name)) for name in ("starts_at", "ends_at", "frozen_at", "closed_at")},
        "title": fields.told(round.title),
        "sections": [{"topic": each["topic"], "count": each["count"]} for each in round.sections],
        "status": str(round.status) if is_fixed else PLANNED,
        "seed_hash": round.seed_hash,
        "pool_hash": round.pool_hash,
        "pool_size": draw.pool_size,
        "voided": draw.voided,
        "seed": draw.seed,
    }


def _draw_of(round: Round) -> CopiedRound:
    """The same of a round of ours, unsaved. The seed is secret until the log has it: until the close, or the cancel."""
    is_cancelled = not round.is_practice and queries.is_cancelled_with_attempts(round)
    voided = round.questions.exclude(voided_at=None).order_by("position")
    return CopiedRound(
        pool_size=round.questions.count() if round.is_frozen else None,
        voided=[
            {"hash": each.hash, "reason": fields.told(each.void_reason), "voided_at": iso_moment(each.voided_at)}
            for each in voided
        ],
        seed=bytes(round.seed).hex() if round.status == RoundStatus.CLOSED or is_cancelled else "",
    )


def put(contest: Contest, data: Data) -> Contest:
    """Make the contest (new or locked, with its key and home) what the data say. Raises RecordRefused, RecordWaits."""
    _set_columns(contest, data)
    topics, winners = fields.known_rows(Topic, fields.texts(data, "topics"), "topic"), _winners(data)
    contest.changed_at = timezone.now()
    contest.save()
    contest.topics.set(topics)
    _put_rounds(contest, fields.items(data, "rounds", most=MOST_ROUNDS))
    CopiedContest.objects.update_or_create(contest=contest, defaults={"winners": winners})
    search_keys.refresh_contest_search_keys(contest)
    return contest


def _set_columns(contest: Contest, data: Data) -> None:
    columns: dict[str, Any] = {name: fields.typed(data, name, most=most) for name, most in TEXTS.items()}
    columns |= {name: fields.choice(data, name, values) for name, values in RULES.items()}
    columns |= {name: fields.choices(data, name, values) for name, values in LISTS.items()}
    columns |= {name: fields.number(data, name, most=most) for name, most in NUMBERS.items()}
    columns |= {name: fields.moment(data, name) for name in MOMENTS}
    columns |= {name: _labels(data, name) for name in ("brackets", "units")}
    columns["status"] = fields.choice(data, "status", TOLD_STATUSES)
    columns["is_sample"] = fields.flag(data, "is_sample")
    columns["organisation"] = fields.known_row(Organisation, fields.text(data, "organisation"), "body")
    columns["province"] = fields.known_row(Province, fields.text(data, "province"), "province")
    if not (KEY.fullmatch(contest.key) and columns["title"].strip() and columns["announced_at"]):
        raise RecordRefused(_("The record has no key, no title or no day of publication."))
    if (columns["status"] == ContestStatus.CANCELLED) != bool(columns["cancel_reason"]):
        raise RecordRefused(_("The contest of the record is cancelled without a reason, or has one without that."))
    _refuse_rules(columns)
    for name, value in columns.items():
        setattr(contest, name, value)
    people = ["written_by", "revised_by", "results_proposed_by", "results_published_by"]
    fields.refuse_unclean(contest, ["organisation", "province", *people])


def _refuse_rules(columns: dict[str, Any]) -> None:
    """Raise RecordRefused for rules that no contest can have."""
    ranking, first, last = columns["ranking"], columns["min_age"] or 0, columns["max_age"]
    is_ranked = len(ranking) > 1 and ranking[0] == RankingKey.CORRECT and ranking[-1] in LAST_RANKING_KEYS
    predicts = columns["prediction_of"] or RankingKey.PREDICTION not in ranking
    if not (is_ranked and predicts and columns["max_attempts"] != 0 and (last is None or first <= last)):
        raise RecordRefused(_("No contest can have the rules of the record."))


def _labels(data: Data, name: str) -> list[str]:
    """Names that contestants choose from. Raises RecordRefused."""
    given = data.get(name, [])
    if not isinstance(given, list) or len(given) > MAX_LABELS:
        raise RecordRefused(_("«%s» of the record is no list of texts.") % name)
    return [fields.typed({name: each}, name, most=LABEL_LENGTH) for each in given]


def _winners(data: Data) -> list[dict[str, Any]]:
    found = []
    for row in fields.items(data, "winners", most=MAX_WINNERS):
        position, code = fields.number(row, "position", most=MAX_WINNERS), fields.text(row, "code", most=10)
        if not (position and CODE.fullmatch(code)):
            raise RecordRefused(_("A winner of the record has no position or no code."))
        found.append({"position": position, "code": code, "prize": fields.typed(row, "prize", most=PRIZE_LENGTH)})
    return found


def _put_rounds(contest: Contest, rows: Sequence[Data]) -> None:
    """Make the rounds those of the record. They are written anew: nobody takes part in them here.

    What was published of a draw before stays in our change log, whatever its home says later.
    """
    numbers = [fields.number(row, "number", most=9_999) or 0 for row in rows]
    if not numbers or not all(numbers) or len(set(numbers)) < len(numbers):
        raise RecordRefused(_("The contest of the record has no round, or one without a number of its own."))
    contest.rounds.all().delete()
    for number, row in zip(numbers, rows, strict=True):
        round = Round(contest=contest, number=number, is_copied=True)
        _set_round(round, row)
        round.save()
        CopiedRound.objects.create(round=round, **_draw(round, row))


def _set_round(round: Round, row: Data) -> None:
    status = fields.choice(row, "status", [PLANNED, *(str(each) for each in FROZEN_STATUSES)])
    columns: dict[str, Any] = {
        "title": fields.typed(row, "title", most=TITLE_LENGTH), "is_practice": fields.flag(row, "is_practice"),
        "seconds": fields.number(row, "seconds", most=SECONDS[-1]), "sections": _sections(row),
        "turnout": fields.number(row, "turnout", most=MOST_PEOPLE),
        "void_count": len(fields.items(row, "voided", most=MOST_VOIDED)),
        "status": RoundStatus.DRAFT if status == PLANNED else RoundStatus(status),
        "seed_hash": fields.sha256(row, "seed_hash"), "pool_hash": fields.sha256(row, "pool_hash"),
    }  # fmt: skip
    columns |= {name: fields.moment(row, name) for name in ("starts_at", "ends_at", "frozen_at", "closed_at")}
    if not (columns["seconds"] and columns["starts_at"] and columns["ends_at"]):
        raise RecordRefused(_("A round of the record has no time or no length."))
    _refuse_draw_of_another_status(columns)
    for name, value in columns.items():
        setattr(round, name, value)
    fields.refuse_unclean(round, ["contest", "bank", "freeze_proposed_by", "frozen_by", "sections"])


def _refuse_draw_of_another_status(columns: dict[str, Any]) -> None:
    """Raise RecordRefused for a round that is fixed without a draw or too late, or closed without a time."""
    is_fixed, fixed_at = columns["status"] != RoundStatus.DRAFT, columns["frozen_at"]
    is_ordered = columns["starts_at"] < columns["ends_at"] and (fixed_at is None or fixed_at < columns["starts_at"])
    drawn = {bool(fixed_at), bool(columns["seed_hash"]), bool(columns["pool_hash"])}
    is_closed = columns["status"] == RoundStatus.CLOSED
    if not (drawn == {is_fixed} and is_ordered and is_closed == bool(columns["closed_at"])):
        raise RecordRefused(_("The draw of a round of the record does not fit its status and time."))


def _sections(row: Data) -> list[dict[str, Any]]:
    found = []
    for section in fields.items(row, "sections", most=MAX_PAPER):
        count = fields.number(section, "count", most=MAX_PAPER)
        if not count:
            raise RecordRefused(_("A round of the record has a section without questions."))
        found.append({"topic": fields.text(section, "topic", most=100), "count": count})
    return found


def _draw(round: Round, row: Data) -> dict[str, Any]:
    """What is published of the draw. Raises RecordRefused for a seed before the close, or another than was fixed."""
    seed, is_cancelled = fields.sha256(row, "seed"), round.contest.status == ContestStatus.CANCELLED
    is_told = round.status == RoundStatus.CLOSED or (is_cancelled and round.is_frozen and not round.is_practice)
    if seed and not is_told:
        raise RecordRefused(_("The record tells the seed of a round that is not closed."))
    if seed and hashlib.sha256(bytes.fromhex(seed)).hexdigest() != round.seed_hash:
        raise RecordRefused(_("The seed of a round is not the one whose hash was published before it began."))
    voided = [_voided(each) for each in fields.items(row, "voided", most=MOST_VOIDED)]
    return {"pool_size": fields.number(row, "pool_size", most=MOST_POOL), "voided": voided, "seed": seed}


def _voided(row: Data) -> dict[str, Any]:
    digest, at = fields.sha256(row, "hash"), fields.moment(row, "voided_at")
    if not (digest and at):
        raise RecordRefused(_("A voided question of the record has no hash or no time."))
    return {"hash": digest, "reason": fields.typed(row, "reason", most=MOST_REASON), "voided_at": iso_moment(at)}


def withdraw(contest: Contest, reason: str) -> None:
    """An announced contest is never hidden: it is shown as cancelled. It has no winners any more."""
    contest.status, contest.cancel_reason, contest.changed_at = ContestStatus.CANCELLED, reason, timezone.now()
    contest.save()
    CopiedContest.objects.filter(contest=contest).update(winners=[])


def scope_of(data: Data) -> Sequence[str]:
    """Keys of the bodies and provinces that the object speaks for."""
    return [each for each in (fields.text(data, "organisation"), fields.text(data, "province")) if each]
