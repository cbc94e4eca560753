from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.documents import span_writer

SHOWN = 20  # documents


class Command(BaseCommand):
    help = (
        "Compare the stored effect spans of each document with its status events, by the rules. Ends with 1 if some "
        "differ: lists then show other documents than their pages say. `--write` writes those anew."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--write", action="store_true", help="write the spans that differ anew")

    def handle(self, **options: Any) -> None:
        """Raises CommandError if spans differ and were not written anew."""
        wrong = 0
        for key, difference in span_writer.wrong_spans():
            wrong += 1
            if wrong <= SHOWN:
                self.stdout.write(f"{key}: {difference}")
            if options["write"]:
                span_writer.outdate_spans(key)
        if wrong and not options["write"]:
            raise CommandError(f"{wrong} documents have spans that differ. Run again with --write.")
        written = span_writer.write_outdated_spans() if options["write"] else 0
        self.stdout.write(f"{written} written anew." if written else "All spans agree.")
