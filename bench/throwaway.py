"""Give a bench a database: a throw-away PostgreSQL unless DATABASE_URL names one. Import this before Django."""

import atexit
import gzip
import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.local.private_postgres import PrivatePostgres


def start():
    """Set Django up on an empty, migrated database; everything is removed when the process ends.

    Returns the PrivatePostgres, None if DATABASE_URL names a server.
    """
    server = None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "DATABASE_URL" not in os.environ:
        folder = tempfile.mkdtemp(prefix="luatmo-bench-")
        os.chmod(folder, 0o711)
        server = PrivatePostgres(folder)  # with fsync: a bench measures what a user gets
        server.join()
        atexit.register(lambda: (server.destroy(), os.rmdir(folder)))
        os.environ["DATABASE_URL"] = server.url()
    django.setup()
    call_command("migrate", verbosity=0)
    return server


def import_largest(file, count):
    """Import and publish the `count` largest lines of a gzip file of documents."""
    with gzip.open(file, "rt") as lines:
        largest = sorted(lines, key=len, reverse=True)[:count]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as chosen:
        chosen.writelines(largest)
        chosen.flush()
        import_and_publish([chosen.name])


def import_and_publish(files):
    """Import the files and publish them as somebody does who accepts each heavy fault that the report names.

    Returns the ImportReport of the first run, before anything was accepted.
    """
    from content.import_runs import runs, sources
    from content.publishing.heavy_notices import NamedAcceptance

    found = sources.source_files(files)
    options = {"topics": [], "publish": True, "notify": False, "progress": lambda lines: None}
    report = runs.run_import(found, **options)
    named = [NamedAcceptance(code, each.name) for each in report.left for code in each.codes]
    if named:
        print("accepted by name:", ", ".join(f"{each.code}:{each.document}" for each in named))
        left = runs.run_import(found, accepted=named, **options).left
        assert not left, left
    return report
