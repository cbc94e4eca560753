"""The outbox: claim deliveries under a lease, settle them behind a fence.

A delivery is sent at least once. The phone shows it once, because a repeat has the same tag.
"""

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from content.changes import event_types
from content.changes import queries as changes
from content.changes.models import Change
from content.errors import RuleBroken
from content.people import services as people
from content.people.models import User
from notifications.deliveries import gate
from notifications.deliveries.models import Channel, Delivery, Gate
from notifications.push.payload import Payload

Status = Delivery.Status
TRIAL_INTERVAL = datetime.timedelta(seconds=60)  # how often one delivery is tried on a broken channel
RESEND_LIFETIME = datetime.timedelta(hours=24)  # when a delivery that is sent again expires: as fresh news does
# earlier messages about the event, contest, question, document or material are wrong after one of these
SUPERSEDING_EVENT_TYPES = (
    event_types.EVENT_MOVED,
    event_types.EVENT_CANCELLED,
    event_types.EventType.CONTEST_CANCELLED,
    event_types.EventType.MATERIAL_WITHDRAWN,
    event_types.QUESTION_WITHDRAWN,
    event_types.DOCUMENT_WITHDRAWN,
)
SUPERSEDED = "superseded"  # why a delivery was cancelled without a person
ENDED_UNSENT = (Status.REFUSED, Status.EXPIRED, Status.CANCELLED)

DUE = Q(status=Status.QUEUED, next_try_at__lte=Now()) | Q(status=Status.SENDING, leased_until__lte=Now())


@dataclass(frozen=True)
class StateBeforeCall:
    """What happened to a claimed delivery, and to what it is about, since it was queued."""

    seconds_left: int  # for how many more seconds FCM may keep it; 0 once it has expired
    is_superseded: bool  # a later change makes it wrong: it must not be sent
    has_lost_words: bool  # words were taken out of what it quotes: it must be written again; never so for private news


def lease_duration() -> datetime.timedelta:
    """How long a claimed delivery belongs to its sender."""
    return datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


@transaction.atomic
def claim(limit: int, *, broadcasts: int | None = None) -> list[Delivery]:
    """Claim up to `limit` deliveries that are due. They are ours until their lease ends; each counts one more attempt.

    Due are queued deliveries whose time has come, and those whose lease ran out because their sender died. Times are
    those of the database, because senders on several machines share it. Expired deliveries are settled as such and
    not returned. At most `broadcasts` of them go to a topic or condition (None: any number). While FCM's quota is used
    up nobody gets one (gate.py); while the channel is broken all senders together get one a minute.
    """
    waiting = Q(status=Status.QUEUED) | Q(status=Status.SENDING, leased_until__lte=Now())
    expired = Delivery.objects.select_for_update(no_key=True, skip_locked=True).filter(waiting, expires_at__lte=Now())
    Delivery.objects.filter(pk__in=list(expired.values_list("pk", flat=True))).update(
        status=Status.EXPIRED, leased_until=None, settled_at=Now()
    )
    count = _claimable_count(limit)
    if not count:
        return []
    most = count if broadcasts is None else min(broadcasts, count)
    claimed = _lock_due(~Q(target_kind=Delivery.TargetKind.DEVICE), most)
    claimed += _lock_due(Q(target_kind=Delivery.TargetKind.DEVICE), count - len(claimed))
    gate.take(Gate.Quota.SEND, len(claimed))
    Delivery.objects.filter(pk__in=claimed).update(
        status=Status.SENDING, attempts=F("attempts") + 1, leased_until=Now() + lease_duration()
    )
    return list(Delivery.objects.filter(pk__in=claimed).select_related("device"))


def count_due(at_most: int) -> int:
    """How many deliveries are due, counted up to `at_most`."""
    return Delivery.objects.filter(DUE)[:at_most].count()


def _lock_due(kind: Q, limit: int) -> list[int]:
    """Lock due deliveries of this kind until we commit, those first that have been due for longest."""
    rows = Delivery.objects.select_for_update(no_key=True, skip_locked=True).filter(DUE, kind).order_by("next_try_at")
    return [row.pk for row in rows[:limit]] if limit > 0 else []


def _claimable_count(limit: int) -> int:
    """How many deliveries may be claimed now: what the gate lets through; on a broken channel 1 per TRIAL_INTERVAL."""
    limit = gate.allowance(Gate.Quota.SEND, limit)
    broken = Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False)
    if not limit or not broken.exists():
        return limit
    return min(limit, broken.filter(next_trial_at__lte=Now()).update(next_trial_at=Now() + TRIAL_INTERVAL))


