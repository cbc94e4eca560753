"""Two at once, in real threads and real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from content.basis.models import BasisChange
from content.changes.models import Change
from content.errors import RuleBroken
from content.events import services as events
from content.people.models import Reader
from content.qa import services
from content.qa.models import Answer, Question
from content.qa.services import outdated, transitions
from notifications.devices import services as devices
from tests.builders import (
    a_document,
    a_member_of_staff,
    a_question,
    a_question_in_review,
    an_answered_question,
    an_event,
    answerer,
    approver,
    correct_law,
)

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*calls):
    """Run these in threads that begin together. Returns what each gave: its result, or a RuleBroken's code."""
    results, start = [None] * len(calls), threading.Barrier(len(calls))

    def run(number, call):
        start.wait()
        try:
            results[number] = call()
        except RuleBroken as refusal:
            results[number] = refusal.code
        except Exception as failure:
            results[number] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_approvers_one_approves_and_everybody_is_notified_once():
    question = a_question_in_review()
    others = [a_member_of_staff(name, "approver") for name in ("one", "two")]
    results = at_once(*(lambda by=by: services.approve(question, by=by).status for by in others))
    assert sorted(results) == ["published", "wrong_status"]
    assert Answer.objects.exclude(approved_at=None).count() == 1
    assert Change.objects.filter(event_type="question.answered").count() == 2  # one public line, one to the asker


def test_the_same_try_twice_at_once_is_one_question():
    reader = Reader.objects.create()
    results = at_once(*[lambda: a_question(reader, idempotency_key="k").pk] * 4)
    assert set(results) == {Question.objects.get().pk}


def test_of_eleven_questions_at_once_ten_are_accepted():
    reader = Reader.objects.create()
    results = at_once(*[lambda: a_question(reader).status] * 11)
    assert sorted(results) == ["submitted"] * 10 + ["too_many_questions"]


def test_two_readings_of_the_same_change_flag_once():
    law = a_document("1/2019/QH14")
    an_answered_question(citations=[(law, "art_2")])
    change = correct_law(law)
    at_once(lambda: outdated.flag_answers_citing(change), lambda: outdated.flag_answers_citing(change))
    assert Change.objects.filter(event_type="question.basis_changed", reader=None).count() == 1


def test_an_answer_that_is_given_up_while_its_law_changes_does_not_stop_the_reading_of_the_change():
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2")])
    services.revise(question, by=answerer(), reason="Xem lại")
    services.save_draft(question, text="Chưa chắc.", citations=[(law, "art_2")], by=answerer())
    change = correct_law(law)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.discard_revision(question, by=answerer(), reason="Không cần")  # deletes its basis
            reading = pool.submit(lambda: (outdated.flag_answers_citing(change), connection.close())[0])
            while how_many_wait() < 1:
                assert not reading.done()
        assert reading.result() == 1
    assert list(BasisChange.objects.values_list("basis", "change")) == [(question.answers.get().basis_id, change.pk)]


def test_an_asker_who_leaves_while_it_is_approved_leaves_no_trace_and_nobody_waits_for_ever():
    for number in range(4):
        reader = Reader.objects.create()
        question, pk = a_question_in_review(reader), reader.pk
        by = approver() if number else a_member_of_staff("other", "approver")

        def leave(reader=reader):
            services.erase_questions_of(reader)
            reader.delete()

        results = at_once(lambda question=question, by=by: services.approve(question, by=by).status, leave)
        assert results[1] is None, results
        assert not Change.objects.filter(reader=pk).exists() and not Question.objects.filter(reader=pk).exists()


def test_erasing_a_seat_and_a_question_waits_for_the_question_before_the_change_log():
    leaving, waiting = Reader.objects.create(), Reader.objects.create()
    event, question = an_event(seats=1), a_question_in_review(leaving)
    for reader in (leaving, waiting):
        events.register(event, reader)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            transitions.locked_question(question)
            left = pool.submit(lambda: (devices.erase_reader(leaving), connection.close()))
            while how_many_wait() < 1:
                assert not left.done()
            services.approve(question, by=approver())  # writes into the change log, which whoever waits must not hold
        left.result()
    assert not Reader.objects.filter(pk=leaving.pk).exists()
    question.refresh_from_db()
    assert (question.status, question.reader, question.text) == ("published", None, "")


def how_many_wait():
    """How many wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def test_who_merges_and_who_leaves_lock_in_one_order():
    leaving, by = Reader.objects.create(), approver()
    first, into, duplicate = a_question(), a_question(leaving), a_question(leaving)
    services.merge(duplicate, into=first, by=by)
    calls = [lambda: services.merge(first, into=into, by=by), lambda: services.erase_questions_of(leaving)]
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            transitions.locked_question(duplicate)
            running = []
            for call in calls:
                running.append(pool.submit(lambda call=call: (call(), connection.close())))
                while how_many_wait() < len(running):
                    assert not running[-1].done()
        for each in running:
            each.result()
    first.refresh_from_db()
    assert (first.status, first.same_as, Question.objects.count()) == ("screening", None, 1)


def test_two_questions_merged_into_each_other_at_once_do_not_make_a_circle():
    first, second = a_question(), a_question()
    by = approver()
    results = at_once(
        lambda: services.merge(first, into=second, by=by).status,
        lambda: services.merge(second, into=first, by=by).status,
    )
    assert sorted(map(str, results))[0] == "closed"
    assert Question.objects.filter(same_as=None).count() == 1
