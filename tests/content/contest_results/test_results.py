"""What is counted: settled once, ranked as declared, the same when made again, and derivable by anyone."""

import datetime
import gzip
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from content.changes.models import Change
from content.contest_papers import scoring, verifying
from content.contest_results import boards, proof, services
from content.contest_results.models import GroupCount, ScoreCount, Standing
from content.contest_results.services import counting
from content.contests import papers
from content.contests import services as contests
from content.contests.models import Attempt, Contest
from content.errors import RuleBroken
from content.organisations.models import Province
from content.people.models import Reader
from content.public_changes.facts import with_public_facts
from tests.builders_contests import (
    HOUR,
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    answers_for,
    close,
    judge,
    round_of,
    shift,
    started,
)

pytestmark = pytest.mark.django_db


def refused(call, *arguments, **columns):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    return refusal.value.code


def counted():
    """All standings and counts, without their ids."""

    def rows(model, *without):
        fields = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", *without)]
        return sorted(map(repr, (tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                                 for row in model.objects.values_list(*fields))))  # fmt: skip

    return rows(Standing), rows(ScoreCount), rows(GroupCount)


def ranks(contest, round=None):
    """{code: rank} of the board's standings."""
    standings = Standing.objects.filter(contest=contest, round=boards.counted_round(contest, round))
    return dict(standings.values_list("entry__code", "rank"))


def test_what_was_submitted_is_counted_once():
    contest = a_running_contest()
    done = [a_result(contest, right) for right in (1, 3, 3)]
    started(round_of(contest), an_entry(contest).reader)
    assert services.settle_all() == 3
    assert services.settle_all() == 0
    assert sorted(ScoreCount.objects.values_list("correct", "contestants")) == [(1, 1), (3, 2)]
    assert set(GroupCount.objects.values_list("kind", "group", "attempts", "contestants", "correct_sum")) == {
        ("province", "", 3, 3, 7), ("unit", "", 3, 3, 7),
    }  # fmt: skip
    by_score = sorted(done, key=lambda attempt: -attempt.correct)
    assert [boards.own_rank(each.entry, round_of(contest)).rank for each in by_score][2] == 3
    assert boards.own_rank(by_score[2].entry, round_of(contest)) == boards.OwnRank(3, 3, is_final=False)


@pytest.mark.parametrize(("policy", "expected"), [("best", 3), ("last", 1), ("first", 2)])
def test_of_several_attempts_the_declared_one_counts(policy, expected):
    contest = a_running_contest(max_attempts=3, score_policy=policy)
    reader = an_entry(contest).reader
    for right in (2, 3, 1):
        a_result(contest, right, reader=reader)
        services.settle_all()
    standing = Standing.objects.get()
    assert (standing.correct, standing.attempts) == (expected, 3)
    assert list(ScoreCount.objects.values_list("correct", "contestants")) == [(expected, 1)]


def test_equal_results_share_a_rank_and_the_next_rank_is_left_out():
    contest = a_running_contest(ranking=["correct", "duration", "draw"])
    attempts = [a_result(contest, *each) for each in ((4, ), (3, ), (3, ), (1, ))]  # fmt: skip
    Attempt.objects.update(duration_ms=60_000)
    close(contest)
    by_code = ranks(contest)
    assert [by_code[attempt.entry.code] for attempt in attempts] == [1, 2, 2, 4]
    assert contest.status == "closed"
    codes = [attempts[2].entry.code, attempts[1].entry.code]
    by = judge()
    assert refused(services.record_draw, contest, round_of(contest), codes[:1], by=by, reason="x") == "not_tied"
    assert refused(services.record_draw, contest, round_of(contest), [], by=by, reason="x") == "not_tied"
    wrong = [codes[0], attempts[3].entry.code]
    assert refused(services.record_draw, contest, round_of(contest), wrong, by=by, reason="x") == "not_tied"
    services.record_draw(contest, round_of(contest), codes, by=by, reason="Bốc thăm ngày 16/7")
    services.run_schedule()
    by_code = ranks(contest)
    assert [by_code[attempt.entry.code] for attempt in attempts] == [1, 3, 2, 4]


