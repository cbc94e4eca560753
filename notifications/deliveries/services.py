"""The outbox: claim under a lease, settle behind a fence. Delivery is at least once; the tray shows it once (tag)."""

import datetime
import random

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.changes import queries as changes
from content.errors import RuleBroken
from content.people import services as people
from notifications.deliveries.models import Channel, Delivery

State = Delivery.State
TRIAL = datetime.timedelta(seconds=60)  # how often a broken channel is tried with one delivery
NEWS_AGAIN = datetime.timedelta(hours=24)  # how long what is sent again is worth telling: as long as news
# what was said of the event, or the question, before is wrong from then on
OVERTAKES = (kinds.EVENT_MOVED, kinds.EVENT_CANCELLED, kinds.QUESTION_WITHDRAWN)
ENDED_UNSENT = (State.REFUSED, State.EXPIRED, State.CANCELLED)


def lease():
    return datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


@transaction.atomic
def claim(most):
    """Up to `most` deliveries that are due, ours until their lease ends; each counts one more attempt.

    Due are queued ones whose time has come, and those whose sender died: their lease ran out. Times are the
    database's, since senders on several machines share them. What expired is settled as such and not returned.
    While the channel is broken it is one delivery a minute, whatever the number of senders.
    """
    waiting = Q(state=State.QUEUED) | Q(state=State.SENDING, leased_until__lte=Now())
    Delivery.objects.filter(waiting, expires_at__lte=Now()).update(
        state=State.EXPIRED, leased_until=None, settled_at=Now()
    )
    due = Q(state=State.QUEUED, next_try_at__lte=Now()) | Q(state=State.SENDING, leased_until__lte=Now())
    rows = Delivery.objects.select_for_update(skip_locked=True).filter(due).order_by("next_try_at")[: _open_for(most)]
    claimed = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=claimed).update(
        state=State.SENDING, attempts=F("attempts") + 1, leased_until=Now() + lease()
    )
    return list(Delivery.objects.filter(pk__in=claimed).select_related("device"))


def _open_for(most):
    """How many may be claimed now: `most`, but of a broken channel one, and that once in a TRIAL."""
    broken = Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False)
    if not broken.exists():
        return most
    return min(most, broken.filter(next_trial_at__lte=Now()).update(next_trial_at=Now() + TRIAL))


def renew(deliveries):
    """Hold the lease of deliveries that are still being sent: the SDK may sleep for minutes at Google's request."""
    for delivery in deliveries:
        _ours(delivery).update(leased_until=Now() + lease())


def accept(delivery, message_name):
    """FCM took it. Returns False where our lease had run out and another sender has it now."""
    return _settle(delivery, State.ACCEPTED, message_name=message_name, error="")


def refuse(delivery, error):
    """It will never be taken: a dead device, a bad message."""
    return _settle(delivery, State.REFUSED, error=error[:300])


def put_off(delivery, error, *, seconds=None):
    """Try again later: after `seconds` where the other side named them, else 10 s, 20 s, 40 s … 1 h, with jitter."""
    if seconds is None:
        seconds = min(10 * 2 ** (delivery.attempts - 1), 3600) * random.uniform(0.5, 1)  # noqa: S311 (not a secret)
    return bool(
        _ours(delivery).update(
            state=State.QUEUED,
            leased_until=None,
            next_try_at=Now() + datetime.timedelta(seconds=seconds),
            error=error[:300],
        )
    )


@transaction.atomic
def resend(delivery, *, by, reason):
    """Queue again what was refused, ran out of time or was cancelled; due at once, worth telling for another day.

    Attempts go on counting: they are the fence against a sender of the life before. Returns the delivery. Raises
    RuleBroken: "reason_needed", "not_ended" (it waits, is under way or was accepted: phones would get it twice),
    "document_withdrawn" (what it tells of is public no more), "overtaken" (the event has moved, or was cancelled;
    the question was taken back).
    """
    delivery = _locked(delivery, reason)
    if delivery.state not in ENDED_UNSENT:
        raise RuleBroken("not_ended", _("Only what was refused, ran out of time or was cancelled is sent again."))
    change = delivery.notification.change
    if changes.changes_after(change.pk).filter(subject=change.subject, kind=kinds.DOCUMENT_WITHDRAWN).exists():
        raise RuleBroken("document_withdrawn", _("The document it tells of was withdrawn."))
    if changes.changes_after(change.pk).filter(subject=change.subject, kind__in=OVERTAKES).exists():
        raise RuleBroken("overtaken", _("What it tells of was moved, cancelled or taken back since."))
    before = delivery.state
    delivery.state, delivery.settled_at, delivery.error = State.QUEUED, None, ""
    delivery.next_try_at, delivery.expires_at = Now(), Now() + NEWS_AGAIN
    delivery.save(update_fields=["state", "settled_at", "error", "next_try_at", "expires_at"])
    people.audit("delivery.resent", subject(delivery), by=by, reason=reason, key=delivery.key, was=before)
    return delivery


@transaction.atomic
def cancel(delivery, *, by, reason):
    """Take out of the queue what no sender has claimed. Cancelling twice is a no-op. Returns the delivery.

    Raises RuleBroken: "reason_needed", "already_claimed" (it is under way or ended: a push cannot be called back).
    """
    delivery = _locked(delivery, reason)
    if delivery.state == State.CANCELLED:
        return delivery
    if delivery.state != State.QUEUED:
        raise RuleBroken("already_claimed", _("It is being sent, or has ended: a push cannot be called back."))
    delivery.state, delivery.settled_at = State.CANCELLED, Now()
    delivery.save(update_fields=["state", "settled_at"])
    people.audit("delivery.cancelled", subject(delivery), by=by, reason=reason, key=delivery.key)
    return delivery


def _locked(delivery, reason):
    """The row as it is now, held until we commit: a sender skips it, or we wait for the sender's claim."""
    if not reason.strip():
        raise RuleBroken("reason_needed", _("Say why: the reason is kept in the audit."), field="reason")
    return Delivery.objects.select_for_update().get(pk=delivery.pk)


def subject(delivery):
    """The key by which the audit names a delivery."""
    return f"delivery:{delivery.pk}"


def overtake(change):
    """Take out of the queue what was said of an event before it moved or was cancelled: only the last word is sent.

    And of a question before it was taken back: its title is nobody's to read any more. That somebody has a seat now is
    true of an event that moved, and of one that was cancelled no more.
    """
    if change.kind in OVERTAKES:
        before = Delivery.objects.filter(notification__change__subject=change.subject, notification__change__lt=change)
        unsent = before.filter(state=State.QUEUED)
        if change.kind != kinds.EVENT_CANCELLED:
            unsent = unsent.filter(notification__reader=None)
        unsent.update(state=State.CANCELLED, settled_at=Now(), error="overtaken")


def note_broken(reason):
    """Our configuration is refused: stop sending, and say why where people look. A repeat keeps the moment it began."""
    channel, _created = Channel.objects.get_or_create(name=Channel.FCM)
    Channel.objects.filter(pk=channel.pk).update(
        broken_since=Coalesce("broken_since", Now()), reason=str(reason)[:300], next_trial_at=Now() + TRIAL
    )


def note_working():
    """Something was accepted: the channel works. Writes only where it was thought broken."""
    Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False).update(
        broken_since=None, reason="", next_trial_at=None
    )


def _settle(delivery, state, **columns):
    return bool(_ours(delivery).update(state=state, leased_until=None, settled_at=timezone.now(), **columns))


def _ours(delivery):
    """The fence: a sender whose lease ran out must not settle what another has claimed since."""
    return Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts)
