"""Fan-out: turn changes into notifications and deliveries, and move the cursor, all in one transaction."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.utils import timezone

from content.changes import cursors, event_types
from content.changes.models import Change, ChangeCursor
from content.changes.queries import changes_after
from content.channel import queries as channels
from content.contests.models import Contest
from content.documents.models import LegalDocument, Provision, StatusEvent
from content.endings import consumer as endings
from content.events.models import Event
from content.law.eids import eid_lineage
from content.official_statuses import consumer as official_statuses
from content.organisations.models import Organisation, Province
from content.organisations.queries import latest_successor, with_merged_into
from content.people.models import Reader
from content.public_changes.facts import with_public_facts
from content.qa.models import Question
from content.topics.models import Topic
from notifications.deliveries.models import Delivery, Notification
from notifications.deliveries.services import cancel_superseded
from notifications.devices.models import Device
from notifications.devices.services import lock_reader
from notifications.follows import fcm_topics
from notifications.follows.models import FcmSubscription
from notifications.follows.queries import desired_subscriptions
from notifications.follows.services import update_desired_subscriptions
from notifications.messages import push_wording
from notifications.messages.push_payloads import push_payload
from notifications.push.payload import Payload

PUBLIC_NEWS_SECONDS = 24 * 3600  # public news older than this is not sent
PRIVATE_NEWS_SECONDS = 7 * 24 * 3600  # news about a reader's own things
MAX_TOPICS_PER_CONDITION = 5  # FCM's limit
MAX_DIRECT_DEVICES = 2_000  # devices that the first condition misses and that are sent to one by one
CONSUMER = "push"
TOLD_OF_ACTS = (event_types.STATUS_ENTERED, event_types.DOCUMENT_AMENDED)  # what an act did to a document
TOLD_LATER = (event_types.STATUS_CHANGED, event_types.STATUS_AHEAD)  # the same, on its day and the eve; names no act
MAX_WAIT = datetime.timedelta(minutes=10)  # for the consumers that may take it back; then it is told all the same


@dataclass(frozen=True)
class _Target:
    """Something that can be followed: one of Follow.TARGETS and a primary key."""

    name: str
    pk: int


@dataclass(frozen=True)
class _Recipient:
    """The columns of a delivery that say where it goes: a topic or condition, or a device."""

    target_kind: Delivery.TargetKind
    target: str = ""
    device_id: int | None = None


def read_changes(*, limit: int = 100, after_commit: Callable[[], None] = lambda: None) -> int:
    """Turn the next changes into notifications and deliveries. Returns how many changes were read.

    `after_commit` is called after each commit, which may have queued deliveries.

    The cursor moves in the same transaction and keys are unique: reading a change again creates nothing. A change that
    notifies has a transaction of its own: it locks a reader or, at its commit, the devices it has deliveries for, and
    whoever takes over a registration locks several of each, readers first.

    What an act changed is read here after it was compared with the official lists, and after what happened to the act
    since was settled: both may take it back.
    """
    count, first_to_wait = 0, _first_to_wait()
    while count < limit and (
        read := cursors.consume_changes(CONSUMER, _handle_change, limit=limit - count, before=first_to_wait)
    ):
        count += read
        after_commit()
    return count


def _first_to_wait() -> int | None:
    """The id of the first change that is to be told and that may yet be taken back; None if there is none.

    Consumers that were never called here take nothing back.
    """
    read = dict(ChangeCursor.objects.values_list("consumer", "last_change"))
    told = changes_after(read.get(CONSUMER, 0)).filter(event_type__in=TOLD_OF_ACTS, notify=True, facts__has_key="act")
    told = told.filter(changed_at__gt=timezone.now() - MAX_WAIT).annotate(act=KT("facts__act__key"))
    may_be_taken_back = Q(pk__in=[])
    if (compared := read.get(official_statuses.CONSUMER)) is not None:
        of_whole = [{"scope": StatusEvent.Scope.WHOLE}]
        may_be_taken_back |= Q(pk__gt=compared, facts__events__contains=of_whole)
    if (settled := read.get(endings.CONSUMER)) is not None:
        later = changes_after(settled).filter(pk__gt=OuterRef("pk"), event_type__in=endings.HANDLED)
        may_be_taken_back |= Q(Exists(later.filter(subject=OuterRef("act"))))
    return told.filter(may_be_taken_back).values_list("pk", flat=True).first()


def _handle_change(change: Change) -> bool:
    """Notify about one change. Returns whether rows are locked that must not stay locked during the next change."""
    has_cancelled = cancel_superseded(change)  # also if nobody is notified about this change itself
    if not push_wording.is_notified(change) or _is_undone(change):
        return has_cancelled
    if change.reader:
        _notify_reader(change, change.reader)
    else:
        (shown,) = with_public_facts([change])  # words that were taken out since the change was made are not told
        _notify_followers(shown)
    return True


def _is_undone(change: Change) -> bool:
    """Whether the change, or what it takes back, was never told.

    What an act changed may be withdrawn before anybody was told, for example because a list contradicts it. Then nobody
    is told that the message was wrong either.
    """
    if "act" not in change.facts:
        return False
    said = {"facts__act__key": change.facts["act"]["key"], "facts__on": change.facts.get("on")}
    same = Change.objects.filter(subject=change.subject, **said)
    if change.event_type in TOLD_OF_ACTS:
        return same.filter(event_type=event_types.AMENDMENT_WITHDRAWN, pk__gt=change.pk).exists()
    if change.event_type == event_types.AMENDMENT_WITHDRAWN:
        on_its_day = Q(event_type__in=TOLD_LATER, subject=change.subject, facts__on=change.facts.get("on"))
        earlier = Change.objects.filter(pk__lt=change.pk).filter(
            Q(pk__in=same.filter(event_type__in=TOLD_OF_ACTS)) | on_its_day
        )
        return not Notification.objects.filter(change__in=earlier).exists()
    return False


def _notify_reader(change: Change, reader: Reader) -> None:
    """Create one notification in the reader's inbox, and one delivery to each of their devices.

    A device that gets the same news on an FCM topic, as a follower, does not get it twice. A reader erased meanwhile
    gets nothing.
    """
    try:
        lock_reader(reader)
    except Reader.DoesNotExist:
        return
    notification, created = _get_or_create_notification(change, reader=reader)
    if not created:
        return
    reached = _devices_reached_by(change.facts.get("public"))
    if change.event_type == event_types.EVENT_SEAT_GIVEN:  # who has a seat is reminded from now on
        update_desired_subscriptions(reader)
    seconds = _lifetime_seconds(change, PRIVATE_NEWS_SECONDS)
    devices = reader.devices.filter(registration_id__isnull=False, forgotten_at=None)
    for device in devices.exclude(pk__in=reached).order_by("pk"):
        recipient = _Recipient(Delivery.TargetKind.DEVICE, device_id=device.pk)
        body = push_payload(notification, change, device.language, ttl_seconds=seconds)
        _create_deliveries(notification, device.language, {str(device.pk): recipient}, body)


def _devices_reached_by(public_change_id: int | None) -> QuerySet[FcmSubscription, Any]:
    """The devices that FCM has on a topic of this public change, in their own language, as a subquery."""
    public = Change.objects.filter(pk=public_change_id).first() if public_change_id else None
    if not public:
        return FcmSubscription.objects.none().values("device")
    names = [
        fcm_topics.fcm_topic(target.name, target.pk, push_wording.notification_type(public), language)
        for target in _follow_targets(public)
        for language in Device.Language.values
    ]
    return FcmSubscription.objects.filter(fcm_topic__in=names, desired=True, actual=True).values("device")


def _notify_followers(change: Change) -> None:
    """Create one notification, and deliveries for each language that has a follower."""
    targets = _follow_targets(change)
    by_language = {
        language: _topics_with_followers(targets, push_wording.notification_type(change), language)
        for language in Device.Language.values
    }
    notification, created = _get_or_create_notification(
        change,
        topics=[name for names in by_language.values() for name in names],
        audience=_inbox_audience(targets, push_wording.notification_type(change)),
    )
    if created:
        for language, names in by_language.items():
            _queue_for_followers(notification, change, language, names)


def _get_or_create_notification(
    change: Change, *, reader: Reader | None = None, topics: Sequence[str] = (), audience: Sequence[str] = ()
) -> tuple[Notification, bool]:
    """(notification, created) for this change."""
    return Notification.objects.get_or_create(
        dedupe_key=f"{change.event_type}:{change.subject}:{change.pk}",
        defaults={
            "change": change,
            "kind": fcm_topics.NOTIFICATION_TYPE_CODES[push_wording.notification_type(change)],
            "reader": reader,
            "fcm_topics": list(topics),
            "audience": list(audience),
        },
    )


def _follow_targets(change: Change) -> list[_Target]:
    """Everything the change is about, of each kind that can be followed."""
    is_event, is_contest = (change.event_type.startswith(f"{name}.") for name in ("event", "contest"))
    ids = {
        "topic": Topic.objects.filter(key__in=change.topics).values_list("pk", flat=True),
        "organisation": Organisation.objects.filter(key=change.organisation).values_list("pk", flat=True),
        "document": LegalDocument.objects.filter(key=change.subject).values_list("pk", flat=True),
        "article": _changed_articles(change).values_list("pk", flat=True),
        "question": Question.objects.filter(key=change.subject).values_list("pk", flat=True),
        "event": Event.objects.filter(key=change.subject).values_list("pk", flat=True) if is_event else [],
        "contest": Contest.objects.filter(key=change.subject).values_list("pk", flat=True) if is_contest else [],
        "province": _provinces_of(change),
        "playlist": _playlists_of(change),
    }
    return [_Target(name, pk) for name, found in ids.items() for pk in found]


def _provinces_of(change: Change) -> list[int]:
    """The province that continues the one of the subject, with those merged into it.

    Followers are moved in turns: until then their devices are on the topic of the province before.
    """
    models: dict[str, type[LegalDocument | Event | Contest]] = {
        "document": LegalDocument, "event": Event, "contest": Contest
    }  # fmt: skip
    model = models.get(change.event_type.partition(".")[0])
    if model is None:
        return []
    keys = model.objects.filter(key=change.subject).values_list("province__key", flat=True)
    found = Province.objects.filter(key__in=[key for key in keys if key])
    return sorted({pk for each in found for pk in with_merged_into(latest_successor(each))})


def _playlists_of(change: Change) -> list[int]:
    """The public playlists that the change is about: itself, those with the material, or that of the channel."""
    kind = change.event_type.partition(".")[0]
    playlists = channels.public_playlists()
    if kind == "material":
        found = channels.playlists_with(change.subject)
    elif kind == "channel":
        found = playlists.filter(channels__key=change.subject)
    else:
        found = playlists.filter(key=change.subject) if kind == "playlist" else playlists.none()
    return list(found.order_by("pk").values_list("pk", flat=True))


def _inbox_audience(targets: Sequence[_Target], notification_type: str) -> list[str]:
    """Names of the inboxes that have the notification: of followers of a target, or of a topic above it."""
    topics = [target.pk for target in targets if target.name == "topic"]
    above = Topic.objects.filter(children__in=topics).exclude(pk__in=topics).values_list("pk", flat=True).distinct()
    everything = [*targets, *(_Target("topic", pk) for pk in above)]
    return [
        name for target in everything for name in fcm_topics.inbox_audience(target.name, target.pk, notification_type)
    ]


def _changed_articles(change: Change) -> QuerySet[Provision]:
    """The articles that the change names, or parts of which it names.

    For a change of the whole document: all its articles that somebody follows.
    """
    articles = Provision.objects.filter(document__key=change.subject, kind="article")
    events = change.facts.get("events", [])
    of_whole = any(event["scope"] == StatusEvent.Scope.WHOLE for event in events)
    if change.event_type == event_types.DOCUMENT_WITHDRAWN or of_whole:
        return articles.filter(follows__isnull=False).distinct()
    return articles.filter(eid__in={eid for named in change.eids for eid in eid_lineage(named)})


def _topics_with_followers(targets: Sequence[_Target], notification_type: str, language: str) -> list[str]:
    """The FCM topics of these targets that a registered device wants to be on, those with most devices first."""
    names = [fcm_topics.fcm_topic(target.name, target.pk, notification_type, language) for target in targets]
    counted = desired_subscriptions(names).values("fcm_topic").annotate(followers=Count("pk"))
    return [row["fcm_topic"] for row in counted.order_by("-followers", "fcm_topic")]


def _queue_for_followers(notification: Notification, change: Change, language: str, names: list[str]) -> None:
    """Create the deliveries of one language. No device gets two of them, whatever the number of topics."""
    first, rest = names[:MAX_TOPICS_PER_CONDITION], names[MAX_TOPICS_PER_CONDITION:]
    recipients = [_topic_or_condition(first)] if first else []
    if rest:
        recipients += _further_recipients(first, rest)
    body = push_payload(notification, change, language, ttl_seconds=_lifetime_seconds(change, PUBLIC_NEWS_SECONDS))
    numbered = {f"{language}:{number}": recipient for number, recipient in enumerate(recipients)}
    _create_deliveries(notification, language, numbered, body)


def _lifetime_seconds(change: Change, limit: int) -> int:
    """For how many seconds the news may be sent: `limit`, or less if it is outdated sooner."""
    until = push_wording.relevant_until(change)
    return limit if until is None else max(0, min(limit, int((until - timezone.now()).total_seconds())))


def _create_deliveries(
    notification: Notification, language: str, recipients: dict[str, _Recipient], body: Payload
) -> None:
    """Create one delivery per recipient. The keys of `recipients` become part of the deliveries' unique keys."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                key=f"{notification.dedupe_key}:{name}",
                notification=notification,
                language=language,
                payload=body,
                next_try_at=Now(),
                expires_at=Now() + datetime.timedelta(seconds=body["ttl_seconds"]),
                target_kind=recipient.target_kind,
                target=recipient.target,
                device_id=recipient.device_id,
            )
            for name, recipient in recipients.items()
        ]
    )


