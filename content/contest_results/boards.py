"""The boards: by person, by province, by unit, and one's own rank. None of them counts rows of attempts."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Trunc

from content.contest_papers.paper import LETTERS
from content.contest_papers.scoring import MOST_CORRECT, comparable
from content.contest_results.models import GroupCount, Standing
from content.contest_results.queries import contestant_count
from content.contests import papers, queries
from content.contests.choices import GroupKind
from content.contests.models import Attempt, Contest, Entry, Round
from content.contests.states import ENDED_STATUSES, RoundStatus
from content.organisations.models import Province

SMALLEST_GROUP, SHARED_ANSWERS = 3, 3  # of equal attempts
LOOKED_AT = 500  # attempts, whose papers are drawn again: 1.3 ms each
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
    rounds = list(queries.counted_rounds(contest)[:2])
    return rounds[0] if len(rounds) == 1 else None


def is_board_open(contest: Contest, round: Round | None) -> bool:
    """Whether the public may see the ranks of a round, or of the whole contest, now. Of a copy they are at its home."""
    if contest.home:
        return False
    rounds = [round] if round else list(queries.counted_rounds(contest))
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
    better = contestant_count(
        standing.contest_id, standing.round_id, bracket=standing.bracket, correct__gt=standing.correct
    )
    first = (MOST_CORRECT - standing.correct).to_bytes(8)
    equal = Standing.objects.filter(**same, order_key__gte=first, order_key__lt=bytes(standing.order_key))
    return better + equal.count() + 1


def own_rank(entry: Entry, round: Round | None) -> OwnRank | None:
    """The rank of a contestant; None without a counted result. `round` is what `counted_round` returned."""
    standing = Standing.objects.filter(entry=entry, round=round).first()
    if standing is None:
        return None
    of = contestant_count(entry.contest_id, round, bracket=standing.bracket)
    return OwnRank(rank_of(standing), of, is_final=standing.rank is not None)


def group_board(contest: Contest, round: Round | None, kind: GroupKind, bracket: str | None = None) -> list[GroupRow]:
    """Provinces or units with most contestants first; without a `bracket` all brackets together.

    Units with fewer than five contestants are not listed. Where brackets or rounds are asked for, nor are those with
    fewer than five in any of them: nobody subtracts one list from another. Only in the list of the whole contest they
    are one row at the end, «khác», once it has five: what is in it is in no other list. Who named none is in no row.
    """
    counts = _counts_of(contest, kind)
    rows = _rows_of(counts.filter(round=round, **({} if bracket is None else {"bracket": bracket})))
    small = set()
    if kind == GroupKind.UNIT:
        small = _small_groups(counts, round, by_bracket=bracket is not None)
    shown = [row for row in rows if row.key not in small]
    names = _names_of(kind, (row.key for row in shown))
    shown = [replace(row, name=names.get(row.key, row.key)) for row in shown]
    shown.sort(key=lambda row: (-row.contestants, -row.correct_sum, row.name))
    others = _together(rows, small)
    is_whole = bracket is None and round == counted_round(contest, None)
    if is_whole and others.contestants >= SMALLEST_UNIT:
        shown.append(others)
    return shown


def _counts_of(contest: Contest, kind: GroupKind) -> QuerySet[GroupCount]:
    return GroupCount.objects.filter(contest=contest, kind=kind).exclude(group="")


def _rows_of(counts: QuerySet[GroupCount]) -> list[GroupRow]:
    """The groups of one list, whatever the brackets, without names."""
    sums = counts.values("group").annotate(
        all_attempts=Sum("attempts"), all_contestants=Sum("contestants"), all_correct=Sum("correct_sum")
    )
    return [
        GroupRow(row["group"], "", row["all_attempts"], row["all_contestants"], row["all_correct"])
        for row in sums.filter(all_contestants__gt=0)
    ]


def _small_groups(counts: QuerySet[GroupCount], round: Round | None, *, by_bracket: bool) -> set[str]:
    """Groups that are small in the list that is asked for or in one that it could be subtracted from.

    Of a round these are the lists of all rounds, of a bracket those of all brackets.
    """
    if round is None:
        counts = counts.filter(round=None)
    columns = ["round", "group", "bracket"] if by_bracket else ["round", "group"]
    people = counts.values(*columns).annotate(people=Sum("contestants"))
    return set(people.filter(people__gt=0, people__lt=SMALLEST_UNIT).values_list("group", flat=True))


def _names_of(kind: GroupKind, keys: Iterable[str]) -> dict[str, str]:
    if kind == GroupKind.UNIT:
        return {}
    return dict(Province.objects.filter(key__in=list(keys)).values_list("key", "name"))


def _together(rows: Iterable[GroupRow], small: Collection[str]) -> GroupRow:
    """The small units of a list as one."""
    chosen = [row for row in rows if row.key in small]
    attempts, contestants, correct = (
        sum(getattr(row, name) for row in chosen) for name in ("attempts", "contestants", "correct_sum")
    )
    return GroupRow("", OTHER_UNITS, attempts, contestants, correct)


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
    """Groups of at least three codes of one unit that gave the same answers in one minute, whatever the time they took.

    [(unit, minute, codes)]: a sign for a person to look at, no verdict. Papers differ: answers are compared in the
    questions that two papers share, at least three. Looks at those of a unit and minute with the same score, where
    these are most first, 500 attempts at most.
    """
    submitted = round.attempts.filter(submitted_at__isnull=False, is_closed_by_system=False).exclude(entry__unit="")
    same_score = (
        submitted.values("entry__unit", "correct", minute=Trunc("submitted_at", "minute"))
        .annotate(many=Count("entry", distinct=True), keys=ArrayAgg("pk"))
        .filter(many__gte=SMALLEST_GROUP)
        .order_by("-many", "entry__unit", "minute")
    )
    found: list[tuple[str, datetime.datetime, list[str]]] = []
    looked_at = 0
    for each in same_score:
        if looked_at >= LOOKED_AT or len(found) >= limit:
            break
        keys = each["keys"][: LOOKED_AT - looked_at]
        looked_at += len(keys)
        attempts = Attempt.objects.filter(pk__in=keys).select_related("entry", "round__contest").order_by("pk")
        found += [(each["entry__unit"], each["minute"], sorted(codes)) for codes in _groups_alike(attempts)]
    return found[:limit]


def _groups_alike(attempts: Iterable[Attempt]) -> list[set[str]]:
    """Codes whose attempts agree in all questions that their papers share, in groups of at least three."""
    groups: list[tuple[dict[int, str], set[str]]] = []
    for attempt in attempts:
        answers = _answers_by_question(attempt)
        for known, codes in groups:
            shared = answers.keys() & known.keys()
            are_equal = all(answers[each] == known[each] for each in shared)
            if are_equal and sum(bool(answers[each]) for each in shared) >= SHARED_ANSWERS:
                known |= answers
                codes.add(attempt.entry.code)
                break
        else:
            groups.append((answers, {attempt.entry.code}))
    return [codes for _answers, codes in groups if len(codes) >= SMALLEST_GROUP]


def _answers_by_question(attempt: Attempt) -> dict[int, str]:
    """{position of a question in the pool: place of the choice in the bank, or the folded text}; "" is no answer."""
    answers = {}
    for number, each in enumerate(papers.paper_of(attempt), 1):
        answer = attempt.answers.get(str(number), "")
        is_choice = each.order and answer in LETTERS
        answers[each.position] = str(each.order[LETTERS.index(answer)]) if answer and is_choice else comparable(answer)
    return answers
