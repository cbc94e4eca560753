"""What the clock does with a contest that did not go as planned."""

import contextlib
import gzip
import io

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.contest_results import boards, proof, services
from content.contest_results.models import ProofPart, ScoreCount, Standing
from content.contest_results.services import closing, counting, proofs
from content.contests import services as contests
from content.contests.models import Attempt, Contest
from content.contests.states import RoundStatus
from content.errors import RuleBroken
from tests.builders_contests import (
    DAY,
    HOUR,
    MINUTE,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    close,
    frozen,
    judge,
    round_of,
    shift,
    started,
)
from tests.content.contest_results.test_results import counted, ranks, refused, verified

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


def test_a_reader_who_is_erased_at_the_end_holds_up_neither_the_close_nor_the_results():
    contest = a_running_contest()
    attempts = [a_result(contest, right) for right in (4, 3, 2)]
    services.settle_all()
    shift(contest, -HOUR)
    services.erase_contest_data_of(attempts[0].entry.reader)
    assert services.finalise(round_of(contest))
    services.erase_contest_data_of(attempts[1].entry.reader)
    assert services.tell_contestants() == 1
    contest.refresh_from_db()
    services.propose_results(contest, winners=[], by=judge())
    assert services.publish_results(contest, by=judge("minh-judges")).status == "published"
    services.recount_marked()
    assert list(ranks(contest).values()) == [1, 2, 3]
    before = counted()
    counting.rebuild(contest)
    assert counted() == before


def test_who_is_disqualified_after_the_end_has_no_rank_when_the_round_is_closed():
    contest = a_running_contest()
    first, second = (a_result(contest, right) for right in (4, 3))
    services.settle_all()
    shift(contest, -HOUR)
    services.disqualify(first.entry, by=judge(), reason="Hai máy")
    with pytest.raises(RuleBroken) as refusal:
        services.finalise(round_of(contest))
    assert refusal.value.code == "counting_not_finished"
    services.refresh_stale_ranks()
    assert services.finalise(round_of(contest))
    assert ranks(contest) == {second.entry.code: 1}


def test_a_round_that_closes_after_the_last_was_over_leaves_no_total():
    contest = with_a_dead_round()
    a_result(contest, 4)
    services.settle_all()
    assert Standing.objects.filter(round=None).exists()
    shift(contest, -3 * HOUR)  # no worker ran until both were over
    services.run_schedule()
    contest.refresh_from_db()
    assert contest.status == "closed"
    assert not Standing.objects.filter(round=None).exists() and not ScoreCount.objects.filter(round=None).exists()
    before = counted()
    counting.rebuild(contest)
    assert counted() == before


def test_an_erased_reader_ranks_nothing_again_while_another_round_is_open():
    contest = a_running_contest(a_quiz_bank(8), rounds=2)
    reader = a_result(contest, 4).entry.reader
    a_result(contest, 3)
    close(contest)
    parts = list(ProofPart.objects.values_list("pk", flat=True))
    shift(contest, -HOUR / 2)
    a_result(contest, 2, number=2, reader=reader)
    services.settle_all()
    services.erase_contest_data_of(reader)
    services.recount_marked()
    assert not Contest.objects.get().ranks_stale
    services.run_schedule()
    services.store_next_proof()
    assert parts and list(ProofPart.objects.values_list("pk", flat=True)) == parts


def test_what_was_submitted_while_a_question_was_voided_is_counted_without_it():
    contest = a_running_contest(a_quiz_bank(4), size=4)
    attempt, read_before = a_result(contest, 4), round_of(contest)
    voided(round_of(contest).questions.first())
    services.refresh_stale_ranks()
    late = a_result(contest, 4)
    Attempt.objects.filter(pk=late.pk).update(correct=4, scored_voids=0)  # as it was scored before
    assert services.settle(read_before) == 2
    for each in (attempt, late):
        each.refresh_from_db()
        assert each.correct == 3
    Attempt.objects.filter(pk=late.pk).update(correct=4, scored_voids=0)
    counting.rebuild(contest)
    shift(contest, -HOUR)
    services.finalise(round_of(contest))
    assert set(Standing.objects.values_list("correct", "rank")) == {(3, 1), (3, 2)}
    assert set(ScoreCount.objects.values_list("correct", "contestants")) == {(3, 2)}


