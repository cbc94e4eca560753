"""From the day-book to the outbox: read, word, queue, and move the bookmark, in one commit."""

import datetime

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from content.changes import cursors, event_types
from content.changes.models import Change
from content.documents.models import LegalDocument, Provision
from content.events.models import Event
from content.law.eids import eid_lineage
from content.organisations.models import Organisation
from content.qa.models import Question
from content.topics.models import Topic
from notifications.deliveries.models import Delivery, Notification
from notifications.deliveries.services import cancel_superseded
from notifications.devices.models import Device
from notifications.devices.services import lock_reader
from notifications.follows import fcm_topics
from notifications.follows.models import FcmSubscription
from notifications.follows.services import update_desired_subscriptions
from notifications.messages import push_wording
from notifications.push import payload

PUBLIC_NEWS_SECONDS = 24 * 3600  # news older than a day is not told any more
PRIVATE_NEWS_SECONDS = 7 * 24 * 3600  # of a reader's own things a week later still
MAX_TOPICS_PER_CONDITION = 5  # FCM's limit
MAX_DIRECT_DEVICES = 2_000  # devices beyond one condition that are sent to one by one
CONSUMER = "push"


def read_changes(*, limit=100):
    """Turn the next changes into notifications and deliveries. Returns how many changes were read.

    The bookmark moves in the same commit, and keys are unique: reading twice is harmless.
    """
    return cursors.consume_changes(CONSUMER, _handle_change, limit=limit)


def _handle_change(change):
    cancel_superseded(change)  # also by what is not told itself
    if not push_wording.is_notified(change):
        return
    if change.reader_id:
        _notify_reader(change)
    else:
        _notify_followers(change)


def _notify_reader(change):
    """One notification in the reader's inbox, and one delivery to each of their devices.

    A device that hears the same news as a follower, on an FCM topic, is not sent it twice.
    """
    notification, created = _get_or_create_notification(change, reader=change.reader, fcm_topics=[])
    if not created:
        return
    reached = _devices_reached_by(change.facts.get("public"))
    if change.event_type == event_types.EVENT_SEAT_GIVEN:  # whoever has a seat is reminded
        lock_reader(change.reader)
        update_desired_subscriptions(change.reader)
    link = f"{settings.PUBLIC_URL}/api/v1/inbox/{notification.pk}"  # the push itself does not tell what it is about
    seconds = _lifetime_seconds(change, PRIVATE_NEWS_SECONDS)
    devices = change.reader.devices.filter(registration_id__isnull=False, forgotten_at=None)
    for device in devices.exclude(pk__in=reached).order_by("pk"):
        target = {"target_kind": Delivery.TargetKind.DEVICE, "device": device}
        body = _push_payload(notification, change, device.language, link, str(notification.pk), seconds)
        _create_deliveries(notification, [(str(device.pk), target)], body, seconds)


def _devices_reached_by(public):
    """Devices that FCM has on a topic to which the public line of that id goes, in their own language."""
    line = public and Change.objects.filter(pk=public).first()
    if not line:
        return []
    names = [
        fcm_topics.fcm_topic(name, pk, push_wording.follow_kind(line), language)
        for name, pk in _follow_targets(line)
        for language in Device.Language.values
    ]
    return FcmSubscription.objects.filter(fcm_topic__in=names, desired=True, actual=True).values("device")


def _notify_followers(change):
    """One notification, and one call to FCM per language that has a follower."""
    kind = push_wording.follow_kind(change)
    targets = _follow_targets(change)
    by_language = {language: _topics_with_followers(targets, kind, language) for language in Device.Language.values}
    fcm_topics = [name for names in by_language.values() for name in names]
    notification, created = _get_or_create_notification(
        change, fcm_topics=fcm_topics, audience=_inbox_audience(targets, kind)
    )
    if created:
        for language, names in by_language.items():
            _queue_for_followers(notification, change, language, names)


def _get_or_create_notification(change, **columns):
    """(Notification, whether it is new) of this change."""
    return Notification.objects.get_or_create(
        dedupe_key=f"{change.event_type}:{change.subject}:{change.pk}",
        defaults={"change": change, "kind": fcm_topics.KIND_CODES[push_wording.follow_kind(change)]} | columns,
    )


