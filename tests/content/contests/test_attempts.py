"""Attempts: started once, saved in order, submitted with a receipt, by the clock of the database."""

import datetime
import hashlib
import json
import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.contests import papers, queries, services
from content.contests.models import Attempt
from content.errors import QuotaExceeded, RuleBroken
from content.people.models import Reader
from content.seals import services as seals
from tests.builders import a_bank, a_quiz_question
from tests.builders_contests import (
    DAY,
    HOUR,
    MINUTE,
    a_planned_contest,
    a_running_contest,
    an_entry,
    answers_for,
    close,
    frozen,
    round_of,
    shift,
    started,
)

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def refused(call, *arguments, **columns):
    """(code, field) of the RuleBroken that this raises; no attempt is changed by it."""
    before = list(Attempt.objects.order_by("pk").values())
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    assert list(Attempt.objects.order_by("pk").values()) == before
    return refusal.value.code, refusal.value.field


def at_deadline(attempt, plus):
    """As if that much time had passed since the deadline."""
    now = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(started_at=now - HOUR, deadline_at=now - plus)
    return Attempt.objects.get(pk=attempt.pk)


def test_an_attempt_is_started_once_and_shows_a_paper_without_a_key():
    contest = a_running_contest()
    round, reader, nonce = round_of(contest), an_entry(contest).reader, os.urandom(16)
    attempt, created = services.start(round, reader, nonce=nonce)
    assert created
    assert attempt.deadline_at - attempt.started_at == datetime.timedelta(seconds=900)
    assert services.start(round, reader, nonce=nonce) == (attempt, False)
    assert services.start(round, reader, nonce=os.urandom(32)) == (attempt, False)  # a second open attempt
    shown = papers.shown_paper(attempt)
    assert [question.number for question in shown] == [1, 2, 3, 4]
    assert [[letter for letter, _text in question.choices] for question in shown] == [list("abcd")] * 4
    assert len({question.text for question in shown}) == 4
    assert not hasattr(shown[0], "right") and "Khoản 1" not in repr(shown)
    services.submit(attempt, seq=1, answers={})
    assert services.start(round, reader, nonce=nonce) == (attempt, False)
    assert refused(services.start, round, reader, nonce=os.urandom(16)) == ("no_attempts_left", None)


def test_the_last_minutes_of_a_round_give_less_time():
    contest = a_running_contest()
    shift(contest, -HOUR / 2 + datetime.timedelta(minutes=5))
    round = round_of(contest)
    assert started(round, an_entry(contest).reader).deadline_at == round.ends_at


def test_who_may_not_start_is_told_why():
    contest = a_running_contest(prediction_of="contestants")
    round, reader = round_of(contest), an_entry(contest).reader
    for nonce in (b"abc", b"", os.urandom(33), os.urandom(15)):
        assert refused(services.start, round, reader, nonce=nonce) == ("invalid_nonce", "nonce")
    for prediction in (-1, 10**30, 1_000_000_001, True, 1.5):
        assert refused(services.start, round, reader, nonce=os.urandom(16), prediction=prediction) == (
            "prediction_out_of_range",
            "prediction",
        )
    assert refused(services.start, round, Reader.objects.create(), nonce=os.urandom(16)) == ("no_entry", None)
    other = a_running_contest(round.bank)
    asks_nothing = round_of(other), an_entry(other).reader
    assert refused(services.start, *asks_nothing, nonce=os.urandom(16), prediction=5)[0] == "prediction_not_asked"
    shift(contest, HOUR)
    assert refused(services.start, round_of(contest), reader, nonce=os.urandom(16)) == ("round_not_open", None)
    shift(contest, -2 * HOUR)
    assert refused(services.start, round_of(contest), reader, nonce=os.urandom(16)) == ("round_not_open", None)
    services.cancel(other, reason="Bão")
    assert refused(services.start, round_of(other), asks_nothing[1], nonce=os.urandom(16))[0] == "round_not_open"


def test_a_round_that_nobody_froze_does_not_open():
    contest = services.announce(a_planned_contest())
    shift(contest, -datetime.timedelta(days=1) - HOUR / 2)
    reader = an_entry(contest).reader
    assert refused(services.start, round_of(contest), reader, nonce=os.urandom(16))[0] == "round_not_open"


def test_answers_are_saved_in_the_order_of_seq_and_an_older_one_changes_nothing():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    assert services.save(attempt, seq=5, answers={"1": "b", "2": ""}).saved_seq == 5
    assert services.save(attempt, seq=3, answers={"1": "c"}).saved_seq == 5
    assert services.save(attempt, seq=5, answers={"1": "d"}).saved_seq == 5
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.saved_seq) == ({"1": "b", "2": ""}, 5)
    for seq in (0, -1, 2**53 + 1, True, "7"):
        assert refused(services.save, attempt, seq=seq, answers={}) == ("invalid_seq", "seq")


