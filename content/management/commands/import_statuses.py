"""import_statuses FILE: compare an official list of statuses with what is stored, and enter what is new."""

import argparse
import csv
import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from tqdm import tqdm

from content import vietnam_time
from content.documents.effect import EffectStatus
from content.management import CHECKS_OF_SETTINGS
from content.official_statuses import lines, services
from content.official_statuses.entering import LineReport
from content.official_statuses.lines import ListError, StatusLine

COLUMNS = ("line", "number", "outcome", "document", "ours", "theirs", "message_vi", "message_en")
MAX_LINES_PRINTED = 20


class Command(BaseCommand):
    """Reads a CSV file that an institution gave, in UTF-8, with comma or semicolon.

    It writes a report beside the file, with a line for each line. Without `--apply` nothing else is written. A run that
    was interrupted is run again: lines that are stored change nothing. Nobody is notified.
    """

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Compare an official list of statuses with what is stored; with --apply, enter what is new."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV: number, type, issuer, issued_on, status, "
                            "effective_on, expires_on, cause")  # fmt: skip
        parser.add_argument("--source", required=True, metavar="NAME", help="whose list it is")
        parser.add_argument("--as-of", required=True, metavar="DAY", help="day for which the list speaks (YYYY-MM-DD)")
        parser.add_argument("--apply", action="store_true", help="enter what is new; without it only the report")

    def handle(self, *, file: Path, source: str, as_of: str, apply: bool, **options: Any) -> None:
        day, name = _day(as_of), " ".join(source.split())
        if not 0 < len(name) <= 120:
            raise CommandError("--source: 1–120 ký tự / 1 to 120 characters.")
        report_path = file.with_name(file.name + ".report.csv")
        counts: Counter[str] = Counter()
        try:
            with (
                report_path.open("w", encoding="utf-8-sig", newline="") as written,
                tqdm(total=2 * file.stat().st_size, unit="B", unit_scale=True, disable=None, file=sys.stderr) as bar,
            ):
                report = csv.writer(written)
                report.writerow(COLUMNS)
                read = partial(_counted, file, bar)
                for each in services.import_lines(read, source=name, as_of=day, apply=apply):
                    counts[each.outcome] += 1
                    report.writerow(_row(each))
                    self._print_problem(each, counts)
        except (ListError, OSError) as problem:
            raise CommandError(str(problem)) from None
        said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "no lines"
        dry = "" if apply else " (nothing was entered: use --apply)"
        self.stdout.write(f"{sum(counts.values())} lines: {said}; {report_path}{dry}")

    def _print_problem(self, report: LineReport, counts: Counter[str]) -> None:
        if report.line.problem and counts["odd"] <= MAX_LINES_PRINTED:
            vi, en = (report.line.problem.in_language(language) for language in ("vi", "en"))
            self.stderr.write(f"dòng {report.line.line}: {vi} / line {report.line.line}: {en}")


def _day(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--as-of: «{text}» không phải là ngày / is not a date (YYYY-MM-DD).") from None
    if day > vietnam_time.today():
        raise CommandError(f"--as-of: {text} chưa tới / has not come yet.")
    return day


def _counted(file: Path, bar: "tqdm[Any]") -> Iterator[StatusLine]:
    """The lines of the file; the list is read twice."""
    with file.open("rb") as opened:
        before = bar.n
        for line in lines.read_lines(opened):
            bar.update(before + opened.tell() - bar.n)
            yield line


def _row(report: LineReport) -> tuple[str | int, ...]:
    ours = report.compared.ours if report.compared else None
    vi, en = _messages(report)
    shown = f"{ours.status} {ours.effective_on or ''} {ours.expires_on or ''}".strip() if ours else ""
    line = report.line
    theirs = f"{line.status} {line.effective_on or ''} {line.expires_on or ''}".strip()
    key = report.document.key if report.document else ""
    return line.line, _plain(line.number), str(report.outcome), key, shown, theirs, _plain(vi), _plain(en)


def _messages(report: LineReport) -> tuple[str, str]:
    if report.line.problem:
        return report.line.problem.in_language("vi"), report.line.problem.in_language("en")
    if report.refusal:
        return report.refusal, report.refusal
    if report.compared and report.outcome in ("conflict", "odd"):
        label = EffectStatus(report.compared.ours.status or EffectStatus.UNKNOWN).label
        with translation.override("vi"):
            vi = f"Ở đây: {label}. Danh mục: {EffectStatus(report.line.status).label}."
        with translation.override("en"):
            en = f"Here: {label}. The list: {EffectStatus(report.line.status).label}."
        return vi, en
    return "", ""


def _plain(text: str) -> str:
    """The text as a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
