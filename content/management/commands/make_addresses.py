"""Give the documents that were published before an upgrade their permanent addresses."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from content.documents.models import LegalDocument
from content.management import CHECKS_OF_SETTINGS
from content.permanent_addresses import services


class Command(BaseCommand):
    """Each document is a transaction of its own, so an interruption is harmless and a repeat makes what is missing.

    The documents are taken in the order in which they were published: of two alike the first has the short address.
    """

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Make the permanent addresses (AKN, ELI) of public documents. Needed once after an upgrade."

    def handle(self, **options: Any) -> None:
        documents = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
        keys = documents.order_by("published_at", "pk").values_list("pk", flat=True)
        made = 0
        for pk in tqdm(keys, total=documents.count(), unit="document", disable=None, file=sys.stderr):
            with transaction.atomic():
                document = documents.select_for_update(no_key=True).filter(pk=pk).first()
                made += len(services.give_addresses(document)) if document else 0
        self.stdout.write(f"{made} addresses made")
