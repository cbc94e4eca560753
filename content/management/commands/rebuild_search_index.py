"""Make missing or outdated passages and search keys, then rebuild the search index."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from tqdm import tqdm

from content import database_limits, own_process
from content.documents.models import LegalDocument
from content.events import search_keys as of_events
from content.events.models import Event
from content.events.states import PUBLIC_STATUSES
from content.management import CHECKS_OF_SETTINGS
from content.media import queries as media
from content.media import search_keys as of_materials
from content.media.models import Material
from content.passages import services as passages
from content.qa import search_keys as of_questions
from content.qa.models import Question
from content.search.index import services


class Command(BaseCommand):
    """Each document, question, event and material is a transaction of its own, so an interruption is harmless."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Make passages and search keys that are missing or outdated, then rebuild the search index."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--index-only",
            action="store_true",
            help="no passages and no search keys; nothing at all while another process rebuilds the index",
        )

    def handle(self, *, index_only: bool, **options: Any) -> None:
        if own_process.end_with_parent():  # a job's
            database_limits.use(database_limits.Work.JOBS)
        if index_only:
            counted = services.rebuild_index()
            self.stdout.write(f"{counted} counted" if counted is not None else "another process rebuilds the index")
            return
        documents = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).order_by("pk")
        asked = Question.objects.filter(published_at__isnull=False).order_by("pk")
        announced = Event.objects.filter(status__in=PUBLIC_STATUSES).order_by("pk")
        materials = Material.objects.filter(pk__in=media.public_materials().values("pk")).order_by("pk")
        written, total = 0, sum(rows.count() for rows in (documents, asked, announced, materials))
        steps = len(services.IndexStep)
        with tqdm(total=total + steps, unit="row", disable=None, file=sys.stderr) as bar:
            for pk in documents.values_list("pk", flat=True):
                with transaction.atomic():
                    document = LegalDocument.objects.select_for_update(no_key=True).filter(pk=pk).first()
                    written += passages.refresh_passages(document) if document else 0
                bar.update()
            for pk in asked.values_list("pk", flat=True):
                with transaction.atomic():
                    if question := asked.select_for_update(no_key=True).filter(pk=pk).first():
                        of_questions.refresh_question_search_keys(question)
                bar.update()
            for pk in announced.values_list("pk", flat=True):
                with transaction.atomic():
                    if event := announced.select_for_update(no_key=True).filter(pk=pk).first():
                        of_events.refresh_event_search_keys(event)
                bar.update()
            for pk in materials.values_list("pk", flat=True):
                with transaction.atomic():
                    if material := materials.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first():
                        of_materials.refresh_material_search_keys(material)
                bar.update()

            def show(step: services.IndexStep) -> None:
                bar.set_description(step)
                bar.update(bar.total - steps + list(services.IndexStep).index(step) - bar.n)

            while (counted := services.rebuild_index(progress=show)) is None:
                bar.set_description("waiting for the worker, which rebuilds the index")
                time.sleep(1)  # perhaps without what was written above
            bar.update(bar.total - bar.n)
        self.stdout.write(f"{written} passages written, {counted} counted")
