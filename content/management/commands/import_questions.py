import json
import sys
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
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

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--source", default="import", help="whose they are; stands at each question, with its id")

    def handle(self, *, file, source, **options):
        try:
            with open(file, encoding="utf-8") as lines:
                rows = [self._row(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{file}: {problem}") from None
        counts = Counter()
        for number, row in tqdm(rows, unit="question", disable=None, file=sys.stderr):
            counts[self._take_in(number, row, source)] += 1
        told = ", ".join(f"{counts[name]} {name}" for name in ("created", "unchanged", "skipped"))
        self.stdout.write(f"{len(rows)} questions: {told}")
        if rows and counts["skipped"] == len(rows):
            raise CommandError("Nothing was imported.")

    def _row(self, number, line):
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise CommandError(f"line {number}: no JSON: {problem}") from None
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in REQUIRED_KEYS):
            raise CommandError(f"line {number}: needs {', '.join(sorted(REQUIRED_KEYS))}, each a string")
        if not isinstance(row.get("references", []), list):
            raise CommandError(f"line {number}: references is no list")
        return number, row

    def _take_in(self, number, row, source):
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
                self.stdout.write(f"line {number}: not here: {reference}")
        return outcome
