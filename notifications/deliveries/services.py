"""The outbox: claim under a lease, settle behind a fence. Delivery is at least once; the tray shows it once (tag)."""

import datetime
import random

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from notifications.deliveries.models import Channel, Delivery

State = Delivery.State
TRIAL = datetime.timedelta(seconds=60)  # how often a broken channel is tried with one delivery


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
