"""Voiding, disqualification, results and winners: by two people, with reasons, and private where they must be."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from content import vietnam_time
from content.changes.models import Change
from content.contest_results import boards, policy, services
from content.contest_results.models import Disqualification, ScoreCount, Standing, Winner, WinnerIdentity
from content.contest_results.services import counting
from content.contests import papers
from content.contests import services as contests
from content.contests.models import Attempt, Contest, Entry, Round, RoundQuestion
from content.errors import RuleBroken
from content.people.models import AuditRow, Reader
from content.qa.services import outdated
from content.question_banks import queries as banks
from content.seals import services as seals
from notifications.devices import services as devices
from tests.builders import a_bank, a_document, a_member_of_staff, a_quiz_question, amend, an_amending_law
from tests.builders_contests import DAY, a_quiz_bank, a_result, a_running_contest, an_entry, close, judge, round_of
from tests.content.contest_results.test_results import counted, ranks, verified

pytestmark = pytest.mark.django_db
PERSON = {"name": "Trần Minh", "contact": "0912 345 678", "document_number": "001 204 000 001", "consent": True}


def refused(call, *arguments, **columns):
    """The code of the RuleBroken that this raises; nothing is changed by it."""
    models = (Contest, Round, RoundQuestion, Entry, Attempt, Disqualification, Winner, WinnerIdentity, Change)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    return refusal.value.code


def lan():
    return judge("lan-judges")


def hoa():
    return judge("hoa-judges")


def by_hand(contest, round):
    """{code: (right answers without voided questions, rank)}, by looking at each answer."""
    voided = {row.position for row in round.questions.exclude(voided_at=None)}
    scores = {}
    for attempt in Attempt.objects.filter(round=round).select_related("entry", "round__contest"):
        right = 0
        for number, each in enumerate(papers.paper_of(attempt), 1):
            question = round.questions.get(position=each.position).question
            place = "abcdefgh".find(attempt.answers[str(number)])
            right += each.position not in voided and each.order[place] == question.right - 1
        scores[attempt.entry.code] = (right, attempt.duration_ms, attempt.submitted_at)
    return {
        code: (right, 1 + sum((-other[0], *other[1:]) < (-right, spent, at) for other in scores.values()))
        for code, (right, spent, at) in scores.items()
    }


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_voided_question_counts_for_nobody_and_all_are_scored_and_ranked_again(is_closed):
    contest = a_running_contest(a_quiz_bank(5), size=4)
    for right in (4, 3, 3, 2, 0):
        a_result(contest, right, seconds=600 - right)
    services.settle_all()
    if is_closed:
        close(contest)
    question = round_of(contest).questions.get(position=2)
    assert refused(services.confirm_void, question, by=hoa()) == "not_proposed"
    assert refused(services.propose_void, question, by=lan(), reason=" ") == "reason_required"
    minh = a_member_of_staff("minh", "editor")
    assert refused(services.propose_void, question, by=minh, reason="x") == "not_allowed"
    services.propose_void(question, by=lan(), reason="Luật đã sửa ngày 1/7")
    assert refused(services.confirm_void, question, by=lan()) == "second_person_required"
    services.confirm_void(question, by=hoa())
    assert refused(services.confirm_void, question, by=hoa()) == "already_voided"
    late = None if is_closed else a_result(contest, 4)  # scored knowing of it
    services.run_schedule()
    if not is_closed:
        close(contest)
    round = round_of(contest)
    expected = by_hand(contest, round)
    standings = Standing.objects.values_list("entry__code", "correct", "rank")
    assert {code: (correct, rank) for code, correct, rank in standings} == expected
    assert late is None or late.entry.code in expected
    assert sum(ScoreCount.objects.values_list("contestants", flat=True)) == len(expected)
    state = counted()
    counting.rebuild(contest)
    assert counted() == state
    assert verified(round)[2] == []
    change = Change.objects.get(event_type="contest.question_voided")
    assert (change.nature, change.facts["reason"], change.facts["round"]) == ("correction", "Luật đã sửa ngày 1/7", 1)
    told = repr(change.facts)
    assert question.question.text not in told and question.question.key not in told
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundQuestion.objects.filter(pk=question.pk).update(voided_at=None, voided_by=None)


def test_when_a_law_is_amended_during_a_round_its_question_is_voided_and_ranks_are_those_by_hand():
    law, other_law = a_document("1/2020/QH14"), a_document("2/2020/QH14")
    bank = a_bank()
    amended = a_quiz_question(bank, law=law)
    for _ in range(3):
        a_quiz_question(bank, law=other_law)
    contest = a_running_contest(bank, size=4)
    for right in (4, 3, 3, 2, 1):
        a_result(contest, right, seconds=600 - right)
    amend(an_amending_law(law, on=vietnam_time.today()))
    while outdated.flag_outdated_answers():
        pass
    assert list(banks.flagged_questions()) == [amended]  # what staff see, and void
    question = round_of(contest).questions.get(question=amended)
    services.propose_void(question, by=lan(), reason="Khoản 1 Điều 2 đã được sửa đổi")
    services.confirm_void(question, by=hoa())
    round = close(contest)
    expected = by_hand(contest, round)
    assert sum(right for right, _rank in expected.values()) < 13  # it was right in some of them
    assert {code: (row.correct, row.rank) for code, row in by_code().items()} == expected
    assert verified(round) == (5, 5, [])
    state = counted()
    counting.rebuild(contest)
    assert counted() == state


def by_code():
    return {row.entry.code: row for row in Standing.objects.select_related("entry")}


def test_a_submission_that_did_not_know_of_a_voided_question_is_scored_again_when_it_is_settled():
    contest = a_running_contest(a_quiz_bank(4), size=4)
    waiting = a_result(contest, 4)
    question = services.propose_void(round_of(contest).questions.first(), by=lan(), reason="Sai đáp án")
    services.confirm_void(question, by=hoa())
    Attempt.objects.filter(pk=waiting.pk).update(scored_voids=0, correct=4)
    services.settle_all()
    waiting.refresh_from_db()
    assert (waiting.correct, Standing.objects.get().correct) == (3, 3)
    assert seals.verify(waiting.receipt)["number"] == 1  # the receipt says nothing of the score


def test_a_contest_stays_to_be_ranked_until_all_attempts_know_of_a_voided_question():
    contest = a_running_contest(a_quiz_bank(4), size=4)
    attempt = a_result(contest, 4)
    close(contest)
    question = services.propose_void(round_of(contest).questions.first(), by=lan(), reason="Sai đáp án")
    services.confirm_void(question, by=hoa())
    counting._rank_again(contest)  # as if the question had been voided after a worker had scored all
    assert Contest.objects.get().ranks_stale
    assert refused(services.propose_results, contest, winners=[], by=lan()) == "counting_not_finished"
    services.refresh_stale_ranks()
    attempt.refresh_from_db()
    assert (Contest.objects.get().ranks_stale, attempt.correct, Standing.objects.get().rank) == (False, 3, 1)


def test_who_is_disqualified_is_told_why_may_object_and_another_person_decides():
    contest = a_running_contest()
    first, second = a_result(contest, 4), a_result(contest, 2)
    close(contest)
    assert refused(services.disqualify, first.entry, by=lan(), reason="") == "reason_required"
    assert refused(services.object_to_disqualification, first.entry, text="Oan") == "not_disqualified"
    services.disqualify(first.entry, by=lan(), reason="Thi hộ")
    assert refused(services.disqualify, first.entry, by=lan(), reason="Thi hộ") == "already_disqualified"
    services.run_schedule()
    assert ranks(contest) == {second.entry.code: 1}
    assert boards.own_rank(first.entry, round_of(contest)) is None
    told = Change.objects.get(event_type="contest.disqualified")
    assert (told.reader, told.facts) == (first.entry.reader, {})
    assert refused(services.propose_results, contest, winners=[], by=lan()) == "objections_open"
    assert refused(services.decide_objection, first.entry, by=hoa(), lift=True, reason="x") == "no_objection"
    services.object_to_disqualification(first.entry, text="Tôi tự làm bài")
    assert refused(services.decide_objection, first.entry, by=lan(), lift=True, reason="x") == "second_person_required"
    services.decide_objection(first.entry, by=hoa(), lift=True, reason="Không có bằng chứng")
    assert refused(services.object_to_disqualification, first.entry, text="x") == "not_disqualified"
    services.run_schedule()
    assert ranks(contest) == {first.entry.code: 1, second.entry.code: 2}
    state = counted()
    counting.rebuild(contest)
    assert counted() == state
    services.propose_results(Contest.objects.get(), winners=[], by=lan())
    assert refused(services.disqualify, second.entry, by=hoa(), reason="x") == "wrong_status"


def test_an_objection_after_72_hours_is_too_late_and_results_can_be_proposed():
    contest = a_running_contest()
    entry = a_result(contest, 4).entry
    close(contest)
    services.disqualify(entry, by=lan(), reason="Thi hộ")
    services.run_schedule()
    Disqualification.objects.update(at=timezone.now() - 3 * DAY - datetime.timedelta(minutes=1))
    assert refused(services.object_to_disqualification, entry, text="Oan") == "objection_too_late"
    assert verified(round_of(contest)) == (1, 0, [])
    services.propose_results(Contest.objects.get(), winners=[], by=lan())


def test_who_was_disqualified_before_the_first_attempt_does_not_come_back_under_another_code():
    contest = a_running_contest(units=["Trường A"])
    entry = an_entry(contest)
    reader = entry.reader
    services.disqualify(entry, by=lan(), reason="Hai máy")
    assert refused(contests.withdraw_entry, contest, reader) == "disqualified"
    again = {"age_band": "adult", "consent": True}
    assert refused(contests.enter, contest, reader, **again, unit="Trường A") == "disqualified"
    assert contests.enter(contest, reader, **again) == (entry, False)  # nothing is changed
    services.object_to_disqualification(entry, text="Tôi chỉ có một máy")
    services.decide_objection(entry, by=hoa(), lift=True, reason="Đúng vậy")
    contests.withdraw_entry(contest, reader)
    assert not Entry.objects.exists()


def test_who_was_disqualified_after_practice_does_not_come_back_when_it_was_erased():
    contest = a_running_contest(is_practice=True)
    attempt = a_result(contest)
    services.disqualify(attempt.entry, by=lan(), reason="Hai máy")
    services.erase_old_practice(timezone.now() + 31 * DAY)
    assert refused(contests.withdraw_entry, contest, attempt.entry.reader) == "disqualified"


def published(contest, *codes):
    contest = services.propose_results(
        Contest.objects.get(pk=contest.pk), winners=[(code, f"Giải {n}") for n, code in enumerate(codes, 1)], by=lan()
    )
    return services.publish_results(contest, by=hoa())


def test_results_are_proposed_by_one_and_published_by_another():
    contest = a_running_contest()
    winner = a_result(contest, 4).entry
    assert refused(services.propose_results, contest, winners=[], by=lan()) == "wrong_status"
    close(contest)
    for winners in ([("nobody", "Giải nhất")], [(winner.code, "Nhất"), (winner.code, "Nhì")]):
        assert refused(services.propose_results, contest, winners=winners, by=lan()) == "winner_invalid"
    proposed = services.propose_results(contest, winners=[(winner.code, "Giải nhất")], by=lan())
    assert refused(services.publish_results, proposed, by=lan()) == "not_allowed"
    services.return_results(proposed, by=hoa(), reason="Xem lại")
    assert not Winner.objects.exists()
    contest = published(contest, winner.code)
    assert services.publish_results(contest, by=hoa()).status == "published"
    change = Change.objects.get(event_type="contest.results_published")
    assert change.facts["turnout"] == {"contestants": 1, "attempts": 1}
    assert winner.code not in repr(change.facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contest.objects.update(results_published_by=lan())


def test_a_winner_is_asked_late_verified_by_one_and_named_by_another():
    contest = a_running_contest()
    entry, other = a_result(contest, 4).entry, a_result(contest, 3).entry
    close(contest)
    services.propose_results(contest, winners=[(entry.code, "Nhất"), (other.code, "Nhì")], by=lan())
    winner, second = Winner.objects.all()
    assert refused(services.ask_identity, winner, by=lan()) == "results_not_published"
    services.publish_results(contest, by=hoa())
    reader = entry.reader
    assert refused(services.give_identity, winner, reader, **PERSON) == "not_asked"
    services.ask_identity(winner, by=lan())
    told = Change.objects.get(event_type="contest.identity_asked")
    assert (told.reader, told.facts) == (reader, {})
    assert refused(services.verify_winner, winner, by=lan()) == "identity_missing"
    assert refused(services.give_identity, winner, other.reader, **PERSON) == "not_asked"
    assert refused(services.give_identity, winner, reader, **(PERSON | {"consent": False})) == "consent_required"
    assert refused(services.give_identity, winner, reader, **(PERSON | {"name": "a" * 500})) == "too_long"
    services.give_identity(winner, reader, **PERSON, naming_consent=True)
    assert "001204000001" not in repr(WinnerIdentity.objects.values())
    services.ask_identity(second, by=lan())
    for written in ("001204000001", "００１-204.000.001", "001\u00a0204 000 001", "001/204/000/001"):
        again = PERSON | {"document_number": written}
        assert refused(services.give_identity, second, other.reader, **again) == "one_person_twice"
    assert services.read_identity(winner, by=lan()).name == "Trần Minh"
    row = AuditRow.objects.get(action="winner.identity_read")
    assert (row.subject, "Trần" in repr(row.facts)) == (f"{contest.key}/winner/{entry.code}", False)
    assert refused(services.read_identity, winner, by=a_member_of_staff("minh", "editor")) == "not_allowed"
    services.verify_winner(winner, by=lan())
    assert refused(services.publish_winner, winner, by=lan()) == "not_allowed"
    assert [policy.available_transitions(each, Winner.objects.first()) for each in (lan(), hoa())] == [
        ["pass_over"], ["publish", "pass_over"],
    ]  # fmt: skip
    assert services.publish_winner(winner, by=hoa()).name == "Trần Minh"
    services.pass_over(second, by=hoa(), reason="Không trả lời")
    assert not any("Trần" in repr(list(model.objects.values())) for model in (Change, AuditRow, Entry))
    now = timezone.now()
    assert services.erase_old_identities(now + 89 * DAY) == 0
    assert services.erase_old_identities(now + 91 * DAY) == 1


@pytest.mark.parametrize(
    ("naming_consent", "guardian_naming_consent", "named"),
    [(True, True, True), (False, True, False), (True, False, False)],
)
def test_a_child_is_named_only_if_both_the_child_and_the_representative_agree(
    naming_consent, guardian_naming_consent, named
):
    contest = a_running_contest()
    entry = a_result(contest, 4, age_band="under_16").entry
    close(contest)
    published(contest, entry.code)
    winner = services.ask_identity(Winner.objects.get(), by=lan())
    guardian = {"guardian_name": "Trần Hoa", "guardian_contact": "0987 654 321"}
    agrees = {"naming_consent": naming_consent, "guardian_naming_consent": guardian_naming_consent}
    alone = [PERSON, PERSON | guardian | agrees, PERSON | {"guardian_consent": True} | agrees]
    for columns in alone:
        assert refused(services.give_identity, winner, entry.reader, **columns) == "guardian_required"
    services.give_identity(winner, entry.reader, **PERSON, **guardian, guardian_consent=True, **agrees)
    services.verify_winner(winner, by=lan())
    assert bool(services.publish_winner(winner, by=hoa()).name) is named


def test_an_erased_winner_is_no_longer_named_and_deleting_a_reader_erases_contests_too():
    contest = a_running_contest()
    entry = a_result(contest, 4).entry
    close(contest)
    published(contest, entry.code)
    winner = services.ask_identity(Winner.objects.get(), by=lan())
    services.give_identity(winner, entry.reader, **PERSON, naming_consent=True)
    services.verify_winner(winner, by=lan())
    services.publish_winner(winner, by=hoa())
    before = ranks(contest)
    devices.erase_reader(Reader.objects.get(pk=entry.reader_id))
    services.run_schedule()
    winner.refresh_from_db()
    assert (winner.name, winner.status, WinnerIdentity.objects.exists()) == ("", "published", False)
    assert ranks(contest) == before
    assert not Reader.objects.filter(pk=entry.reader_id).exists()
