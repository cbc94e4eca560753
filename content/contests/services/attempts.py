"""Attempts: start, save, submit, and close what is left open. The clock is that of the database."""

import datetime
import logging
import math
import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from content import locks
from content.clock_times import end_in_words, start_in_words
from content.contest_papers import paper
from content.contests import attempt_rows, papers, queries
from content.contests.models import Attempt, Entry, Round
from content.contests.models.attempts import MAX_PREDICTION
from content.copies import refuse_taking_part
from content.errors import QuotaExceeded, RuleBroken
from content.locks import Lock
from content.people.models import Reader
from content.seals import services as seals
from content.vietnam_time import local_iso

Written = TypeVar("Written")
log = logging.getLogger(__name__)
NONCE_BYTES = range(16, 33)
MAX_SEQ = 2**53  # what a number in JSON holds exactly
SAVE_SECONDS = 15
MOST_ATTEMPTS_A_DAY = 200  # of a contestant in a round, where their number has no limit: against programs
CLOSED_AT_ONCE, LOCKED_AT_ONCE, MOST_PASSED_OVER = 500, 20, 5_000
MILLISECOND, DAY = datetime.timedelta(milliseconds=1), datetime.timedelta(days=1)


@transaction.atomic
def start(round: Round, reader: Reader, *, nonce: bytes, prediction: int | None = None) -> tuple[Attempt, bool]:
    """Start an attempt. Returns (attempt, created). An open attempt is returned as it is, and so is that of this nonce.

    Raises RuleBroken with the field: "invalid_nonce" (16 to 32 bytes), "prediction_not_asked",
    "prediction_out_of_range", "no_entry", "disqualified", "round_not_open", "no_attempts_left"; QuotaExceeded
    ("too_many_attempts") after so many of the last 24 hours that only a program makes them. "not_ours" for a copy.
    """
    refuse_taking_part(round.contest)
    _refuse_input(round, nonce, prediction)
    entry, now = _locked_entry(round, reader)
    attempts = queries.attempts_in_round(entry, round)
    if repeated := attempts.filter(nonce=nonce).first():
        return repeated, False
    # locked: nobody saves or submits it meanwhile, for what they read is then no longer as it was
    if left_open := attempts.filter(submitted_at=None).select_for_update(no_key=True, of=("self",)).first():
        if not _is_late(left_open, now):
            return left_open, False
        _close_by_system(left_open)
    last = attempts.aggregate(last=Max("number"))["last"] or 0  # of practice the first ones may be erased
    _refuse_start(round, entry, last, now)
    if round.is_practice or round.contest.max_attempts is None:
        _refuse_flood(attempts, now)
    end = min(now + datetime.timedelta(seconds=round.seconds), round.ends_at)
    attempt = Attempt(
        entry=entry, round=round, number=last + 1, nonce=nonce, prediction=prediction, started_at=now, deadline_at=end
    )
    attempt.save(force_insert=True)
    return attempt, True


def save(attempt: Attempt, *, seq: int, answers: Mapping[str, Any]) -> Attempt:
    """Store the answers unless later ones are stored already. Returns the attempt: `saved_seq` is the highest stored.

    Raises RuleBroken: "invalid_seq", "too_late" (5 seconds after the deadline), "already_submitted", and what
    `papers.clean_answers` raises. An older `seq` changes nothing.
    """
    return _written(partial(attempt_rows.attempt_by_id, attempt.pk), partial(_save, seq=seq, answers=answers))


def save_own(reader: Reader, key: str, *, seq: int, answers: Mapping[str, Any]) -> Attempt:
    """As `save`, found and read by one statement. Raises Attempt.DoesNotExist, for an attempt of anybody else too."""
    return _written(partial(attempt_rows.own_attempt, reader, key), partial(_save, seq=seq, answers=answers))


def submit(attempt: Attempt, *, seq: int, answers: Mapping[str, Any]) -> tuple[Attempt, bool]:
    """Submit an attempt: score it and sign its receipt. Returns (attempt, whether it was submitted now).

    A repeat returns the attempt as it was submitted, whatever the repeat says. Answers of an older `seq` than the saved
    ones are not used; those of the same `seq` are, for the submission is the last word. Raises RuleBroken: "too_late"
    (also if it was closed by the system), "invalid_seq", and what `papers.clean_answers` raises.
    """
    return _written(partial(attempt_rows.attempt_by_id, attempt.pk), partial(_submit, seq=seq, answers=answers))


