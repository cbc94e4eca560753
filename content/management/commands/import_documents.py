import sys
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from content.documents.records import RecordError
from content.importing import formats, runs
from content.topics.models import Topic


class Command(BaseCommand):
    """Documents in, a report out: a line for each document that a file holds alone, then the count of all.

    Files say by their first bytes what they are; the codification (Bộ pháp điển), as JSON Lines or pages, gives partial
    documents. Run again after a break, it takes up what is missing and changes nothing else.
    """

    help = f"Import legal documents ({', '.join(formats.EXTENSIONS)}), as drafts or published."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder of such files")
        parser.add_argument(
            "--topic", action="append", default=[], metavar="KEY", help="file them under this topic too"
        )
        parser.add_argument("--publish", action="store_true", help="publish them; without it they are drafts")
        parser.add_argument("--notify", action="store_true", help="tell the followers; only with --publish")

    def handle(self, *, paths, topic, publish, notify, **options):
        if notify and not publish:
            raise CommandError("--notify tells followers of what was published: it needs --publish.")
        topics = self._topics(topic)
        try:
            found = runs.source_files(paths)
            with tqdm(
                total=sum(runs.count_records(source) for source in found), unit="doc", disable=None, file=sys.stderr
            ) as bar:
                report = runs.run_import(found, topics=topics, publish=publish, notify=notify, progress=bar.update)
        except (RecordError, OSError) as problem:
            raise CommandError(str(problem)) from None
        self._tell(report)

    def _topics(self, keys):
        topics = list(Topic.objects.filter(key__in=keys))
        unknown = set(keys) - {topic.key for topic in topics}
        if unknown:
            raise CommandError(f"No topic {', '.join(sorted(unknown))}: `/api/v1/topics` lists the keys.")
        return topics

    def _tell(self, report):
        for taken in report.taken:
            self._tell_of(taken)
        for where in report.empty:
            self.stdout.write(f"{where}: holds no document")
        for where, reason in report.skipped:
            self.stdout.write(f"skipped {where}: {reason}")
        counts = ", ".join(f"{report.outcomes[name]} {name}" for name in ("created", "updated", "unchanged"))
        articles = f", {report.articles} articles of partial documents" if report.articles else ""
        self.stdout.write(f"{report.read} documents: {counts}, {len(report.skipped)} skipped{articles}")
        if report.skipped and not report.outcomes:
            raise CommandError("Nothing was imported.")

    def _tell_of(self, taken):
        """«law.html:1: luat-2013-35-2013-qh13 created: 33 article, 98 clause», and under it what to look at."""
        units = ", ".join(f"{count} {kind}" for kind, count in taken.units.items())
        self.stdout.write(f"{taken.where}: {taken.key} {taken.outcome}: {units}")
        counted = Counter(warning["code"] for warning in taken.warnings)
        shown = {}
        for warning in taken.warnings:
            shown.setdefault(warning["code"], warning["message"])
        for code, message in shown.items():
            more = f" (+{counted[code] - 1})" if counted[code] > 1 else ""
            self.stdout.write(f"  {code}: {message}{more}")
