"""The whole codification into a throw-away PostgreSQL: time, memory, what comes of it, and that again changes nothing.

    .venv/bin/python bench/phapdien.py [--files FILE…] [--kill SECONDS]

With --kill the first run is a process of its own that is killed after so many seconds (-9), and then run again: what
must be in the database at the end what one whole run makes. Skipped rows are listed by reason.
"""

import argparse
import hashlib
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import throwaway

ROOT = Path(__file__).resolve().parent.parent


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = sorted((ROOT.parent / "shared/data").glob("phapdien_articles_*.jsonl.gz"))
    options.add_argument("--files", nargs="+", type=Path, default=default, metavar="FILE")
    options.add_argument("--kill", type=float, metavar="SECONDS")
    asked = options.parse_args()
    throwaway.start()
    if asked.kill:
        kill(asked.files, asked.kill)
    for name in ("first", "second"):
        run(name, asked.files)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    print(f"phapdien: {totals()} peak_memory={peak:.0f} MiB")


def kill(files, seconds):
    command = [sys.executable, ROOT / "manage.py", "import_documents", *files, "--publish"]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    print(f"killed after {seconds:g} s: {totals()}")


def run(name, paths):
    from content.import_runs import runs, sources

    before = time.perf_counter()
    report = runs.run_import(
        sources.source_files(paths), topics=[], publish=True, notify=False, progress=lambda lines: None
    )
    seconds = time.perf_counter() - before
    print(f"{name} run: {report.articles} articles in {seconds:.0f} s, {dict(report.outcomes)}; {totals()}")
    reasons = Counter(re.sub(r"\S*\d\S*", "…", reason) for _, reason in report.skipped)
    for reason, count in reasons.most_common(12):
        print(f"  skipped {count}: {reason}")


def totals():
    """The counts of rows, with a digest of the words and their places."""
    from content.changes.models import Change
    from content.documents.models import LegalDocument, Provision

    digest = hashlib.sha256()
    for row in LegalDocument.objects.order_by("key").values_list("key", "content_hash", "completeness"):
        digest.update(repr(row).encode())
    articles = Provision.objects.filter(kind="article")
    numbers = LegalDocument.objects.values("number").distinct().count()
    return (
        f"documents={LegalDocument.objects.count()} numbers={numbers} "
        f"articles={articles.count()} coded={articles.exclude(codification_code='').count()} "
        f"provisions={Provision.objects.count()} changes={Change.objects.count()} "
        f"notified={Change.objects.filter(notify=True).count()} digest={digest.hexdigest()[:12]}"
    )


if __name__ == "__main__":
    main()