def plain_key(ranking, attempt, turnout):
    """What an attempt is ranked by, as plain values: less is better. `turnout`: None while it is not counted."""
    distance = 0
    if turnout is not None:
        distance = math.inf if attempt.prediction is None else abs(attempt.prediction - turnout)
    values = {
        "correct": -attempt.correct,
        "duration": attempt.duration_ms,
        "prediction": distance,
        "submitted_at": attempt.submitted_at,
        "draw": 0,
    }
    return tuple(values[name] for name in ranking)


def by_hand(contest, round, turnout=None):
    """{code: rank} by plain Python: which attempt counts is decided before anybody knows the turnout."""
    tried = {}
    for attempt in Attempt.objects.filter(round=round).select_related("entry").order_by("number"):
        tried.setdefault(attempt.entry, []).append(attempt)
    results = {}
    for entry, attempts in tried.items():
        best = sorted(attempts, key=lambda attempt: plain_key(contest.ranking, attempt, None))[0]
        counts = {"first": attempts[0], "last": attempts[-1], "best": best}[contest.score_policy]
        results[entry.code] = entry.bracket, plain_key(contest.ranking, counts, turnout)
    return {
        code: 1 + sum(other < key for of, other in results.values() if of == bracket)
        for code, (bracket, key) in results.items()
    }


UNITS = ["Trường A", "Trường B"]
RULES = st.builds(
    lambda middle, last, policy, counted: {
        "ranking": ["correct", *middle, last], "score_policy": policy, "prediction_of": counted,
    },
    st.lists(st.sampled_from(["duration", "prediction"]), max_size=2, unique=True),
    st.sampled_from(["submitted_at", "draw"]),
    st.sampled_from(["best", "last", "first"]),
    st.sampled_from(["contestants", "attempts"]),
)  # fmt: skip
TRIES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(60, 62), st.sampled_from([None, 2, 5, 9])), min_size=1, max_size=3
)  # right answers, seconds, prediction: of few values, so that many results are equal
CONTESTANTS = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 3), st.sampled_from(["", *UNITS]), TRIES, st.integers(0, 3)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=10)
@given(rules=RULES, contestants=CONTESTANTS)
def test_for_random_rules_the_ranks_are_those_of_a_plain_sort_and_a_rebuild_changes_nothing(rules, contestants):
    with transaction.atomic():
        take_part_and_compare(rules, contestants)
        transaction.set_rollback(True)


def take_part_and_compare(rules, contestants):
    provinces = [None, *Province.objects.filter(valid_until=None)[:3]]
    contest = a_running_contest(a_quiz_bank(5), max_attempts=3, brackets=["A", "B"], units=UNITS, **rules)
    for bracket, province, unit, tries, settled in contestants:
        reader = an_entry(contest, bracket=bracket, province=provinces[province], unit=unit).reader
        for right, seconds, prediction in tries:
            a_result(contest, right, reader=reader, seconds=seconds, prediction=prediction)
        if settled:
            counting.settle(round_of(contest), limit=settled)
    services.settle_all()
    open_ranks = {each.entry.code: boards.rank_of(each) for each in Standing.objects.select_related("entry")}
    assert open_ranks == by_hand(contest, round_of(contest))
    round = close(contest)
    tried = Attempt.objects.count()
    assert round.turnout == (len(contestants) if contest.prediction_of == "contestants" else tried)
    assert ranks(contest) == by_hand(contest, round, round.turnout)
    before = counted()
    counting.rebuild(contest)
    assert counted() == before
    Standing.objects.filter(pk__lte=Standing.objects.earliest("pk").pk + 1).delete()
    ScoreCount.objects.update(contestants=99)
    GroupCount.objects.all().delete()
    counting.rebuild(contest)
    assert counted() == before
    assert verified(round) == (tried, len(contestants), [])


def verified(round):
    """(papers, ranks, differences) of the downloaded proof."""
    lines = [json.loads(line) for line in gzip.decompress(b"".join(proof.proof_file(round))).splitlines()]
    return verifying.verify(json.loads(json.dumps(proof.round_proof(round))), lines)


