"""The outbox: claim under a lease, settle behind a fence. Delivery is at least once; the tray shows it once (tag)."""

import datetime
import random

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import event_types
from content.changes import queries as changes
from content.errors import RuleBroken
from content.people import services as people
from notifications.deliveries.models import Channel, Delivery

Status = Delivery.Status
TRIAL_INTERVAL = datetime.timedelta(seconds=60)  # how often a broken channel is tried with one delivery
RESEND_LIFETIME = datetime.timedelta(hours=24)  # how long what is sent again is worth telling: as long as news
# what was said of the event, or the question, before is wrong from then on
SUPERSEDING_EVENT_TYPES = (event_types.EVENT_MOVED, event_types.EVENT_CANCELLED, event_types.QUESTION_WITHDRAWN)
ENDED_UNSENT = (Status.REFUSED, Status.EXPIRED, Status.CANCELLED)


def lease_duration():
    return datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


@transaction.atomic
def claim(most):
    """Up to `most` deliveries that are due, ours until their lease ends; each counts one more attempt.

    Due are queued ones whose time has come, and those whose sender died: their lease ran out. Times are the
    database's, since senders on several machines share them. What expired is settled as such and not returned.
    While the channel is broken it is one delivery a minute, whatever the number of senders.
    """
    waiting = Q(status=Status.QUEUED) | Q(status=Status.SENDING, leased_until__lte=Now())
    Delivery.objects.filter(waiting, expires_at__lte=Now()).update(
        status=Status.EXPIRED, leased_until=None, settled_at=Now()
    )
    due = Q(status=Status.QUEUED, next_try_at__lte=Now()) | Q(status=Status.SENDING, leased_until__lte=Now())
    rows = (
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(due)
        .order_by("next_try_at")[: _claimable_count(most)]
    )
    claimed = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=claimed).update(
        status=Status.SENDING, attempts=F("attempts") + 1, leased_until=Now() + lease_duration()
    )
    return list(Delivery.objects.filter(pk__in=claimed).select_related("device"))


def _claimable_count(most):
    """How many may be claimed now: `most`, but of a broken channel one, and that once in a TRIAL."""
    broken = Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False)
    if not broken.exists():
        return most
    return min(most, broken.filter(next_trial_at__lte=Now()).update(next_trial_at=Now() + TRIAL_INTERVAL))


def renew_leases(deliveries):
    """Hold the lease of deliveries that are still being sent: the SDK may sleep for minutes at Google's request."""
    for delivery in deliveries:
        _claimed_by_us(delivery).update(leased_until=Now() + lease_duration())


def accept(delivery, message_name):
    """FCM took it. Returns False where our lease had run out and another sender has it now."""
    return _settle(delivery, Status.ACCEPTED, message_name=message_name, error="")


def refuse(delivery, error):
    """It will never be taken: a dead device, a bad message."""
    return _settle(delivery, Status.REFUSED, error=error[:300])


def postpone(delivery, error, *, seconds=None):
    """Try again later: after `seconds` where the other side named them, else 10 s, 20 s, 40 s … 1 h, with jitter."""
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
def resend(delivery, *, by, reason):
    """Queue again what was refused, ran out of time or was cancelled; due at once, worth telling for another day.

    Attempts go on counting: they are the fence against a sender of the life before. Returns the delivery. Raises
    RuleBroken: "reason_required", "wrong_status" (it waits, is under way or was accepted: phones would get it twice),
    "document_withdrawn" (what it tells of is public no more), "superseded" (the event has moved, or was cancelled;
    the question was taken back).
    """
    delivery = _lock_with_reason(delivery, reason)
    if delivery.status not in ENDED_UNSENT:
        raise RuleBroken("wrong_status", _("Only what was refused, ran out of time or was cancelled is sent again."))
    change = delivery.notification.change
    if (
        changes.changes_after(change.pk)
        .filter(subject=change.subject, event_type=event_types.DOCUMENT_WITHDRAWN)
        .exists()
    ):
        raise RuleBroken("superseded", _("The document it tells of was withdrawn."))
    if changes.changes_after(change.pk).filter(subject=change.subject, event_type__in=SUPERSEDING_EVENT_TYPES).exists():
        raise RuleBroken("superseded", _("What it tells of was moved, cancelled or taken back since."))
    before = delivery.status
    delivery.status, delivery.settled_at, delivery.error = Status.QUEUED, None, ""
    delivery.next_try_at, delivery.expires_at = Now(), Now() + RESEND_LIFETIME
    delivery.save(update_fields=["status", "settled_at", "error", "next_try_at", "expires_at"])
    people.audit("delivery.resent", audit_subject(delivery), by=by, reason=reason, key=delivery.key, was=before)
    return delivery


@transaction.atomic
def cancel(delivery, *, by, reason):
    """Take out of the queue what no sender has claimed. Cancelling twice is a no-op. Returns the delivery.

    Raises RuleBroken: "reason_required", "delivery_already_sending" (it is under way or ended: a push cannot be called back).
    """
    delivery = _lock_with_reason(delivery, reason)
    if delivery.status == Status.CANCELLED:
        return delivery
    if delivery.status != Status.QUEUED:
        raise RuleBroken("delivery_already_sending", _("It is being sent, or has ended: a push cannot be called back."))
    delivery.status, delivery.settled_at = Status.CANCELLED, Now()
    delivery.save(update_fields=["status", "settled_at"])
    people.audit("delivery.cancelled", audit_subject(delivery), by=by, reason=reason, key=delivery.key)
    return delivery


def _lock_with_reason(delivery, reason):
    """The row as it is now, held until we commit: a sender skips it, or we wait for the sender's claim."""
    if not reason.strip():
        raise RuleBroken("reason_required", _("Say why: the reason is kept in the audit."), field="reason")
    return Delivery.objects.select_for_update().get(pk=delivery.pk)


def audit_subject(delivery):
    """The key by which the audit names a delivery."""
    return f"delivery:{delivery.pk}"


def cancel_superseded(change):
    """Take out of the queue what was said of an event before it moved or was cancelled: only the last word is sent.

    And of a question before it was taken back: its title is nobody's to read any more. That somebody has a seat now is
    true of an event that moved, and of one that was cancelled no more.
    """
    if change.event_type in SUPERSEDING_EVENT_TYPES:
        before = Delivery.objects.filter(notification__change__subject=change.subject, notification__change__lt=change)
        unsent = before.filter(status=Status.QUEUED)
        if change.event_type != event_types.EVENT_CANCELLED:
            unsent = unsent.filter(notification__reader=None)
        unsent.update(status=Status.CANCELLED, settled_at=Now(), error="superseded")


def mark_channel_broken(reason):
    """Our configuration is refused: stop sending, and say why where people look. A repeat keeps the moment it began."""
    channel, _created = Channel.objects.get_or_create(name=Channel.FCM)
    Channel.objects.filter(pk=channel.pk).update(
        broken_since=Coalesce("broken_since", Now()), reason=str(reason)[:300], next_trial_at=Now() + TRIAL_INTERVAL
    )


def mark_channel_working():
    """Something was accepted: the channel works. Writes only where it was thought broken."""
    Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False).update(
        broken_since=None, reason="", next_trial_at=None
    )


def _settle(delivery, status, **columns):
    return bool(_claimed_by_us(delivery).update(status=status, leased_until=None, settled_at=timezone.now(), **columns))


def _claimed_by_us(delivery):
    """The fence: a sender whose lease ran out must not settle what another has claimed since."""
    return Delivery.objects.filter(pk=delivery.pk, status=Status.SENDING, attempts=delivery.attempts)
