import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from content.documents.models import LegalDocument
from content.documents.passages import services as passages
from content.events import search_keys as of_events
from content.events.models import Event
from content.events.states import PUBLIC_STATUSES
from content.qa import search_keys as of_questions
from content.qa.models import Question
from content.search.index import services


class Command(BaseCommand):
    """A document at a time, each its own transaction: readers and editors go on, and a break costs nothing."""

    help = "Make what search reads anew from the texts, where it is missing or was made another way; then count words."

    def handle(self, **options):
        documents = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).order_by("pk")
        others = (
            (
                Question.objects.filter(published_at__isnull=False).order_by("pk"),
                of_questions.refresh_question_search_keys,
            ),
            (Event.objects.filter(status__in=PUBLIC_STATUSES).order_by("pk"), of_events.refresh_event_search_keys),
        )
        written, total = 0, documents.count() + sum(rows.count() for rows, _ in others)
        with tqdm(total=total, unit="row", disable=None, file=sys.stderr) as bar:
            for pk in documents.values_list("pk", flat=True):
                with transaction.atomic():
                    locked = LegalDocument.objects.select_for_update().filter(pk=pk).first()
                    written += passages.refresh_passages(locked) if locked else 0
                bar.update()
            for rows, refresh in others:
                for pk in rows.values_list("pk", flat=True):
                    with transaction.atomic():
                        locked = rows.select_for_update(no_key=True).filter(pk=pk).first()
                        if locked:
                            refresh(locked)
                    bar.update()
        counted = services.rebuild_index()
        self.stdout.write(f"{written} passages written, {counted} counted")
