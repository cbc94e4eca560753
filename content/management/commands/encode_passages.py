import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from content.search.vectors import backfill, text_encoder


class Command(BaseCommand):
    """A few at a time, each its own transaction: everything runs on, and a break costs nothing."""

    help = "Make the vectors that are missing, of which SEARCH_VECTORS searches by meaning (12 articles a second)."

    def add_arguments(self, parser):
        parser.add_argument("--most", type=int, default=None, help="end after so many")

    def handle(self, **options):
        encoder = text_encoder.default_encoder()
        if encoder is None:
            raise CommandError("Set SEARCH_VECTORS=1 and install requirements-vectors.txt.")
        total = backfill.passages_without_vector(encoder).count()
        most = total if options["most"] is None else min(options["most"], total)
        with tqdm(total=most, unit="article", disable=None, file=sys.stderr) as bar:
            made = backfill.write_missing_vectors(encoder, most, bar.update)
        self.stdout.write(f"{made} vectors made, {backfill.passages_without_vector(encoder).count()} missing")
