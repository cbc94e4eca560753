"""Many at once: real threads and processes, real transactions."""

import os
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from content.changes.models import Change
from content.contest_results import proof, services
from content.contest_results.models import GroupCount, ScoreCount, Standing
from content.contest_results.services import counting
from content.contests import services as contests
from content.contests.models import Attempt, Entry
from content.contests.services import transitions as contest_transitions
from content.errors import RuleBroken
from content.locks import Lock
from content.people.models import Reader
from content.question_banks.models import QuizQuestion
from content.seals import services as seals
from tests.builders import a_quiz_question, justice, land
from tests.builders_contests import (
    HOUR,
    MINUTE,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    answers_for,
    judge,
    round_of,
    shift,
    started,
)
from tests.content.contest_results.test_results import counted

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.usefixtures("committed")
SETTLE = """
import django
django.setup()
from content.contests.models import Round
from content.contest_results.services import settle
for round in Round.objects.select_related("contest"):
    while settled := settle(round, limit=3):
        print(settled, flush=True)
"""


def at_once(call, times, threads=16):
    """What `call(n)` gave for each n below `times`: its result, or the code of its RuleBroken."""

    def run(number):
        try:
            return call(number)
        except RuleBroken as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(times)))


def test_of_two_hundred_submissions_of_one_attempt_one_counts():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    answers = [answers_for(attempt, right) for right in range(5)]

    def submit(number):
        done, is_first = contests.submit(attempt, seq=number + 1, answers=answers[number % 5])
        return done.receipt, is_first

    results = at_once(submit, 200)
    attempt.refresh_from_db()
    assert {receipt for receipt, _first in results} == {attempt.receipt}
    assert [first for _receipt, first in results].count(True) == 1
    assert attempt.answers == answers[(attempt.saved_seq - 1) % 5]
    at_once(lambda _: services.settle_all(), 8)
    assert (Standing.objects.get().attempts, ScoreCount.objects.get().contestants) == (1, 1)


def test_saves_in_any_order_keep_the_latest():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    seqs = random.sample(range(1, 101), 100)
    at_once(lambda n: contests.save(attempt, seq=seqs[n], answers={"1": "abcd"[seqs[n] % 4]}), 100)
    attempt.refresh_from_db()
    assert (attempt.saved_seq, attempt.answers) == (100, {"1": "a"})


def test_starts_at_once_make_one_attempt_and_entries_at_once_one_entry():
    contest, reader = a_running_contest(), Reader.objects.create()
    entries = at_once(lambda _: contests.enter(contest, reader, age_band="adult", consent=True)[0].code, 20)
    assert set(entries) == {Entry.objects.get().code}
    round = round_of(contest)
    attempts = at_once(lambda _: contests.start(round, reader, nonce=os.urandom(16))[0].key, 40)
    assert set(attempts) == {Attempt.objects.get().key}


def test_a_start_does_not_overwrite_the_submission_that_it_waited_for():
    contest = a_running_contest(max_attempts=3)
    round, reader = round_of(contest), an_entry(contest).reader
    attempt = started(round, reader)
    answers, now = answers_for(attempt, 3), timezone.now()
    late = {"started_at": now - HOUR, "deadline_at": now - HOUR / 2}
    Attempt.objects.filter(pk=attempt.pk).update(**late)  # a start finds it left open, and closes it
    submitted, finish = threading.Event(), threading.Event()

    def submit():
        try:
            with transaction.atomic():
                Attempt.objects.filter(pk=attempt.pk).update(deadline_at=now + HOUR)  # as if it had come in time
                done, _first = contests.submit(attempt, seq=1, answers=answers)
                submitted.set()
                assert finish.wait(60)
                return done.receipt
        finally:
            submitted.set()
            connection.close()

    def start():
        try:
            return contests.start(round, reader, nonce=os.urandom(16))[0].number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        submission = pool.submit(submit)
        assert submitted.wait(60)
        beginning = pool.submit(start)
        while not beginning.done() and not is_somebody_waiting():
            pass
        finish.set()
        receipt, number = submission.result(), beginning.result()
    attempt.refresh_from_db()
    assert (attempt.receipt, attempt.answers, attempt.is_closed_by_system) == (receipt, answers, False)
    assert number == 2


