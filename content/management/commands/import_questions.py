import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from content.basis import references
from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS
from content.qa import services

REQUIRED_KEYS = {"id", "question", "answer"}


class Command(BaseCommand):
    """Imports questions and prints a report, in Vietnamese as the reasons of the services are."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Publish questions that were answered elsewhere, from JSON Lines: "
        "{id, question, answer, references: [{number, article, clause, point}]}. A repeat changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--source", default="import", help="name of the collection; shown with each question and its id"
        )

    def handle(self, *, file: str, source: str, **options: Any) -> None:
        try:
            with open(file, encoding="utf-8") as lines:
                rows = [self._row(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        except OSError:
            raise CommandError(
                _("%(path)s cannot be read. Check the path and who may read it.") % {"path": file}
            ) from None
        except UnicodeDecodeError:
            raise CommandError(_("%(path)s is not UTF-8. Save it as UTF-8.") % {"path": file}) from None
        counts: Counter[str] = Counter()
        for number, row in tqdm(rows, unit="question", disable=None, file=sys.stderr):
            counts[self._import(number, row, source)] += 1
        words = _("Questions: %(all)d (%(created)d created, %(unchanged)d unchanged, %(skipped)d skipped)")
        shown = {name: counts[name] for name in ("created", "unchanged", "skipped")}
        self.stdout.write(words % {"all": len(rows), **shown})
        if rows and counts["skipped"] == len(rows):
            raise CommandError(_("No question was imported."))

    def _row(self, number: int, line: str) -> tuple[int, dict[str, Any]]:
        try:
            row = json.loads(line)
        except ValueError:
            raise CommandError(_("Line %(line)d is not JSON.") % {"line": number}) from None
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in REQUIRED_KEYS):
            words = _("Line %(line)d needs the fields %(names)s, each a text.")
            raise CommandError(words % {"line": number, "names": ", ".join(sorted(REQUIRED_KEYS))})
        if not isinstance(row.get("references", []), list):
            raise CommandError(_("Line %(line)d: references is not a list.") % {"line": number})
        return number, row

    def _import(self, number: int, row: dict[str, Any], source: str) -> str:
        found, missing = references.resolve_references(row.get("references", []))
        try:
            _question, outcome = services.import_question(
                f"{source}:{row['id']}", title=row["question"], answer=row["answer"], citations=found
            )
        except RuleBroken as refusal:
            self.stdout.write(_("Line %(line)d is skipped: %(reason)s") % {"line": number, "reason": refusal})
            return "skipped"
        if outcome == "created":
            for reference in missing:
                words = _("Line %(line)d: this reference was not found: %(reference)s")
                self.stdout.write(words % {"line": number, "reference": reference})
        return outcome
