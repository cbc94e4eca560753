"""settle_provinces: list local documents without a province, with a proposal; store the proposals with --accept."""

import argparse
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.db import IntegrityError

from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS
from content.publishing import origins, settled_provinces


class Command(BaseCommand):
    """Each document is a transaction of its own, so an interruption is harmless and a repeat settles what is left."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "List the documents of local bodies that lack a province, each with the one that its issuer or its text names. "
        "Public keys do not change."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("keys", nargs="*", help="Only these documents, by their keys.")
        parser.add_argument("--accept", action="store_true", help="Store the proposals.")

    def handle(self, *, accept: bool, keys: Sequence[str], **options: Any) -> None:
        proposed, settled, unclear = 0, 0, 0
        documents = settled_provinces.documents_without_province()
        documents = documents.filter(key__in=keys) if keys else documents
        for document in documents.iterator(chunk_size=200):
            origin = origins.proposed_origin(document)
            if origin is None or origin.province is None:
                unclear += 1
                self.stdout.write(f"{document.key}\t{document.number}\t?")
                continue
            proposed += 1
            outcome = origin.province.key
            if accept:
                try:
                    settled += settled_provinces.settle_province(document, origin, reason="settle_provinces --accept")
                except (RuleBroken, IntegrityError) as refusal:  # the next document is settled all the same
                    outcome += f"\t{refusal}"
            self.stdout.write(f"{document.key}\t{document.number}\t{outcome}")
        self.stdout.write(f"{proposed} with a proposal, {settled} settled, {unclear} for a person to decide")
