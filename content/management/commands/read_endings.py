"""read_endings: read what stored acts end and amend, and carry out what is certain."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import F
from tqdm import tqdm

from content.documents.models import LegalDocument
from content.endings import acts, services
from content.law.doc_types import DocType
from content.management import CHECKS_OF_SETTINGS


class Command(BaseCommand):
    """Reads acts in the order of their issue, each in a transaction of its own.

    An act that was read with its present text is left out, so that an interrupted run goes on where it stopped.
    Nobody is notified.
    """

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Read what stored acts end and amend; carry out what is certain and make cases of the rest."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="read acts again that were read before")

    def handle(self, *, again: bool, **options: Any) -> None:
        public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED, is_sample=False)
        public = public.exclude(doc_type=DocType.CONSOLIDATED_TEXT).order_by(F("issued_on").asc(nulls_last=True), "pk")
        outcome = services.Outcome()
        for pk in tqdm(list(public.values_list("pk", flat=True)), unit="act", disable=None, file=sys.stderr):
            act = LegalDocument.objects.get(pk=pk)
            if again or not acts.is_read(act):
                services.read_act(act, outcome=outcome)
        self.stdout.write(
            f"{outcome.acts} acts read: {len(outcome.ended_documents)} documents ended, "
            f"{len(outcome.amended_documents)} amended; {outcome.open} statements to check, {outcome.waiting} wait for "
            "documents that are not stored"
        )
