import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from content.basis import references
from content.errors import RuleBroken
from content.qa import services

REQUIRED_KEYS = {"id", "question", "answer"}


class Command(BaseCommand):
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
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file}: not UTF-8. Save it as UTF-8.") from None
        counts: Counter[str] = Counter()
        for number, row in tqdm(rows, unit="question", disable=None, file=sys.stderr):
            counts[self._import(number, row, source)] += 1
        summary = ", ".join(f"{counts[name]} {name}" for name in ("created", "unchanged", "skipped"))
        self.stdout.write(f"{len(rows)} questions: {summary}")
        if rows and counts["skipped"] == len(rows):
            raise CommandError("Nothing was imported.")

    def _row(self, number: int, line: str) -> tuple[int, dict[str, Any]]:
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise CommandError(f"line {number}: not JSON: {problem}") from None
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in REQUIRED_KEYS):
            raise CommandError(f"line {number}: needs {', '.join(sorted(REQUIRED_KEYS))}, each a string")
        if not isinstance(row.get("references", []), list):
            raise CommandError(f"line {number}: references is not a list")
        return number, row

    def _import(self, number: int, row: dict[str, Any], source: str) -> str:
        found, missing = references.resolve_references(row.get("references", []))
        try:
            _question, outcome = services.import_question(
                f"{source}:{row['id']}", title=row["question"], answer=row["answer"], citations=found
            )
        except RuleBroken as refusal:
            self.stdout.write(f"line {number}: skipped: {refusal}")
            return "skipped"
        if outcome == "created":
            for reference in missing:
                self.stdout.write(f"line {number}: reference not found: {reference}")
        return outcome
