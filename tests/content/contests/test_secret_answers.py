"""Nobody learns the answers of questions with which others still compete, in whatever round they were asked."""

import pytest
from django.utils import timezone

from content.contest_results import proof
from content.contests import papers, queries, services
from content.contests.models import Attempt, RoundQuestion
from content.errors import RuleBroken
from content.question_banks import queries as bank_queries
from content.question_banks import services as banks
from content.question_banks.models import QuizQuestion
from tests.builders import a_bank, a_quiz_question, approver
from tests.builders_contests import (
    DAY,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    close,
    frozen,
    round_of,
    shift,
)

pytestmark = pytest.mark.django_db


def refused(call, *arguments, **columns):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    return refusal.value.code


def with_paper(attempt):
    return Attempt.objects.select_related("entry", "round__contest").get(pk=attempt.pk)


def test_weekly_rounds_of_one_bank_publish_their_proofs_after_the_last():
    contest = a_running_contest(a_quiz_bank(6), rounds=2)
    attempt = a_result(contest, 3)
    first = close(contest)
    assert (first.status, first.contest.results_shown) == ("closed", "at_close")
    assert refused(proof.round_proof, first) == "answers_still_secret"
    assert refused(list, proof.proof_lines(first)) == "answers_still_secret"
    assert refused(papers.solved_paper, with_paper(attempt)) == "results_not_shown"
    second = close(contest, 2)
    assert proof.round_proof(first)["pool"] and proof.round_proof(second)["pool"]
    assert len(papers.solved_paper(with_paper(attempt))) == 4


def test_a_round_of_other_questions_keeps_no_proof_back():
    contest, other = a_running_contest(), a_running_contest()
    assert queries.keeps_answers_secret(round_of(other))
    assert proof.round_proof(close(contest))["pool"]


def test_a_ranked_round_asks_nothing_that_practice_has_shown():
    bank = a_quiz_bank(6)
    practice = a_running_contest(bank, is_practice=True)
    round = round_of(a_planned_contest(bank))
    with pytest.raises(RuleBroken) as refusal:
        frozen(round)
    assert (refusal.value.code, refusal.value.field) == ("answers_known", "sections")
    assert f"{practice.key}/1" in refusal.value.message
    close(practice)
    assert refused(frozen, round) == "answers_known"
    assert not RoundQuestion.objects.filter(round=round).exists()


def test_practice_asks_nothing_with_which_others_compete():
    bank = a_quiz_bank(6)
    ranked = a_running_contest(bank)
    round = round_of(a_planned_contest(bank, is_practice=True))
    assert refused(frozen, round) == "answers_known"
    close(ranked)
    assert frozen(round).is_frozen


def test_a_ranked_round_asks_nothing_of_which_the_proof_is_public():
    bank = a_quiz_bank(6)
    used = a_running_contest(bank)
    round = round_of(a_planned_contest(bank))
    services.propose_freeze(round, by=None)  # while nothing of it is public
    close(used)
    assert refused(services.freeze, round, by=None) == "answers_known"


def test_several_attempts_whose_scores_tell_the_answers_ask_nothing_that_others_compete_with():
    bank = a_quiz_bank(6)
    once = a_running_contest(bank)
    several = round_of(a_planned_contest(bank, max_attempts=None))
    with pytest.raises(RuleBroken) as refusal:
        frozen(several)
    assert (refusal.value.code, refusal.value.field) == ("answers_known", "sections")
    assert f"{once.key}/1" in refusal.value.message
    services.cancel(once, reason="Không đủ người")
    assert frozen(several).is_frozen
    assert refused(frozen, round_of(a_planned_contest(bank))) == "answers_known"
    assert frozen(round_of(a_planned_contest(a_quiz_bank(6), max_attempts=2))).is_frozen


def test_weekly_rounds_of_one_bank_allow_one_attempt():
    contest = a_planned_contest(a_quiz_bank(6), rounds=2, max_attempts=3)
    frozen(round_of(contest))
    assert refused(frozen, round_of(contest, 2)) == "answers_known"


def test_scores_that_are_published_later_tell_answers_too():
    bank = a_quiz_bank(6)
    closed = a_running_contest(bank, max_attempts=2, results_shown="when_published")
    close(closed)
    assert refused(frozen, round_of(a_planned_contest(bank))) == "answers_known"


def test_a_cancelled_contest_that_showed_scores_has_told_its_answers():
    bank = a_quiz_bank(6)
    planned, begun = (
        a_running_contest(bank, max_attempts=2, results_shown="at_once") for bank in (bank, a_quiz_bank())
    )
    a_result(begun, 2)
    for contest in (planned, begun):
        services.cancel(contest, reason="Bão")
    assert frozen(round_of(a_planned_contest(bank))).is_frozen
    assert refused(frozen, round_of(a_planned_contest(round_of(begun).bank))) == "answers_known"