def test_answers_that_are_not_of_this_paper_are_refused():
    bank = a_bank()
    a_quiz_question(bank)
    a_quiz_question(bank, kind="fill_in", accepted=["Mười lăm"])
    contest = a_running_contest(bank, size=2)
    attempt = started(round_of(contest), an_entry(contest).reader)
    kinds = {question.kind: str(question.number) for question in papers.shown_paper(attempt)}
    choice, text = kinds["single"], kinds["fill_in"]
    cases = [
        ({"3": "a"}, "unknown_question"),  # another paper's answers
        ({"0": "a"}, "unknown_question"),
        ({"x" * 1000: "a"}, "unknown_question"),
        ({choice: "e"}, "unknown_choice"),
        ({choice: "ab"}, "unknown_choice"),
        ({choice: "B"}, "unknown_choice"),
        ({choice: None}, "unknown_choice"),
        ({choice: ["a"]}, "unknown_choice"),
        ({text: "\0"}, "invalid_character"),
        ({text: "\ud800"}, "invalid_character"),
        ({text: "a" * 201}, "too_long"),
    ]
    for answers, code in cases:
        for call in (services.save, services.submit):
            assert refused(call, attempt, seq=1, answers=answers) == (code, "answers"), answers
    services.save(attempt, seq=1, answers={text: "mu\u031bo\u031b\u0300i  LĂM"})  # NFD
    submitted, _ = services.submit(attempt, seq=2, answers={choice: "a", text: "mu\u031bo\u031b\u0300i  LĂM"})
    assert submitted.answers[text] == "mười  LĂM"
    assert submitted.correct == 1 + (answers_for(attempt, 2)[choice] == "a")


def test_a_submission_is_scored_and_its_receipt_verifies_offline():
    contest = a_running_contest()
    entry = an_entry(contest)
    attempt = started(round_of(contest), entry.reader)
    given = answers_for(attempt, 3)
    submitted, now = services.submit(attempt, seq=9, answers=given)
    assert (now, submitted.correct, submitted.saved_seq, submitted.settled_at) == (True, 3, 9, None)
    claims = seals.verify(submitted.receipt)
    canonical = json.dumps(given, sort_keys=True, separators=(",", ":")).encode()
    assert claims["answers_hash"] == hashlib.sha256(bytes(attempt.nonce) + canonical).hexdigest()
    assert claims["paper_hash"] == papers.paper_hash_of(submitted)
    assert {name: claims[name] for name in ("contest", "round", "entry", "number", "saved_seq")} == {
        "contest": contest.key, "round": 1, "entry": entry.code, "number": 1, "saved_seq": 9,
    }  # fmt: skip
    assert datetime.datetime.fromisoformat(claims["submitted_at"]) == submitted.submitted_at
    again, now = services.submit(attempt, seq=10, answers={"1": "a"})
    assert (again.receipt, again.answers, now) == (submitted.receipt, given, False)
    assert refused(services.save, attempt, seq=11, answers={}) == ("already_submitted", None)


def test_a_submission_older_than_what_was_saved_submits_what_was_saved():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    services.save(attempt, seq=7, answers=answers_for(attempt, 4))
    submitted, _ = services.submit(attempt, seq=2, answers=answers_for(attempt, 0))
    assert (submitted.correct, submitted.saved_seq) == (4, 7)


def test_a_submission_of_the_same_seq_as_what_was_saved_is_the_last_word():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    services.save(attempt, seq=5, answers=answers_for(attempt, 1))  # the reply was lost: the app counts on from 4
    given = answers_for(attempt, 4)
    submitted, _ = services.submit(attempt, seq=5, answers=given)
    assert (submitted.answers, submitted.correct, submitted.saved_seq) == (given, 4, 5)
    canonical = json.dumps(given, sort_keys=True, separators=(",", ":")).encode()
    claims = seals.verify(submitted.receipt)
    assert claims["answers_hash"] == hashlib.sha256(bytes(attempt.nonce) + canonical).hexdigest()
    assert services.submit(attempt, seq=5, answers={})[0].answers == given  # a repeat


def test_five_seconds_after_the_deadline_it_is_too_late_and_what_was_saved_counts():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    services.save(attempt, seq=1, answers=answers_for(attempt, 2))
    late = at_deadline(attempt, 6 * SECOND)
    for call in (services.save, services.submit):
        assert refused(call, late, seq=2, answers=answers_for(attempt, 4)) == ("too_late", None)
    assert services.close_left_open() == 0  # what came in time may still be under way
    late = at_deadline(attempt, 21 * SECOND)
    assert services.close_left_open() == 1
    assert services.close_left_open() == 0
    late.refresh_from_db()
    assert (late.correct, late.is_closed_by_system, late.submitted_at) == (2, True, late.deadline_at)
    assert late.duration_ms == (late.deadline_at - late.started_at) / datetime.timedelta(milliseconds=1) // 1
    assert seals.verify(late.receipt)["saved_seq"] == 1
    assert refused(services.submit, late, seq=2, answers=answers_for(attempt, 4)) == ("too_late", None)


