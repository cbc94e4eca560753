"""Which transitions a question has, who may make them, and by when it is answered."""

import datetime
import json
from pathlib import Path

import pytest
from django.conf import settings

from content.deadlines import queries as deadlines
from content.deadlines import working_days
from content.deadlines.models import CalendarDay, DeadlineRule
from content.qa import policy, queries, services, states
from content.qa.models import Answer, Question
from content.qa.states import TABLE, QuestionTransition
from tests.builders import (
    a_member_of_staff,
    a_question,
    a_question_in_review,
    an_answered_question,
    answerer,
    approver,
    land,
)

EVERY = {  # status → the moves of a question that was never answered, as `states` draws them
    "submitted": "screen reject merge redirect withdraw",
    "screening": "return assign reject merge redirect withdraw",
    "returned": "add_detail reject merge redirect withdraw",
    "assigned": "return assign start merge redirect withdraw",
    "answering": "return assign submit merge withdraw",
    "reviewing": "send_back approve merge withdraw",
    "closed": "withdraw",
}


@pytest.mark.django_db
@pytest.mark.parametrize("status", EVERY)
def test_the_table_of_moves_as_a_whole(status):
    question = a_question()
    question.status, question.resolution = status, "rejected" if status == "closed" else ""
    assert {str(move) for move in states.permitted_transitions(question)} == set(EVERY[status].split())


@pytest.mark.parametrize(
    ("status", "moves"),
    [
        ("published", "revise withdraw take_down merge"),
        ("answering", "assign submit keep withdraw take_down merge"),
        ("reviewing", "send_back approve keep withdraw take_down merge"),
        ("assigned", "assign start withdraw take_down merge"),
    ],
)
def test_what_the_public_reads_is_not_ended_in_silence(status, moves):
    question = Question(status=status, published_at=datetime.datetime.now(datetime.UTC), resolution="answered")
    assert {str(move) for move in states.permitted_transitions(question)} == set(moves.split())


def test_every_transition_that_ends_a_question_has_a_resolution():
    assert {transition for transition in TABLE if states.ends(transition)} == set(states.RESOLUTIONS)


ROLES = {
    "editor": "",
    "answerer": "start submit revise keep",
    "approver": "screen return assign reject merge redirect send_back approve take_down",
    "publisher": "screen return assign reject merge redirect start submit revise keep send_back approve take_down",
    "administrator": "",
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_who_may_make_which_move(role):
    user = a_member_of_staff("lan", role)
    question = a_question_in_review()
    question.answerer = user
    allowed = {str(move) for move in QuestionTransition if policy.may(user, move, question)}
    assert allowed == set(ROLES[role].split())
    question.answerer = answerer()
    assert not policy.may(user, QuestionTransition.START, question) and not policy.may(
        user, QuestionTransition.SUBMIT, question
    )
    Answer.objects.update(written_by=user)
    assert not policy.may(user, QuestionTransition.APPROVE, question)


@pytest.mark.django_db
def test_available_transitions_are_those_a_person_may_make_now():
    question = an_answered_question()
    assert policy.available_transitions(answerer(), question) == [QuestionTransition.REVISE]
    assert policy.available_transitions(approver(), question) == [
        QuestionTransition.MERGE,
        QuestionTransition.TAKE_DOWN,
    ]
    assert policy.may_confirm(answerer()) and not policy.may_confirm(a_member_of_staff("lan", "editor"))


DAY = datetime.date


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (DAY(2026, 3, 2), 5, DAY(2026, 3, 9)),  # from a Monday, over one weekend
        (DAY(2026, 3, 6), 1, DAY(2026, 3, 9)),  # the day itself does not count
        (DAY(2026, 2, 13), 1, DAY(2026, 2, 23)),  # over Tết Bính Ngọ
        (DAY(2025, 4, 25), 1, DAY(2025, 4, 26)),  # a Saturday that is worked
        (DAY(2025, 4, 29), 1, DAY(2025, 5, 5)),  # the day it was worked for
        (DAY(2026, 8, 28), 1, DAY(2026, 9, 3)),  # National Day with its swapped Monday
        (DAY(2027, 2, 4), 1, DAY(2027, 2, 11)),  # Tết Đinh Mùi, as far as it is sure
    ],
)
@pytest.mark.django_db
def test_working_days_are_those_of_the_calendar(start, days, due):
    assert working_days.due_day(start, days, deadlines.calendar_exceptions()) == due
    assert working_days.working_days_until(due, start, deadlines.calendar_exceptions()) == days
    assert working_days.working_days_until(start, due, deadlines.calendar_exceptions()) == -days


def test_each_day_of_the_calendar_differs_from_its_weekday_and_names_its_source():
    facts = json.loads((Path(settings.BASE_DIR) / "content/qa/working_days.json").read_text())["days"]
    for fact in facts:
        assert (DAY.fromisoformat(fact["day"]).weekday() < 5) != fact["is_working"], fact
        assert fact["source"] and fact["name"]
    swapped = [fact for fact in facts if fact["is_working"]]
    assert [fact["day"] for fact in swapped] == ["2025-04-26", "2026-01-10", "2026-08-22"]


@pytest.mark.django_db
def test_the_rule_of_the_topic_beats_that_of_its_subject_which_beats_that_for_all():
    CalendarDay.objects.all().delete()
    heading = land().children.first()
    today = DAY(2026, 3, 2)
    assert queries.due_day_of(Question(topic=heading), today) == DAY(2026, 3, 23)
    DeadlineRule.objects.create(topic=land(), working_days=5)
    assert queries.due_day_of(Question(topic=heading), today) == DAY(2026, 3, 9)
    DeadlineRule.objects.create(topic=heading, working_days=1)
    assert queries.due_day_of(Question(topic=heading), today) == DAY(2026, 3, 3)
    assert queries.due_day_of(Question(), today) == DAY(2026, 3, 23)


@pytest.mark.django_db
def test_queues_of_what_is_overdue_and_what_is_due_soon():
    CalendarDay.objects.all().delete()
    late, soon, later = a_question(), a_question(), a_question()
    for question, due in ((late, DAY(2026, 3, 5)), (soon, DAY(2026, 3, 10)), (later, DAY(2026, 3, 11))):
        Question.objects.filter(pk=question.pk).update(due_on=due)
    friday = DAY(2026, 3, 6)
    assert (list(queries.overdue_questions(friday)), list(queries.questions_due_soon(friday))) == ([late], [soon])
    services.withdraw(late)
    assert list(queries.overdue_questions(friday)) == []


@pytest.mark.django_db
def test_another_topic_is_another_deadline_counted_from_the_day_it_was_asked():
    DeadlineRule.objects.create(topic=land(), working_days=40)
    question = a_question(topic=None)
    before = question.due_on
    columns = {"province": None, "organisation": None, "by": approver()}
    assert services.classify(question, topic=land(), **columns).due_on > before
    assert services.classify(question, topic=None, **columns).due_on == before


@pytest.mark.django_db
def test_another_topic_does_not_count_the_days_before_the_asker_added_detail():
    question = a_question(topic=None)
    services.screen(question, by=approver())
    services.return_for_detail(question, by=approver(), reason="Xe gì?")
    type(question).objects.update(asked_at=question.asked_at - datetime.timedelta(days=90))
    question = services.add_detail(question, text="Xe máy.")
    classified = services.classify(question, topic=land(), province=None, organisation=None, by=approver())
    assert classified.due_on == question.due_on
