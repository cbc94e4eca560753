"""Make missing passage vectors."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from content.management import CHECKS_OF_SETTINGS
from content.search.vectors import backfill, text_encoder


class Command(BaseCommand):
    """Each batch is a transaction of its own, so work goes on and an interruption is harmless."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Make missing passage vectors, which SEARCH_VECTORS uses to search by meaning: 12 articles a second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=None, help="stop after this many vectors")

    def handle(self, **options: Any) -> None:
        encoder = text_encoder.default_encoder()
        if encoder is None:
            raise CommandError("Set SEARCH_VECTORS=1 and install requirements-vectors.txt.")
        total = backfill.passages_without_vector(encoder).count()
        most = total if options["most"] is None else min(options["most"], total)
        with tqdm(total=most, unit="article", disable=None, file=sys.stderr) as bar:
            made = backfill.write_missing_vectors(encoder, most, bar.update)
        self.stdout.write(f"{made} vectors made, {backfill.passages_without_vector(encoder).count()} missing")
