"""Contests for tests: planned, announced, frozen, running at a moment of our choice, and taken by readers."""

import datetime
import os

from django.db import connection
from django.utils import timezone

from content.contest_results import services as results
from content.contest_results.models import Winner
from content.contests import papers
from content.contests import services as contests
from content.contests.models import Attempt, Round
from content.people.models import Reader
from tests.builders import a_bank, a_member_of_staff, a_quiz_question, approver, land

MINUTE, HOUR, DAY = (datetime.timedelta(**{name: 1}) for name in ("minutes", "hours", "days"))


def a_quiz_bank(count=6, name="Ngân hàng mẫu", **columns):
    """A bank of that many approved questions about land."""
    bank = a_bank(name)
    for _ in range(count):
        a_quiz_question(bank, **columns)
    return bank


def a_planned_contest(bank=None, *, rounds=1, size=4, seconds=900, is_practice=False, **columns):
    """A draft. Its rounds last an hour each, the first from tomorrow, and have one section about land."""
    contest = contests.plan(**({"title": "Tìm hiểu Luật Mẫu", "topics": [land()]} | columns))
    bank = bank or a_quiz_bank()
    starts_at = timezone.now() + DAY
    for number in range(rounds):
        contests.add_round(
            contest,
            bank=bank,
            starts_at=starts_at + number * HOUR,
            ends_at=starts_at + (number + 1) * HOUR,
            seconds=seconds,
            sections=[{"topic": land().key, "count": size}],
            is_practice=is_practice,
        )
    return contest


def frozen(round):
    """The round, frozen by two people."""
    contests.propose_freeze(round, by=proposer())
    return contests.freeze(round, by=approver())


def proposer():
    return _staff("lan-proposes", "publisher")


def judge(name="hoa-judges"):
    return _staff(name, "approver")


def _staff(name, role):
    return approver().__class__.objects.filter(username=name).first() or a_member_of_staff(name, role)


def a_running_contest(bank=None, **columns):
    """Announced and frozen; its first round began an hour ago and ends in an hour."""
    contest = a_planned_contest(bank, **columns)
    for round in contest.rounds.order_by("number"):
        frozen(round)
    contests.announce(contest, notify=False)
    shift(contest, -DAY - HOUR / 2)
    contest.refresh_from_db()
    return contest


def round_of(contest, number=1):
    return Round.objects.select_related("contest", "bank").get(contest=contest, number=number)


def shift(contest, by):
    """Move a frozen contest in time, past the triggers: as if it had been frozen and begun earlier."""
    move = (
        "UPDATE content_round SET starts_at = starts_at + {by}, ends_at = ends_at + {by}, frozen_at = frozen_at + {by}"
        " WHERE contest_id = %(contest)s;"
    )
    far = "interval '1000 years'"  # rounds must not overlap meanwhile
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica;"
            + move.format(by=far)
            + move.format(by=f"%(by)s - {far}")
            + " UPDATE content_attempt SET started_at = started_at + %(by)s, deadline_at = deadline_at + %(by)s"
            " WHERE submitted_at IS NULL AND round_id IN (SELECT id FROM content_round WHERE contest_id = %(contest)s);"
            " RESET session_replication_role",
            {"by": by, "contest": contest.pk},
        )


def an_entry(contest, reader=None, **columns):
    defaults = {"age_band": "adult", "consent": True}
    return contests.enter(contest, reader or Reader.objects.create(), **(defaults | columns))[0]


def started(round, reader, nonce=None, **columns):
    return contests.start(round, reader, nonce=nonce or os.urandom(16), **columns)[0]


def answers_for(attempt, right):
    """Answers of which the first `right` are right and the others wrong."""
    attempt = Attempt.objects.select_related("entry", "round__contest").get(pk=attempt.pk)
    frozen_round = papers.frozen_round(attempt.round)
    given = {}
    for number, each in enumerate(papers.paper_of(attempt), 1):
        question = frozen_round.questions[each.position]
        if question.right is None:
            given[str(number)] = question.accepted[0] if number <= right else "sai"
            continue
        place = each.order.index(question.right - 1)
        given[str(number)] = "abcdefgh"[place if number <= right else (place + 1) % len(each.order)]
    return given


def a_result(contest, right=2, *, number=1, reader=None, seconds=None, prediction=None, **columns):
    """A new contestant's submitted attempt with that many right answers. Returns the attempt.

    With `seconds` it took that long and was submitted at that second of the round.
    """
    round = round_of(contest, number)
    if reader is None:
        reader = an_entry(contest, **columns).reader
    attempt = started(round, reader, prediction=prediction)
    attempt, _ = contests.submit(attempt, seq=1, answers=answers_for(attempt, right))
    if seconds is not None:
        moment = round.starts_at + datetime.timedelta(seconds=seconds)
        Attempt.objects.filter(pk=attempt.pk).update(duration_ms=seconds * 1000, submitted_at=moment)
        attempt.refresh_from_db()
    return attempt


def a_result_with(contest, choices, *, minute=None, duration_ms=60_000, **columns):
    """A new contestant's submitted attempt. `choices`: of each question of the pool the place of a choice, from 0."""
    attempt = started(round_of(contest), an_entry(contest, **columns).reader)
    paper = papers.paper_of(Attempt.objects.select_related("entry", "round__contest").get(pk=attempt.pk))
    given = {str(n): "abcdefgh"[each.order.index(choices[each.position])] for n, each in enumerate(paper, 1)}
    attempt, _ = contests.submit(attempt, seq=1, answers=given)
    if minute:
        moment = minute + datetime.timedelta(milliseconds=duration_ms % 60_000)
        Attempt.objects.filter(pk=attempt.pk).update(submitted_at=moment, duration_ms=duration_ms)
    return attempt


def close(contest, number=1):
    """The round ends now and is closed as the worker closes it, with its proof file."""
    round = round_of(contest, number)
    shift(contest, timezone.now() - round.ends_at - MINUTE)
    results.run_schedule()
    results.store_next_proof()
    contest.refresh_from_db()
    return round_of(contest, number)


def a_closed_contest(**columns):
    """A contest with one result, whose round is closed."""
    contest = a_running_contest(**columns)
    a_result(contest, 3)
    close(contest)
    return contest


PERSON = {"name": "Trần Minh", "contact": "minh@example.com", "document_number": "001 204", "consent": True}
GUARDIAN = {"guardian_name": "Trần Hoa", "guardian_contact": "0987 654 321", "guardian_consent": True}


def a_contest_with_a_winner(*, age_band="adult", naming_consent=True, **columns):
    """A contest whose results are published; its one contestant is the winner, and agreed to be named or did not."""
    contest = a_running_contest(**columns)
    entry = a_result(contest, 4, age_band=age_band).entry
    close(contest)
    results.propose_results(contest, winners=[(entry.code, "Giải nhất")], by=judge("lan-judges"))
    contest = results.publish_results(contest, by=judge(), notify=False)
    winner = results.ask_identity(Winner.objects.get(contest=contest), by=judge("lan-judges"))
    results.give_identity(
        winner, entry.reader, **PERSON, **GUARDIAN, naming_consent=naming_consent,
        guardian_naming_consent=naming_consent,
    )  # fmt: skip
    results.verify_winner(winner, by=judge("lan-judges"))
    results.publish_winner(winner, by=judge())
    contest.refresh_from_db()
    return contest
