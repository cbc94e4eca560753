"""From the day-book to the outbox: read, word, queue, and move the bookmark, in one commit."""

import datetime
import logging

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone

from content.changes import kinds
from content.changes import queries as changes
from content.documents.effect import lineage
from content.documents.models import LegalDocument, Provision
from content.organisations.models import Organisation
from content.topics.models import Topic
from notifications.deliveries.models import Delivery, Notification
from notifications.devices.models import Device
from notifications.follows import wire
from notifications.follows.models import WireSubscription
from notifications.messages import documents
from notifications.push import payload

log = logging.getLogger(__name__)

NEWS_SECONDS = 24 * 3600  # news older than a day is not told any more
TOPICS_IN_A_CONDITION = 5  # FCM's limit
MOST_DIRECT = 2_000  # devices beyond one condition that are sent to one by one
READER = "push"


class Bookmark(models.Model):
    """How far a reader of the day-book has come."""

    reader = models.CharField(max_length=30, unique=True)
    last_change = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.reader} at {self.last_change}"


@transaction.atomic
def read_daybook(*, limit=100):
    """Turn the next changes into notifications and deliveries. Returns how many changes were read.

    The bookmark moves in the same commit, and keys are unique: reading twice is harmless.
    """
    bookmark, _ = Bookmark.objects.get_or_create(reader=READER)
    bookmark = Bookmark.objects.select_for_update().get(pk=bookmark.pk)
    read = list(changes.changes_after(bookmark.last_change)[:limit])
    for change in read:
        if change.notify and change.kind in documents.KINDS:
            _fan_out_or_log(change)
    if read:
        bookmark.last_change = read[-1].pk
        bookmark.save(update_fields=["last_change"])
    return len(read)


def _fan_out_or_log(change):
    """One line that cannot be told must not hold back all that come after it."""
    try:
        with transaction.atomic():
            _fan_out(change)
    except (KeyError, ValueError):
        log.exception("change %s could not be worded and is not told", change.pk)


def _fan_out(change):
    """One notification, and one call to FCM per language that has a follower."""
    kind = documents.KINDS[change.kind]
    targets = _targets_of(change)
    by_language = {language: _followed(targets, kind, language) for language in Device.Language.values}
    notification, created = Notification.objects.get_or_create(
        dedupe_key=f"{change.kind}:{change.subject}:{change.pk}",
        defaults={
            "change": change,
            "kind": wire.KINDS[kind],
            "wire_topics": [name for names in by_language.values() for name in names],
            "audience": _audience(targets, kind),
        },
    )
    if created:
        for language, names in by_language.items():
            _queue(notification, change, language, names)


def _targets_of(change):
    """[(target's name, id)] of what the change is about: its topics, its organisation, the document, its articles."""
    rows = {
        "topic": Topic.objects.filter(key__in=change.topics),
        "organisation": Organisation.objects.filter(key=change.organisation),
        "document": LegalDocument.objects.filter(key=change.subject),
        "article": _articles_of(change),
    }
    return [(name, pk) for name, queryset in rows.items() for pk in queryset.values_list("pk", flat=True)]


def _audience(targets, kind):
    """Whose inbox has it: followers of a target, or of a topic above it."""
    filed = [pk for name, pk in targets if name == "topic"]
    above = Topic.objects.filter(children__in=filed).exclude(pk__in=filed).values_list("pk", flat=True).distinct()
    everyone = targets + [("topic", pk) for pk in above]
    return [name for target in everyone for name in wire.audience(*target, kind)]


def _articles_of(change):
    """The articles the change names, or whose units it names; all that are followed where it is about the whole."""
    articles = Provision.objects.filter(document__key=change.subject, kind="article")
    events = change.facts.get("events", [])
    if change.kind == kinds.DOCUMENT_WITHDRAWN or any(event["scope"] == "whole" for event in events):
        return articles.filter(follows__isnull=False).distinct()
    return articles.filter(eid__in={eid for named in change.eids for eid in lineage(named)})


def _followed(targets, kind, language):
    """The wire topics of these targets that somebody is on, those with most followers first."""
    names = [wire.wire_topic(name, pk, kind, language) for name, pk in targets]
    wanted = WireSubscription.objects.filter(wire_topic__in=names, desired=True, device__registration_id__isnull=False)
    counted = wanted.values("wire_topic").annotate(followers=Count("pk")).order_by("-followers", "wire_topic")
    return [row["wire_topic"] for row in counted]


def _queue(notification, change, language, names):
    """The deliveries of one language. No device is in two of them, whatever the number of topics."""
    first, rest = names[:TOPICS_IN_A_CONDITION], names[TOPICS_IN_A_CONDITION:]
    targets = [_target(first)] if first else []
    if rest:
        targets += _targets_beyond(first, rest)
    body = payload.compose(
        documents.words(change, language),
        nid=notification.pk,
        kind=notification.kind,
        link=settings.PUBLIC_URL + documents.path(change),
        key=change.subject,
        ttl_seconds=NEWS_SECONDS,
    )
    now = timezone.now()
    Delivery.objects.bulk_create(
        [
            Delivery(
                key=f"{notification.dedupe_key}:{language}:{number}",
                notification=notification,
                payload=body,
                next_try_at=now,
                expires_at=now + datetime.timedelta(seconds=NEWS_SECONDS),
                **target,
            )
            for number, target in enumerate(targets)
        ]
    )


def _target(names):
    """A topic, or one condition over up to five, so that a device on two of them gets one push."""
    if len(names) == 1:
        return {"target_kind": Delivery.TargetKind.TOPIC, "target": names[0]}
    condition = " || ".join(f"'{name}' in topics" for name in names)
    return {"target_kind": Delivery.TargetKind.CONDITION, "target": condition}


def _targets_beyond(first, rest):
    """What reaches those who follow one of `rest` but none of `first`: each device, or conditions when they are many.

    With further conditions a device on two of them is sent twice; tag and collapse id still make it one tray entry.
    """
    reached = WireSubscription.objects.filter(wire_topic__in=first, desired=True).values("device")
    beyond = Device.objects.filter(
        subscriptions__wire_topic__in=rest, subscriptions__desired=True, registration_id__isnull=False
    ).exclude(pk__in=reached)
    devices = list(beyond.distinct().values_list("pk", flat=True)[: MOST_DIRECT + 1])
    if len(devices) <= MOST_DIRECT:
        return [{"target_kind": Delivery.TargetKind.DEVICE, "device_id": device} for device in devices]
    return [_target(rest[at : at + TOPICS_IN_A_CONDITION]) for at in range(0, len(rest), TOPICS_IN_A_CONDITION)]
