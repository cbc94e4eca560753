"""load_sample: publish the sample documents, event, contest and materials, or remove them."""

import argparse
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content.amendments import queries as amendment_queries
from content.amendments import services as amendments
from content.channel import samples as channels
from content.contests import services as contests
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.events import services as events
from content.management import CHECKS_OF_SETTINGS
from content.media import services as media
from content.publishing import effect_statements, sample, services
from content.publishing.services import ImportOutcome
from content.topics.models import Topic


class Command(BaseCommand):
    """Publishes the samples, or removes them with `--remove`.

    What the amending act orders is carried out in the act: its text has a version of each time. Followers are told of
    the publications alone.

    Removing deletes the documents and their provisions. The change log still says that they were published; it gets one
    line `document.withdrawn` for each, which notifies nobody. Loaded again, they are published again under the same
    addresses. A sample event with two places comes with them, ten days ahead, and a contest that is open for a day;
    once one is over, the next load adds another. An infographic and a silent recording with captions are drawn anew.
    """

    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Publish the samples (two acts, an event, a contest, materials, a channel, none of them real). Local mode only."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--notify", action="store_true", help="notify followers of their topics")
        what.add_argument(
            "--remove", action="store_true", help="remove the samples; the change log says that they were withdrawn"
        )

    def handle(self, *, notify: bool, remove: bool, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError(
                "load_sample works in local mode only. With LUATMO_MODE=production only law is published."
            )
        self.stdout.write(self._remove() if remove else self._load(notify))

    @transaction.atomic
    def _load(self, notify: bool) -> str:
        published = [self._publish(record, keys, notify) for record, keys in sample.sample_records()]
        outcomes: Counter[str] = Counter(outcome for _key, outcome in published)
        self._amend()
        _event, is_new = events.publish_sample_event(reason="load_sample")  # never notifies: it does not take place
        outcomes["created" if is_new else "unchanged"] += 1
        act = LegalDocument.objects.filter(is_sample=True).earliest("issued_on")
        _contest, is_new = contests.publish_sample_contest(act, reason="load_sample")
        outcomes["created" if is_new else "unchanged"] += 1
        materials, is_new = media.publish_sample_materials(act, reason="load_sample")
        outcomes["created" if is_new else "unchanged"] += 2
        _channel, is_new = channels.publish_sample_channel(materials)
        outcomes["created" if is_new else "unchanged"] += 2  # with its playlist
        counts = ", ".join(f"{outcomes[name]} {name}" for name in ("created", "updated", "unchanged"))
        unknown = effect_statements.numbers_without_first_day([key for key, _outcome in published])
        return "\n".join(
            [f"{outcomes.total()} samples: {counts}", *(f"no first day is known: {each}" for each in unknown)]
        )

    def _publish(self, record: DocumentRecord, keys: list[str], notify: bool) -> tuple[str, ImportOutcome]:
        topics = Topic.objects.filter(key__in=keys)
        document, outcome = services.import_document(record, topics=topics, correct=True, reason="load_sample")
        services.publish(document, notify=notify, reason="load_sample")
        return document.key, outcome

    def _amend(self) -> None:
        """Carry out what the amending act orders, once: the worker reads no samples, and their words would differ."""
        act = LegalDocument.objects.filter(is_sample=True).latest("issued_on")
        if not act.amendments_made.filter(withdrawn_at=None).exists():
            orders = amendment_queries.recognised_instructions(act)
            amendments.apply_amendments(act, orders, reason="load_sample", notify=False)

    @transaction.atomic
    def _remove(self) -> str:
        gone = events.remove_sample_events(reason="load_sample --remove")
        gone += contests.remove_sample_contests(reason="load_sample --remove")
        gone += channels.remove_sample_channel(reason="load_sample --remove")
        gone += media.remove_sample_materials(reason="load_sample --remove")
        documents = list(LegalDocument.objects.filter(is_sample=True).order_by("pk"))
        for document in documents:
            services.remove_sample(document, reason="load_sample --remove")
        return f"{len(documents) + gone} samples removed"
