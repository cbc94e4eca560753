"""Upgrade a database that an earlier commit filled, and compare what is in it before and after.

    .venv/bin/python bench/upgrade.py [--from COMMIT] [--laws N]

The earlier commit runs from a work tree of its own, with the packages of this one: it makes a database, imports real
laws and the samples, fills a row of every kind the staff site shows, reads its change log and writes a bulk export.
This commit then migrates that database and exports again. Row counts of all tables and every line of the export must be
equal, but for the names that changed (below) and the tables Django fills itself. A table that was empty before shows
nothing, so the last line counts the tables with rows. Exit code 1 where anything else differs.
"""

import argparse
import gzip
import itertools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.local.private_postgres import PrivatePostgres
from tests.renamed_tables import RENAMED_TABLES

LAWS = ROOT.parent / "shared/data/documents.jsonl.gz"
BEFORE = "0b36c87"  # the last commit with the names of before 0.1.0
FILLED_BY_DJANGO = {"auth_permission", "django_content_type", "django_migrations"}
RENAMED_FIELDS = {  # of lines of the export
    "change_kind": "nature",
    "is_specimen": "is_sample",
    "standing": "legal_value",
    "taken_in_at": "imported_at",
    "valid_to": "valid_until",
}
KINDS_OF_CHANGE = ("document.", "question.", "event.")  # `kind` with such a value is `event_type` now
FURNISH = "from tests.desk.rows import start; start()"
READ_LOG = """
from notifications import fanout, living_answers
for reader in (living_answers, fanout):
    while reader.read_daybook(): pass
from content.search import services; services.count()
from content.dayturn.services import turn_the_day; turn_the_day()
"""
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--from", dest="commit", default=BEFORE)
    options.add_argument("--laws", type=int, default=40, help="how many of the laws are imported")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="luatmo-upgrade-") as folder:
        os.chmod(folder, 0o711)
        old = Path(folder) / "old"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", old, asked.commit], cwd=ROOT, check=True)
        try:
            with PrivatePostgres(folder, throwaway=True).joined() as server:
                with connected(server, "postgres") as connection:
                    connection.execute("CREATE DATABASE luatmo")
                return compared(old, server, Path(folder), asked)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", old], cwd=ROOT, check=True)


def connected(server, name="luatmo"):
    return psycopg.connect(host=str(server.run), user="postgres", dbname=name, autocommit=True)


def compared(old, server, folder, asked):
    address = server.url()
    fill(old, address, folder, asked.laws)
    tables, lines = counts(server), exported(folder / "exports-before")
    manage(ROOT, address, folder / "exports-after", "migrate", "--verbosity", "0")
    manage(ROOT, address, folder / "exports-after", "export_bulk")
    faults = [*different_counts(tables, counts(server)), *different_lines(lines, exported(folder / "exports-after"))]
    for fault in faults[:20]:
        print(fault)
    filled = sum(1 for count in tables.values() if count)
    print(
        f"upgrade: from={asked.commit} tables={len(tables)} filled={filled} rows={sum(tables.values())} "
        f"lines={sum(map(len, lines.values()))} differ={len(faults)}"
    )
    return 1 if faults or filled < len(tables) / 2 else 0


def fill(old, address, folder, laws):
    some = folder / "laws.jsonl"
    with gzip.open(LAWS, "rt", encoding="utf-8") as source:
        some.write_text("".join(itertools.islice(source, laws)), encoding="utf-8")
    exports = folder / "exports-before"
    manage(old, address, exports, "migrate", "--verbosity", "0")
    manage(old, address, exports, "load_sample")
    manage(old, address, exports, "import_documents", some, "--publish", "--notify")
    for code in (FURNISH, READ_LOG):
        manage(old, address, exports, "shell", "-v0", "-c", code)
    manage(old, address, exports, "export_bulk")


def manage(tree, address, exports, *arguments):
    """Run a command of the code in `tree` on the database at `address`; its output is shown only when it fails."""
    environment = os.environ | {"DATABASE_URL": address, "EXPORTS_FOLDER": str(exports), "PYTHONPATH": str(tree)}
    environment["LUATMO_HOME"] = str(exports.with_name("files"))
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)], cwd=tree, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{tree.name}: manage.py {arguments[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def counts(server):
    """{table: how many rows}."""
    with connected(server) as connection:
        names = [name for (name,) in connection.execute(TABLES)]
        count = sql.SQL("SELECT count(*) FROM {}").format
        return {name: connection.execute(count(sql.Identifier(name))).fetchone()[0] for name in names}


def different_counts(before, after):
    for table, count in before.items():
        now = after.get(RENAMED_TABLES.get(table, table))
        if table not in FILLED_BY_DJANGO and now != count:
            yield f"{table}: {count} rows before, {now} after"


def exported(folder):
    """{name of the file: its lines, parsed} of the one export in `folder`."""
    (export,) = (each for each in folder.iterdir() if each.is_dir())
    found = {}
    for file in sorted(export.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found[file.name] = [json.loads(line) for line in lines]
    return found


def different_lines(before, after):
    if before.keys() != after.keys():
        yield f"files before {sorted(before)}, after {sorted(after)}"
    for name in before.keys() & after.keys():
        if len(before[name]) != len(after[name]):
            yield f"{name}: {len(before[name])} lines before, {len(after[name])} after"
        for number, (old, new) in enumerate(zip(before[name], after[name], strict=False), 1):
            if renamed(old) != new:
                yield f"{name}:{number} differs: {sorted(differing(renamed(old), new))}"


def renamed(value):
    if isinstance(value, list):
        return [renamed(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {new_name(name, each): renamed(each) for name, each in value.items()}


def new_name(name, value):
    if name == "kind" and isinstance(value, str) and value.startswith(KINDS_OF_CHANGE):
        return "event_type"
    return RENAMED_FIELDS.get(name, name)


def differing(old, new, path=""):
    """Paths at which two parsed lines differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() | new.keys():
            yield from differing(old.get(name), new.get(name), f"{path}.{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differing(one, other, f"{path}[{place}]")
    elif old != new:
        yield path


if __name__ == "__main__":
    sys.exit(main())
