"""import_documents PATH…: import files of legal documents, as drafts or published."""

import argparse
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from content.documents.records import RecordError
from content.importing import formats, runs
from content.importing.runs import ImportedDocument, ImportReport, LeftDocument
from content.publishing.heavy_notices import NamedAcceptance
from content.topics.models import Topic

LEFT_AS_DRAFTS = 3  # exit code: the import itself succeeded


class Command(BaseCommand):
    """Imports documents and prints a report: a line for each document in a file of its own, then the totals.

    With --publish, a document with heavy notices stays a draft, and a published text stays where the file would bring
    new ones; the exit code is then 3. --accept names those that may be published all the same. Public documents whose
    first day is not known are named.

    The first bytes of a file decide its kind. The codification (Bộ pháp điển), as JSON Lines or pages, gives partial
    documents. If a run was interrupted, run it again: it imports what is missing and changes nothing else.
    """

    help = f"Import legal documents ({', '.join(formats.EXTENSIONS)}), as drafts or published."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder with such files")
        parser.add_argument(
            "--topic", action="append", default=[], metavar="KEY", help="also assign this topic to the documents"
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish the documents without heavy notices; without it all are drafts",
        )
        parser.add_argument(
            "--accept",
            action="append",
            default=[],
            metavar="CODE:NUMBER",
            help="publish the document of this number in spite of its heavy notices of this code; only with --publish",
        )
        parser.add_argument("--notify", action="store_true", help="notify followers; only with --publish")

    def handle(
        self, *, paths: list[str], topic: list[str], publish: bool, accept: list[str], notify: bool, **options: Any
    ) -> None:
        if notify and not publish:
            raise CommandError("--notify tells followers what was published. Use it together with --publish.")
        if accept and not publish:
            raise CommandError("--accept says what may be published. Use it together with --publish.")
        topics, accepted = self._topics(topic), self._acceptances(accept)
        try:
            found = runs.source_files(paths)
            with tqdm(
                total=sum(runs.count_records(source) for source in found), unit="doc", disable=None, file=sys.stderr
            ) as bar:
                report = runs.run_import(
                    found, topics=topics, publish=publish, notify=notify, accepted=accepted, progress=bar.update
                )
        except (RecordError, OSError) as problem:
            raise CommandError(str(problem)) from None
        self._print_report(report)
        self._print_without_first_day(report.without_first_day)
        for acceptance in accepted:
            if acceptance not in report.accepted:
                self.stdout.write(f"--accept {acceptance}: no document of this run needed it")
        if report.left:
            self._print_left(report.left)
            raise CommandError(_summary_of_left(report.left), returncode=LEFT_AS_DRAFTS)
        if report.skipped and not report.outcomes:
            raise CommandError("Nothing was imported.")

    def _acceptances(self, written: list[str]) -> list[NamedAcceptance]:
        try:
            return [NamedAcceptance.parse(each) for each in written]
        except ValueError as problem:
            raise CommandError(str(problem)) from None

    def _topics(self, keys: list[str]) -> list[Topic]:
        topics = list(Topic.objects.filter(key__in=keys))
        unknown = set(keys) - {topic.key for topic in topics}
        if unknown:
            raise CommandError(f"Unknown topic {', '.join(sorted(unknown))}. `/api/v1/topics` lists the keys.")
        return topics

    def _print_report(self, report: ImportReport) -> None:
        for imported in report.imported:
            self._print_document(imported)
        for where in report.empty:
            self.stdout.write(f"{where}: contains no document")
        for where, reason in report.skipped:
            self.stdout.write(f"skipped {where}: {reason}")
        counts = ", ".join(f"{report.outcomes[name]} {name}" for name in ("created", "updated", "unchanged"))
        articles = f", {report.articles} articles of partial documents" if report.articles else ""
        self.stdout.write(f"{report.record_count} documents: {counts}, {len(report.skipped)} skipped{articles}")
        effects = report.effects
        if effects.cases:
            self.stdout.write(
                f"effects: {len(effects.ended_documents)} documents ended, {len(effects.amended_documents)} amended; "
                f"{effects.open} statements to check, {effects.waiting} wait for documents that are not stored"
            )

    def _print_without_first_day(self, numbers: list[str]) -> None:
        if numbers:
            self.stdout.write(
                f"no first day of effect is known of {len(numbers)} public document{'s'[: len(numbers) > 1]}; readers "
                "see their effect as unknown. Enter the day on the staff site:"
            )
        for number in numbers:
            self.stdout.write(f"  {number}")

    def _print_left(self, left: list[LeftDocument]) -> None:
        """Each document that was not published, why, the options that would publish it, and each heavy fault."""
        self.stdout.write("\nNot published: heavy faults were found when these texts were read.")
        for each in left:
            counts = ", ".join(f"{count} {code}" for code, count in each.codes.items())
            options = " ".join(f"--accept {NamedAcceptance(code, each.name)}" for code in each.codes)
            stays = "; the published text stays" if each.is_published else ""
            self.stdout.write(f"{each.where}: {each.name}: {counts}{stays}\n  {options}")
            for notice in each.notices:
                self.stdout.write(f"  {notice.code}: {notice.message}")
        if not all(each.is_published for each in left):
            self.stdout.write("Read the drafts on the staff site: correct the text, or accept each fault there.")
        self.stdout.write("Correct the files, or run this again with the options above.")

    def _print_document(self, imported: ImportedDocument) -> None:
        """«law.html:1: luat-2013-35-2013-qh13 created: 33 article, 98 clause», and its warnings on lines under it."""
        units = ", ".join(f"{count} {kind}" for kind, count in imported.units.items())
        self.stdout.write(f"{imported.where}: {imported.key} {imported.outcome}: {units}")
        counted = Counter(warning["code"] for warning in imported.warnings)
        shown: dict[str, str] = {}
        for warning in imported.warnings:
            shown.setdefault(warning["code"], warning["message"])
        for code, message in shown.items():
            more = f" (+{counted[code] - 1})" if counted[code] > 1 else ""
            self.stdout.write(f"  {code}: {message}{more}")


def _summary_of_left(left: list[LeftDocument]) -> str:
    """«2 documents left as drafts, 1 published text left as it was.»"""
    kept = sum(each.is_published for each in left)
    drafts = len(left) - kept
    words = [f"{drafts} document{'s'[: drafts > 1]} left as drafts"] if drafts else []
    words += [f"{kept} published text{'s'[: kept > 1]} left as {'they were' if kept > 1 else 'it was'}"] if kept else []
    return ", ".join(words) + "."