def done_while(write, call):
    """What `call()` gave, or the code of its RuleBroken: it read before `write()` committed, and waited for it."""
    written, finish = threading.Event(), threading.Event()

    def other():
        try:
            with transaction.atomic():
                write()
                written.set()
                assert finish.wait(60)
        finally:
            written.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(other)
        assert written.wait(60)
        calling = pool.submit(at_once, lambda _: call(), 1)
        while not calling.done() and not is_somebody_waiting():
            pass
        finish.set()
        writing.result()
        return calling.result()[0]


def an_open_attempt():
    """(attempt, answers by how many are right)."""
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    return attempt, [answers_for(attempt, right) for right in range(5)]


def close_as_the_worker(attempt):
    now = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(started_at=now - HOUR, deadline_at=now - HOUR / 2)
    assert contests.close_left_open() == 1


@pytest.mark.parametrize(("seq", "expected"), [(2, (7, 4)), (9, (9, 1))])
def test_a_submission_does_not_overwrite_a_later_save_that_it_waited_for(seq, expected):
    attempt, answers = an_open_attempt()
    done, is_new = done_while(
        lambda: contests.save(attempt, seq=7, answers=answers[4]),
        lambda: contests.submit(attempt, seq=seq, answers=answers[1]),
    )
    attempt.refresh_from_db()
    assert is_new and (attempt.saved_seq, attempt.correct) == expected
    assert (done.receipt, seals.verify(attempt.receipt)["saved_seq"]) == (attempt.receipt, expected[0])


def test_a_submission_that_waited_for_another_returns_that_one():
    attempt, answers = an_open_attempt()
    done, is_new = done_while(
        lambda: contests.submit(attempt, seq=1, answers=answers[3]),
        lambda: contests.submit(attempt, seq=9, answers=answers[0]),
    )
    attempt.refresh_from_db()
    assert (is_new, attempt.answers, attempt.correct, done.receipt) == (False, answers[3], 3, attempt.receipt)


def test_a_save_that_waited_for_a_later_one_changes_nothing():
    attempt, answers = an_open_attempt()
    done = done_while(
        lambda: contests.save(attempt, seq=7, answers=answers[4]),
        lambda: contests.save(attempt, seq=3, answers=answers[0]),
    )
    attempt.refresh_from_db()
    assert (done.saved_seq, attempt.saved_seq, attempt.answers) == (7, 7, answers[4])


def test_a_save_that_waited_for_the_submission_changes_nothing():
    attempt, answers = an_open_attempt()
    said = done_while(
        lambda: contests.submit(attempt, seq=1, answers=answers[3]),
        lambda: contests.save(attempt, seq=9, answers=answers[0]),
    )
    attempt.refresh_from_db()
    assert (said, attempt.saved_seq, attempt.answers) == ("already_submitted", 1, answers[3])


@pytest.mark.parametrize("call", [contests.save, contests.submit])
def test_what_waited_for_the_worker_is_too_late_and_what_was_saved_counts(call):
    attempt, answers = an_open_attempt()
    contests.save(attempt, seq=1, answers=answers[2])
    said = done_while(lambda: close_as_the_worker(attempt), lambda: call(attempt, seq=9, answers=answers[4]))
    attempt.refresh_from_db()
    assert (said, attempt.is_closed_by_system, attempt.correct, attempt.saved_seq) == ("too_late", True, 2, 1)


@pytest.mark.parametrize("call", [contests.save, contests.submit])
def test_who_comes_after_the_grace_is_refused_without_waiting_for_the_worker(call):
    attempt, answers = an_open_attempt()
    now = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(started_at=now - HOUR, deadline_at=now - MINUTE)
    with transaction.atomic():
        assert contests.close_left_open() == 1  # and it holds the row
        assert at_once(lambda _: call(attempt, seq=9, answers=answers[4]), 1) == ["too_late"]


