"""An official list of a million lines: how long and how much memory, what a second run changes, what a kill loses.

.venv/bin/python bench/statuses.py [--lines 1000000] [--killed-lines 20000]

The library holds a tenth as many documents as the list has lines; a third of the lines are about them, some twice. The
last line is for programs; the exit code is 1 outside the goals of the design (10 minutes, 300 MiB, nothing changed).
"""

import argparse
import csv
import datetime
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import throwaway
from django.conf import settings
from django.db import connection

MAX_SECONDS_PER_MILLION, MAX_MIB = 600, 300
AS_OF, FIRST, ENDED = datetime.date(2026, 6, 1), datetime.date(2015, 1, 1), datetime.date(2024, 7, 1)
SOURCE = "Danh mục thử"
HEAD = ("number", "type", "issuer", "issued_on", "status", "effective_on", "expires_on", "cause")
OPEN_CASES = CARRIED_OUT = 200
DIGESTS = {  # what must be the same after a kill; ids and instants are not
    "official": "SELECT row_hash FROM content_officialstatus ORDER BY 1",
    "events": "SELECT document_id, kind, scope, \"on\", cause FROM content_statusevent ORDER BY 1, 2, 3, 4, 5",
    "cases": "SELECT id, state, \"on\", official_note FROM content_endingcase ORDER BY 1",
    "conflicts": "SELECT c.document_id, o.row_hash, c.state FROM content_statusconflict c "
                 "JOIN content_officialstatus o ON o.id = c.official_id ORDER BY 1, 2",
    "changes": "SELECT subject, event_type, count(*) FROM content_change GROUP BY 1, 2 ORDER BY 1, 2",
    "audit": "SELECT subject, action, count(*) FROM content_auditrow GROUP BY 1, 2 ORDER BY 1, 2",
}  # fmt: skip


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--killed-lines", type=int, default=20_000)
    asked = options.parse_args()
    server = throwaway.start()
    if server is None:
        sys.exit("This bench copies its database: leave DATABASE_URL unset.")
    create_library(asked.lines // 10)
    base = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "whole.csv", Path(folder) / "part.csv"
        write_list(whole, asked.lines)
        write_list(part, asked.killed_lines)
        url = copy_of(base, "whole")
        seconds, mib, said = run(url, whole)
        print(said)
        before = digests(url)
        again_seconds, _mib, said = run(url, whole)
        print(said)
        changed = sum(digests(url)[name] != before[name] for name in DIGESTS)
        same = killed_and_resumed(copy_of(base, "killed"), part) == uninterrupted(copy_of(base, "calm"), part)
    goal = MAX_SECONDS_PER_MILLION * asked.lines / 1_000_000
    print(
        f"statuses: lines={asked.lines} seconds={seconds:.0f} lines_per_second={asked.lines / seconds:.0f} "
        f"mib={mib:.0f} again_seconds={again_seconds:.0f} again_changes={changed} killed_same={same}"
    )
    sys.exit(0 if seconds <= max(goal, 30) and mib <= MAX_MIB and changed == 0 and same else 1)


def create_library(count):
    """Public documents in force since 2015; some have an open case, some ended by an act."""
    from django.utils import timezone

    from content.documents.models import LegalDocument, StatusEvent
    from content.endings import case_services
    from content.endings.models import EndingCase
    from content.law.official_numbers import number_key

    def a_document(number, doc_type="decree", **columns):
        key = number_key(number)
        given = {"key": f"{doc_type}-{key}", "title": f"Nghị định thử {number}", "search_key": key, "issued_on": FIRST}
        return LegalDocument(number=number, number_key=key, doc_type=doc_type, content_hash="0" * 64,
                             status="published", published_at=timezone.now(), **(given | columns))  # fmt: skip

    documents = LegalDocument.objects.bulk_create(
        (a_document(number_of(place)) for place in range(count)), batch_size=2000
    )
    StatusEvent.objects.bulk_create(
        (StatusEvent(document=each, kind="takes_effect", on=FIRST, stated_on=FIRST) for each in documents),
        batch_size=2000,
    )
    act = a_document("1/2024/NĐ-CP", issued_on=ENDED)
    act.save()
    words = "Nghị định này thay thế nghị định thử."
    for place, target in enumerate(documents[: OPEN_CASES + CARRIED_OUT]):
        case = EndingCase.objects.create(
            act=act, source_eid=f"art_{place}", start=0, end=0, kind="ends", target=target, scope="whole", on=ENDED,
            target_key=target.number_key, day_is="named", words=words, state="open",
        )  # fmt: skip
        if place >= OPEN_CASES:
            case_services.settle_by_list(case, on=ENDED, note="")


def number_of(place):
    return f"{place + 1000}/2015/NĐ-CP"


def line_of(place):
    """What the list says of one document: always the same."""
    draw = random.Random(place)
    status, ends = "Còn hiệu lực", ""
    if place < OPEN_CASES or (place >= OPEN_CASES + CARRIED_OUT and draw.random() < 0.1):
        status, ends = "HHLTB", f"{ENDED:%d/%m/%Y}"
    elif draw.random() < 0.05:
        status = "Hết hiệu lực một phần"
    return (number_of(place), "Nghị định", "Chính phủ", f"{FIRST:%d/%m/%Y}", status, "01/01/2015", ends, "thay thế")


def write_list(path, lines):
    draw, documents = random.Random(0), lines // 10
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEAD)
        for place in range(lines):
            kind = draw.random()
            if kind < 0.33:
                rows.writerow(line_of(draw.randrange(documents)))
            elif kind < 0.95:
                rows.writerow((f"{place + 1000}/2016/TT-BTP", "Thông tư", "Bộ Tư pháp", "", "CHL", "", "", ""))
            else:
                rows.writerow((number_of(place), "Nghị định", "", "31/02/2015", "CHL", "", "", ""))


