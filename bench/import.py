"""How fast real laws go in, on a throw-away PostgreSQL with fsync on, and that a second run changes nothing.

.venv/bin/python bench/import.py [--documents FILE…]
"""

import argparse
import resource
import sys
import time
from pathlib import Path

import throwaway

ROOT = Path(__file__).resolve().parent.parent


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared/data/documents.jsonl.gz"
    options.add_argument("--documents", nargs="+", type=Path, default=[default], metavar="FILE")
    asked = options.parse_args()
    throwaway.start()
    from content.documents.models import Provision
    from content.importing import runs

    found = runs.source_files(asked.documents)
    for name in ("first", "second"):
        before = time.perf_counter()
        report = runs.run_import(found, topics=[], publish=True, notify=False, progress=lambda lines: None)
        seconds = time.perf_counter() - before
        articles = Provision.objects.filter(kind="article").count()
        print(
            f"{name} run: {report.record_count} documents in {seconds:.1f} s = "
            f"{report.record_count / seconds:.1f} documents/s, "
            f"{articles / seconds:.0f} articles/s; {dict(report.outcomes)}, {len(report.skipped)} skipped"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    print(f"import: provisions={Provision.objects.count()} peak_memory={peak:.0f} MiB")


if __name__ == "__main__":
    main()