@pytest.mark.parametrize("call", [contests.save, contests.submit])
def test_what_comes_in_the_grace_waits_for_who_holds_the_row_and_is_taken(call):
    attempt, answers = an_open_attempt()
    now = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(started_at=now - HOUR, deadline_at=now)
    row = Attempt.objects.filter(pk=attempt.pk)
    done_while(lambda: row.update(saved_seq=2), lambda: call(attempt, seq=9, answers=answers[4]))
    attempt.refresh_from_db()
    assert (attempt.saved_seq, attempt.answers) == (9, answers[4])


@pytest.mark.parametrize("send", [contests.save_own, contests.submit_own])
def test_what_a_phone_sends_first_is_not_stored_when_its_reader_is_erased_meanwhile(send):
    attempt, answers = an_open_attempt()
    reader = attempt.entry.reader

    def sent():
        try:
            return send(reader, attempt.key, seq=1, answers=answers[4])
        except Attempt.DoesNotExist:
            return "not found"

    assert done_while(lambda: services.erase_contest_data_of(reader), sent) == "not found"
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.submitted_at) == ({}, None)


def is_somebody_waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def is_somebody_counting():
    with connection.cursor() as cursor:
        lock = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted)"
        cursor.execute(lock, [int(Lock.CONTEST_COUNTS)])
        return cursor.fetchone()[0]


def test_of_two_that_close_a_round_one_does_and_the_seed_is_published_once():
    contest = a_running_contest()
    for right in (3, 1):
        a_result(contest, right)
    services.settle_all()
    round = round_of(contest)
    shift(contest, timezone.now() - round.ends_at - HOUR)
    assert sorted(at_once(lambda _: services.finalise(round), 2, threads=2)) == [False, True]
    assert Change.objects.filter(event_type="contest.round_closed").count() == 1
    assert sorted(Standing.objects.values_list("rank", flat=True)) == [1, 2]


def test_rounds_of_one_bank_with_their_sections_in_another_order_are_frozen_at_once():
    bank = a_quiz_bank(2)
    for _ in range(2):
        a_quiz_question(bank, topic=justice())
    sections = [{"topic": topic.key, "count": 1} for topic in (land(), justice())]
    rounds = [round_of(a_planned_contest(bank, size=1)) for _ in range(2)]
    for round, planned in zip(rounds, (sections, sections[::-1]), strict=True):
        contests.revise_round(round, sections=planned)
        contests.propose_freeze(round, by=None)

    def freeze(round):
        try:
            return contests.freeze(round, by=None).status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            QuizQuestion.objects.select_for_update().get(pk=bank.questions.filter(topic=justice()).first().pk)
            frozen = []
            for waiting, round in enumerate(rounds[::-1], 1):  # the second begins with what is locked here
                frozen.append(pool.submit(freeze, round))
                while not frozen[-1].done() and how_many_wait() < waiting:
                    pass
        assert [each.result() for each in frozen] == ["frozen", "frozen"]


def how_many_wait():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def test_an_attempt_that_begins_during_a_cancel_is_known_to_it():
    contest = a_running_contest()
    round, reader = round_of(contest), an_entry(contest).reader
    done_while(lambda: started(round, reader), lambda: contests.cancel(contest, reason="Bão"))
    (told,) = Change.objects.get(event_type="contest.cancelled").facts["rounds"]
    assert told.get("seed") == proof.round_proof(round_of(contest))["seed"]


def test_nobody_begins_after_a_cancel_that_they_waited_for():
    contest = a_running_contest()
    round, reader = round_of(contest), an_entry(contest).reader
    said = done_while(lambda: contests.cancel(contest, reason="Bão"), lambda: started(round, reader))
    assert (said, Attempt.objects.exists()) == ("round_not_open", False)
    assert "seed" not in Change.objects.get(event_type="contest.cancelled").facts["rounds"][0]


