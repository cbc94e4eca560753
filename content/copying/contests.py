"""A public contest as data, and put from data: its announcement, its rules and rounds, and the results it published.

Banks and questions, entries, attempts, ranks and who anybody is are no part of it: readers take part, read the ranks
and check the proof at its home. The seed of a round is in it once the home publishes the proof.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content.contest_results.states import WinnerStatus
from content.contests import queries, search_keys
from content.contests.choices import Identity, PredictionOf, RankingKey, ResultsShown, ScorePolicy
from content.contests.models import Contest, Round
from content.contests.models.contests import LABEL_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from content.contests.states import FROZEN_STATUSES, PUBLIC_STATUSES, ContestStatus, RoundStatus
from content.copying.models import CopiedContest, CopiedRound
from content.organisations.models import Organisation, Province
from content.record_fields import fields
from content.record_fields.fields import Data, RecordRefused, iso_moment
from content.topics.choices import Audience
from content.topics.models import Topic

KEY, CODE = re.compile(r"ct-[a-z0-9]{10}"), re.compile(r"[a-z0-9]{1,10}")
HEX = re.compile(r"[0-9a-f]{64}|")  # or nothing yet
TEXTS = {"title": TITLE_LENGTH, "text": TEXT_LENGTH, "prizes": TEXT_LENGTH, "cancel_reason": TEXT_LENGTH}
RULES = {  # of one value each
    "score_policy": ScorePolicy.values, "prediction_of": PredictionOf.values, "results_shown": ResultsShown.values,
    "identity": Identity.values,
}  # fmt: skip
NUMBERS = ("max_attempts", "min_age", "max_age")
MOMENTS = ("announced_at", "results_published_at")
PLANNED = "planned"  # what readers are told of a round until its questions are fixed
MOST_LABELS, MOST_ROUNDS, MOST_SECTIONS, MOST_WINNERS = 5_000, 1_000, 200, 1_000
MOST_SECONDS, MOST_QUESTIONS, MOST_PEOPLE = 6 * 3600, 200, 2**53


@dataclass(frozen=True)
class NamedWinner:
    """A winner as the organiser named them. `name` is "" where they did not agree to be named."""

    position: int
    code: str
    prize: str
    name: str


def public_contests() -> QuerySet[Contest]:
    """The announced contests, cancelled ones too, with what their records say."""
    return Contest.objects.filter(status__in=PUBLIC_STATUSES).select_related("organisation", "province")


def as_data(contest: Contest) -> dict[str, Any]:
    """All that is public of an announced contest, as JSON."""
    rounds = contest.rounds.select_related("contest").order_by("number")
    return {
        **{name: getattr(contest, name) for name in (*TEXTS, *NUMBERS)},
        **{name: str(getattr(contest, name)) for name in RULES},
        **{name: iso_moment(getattr(contest, name)) for name in MOMENTS},
        **{name: [str(each) for each in getattr(contest, name)] for name in ("audiences", "ranking")},
        "brackets": list(contest.brackets),
        "units": list(contest.units),
        "status": str(contest.status),
        "is_sample": contest.is_sample,
        "organisation": contest.organisation.key if contest.organisation else "",
        "province": contest.province.key if contest.province else "",
        "topics": list(contest.topics.order_by("key").values_list("key", flat=True)),
        "rounds": [_round_data(each) for each in rounds],
        "winners": [vars(each) for each in named_winners(contest)],
    }


def named_winners(contest: Contest) -> list[NamedWinner]:
    """The winners whom the organiser has named, in their order; of a copy as its home names them."""
    if contest.home:
        copied = CopiedContest.objects.filter(contest=contest).first()
        return [NamedWinner(**each) for each in copied.winners] if copied else []
    named = contest.winners.filter(status=WinnerStatus.PUBLISHED).select_related("entry").order_by("position")
    return [NamedWinner(each.position, each.entry.code, each.prize, each.name) for each in named]


def draw_at_home(round: Round) -> CopiedRound:
    """What the home of a copied round published of its draw."""
    return CopiedRound.objects.filter(round=round).first() or CopiedRound(round=round)


def _round_data(round: Round) -> dict[str, Any]:
    draw = draw_at_home(round) if round.is_copied else _draw_of(round)
    is_fixed = round.status in FROZEN_STATUSES
    return {
        **{name: getattr(round, name) for name in ("number", "title", "seconds", "is_practice", "turnout")},
        **{name: iso_moment(getattr(round, name)) for name in ("starts_at", "ends_at", "frozen_at", "closed_at")},
        "sections": [{"topic": each["topic"], "count": each["count"]} for each in round.sections],
        "status": str(round.status) if is_fixed else PLANNED,
        "seed_hash": round.seed_hash,
        "pool_hash": round.pool_hash,
        "pool_size": draw.pool_size,
        "voided": draw.voided,
        "seed": draw.seed,
    }


def _draw_of(round: Round) -> CopiedRound:
    """The same of a round of ours, unsaved. The seed is secret until the proof is public."""
    voided = round.questions.exclude(voided_at=None).order_by("position")
    return CopiedRound(
        pool_size=round.questions.count() if round.is_frozen else None,
        voided=[
            {"hash": each.hash, "reason": each.void_reason, "voided_at": iso_moment(each.voided_at)} for each in voided
        ],
        seed=bytes(round.seed).hex() if queries.publishes_proof(round) else "",
    )


def put(contest: Contest, data: Data) -> Contest:
    """Make the contest (new or locked, with its key and home) what the data say. Raises RecordRefused, RecordWaits."""
    _set_columns(contest, data)
    topics, winners = fields.known_rows(Topic, fields.texts(data, "topics"), "topic"), _winners(data)
    contest.changed_at = timezone.now()
    contest.save()
    contest.topics.set(topics)
    _put_rounds(contest, fields.items(data, "rounds"))
    CopiedContest.objects.update_or_create(contest=contest, defaults={"winners": winners})
    search_keys.refresh_contest_search_keys(contest)
    return contest


def _set_columns(contest: Contest, data: Data) -> None:
    columns: dict[str, Any] = {name: fields.typed(data, name, most=most) for name, most in TEXTS.items()}
    columns |= {name: fields.choice(data, name, values) for name, values in RULES.items()}
    columns |= {name: fields.number(data, name) for name in NUMBERS}
    columns |= {name: fields.moment(data, name) for name in MOMENTS}
    columns |= {name: _labels(data, name) for name in ("brackets", "units")}
    columns["audiences"] = _choices(data, "audiences", Audience.values)
    columns["ranking"] = _choices(data, "ranking", RankingKey.values)
    columns["status"] = fields.choice(data, "status", [str(each) for each in PUBLIC_STATUSES])
    columns["is_sample"] = fields.flag(data, "is_sample")
    columns["organisation"] = fields.known_row(Organisation, fields.text(data, "organisation"), "body")
    columns["province"] = fields.known_row(Province, fields.text(data, "province"), "province")
    if not (KEY.fullmatch(contest.key) and columns["title"].strip() and columns["announced_at"] and columns["ranking"]):
        raise RecordRefused(_("The record has no key, no title or no day of publication."))
    for name, value in columns.items():
        setattr(contest, name, value)
    people = ["written_by", "revised_by", "results_proposed_by", "results_published_by"]
    _clean(contest, ["organisation", "province", *people])


def _choices(data: Data, name: str, values: Sequence[str]) -> list[str]:
    return [fields.choice({name: each}, name, values) for each in fields.texts(data, name)]


def _labels(data: Data, name: str) -> list[str]:
    """Names that contestants choose from. Raises RecordRefused."""
    given = data.get(name, [])
    if not isinstance(given, list) or len(given) > MOST_LABELS:
        raise RecordRefused(_("«%s» of the record is no list of texts.") % name)
    return [fields.typed({name: each}, name, most=LABEL_LENGTH) for each in given]


def _clean(row: Contest | Round, excluded: Sequence[str]) -> None:
    try:
        row.clean_fields(exclude=excluded)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RecordRefused(f"«{field}»: {messages[0]}") from error


def _winners(data: Data) -> list[dict[str, Any]]:
    found = []
    for row in fields.items(data, "winners")[: MOST_WINNERS + 1]:
        position, code = fields.number(row, "position"), fields.text(row, "code", most=10)
        prize, name = fields.typed(row, "prize", most=200), fields.typed(row, "name", most=200)
        if position is None or not CODE.fullmatch(code):
            raise RecordRefused(_("A winner of the record has no position or no code."))
        found.append(vars(NamedWinner(position, code, prize, name)))
    if len(found) > MOST_WINNERS:
        raise RecordRefused(_("The contest of the record has too many winners or rounds."))
    return found


def _put_rounds(contest: Contest, rows: Sequence[Data]) -> None:
    """Make the rounds those of the record. Those that are not fixed are written anew: nobody refers to them."""
    if len(rows) > MOST_ROUNDS:
        raise RecordRefused(_("The contest of the record has too many winners or rounds."))
    numbers = [fields.number(row, "number", most=9_999) or 0 for row in rows]
    contest.rounds.filter(frozen_at=None).delete()
    contest.rounds.exclude(number__in=numbers).delete()
    stored = {each.number: each for each in contest.rounds.all()}
    for number, row in zip(numbers, rows, strict=True):
        round = stored.get(number) or Round(contest=contest, number=number, is_copied=True)
        _set_round(round, row)
        round.save()
        CopiedRound.objects.update_or_create(round=round, defaults=_draw(round, row))


def _set_round(round: Round, row: Data) -> None:
    status = fields.choice(row, "status", [PLANNED, *(str(each) for each in FROZEN_STATUSES)])
    columns: dict[str, Any] = {
        "title": fields.typed(row, "title", most=TITLE_LENGTH), "is_practice": fields.flag(row, "is_practice"),
        "seconds": fields.number(row, "seconds", most=MOST_SECONDS), "sections": _sections(row),
        "turnout": fields.number(row, "turnout", most=MOST_PEOPLE), "void_count": len(fields.items(row, "voided")),
        "status": RoundStatus.DRAFT if status == PLANNED else RoundStatus(status),
        "seed_hash": _hex(row, "seed_hash"), "pool_hash": _hex(row, "pool_hash"),
    }  # fmt: skip
    columns |= {name: fields.moment(row, name) for name in ("starts_at", "ends_at", "frozen_at", "closed_at")}
    if not (round.number and columns["seconds"] and columns["starts_at"] and columns["ends_at"]):
        raise RecordRefused(_("A round of the record has no number, no time or no length."))
    for name, value in columns.items():
        setattr(round, name, value)
    _clean(round, ["contest", "bank", "freeze_proposed_by", "frozen_by", "sections"])


def _sections(row: Data) -> list[dict[str, Any]]:
    found = []
    for section in fields.items(row, "sections")[:MOST_SECTIONS]:
        count = fields.number(section, "count", most=MOST_QUESTIONS)
        if not count:
            raise RecordRefused(_("A round of the record has a section without questions."))
        found.append({"topic": fields.text(section, "topic", most=100), "count": count})
    return found


def _draw(round: Round, row: Data) -> dict[str, Any]:
    """What is published of the draw. Raises RecordRefused for another seed than the one that was fixed."""
    seed = _hex(row, "seed")
    if seed and hashlib.sha256(bytes.fromhex(seed)).hexdigest() != round.seed_hash:
        raise RecordRefused(_("The seed of a round is not the one whose hash was published before it began."))
    voided = []
    for each in fields.items(row, "voided")[:MOST_QUESTIONS]:
        at = fields.moment(each, "voided_at")
        reason = fields.typed(each, "reason", most=TEXT_LENGTH)
        voided.append({"hash": _hex(each, "hash"), "reason": reason, "voided_at": iso_moment(at)})
    return {"pool_size": fields.number(row, "pool_size"), "voided": voided, "seed": seed}


def _hex(row: Data, name: str) -> str:
    value = fields.text(row, name, most=64)
    if not HEX.fullmatch(value):
        raise RecordRefused(_("«%s» of the record is no text of the right length.") % name)
    return value


def withdraw(contest: Contest, reason: str) -> None:
    """An announced contest is never hidden: it is shown as cancelled. Nobody is named any more."""
    contest.status, contest.cancel_reason, contest.changed_at = ContestStatus.CANCELLED, reason, timezone.now()
    contest.save()
    CopiedContest.objects.filter(contest=contest).update(winners=[])


def scope_of(data: Data) -> Sequence[str]:
    """Keys of the bodies and provinces that the object speaks for."""
    return [each for each in (fields.text(data, "organisation"), fields.text(data, "province")) if each]
