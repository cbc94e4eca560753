"""From the day-book to the outbox: read, word, queue, and move the bookmark, in one commit."""

import datetime

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from content.changes import kinds
from content.changes.models import Change
from content.documents.effect import lineage
from content.documents.models import LegalDocument, Provision
from content.events.models import Event
from content.organisations.models import Organisation
from content.qa.models import Question
from content.topics.models import Topic
from notifications import daybook
from notifications.deliveries.models import Delivery, Notification
from notifications.deliveries.services import overtake
from notifications.devices.models import Device
from notifications.devices.services import lock_reader
from notifications.follows import wire
from notifications.follows.models import WireSubscription
from notifications.follows.services import settle_subscriptions
from notifications.messages import wording
from notifications.push import payload

NEWS_SECONDS = 24 * 3600  # news older than a day is not told any more
OWN_SECONDS = 7 * 24 * 3600  # of a reader's own things a week later still
TOPICS_IN_A_CONDITION = 5  # FCM's limit
MOST_DIRECT = 2_000  # devices beyond one condition that are sent to one by one
READER = "push"


def read_daybook(*, limit=100):
    """Turn the next changes into notifications and deliveries. Returns how many changes were read.

    The bookmark moves in the same commit, and keys are unique: reading twice is harmless.
    """
    return daybook.read(READER, _tell, limit=limit)


def _tell(change):
    overtake(change)  # also by what is not told itself
    if not wording.is_told(change):
        return
    if change.reader_id:
        _tell_reader(change)
    else:
        _fan_out(change)


def _tell_reader(change):
    """One notification in the reader's inbox, and one delivery to each of their devices.

    A device that hears the same news as a follower, on an FCM topic, is not sent it twice.
    """
    notification, created = _notification(change, reader=change.reader, wire_topics=[])
    if not created:
        return
    reached = _reached_by(change.facts.get("public"))
    if change.kind == kinds.EVENT_SEAT_GIVEN:  # whoever has a seat is reminded
        lock_reader(change.reader)
        settle_subscriptions(change.reader)
    link = f"{settings.PUBLIC_URL}/api/v1/inbox/{notification.pk}"  # the push itself does not tell what it is about
    seconds = _worth_telling(change, OWN_SECONDS)
    devices = change.reader.devices.filter(registration_id__isnull=False, forgotten_at=None)
    for device in devices.exclude(pk__in=reached).order_by("pk"):
        target = {"target_kind": Delivery.TargetKind.DEVICE, "device": device}
        body = _payload(notification, change, device.language, link, str(notification.pk), seconds)
        _enqueue(notification, [(str(device.pk), target)], body, seconds)


def _reached_by(public):
    """Devices that FCM has on a topic to which the public line of that id goes, in their own language."""
    line = public and Change.objects.filter(pk=public).first()
    if not line:
        return []
    names = [
        wire.wire_topic(name, pk, wording.follow_kind(line), language)
        for name, pk in _targets_of(line)
        for language in Device.Language.values
    ]
    return WireSubscription.objects.filter(wire_topic__in=names, desired=True, actual=True).values("device")


def _fan_out(change):
    """One notification, and one call to FCM per language that has a follower."""
    kind = wording.follow_kind(change)
    targets = _targets_of(change)
    by_language = {language: _followed(targets, kind, language) for language in Device.Language.values}
    wire_topics = [name for names in by_language.values() for name in names]
    notification, created = _notification(change, wire_topics=wire_topics, audience=_audience(targets, kind))
    if created:
        for language, names in by_language.items():
            _queue(notification, change, language, names)


def _notification(change, **columns):
    """(Notification, whether it is new) of this change."""
    return Notification.objects.get_or_create(
        dedupe_key=f"{change.kind}:{change.subject}:{change.pk}",
        defaults={"change": change, "kind": wire.KINDS[wording.follow_kind(change)]} | columns,
    )


def _targets_of(change):
    """[(target's name, id)] of what it is about: topics, organisation, document, its articles, question, event."""
    rows = {
        "topic": Topic.objects.filter(key__in=change.topics),
        "organisation": Organisation.objects.filter(key=change.organisation),
        "document": LegalDocument.objects.filter(key=change.subject),
        "article": _articles_of(change),
        "question": Question.objects.filter(key=change.subject),
        "event": Event.objects.filter(key=change.subject) if change.kind.startswith("event.") else Event.objects.none(),
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
    link = settings.PUBLIC_URL + wording.path(change)
    seconds = _worth_telling(change, NEWS_SECONDS)
    body = _payload(notification, change, language, link, change.subject, seconds)
    numbered = [(f"{language}:{number}", target) for number, target in enumerate(targets)]
    _enqueue(notification, numbered, body, seconds)


def _worth_telling(change, most):
    """For how many seconds, `most` at the most: none for longer than it is true."""
    until = wording.until(change)
    return most if until is None else max(0, min(most, int((until - timezone.now()).total_seconds())))


def _payload(notification, change, language, link, key, seconds):
    words = wording.push_words(change, language)
    return payload.compose(words, nid=notification.pk, kind=notification.kind, link=link, key=key, ttl_seconds=seconds)


def _enqueue(notification, targets, body, seconds):
    """`targets`: [(what makes the delivery's key, its columns)]."""
    now = timezone.now()
    Delivery.objects.bulk_create(
        [
            Delivery(
                key=f"{notification.dedupe_key}:{name}",
                notification=notification,
                payload=body,
                next_try_at=now,
                expires_at=now + datetime.timedelta(seconds=seconds),
                **target,
            )
            for name, target in targets
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