def renew_leases(deliveries: Iterable[Delivery]) -> None:
    """Extend the lease of deliveries that are still being sent: the SDK may sleep for minutes at Google's request."""
    for delivery in deliveries:
        _claimed_by_us(delivery).update(leased_until=Now() + lease_duration())


def state_before_call(delivery: Delivery) -> StateBeforeCall | None:
    """What the database says about a claimed delivery just before the call. None if it was deleted.

    The change log is asked, not the reader of the log: that may be minutes behind.
    """
    subject, act = OuterRef("notification__change__subject"), OuterRef("act_key")
    later = Change.objects.filter(pk__gt=OuterRef("notification__change_id"))
    removing = changes.removals().filter(pk__gt=OuterRef("notification__change_id"))
    removed_words = removing.filter(Q(subject=subject) | Q(subject=act))
    withdrawn = later.filter(subject=subject, event_type=event_types.AMENDMENT_WITHDRAWN).annotate(
        act_key=KeyTextTransform("key", KeyTransform("act", "facts")), day=KeyTextTransform("on", "facts")
    )
    annotated = Delivery.objects.filter(pk=delivery.pk).annotate(
        act_key=KeyTextTransform("key", KeyTransform("act", "notification__change__facts")),
        day=KeyTextTransform("on", "notification__change__facts"),
        time_left=F("expires_at") - Now(),
        is_private=Q(notification__reader__isnull=False),
        is_outdated=Exists(later.filter(subject=subject, event_type__in=SUPERSEDING_EVENT_TYPES)),
        is_off=Exists(later.filter(subject=subject, event_type=event_types.EVENT_CANCELLED)),
        is_undone=Exists(withdrawn.filter(act_key=act, day=OuterRef("day"))),
        lost_words=Exists(removed_words),
    )
    row = annotated.values("time_left", "is_private", "is_outdated", "is_off", "is_undone", "lost_words").first()
    if row is None:
        return None
    return StateBeforeCall(
        seconds_left=max(0, int(row["time_left"].total_seconds())),
        is_superseded=row["is_off"] if row["is_private"] else row["is_outdated"] or row["is_undone"],
        has_lost_words=row["lost_words"] and not row["is_private"],
    )


def drop_superseded(delivery: Delivery) -> bool:
    """Settle a claimed delivery as cancelled, because a later change makes it wrong. Returns as `accept`."""
    return _settle(delivery, Status.CANCELLED, error=SUPERSEDED)


def reword(delivery: Delivery, payload: Payload) -> None:
    """Store another message for a claimed delivery: the former holds words that were taken out."""
    _claimed_by_us(delivery).update(payload=payload)


def accept(delivery: Delivery, message_name: str) -> bool:
    """Settle a delivery that FCM accepted. Returns False if our lease ran out and another sender has claimed it.

    Without a name the delivery keeps a note: FCM most probably took the message, and nobody can ask it.
    """
    note = "" if message_name else "FCM answered 200 without a message name: most probably accepted, not sent again"
    return _settle(delivery, Status.ACCEPTED, error=note, message_name=message_name)


def refuse(delivery: Delivery, error: str) -> bool:
    """Settle a delivery that FCM will never accept: the device is dead or the message invalid. Returns as `accept`."""
    return _settle(delivery, Status.REFUSED, error=error[:300])


def postpone(delivery: Delivery, error: str, *, seconds: float | None = None) -> bool:
    """Queue a claimed delivery for another try. Returns False if another sender has claimed it.

    The next try is after `seconds` if the push service named them; else after 10 s, 20 s, 40 s … 1 h, with jitter.
    """
    if seconds is None:
        seconds = min(10 * 2 ** (delivery.attempts - 1), 3600) * random.uniform(0.5, 1)  # noqa: S311 (not a secret)
    return bool(
        _claimed_by_us(delivery).update(
            status=Status.QUEUED,
            leased_until=None,
            next_try_at=Now() + datetime.timedelta(seconds=seconds),
            error=error[:300],
        )
    )


