"""What it costs to import real laws, on a throw-away PostgreSQL with fsync on, and that a second run changes nothing.

    .venv/bin/python bench/import.py [--documents FILE…] [--limit N] [--workers N]

CPU is that of this process, of the processes that read (`readers`), and of PostgreSQL. `--limit`: only the first
documents of each file of JSON lines; the goal is then the same for each document.

How it could pass while the product fails, and what closes that:
- nothing is imported: each document must be created and published, or be left for a heavy fault, and none be skipped;
- the dear half is left to the worker: after the run each published document has its passages and its act is read;
- PostgreSQL's part is lost with the session that caused it: what ended sessions used counts too;
- it is fast once and not twice: a second run must change nothing.

Last line: `import: documents=… workers=… cpu=… python=… readers=… postgres=… goal=… wall=… provisions=…
peak_memory=…`, in seconds and MiB; exit 1 where the CPU is above the goal, or one of these is not so.
"""

import argparse
import gzip
import resource
import sys
import tempfile
import time
from pathlib import Path

import psutil
import throwaway

ROOT = Path(__file__).resolve().parent.parent
CPU, DOCUMENTS = 20, 229  # seconds of CPU for so many laws


def seconds_of(times):
    return times.user + times.system


class Meter:
    """Seconds of CPU since it was made: of this process, of processes that it started, of PostgreSQL."""

    def __init__(self, server):
        self.server = server and psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
        self.began, self.first = time.perf_counter(), self.now()

    def now(self):
        own = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        return [*(each.ru_utime + each.ru_stime for each in own), self.of_postgres()]

    def of_postgres(self):
        if self.server is None:
            return 0.0
        times = self.server.cpu_times()
        alive = [each.cpu_times() for each in self.server.children()]
        return seconds_of(times) + times.children_user + times.children_system + sum(map(seconds_of, alive))

    def spent(self):
        return [now - before for now, before in zip(self.now(), self.first, strict=True)]


def first_documents(path, limit, folder):
    """The file, or one with its first documents."""
    if not limit:
        return path
    opened = gzip.open if path.suffix == ".gz" else open
    chosen = Path(folder) / f"{path.name}.jsonl"
    with opened(path, "rt") as file, chosen.open("w") as target:
        target.writelines(line for _, line in zip(range(limit), file, strict=False))
    return chosen


def unfinished_documents():
    """Published documents without passages, or whose act was not read."""
    from content.documents.models import LegalDocument
    from content.endings.models import ReadAct
    from content.law.doc_types import DocType
    from content.passages.models import Passage

    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED, is_sample=False)
    without = public.exclude(pk__in=Passage.objects.values("document"))
    unread = public.exclude(doc_type=DocType.CONSOLIDATED_TEXT).exclude(pk__in=ReadAct.objects.values("act"))
    return (without | unread).count()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared/data/documents.jsonl.gz"
    options.add_argument("--documents", nargs="+", type=Path, default=[default], metavar="FILE")
    options.add_argument("--limit", type=int, default=0)
    options.add_argument("--workers", type=int, default=1)
    asked = options.parse_args()
    server = throwaway.start()
    from content.documents.models import LegalDocument, Provision
    from content.import_runs import reading_ahead, runs, sources

    with tempfile.TemporaryDirectory() as folder:
        found = sources.source_files(first_documents(each, asked.limit, folder) for each in asked.documents)
        reports, meters = [], []
        for name in ("first", "second"):
            meter = Meter(server)
            with reading_ahead.of_workers(asked.workers) as ahead:
                report = runs.run_import(
                    found, topics=[], publish=True, notify=False, progress=lambda lines: None, ahead=ahead
                )
            meters.append((meter.spent(), time.perf_counter() - meter.began))
            reports.append(report)
            print(
                f"{name} run: {report.record_count} documents, {sum(meters[-1][0]):.1f} s of CPU; "
                f"{dict(report.outcomes)}, {len(report.skipped)} skipped, {len(report.left)} left",
                flush=True,
            )
    first, second = reports
    (python, readers, postgres), wall = meters[0]
    cpu, goal = python + readers + postgres, CPU * first.record_count / DOCUMENTS
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).count()
    is_whole = first.outcomes["created"] == first.record_count == public + len(first.left) > 0
    is_repeated = second.outcomes["unchanged"] == second.record_count == first.record_count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    print(
        f"import: documents={first.record_count} workers={asked.workers} cpu={cpu:.1f} python={python:.1f} "
        f"readers={readers:.1f} postgres={postgres:.1f} goal={goal:.1f} wall={wall:.1f} "
        f"provisions={Provision.objects.count()} peak_memory={peak:.0f}"
    )
    return 0 if is_whole and is_repeated and not unfinished_documents() and cpu <= goal else 1


if __name__ == "__main__":
    sys.exit(main())