@pytest.mark.parametrize("results_shown", ["at_once", "at_close", "when_published"])
def test_scores_of_a_cancelled_contest_are_readable_once_somebody_began(results_shown):
    bank = a_quiz_bank(6)
    keys = set(bank.questions.values_list("key", flat=True))
    begun, planned = (a_running_contest(each, results_shown=results_shown) for each in (bank, a_quiz_bank()))
    a_result(begun, 2)
    for contest in (begun, planned):
        services.cancel(contest, reason="Bão")
    several = a_planned_contest(bank, max_attempts=2)
    keys |= set(round_of(planned).bank.questions.values_list("key", flat=True))
    assert queries.rounds_with_readable_scores(several, keys) == [round_of(begun)]


def test_a_cancelled_contest_keeps_no_answers_back():
    bank = a_quiz_bank(6)
    cancelled = a_running_contest(bank)
    used = a_running_contest(bank)
    services.cancel(cancelled, reason="Không đủ người")
    assert proof.round_proof(close(used))["pool"]


def test_answers_of_another_revision_are_the_same_answers():
    bank = a_quiz_bank(4)
    contest = a_planned_contest(bank, rounds=1)
    frozen(round_of(contest))
    for question in bank.questions.all():
        draft = banks.revise_question(question, text=f"{question.text} (bản mới)")
        banks.approve_question(draft, by=approver())
    assert refused(frozen, round_of(a_planned_contest(bank, is_practice=True))) == "answers_known"


def test_a_frozen_draft_that_nobody_announced_keeps_no_proof_back_after_its_end():
    bank = a_quiz_bank(6)
    dropped = a_planned_contest(bank)
    frozen(round_of(dropped))
    used = close(a_running_contest(bank))
    assert refused(proof.round_proof, used) == "answers_still_secret"  # it may still be announced
    shift(dropped, -2 * DAY)
    assert refused(services.announce, dropped) == "starts_in_past"
    assert proof.round_proof(used)["pool"]


def test_scores_of_a_frozen_draft_that_nobody_announced_tell_nothing():
    bank = a_quiz_bank(6)
    dropped = a_planned_contest(bank, max_attempts=2)
    frozen(round_of(dropped))
    assert refused(frozen, round_of(a_planned_contest(bank))) == "answers_known"
    shift(dropped, -2 * DAY)
    assert frozen(round_of(a_planned_contest(bank))).is_frozen


def test_practice_of_a_draft_that_was_never_announced_has_shown_nothing():
    bank = a_quiz_bank(6)
    dropped = a_planned_contest(bank, is_practice=True)
    frozen(round_of(dropped))
    assert refused(frozen, round_of(a_planned_contest(bank))) == "answers_known"
    shift(dropped, -2 * DAY)
    assert frozen(round_of(a_planned_contest(bank))).is_frozen


def imported_again(bank, **columns):
    """A bank of the same questions under other keys, written a little differently."""
    copy = a_quiz_bank(0)
    for question in bank.questions.order_by("pk"):
        text = f"  {question.text.upper()} ".replace("?", " ?!")
        a_quiz_question(copy, text=text, choices=question.choices[::-1], right=3, **columns)
    return copy


def test_practice_of_the_same_questions_under_other_keys_is_refused_while_others_compete():
    bank = a_quiz_bank(6)
    ranked = a_running_contest(bank)
    practice = round_of(a_planned_contest(imported_again(bank), is_practice=True))
    with pytest.raises(RuleBroken) as refusal:
        frozen(practice)
    assert (refusal.value.code, f"{ranked.key}/1" in refusal.value.message) == ("answers_known", True)
    close(ranked)
    assert frozen(practice).is_frozen


def test_a_ranked_round_asks_nothing_that_others_ask_under_other_keys():
    bank = a_quiz_bank(6)
    competing = a_running_contest(bank)
    again = round_of(a_planned_contest(imported_again(bank)))
    assert refused(frozen, again) == "answers_known"
    close(competing)
    assert refused(frozen, again) == "answers_known"  # its proof is public
    assert refused(frozen, round_of(a_planned_contest(imported_again(imported_again(bank))))) == "answers_known"


def test_other_choices_make_another_question_and_samples_do_not_count():
    bank, other = a_quiz_bank(4), a_bank()
    for question in bank.questions.all():
        a_quiz_question(other, text=question.text, choices=["A", "B", "C", "D"])
    a_running_contest(bank)
    assert bank_queries.keys_of_same_questions(other.questions.all()) == set()
    sample = a_bank()
    sample.is_sample = True
    sample.save()
    used = a_quiz_question(sample, text="Mẫu đã dùng")
    QuizQuestion.objects.filter(pk=used.pk).update(used_at=timezone.now())
    assert bank_queries.keys_of_same_questions([a_quiz_question(a_bank(), text="Mẫu đã dùng")]) == set()
