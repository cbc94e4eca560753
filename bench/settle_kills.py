"""Is each attempt counted exactly once, however often the worker that counts is killed?

    .venv/bin/python bench/settle_kills.py [--kills 20] [--attempts 8000]

Attempts of a contest wait on a throw-away PostgreSQL. A process counts them in batches of 200 and is killed (-9) while
it holds the lock of the counts, that is in the middle of a batch, at a random moment of it. After each kill, and at the
end, the standings and both counts must be the sums of the attempts that are marked as counted, and made again from
nothing they must be the same.

`hit`: kills after which the batch under way was not counted; others came after its commit, which is no harm.
How it could pass while the product fails: every kill could hit a worker that does nothing. So too few hits fail too.
Last line: `settle-kills: kills=… hit=… wrong=… left=…`; exit 1 unless wrong=0, left=0 and half of the kills hit.
"""

import argparse
import random
import signal
import subprocess
import sys
import time

import throwaway

BATCH, PATIENCE = 200, 60  # attempts; seconds
WORKER = f"""
import django
django.setup()
from content.contests.models import Round
from content.contest_results.services import settle
round = Round.objects.select_related("contest").get()
while settled := settle(round, limit={BATCH}):
    print(settled, flush=True)
"""
FILL = """
INSERT INTO content_entry (contest_id, code, bracket, unit, age_band, consented_at, entered_at, needs_recount)
SELECT %(contest)s, lpad(to_hex(n), 10, '0'), '', 'Đơn vị ' || n %% 50, 'adult', now(), now(), false
FROM generate_series(1, %(attempts)s / 2) n;
INSERT INTO content_attempt (key, entry_id, round_id, number, nonce, started_at, deadline_at, answers, saved_seq,
    submitted_at, is_closed_by_system, correct, scored_voids, duration_ms, receipt)
SELECT 'lt-' || lpad(to_hex(e.id * 2 + number), 16, '0'), e.id, %(round)s, number, decode(md5(number::text), 'hex'),
    now(), now() + interval '900 s', '{}', 1, now(), false, (random() * 4)::int, 0, (random() * 900000)::bigint, 'r'
FROM content_entry e, generate_series(1, 2) number WHERE e.contest_id = %(contest)s ORDER BY random();
"""
IS_COUNTING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--attempts", type=int, default=8_000)
    asked = options.parse_args()
    throwaway.start()
    from django.db import connection

    from content.contest_results.services import counting
    from content.contests.models import Attempt
    from content.locks import Lock
    from tests.builders_contests import a_quiz_bank, a_running_contest, round_of
    from tests.content.contest_results.test_results import counted

    contest = a_running_contest(a_quiz_bank(4), size=4, max_attempts=2, units=[f"Đơn vị {n}" for n in range(50)])
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n")[:2]:
            parameters = {"contest": contest.pk, "round": round_of(contest).pk, "attempts": asked.attempts}
            cursor.execute(statement, parameters)

    def is_counting():
        with connection.cursor() as cursor:
            cursor.execute(IS_COUNTING, [int(Lock.CONTEST_COUNTS)])
            return cursor.fetchone()[0] > 0

    def is_right():
        before = counted()
        counting.rebuild(contest)
        return counted() == before

    rng, hit, wrong = random.Random(1), 0, 0
    for number in range(asked.kills):
        before = Attempt.objects.exclude(settled_at=None).count()
        worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=throwaway.ROOT, stdout=subprocess.PIPE)
        first_batches = rng.randint(0, 2)
        for _ in range(first_batches):
            worker.stdout.readline()
        until = time.monotonic() + PATIENCE
        while not is_counting() and worker.poll() is None and time.monotonic() < until:
            pass
        time.sleep(rng.random() * 0.05)
        worker.kill()
        ended = worker.wait()
        printed = worker.stdout.read().count(b"\n") + first_batches
        worker.stdout.close()
        while is_counting() and time.monotonic() < until:  # the server rolls back what nobody commits
            pass
        settled = Attempt.objects.exclude(settled_at=None).count()
        is_hit = ended == -signal.SIGKILL and settled - before == printed * BATCH
        hit, wrong = hit + is_hit, wrong + (not is_right())
        print(f"kill {number + 1}: {settled - before} counted, {'in a batch' if is_hit else 'after one'}", flush=True)
    counting.settle_all()
    wrong += not is_right()
    left = Attempt.objects.filter(settled_at=None).count()
    print(f"settle-kills: kills={asked.kills} hit={hit} wrong={wrong} left={left}")
    return 0 if not wrong and not left and hit * 2 >= asked.kills else 1


if __name__ == "__main__":
    sys.exit(main())
