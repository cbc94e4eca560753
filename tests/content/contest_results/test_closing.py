"""What the clock does with a contest that did not go as planned."""

import gzip
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.changes.models import Change
from content.contest_results import boards, proof, services
from content.contest_results.models import ProofPart, ScoreCount, Standing
from content.contest_results.services import closing, counting
from content.contests import services as contests
from content.contests.models import Contest
from content.contests.states import RoundStatus
from content.errors import RuleBroken
from tests.builders_contests import (
    DAY,
    HOUR,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    close,
    frozen,
    judge,
    round_of,
    shift,
)
from tests.content.contest_results.test_results import counted, ranks, verified

pytestmark = pytest.mark.django_db


def with_a_dead_round(rounds=2):
    """A contest whose last round nobody froze; the first began half an hour ago."""
    contest = a_planned_contest(a_quiz_bank(), rounds=rounds)
    for number in range(1, rounds):
        frozen(round_of(contest, number))
    contests.announce(contest, notify=False)
    shift(contest, -DAY - HOUR / 2)
    contest.refresh_from_db()
    return contest


def voided(question):
    services.propose_void(question, by=judge("lan-judges"), reason="Luật đã sửa")
    return services.confirm_void(question, by=judge())


def test_a_contest_with_a_round_that_nobody_froze_closes_and_its_ranks_are_those_of_the_others():
    contest = with_a_dead_round()
    best, other = a_result(contest, 4), a_result(contest, 2)
    services.settle_all()
    assert boards.counted_round(contest, None) is None  # the second could still be frozen
    close(contest)
    assert contest.status == "announced"
    shift(contest, -2 * HOUR)
    services.run_schedule()
    services.run_schedule()
    contest.refresh_from_db()
    assert (contest.status, boards.is_board_open(contest, None)) == ("closed", True)
    assert boards.counted_round(contest, None) == round_of(contest)
    assert ranks(contest) == {best.entry.code: 1, other.entry.code: 2}
    assert Change.objects.filter(subject=contest.key).latest("pk").event_type in (
        "contest.corrected", "contest.result_given",
    )  # fmt: skip
    assert Change.objects.filter(event_type="contest.result_given").count() == 2
    before = counted()
    counting.rebuild(contest)
    assert counted() == before
    services.propose_results(contest, winners=[(best.entry.code, "Giải Nhất")], by=judge())
    published = services.publish_results(contest, by=judge("minh-judges"))
    assert services.turnout_of(published) == {"contestants": 2, "attempts": 2}


def test_the_rounds_that_were_frozen_are_summed_without_the_one_that_was_not():
    contest = with_a_dead_round(rounds=3)
    reader = a_result(contest, 4).entry.reader
    close(contest)
    shift(contest, -HOUR / 2)
    a_result(contest, 1, number=2, reader=reader)
    other = a_result(contest, 4, number=2)
    close(contest, 2)
    shift(contest, -2 * HOUR)
    services.run_schedule()
    contest.refresh_from_db()
    assert contest.status == "closed"
    assert sorted(Standing.objects.filter(round=None).values_list("correct", "rank")) == [(4, 2), (5, 1)]
    assert boards.own_rank(other.entry, None) == boards.OwnRank(2, 2, is_final=True)


def test_a_contest_none_of_whose_rounds_was_frozen_closes_without_results():
    contest = contests.announce(a_planned_contest(a_quiz_bank(2)), notify=False)
    shift(contest, -2 * DAY)
    services.run_schedule()
    contest.refresh_from_db()
    assert (contest.status, boards.is_board_open(contest, None)) == ("closed", False)
    assert closing.close_ended_contests() == 0


def test_a_round_is_not_closed_with_scores_that_a_voided_question_has_changed():
    contest = a_running_contest(a_quiz_bank(4), size=4)
    attempt = a_result(contest, 4)
    services.settle_all()
    voided(round_of(contest).questions.first())
    shift(contest, -HOUR)
    with pytest.raises(RuleBroken) as refusal:
        services.finalise(round_of(contest))
    assert refusal.value.code == "counting_not_finished"
    services.run_schedule()
    attempt.refresh_from_db()
    assert (round_of(contest).status, attempt.correct) == (RoundStatus.CLOSED, 3)


