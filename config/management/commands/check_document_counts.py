from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.document_counts import queries, services
from content.management import CHECKS_OF_SETTINGS

SHOWN = 20  # differences


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Compare the stored counts of public documents with the documents. Ends with 1 if some differ: facets and "
        "counts of lists are then wrong. `--write` counts all documents anew, as after a load that left triggers out."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--write", action="store_true", help="count all documents anew")

    def handle(self, **options: Any) -> None:
        """Raises CommandError if counts differ and were not written anew."""
        if options["write"]:
            self.stdout.write(f"{services.count_anew()} documents counted.")
            return
        differences = queries.differences()
        for each in differences[:SHOWN]:
            self.stdout.write(each)
        if differences:
            raise CommandError(f"{len(differences)} differ. Run again with --write.")
        self.stdout.write("All stored counts agree.")
