"""Several processes at once, as several web servers and workers are: they share nothing but the database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from content.changes.models import Change
from content.contest_results import services
from content.contest_results.models import ScoreCount, Standing
from content.seals import services as seals
from tests.builders_contests import (
    HOUR,
    a_result,
    a_running_contest,
    an_entry,
    answers_for,
    round_of,
    shift,
    started,
)
from tests.content.contest_results.test_results import counted

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.usefixtures("committed")
BEGIN = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.db import connection
print("ready", flush=True)
told = json.loads(sys.stdin.readline())
"""
SUBMIT = (
    BEGIN
    + """
from content.contests import services
from content.contests.models import Attempt
attempt = Attempt.objects.get(key=told["attempt"])
def submit(number):
    try:
        done, is_first = services.submit(attempt, seq=number + 1, answers=told["answers"][number % 5])
        return [done.receipt, is_first]
    finally:
        connection.close()
with ThreadPoolExecutor(10) as pool:
    print(json.dumps(list(pool.map(submit, told["numbers"]))))
"""
)
FINALISE = (
    BEGIN
    + """
from content.contest_results import services
from content.contests.models import Round
print(json.dumps(services.finalise(Round.objects.select_related("contest").get(pk=told["round"]))))
"""
)
SCHEDULE = (
    BEGIN
    + """
from content.contest_results import services
services.run_schedule()
print("null")
"""
)


def in_processes(program, told):
    """What the program said in a process for each of these messages. They go on once all are ready."""
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        for _ in told
    ]  # fmt: skip
    for each in running:
        assert each.stdout.readline() == "ready\n"
    for each, message in zip(running, told, strict=True):
        each.stdin.write(json.dumps(message) + "\n")
        each.stdin.flush()
    said = [each.communicate()[0] for each in running]
    assert [each.returncode for each in running] == [0] * len(running)
    return [json.loads(each) for each in said]


@pytest.mark.rehearsal
def test_of_two_hundred_submissions_by_four_processes_one_counts():
    contest = a_running_contest()
    attempt = started(round_of(contest), an_entry(contest).reader)
    answers = [answers_for(attempt, right) for right in range(5)]
    told = [{"attempt": attempt.key, "answers": answers, "numbers": list(range(n, 200, 4))} for n in range(4)]
    said = [each for process in in_processes(SUBMIT, told) for each in process]
    attempt.refresh_from_db()
    assert len(said) == 200 and {receipt for receipt, _first in said} == {attempt.receipt}
    assert [first for _receipt, first in said].count(True) == 1
    assert attempt.answers == answers[(attempt.saved_seq - 1) % 5]
    assert attempt.correct == (attempt.saved_seq - 1) % 5
    assert seals.verify(attempt.receipt)["saved_seq"] == attempt.saved_seq
    in_processes(SCHEDULE, [{}] * 3)
    assert (Standing.objects.get().attempts, ScoreCount.objects.get().contestants) == (1, 1)


def test_of_three_processes_that_close_a_round_one_does():
    contest = a_running_contest()
    for right in (3, 1, 4):
        a_result(contest, right)
    services.settle_all()
    round = round_of(contest)
    shift(contest, timezone.now() - round.ends_at - HOUR)
    assert sorted(in_processes(FINALISE, [{"round": round.pk}] * 3)) == [False, False, True]
    closings = Change.objects.filter(event_type="contest.round_closed")
    assert [change.facts["seed"] for change in closings] == [bytes(round.seed).hex()]
    assert sorted(Standing.objects.values_list("rank", flat=True)) == [1, 2, 3]


def test_three_workers_at_once_close_a_contest_as_one_does():
    contest = a_running_contest(max_attempts=2)
    for right in (3, 1, 4):
        a_result(contest, right)
    started(round_of(contest), an_entry(contest).reader)  # nobody submits it
    shift(contest, -2 * HOUR)
    in_processes(SCHEDULE, [{}] * 3)
    services.run_schedule()  # each of them may have found the round locked by another, and left it
    contest.refresh_from_db()
    assert contest.status == "closed"
    events = list(Change.objects.filter(subject=contest.key).values_list("event_type", flat=True))
    assert sorted(events) == sorted(["contest.announced", "contest.round_closed", *["contest.result_given"] * 4])
    assert sorted(Standing.objects.values_list("rank", "correct")) == [(1, 4), (2, 3), (3, 1), (4, 0)]
    before = counted()
    services.rebuild(contest)
    assert counted() == before
