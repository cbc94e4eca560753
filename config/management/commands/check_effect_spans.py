from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.documents import span_writer
from content.effect_reviews import span_comparison
from content.management import CHECKS_OF_SETTINGS

SHOWN = 20  # documents


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Compare the stored effect spans of each document with its status events, by the rules. Ends with 1 if some "
        "differ: lists then show other documents than their pages say. Tells how many wait for the worker. "
        "`--write` writes both anew."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--write", action="store_true", help="write the spans that differ anew")

    def handle(self, **options: Any) -> None:
        """Raises CommandError if spans differ and were not written anew."""
        wrong = 0
        for document, difference in span_comparison.wrong_spans():
            wrong += 1
            if wrong <= SHOWN:
                self.stdout.write(f"{document.key}: {difference}")
            if options["write"]:
                span_writer.outdate_spans([document.pk])
        if wrong and not options["write"]:
            raise CommandError(f"{wrong} documents have spans that differ. Run again with --write.")
        if options["write"]:
            self.stdout.write(f"{span_writer.write_outdated_spans()} written anew.")
            return
        self.stdout.write(f"All written spans agree; {span_comparison.marked_count()} documents wait for the worker.")