def test_the_program_runs_alone_on_the_downloaded_proof_and_finds_what_was_changed(tmp_path):
    contest = a_running_contest(a_quiz_bank(4), size=3)
    for right in (3, 1, 2):
        a_result(contest, right)
    assert refused(proof.round_proof, round_of(contest)) == "round_not_closed"
    assert refused(list, proof.proof_lines(round_of(contest))) == "round_not_closed"
    round = close(contest)
    published = proof.round_proof(round)
    program = tmp_path / "verifying.py"
    program.write_text(Path(verifying.__file__).read_text())

    def run(published, lines):
        (tmp_path / "proof.json").write_text(json.dumps(published))
        (tmp_path / "proof.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
        command = [sys.executable, "-I", "-S", program, "proof.json", "proof.jsonl.gz"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.stdout.splitlines()[-1], done.returncode

    lines = list(proof.proof_lines(round))
    assert run(published, lines) == ("papers=3 ranks=3 differ=0", 0)
    swapped = [lines[0] | {"nonce": lines[1]["nonce"]}, *lines[1:]]
    assert run(published, swapped) == ("papers=3 ranks=3 differ=1", 1)
    assert run(published, [lines[0] | {"rank": 2}, *lines[1:]]) == ("papers=3 ranks=3 differ=1", 1)
    assert run(published | {"seed": "00" * 32}, lines)[0] == "papers=3 ranks=3 differ=4"
    question = published["pool"][0]["question"] | {"right": 4}
    pool = [published["pool"][0] | {"question": question}, *published["pool"][1:]]
    assert run(published | {"pool": pool}, lines)[0] == "papers=3 ranks=3 differ=1"
    assert run(published, [lines[0] | {"correct": 0}, *lines[1:]])[1] == 1


def test_two_rounds_are_summed_for_the_contest():
    contest = a_running_contest(rounds=2)
    first = a_result(contest, 4)
    reader = first.entry.reader
    a_result(contest, 2)
    close(contest)
    assert contest.status == "announced"
    assert boards.own_rank(first.entry, None) == boards.OwnRank(1, 2, is_final=False)
    shift(contest, timezone.now() - round_of(contest, 2).starts_at - HOUR / 2)
    a_result(contest, 1, number=2, reader=reader)
    third = a_result(contest, 4, number=2)
    close(contest, 2)
    assert contest.status == "closed"
    totals = Standing.objects.filter(round=None).order_by("-correct").values_list("correct", "attempts", "rank")
    assert list(totals) == [(5, 2, 1), (4, 1, 2), (2, 1, 3)]
    assert boards.own_rank(third.entry, None) == boards.OwnRank(2, 3, is_final=True)
    before = counted()
    counting.rebuild(contest)
    assert counted() == before


def test_what_a_closed_round_tells_of_predictions_is_in_all_standings_of_the_contest():
    contest = a_running_contest(rounds=2, ranking=["correct", "prediction", "submitted_at"], prediction_of="attempts")
    first = a_result(contest, 3, prediction=9)
    for prediction in (2, None):
        a_result(contest, 3, prediction=prediction)
    close(contest)
    shift(contest, timezone.now() - round_of(contest, 2).starts_at - HOUR / 2)
    a_result(contest, 1, number=2, reader=first.entry.reader, prediction=1)
    services.settle_all()
    totals = Standing.objects.filter(round=None).order_by("order_key")
    expected = [(4, 6, None), (3, 1, None), (3, scoring.NO_PREDICTION, None)]
    assert list(totals.values_list("correct", "distance", "rank")) == expected
    before = counted()
    counting.rebuild(contest)
    assert counted() == before
    close(contest, 2)
    assert list(totals.values_list("distance", "rank")) == [(6, 1), (1, 2), (scoring.NO_PREDICTION, 3)]


def test_a_round_is_closed_once_with_its_seed_and_not_before_all_is_counted():
    contest = a_running_contest()
    a_result(contest, 2)
    round = round_of(contest)
    assert refused(services.finalise, round) == "not_ended"
    services.open_begun_rounds(), services.open_begun_rounds()
    shift(contest, timezone.now() - round.ends_at - HOUR)
    assert refused(services.finalise, round) == "not_settled"
    services.settle_all()
    assert [services.finalise(round), services.finalise(round)] == [True, False]
    kinds = list(Change.objects.filter(subject=contest.key).values_list("event_type", flat=True))
    assert kinds == ["contest.announced", "contest.round_opened", "contest.round_closed"]
    closed = Change.objects.get(event_type="contest.round_closed")
    assert closed.facts["seed"] == bytes(round_of(contest).seed).hex()
    assert Contest.objects.get().status == "closed"


def test_closing_is_made_up_after_an_outage_of_the_worker():
    contest = a_running_contest(rounds=2)
    a_result(contest, 2)
    left = started(round_of(contest), an_entry(contest).reader)
    contests.save(left, seq=1, answers=answers_for(left, 3))
    shift(contest, -10 * HOUR)
    services.run_schedule()
    services.run_schedule()
    contest.refresh_from_db()
    assert contest.status == "closed"
    assert sorted(Standing.objects.filter(round=None).values_list("correct", "rank")) == [(2, 2), (3, 1)]
    kinds = Change.objects.filter(subject=contest.key, reader=None).order_by("pk").values_list("event_type", flat=True)
    assert list(kinds) == ["contest.announced", "contest.round_closed", "contest.round_closed"]


def test_contestants_are_told_privately_once_that_there_is_a_result():
    contest = a_running_contest(results_shown="when_published")
    told = a_result(contest, 2).entry.reader
    an_entry(contest)
    close(contest)
    assert not Change.objects.filter(event_type="contest.result_given").exists()
    services.propose_results(contest, winners=[], by=judge())
    services.publish_results(contest, by=judge("minh-judges"))
    services.run_schedule()
    services.run_schedule()
    (change,) = Change.objects.filter(event_type="contest.result_given")
    assert (change.reader, change.facts, change.subject) == (told, {}, contest.key)


def test_boards_show_codes_of_adults_and_units_of_five():
    contest = a_running_contest(units=["Trường A", "Trường B", "Trường C"], results_shown="at_once")
    province = Province.objects.filter(valid_until=None).first()
    for right in (4, 3, 2, 1, 0):
        a_result(contest, right, unit="Trường A", province=province)
    child = a_result(contest, 4, unit="Trường B", age_band="under_16", seconds=900)
    a_result(contest, 0, unit="Trường C")
    services.settle_all()
    round = round_of(contest)
    assert boards.is_board_open(contest, round)
    board = list(boards.people_board(contest, round, ""))
    assert [each.correct for each in board] == [4, 3, 2, 1, 0, 0]
    assert child.entry.code not in {each.entry.code for each in board}
    assert boards.own_rank(child.entry, round).rank == 2  # the faster one is before it
    third = boards.Place(bytes(board[2].order_key), board[2].pk)
    assert list(boards.people_board(contest, round, "", after=third)) == board[3:]
    assert boards.group_board(contest, round, "unit") == [
        boards.GroupRow("Trường A", "Trường A", 5, 5, 10)  # the others are two people
    ]
    assert boards.group_board(contest, round, "province") == [boards.GroupRow(province.key, province.name, 5, 5, 10)]


def test_a_board_is_closed_until_results_are_shown():
    contest = a_running_contest()
    assert not boards.is_board_open(contest, round_of(contest))
    close(contest)
    assert boards.is_board_open(contest, None)
    contest.results_shown = "when_published"
    assert not boards.is_board_open(contest, None)


def test_signs_are_shown_to_people_and_nothing_is_decided():
    contest = a_running_contest()
    fast = a_result(contest, 2, seconds=3)
    a_result(contest, 3, seconds=300)
    assert [each.code for each in boards.fast_attempts(round_of(contest))] == [fast.entry.code]


def test_no_statement_counts_rows_of_attempts():
    contest = a_running_contest(results_shown="at_once")
    attempts = [a_result(contest, right) for right in (1, 2, 3)]
    services.settle_all()
    with CaptureQueriesContext(connection, ) as queries:  # fmt: skip
        list(boards.people_board(contest, round_of(contest), "")[:20])
        boards.own_rank(attempts[0].entry, round_of(contest))
        boards.group_board(contest, round_of(contest), "province")
    assert not [each for each in queries if "content_attempt" in each["sql"]]


def test_practice_is_erased_after_thirty_days_and_never_ranked():
    contest = a_running_contest(is_practice=True)
    a_result(contest, 3)
    close(contest)
    assert not Standing.objects.exists()
    now = timezone.now()
    assert services.erase_old_practice(now + datetime.timedelta(days=29)) == 0
    assert services.erase_old_practice(now + datetime.timedelta(days=31)) == 1
    assert not Attempt.objects.exists()


def test_an_erased_reader_leaves_code_and_result_and_no_rank_changes():
    contest = a_running_contest(units=["Trường A"])
    province = Province.objects.filter(valid_until=None).first()
    kept = a_result(contest, 3, unit="Trường A", province=province)
    others = [a_result(contest, right) for right in (4, 1)]
    empty = an_entry(contest)
    close(contest)
    before, reader = ranks(contest), kept.entry.reader
    for each in (reader, empty.reader):
        services.erase_contest_data_of(each)
        services.erase_contest_data_of(each)
        Reader.objects.filter(pk=each.pk).delete()
    services.run_schedule()
    kept.entry.refresh_from_db()
    assert (kept.entry.reader, kept.entry.province, kept.entry.unit) == (None, None, "")
    assert ranks(contest) == before and len(before) == 3
    assert boards.group_board(contest, round_of(contest), "province") == []
    assert not type(empty).objects.filter(pk=empty.pk).exists()
    assert {each.entry.reader_id for each in others} == set(
        type(empty).objects.exclude(reader=None).values_list("reader", flat=True)
    )
    state = counted()
    counting.rebuild(contest)
    assert counted() == state
    assert verified(round_of(contest))[2] == []


def test_the_database_and_python_write_the_same_order_keys():
    contest = a_running_contest(ranking=["correct", "duration", "prediction", "draw"], prediction_of="attempts")
    a_result(contest, 3, prediction=7)
    a_result(contest, 3)
    round = close(contest)
    for standing in Standing.objects.select_related("attempt"):
        attempt = standing.attempt
        assert bytes(standing.order_key) == scoring.order_key(
            contest.ranking, correct=3, duration_ms=attempt.duration_ms, submitted_at=attempt.submitted_at, draw=0,
            distance=scoring.distance_of(attempt.prediction, round.turnout),
        )  # fmt: skip


def test_a_paper_served_is_the_paper_of_the_published_seed():
    contest = a_running_contest(a_quiz_bank(8), size=5)
    attempts = [a_result(contest, 1) for _ in range(3)]
    served = [[question.text for question in papers.shown_paper(each)] for each in attempts]
    round = close(contest)
    published = proof.round_proof(round)
    texts = {each["hash"]: each["question"]["text"] for each in published["pool"]}
    for attempt, texts_served in zip(attempts, served, strict=True):
        line = {"code": attempt.entry.code, "number": 1, "nonce": bytes(attempt.nonce).hex()}
        numbers = verifying.random_numbers(published, line)
        drawn = verifying.shuffle(published["pool"], 5, numbers)
        assert [texts[each["hash"]] for each in drawn] == texts_served


def test_what_the_change_log_says_of_a_contest_is_public_and_no_more():
    contest = a_running_contest()
    a_result(contest, 2)
    close(contest)
    shown = {change.event_type: change.facts for change in with_public_facts(Change.objects.filter(reader=None))}
    round = round_of(contest)
    said = shown["contest.round_closed"]
    assert (said["title"], said["round"], said["seed"]) == (contest.title, 1, bytes(round.seed).hex())
    assert said["rounds"][0]["pool_hash"] == round.pool_hash
    assert {name for facts in shown.values() for name in facts} <= {
        "algorithm", "is_sample", "predicted_count", "province", "round", "rounds", "seed", "title", "doc_type",
        "number", "on", "verified", "status", "removes_words",
    }  # fmt: skip
