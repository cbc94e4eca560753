"""Decisions hold for what the person read, and end where it changes: draws, voiding, winners, names that are erased."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.changes.models import Change
from content.contest_results import boards, services
from content.contest_results import queries as result_queries
from content.contest_results.models import Standing, Winner, WinnerIdentity
from content.contests import queries
from content.contests import services as contests
from content.contests.models import Attempt, Contest
from content.people.models import Reader
from notifications.devices import services as devices
from tests.builders import a_bank, a_quiz_question
from tests.builders_contests import (
    DAY,
    MINUTE,
    a_quiz_bank,
    a_result,
    a_result_with,
    a_running_contest,
    an_entry,
    close,
    round_of,
    started,
)
from tests.content.contest_results.test_fairness import PERSON, hoa, lan, published, refused
from tests.content.contest_results.test_results import ranks

pytestmark = pytest.mark.django_db


def drawn_contest():
    """(contest, attempts): a draw gave the second and third, who have equal results, their ranks."""
    contest = a_running_contest(a_quiz_bank(4), size=4, ranking=["correct", "duration", "draw"])
    attempts = [a_result(contest, right) for right in (4, 3, 3, 1)]
    Attempt.objects.update(duration_ms=60_000)
    close(contest)
    codes = [attempts[2].entry.code, attempts[1].entry.code]
    services.record_draw(contest, round_of(contest), codes, by=hoa(), reason="Bốc thăm")
    services.run_schedule()
    assert [ranks(contest)[each.entry.code] for each in attempts] == [1, 3, 2, 4]
    return contest, attempts


def by_attempt(contest, attempts):
    services.run_schedule()
    found = ranks(contest)
    return [found.get(each.entry.code) for each in attempts]


def test_a_draw_says_nothing_after_a_question_is_voided():
    contest, attempts = drawn_contest()
    question = services.propose_void(round_of(contest).questions.first(), by=lan(), reason="Luật đã sửa")
    services.confirm_void(question, by=hoa())
    contest.refresh_from_db()
    codes = [attempts[1].entry.code, attempts[2].entry.code]
    assert refused(services.record_draw, contest, round_of(contest), codes, by=hoa(), reason="x") == (
        "counting_not_finished"
    )
    by_attempt(contest, attempts)
    assert set(Standing.objects.values_list("draw", flat=True)) == {0}


def test_a_draw_says_nothing_after_somebody_leaves_the_ranking_or_returns():
    contest, attempts = drawn_contest()
    services.disqualify(attempts[0].entry, by=lan(), reason="Hai máy")
    codes = [attempts[1].entry.code, attempts[2].entry.code]
    assert refused(services.record_draw, contest, round_of(contest), codes, by=hoa(), reason="x") == (
        "counting_not_finished"
    )
    assert by_attempt(contest, attempts) == [None, 1, 1, 3]
    contest.refresh_from_db()
    services.record_draw(contest, round_of(contest), codes, by=hoa(), reason="Bốc thăm lại")
    assert by_attempt(contest, attempts) == [None, 1, 2, 3]
    services.object_to_disqualification(attempts[0].entry, text="Tôi chỉ có một máy")
    services.decide_objection(attempts[0].entry, by=hoa(), lift=True, reason="Đúng vậy")
    assert by_attempt(contest, attempts) == [1, 2, 2, 4]


def test_a_proposal_to_void_that_was_replaced_meanwhile_is_not_confirmed_unread():
    contest = a_running_contest()
    question = services.propose_void(round_of(contest).questions.first(), by=lan(), reason="Sai đáp án")
    seen = queries.void_fingerprint(question)
    question = services.propose_void(question, by=lan(), reason="Câu hỏi khó quá")
    assert refused(services.confirm_void, question, by=hoa(), seen=seen) == "changed_meanwhile"
    assert services.confirm_void(question, by=hoa(), seen=queries.void_fingerprint(question)).voided_at


def test_what_a_winner_said_again_after_it_was_read_is_not_verified_unread():
    contest = a_running_contest()
    entry = a_result(contest, 4).entry
    close(contest)
    published(contest, entry.code)
    winner = services.ask_identity(Winner.objects.get(), by=lan())
    services.give_identity(winner, entry.reader, **PERSON)
    identity = services.read_identity(winner, by=lan())
    seen = result_queries.identity_fingerprint(identity)
    services.give_identity(winner, entry.reader, **(PERSON | {"name": "Lê Văn Khác"}))
    assert WinnerIdentity.objects.get().given_at > identity.given_at
    assert refused(services.verify_winner, winner, by=lan(), seen=seen) == "changed_meanwhile"
    seen = result_queries.identity_fingerprint(services.read_identity(winner, by=lan()))
    assert services.verify_winner(winner, by=lan(), seen=seen).status == "verified"


def test_a_winner_who_is_asked_late_has_ninety_days_too():
    contest = a_running_contest()
    entry = a_result(contest, 4).entry
    close(contest)
    published(contest, entry.code)
    long_ago = timezone.now() - 100 * DAY
    Contest.objects.update(results_published_at=long_ago)
    winner = services.ask_identity(Winner.objects.get(), by=lan())
    services.give_identity(winner, entry.reader, **PERSON)
    assert services.erase_old_identities() == 0
    Winner.objects.update(asked_at=long_ago)
    assert services.erase_old_identities() == 0  # the reply is of today
    WinnerIdentity.objects.update(given_at=long_ago)
    assert services.erase_old_identities() == 1


def a_named_winner():
    contest = a_running_contest()
    entry = a_result(contest, 4).entry
    close(contest)
    published(contest, entry.code)
    winner = services.ask_identity(Winner.objects.get(), by=lan())
    services.give_identity(winner, entry.reader, **PERSON, naming_consent=True)
    services.verify_winner(winner, by=lan())
    services.publish_winner(winner, by=hoa())
    return contest, entry


def corrections(contest):
    found = Change.objects.filter(subject=contest.key, event_type="contest.corrected").order_by("pk")
    return [(each.notify, each.facts["removes_words"], "Trần" in repr(each.facts)) for each in found]


def test_copies_of_a_contest_learn_that_a_winner_is_named_and_that_the_name_was_erased():
    contest, entry = a_named_winner()
    assert corrections(contest) == [(False, False, False)]
    before = Contest.objects.get().changed_at
    devices.erase_reader(Reader.objects.get(pk=entry.reader_id))
    assert corrections(contest) == [(False, False, False), (False, True, False)]
    assert Contest.objects.get().changed_at > before


def test_an_erased_reader_whom_nobody_named_changes_no_contest():
    contest = a_running_contest()
    entry = a_result(contest, 4).entry
    close(contest)
    published(contest, entry.code)
    devices.erase_reader(Reader.objects.get(pk=entry.reader_id))
    assert corrections(contest) == []


def test_the_winner_is_locked_before_who_they_are_is_erased():
    _contest, entry = a_named_winner()
    with CaptureQueriesContext(connection) as statements:
        services.erase_contest_data_of(Reader.objects.get(pk=entry.reader_id))
    said = [each["sql"] for each in statements]
    renamed = next(place for place, sql in enumerate(said) if sql.startswith('UPDATE "content_winner"'))
    erased = next(place for place, sql in enumerate(said) if 'DELETE FROM "content_winneridentity"' in sql)
    assert renamed < erased


def a_minute_of(contest):
    return round_of(contest).starts_at.replace(second=0, microsecond=0) + MINUTE


def test_equal_answers_of_one_unit_in_one_minute_are_a_signal_however_long_they_took():
    contest = a_running_contest(a_quiz_bank(4), units=["Trường A", "Trường B"])
    minute, same, others = a_minute_of(contest), (1, 1, 1, 3), (1, 1, 3, 1)
    alike = [
        a_result_with(contest, same, unit="Trường A", minute=minute, duration_ms=60_000 + 7_000 * n) for n in range(3)
    ]
    for choices, columns in (
        (others, {"unit": "Trường A", "minute": minute}),  # the same score
        ((1, 1, 1, 2), {"unit": "Trường A", "minute": minute}),  # another wrong answer
        (same, {"unit": "Trường A", "minute": minute + MINUTE}),
        (same, {"unit": "Trường B", "minute": minute}),
        (same, {"minute": minute}),
    ):
        a_result_with(contest, choices, **columns)
    round = round_of(contest)
    with CaptureQueriesContext(connection) as statements:
        ((unit, at, codes),) = boards.equal_attempts(round)
    assert (unit, at, codes) == ("Trường A", minute, sorted(each.entry.code for each in alike))
    assert "GROUP BY" in statements[0]["sql"]


def test_papers_that_share_less_than_three_questions_are_not_compared():
    contest = a_running_contest(a_quiz_bank(4), size=2, units=["Trường A"])
    for _ in range(3):
        a_result_with(contest, (1, 1, 1, 1), unit="Trường A", minute=a_minute_of(contest))
    assert boards.equal_attempts(round_of(contest)) == []


def test_texts_that_were_filled_in_are_compared_without_case_and_blank_answers_are_no_answers():
    bank = a_bank()
    for _ in range(3):
        a_quiz_question(bank, kind="fill_in", accepted=["Mười lăm"])
    contest = a_running_contest(bank, size=3, units=["A", "B"])
    for unit, texts in (("A", ("mười hai", "Mười  Hai", "MƯỜI HAI")), ("B", ("", "", ""))):
        for text in texts:
            attempt = started(round_of(contest), an_entry(contest, unit=unit).reader)
            contests.submit(attempt, seq=1, answers={str(number): text for number in (1, 2, 3)})
    Attempt.objects.update(submitted_at=a_minute_of(contest))
    ((unit, _at, codes),) = boards.equal_attempts(round_of(contest))
    assert (unit, len(codes)) == ("A", 3)
