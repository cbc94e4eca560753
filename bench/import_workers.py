"""Do several processes store what one stores, and does Ctrl-C leave none of them?

    .venv/bin/python bench/import_workers.py [--documents FILE] [--limit 40] [--workers 3]

Imports and publishes the first laws of a gzip file of JSON lines with one process and with several, each in an empty
database of a throw-away PostgreSQL, and compares all rows of the content but ids, instants and random values. Then
the command runs once more, and Ctrl-C reaches its whole group of processes in the middle.

How it could pass while the product fails, and what closes that:
- nothing is there to compare: laws must be public, cite and amend one another, and end others;
- the command is over before Ctrl-C: it has to wait for a lock that this bench holds;
- it hangs: each wait has an end.

Last line: `import_workers: documents=… workers=… rows=… differences=0 stopped=yes left_processes=0`; exit 1 otherwise.
"""

import argparse
import contextlib
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import throwaway
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180  # seconds until something hangs
STOPPED_AT = 20  # documents


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared/data/documents.jsonl.gz"
    options.add_argument("--documents", type=Path, default=default, metavar="FILE")
    options.add_argument("--limit", type=int, default=40)
    options.add_argument("--workers", type=int, default=3)
    asked = options.parse_args()
    throwaway.start()
    with tempfile.TemporaryDirectory() as folder:
        laws = Path(folder) / "laws.jsonl"
        with gzip.open(asked.documents, "rt") as lines:
            laws.write_text("".join(line for _, line in zip(range(asked.limit), lines, strict=False)))
        rows, different = compare(laws, asked.workers)
        small = Path(folder) / "small.jsonl"
        small.write_text("\n".join(map(json.dumps, small_laws(2 * STOPPED_AT))))
        complaint, left = stop(small, asked.workers)
    print(complaint, end="")
    print(
        f"import_workers: documents={asked.limit} workers={asked.workers} rows={rows} differences={len(different)} "
        f"stopped={'no' if complaint else 'yes'} left_processes={left}"
    )
    return 1 if different or complaint or left else 0


def compare(laws, workers):
    """(number of rows, {table: what differs}) of the command with one process and with several."""
    from django.core.management import call_command
    from django.core.management.base import CommandError

    from tests.stored_rows import differences, stored_rows

    ends = []
    for count in (1, workers):
        with a_database(f"imported_by_{count}"):
            printed = io.StringIO()
            try:
                call_command("import_documents", str(laws), "--publish", f"--workers={count}", stdout=printed)
            except CommandError as left:  # laws with heavy faults stay drafts
                printed.write(str(left))
            ends.append((stored_rows(), printed.getvalue()))
    (alone, report), (rows, report_of_many) = ends
    different = differences(alone, rows) | ({} if report == report_of_many else {"report": report_of_many})
    for table, what in different.items():
        print(f"{table}: {what}")
    public = [row for row in rows["content_legaldocument"] if row["status"] == "published"]
    linked = [row for row in rows["content_mention"] if row["target_id"] is not None and row["target_key"]]
    assert public and linked and rows["content_amendment"] and rows["content_endingcase"], report
    return sum(map(len, rows.values())), different


@contextlib.contextmanager
def a_database(name):
    """Let Django use another database with the tables as the migrations left them."""
    from django.db import connection

    here = connection.settings_dict
    first = here["NAME"]
    connection.close()
    connection.close_pool()  # a template may have no session
    where = {"host": here["HOST"] or None, "port": here["PORT"] or None, "user": here["USER"] or None}
    with psycopg.connect(**where, password=here["PASSWORD"] or None, dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(first)))
        here["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.close_pool()
            here["NAME"] = first
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def small_laws(count):
    article = {"number": "1", "title": "Một", "path": [], "text": "Hai."}
    head = {"type": "Luật", "title": "Luật Mẫu", "issuer": "Quốc hội", "preamble": ["QUỐC HỘI", "LUẬT"]}
    head |= {"issued": "2024-01-18", "effective": "2025-01-01", "footer": ["CHỦ TỊCH QUỐC HỘI"], "articles": [article]}
    return [{"number": f"{each}/2024/QH15"} | head for each in range(count)]


def stop(laws, workers):
    """Ctrl-C in the middle of the command. Returns (what it did wrong or "", how many processes are left)."""
    from django.db import transaction

    from content.documents import identity
    from content.documents.models import LegalDocument
    from content.documents.records import DocumentRecord

    command = [sys.executable, "manage.py", "import_documents", laws, "--publish", f"--workers={workers}"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    held = DocumentRecord(number=f"{STOPPED_AT}/2024/QH15", doc_type="law", title="Luật Mẫu", text="Luật")
    end = time.monotonic() + PATIENCE
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what runs behind it
    with transaction.atomic():
        identity.lock_identity(held)  # there the command has to wait for us
        run = subprocess.Popen(command, cwd=ROOT, env=os.environ, start_new_session=True, **pipes)
        while run.poll() is None and LegalDocument.objects.count() < STOPPED_AT and time.monotonic() < end:
            time.sleep(0.05)
        group = [psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)]
        os.killpg(run.pid, signal.SIGINT)  # as the terminal does: to all processes of the command
    signal.signal(signal.SIGINT, before)
    try:
        printed, complaint = run.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        printed, complaint = run.communicate()
    _, left = psutil.wait_procs(group, timeout=10)
    for each in left:
        each.kill()
    stored = LegalDocument.objects.count()
    is_told = f"({stored} mới, 0 sửa, 0 không đổi, 0 bỏ qua)" in printed and "Traceback" not in complaint
    is_stopped = run.returncode == 130 and STOPPED_AT <= stored < 2 * STOPPED_AT and len(group) > workers
    return ("" if is_told and is_stopped else f"{run.returncode}: {stored} stored\n{printed}{complaint}\n"), len(left)


if __name__ == "__main__":
    sys.exit(main())
