"""100,000 documents of provinces: lists, look-up and identity; and the migration of 150,000 while somebody writes.

    .venv/bin/python bench/provinces.py [--documents 100000] [--migrated 150000]

Goals: a page of `documents?province=` p95 ≤ 20 ms, as fast on the last page as on the first; the migration from the
release before holds no writer up for more than 1 s. The last line is for programs; exit code 1 where a goal is missed.
"""

import argparse
import logging
import os
import random
import statistics
import subprocess
import sys
import threading
import time

import throwaway
from statuses import connect

PROBES = 200
BEFORE = (("content", "0206"), ("notifications", "0051"))  # the last without provinces
COLUMNS = (
    "key, number, number_key, doc_type, title, search_key, issuer_id, signer, issued_on, gazette_number, source, "
    "source_url, content_hash, warnings, status, published_at, created_at, updated_at"
)
ROWS = """
INSERT INTO content_legaldocument ({columns})
SELECT '{prefix}-' || n, (n / 63) || '/2024/QĐ-UBND', (n / 63) || '-2024-qd-ubnd', 'decision', 'Quyết định ' || n,
    (n / 63) || '-2024-qd-ubnd quyet dinh ' || n, {issuer}, '', date '2024-01-01' + (n / 63) % 180, '', '', '',
    md5(n::text) || md5(n::text), '[]', 'published', now(), now(), now(){values}
FROM generate_series(1, {count}) n
"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--migrated", type=int, default=150_000)
    asked = options.parse_args()
    if throwaway.start() is None:
        sys.exit("This bench makes databases of its own: leave DATABASE_URL unset.")
    logging.disable(logging.CRITICAL)
    times = lists_and_lookups(asked.documents)
    for name, found in times.items():
        print(f"{name:34} median {statistics.median(found):7.2f} ms  p95 {p95(found):7.2f} ms")
    longest, total = migration(asked.migrated)
    print(f"migration of {asked.migrated} documents: {total:.1f} s, a writer waited {longest:.2f} s at most")
    first, last = (p95(times[f"list of a province, {page} page"]) for page in ("first", "last"))
    print(f"provinces: first={first:.1f} last={last:.1f} lookup={p95(times['look-up in a province']):.1f} "
          f"migration_wait={longest:.2f}")  # fmt: skip
    sys.exit(0 if max(first, last) <= 20 and longest <= 1 else 1)


def p95(times):
    return statistics.quantiles(times, n=20)[18]


def lists_and_lookups(count):
    """{what: milliseconds of each probe}, through the whole of Django, without the network."""
    import datetime

    from django.db import connection
    from django.test import Client

    from content.documents import identity
    from content.documents.records import DocumentRecord
    from content.organisations.models import Province

    fill = ROWS.format(  # noqa: S608
        columns=COLUMNS + ", province_id", prefix="vn", count=count,
        issuer="(SELECT id FROM content_organisation WHERE code = 'UBND' AND province_id = p.id)",
        values=", p.id",
    ) + (
        "JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM content_province "
        "WHERE valid_from IS NULL) p ON p.place = n % 63"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(fill)
        cursor.execute(
            'INSERT INTO content_statusevent (document_id, kind, scope, "on", stated_on, eids, cause) '
            "SELECT id, 'takes_effect', 'whole', issued_on + 10, issued_on, '{}', '' FROM content_legaldocument"
        )
        cursor.execute("VACUUM ANALYZE")
    client, keys = (
        Client(SERVER_NAME="127.0.0.1"),
        list(Province.objects.filter(valid_from=None).values_list("key", flat=True)),
    )
    last = {key: last_page(client, key) for key in keys[:20]}
    phu_tho = Province.objects.get(key="25-phu-tho")

    def stored(n):
        number = f"{1 + n}/2024/QĐ-UBND"
        day = datetime.date(2024, 1, 1) + datetime.timedelta((1 + n) % 180)
        record = DocumentRecord(doc_type="decision", number=number, title="Quyết định", text="", issued_on=day)
        assert identity.matching_document(record, identity.Origin(province=phu_tho)) is not None

    calls = {
        "list of a province, first page": lambda n: ok(client, f"/api/v1/documents?province={keys[n % 60]}"),
        "list of a province, last page": lambda n: ok(client, last[keys[n % 20]]),
        "list of a territory": lambda n: ok(client, "/api/v1/documents?applies_in=25-phu-tho-2025"),
        "list of local documents": lambda n: ok(client, "/api/v1/documents?level=local"),
        "look-up in a province": lambda n: ok(
            client, f"/api/v1/documents/lookup?number={1 + n}/2024/QĐ-UBND&province={keys[n % 60]}"
        ),
        "look-up in all provinces": lambda n: ok(client, f"/api/v1/documents/lookup?number={1 + n}/2024/QĐ-UBND"),
        "identity of a record": stored,
    }
    times = {}
    for name, call in calls.items():
        call(0)
        times[name] = [milliseconds(call, n) for n in range(PROBES)]
    return times


def last_page(client, key):
    """The path of the last page of a province, found from its end."""
    from urllib.parse import urlsplit

    page = client.get(f"/api/v1/documents?province={key}&page_size=100").json()
    path = f"/api/v1/documents?province={key}"
    while page["next"]:
        parts = urlsplit(page["next"])
        path = f"{parts.path}?{parts.query}"
        page = client.get(path, REMOTE_ADDR=f"10.9.{random.randrange(250)}.{random.randrange(250)}").json()
    return path.replace("page_size=100", "page_size=20")


def ok(client, path):
    """Each request comes from another address: nobody is slowed down for asking often."""
    answer = client.get(path, REMOTE_ADDR=f"10.{random.randrange(250)}.{random.randrange(250)}.7")
    assert answer.status_code == 200, (path, answer.content)


def milliseconds(call, *arguments):
    before = time.perf_counter()
    call(*arguments)
    return (time.perf_counter() - before) * 1000


def migration(count):
    """(the longest that one write waited, how long all took) in seconds, from the release before to this one."""
    url = os.environ["DATABASE_URL"]
    other = url.rpartition("/")[0] + "/before"
    with connect(url.rpartition("/")[2]) as main_database:
        main_database.execute("CREATE DATABASE before")
    for app, name in BEFORE:
        manage(other, app, name)
    with connect("before") as database:
        issuer = "(SELECT id FROM content_organisation WHERE code = 'UBND')"
        fill = ROWS.format(columns=COLUMNS, prefix="quyet-dinh", count=count * 63, issuer=issuer, values="")
        database.execute(fill + " WHERE n % 63 = 0")
        database.execute("VACUUM ANALYZE")
        waits, done = [], threading.Event()
        writer = threading.Thread(target=write, args=(waits, done))
        writer.start()
        before = time.monotonic()
        manage(other)
        total = time.monotonic() - before
        done.set()
        writer.join()
        (marked,) = database.execute("SELECT count(*) FROM content_legaldocument WHERE lacks_province").fetchone()
        assert marked == count, marked
    return max(waits), total


def write(waits, done):
    """What the release before does all the time: read a document and write it."""
    with connect("before") as database:
        while not done.is_set():
            before = time.monotonic()
            database.execute(
                "UPDATE content_legaldocument SET updated_at = now() WHERE id = "
                "(SELECT id FROM content_legaldocument WHERE id >= 1 + floor(random() * 100000) LIMIT 1)"
            )
            waits.append(time.monotonic() - before)
            time.sleep(0.005)


def manage(url, *arguments):
    environment = os.environ | {"DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", *arguments]
    subprocess.run(command, cwd=throwaway.ROOT, env=environment, check=True, capture_output=True)


if __name__ == "__main__":
    main()
