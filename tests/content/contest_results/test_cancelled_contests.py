"""A contest that is cancelled while it is open: who has a receipt can check it all the same."""

import hashlib

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.contest_results import boards, proof, services
from content.contests import papers, queries
from content.contests import services as contests
from content.contests.models import Attempt
from content.errors import RuleBroken
from tests.builders_contests import (
    HOUR,
    MINUTE,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    frozen,
    round_of,
    started,
)
from tests.content.contest_results.test_results import verified

pytestmark = pytest.mark.django_db


def refused(call, *arguments):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments)
    return refusal.value.code


@pytest.mark.parametrize("results_shown", ["at_once", "at_close", "when_published"])
def test_papers_of_a_contest_that_was_cancelled_while_open_are_derived_again(results_shown):
    contest = a_running_contest(rounds=2, results_shown=results_shown)
    attempts = [a_result(contest, right) for right in (3, 1)]
    services.settle_all()
    assert refused(proof.round_proof, round_of(contest)) == "round_not_closed"
    contests.cancel(contest, reason="Bão")
    first, second = Change.objects.get(event_type="contest.cancelled").facts["rounds"]
    assert hashlib.sha256(bytes.fromhex(first["seed"])).hexdigest() == first["seed_hash"]
    assert "seed" not in second  # nobody began it
    assert refused(proof.round_proof, round_of(contest, 2)) == "round_not_closed"
    round = round_of(contest)
    assert verified(round) == (2, 0, [])
    assert queries.publishes_proof(round)
    hashes = {line["receipt_hash"] for line in proof.proof_lines(round)}
    assert hashes == {hashlib.sha256(each.receipt.encode()).hexdigest() for each in attempts}
    mine = Attempt.objects.select_related("entry", "round__contest").get(pk=attempts[0].pk)
    assert [each.is_right for each in papers.solved_paper(mine)] == [True, True, True, False]
    if results_shown != "at_once":
        assert not boards.is_board_open(round.contest, round)


def test_answers_of_a_cancelled_contest_are_known_but_not_while_others_compete_with_them():
    bank = a_quiz_bank(6)
    cancelled, other = a_running_contest(bank), a_running_contest(bank)
    a_result(cancelled, 2)
    contests.cancel(cancelled, reason="Bão")
    assert refused(proof.round_proof, round_of(cancelled)) == "answers_still_secret"
    contests.cancel(other, reason="Bão")
    assert proof.round_proof(round_of(cancelled))["pool"]
    assert refused(frozen, round_of(a_planned_contest(bank))) == "answers_known"


def test_nothing_is_published_of_a_contest_that_was_cancelled_before_anybody_began():
    contest = a_running_contest()
    an_entry(contest)
    contests.cancel(contest, reason="Bão")
    assert "seed" not in Change.objects.get(event_type="contest.cancelled").facts["rounds"][0]
    assert refused(proof.round_proof, round_of(contest)) == "round_not_closed"


def test_the_proof_file_of_a_cancelled_round_is_packed_when_all_attempts_are_closed():
    contest = a_running_contest()
    a_result(contest, 2)
    left_open = started(round_of(contest), an_entry(contest).reader)
    contests.cancel(contest, reason="Bão")
    services.run_schedule()
    assert not services.store_next_proof()
    Attempt.objects.filter(pk=left_open.pk).update(
        started_at=timezone.now() - HOUR, deadline_at=timezone.now() - MINUTE
    )
    services.run_schedule()
    assert services.store_next_proof()
    assert verified(round_of(contest)) == (2, 0, [])
    assert not services.store_next_proof()