def _follow_targets(change):
    """[(target's name, id)] of what it is about: topics, organisation, document, its articles, question, event."""
    rows = {
        "topic": Topic.objects.filter(key__in=change.topics),
        "organisation": Organisation.objects.filter(key=change.organisation),
        "document": LegalDocument.objects.filter(key=change.subject),
        "article": _changed_articles(change),
        "question": Question.objects.filter(key=change.subject),
        "event": Event.objects.filter(key=change.subject)
        if change.event_type.startswith("event.")
        else Event.objects.none(),
    }
    return [(name, pk) for name, queryset in rows.items() for pk in queryset.values_list("pk", flat=True)]


def _inbox_audience(targets, kind):
    """Whose inbox has it: followers of a target, or of a topic above it."""
    filed = [pk for name, pk in targets if name == "topic"]
    above = Topic.objects.filter(children__in=filed).exclude(pk__in=filed).values_list("pk", flat=True).distinct()
    everyone = targets + [("topic", pk) for pk in above]
    return [name for target in everyone for name in fcm_topics.inbox_audience(*target, kind)]


def _changed_articles(change):
    """The articles the change names, or whose units it names; all that are followed where it is about the whole."""
    articles = Provision.objects.filter(document__key=change.subject, kind="article")
    events = change.facts.get("events", [])
    if change.event_type == event_types.DOCUMENT_WITHDRAWN or any(event["scope"] == "whole" for event in events):
        return articles.filter(follows__isnull=False).distinct()
    return articles.filter(eid__in={eid for named in change.eids for eid in eid_lineage(named)})


def _topics_with_followers(targets, kind, language):
    """The wire topics of these targets that somebody is on, those with most followers first."""
    names = [fcm_topics.fcm_topic(name, pk, kind, language) for name, pk in targets]
    wanted = FcmSubscription.objects.filter(fcm_topic__in=names, desired=True, device__registration_id__isnull=False)
    counted = wanted.values("fcm_topic").annotate(followers=Count("pk")).order_by("-followers", "fcm_topic")
    return [row["fcm_topic"] for row in counted]


def _queue_for_followers(notification, change, language, names):
    """The deliveries of one language. No device is in two of them, whatever the number of topics."""
    first, rest = names[:MAX_TOPICS_PER_CONDITION], names[MAX_TOPICS_PER_CONDITION:]
    targets = [_topic_or_condition(first)] if first else []
    if rest:
        targets += _further_targets(first, rest)
    link = settings.PUBLIC_URL + push_wording.link_path(change)
    seconds = _lifetime_seconds(change, PUBLIC_NEWS_SECONDS)
    body = _push_payload(notification, change, language, link, change.subject, seconds)
    numbered = [(f"{language}:{number}", target) for number, target in enumerate(targets)]
    _create_deliveries(notification, numbered, body, seconds)


def _lifetime_seconds(change, most):
    """For how many seconds, `most` at the most: none for longer than it is true."""
    until = push_wording.relevant_until(change)
    return most if until is None else max(0, min(most, int((until - timezone.now()).total_seconds())))


def _push_payload(notification, change, language, link, key, seconds):
    words = push_wording.push_text(change, language)
    return payload.compose_payload(
        words, nid=notification.pk, kind=notification.kind, link=link, key=key, ttl_seconds=seconds
    )


def _create_deliveries(notification, targets, body, seconds):
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


def _topic_or_condition(names):
    """A topic, or one condition over up to five, so that a device on two of them gets one push."""
    if len(names) == 1:
        return {"target_kind": Delivery.TargetKind.TOPIC, "target": names[0]}
    condition = " || ".join(f"'{name}' in topics" for name in names)
    return {"target_kind": Delivery.TargetKind.CONDITION, "target": condition}


def _further_targets(first, rest):
    """What reaches those who follow one of `rest` but none of `first`: each device, or conditions when they are many.

    With further conditions a device on two of them is sent twice; tag and collapse id still make it one tray entry.
    """
    reached = FcmSubscription.objects.filter(fcm_topic__in=first, desired=True).values("device")
    beyond = Device.objects.filter(
        subscriptions__fcm_topic__in=rest, subscriptions__desired=True, registration_id__isnull=False
    ).exclude(pk__in=reached)
    devices = list(beyond.distinct().values_list("pk", flat=True)[: MAX_DIRECT_DEVICES + 1])
    if len(devices) <= MAX_DIRECT_DEVICES:
        return [{"target_kind": Delivery.TargetKind.DEVICE, "device_id": device} for device in devices]
    return [
        _topic_or_condition(rest[at : at + MAX_TOPICS_PER_CONDITION])
        for at in range(0, len(rest), MAX_TOPICS_PER_CONDITION)
    ]