def copy_of(url, name):
    """The address of a copy of the database."""
    connection.close()
    connection.close_pool()  # it holds the database open
    address, _slash, base = url.rpartition("/")
    with connect("postgres") as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{base}"')
    return f"{address}/{name}"


def connect(name):
    here = settings.DATABASES["default"]
    return psycopg.connect(host=here["HOST"], user=here["USER"], dbname=name, autocommit=True)


def start(url, path):
    command = [sys.executable, "manage.py", "import_statuses", str(path), "--source", SOURCE,
               "--as-of", str(AS_OF), "--apply"]  # fmt: skip
    environment = os.environ | {"DATABASE_URL": url}
    return subprocess.Popen(
        command, cwd=throwaway.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def run(url, path):
    """(seconds, most memory in MiB, what it said) of one import."""
    began, process = time.monotonic(), start(url, path)
    said = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"import_statuses ended with {process.returncode}")
    return time.monotonic() - began, usage.ru_maxrss / 1024, said.strip()


def uninterrupted(url, path):
    run(url, path)
    return digests(url)


def killed_and_resumed(url, path):
    """What is stored after a kill -9 in the middle and a second run."""
    process = start(url, path)
    while process.poll() is None and rows_stored(url) < 1_500:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    if process.wait() != -signal.SIGKILL:
        sys.exit("The import was over before it could be killed: give it more --killed-lines.")
    stored = rows_stored(url)
    print(f"killed after {stored} stored lines")
    run(url, path)
    return digests(url)


def rows_stored(url):
    return query(url, "SELECT count(*) FROM content_officialstatus")[0][0]


def digests(url):
    return {name: hash(tuple(query(url, statement))) for name, statement in DIGESTS.items()}


def query(url, statement):
    with connect(url.rpartition("/")[2]) as asked:
        return asked.execute(statement).fetchall()


if __name__ == "__main__":
    main()
