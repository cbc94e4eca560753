import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from content.basis import references
from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS
from content.question_banks import services
from content.question_banks.models import QuestionBank, QuizKind

KINDS = {"Đúng/Sai": QuizKind.TRUE_FALSE, "Trắc nghiệm": QuizKind.SINGLE}


class Command(BaseCommand):
    """Imports quiz questions as drafts and prints a report, in Vietnamese as the reasons of the services are."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Write drafts of quiz questions from JSON Lines: {id, kind, question, choices: {A: …}, correct, relevant: "
        "[{law_id: name or number, article_id}]}. A question whose provisions are not here is skipped. A repeat "
        "changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--bank", default="", help="name of the question bank; by default that of the file")
        parser.add_argument("--licence", default="", help="licence of the questions, shown with each")

    def handle(self, *, file: str, bank: str, licence: str, **options: Any) -> None:
        name = bank or Path(file).stem
        try:
            lines = Path(file).read_text(encoding="utf-8").splitlines()
        except OSError:
            raise CommandError(
                _("%(path)s cannot be read. Check the path and who may read it.") % {"path": file}
            ) from None
        except UnicodeDecodeError:
            raise CommandError(_("%(path)s is not UTF-8. Save it as UTF-8.") % {"path": file}) from None
        found = QuestionBank.objects.filter(name=name).first() or services.write_bank(name)
        counts: Counter[str] = Counter()
        numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        for number, line in tqdm(numbered, unit="question", disable=None, file=sys.stderr):
            counts[self._import(number, line, found, licence)] += 1
        words = _("Quiz questions: %(all)d (%(created)d created, %(unchanged)d unchanged, %(skipped)d skipped)")
        shown = {outcome: counts[outcome] for outcome in ("created", "unchanged", "skipped")}
        self.stdout.write(words % {"all": len(numbered), **shown})

    def _import(self, number: int, line: str, bank: QuestionBank, licence: str) -> str:
        try:
            row = read_row(line)
            found, missing = references.resolve_references(row.pop("references"))
            for reference in missing:
                words = _("Line %(line)d: this reference was not found: %(reference)s")
                self.stdout.write(words % {"line": number, "reference": reference})
            source = f"{bank.name}:{row.pop('id')}"[:200]
            return services.import_question(source, bank, citations=found, licence=licence, **row)[1]
        except RuleBroken as refusal:
            self.stdout.write(_("Line %(line)d is skipped: %(reason)s") % {"line": number, "reason": refusal})
            return "skipped"


def read_row(line: str) -> dict[str, Any]:
    """The id, the columns of a question and its `references`. Raises RuleBroken("invalid_row")."""
    try:
        row = json.loads(line)
        letters = sorted(row["choices"])
        choices = [str(row["choices"][letter]) for letter in letters]
        columns: dict[str, Any] = {
            "id": str(row["id"]),
            "kind": KINDS[row["kind"]],
            "text": str(row["question"]),
            "choices": choices,
        }
        columns["right"] = letters.index(row["correct"]) + 1
        columns["references"] = [_reference(each) for each in row.get("relevant", [])]
        return columns
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RuleBroken("invalid_row", _("It is not a quiz question in the format of this command.")) from None


def _reference(relevant: dict[str, Any]) -> dict[str, str]:
    """As `resolve_references` reads it. A law is named, or numbered: with a slash."""
    law = str(relevant["law_id"])
    return {"number" if "/" in law else "name": law, "article": str(relevant["article_id"])}
