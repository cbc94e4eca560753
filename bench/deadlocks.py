"""Do the verbs of readers, staff and the worker ever lock each other out?

    .venv/bin/python bench/deadlocks.py [--seconds 60] [--seed N] [--only readers,worker,staff,endings]

Real processes with four threads each call random services on the same few rows of a throw-away PostgreSQL: eight
phones that swap registrations, are forgotten and erased while they follow, ask and register for events; the worker's
jobs (fan-out, FCM's list, seats, erasure, outdated answers); staff who publish, correct, amend and withdraw the
documents that are followed and cited, answer, move and cancel; endings: acts are read, cases accepted, rejected and
undone, lists of statuses imported and their conflicts decided. PostgreSQL counts the deadlocks
(pg_stat_database.deadlocks); its log names the statements, and they are printed.

A refusal by a rule is an answer. Any other failure is counted as `failed`. Last line `deadlocks: calls=… deadlocks=0
failed=0`; exit code 1 otherwise.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import throwaway

PHONES = 8
THREADS = 4
FAMILIES = ("readers", "worker", "staff", "endings")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    options.add_argument("--only", default=",".join(FAMILIES), help="families of verbs, with commas")
    options.add_argument("--family", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.family:
        return print(json.dumps(Family(asked.family, asked.seed).rage(asked.seconds)))
    server = throwaway.start()
    if server is None:
        sys.exit("This bench reads the log of its database: unset DATABASE_URL, so that it makes one of its own.")
    print(f"seed={asked.seed} seconds={asked.seconds:g}", flush=True)
    tell_details()
    build_world()
    before, started_at = deadlocks(), len(server.log.read_text(errors="replace"))
    calls = rage_in_processes(asked)
    found = deadlocks() - before
    for verb, count in sorted(calls.items()):
        print(f"  {count:6} {verb}")
    print_statements(server.log.read_text(errors="replace")[started_at:])
    failed = sum(count for verb, count in calls.items() if " FAILED " in verb)
    print(f"deadlocks: calls={calls.total()} deadlocks={found} failed={failed}")
    sys.exit(bool(found or failed))


def tell_details():
    """Let the server log which statements waited for each other; ours keeps values out of its log otherwise."""
    from django.db import connection

    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET log_error_verbosity = 'default'")  # of the sessions that follow


def rage_in_processes(asked):
    """Run one process for each family. Returns {verb and how it ended: how often}."""
    script = [sys.executable, str(Path(__file__).resolve()), "--seconds", str(asked.seconds)]
    running = [
        subprocess.Popen(
            [*script, "--seed", str(asked.seed + number), "--family", family], stdout=subprocess.PIPE, text=True
        )
        for number, family in enumerate(asked.only.split(","))
    ]
    calls = Counter()
    for process in running:
        calls += Counter(json.loads(process.communicate()[0]))
    return calls


def deadlocks():
    """Deadlocks that PostgreSQL has counted in this database. The counter arrives up to a second late."""
    from django.db import connection

    time.sleep(1.5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def print_statements(log):
    """The statements of each pair that PostgreSQL found waiting for each other, with how often."""
    pairs = Counter()
    for report in log.split("deadlock detected")[1:]:
        lines = [line.strip() for line in report.split("HINT:")[0].splitlines()]
        statements = [
            line.split(": ", 1)[1][:150] for line in lines if line.startswith("Process ") and "waits" not in line
        ]
        pairs[" ⟷ ".join(sorted(statements))] += 1
    for pair, count in pairs.most_common():
        print(f"  deadlock ×{count}: {pair}")


def build_world():
    """Topics come with the migrations; make phones, documents, events and questions."""
    from tests.builders import (
        a_device,
        a_document,
        a_follower,
        a_member_of_staff,
        an_amending_law,
        an_answered_question,
        an_event,
        justice,
        land,
    )

    for number in range(PHONES):
        a_follower(str(number), land(), justice())
    for name in ("publisher", "approver", "answerer"):
        a_member_of_staff(f"hoa-{name}", name)
    laws = [a_document(f"{number}/2019/QH14", topics=[land()]) for number in range(1, 5)]
    for law in laws[:2]:
        an_amending_law(law, topics=[land()])
    for _ in range(3):
        an_event(seats=2, topics=[land()])
    asker = a_device("asker").reader
    for law in laws:
        an_answered_question(asker, citations=[(law, "art_2")])


class Family:
    """Random verbs of one family, in THREADS threads."""

    def __init__(self, family, seed):
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        import deadlock_verbs

        from content import database_limits
        from notifications.follows import reconciliation

        most = THREADS + reconciliation.THREADS  # a reconciliation in one thread has threads of its own
        database_limits.use(database_limits.Work.COMMANDS, most_connections=most)

        self.verbs = deadlock_verbs.VERBS[family]
        self.seed = seed
        self.calls = Counter()

    def rage(self, seconds):
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._run, args=[number, until]) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.calls

    def _run(self, number, until):
        from django.core.exceptions import ObjectDoesNotExist
        from django.db import connection

        from content.errors import RuleBroken
        from notifications.devices.services import WrongSecret

        choose = random.Random(self.seed * 100 + number)
        while time.monotonic() < until:
            verb = choose.choice(self.verbs)
            try:
                verb(choose)
                ending = ""
            except (RuleBroken, WrongSecret, ObjectDoesNotExist, IndexError) as refusal:
                ending = f" refused {type(refusal).__name__}"
            except Exception as failure:
                ending = f" FAILED {type(failure).__name__}: {str(failure).splitlines()[0][:100]}"
                connection.close()
            self.calls[f"{verb.__name__}{ending}"] += 1
        connection.close()


if __name__ == "__main__":
    main()
