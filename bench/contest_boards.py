"""Settling, closing and the boards of one contest with many attempts, on a throw-away PostgreSQL with fsync on.

.venv/bin/python bench/contest_boards.py [--attempts 1000000]

Goals on two cores: settle ≥ 3,000/s, finalise ≤ 90 s, the query of a page of the board p95 ≤ 15 ms at any depth, own
rank ≤ 30 ms while open and ≤ 5 ms when final. `http_page_p95_ms` is the whole answer of the same page, by Django in
this process; it has no goal. EXPLAIN of the first page, of a page at depth and of the own rank must name the index and
show neither a sort nor a scan of a table that grows. The last line is `boards: …`; exit code 1 where a goal is missed.
"""

import argparse
import logging
import os
import random
import re
import statistics
import sys
import time
from base64 import b64encode
from urllib.parse import urlencode

import psutil
import throwaway

PAGE, PROBES = 50, 200
LISTED = "standings_listed_in_order"
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


def plan_of(call, *arguments):
    """EXPLAIN of each statement that the call executes, and how many there are."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        call(*arguments)
    plans = []
    with connection.cursor() as cursor:
        for each in asked:
            cursor.execute(f"EXPLAIN {each['sql']}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return "\n".join(plans)


def is_by_index(plan, index):
    """Whether the plan uses the index, sorts no more than a row, and reads no table to its end that grows."""
    reads_all = re.search(r"Seq Scan on content_(?:standing|attempt|entry)\b", plan)
    sorted_rows = [int(rows) for rows in re.findall(r"Sort  \(.*?rows=(\d+)", plan)]
    return index in plan and not reads_all and max(sorted_rows, default=0) <= 1


def p95(times):
    return statistics.quantiles(times, n=20)[18]


class Probes:
    """Standings of one contest, chosen at random: how long their pages and ranks take, and by which plans."""

    def __init__(self, contest, round):
        from content.contest_results.models import Standing

        self.contest, self.round = contest, round
        self.standings = Standing.objects.select_related("entry")
        self.ids = random.Random(1).sample(list(self.standings.values_list("pk", flat=True)), PROBES)

    def rows(self):
        return list(self.standings.filter(pk__in=self.ids))

    def places(self):
        from content.contest_results.boards import Place

        return [Place(bytes(row.order_key), row.pk) for row in self.rows()]

    def own_rank(self, entry):
        from content.contest_results import boards

        return boards.own_rank(entry, self.round)

    def page(self, after):
        from content.contest_results import boards

        return list(boards.people_board(self.contest, self.round, "", after=after)[:PAGE])

    def page_p95(self):
        return p95([milliseconds(self.page, at)[0] for at in self.places()])

    def rank_p95(self):
        return p95([milliseconds(self.own_rank, row.entry)[0] for row in self.rows()])

    def http_page_p95(self):
        """Of the same pages through the API: routing, the contest, the page, JSON, compression."""
        from django.test import Client

        client, path = Client(HTTP_HOST="127.0.0.1"), f"/api/v1/contests/{self.contest.key}/leaderboard"
        times = []
        for at in self.places():
            cursor = b64encode(urlencode({"k": at.order_key.hex(), "p": at.pk}).encode()).decode()
            spent, answer = milliseconds(client.get, path, {"cursor": cursor, "page_size": PAGE})
            assert answer.status_code == 200, answer.content
            times.append(spent)
        return p95(times)

    def wrong_plans(self, state, rank_index):
        """How many plans do not go by their index. Prints all plans."""
        from content.contest_results.boards import Place

        deep = sorted(self.rows(), key=lambda row: bytes(row.order_key))[int(PROBES * 0.9)]
        plans = [
            ("first page", LISTED, plan_of(self.page, None)),
            ("page at depth", LISTED, plan_of(self.page, Place(bytes(deep.order_key), deep.pk))),
            ("own rank", rank_index, plan_of(self.own_rank, deep.entry)),
        ]
        wrong = [name for name, index, plan in plans if not is_by_index(plan, index)]
        for name, _index, plan in plans:
            print(f"{state}, {name}{' NOT BY INDEX' if name in wrong else ''}:\n{plan}\n", flush=True)
        return len(wrong)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--attempts", type=int, default=1_000_000)
    attempts = options.parse_args().attempts
    os.environ.setdefault("READS_PER_MINUTE", "1000000")
    throwaway.start()
    logging.getLogger("luatmo.requests").setLevel(logging.WARNING)
    from django.db import connection
    from django.utils import timezone

    from content.contest_results import boards, services
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
    probes = Probes(contest, round_of(contest))
    open_page, open_rank, open_http = probes.page_p95(), probes.rank_p95(), probes.http_page_p95()
    wrong_plans = probes.wrong_plans("open", "standings_in_order")
    round = round_of(contest)
    group = max(milliseconds(boards.group_board, contest, round, kind)[0] for kind in ("province", "unit"))
    shift(contest, timezone.now() - round.ends_at - HOUR)
    before = cpu_seconds()
    finalise, _ = milliseconds(services.finalise, round_of(contest))
    print(f"closed in {finalise / 1000:.1f} s; {spent_since(before)}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE content_standing")
    final_page, final_rank, final_http = probes.page_p95(), probes.rank_p95(), probes.http_page_p95()
    wrong_plans += probes.wrong_plans("final", "standings_once")
    page, http = max(open_page, final_page), max(open_http, final_http)
    goals = [
        per_second >= 3_000, finalise <= 90_000, page <= 15, open_rank <= 30, final_rank <= 5, wrong_plans == 0,
    ]  # fmt: skip
    print(
        f"boards: attempts={attempts} settle_per_s={per_second:.0f} finalise_s={finalise / 1000:.1f} "
        f"page_p95_ms={page:.1f} http_page_p95_ms={http:.1f} open_rank_p95_ms={open_rank:.1f} "
        f"final_rank_p95_ms={final_rank:.1f} group_board_ms={group:.1f} wrong_plans={wrong_plans} "
        f"missed={goals.count(False)}"
    )
    return 0 if all(goals) else 1


if __name__ == "__main__":
    sys.exit(main())
