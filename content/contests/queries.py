"""Which contests, rounds, entries and attempts there are, and how they are fetched."""

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, Exists, F, Func, Max, Min, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Now

from content.contests.models import Attempt, Contest, Entry, Round, RoundQuestion
from content.contests.states import PUBLIC_STATUSES, TAKING_STATUSES, ContestStatus, RoundStatus
from content.people.models import Reader
from content.question_banks.models import QuizQuestion
from content.text import lexemes
from content.text.vietnamese import nfc
from content.topics.models import Topic
from content.topics.queries import with_descendants
from content.vietnam_time import VIETNAM_TIME

GRACE = datetime.timedelta(seconds=5)  # after a deadline: what was sent in time may arrive late
CLOSING_MARGIN = datetime.timedelta(seconds=20)  # longer than a request that came in time may take
NEWS_END_AFTER = datetime.timedelta(days=30)  # after the results
ATTEMPT_COLUMNS = [field.name for field in Attempt._meta.concrete_fields]
COLUMNS_BESIDE_ATTEMPTS = (
    "entry__code", "round__number", "round__status", "round__is_practice", "round__seed", "round__pool_hash",
    "round__sections", "round__void_count", "round__contest__key", "round__contest__status",
    "round__contest__results_shown",
)  # fmt: skip
UNFINGERPRINTED_FIELDS = {"ranks_stale", "rank_version", "search_words", "search_codes"}


def database_now(contest: Contest) -> datetime.datetime:
    """The time of the database, which alone decides when a round is open. The contest is only a row to ask with."""
    return Contest.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=contest.pk)


def public_contests() -> QuerySet[Contest]:
    """All announced contests, whatever their status, the newest first, with what the API shows of them.

    Each of their rounds has `now`, the time of the database.
    """
    rounds = Round.objects.annotate(now=Now()).order_by("number")
    return (
        Contest.objects.filter(status__in=PUBLIC_STATUSES)
        .select_related("organisation", "province")
        .prefetch_related("topics", Prefetch("rounds", rounds))
        .order_by("-pk")
    )


def staff_contests() -> QuerySet[Contest]:
    """All contests for the staff list, drafts too, the newest first, each with `first_start` and `last_end`."""
    times = {"first_start": Min("rounds__starts_at"), "last_end": Max("rounds__ends_at")}
    return Contest.objects.select_related("organisation", "province", "written_by").annotate(**times).order_by("-pk")


def contests_about(contests: QuerySet[Contest], topics: Iterable[Topic]) -> QuerySet[Contest]:
    """Narrow to those about one of these topics or a topic under them."""
    return contests.filter(topics__in=with_descendants(topics)).distinct()


def contests_matching(contests: QuerySet[Contest], words: str) -> QuerySet[Contest]:
    """Narrow to those whose title, description, prizes, topics or organiser have all these words, without accents."""
    asked = " & ".join(f"'{word}'" for word in lexemes.words(nfc(words)))
    if not asked:
        return contests.none()
    query = Cast(Value(asked), SearchQueryField())
    return contests.filter(Func(F("search_words"), query, arg_joiner=" @@ ", template="(%(expressions)s)",
                                output_field=BooleanField()))  # fmt: skip


def contests_announced_by(day: datetime.date) -> QuerySet[Contest]:
    """The contests announced by the end of that day (Viet Nam time), without related objects."""
    next_midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), VIETNAM_TIME)
    return Contest.objects.filter(status__in=PUBLIC_STATUSES, announced_at__lt=next_midnight)


def open_contests(contests: QuerySet[Contest]) -> QuerySet[Contest]:
    """Narrow to those of which a frozen round is open now, by the clock of the database."""
    open_rounds = Round.objects.filter(
        starts_at__lte=Now(), ends_at__gt=Now(), status__in=[RoundStatus.FROZEN, RoundStatus.OPEN]
    )
    return contests.filter(status__in=TAKING_STATUSES, rounds__in=open_rounds).distinct()


def changed_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """{key: when its public content was last written} for the contests that are public."""
    return dict(Contest.objects.filter(status__in=PUBLIC_STATUSES, key__in=keys).values_list("key", "changed_at"))


def public_titles_by_key(keys: Iterable[str]) -> dict[str, str]:
    """{key: title} of those of these contests that are public."""
    return dict(Contest.objects.filter(status__in=PUBLIC_STATUSES, key__in=keys).values_list("key", "title"))


def public_round(key: str, number: int) -> Round | None:
    """The round of the public contest with that key, and nothing beside: when one begins, thousands start at once."""
    rounds = Round.objects.filter(contest__key=key, contest__status__in=PUBLIC_STATUSES, number=number)
    return rounds.select_related("contest").first()


def contests_entered_by(reader: Reader) -> QuerySet[Contest]:
    """The public contests in which that reader takes part."""
    return public_contests().filter(entries__reader=reader)


