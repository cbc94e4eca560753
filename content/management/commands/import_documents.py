import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from content.documents.importing import runs
from content.documents.records import Problem
from content.topics.models import Topic


class Command(BaseCommand):
    help = "Import legal documents from JSON Lines (.jsonl, .jsonl.gz) and plain text (.txt), as drafts or published."

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
            found = runs.files(paths)
            with tqdm(
                total=sum(runs.count(path) for path, _ in found), unit="doc", disable=None, file=sys.stderr
            ) as bar:
                report = runs.run(found, topics=topics, publish=publish, notify=notify, progress=bar.update)
        except (Problem, OSError) as problem:
            raise CommandError(str(problem)) from None
        self._tell(report)

    def _topics(self, keys):
        topics = list(Topic.objects.filter(key__in=keys))
        unknown = set(keys) - {topic.key for topic in topics}
        if unknown:
            raise CommandError(f"No topic {', '.join(sorted(unknown))}: `/api/v1/topics` lists the keys.")
        return topics

    def _tell(self, report):
        for where, reason in report.skipped:
            self.stdout.write(f"skipped {where}: {reason}")
        counts = ", ".join(f"{report.outcomes[name]} {name}" for name in ("created", "updated", "unchanged"))
        self.stdout.write(f"{report.read} documents: {counts}, {len(report.skipped)} skipped")
        if report.skipped and not report.outcomes:
            raise CommandError("Nothing was imported.")