def _topic_or_condition(names: Sequence[str]) -> _Recipient:
    """One topic, or one condition over up to five: a device on two of them gets one push."""
    if len(names) == 1:
        return _Recipient(Delivery.TargetKind.TOPIC, names[0])
    return _Recipient(Delivery.TargetKind.CONDITION, " || ".join(f"'{name}' in topics" for name in names))


def _further_recipients(first: list[str], rest: list[str]) -> list[_Recipient]:
    """Recipients for the devices on a topic of `rest` that are on none of `first`.

    Each device gets its own delivery. If they are too many, further conditions are used: then a device on two of them
    is sent the push twice, and tag and collapse id still make it one tray entry.
    """
    reached = FcmSubscription.objects.filter(fcm_topic__in=first, desired=True).values("device")
    beyond = Device.objects.filter(
        subscriptions__fcm_topic__in=rest, subscriptions__desired=True, registration_id__isnull=False
    ).exclude(pk__in=reached)
    devices = list(beyond.distinct().values_list("pk", flat=True)[: MAX_DIRECT_DEVICES + 1])
    if len(devices) <= MAX_DIRECT_DEVICES:
        return [_Recipient(Delivery.TargetKind.DEVICE, device_id=device) for device in devices]
    return [
        _topic_or_condition(rest[at : at + MAX_TOPICS_PER_CONDITION])
        for at in range(0, len(rest), MAX_TOPICS_PER_CONDITION)
    ]
