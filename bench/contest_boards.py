"""Settling, closing and the boards of one contest with many attempts, on a throw-away PostgreSQL with fsync on.

.venv/bin/python bench/contest_boards.py [--attempts 1000000]

Goals on two cores: settle ≥ 3,000/s, finalise ≤ 90 s, a page of the board p95 ≤ 15 ms at any depth, own rank ≤ 30 ms
while open and ≤ 5 ms when final. The last line is `boards: …`; exit code 1 where a goal is missed.
"""

import argparse
import random
import statistics
import sys
import time

import psutil
import throwaway

PAGE, PROBES = 50, 200
FILL = """
INSERT INTO content_entry (contest_id, code, bracket, province_id, unit, age_band, consented_at, entered_at,
    needs_recount)
SELECT %(contest)s, lpad(to_hex(n), 10, '0'), '',
    (%(provinces)s::bigint[])[1 + n %% array_length(%(provinces)s::bigint[], 1)],
    'Đơn vị ' || n %% 500, CASE WHEN n %% 10 = 0 THEN 'under_16' ELSE 'adult' END, now(), now(), false
FROM generate_series(1, %(attempts)s) n;
INSERT INTO content_attempt (key, entry_id, round_id, number, nonce, started_at, deadline_at, answers, saved_seq,
    prediction, submitted_at, is_closed_by_system, correct, scored_voids, duration_ms, receipt)
SELECT 'lt-' || lpad(to_hex(e.id), 16, '0'), e.id, %(round)s, 1, decode(md5(e.id::text), 'hex'), now(),
    now() + interval '900 s', '{"1": "a", "2": "b", "3": "c", "4": "d"}', 5, (random() * 1e6)::bigint,
    now() + random() * interval '800 s', false, 20 - floor(20 * random() * random())::int, 0,
    (random() * 900000)::bigint, repeat('r', 600)
FROM content_entry e WHERE e.contest_id = %(contest)s;
ANALYZE content_entry; ANALYZE content_attempt;
"""


def milliseconds(call, *arguments):
    before = time.perf_counter()
    result = call(*arguments)
    return (time.perf_counter() - before) * 1000, result


def cpu_seconds():
    """CPU spent so far by this process and by its session in PostgreSQL, where that runs on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = psutil.Process(cursor.fetchone()[0])
    return [sum(each.cpu_times()[:2]) for each in (psutil.Process(), session)]


def spent_since(before):
    here, database = (after - each for each, after in zip(before, cpu_seconds(), strict=True))
    return f"CPU: {here:.1f} s here, {database:.1f} s in PostgreSQL"


def p95(times):
    return statistics.quantiles(times, n=20)[18]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--attempts", type=int, default=1_000_000)
    attempts = options.parse_args().attempts
    throwaway.start()
    from django.db import connection
    from django.utils import timezone

    from content.contest_results import boards, services
    from content.contest_results.models import Standing
    from content.contests.models import Attempt
    from content.organisations.models import Province
    from tests.builders_contests import HOUR, a_quiz_bank, a_running_contest, round_of, shift

    contest = a_running_contest(
        a_quiz_bank(20), size=20, ranking=["correct", "duration", "prediction", "submitted_at"],
        prediction_of="attempts", results_shown="at_once", units=[f"Đơn vị {n}" for n in range(500)],
    )  # fmt: skip
    provinces = list(Province.objects.filter(valid_until=None).values_list("pk", flat=True))
    parameters = {"contest": contest.pk, "round": round_of(contest).pk, "attempts": attempts, "provinces": provinces}
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n")[:2]:
            cursor.execute(statement, parameters)
        cursor.execute("ANALYZE content_entry, content_attempt")
    print(f"filled: {Attempt.objects.count()} attempts", flush=True)
    before = cpu_seconds()
    spent, settled = milliseconds(services.settle_all)
    per_second = settled / spent * 1000
    print(f"settled {settled} in {spent / 1000:.1f} s = {per_second:.0f}/s; {spent_since(before)}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE content_standing, content_scorecount, content_groupcount")
    rng, goals = random.Random(1), []
    round = round_of(contest)
    ids = rng.sample(list(Standing.objects.values_list("pk", flat=True)), PROBES)

    def own_ranks():
        rows = Standing.objects.filter(pk__in=ids).select_related("entry")
        return [milliseconds(boards.own_rank, row.entry, round)[0] for row in rows]

    def page(after):
        return list(boards.people_board(contest, round, "", after=after)[:PAGE])

    def pages():
        rows = Standing.objects.filter(pk__in=ids)
        places = [boards.Place(bytes(row.order_key), row.pk) for row in rows]
        return [
            milliseconds(lambda at=at: list(boards.people_board(contest, round, "", after=at)[:PAGE]))[0]
            for at in places
        ]

    open_page, open_rank = p95(pages()), p95(own_ranks())
    plan = boards.people_board(contest, round, "", after=boards.Place(b"\x00" * 8, 1))[:PAGE].explain()
    group = max(milliseconds(boards.group_board, contest, round, kind)[0] for kind in ("province", "unit"))
    shift(contest, timezone.now() - round.ends_at - HOUR)
    before = cpu_seconds()
    finalise, _ = milliseconds(services.finalise, round_of(contest))
    print(f"closed in {finalise / 1000:.1f} s; {spent_since(before)}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE content_standing")
    final_page, final_rank = p95(pages()), p95(own_ranks())
    print(plan)
    goals = [
        per_second >= 3_000, finalise <= 90_000, max(open_page, final_page) <= 15, open_rank <= 30, final_rank <= 5,
        "standings_listed_in_order" in plan,
    ]  # fmt: skip
    print(
        f"boards: attempts={attempts} settle_per_s={per_second:.0f} finalise_s={finalise / 1000:.1f} "
        f"page_p95_ms={max(open_page, final_page):.1f} open_rank_p95_ms={open_rank:.1f} "
        f"final_rank_p95_ms={final_rank:.1f} group_board_ms={group:.1f} missed={goals.count(False)}"
    )
    return 0 if all(goals) else 1


if __name__ == "__main__":
    sys.exit(main())