def test_a_contest_whose_last_round_nobody_froze_closes_after_its_ranks_are_counted_again():
    contest = with_a_dead_round()
    a_result(contest, 4)
    close(contest)
    shift(contest, -2 * HOUR)
    voided(round_of(contest).questions.first())
    assert closing.close_ended_contests() == 0
    services.refresh_stale_ranks()
    assert closing.close_ended_contests() == 1


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


def refuse_by_database(table, condition):
    """From now on no row of the table is written that is so, as if it could not be."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT never CHECK (NOT ({condition})) NOT VALID")


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("content_attempt", "id = {attempt} AND submitted_at IS NOT NULL"),
        ("content_standing", "contest_id = {contest}"),
        ("content_standing", "contest_id = {contest} AND rank IS NOT NULL"),
        ("content_round", "contest_id = {contest} AND status = 'closed'"),
        ("content_contest", "id = {contest} AND status = 'closed'"),
    ],
)
def test_a_contest_that_cannot_be_counted_or_closed_does_not_hold_up_the_others(table, condition):
    running = [a_running_contest() for _ in range(3)]  # whatever their order, one comes after the second
    attempts = [started(round_of(contest), an_entry(contest).reader) for contest in running]
    for contest in running:
        shift(contest, -HOUR)
    refuse_by_database(table, condition.format(contest=running[1].pk, attempt=attempts[1].pk))
    with contextlib.suppress(ExceptionGroup):  # an attempt that cannot be closed is only logged
        services.run_schedule()
    closed = [round_of(contest).status == RoundStatus.CLOSED for contest in running]
    assert closed == [True, False, True]
    assert [Contest.objects.get(pk=contest.pk).status for contest in running] == ["closed", "announced", "closed"]
    ranked = Standing.objects.filter(rank=1).order_by("contest__pk").values_list("contest", flat=True)
    assert list(ranked) == [running[0].pk, running[2].pk]


def test_ranks_that_cannot_be_counted_again_do_not_hold_up_those_of_others():
    closed = []
    for _ in range(2):
        contest = a_running_contest(a_quiz_bank(4), size=4)
        closed.append(a_result(contest, 4))
        close(contest)
    for attempt in closed:
        voided(round_of(attempt.round.contest).questions.first())
    refuse_by_database("content_attempt", f"id = {closed[1].pk} AND correct = 3")  # the newest comes first
    with pytest.raises(ExceptionGroup):
        services.refresh_stale_ranks()
    for each in closed:
        each.refresh_from_db()
    assert [each.correct for each in closed] == [3, 4]
    assert list(Contest.objects.order_by("pk").values_list("ranks_stale", flat=True)) == [False, True]


def test_an_entry_that_cannot_be_counted_again_does_not_hold_up_those_of_other_contests():
    entries = []
    for _ in range(2):
        contest = a_running_contest(units=["Trường A"])
        entries.append(a_result(contest, 4, unit="Trường A").entry)
        services.settle_all()
        services.erase_contest_data_of(entries[-1].reader)
    refuse_by_database("content_standing", f"entry_id = {entries[1].pk} AND unit = ''")  # the newest comes first
    with pytest.raises(ExceptionGroup):
        services.recount_marked()
    assert list(Standing.objects.order_by("entry").values_list("unit", flat=True)) == ["", "Trường A"]


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
    assert services.store_next_proof()
    again = b"".join(bytes(part.content) for part in ProofPart.objects.order_by("number"))
    assert again != stored
    assert again == b"".join(proof.packed_parts(round_of(contest)))
    assert verified(round_of(contest))[2] == []
    assert not services.store_next_proof()


def test_a_large_file_is_given_once_the_worker_has_packed_it(monkeypatch):
    monkeypatch.setattr(proof, "CHUNK", 2)
    contest = a_running_contest()
    for _ in range(3):
        a_result(contest, 1)
    round = close(contest)
    assert b"".join(proof.proof_file(round))
    ProofPart.objects.all().delete()
    assert refused(proof.proof_file, round) == "proof_not_packed"
    Attempt.objects.first().delete()
    assert b"".join(proof.proof_file(round))  # two lines: at once


def test_one_round_is_packed_at_a_time_and_one_that_cannot_be_does_not_hold_up_the_next():
    closed = []
    for _ in range(3):
        contest = a_running_contest()
        a_result(contest, 2)
        closed.append(close(contest))
    ProofPart.objects.all().delete()
    Attempt.objects.filter(round=closed[0]).update(receipt="not a receipt")
    for expected in closed[1:]:
        with pytest.raises(ExceptionGroup):
            services.store_next_proof()
        assert ProofPart.objects.filter(round=expected).exists()
    assert not ProofPart.objects.filter(round=closed[0]).exists()


def test_a_file_that_was_packed_while_ranks_were_written_is_thrown_away():
    contest = a_running_contest()
    a_result(contest, 2)
    close(contest)
    ProofPart.objects.all().delete()
    read_before = round_of(contest)
    counting.rank_closed_rounds(contest)
    assert not proofs.store_proof(read_before) and not ProofPart.objects.exists()
    read_before = round_of(contest)
    Contest.objects.update(ranks_stale=True)
    assert not proofs.store_proof(read_before) and not ProofPart.objects.exists()
    Contest.objects.update(ranks_stale=False)
    assert proofs.store_proof(read_before) and ProofPart.objects.exists()


def test_the_lock_of_the_counts_is_not_held_while_a_file_is_packed():
    contest = a_running_contest()
    a_result(contest, 2)
    close(contest)
    ProofPart.objects.all().delete()
    with CaptureQueriesContext(connection) as statements:
        assert services.store_next_proof()
    said = [each["sql"] for each in statements]
    packed = max(place for place, sql in enumerate(said) if 'INSERT INTO "content_proofpart"' in sql)
    held = min(place for place, sql in enumerate(said) if "pg_advisory_xact_lock" in sql)
    assert packed < held


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


def test_attempts_that_cannot_be_closed_do_not_hold_up_those_that_ended_later():
    contest = a_running_contest()
    attempts = [started(round_of(contest), an_entry(contest).reader) for _ in range(5)]
    now = timezone.now()
    for n, attempt in enumerate(attempts):
        ended = {"started_at": now - HOUR, "deadline_at": now - 10 * MINUTE + n * MINUTE}
        Attempt.objects.filter(pk=attempt.pk).update(**ended)
    refuse_by_database("content_attempt", f"id <= {attempts[2].pk} AND submitted_at IS NOT NULL")
    assert contests.close_left_open(limit=2) == 2
    closed = [Attempt.objects.get(pk=attempt.pk).is_closed_by_system for attempt in attempts]
    assert closed == [False, False, False, True, True]
    assert contests.close_left_open(limit=2) == 0


@pytest.fixture
def referring_table():
    """A table that refers to the change log: what it names there cannot be deleted."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE referring (change bigint REFERENCES content_change)")
    yield "referring"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE referring")


@pytest.mark.usefixtures("worker_jobs")
@pytest.mark.django_db(transaction=True)
def test_old_changes_that_cannot_be_deleted_do_not_hold_up_the_erasure_of_practice_and_identities(referring_table):
    contest = a_running_contest(is_practice=True)
    attempt = a_result(contest)
    long_ago = timezone.now() - 100 * DAY
    Attempt.objects.update(submitted_at=long_ago)
    kind = {"nature": Nature.EDITORIAL, "reader": attempt.entry.reader}
    with transaction.atomic():
        changes.record_change(EventType.CONTEST_RESULT_GIVEN, contest.key, **kind)
    old = Change.objects.filter(reader=attempt.entry.reader)
    old.update(changed_at=long_ago)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {referring_table} VALUES ({old.get().pk})")
    with pytest.raises(ExceptionGroup):
        app.tasks["delete_old_private_changes"](timestamp=0)
    assert old.exists()
    assert not Attempt.objects.exists()