def submit_own(reader: Reader, key: str, *, seq: int, answers: Mapping[str, Any]) -> tuple[Attempt, bool]:
    """As `submit`, found and read by one statement. Raises Attempt.DoesNotExist, also for one of anybody else."""
    return _written(partial(attempt_rows.own_attempt, reader, key), partial(_submit, seq=seq, answers=answers))


def close_left_open(limit: int = CLOSED_AT_ONCE) -> int:
    """Close attempts that nobody submitted, with the answers saved last, `limit` read at once. Returns how many.

    A few are locked at a time: a phone that comes late waits a moment for its answer, not for all of them. Two workers
    close none twice: each takes rows that the other has not locked. One that cannot be closed is logged, and does not
    hold up the others; after MOST_PASSED_OVER of them the rest waits for the next minute.
    """
    closed = passed_over = 0
    waiting = queries.attempts_left_open().values_list("pk", flat=True)
    while passed_over < MOST_PASSED_OVER and (left := list(waiting[passed_over : passed_over + limit])):
        batches = (left[first : first + LOCKED_AT_ONCE] for first in range(0, len(left), LOCKED_AT_ONCE))
        done = sum(_close_batch(batch) for batch in batches)
        closed, passed_over = closed + done, passed_over + len(left) - done
    return closed


@transaction.atomic
def _close_batch(attempts: Sequence[int]) -> int:
    left = queries.attempts_left_open().filter(pk__in=attempts)
    return sum(map(_close_left_open, left.select_for_update(no_key=True, skip_locked=True, of=("self",))))


def _close_left_open(attempt: Attempt) -> bool:
    try:
        with transaction.atomic():
            _close_by_system(attempt)
    except Exception:
        log.exception("attempt %s cannot be closed", attempt.pk)
        return False
    return True


def save_seconds(stretch: float = 1) -> int:
    """After how many seconds the app saves again: 15 and a random third, so that phones do not all save at once."""
    return math.ceil(SAVE_SECONDS * stretch * (1 + random.random() / 3))  # noqa: S311 (spreads load)


def _close_by_system(locked: Attempt) -> None:
    """Close a locked attempt that nobody submitted in time, with the answers saved last."""
    _score(locked, locked.deadline_at, is_closed_by_system=True)
    attempt_rows.store_submitted(locked, seen_seq=locked.saved_seq)