def entry_of(reader: Reader, contest: Contest) -> Entry | None:
    """The reader's entry in the contest, None without one."""
    return Entry.objects.filter(contest=contest, reader=reader).select_related("contest", "province").first()


def entries_of(reader: Reader) -> QuerySet[Entry]:
    """All entries of a reader, in their order, with contest, province and attempts: for `me/export` too."""
    attempts = Attempt.objects.select_related("round").order_by("pk")
    return (
        Entry.objects.filter(reader=reader)
        .select_related("contest", "province")
        .prefetch_related(Prefetch("attempts", attempts))
        .order_by("pk")
    )


def entries_with_news(reader: Reader) -> QuerySet[Entry]:
    """The entries of a reader in contests that may still have news: until 30 days after the results, or the cancel."""
    over = Q(contest__status__in=[ContestStatus.PUBLISHED, ContestStatus.CANCELLED])
    old = Q(contest__changed_at__lt=Now() - NEWS_END_AFTER)
    return Entry.objects.filter(reader=reader).exclude(over & old).order_by("pk")


def attempt_of(reader: Reader, key: str) -> Attempt | None:
    """The reader's own attempt with that key, None without one. `now` is the clock of the database."""
    return attempts_with_clock().filter(key=key, entry__reader=reader).first()


def attempts_with_clock() -> QuerySet[Attempt]:
    """Attempts with entry, round and contest, and `now`: when the database received the statement."""
    return Attempt.objects.select_related("entry", "round__contest").annotate(now=Now())


def attempts_in_round(entry: Entry, round: Round) -> QuerySet[Attempt]:
    """The attempts of an entry in one round, the first first."""
    return attempts_with_clock().filter(entry=entry, round=round).order_by("number")


def attempts_left_open() -> QuerySet[Attempt]:
    """Open attempts after their deadline, with what closing them reads.

    By the clock of the database, and so long after it that no request that came in the grace is still under way.
    """
    attempts = attempts_with_clock().only(*ATTEMPT_COLUMNS, *COLUMNS_BESIDE_ATTEMPTS)
    return attempts.filter(submitted_at=None, deadline_at__lt=Now() - CLOSING_MARGIN).order_by("deadline_at", "pk")


def rounds_to_open() -> QuerySet[Round]:
    """Frozen rounds that have begun, of contests that were announced and not cancelled."""
    begun = Round.objects.filter(status=RoundStatus.FROZEN, is_copied=False, starts_at__lte=Now(), ends_at__gt=Now())
    return begun.filter(contest__status__in=TAKING_STATUSES).select_related("contest")


def rounds_ending_within(lead: datetime.timedelta, now: datetime.datetime) -> QuerySet[Round]:
    """Ranked rounds that are open at `now` and end at most `lead` after it. They began before that time."""
    return Round.objects.filter(
        status__in=[RoundStatus.FROZEN, RoundStatus.OPEN],
        contest__status__in=TAKING_STATUSES,
        is_copied=False,  # its home reminds
        is_practice=False,
        ends_at__gt=now,
        ends_at__lte=now + lead,
        starts_at__lte=F("ends_at") - lead,
    ).select_related("contest")


def rounds_to_close() -> QuerySet[Round]:
    """Frozen and open rounds that ended a moment ago, of contests that were announced and not cancelled."""
    return (
        Round.objects.filter(
            status__in=[RoundStatus.FROZEN, RoundStatus.OPEN],
            contest__status__in=TAKING_STATUSES,
            is_copied=False,
            ends_at__lt=Now() - CLOSING_MARGIN,
        )
        .select_related("contest")
        .order_by("ends_at")
    )


def ranked_rounds(contest: Contest) -> QuerySet[Round]:
    """The rounds that count for the results."""
    return contest.rounds.filter(is_practice=False).order_by("number")


def questions_in_competition() -> QuerySet[RoundQuestion]:
    """Questions of ranked rounds that are frozen and not closed, of any contest: nobody may learn their answers."""
    rounds = Round.objects.filter(status__in=[RoundStatus.FROZEN, RoundStatus.OPEN], is_practice=False)
    over = Q(contest__status=ContestStatus.CANCELLED) | Q(contest__in=_drafts_too_late())
    return RoundQuestion.objects.filter(round__in=rounds.exclude(over))


def _drafts_too_late() -> QuerySet[Contest]:
    """Drafts that nobody can announce any more, for a frozen round has ended. None of their rounds ever opens."""
    ended = Round.objects.filter(contest=OuterRef("pk"), frozen_at__isnull=False, ends_at__lte=Now())
    return Contest.objects.filter(Exists(ended), status=ContestStatus.DRAFT)


def keeps_answers_secret(round: Round) -> bool:
    """Whether a ranked round of any contest that is not closed asks a question of this one, in any revision."""
    own = RoundQuestion.objects.filter(round=round).values("question__key")
    return questions_in_competition().filter(question__key__in=own).exists()


