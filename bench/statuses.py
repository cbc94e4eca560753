"""An official list of a million lines: how long and how much memory, what a second run changes, what a kill loses.

.venv/bin/python bench/statuses.py [--lines 1000000] [--documents 100000] [--ending 0.1] [--settling 200]
                                   [--killed-lines 20000]

The library holds a tenth as many documents as the list has lines; a third of the lines are about them, most of them
several times. The list ends a tenth of the documents newly and a twentieth in part, settles 200 open cases and
contests 200 ends that were carried out: 1.5 % of the lines change something. Of a first list of a ministry more may:
about half of the acts ever issued have ended. `--ending 0.5` has such a share.

`changing_lines` is what changed something, `mib` the most memory of the import's process. The last line is for
programs; the exit code is 1 outside the goals of the design: 10 minutes a million lines, 300 MiB, the same file again
changes nothing, and an import killed in the middle and run again leaves the same rows.
"""

import argparse
import csv
import datetime
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import throwaway
from django.conf import settings
from django.db import connection

MAX_SECONDS_PER_MILLION, MAX_MIB = 600, 300
START_SECONDS = 30  # that a short list may take: the program starts, and 400 cases are decided
AS_OF, FIRST, ENDED = datetime.date(2026, 6, 1), datetime.date(2015, 1, 1), datetime.date(2024, 7, 1)
SOURCE = "Danh mục thử"
ENDED_BY_AN_ACT = 10  # documents
HEAD = ("number", "type", "issuer", "issued_on", "status", "effective_on", "expires_on", "cause")
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
    options.add_argument("--documents", type=int, help="in the library; default: a tenth of the lines")
    options.add_argument("--ending", type=float, default=0.1, help="share of the documents that the list ends newly")
    options.add_argument("--settling", type=int, default=200, help="open cases that the list settles, and as many ends "
                         "that it contests")  # fmt: skip
    options.add_argument("--killed-lines", type=int, default=20_000)
    asked = options.parse_args()
    made_up = MadeUpList(asked.documents or asked.lines // 10, asked.ending, asked.settling)
    server = throwaway.start()
    if server is None:
        sys.exit("This bench copies its database: leave DATABASE_URL unset.")
    create_library(made_up.documents, made_up.settling)
    base = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "whole.csv", Path(folder) / "part.csv"
        made_up.write(whole, asked.lines)
        made_up.write(part, asked.killed_lines)
        url = copy_of(base, "whole")
        seconds, mib, said = run(url, whole)
        print(said, f"in {seconds:.0f} s", flush=True)
        changing = sum(int(found[0]) for found in re.findall(r"(\d+) (news|settles|conflict)", said))
        before = digests(url)
        again_seconds, _mib, said = run(url, whole)
        print(said, f"in {again_seconds:.0f} s", flush=True)
        changed = sum(digests(url)[name] != before[name] for name in DIGESTS)
        same = killed_and_resumed(copy_of(base, "killed"), part) == uninterrupted(copy_of(base, "calm"), part)
    goal = MAX_SECONDS_PER_MILLION * asked.lines / 1_000_000
    print(
        f"statuses: lines={asked.lines} changing_lines={changing} seconds={seconds:.0f} "
        f"lines_per_second={asked.lines / seconds:.0f} mib={mib:.0f} again_seconds={again_seconds:.0f} "
        f"again_changes={changed} killed_same={same}"
    )
    sys.exit(0 if seconds <= max(goal, START_SECONDS) and mib <= MAX_MIB and changed == 0 and same else 1)


def create_library(count, settling):
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
    numbers = [f"{place + 1}/2024/NĐ-CP" for place in range(2 * settling // ENDED_BY_AN_ACT + 1)]
    acts = LegalDocument.objects.bulk_create(a_document(number, issued_on=ENDED) for number in numbers)
    words = "Nghị định này thay thế nghị định thử."
    for place, target in enumerate(documents[: 2 * settling]):
        case = EndingCase.objects.create(
            act=acts[place // ENDED_BY_AN_ACT], source_eid=f"art_{place}", start=0, end=0, kind="ends", target=target,
            scope="whole", on=ENDED,
            target_key=target.number_key, day_is="named", words=words, state="open",
        )  # fmt: skip
        if place >= settling:
            case_services.settle_by_list(case, on=ENDED, note="")


def number_of(place):
    return f"{place + 1000}/2015/NĐ-CP"


@dataclass(frozen=True)
class MadeUpList:
    """A list about the documents of the library, and as many others. The first `settling` documents have open cases."""

    documents: int
    ending: float
    settling: int

    def line_of(self, place):
        """What the list says of one document: always the same."""
        draw = random.Random(place)
        status, ends = "Còn hiệu lực", ""
        if place < self.settling or (place >= 2 * self.settling and draw.random() < self.ending):
            status, ends = "HHLTB", f"{ENDED:%d/%m/%Y}"
        elif draw.random() < 0.05:
            status = "Hết hiệu lực một phần"
        issued = f"{FIRST:%d/%m/%Y}"
        return (number_of(place), "Nghị định", "Chính phủ", issued, status, "01/01/2015", ends, "thay thế")

    def write(self, path, lines):
        draw, documents = random.Random(0), min(self.documents, max(lines // 10, 2 * self.settling))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(HEAD)
            for place in range(lines):
                kind = draw.random()
                if kind < 0.33:
                    rows.writerow(self.line_of(draw.randrange(documents)))
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
    mib = 0.0
    while process.poll() is None:  # not ru_maxrss, which counts the memory of the process that started this one
        mib = max(mib, most_memory(process.pid))
        time.sleep(0.2)
    if process.returncode:
        sys.exit(f"import_statuses ended with {process.returncode}")
    return time.monotonic() - began, mib, process.stdout.read().strip()


def most_memory(pid):
    """MiB that the process held at most until now, 0 when it is over."""
    try:
        said = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", said)
    return int(found[1]) / 1024 if found else 0


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
