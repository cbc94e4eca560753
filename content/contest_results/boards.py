"""The boards: by person, by province, by unit, and one's own rank. None of them counts rows of attempts."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from content.contest_papers.scoring import MOST_CORRECT
from content.contest_results.models import GroupCount, ScoreCount, Standing
from content.contests import queries
from content.contests.choices import GroupKind
from content.contests.models import Contest, Entry, Round
from content.contests.states import ENDED_STATUSES, RoundStatus
from content.organisations.models import Province

SMALLEST_UNIT = 5  # contestants; smaller units are shown together
OTHER_UNITS = "khác"


@dataclass(frozen=True)
class OwnRank:
    """The rank of one contestant, of how many in the bracket, and whether it is final."""

    rank: int
    of: int
    is_final: bool


@dataclass(frozen=True)
class GroupRow:
    """A province (key and name) or a unit (name twice). The sum is of correct answers."""

    key: str
    name: str
    attempts: int
    contestants: int
    correct_sum: int


@dataclass(frozen=True)
class Place:
    """Where a page of the board of people ended: the standing after which the next page begins."""

    order_key: bytes
    pk: int


def counted_round(contest: Contest, round: Round | None) -> Round | None:
    """The round whose standings a board reads. None: those of the whole contest, which has several ranked rounds."""
    if round is not None:
        return round
    rounds = list(queries.ranked_rounds(contest)[:2])
    return rounds[0] if len(rounds) == 1 else None


def is_board_open(contest: Contest, round: Round | None) -> bool:
    """Whether the public may see the ranks of a round, or of the whole contest, now."""
    rounds = [round] if round else list(queries.ranked_rounds(contest))
    for each in rounds:
        each.contest = contest
    return bool(rounds) and all(each.shows_results and not each.is_practice for each in rounds)


def is_final(contest: Contest, round: Round | None) -> bool:
    """Whether these ranks are final: the round, or the contest, is closed."""
    return round.status == RoundStatus.CLOSED if round else contest.status in ENDED_STATUSES


def standings_of(contest: Contest, round: Round | None, bracket: str) -> QuerySet[Standing]:
    """The standings of a bracket, the best first. `round` is what `counted_round` returned."""
    standings = Standing.objects.filter(contest=contest, round=round, bracket=bracket)
    return standings.order_by("order_key", "pk")


def people_board(
    contest: Contest, round: Round | None, bracket: str, *, after: Place | None = None
) -> QuerySet[Standing]:
    """The list of people after that place, the best first, with their codes. Contestants under 16 are not in it.

    `rank` is null until the ranks are final; `rank_of` tells it then.
    """
    board = standings_of(contest, round, bracket).filter(is_listed=True).select_related("entry", "province")
    if after is not None:
        later = Q(order_key__gt=after.order_key) | Q(order_key=after.order_key, pk__gt=after.pk)
        board = board.filter(later, order_key__gte=after.order_key)  # the second lets PostgreSQL begin there
    return board


def rank_of(standing: Standing) -> int:
    """The rank of a standing: the final one, or while contestants compete the one of this moment.

    Better scores are counted from `ScoreCount`, equal ones by the index. Equal results share a rank.
    """
    if standing.rank is not None:
        return standing.rank
    same = {"contest": standing.contest_id, "round": standing.round_id, "bracket": standing.bracket}
    better = ScoreCount.objects.filter(**same, correct__gt=standing.correct).aggregate(all=Sum("contestants"))["all"]
    first = (MOST_CORRECT - standing.correct).to_bytes(8)
    equal = Standing.objects.filter(**same, order_key__gte=first, order_key__lt=bytes(standing.order_key))
    return (better or 0) + equal.count() + 1


def own_rank(entry: Entry, round: Round | None) -> OwnRank | None:
    """The rank of a contestant; None without a counted result. `round` is what `counted_round` returned."""
    standing = Standing.objects.filter(entry=entry, round=round).first()
    if standing is None:
        return None
    of = ScoreCount.objects.filter(contest=entry.contest_id, round=round, bracket=standing.bracket)
    return OwnRank(
        rank_of(standing), of.aggregate(all=Sum("contestants"))["all"] or 0, is_final=standing.rank is not None
    )


def group_board(contest: Contest, round: Round | None, kind: GroupKind, bracket: str | None = None) -> list[GroupRow]:
    """Provinces or units with most contestants first; without a `bracket` all brackets together.

    Units with fewer than five contestants are one row, «khác», at the end. Who named none is in no row.
    """
    counts = GroupCount.objects.filter(contest=contest, round=round, kind=kind).exclude(group="")
    if bracket is not None:
        counts = counts.filter(bracket=bracket)
    sums = counts.values("group").annotate(
        attempts=Sum("attempts"), contestants=Sum("contestants"), correct_sum=Sum("correct_sum")
    )
    names = _names_of(kind, (row["group"] for row in sums))
    rows = [
        GroupRow(
            row["group"],
            names.get(row["group"], row["group"]),
            row["attempts"],
            row["contestants"],
            row["correct_sum"],
        )
        for row in sums
        if row["contestants"]
    ]
    rows.sort(key=lambda row: (-row.contestants, -row.correct_sum, row.name))
    return rows if kind == GroupKind.PROVINCE else _without_small(rows)


def _names_of(kind: GroupKind, keys: Iterable[str]) -> dict[str, str]:
    if kind == GroupKind.UNIT:
        return {}
    return dict(Province.objects.filter(key__in=list(keys)).values_list("key", "name"))


def _without_small(rows: list[GroupRow]) -> list[GroupRow]:
    small = [row for row in rows if row.contestants < SMALLEST_UNIT]
    if not small:
        return rows
    attempts, contestants, correct = (
        sum(getattr(row, name) for row in small) for name in ("attempts", "contestants", "correct_sum")
    )
    shown = [row for row in rows if row.contestants >= SMALLEST_UNIT]
    return [*shown, GroupRow("", OTHER_UNITS, attempts, contestants, correct)]


@dataclass(frozen=True)
class FastAttempt:
    """A sign for a person to look at, no verdict: an attempt faster than a second a question."""

    code: str
    number: int
    correct: int
    duration_ms: int

    @property
    def seconds(self) -> float:
        return self.duration_ms / 1000


def fast_attempts(round: Round, limit: int = 100) -> list[FastAttempt]:
    """Attempts of a round that took less than a second for each question and have a right answer, fastest first."""
    fast = round.attempts.filter(
        submitted_at__isnull=False, is_closed_by_system=False, correct__gt=0, duration_ms__lt=1000 * round.paper_size
    ).select_related("entry")
    return [
        FastAttempt(each.entry.code, each.number, each.correct or 0, each.duration_ms or 0)
        for each in fast.order_by("duration_ms", "pk")[:limit]
    ]


def equal_attempts(round: Round, limit: int = 100) -> list[tuple[str, datetime.datetime, list[str]]]:
    """Groups of at least three codes of one unit with the same score and time, to the second, in one minute.

    [(unit, minute, codes)]: a sign for a person to look at, no verdict.
    """
    groups: defaultdict[tuple[str, datetime.datetime, int, int], list[str]] = defaultdict(list)
    rows = round.attempts.filter(submitted_at__isnull=False, is_closed_by_system=False).exclude(entry__unit="")
    fields = ("entry__unit", "submitted_at", "correct", "duration_ms", "entry__code")
    for unit, submitted_at, correct, duration_ms, code in rows.values_list(*fields).iterator():
        minute = submitted_at.replace(second=0, microsecond=0)
        groups[unit, minute, correct, duration_ms // 1000].append(code)
    found = [(unit, minute, sorted(codes)) for (unit, minute, *_), codes in groups.items() if len(set(codes)) >= 3]
    return sorted(found, key=lambda group: (-len(group[2]), group[0], group[1]))[:limit]