def shows_solutions(round: Round) -> bool:
    """Whether contestants may see which answers are right: not while others compete with the same questions."""
    is_over = round.is_practice or (round.status == RoundStatus.CLOSED and round.shows_results)
    return (is_over or is_cancelled_with_attempts(round)) and not keeps_answers_secret(round)


def is_cancelled_with_attempts(round: Round) -> bool:
    """Whether its contest was cancelled after somebody began an attempt: who has a receipt can check it then."""
    return round.contest.status == ContestStatus.CANCELLED and round.attempts.exists()


def publishes_proof(round: Round) -> bool:
    """Whether the seed and the questions with their answers are public: after the end, as `shows_solutions`."""
    return (round.status == RoundStatus.CLOSED or is_cancelled_with_attempts(round)) and shows_solutions(round)


def rounds_with_known_answers(keys: Collection[str]) -> list[Round]:
    """Rounds that asked some of these questions and show their answers, or may show them at any time."""
    return [round for round in _rounds_that_ask(keys) if round.is_practice or publishes_proof(round)]


def _rounds_that_ask(keys: Collection[str]) -> QuerySet[Round]:
    """Frozen rounds that ask some of these questions, in any revision. Not of samples and of what never opens."""
    asked = RoundQuestion.objects.filter(question__key__in=keys)
    rounds = Round.objects.filter(pk__in=asked.values("round"), contest__is_sample=False)
    return rounds.exclude(contest__in=_drafts_too_late()).select_related("contest").order_by("pk")


def rounds_with_readable_scores(contest: Contest, keys: Collection[str]) -> list[Round]:
    """Frozen ranked rounds that asked some of these questions and in which several attempts are made, there or here.

    Attempts that answer one question each tell by their scores which answers are right. Of a cancelled contest only
    rounds count in which somebody began: they show scores.
    """
    rounds = _rounds_that_ask(keys).filter(is_practice=False)
    if contest.max_attempts == 1:
        rounds = rounds.exclude(contest__max_attempts=1)  # null too is several
    return [
        round
        for round in rounds
        if round.contest.status != ContestStatus.CANCELLED or is_cancelled_with_attempts(round)
    ]


def counted_rounds(contest: Contest) -> QuerySet[Round]:
    """The ranked rounds that count: frozen, or still to be frozen. One that nobody froze in time never opens."""
    return ranked_rounds(contest).exclude(frozen_at=None, starts_at__lte=Now())


def contests_to_close() -> QuerySet[Contest]:
    """Announced contests whose ranked rounds are all closed or over; of contests with practice only, all rounds.

    A round that nobody froze is over when it ends.
    """
    rounds = Round.objects.filter(contest=OuterRef("pk"))
    left = rounds.exclude(status=RoundStatus.CLOSED).exclude(frozen_at=None, ends_at__lt=Now())
    ours = Contest.objects.filter(home="", status=ContestStatus.ANNOUNCED)
    announced = ours.filter(~Exists(left.filter(is_practice=False)))
    return announced.filter(Exists(rounds.filter(is_practice=False)) | ~Exists(left))


def contest_fingerprint(contest: Contest) -> str:
    """A fingerprint of what staff read of a contest before they decide: its columns, topics and rounds."""
    values = {field.attname: getattr(contest, field.attname) for field in Contest._meta.concrete_fields}
    rounds = contest.rounds.values_list(
        "number", "title", "bank", "starts_at", "ends_at", "seconds", "sections", "is_practice"
    )
    fields = [values[name] for name in sorted(values.keys() - UNFINGERPRINTED_FIELDS)]
    rows = [list(contest.topics.order_by("pk").values_list("pk")), list(rounds)]
    return hashlib.sha256(json.dumps([fields, rows], default=str).encode()).hexdigest()


def round_fingerprint(round: Round) -> str:
    """A fingerprint of what the second person reads before freezing: the round and the questions it would draw from."""
    approved = QuizQuestion.objects.filter(bank=round.bank_id, status="approved").order_by("key")
    questions = approved.values_list("key", "revision", "topic", "approved_at")
    columns = [
        round.number, round.title, round.bank_id, round.starts_at, round.ends_at, round.seconds, round.sections,
        round.is_practice,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps([*columns, list(questions)], default=str).encode()).hexdigest()


def void_fingerprint(question: RoundQuestion) -> str:
    """A fingerprint of the proposal to void a question that the second person reads."""
    values = [question.pk, question.void_proposed_by_id, question.void_reason]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def public_texts(contest: Contest) -> dict[str, str]:
    """{name: text} of what the page of a contest says in words."""
    return {name: getattr(contest, name) for name in ("title", "text", "prizes")}


def overlapping_rounds(round: Round) -> QuerySet[Round]:
    """Other ranked rounds of the contest that are open at the same time."""
    others = Round.objects.filter(contest=round.contest, is_practice=False).exclude(pk=round.pk)
    return others.filter(Q(starts_at__lt=round.ends_at) & Q(ends_at__gt=round.starts_at))
