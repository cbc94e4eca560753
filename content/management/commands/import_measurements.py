"""import_measurements FILE.csv: enter measurements from a table, with a report for each line."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS
from content.plans import tables
from content.plans.tables import LineOutcome


class Command(BaseCommand):
    """Each line is a transaction of its own: a bad one affects no other. A repeat changes nothing."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = f"Enter measurements from a CSV file in UTF-8 with the columns {', '.join(tables.MEASUREMENT_COLUMNS)}."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="Make them public too.")

    def handle(self, *, file: Path, publish: bool, **options: Any) -> None:
        try:
            report = list(tables.import_measurements(file.read_text(encoding="utf-8"), publish=publish))
        except (OSError, UnicodeDecodeError, RuleBroken) as reason:
            raise CommandError(f"{file}: {reason}") from reason
        for each in report:
            if each.outcome is LineOutcome.REFUSED:
                self.stdout.write(f"{file}:{each.line} refused: {each.reason}")
        counts = [f"{sum(each.outcome is outcome for each in report)} {outcome}" for outcome in LineOutcome]
        self.stdout.write(", ".join(counts))