@transaction.atomic
def resend(delivery: Delivery, *, by: User, reason: str) -> Delivery:
    """Queue a refused, expired or cancelled delivery again. It is due at once and expires in 24 hours.

    Attempts continue to count: they are the fence against a sender of an earlier claim. Returns the delivery.
    Raises RuleBroken: "reason_required", "wrong_status" (it is queued, being sent or accepted: phones would get it
    twice), "superseded" (the document or the question was withdrawn, or the event was moved or cancelled).
    """
    delivery = _lock_with_reason(delivery, reason)
    if delivery.status not in ENDED_UNSENT:
        raise RuleBroken(
            "wrong_status", _("Only a refused, expired or cancelled delivery can be sent again. Choose one of those.")
        )
    change = delivery.notification.change
    later = changes.changes_after(change.pk).filter(subject=change.subject)
    if later.filter(event_type=event_types.DOCUMENT_WITHDRAWN).exists():
        raise RuleBroken("superseded", _("The document was withdrawn. This delivery can no longer be sent."))
    if later.filter(event_type__in=SUPERSEDING_EVENT_TYPES).exists():
        raise RuleBroken(
            "superseded",
            _("The event was moved or cancelled, or the question withdrawn. This delivery can no longer be sent."),
        )
    before = delivery.status
    delivery.status, delivery.settled_at, delivery.error = Status.QUEUED, None, ""
    delivery.next_try_at, delivery.expires_at = Now(), Now() + RESEND_LIFETIME
    delivery.save(update_fields=["status", "settled_at", "error", "next_try_at", "expires_at"])
    people.audit("delivery.resent", audit_subject(delivery), by=by, reason=reason, key=delivery.key, was=before)
    return delivery


@transaction.atomic
def cancel(delivery: Delivery, *, by: User, reason: str) -> Delivery:
    """Cancel a delivery that no sender has claimed. Cancelling twice changes nothing. Returns the delivery.

    Raises RuleBroken: "reason_required", "delivery_already_sending" (it is being sent or has ended: a push cannot be
    recalled).
    """
    delivery = _lock_with_reason(delivery, reason)
    if delivery.status == Status.CANCELLED:
        return delivery
    if delivery.status != Status.QUEUED:
        raise RuleBroken(
            "delivery_already_sending", _("This delivery is being sent or has ended. A push cannot be recalled.")
        )
    delivery.status, delivery.settled_at = Status.CANCELLED, Now()
    delivery.save(update_fields=["status", "settled_at"])
    people.audit("delivery.cancelled", audit_subject(delivery), by=by, reason=reason, key=delivery.key)
    return delivery


def _lock_with_reason(delivery: Delivery, reason: str) -> Delivery:
    """The row as it is now, locked until we commit: a sender skips it, or we wait for the sender's claim."""
    if not reason.strip():
        raise RuleBroken("reason_required", _("Enter a reason. It is stored in the audit log."), field="reason")
    return Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)


def audit_subject(delivery: Delivery) -> str:
    """The key of a delivery in the audit log."""
    return f"delivery:{delivery.pk}"


def cancel_superseded(change: Change) -> bool:
    """Cancel the queued messages that a change makes wrong: only the newest message about a subject is sent.

    Returns whether there were any.

    After an event moved or was cancelled, earlier messages about it are wrong. After a question or a document was
    withdrawn its title is no longer public. A reader's own message about a seat stays true when the event moves, but
    not when it is cancelled.
    """
    if change.event_type in SUPERSEDING_EVENT_TYPES:
        before = Delivery.objects.filter(notification__change__subject=change.subject, notification__change__lt=change)
        unsent = before.filter(status=Status.QUEUED)
        if change.event_type != event_types.EVENT_CANCELLED:
            unsent = unsent.filter(notification__reader=None)
        locked = unsent.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True)
        cancelled = Delivery.objects.filter(pk__in=list(locked))
        return bool(cancelled.update(status=Status.CANCELLED, settled_at=Now(), error=SUPERSEDED))
    return False


def mark_channel_broken(reason: Exception | str) -> None:
    """Record that FCM refuses our configuration, and why. Sending stops. A repeat keeps the moment it began."""
    channel, _created = Channel.objects.get_or_create(name=Channel.FCM)
    Channel.objects.filter(pk=channel.pk).update(
        broken_since=Coalesce("broken_since", Now()), reason=str(reason)[:300], next_trial_at=Now() + TRIAL_INTERVAL
    )


def mark_channel_working() -> None:
    """Record that FCM accepted something. Writes only if the channel was marked as broken."""
    Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False).update(
        broken_since=None, reason="", next_trial_at=None
    )


def _settle(delivery: Delivery, status: Delivery.Status, **columns: str) -> bool:
    return bool(_claimed_by_us(delivery).update(status=status, leased_until=None, settled_at=Now(), **columns))


def _claimed_by_us(delivery: Delivery) -> QuerySet[Delivery]:
    """The fence: a sender whose lease ran out must not settle what another sender has claimed since."""
    return Delivery.objects.filter(pk=delivery.pk, status=Status.SENDING, attempts=delivery.attempts)
