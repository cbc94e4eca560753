from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content.documents.models import LegalDocument
from content.events import services as events
from content.publishing import sample, services
from content.topics.models import Topic


class Command(BaseCommand):
    """Samples in, or out again.

    `--remove` deletes the documents and their provisions. The day-book cannot forget: it keeps that they were
    published, and gets one line `document.withdrawn` for each, which tells nobody. Loaded again, they are published
    again, at the same addresses. With them comes an event in ten days with two seats; once it is over, another one.
    """

    help = "Publish the samples (an act, an amending act and an event of ours, none of them real); local mode only."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--notify", action="store_true", help="tell the followers of their topics")
        what.add_argument(
            "--remove", action="store_true", help="take them out again; the day-book says that they were withdrawn"
        )

    def handle(self, *, notify, remove, **options):
        if not settings.LOCAL:
            raise CommandError("load_sample is for local mode: with LUATMO_MODE=production only law is published.")
        self.stdout.write(self._remove() if remove else self._load(notify))

    @transaction.atomic
    def _load(self, notify):
        outcomes = Counter(self._publish(record, keys, notify) for record, keys in sample.sample_records())
        _event, is_new = events.publish_sample_event(reason="load_sample")  # nobody is told of what does not take place
        outcomes["created" if is_new else "unchanged"] += 1
        counts = ", ".join(f"{outcomes[name]} {name}" for name in ("created", "updated", "unchanged"))
        return f"{outcomes.total()} samples: {counts}"

    def _publish(self, record, keys, notify):
        topics = Topic.objects.filter(key__in=keys)
        document, outcome = services.import_document(record, topics=topics, correct=True, reason="load_sample")
        services.publish(document, notify=notify, reason="load_sample")
        return outcome

    @transaction.atomic
    def _remove(self):
        gone = events.remove_sample_events(reason="load_sample --remove")
        documents = list(LegalDocument.objects.filter(is_sample=True).order_by("pk"))
        for document in documents:
            services.remove_sample(document, reason="load_sample --remove")
        return f"{len(documents) + gone} samples removed"
