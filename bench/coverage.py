"""Coverage of a programme with 2,000 plans and 40,800 measurements: the time of one read.

    .venv/bin/python bench/coverage.py [--plans 2000]

Goal: `coverage` ≤ 30 ms (median). The last line is for programs; exit code 1 where the goal is missed.
"""

import argparse
import datetime
import logging
import random
import statistics
import sys
import time

import throwaway

PROBES = 100
DUTIES = """
INSERT INTO content_duty (programme_id, year, organisation_id, due_on, basis)
SELECT p.id, NULL, o.id, date '2026-01-01', 'Điều 2'
FROM content_organisation o, content_programme p
WHERE p.key = 'de-an-766' AND (o.code = 'UBND' AND o.province_id IS NOT NULL OR o.kind LIKE 'minist%')
"""
PLANS = """
INSERT INTO content_plan (key, programme_id, adopter_id, year, number, number_key, adopted_on, title, source_url,
    status, published_at, withdrawal_reason, created_at, updated_at)
SELECT 'kh-mau-' || n, p.id, b.id, CASE WHEN n % 5 = 0 THEN NULL ELSE 2025 + n % 5 END, n || '/KH-UBND',
    n || '-kh-ubnd', date '2025-05-01' + n % 700, 'Kế hoạch ' || n, 'https://example.org/' || n, 'published', now(), '',
    now(), now()
FROM generate_series(1, {plans}) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS total FROM content_organisation
      WHERE code = 'UBND' AND province_id IS NOT NULL) b ON b.place = 1 + n % b.total
JOIN content_programme p ON p.key = 'de-an-766'
"""
INDICATORS = """
INSERT INTO content_indicator (programme_id, code, name_vi, name_en, unit, direction, breakdown, method)
SELECT p.id, 'mau-' || n, 'Chỉ tiêu ' || n, '', 'percent', 'up', 'province', 'reported'
FROM generate_series(1, 20) n, content_programme p WHERE p.key = 'de-an-766'
"""
MEASUREMENTS = """
INSERT INTO content_measurement (indicator_id, province_id, area, period_from, period_until, value, source, source_url,
    entered_at, approved_at)
SELECT i.id, v.id, 'all', m, m + interval '1 month', random() * 100, 'Báo cáo tháng', '', now(), now()
FROM content_indicator i, content_province v, generate_series(timestamp '2025-07-01', '2030-06-01', '1 month') m
WHERE i.code LIKE 'mau-%' AND v.valid_from >= '2025-07-01'
"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--plans", type=int, default=2_000)
    plans = options.parse_args().plans
    throwaway.start()
    from django.db import connection
    from django.test import Client

    from content.plans import queries
    from content.plans.models import Measurement, Programme

    logging.disable(logging.CRITICAL)
    with connection.cursor() as cursor:
        for statement in (DUTIES, PLANS.replace("{plans}", str(plans)), INDICATORS, MEASUREMENTS):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
    programme, client = Programme.objects.get(key="de-an-766"), Client(SERVER_NAME="127.0.0.1")
    days = [datetime.date(2025, 7, 1) + datetime.timedelta(7 * n) for n in range(PROBES)]
    calls = {
        "coverage": lambda day: queries.coverage(programme, day),
        "coverage as JSON": lambda day: ok(client, f"programmes/de-an-766/coverage?on={day}"),
        "measurements, a page": lambda day: ok(client, "measurements?indicator=mau-7"),
    }
    times = {}
    for name, call in calls.items():
        call(days[0])
        times[name] = [milliseconds(call, day) for day in days]
        found = times[name]
        print(
            f"{name:24} median {statistics.median(found):7.2f} ms  p95 {statistics.quantiles(found, n=20)[18]:7.2f} ms"
        )
    median = statistics.median(times["coverage"])
    print(f"coverage: plans={plans} measurements={Measurement.objects.count()} median={median:.1f}")
    sys.exit(0 if median <= 30 else 1)


def ok(client, path):
    answer = client.get(f"/api/v1/{path}", REMOTE_ADDR=f"10.{random.randrange(250)}.{random.randrange(250)}.7")
    assert answer.status_code == 200, answer.content


def milliseconds(call, *arguments):
    before = time.perf_counter()
    call(*arguments)
    return (time.perf_counter() - before) * 1000


if __name__ == "__main__":
    main()