def test_who_starts_waits_neither_for_others_nor_for_the_worker_that_has_the_contest():
    contest = a_running_contest()
    round, readers = round_of(contest), [an_entry(contest).reader for _ in range(3)]
    with transaction.atomic():
        started(round, readers.pop())
        contest_transitions.locked_round(round)
        counting.hold_counts(contest)
        assert at_once(lambda n: started(round, readers[n]).number, 2) == [1, 1]


def test_starts_and_a_cancel_at_once_agree_on_who_began():
    contest = a_running_contest()
    readers = [an_entry(contest).reader for _ in range(40)]

    def step(number):
        if number == 20:
            return contests.cancel(contest, reason="Bão").status
        return started(round_of(contest), readers[number]).number

    said = at_once(step, 40)
    (told,) = Change.objects.get(event_type="contest.cancelled").facts["rounds"]
    assert set(said) <= {1, "round_not_open", "cancelled"}
    assert said.count(1) == Attempt.objects.count()
    assert ("seed" in told) == Attempt.objects.exists()


def cancelled(contest):
    contests.cancel(contest, reason="Bão")


def closed(contest):
    services.finalise(round_of(contest))


def published(contest):
    services.publish_results(contest, by=None, notify=False)


@pytest.mark.parametrize("end", [cancelled, closed, published])
def test_answers_do_not_become_public_while_a_round_that_asks_them_is_frozen(end):
    bank = a_quiz_bank()
    contest = a_running_contest(bank, results_shown="when_published" if end is published else "at_close")
    a_result(contest, 2)
    if end is not cancelled:
        services.settle_all()
        shift(contest, timezone.now() - round_of(contest).ends_at - HOUR)
    if end is published:
        services.run_schedule()
        services.propose_results(contest, winners=[], by=judge())
    other = round_of(a_planned_contest(bank))
    contests.propose_freeze(other, by=None)

    def read_proof():
        end(contest)
        return proof.round_proof(round_of(contest))

    assert done_while(lambda: contests.freeze(other, by=None), read_proof) == "answers_still_secret"
    assert (round_of(contest).contest.status, round_of(other.contest).status) == (end.__name__, "frozen")


def test_of_two_that_void_a_question_at_once_one_does():
    contest = a_running_contest()
    question = services.propose_void(round_of(contest).questions.first(), by=judge("lan-judges"), reason="Sai")
    people = [judge(name) for name in ("one", "two")]
    results = at_once(lambda n: services.confirm_void(question, by=people[n]).pk, 2, threads=2)
    assert sorted(map(str, results)) == sorted([str(question.pk), "already_voided"])
    assert round_of(contest).void_count == 1


def test_a_worker_killed_while_it_counts_has_counted_each_attempt_once():
    contest = a_running_contest(a_quiz_bank(4), max_attempts=3, units=["Trường A", "Trường B"])
    rng = random.Random(1)
    for number in range(20):
        reader = an_entry(contest, unit=f"Trường {'AB'[number % 2]}").reader
        for _ in range(rng.randint(1, 3)):
            a_result(contest, rng.randint(0, 4), reader=reader)
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", SETTLE]
    for batches in (1, 2, 1, 3):
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        for _ in range(batches):
            worker.stdout.readline()
        while worker.poll() is None and not is_somebody_counting():
            pass
        worker.kill()  # in the middle of a batch
        assert worker.wait() in (-signal.SIGKILL, 0)
        worker.stdout.close()
        settled = Attempt.objects.exclude(settled_at=None)
        assert sum(Standing.objects.values_list("attempts", flat=True)) == settled.count()
        assert (
            sum(ScoreCount.objects.values_list("contestants", flat=True)) == settled.values("entry").distinct().count()
        )
    at_once(lambda _: services.settle_all(), 4)
    assert not Attempt.objects.filter(settled_at=None).exists()
    assert sum(GroupCount.objects.filter(kind="unit").values_list("attempts", flat=True)) == Attempt.objects.count()
    state = counted()
    counting.rebuild(contest)
    assert counted() == state
