"""Read what the texts of stored documents mention."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from content.documents.models import LegalDocument
from content.management import CHECKS_OF_SETTINGS
from content.mentions import services


class Command(BaseCommand):
    """Each document is a transaction of its own, so an interruption is harmless and a repeat writes what is missing."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Read which documents and provisions the public texts mention. Needed once after an upgrade."

    def handle(self, **options: Any) -> None:
        documents = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).order_by("pk")
        written = 0
        for pk in tqdm(
            documents.values_list("pk", flat=True), total=documents.count(), unit="document", disable=None,
            file=sys.stderr,
        ):  # fmt: skip
            with transaction.atomic():
                document = documents.select_for_update(no_key=True).filter(pk=pk).first()
                written += services.refresh_mentions(document) if document else 0
        self.stdout.write(f"{written} mentions written")
