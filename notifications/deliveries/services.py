"""The outbox: claim deliveries under a lease, settle them behind a fence.

A delivery is sent at least once. The phone shows it once, because a repeat has the same tag.
"""

import datetime
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from content.changes import event_types
from content.changes import queries as changes
from content.changes.models import Change
from content.errors import RuleBroken
from content.people import services as people
from content.people.models import User
from notifications.deliveries import gate, sql
from notifications.deliveries.call_states import SUPERSEDING_EVENT_TYPES
from notifications.deliveries.models import Channel, Delivery, Gate
from notifications.deliveries.sql import Outbox
from notifications.push.payload import Payload

Status = Delivery.Status
TRIAL_INTERVAL = datetime.timedelta(seconds=60)  # how often one delivery is tried on a broken channel
RESEND_LIFETIME = datetime.timedelta(hours=24)  # when a delivery that is sent again expires: as fresh news does
ACCEPTED_WITHOUT_NAME = "FCM answered 200 without a message name: most probably accepted, not sent again"
SUPERSEDED = "superseded"  # why a delivery was cancelled without a person
ENDED_UNSENT = (Status.REFUSED, Status.EXPIRED, Status.CANCELLED)

EXPIRED_AT_ONCE = 500  # no more of them are settled in one transaction: results of calls may wait for its commit

DUE = Q(expires_at__gt=Now()) & (
    Q(status=Status.QUEUED, next_try_at__lte=Now()) | Q(status=Status.SENDING, leased_until__lte=Now())
)


@dataclass(frozen=True)
class Accepted:
    """A claimed delivery that FCM accepted. `message_name` is empty if its answer holds none."""

    delivery: Delivery
    message_name: str


def lease_duration() -> datetime.timedelta:
    """How long a claimed delivery belongs to its sender."""
    return datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


@transaction.atomic(savepoint=False)
def claim(limit: int, *, broadcasts: int | None = None, outbox: Outbox | None = None) -> list[Delivery]:
    """Claim up to `limit` deliveries that are due. They are ours until their lease ends; each counts one more attempt.

    Due are queued deliveries whose time has come, and those whose lease ran out because their sender died. Times are
    those of the database, because senders on several machines share it. At most `broadcasts` of them go to a topic or
    condition (None: any number). While FCM's quota is used up nobody gets one (gate.py); while the channel is broken
    all senders together get one a minute. Expired deliveries are never claimed; when fewer are due than asked for, some
    of them are settled as expired. `outbox`: what `look_at_outbox` said in this transaction.
    """
    is_held_back = (outbox or look_at_outbox(0)).is_held_back
    most = _count_let_through(limit) if is_held_back else limit
    crowds = most if broadcasts is None else min(broadcasts, most)
    claimed = sql.claim_due(most, broadcasts=crowds, lease=lease_duration()) if most else []
    if is_held_back:
        gate.take(Gate.Quota.SEND, len(claimed))
    if not limit or len(claimed) < limit:
        expire_overdue()
    return sorted(claimed, key=lambda each: each.pk)


def expire_overdue() -> None:
    """Settle some of the expired deliveries: every claim passes over those at the front of the outbox."""
    sql.expire_overdue(EXPIRED_AT_ONCE)


def look_at_outbox(count_to: int) -> Outbox:
    """Count due deliveries, up to `count_to`, and say whether something may hold sending back. One statement."""
    return sql.look_at_outbox(count_to)


def _count_let_through(limit: int) -> int:
    """How many deliveries may be claimed now: what the gate lets through; on a broken channel 1 per TRIAL_INTERVAL."""
    limit = gate.allowance(Gate.Quota.SEND, limit)
    broken = Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False)
    if not limit or not broken.exists():
        return limit
    return min(limit, broken.filter(next_trial_at__lte=Now()).update(next_trial_at=Now() + TRIAL_INTERVAL))


def claim_time(delivery: Delivery) -> datetime.datetime:
    """When this claim of it was made, by the clock of the database. `delivery` is one that `claim` returned."""
    return cast(datetime.datetime, delivery.leased_until) - lease_duration()


@transaction.atomic
def renew_leases(deliveries: Sequence[Delivery]) -> int:
    """Extend the lease of deliveries that are still being sent: the SDK may sleep for minutes at Google's request.

    Returns how many. Those that another sender has claimed are left out, and those whose rows somebody holds.
    """
    rows = _sending(deliveries).select_for_update(no_key=True, skip_locked=True).values_list("pk", "attempts")
    ours = {(each.pk, each.attempts) for each in deliveries}.intersection(rows)
    renewed = Delivery.objects.filter(pk__in=[pk for pk, _attempts in ours])
    return renewed.update(leased_until=Now() + lease_duration())


def drop_superseded(delivery: Delivery) -> bool:
    """Settle a claimed delivery as cancelled, because a later change makes it wrong. Returns as `accept`."""
    return _settle(delivery, Status.CANCELLED, error=SUPERSEDED)


def reword(delivery: Delivery, payload: Payload) -> None:
    """Store another message for a claimed delivery: the former holds words that were taken out."""
    _claimed_by_us(delivery).update(payload=payload)


def accept(accepted: Accepted) -> bool:
    """Settle what FCM accepted. Returns False if our lease ran out and another sender has claimed it.

    Without a name the delivery keeps a note: FCM most probably took the message, and nobody can ask it.
    """
    name = accepted.message_name
    return _settle(accepted.delivery, Status.ACCEPTED, error="" if name else ACCEPTED_WITHOUT_NAME, message_name=name)


def accept_all(accepted: Sequence[Accepted]) -> list[Accepted]:
    """Settle several as `accept` does, in one statement. Returns those whose rows somebody holds: try them again.

    Nobody is waited for, so that who holds one row holds up no other, and two who hold several do not wait for each
    other. Those that another sender has claimed, or that were deleted, are left as they are.
    """
    rows = [(each.delivery.pk, each.delivery.attempts, each.message_name) for each in accepted]
    settled = set(sql.accept_claimed(rows, note=ACCEPTED_WITHOUT_NAME)) if rows else set()
    left = [each for each in accepted if each.delivery.pk not in settled]
    ours = set(_sending(each.delivery for each in left).values_list("pk", "attempts")) if left else set()
    return [each for each in left if (each.delivery.pk, each.delivery.attempts) in ours]


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


def mark_channel_working(*, claimed_at: datetime.datetime | None = None) -> None:
    """Record that FCM accepted something. Writes only if the channel was marked as broken.

    `claimed_at`: when the delivery was claimed. One of before the channel broke says nothing about it.
    """
    broken = Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False)
    if claimed_at:
        broken = broken.filter(broken_since__lte=claimed_at)
    broken.update(broken_since=None, reason="", next_trial_at=None)


def _settle(delivery: Delivery, status: Delivery.Status, **columns: str) -> bool:
    return bool(_claimed_by_us(delivery).update(status=status, leased_until=None, settled_at=Now(), **columns))


def _claimed_by_us(delivery: Delivery) -> QuerySet[Delivery]:
    """The fence: a sender whose lease ran out must not settle what another sender has claimed since."""
    return Delivery.objects.filter(pk=delivery.pk, status=Status.SENDING, attempts=delivery.attempts)


def _sending(deliveries: Iterable[Delivery]) -> QuerySet[Delivery]:
    """Those that are being sent, perhaps by another sender, in the order in which rows are locked."""
    return Delivery.objects.filter(pk__in=[each.pk for each in deliveries], status=Status.SENDING).order_by("pk")