def test_within_five_seconds_after_the_deadline_it_is_taken_and_the_time_is_that_of_the_deadline():
    contest = a_running_contest()
    attempt = at_deadline(started(round_of(contest), an_entry(contest).reader), 2 * SECOND)
    assert services.close_left_open() == 0
    submitted, _ = services.submit(attempt, seq=1, answers=answers_for(attempt, 1))
    assert submitted.submitted_at > submitted.deadline_at
    assert submitted.duration_ms == (HOUR - 2 * SECOND) / datetime.timedelta(milliseconds=1)


def test_who_starts_again_after_a_forgotten_attempt_gets_the_next_number():
    contest = a_running_contest(max_attempts=2)
    reader = an_entry(contest).reader
    first = at_deadline(started(round_of(contest), reader), 6 * SECOND)
    second = started(round_of(contest), reader)
    first.refresh_from_db()
    assert (second.number, first.is_closed_by_system, first.correct) == (2, True, 0)
    services.submit(second, seq=1, answers={})
    assert refused(services.start, round_of(contest), reader, nonce=os.urandom(16))[0] == "no_attempts_left"


def test_practice_goes_on_after_the_first_attempts_were_erased():
    contest = a_running_contest(is_practice=True)
    reader = an_entry(contest).reader
    first = started(round_of(contest), reader)
    services.submit(first, seq=1, answers={})
    second = started(round_of(contest), reader)
    services.submit(second, seq=1, answers={})
    Attempt.objects.filter(pk=first.pk).delete()  # as practice is after 30 days
    assert started(round_of(contest), reader).number == 3


def test_the_right_answers_are_shown_after_the_end_only():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    assert refused(papers.solved_paper, attempt) == ("results_not_shown", None)
    services.submit(attempt, seq=1, answers=answers_for(attempt, 2))
    mine = queries.attempt_of(attempt.entry.reader, attempt.key)
    assert refused(papers.solved_paper, mine) == ("results_not_shown", None)
    close(contest)
    solved = papers.solved_paper(queries.attempt_of(attempt.entry.reader, attempt.key))
    assert [each.is_right for each in solved] == [True, True, False, False]
    assert solved[0].right == [solved[0].answer] and solved[2].right != [solved[2].answer]
    assert solved[0].explanation == "Khoản 1 Điều 2."
    assert queries.attempt_of(Reader.objects.create(), attempt.key) is None


def test_practice_shows_the_right_answers_at_once_without_limit_and_is_not_counted():
    contest = a_running_contest(is_practice=True)
    reader = an_entry(contest).reader
    for number in (1, 2, 3):
        attempt = started(round_of(contest), reader)
        attempt, _ = services.submit(attempt, seq=1, answers={})
        assert (attempt.number, attempt.settled_at is None) == (number, False)
        assert len(papers.solved_paper(attempt)) == 4


def test_an_app_saves_after_fifteen_to_twenty_seconds_and_later_under_load():
    assert {services.save_seconds() for _ in range(500)} <= set(range(15, 21))
    assert services.save_seconds(stretch=4) >= 60


def test_a_frozen_round_before_its_start_takes_nothing():
    contest = a_planned_contest()
    frozen(round_of(contest))
    contest = services.announce(contest)
    assert refused(services.start, round_of(contest), an_entry(contest).reader, nonce=os.urandom(16)) == (
        "round_not_open",
        None,
    )


@pytest.mark.parametrize("is_practice", [True, False])
def test_after_two_hundred_attempts_within_a_day_an_entry_waits_and_others_do_not(is_practice):
    contest = a_running_contest(max_attempts=None, is_practice=is_practice)
    round, entry, other = round_of(contest), an_entry(contest), an_entry(contest)
    now = timezone.now()
    ended = {"deadline_at": now, "submitted_at": now, "correct": 0, "duration_ms": 1, "receipt": "r"}
    Attempt.objects.bulk_create(
        Attempt(
            entry=entry,
            round=round,
            number=number,
            nonce=bytes([number]) * 16,
            started_at=now - number * MINUTE,
            **ended,
        )
        for number in range(1, 201)
    )
    with pytest.raises(QuotaExceeded) as refusal:
        services.start(round, entry.reader, nonce=os.urandom(16))
    assert (refusal.value.code, refusal.value.until) == ("too_many_attempts", now - 200 * MINUTE + DAY)
    assert services.start(round, other.reader, nonce=os.urandom(16))[1]
    Attempt.objects.filter(number=200).update(started_at=now - DAY)
    assert services.start(round, entry.reader, nonce=os.urandom(16))[0].number == 201


def test_attempts_left_open_are_locked_a_few_at_a_time():
    contest = a_running_contest()
    for _ in range(25):
        started(round_of(contest), an_entry(contest).reader)
    now = timezone.now()
    Attempt.objects.update(started_at=now - HOUR, deadline_at=now - MINUTE)
    with CaptureQueriesContext(connection) as statements:
        assert services.close_left_open() == 25
    locking = [each["sql"] for each in statements if "SKIP LOCKED" in each["sql"]]
    assert [each.partition(" IN (")[2].partition(")")[0].count(",") + 1 for each in locking] == [20, 5]
    assert not Attempt.objects.filter(is_closed_by_system=False).exists()
    assert services.close_left_open() == 0
