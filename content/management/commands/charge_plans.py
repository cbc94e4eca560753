"""charge_plans PROGRAMME --basis CITATION: say that all provinces, or all ministries, of today owe a plan."""

import argparse
import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS
from content.plans import queries, services
from content.plans.models import Programme
from content.vietnam_time import today


class Command(BaseCommand):
    """Only with the citation that says so: a duty is a claim about the law."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Say which organisations owe a plan for a programme. Those that owe it already stay as they are."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("programme", help="Key of the programme, such as de-an-766.")
        parser.add_argument("--of", choices=["provinces", "ministries"], required=True)
        parser.add_argument("--basis", required=True, help="Citation of the provision that says so.")
        parser.add_argument(
            "--due-on", type=datetime.date.fromisoformat, help="Last day, YYYY-MM-DD. Default: at once."
        )
        parser.add_argument("--year", type=int, help="Of a plan of one year. Default: of the whole programme.")

    def handle(self, *, programme: str, of: str, basis: str, **options: Any) -> None:
        found = Programme.objects.filter(key=programme).first()
        if found is None:
            raise CommandError(f"There is no programme {programme}.")
        owing = queries.who_may_owe(of, today())
        try:
            new = services.charge(found, owing, basis=basis, due_on=options["due_on"], year=options["year"])
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{new} new duties")