def _score(attempt: Attempt, moment: datetime.datetime, *, is_closed_by_system: bool = False) -> None:
    """Set what closes an attempt: the score and the signed receipt. The worker counts it later."""
    spent = min(moment, attempt.deadline_at) - attempt.started_at
    attempt.submitted_at, attempt.is_closed_by_system = moment, is_closed_by_system
    attempt.duration_ms = max(spent // MILLISECOND, 0)
    attempt.correct = papers.correct_count(attempt, papers.voided_positions(attempt.round))
    attempt.scored_voids = attempt.round.void_count
    attempt.settled_at = moment if attempt.round.is_practice else None  # practice is not counted
    attempt.receipt = seals.sign(receipt_claims(attempt))


def receipt_claims(attempt: Attempt) -> dict[str, Any]:
    """What a receipt says of a submitted attempt. It has no answer and no score."""
    round = attempt.round
    return {
        "contest": round.contest.key,
        "round": round.number,
        "entry": attempt.entry.code,
        "number": attempt.number,
        "paper_hash": papers.paper_hash_of(attempt),
        "answers_hash": paper.answers_hash(bytes(attempt.nonce), attempt.answers),
        "started_at": local_iso(attempt.started_at),
        "submitted_at": attempt.submitted_at and local_iso(attempt.submitted_at),
        "saved_seq": attempt.saved_seq,
    }


def _locked_entry(round: Round, reader: Reader) -> tuple[Entry, datetime.datetime]:
    """The reader's entry, locked, and the time of the database. Raises RuleBroken("no_entry").

    Nobody cancels the contest until the transaction ends, and its status is read again. Its row is not locked: all who
    start would wait while the worker closes another round.
    """
    locks.share_for_name(Lock.CONTEST_STARTS, round.contest.key)
    entries = Entry.objects.select_for_update(no_key=True, of=("self",)).filter(contest=round.contest_id, reader=reader)
    entry = entries.annotate(now=Now(), contest_status=F("contest__status")).first()
    if entry is None:
        raise RuleBroken("no_entry", _("Enter the contest first."))
    round.contest.status = entry.contest_status
    return entry, entry.now


def _written(read: Callable[..., Any], write: Callable[[Any], Written | None]) -> Written:
    """What `write` gives for the attempt that `read` finds. It gives None if somebody else wrote it since it was read.

    First without a lock: one statement reads, one writes. Else the attempt is locked before it is read again; so it is
    too in the seconds after the deadline. The worker closes it so much later that who came in time has been served, and
    who comes later is refused without waiting for the worker. `now` stays the time at which the database received the
    first statement.
    """
    attempt = read()
    is_in_grace = attempt.deadline_at < attempt.now and not _is_late(attempt, attempt.now)
    if not is_in_grace and (written := write(attempt)) is not None:
        return written
    with transaction.atomic():
        locked = read(is_locked=True)
        locked.now = attempt.now
        written = write(locked)
    assert written is not None  # noqa: S101 - nobody writes what is locked
    return written


def _save(attempt: Any, *, seq: int, answers: Mapping[str, Any]) -> Attempt | None:
    _refuse_seq(seq)
    _refuse_late(attempt)
    if attempt.submitted_at is not None:
        raise RuleBroken("already_submitted", _("This attempt was submitted. Its answers no longer change."))
    saved: Attempt = attempt
    if seq > saved.saved_seq:
        saved.answers, saved.saved_seq = papers.clean_answers(saved, answers), seq
        return saved if attempt_rows.store_saved(saved) else None
    return saved


def _submit(attempt: Any, *, seq: int, answers: Mapping[str, Any]) -> tuple[Attempt, bool] | None:
    if attempt.submitted_at is not None and not attempt.is_closed_by_system:
        return attempt, False
    _refuse_seq(seq)
    _refuse_late(attempt)
    seen_seq = attempt.saved_seq
    if seq >= seen_seq:  # of an app that counts on only after a reply, which may be lost
        attempt.answers, attempt.saved_seq = papers.clean_answers(attempt, answers), seq
    _score(attempt, attempt.now)
    return (attempt, True) if attempt_rows.store_submitted(attempt, seen_seq=seen_seq) else None


def _is_late(attempt: Attempt, now: datetime.datetime) -> bool:
    return now > attempt.deadline_at + queries.GRACE


def _refuse_late(attempt: Any) -> None:
    if _is_late(attempt, attempt.now) or attempt.is_closed_by_system:
        raise RuleBroken("too_late", _("The time of this attempt is over. The answers saved last count."))


def _refuse_seq(seq: int) -> None:
    if type(seq) is not int or not 0 < seq <= MAX_SEQ:
        raise RuleBroken("invalid_seq", _("Number what is saved upwards from 1."), field="seq")


def _refuse_input(round: Round, nonce: bytes, prediction: int | None) -> None:
    if len(nonce) not in NONCE_BYTES:
        raise RuleBroken("invalid_nonce", _("Send 16 to 32 random bytes."), field="nonce")
    if prediction is None:
        return
    if not round.contest.prediction_of or round.is_practice:
        raise RuleBroken("prediction_not_asked", _("This round asks for no prediction. Omit it."), field="prediction")
    if type(prediction) is not int or not 0 <= prediction <= MAX_PREDICTION:
        message = _("Predict a whole number from 0 to %d.") % MAX_PREDICTION
        raise RuleBroken("prediction_out_of_range", message, field="prediction")


def _refuse_start(round: Round, entry: Entry, made: int, now: datetime.datetime) -> None:
    if entry.disqualified_at:
        raise RuleBroken("disqualified", _("You were taken out of this contest."))
    if not round.is_open(now):
        words = _("The round is open from %(start)s to %(end)s.")
        shown = {"start": start_in_words(round.starts_at), "end": end_in_words(round.ends_at)}
        raise RuleBroken("round_not_open", words % shown)
    most = round.contest.max_attempts
    if most is not None and made >= most and not round.is_practice:
        raise RuleBroken("no_attempts_left", _("You have made all %d attempts of this round.") % most)


def _refuse_flood(attempts: QuerySet[Attempt], now: datetime.datetime) -> None:
    """Each settling of an entry reads all its attempts: a program that makes millions would hold up the count."""
    latest = attempts.filter(started_at__gt=now - DAY).order_by("-started_at").values_list("started_at", flat=True)
    for first in latest[MOST_ATTEMPTS_A_DAY - 1 : MOST_ATTEMPTS_A_DAY]:
        message = _("You have made %d attempts within 24 hours. Go on later.") % MOST_ATTEMPTS_A_DAY
        raise QuotaExceeded("too_many_attempts", message, until=first + DAY)
