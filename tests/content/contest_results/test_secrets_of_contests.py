"""No key and no seed leaves before its time: not in an answer, the change log, the audit, an error or a log line."""

import base64
import logging

import pytest
from django.apps import apps
from django.core import serializers

from content.contest_results import boards, proof, services
from content.contest_rules.sentences import rules_in_words
from content.contests import papers, queries
from content.contests import services as contests
from content.contests.models import Attempt
from content.errors import RuleBroken
from content.seals import services as seals
from tests.builders import a_quiz_question
from tests.builders_contests import (
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    answers_for,
    close,
    round_of,
    started,
)

pytestmark = pytest.mark.django_db
EXPLANATION = "Vì khoản 1 Điều 2 nói thế 7f3a"
ACCEPTED = "tuyệt mật 7f3a"


@pytest.fixture
def contest():
    bank = a_quiz_bank(3, explanation=EXPLANATION)
    a_quiz_question(bank, kind="fill_in", accepted=[ACCEPTED], explanation=EXPLANATION)
    return a_running_contest(bank, size=4, results_shown="at_once")


def secrets_of(contest):
    round = round_of(contest)
    seed = bytes(round.seed)
    salts = [bytes(row.salt) for row in round.questions.all()]
    in_base64 = [base64.b64encode(each).decode() for each in (seed, *salts)]
    return [EXPLANATION, ACCEPTED, seed.hex(), str(seed)[2:-1], *(salt.hex() for salt in salts), *in_base64]


def test_what_a_contestant_and_the_public_get_while_a_round_is_open_has_no_key(contest, caplog):
    caplog.set_level(logging.DEBUG)
    attempt = started(round_of(contest), an_entry(contest).reader)
    contests.save(attempt, seq=1, answers={"1": "a"} if papers.shown_paper(attempt)[0].choices else {})
    refusals = []
    for answers in ({"9": "a"}, {"1": "\0"}, {"1": 5}):
        with pytest.raises(RuleBroken) as refused:
            contests.submit(attempt, seq=2, answers=answers)
        refusals.append(str(refused.value))
    contests.submit(attempt, seq=3, answers=answers_for(attempt, 0))
    attempt = queries.attempt_of(attempt.entry.reader, attempt.key)
    services.run_schedule()
    shown = [
        papers.shown_paper(attempt), seals.verify(attempt.receipt), proof.round_commitment(attempt.round),
        list(boards.people_board(contest, attempt.round, "")), rules_in_words(contest), refusals, caplog.text,
        repr(attempt.round), str(papers.FrozenRound.__doc__), list(queries.entries_of(attempt.entry.reader)),
    ]  # fmt: skip
    for secret in secrets_of(contest):
        assert secret not in repr(shown)
    with pytest.raises(RuleBroken):
        papers.solved_paper(attempt)
    with pytest.raises(RuleBroken):
        proof.round_proof(attempt.round)
    close(contest)
    after = repr([papers.solved_paper(queries.attempt_of(attempt.entry.reader, attempt.key)),
                  proof.round_proof(round_of(contest))])  # fmt: skip
    assert EXPLANATION in after and bytes(round_of(contest).seed).hex() in after  # this test can see one


def test_only_the_tables_of_the_bank_and_of_the_round_hold_a_key(contest):
    attempt = a_result(contest, 4)
    services.settle_all()
    own_answer = next(iter(set(attempt.answers.values()) & {ACCEPTED}), "")
    assert own_answer == ACCEPTED  # the contestant's own words
    Attempt.objects.update(answers={})
    holders = {
        model.__name__
        for model in apps.get_app_config("content").get_models()
        for secret in secrets_of(contest)
        if secret in serializers.serialize("json", model.objects.all(), ensure_ascii=False)
    }
    assert holders == {"QuizQuestion", "Round", "RoundQuestion"}