def test_nobody_is_told_of_a_result_that_is_being_counted_again():
    contest = a_running_contest(a_quiz_bank(4), size=4)
    a_result(contest, 4)
    services.settle_all()
    shift(contest, -HOUR)
    services.finalise(round_of(contest))
    voided(round_of(contest).questions.first())
    assert services.tell_contestants() == 0
    services.refresh_stale_ranks()
    assert services.tell_contestants() == 1


def test_who_waits_for_a_result_is_found_without_reading_entries_of_others():
    contest = a_running_contest()
    a_result(contest, 2)
    close(contest)
    with CaptureQueriesContext(connection) as queries:
        assert services.tell_contestants() == 0
    assert not any("DISTINCT" in each["sql"] and "content_contest" in each["sql"] for each in queries)


def test_a_round_of_a_contest_that_was_cancelled_meanwhile_does_not_open():
    contest = a_running_contest()
    round = round_of(contest)
    found = [round]  # as a worker read it before
    contests.cancel(contest, reason="Bão")
    assert closing.open_rounds(found) == 0
    assert not Change.objects.filter(event_type="contest.round_opened").exists()


def test_a_step_that_fails_does_not_hold_up_the_others():
    contest = a_running_contest()
    a_result(contest, 2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE content_round ADD CONSTRAINT never CHECK (status <> 'open') NOT VALID")
    with pytest.raises(ExceptionGroup):
        services.run_schedule()
    assert Standing.objects.filter(contest=contest).count() == 1


def test_the_proof_file_is_stored_at_the_close_and_again_after_the_ranks_are():
    contest = a_running_contest(a_quiz_bank(4), size=4)
    for right in (4, 3):
        a_result(contest, right)
    round = close(contest)
    stored = b"".join(bytes(part.content) for part in ProofPart.objects.order_by("number"))
    assert stored == b"".join(proof.proof_file(round)) == b"".join(proof.packed_parts(round))
    assert len(gzip.decompress(stored).splitlines()) == 2
    voided(round_of(contest).questions.first())
    services.run_schedule()
    again = b"".join(bytes(part.content) for part in ProofPart.objects.order_by("number"))
    assert again != stored
    assert again == b"".join(proof.packed_parts(round_of(contest)))
    assert verified(round_of(contest))[2] == []
    assert closing.store_proofs() == 0


def test_an_erased_reader_changes_no_rank_and_no_proof_file():
    contest = a_running_contest(units=["Trường A"])
    attempts = [a_result(contest, right, unit="Trường A") for right in (4, 3)]
    close(contest)
    parts = list(ProofPart.objects.values_list("pk", flat=True))
    before = ranks(contest)
    services.erase_contest_data_of(attempts[0].entry.reader)
    services.recount_marked()
    assert not Contest.objects.get().ranks_stale
    services.run_schedule()
    assert list(ProofPart.objects.values_list("pk", flat=True)) == parts and ranks(contest) == before
    state = counted()
    counting.rebuild(contest)
    assert counted() == state


def test_parts_of_a_proof_file_are_one_gzip_file(monkeypatch):
    monkeypatch.setattr(proof, "CHUNK", 2)
    contest = a_running_contest()
    for _ in range(5):
        a_result(contest, 1)
    round = close(contest)
    assert ProofPart.objects.count() == 3
    packed = io.BytesIO(b"".join(proof.proof_file(round)))
    assert len(gzip.GzipFile(fileobj=packed).read().splitlines()) == 5


def test_the_seed_is_in_no_statement_but_that_of_the_freezing():
    contest = a_running_contest()
    seed = bytes(round_of(contest).seed).hex()
    with CaptureQueriesContext(connection) as queries:
        assert services.open_begun_rounds() == 1
    assert not any(seed in each["sql"] for each in queries)
    assert Contest.objects.count() == 1 and not ScoreCount.objects.exists()
