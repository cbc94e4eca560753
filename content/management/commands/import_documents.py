"""import_documents PATH…: import files of legal documents, as drafts or published."""

import argparse
import contextlib
import re
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from content.documents.records import RecordError
from content.import_runs import reading_ahead, runs, sources
from content.import_runs.report import ImportedDocument, ImportReport, LeftDocument
from content.importing import extensions
from content.law.units import UNIT_FORMS, UnitKind
from content.management import CHECKS_OF_SETTINGS
from content.publishing.heavy_notices import NamedAcceptance
from content.publishing.services import ImportOutcome
from content.topics.models import Topic

LEFT_AS_DRAFTS = 3  # exit code: the import itself succeeded
INTERRUPTED = 128 + 2  # exit code: as manage.py ends with after Ctrl-C


class Command(BaseCommand):
    """Imports documents and prints a report: a line for each document in a file of its own, then the totals.

    With --publish, a document with heavy notices stays a draft, and a published text stays where the file would bring
    new ones; the exit code is then 3. --accept names those that may be published all the same. Public documents whose
    first day is not known are named.

    The first bytes of a file decide its kind. The codification (Bộ pháp điển), as JSON Lines or pages, gives partial
    documents. If a run was interrupted, run it again: it imports what is missing and changes nothing else. After Ctrl-C
    or SIGTERM it finishes the record it works on and prints its report; the exit code is then 130. A second Ctrl-C ends
    it at once.

    With --workers a record whose process was killed is not imported: the end of the report names it, exit code 1.

    The report is in Vietnamese, as the notices of reading are, which are stored with the documents.
    """

    requires_system_checks = CHECKS_OF_SETTINGS
    help = f"Import legal documents ({', '.join(extensions.EXTENSIONS)}), as drafts or published."

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
        parser.add_argument(
            "--workers",
            type=_number_of_workers,
            default=1,
            metavar="N",
            help="processes that read the texts while this one writes; 1 (default): it reads them itself; at most "
            f"{reading_ahead.MAX_WORKERS}. What is stored, and its order, is the same with any N",
        )

    def handle(
        self,
        *,
        paths: list[str],
        topic: list[str],
        publish: bool,
        accept: list[str],
        notify: bool,
        workers: int,
        **options: Any,
    ) -> None:
        if notify and not publish:
            raise CommandError(_("--notify tells followers what was published. Use it together with --publish."))
        if accept and not publish:
            raise CommandError(_("--accept says what may be published. Use it together with --publish."))
        topics, accepted = self._topics(topic), self._acceptances(accept)
        try:
            found = sources.source_files(paths)
            with (
                _stop_signals() as stop,
                tqdm(
                    total=sum(sources.count_records(source) for source in found),
                    unit="doc",
                    disable=None,
                    file=sys.stderr,
                ) as bar,
                reading_ahead.of_workers(workers) as ahead,
            ):
                report = runs.run_import(
                    found,
                    topics=topics,
                    publish=publish,
                    notify=notify,
                    accepted=accepted,
                    progress=bar.update,
                    stop_requested=stop.is_set,
                    ahead=ahead,
                )
        except RecordError as problem:
            raise CommandError(f"{problem.in_active_language()}.") from None
        except OSError as problem:
            raise CommandError(str(problem)) from None
        self._print_report(report)
        self._print_without_first_day(report.without_first_day)
        self._print_outdated_files(report.outdated_files)
        self._end(report, accepted)

    def _end(self, report: ImportReport, accepted: list[NamedAcceptance]) -> None:
        """Say what is left to do. Raises CommandError with the exit code unless all went well."""
        if report.left:
            self._print_left(report.left)
        if report.is_stopped:
            raise CommandError(
                _("Stopped before the end: the rest was not read. Run this again to import what is missing."),
                returncode=INTERRUPTED,
            )
        for acceptance in accepted:
            if acceptance not in report.accepted:
                words = _("--accept %(acceptance)s: no document of this run needed it")
                self.stdout.write(words % {"acceptance": acceptance})
        if report.failed:
            words = _("Not imported, for no fault of the documents: %(count)d. Run this again to import them.")
            listed = "".join(f"\n  {where}: {reason}" for where, reason in report.failed)
            raise CommandError(words % {"count": len(report.failed)} + listed)
        if report.left:
            raise CommandError(_summary_of_left(report.left), returncode=LEFT_AS_DRAFTS)
        if report.skipped and not report.outcomes:
            raise CommandError(_("Nothing was imported."))

    def _acceptances(self, written: list[str]) -> list[NamedAcceptance]:
        try:
            return [NamedAcceptance.parse(each) for each in written]
        except ValueError as problem:
            raise CommandError(str(problem)) from None

    def _topics(self, keys: list[str]) -> list[Topic]:
        topics = list(Topic.objects.filter(key__in=keys))
        unknown = set(keys) - {topic.key for topic in topics}
        if unknown:
            words = _("Unknown topic %(keys)s. `/api/v1/topics` lists the keys.")
            raise CommandError(words % {"keys": ", ".join(sorted(unknown))})
        return topics

    def _print_report(self, report: ImportReport) -> None:
        for imported in report.imported:
            self._print_document(imported)
        for path in report.empty:
            self.stdout.write(_("%(path)s: contains no document") % {"path": path})
        for where, reason in report.skipped:
            self.stdout.write(_("skipped %(where)s: %(reason)s") % {"where": where, "reason": reason})
        for where, reason in report.failed:
            self.stdout.write(_("not imported %(where)s: %(reason)s") % {"where": where, "reason": reason})
        words = _(
            "Documents: %(all)d (%(created)d created, %(updated)d updated, %(unchanged)d unchanged, "
            "%(skipped)d skipped)"
        )
        counts = {outcome.value: report.outcomes[outcome] for outcome in ImportOutcome}
        self.stdout.write(words % {"all": report.record_count, "skipped": len(report.skipped), **counts})
        if report.articles:
            self.stdout.write(_("Articles of partial documents: %(count)d") % {"count": report.articles})
        effects = report.effects
        if effects.cases:
            words = _(
                "Effects: %(ended)d documents ended, %(amended)d amended; %(open)d statements to check, %(waiting)d "
                "wait for documents that are not stored"
            )
            ended, amended = len(effects.ended_documents), len(effects.amended_documents)
            counts = {"ended": ended, "amended": amended, "open": effects.open, "waiting": effects.waiting}
            self.stdout.write(words % counts)

    def _print_without_first_day(self, numbers: list[str]) -> None:
        if numbers:
            words = _(
                "Public documents whose first day of effect is not known: %(count)d. Readers see their effect as "
                "unknown. Enter the day on the staff site:"
            )
            self.stdout.write(words % {"count": len(numbers)})
        for number in numbers:
            self.stdout.write(f"  {number}")

    def _print_outdated_files(self, files: Mapping[str, Iterable[str]]) -> None:
        if files:
            self.stdout.write(
                _(
                    "These original files stay public and still have words that the correction took out. If nobody may "
                    "read those words, correct the document on the staff site and tick there that the files go:"
                )
            )
        for key, names in files.items():
            self.stdout.write(f"  {key}: {', '.join(names)}")

    def _print_left(self, left: list[LeftDocument]) -> None:
        """Each document that was not published, why, the options that would publish it, and each heavy fault."""
        self.stdout.write("\n" + _("Not published: heavy faults were found when these texts were read."))
        for each in left:
            counts = ", ".join(f"{count} {code}" for code, count in each.codes.items())
            options = " ".join(f"--accept {NamedAcceptance(code, each.name)}" for code in each.codes)
            stays = "; " + _("the published text stays") if each.is_published else ""
            self.stdout.write(f"{each.where}: {each.name}: {counts}{stays}\n  {options}")
            for notice in each.notices:
                self.stdout.write(f"  {notice.code}: {notice.message}")
        if not all(each.is_published for each in left):
            self.stdout.write(_("Read the drafts on the staff site: correct the text, or accept each fault there."))
        self.stdout.write(_("Correct the files, or run this again with the options above."))

    def _print_document(self, imported: ImportedDocument) -> None:
        """«law.html:1: luat-2013-35-2013-qh13: mới (33 điều, 98 khoản)», and its warnings on lines under it."""
        outcomes = {
            ImportOutcome.CREATED: _("created"),
            ImportOutcome.UPDATED: _("updated"),
            ImportOutcome.UNCHANGED: _("unchanged"),
        }
        forms = ((UNIT_FORMS[UnitKind(kind)], count) for kind, count in imported.units.items() if count)
        units = ", ".join(f"{count} {form.word.lower()}" for form, count in forms)
        outcome = outcomes[ImportOutcome(imported.outcome)]
        self.stdout.write(f"{imported.where}: {imported.key}: {outcome}{f' ({units})' if units else ''}")
        counted = Counter(warning["code"] for warning in imported.warnings)
        shown: dict[str, str] = {}
        for warning in imported.warnings:
            shown.setdefault(warning["code"], warning["message"])
        for code, message in shown.items():
            more = f" (+{counted[code] - 1})" if counted[code] > 1 else ""
            self.stdout.write(f"  {code}: {message}{more}")


@contextlib.contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set meanwhile. The next signal does what it did before."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():  # there Python takes no signals
        yield stop
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    before = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}

    def request_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, request_stop)
    try:
        yield stop
    finally:
        restore()


def _number_of_workers(written: str) -> int:
    number = int(written) if re.fullmatch("[0-9]{1,9}", written) else 0
    if not 1 <= number <= reading_ahead.MAX_WORKERS:
        words = _("«%(written)s» is no number from 1 to %(most)d")
        raise argparse.ArgumentTypeError(words % {"written": written, "most": reading_ahead.MAX_WORKERS})
    return number


def _summary_of_left(left: list[LeftDocument]) -> str:
    """«Left as drafts: 2. Published texts left as they were: 1.»"""
    kept = sum(each.is_published for each in left)
    drafts = len(left) - kept
    words = [_("Left as drafts: %(count)d.") % {"count": drafts}] if drafts else []
    words += [_("Published texts left as they were: %(count)d.") % {"count": kept}] if kept else []
    return " ".join(words)
