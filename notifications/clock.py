"""After the clock of the database was set back, nothing waits longer than was meant.

What waits is a moment in a row: the next try, the end of a lease, the end of FCM's Retry-After. A clock that was an
hour ahead wrote moments an hour too late. When it is set right, pushes would stop for that hour.
"""

import datetime

from django.db import transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Q, When
from django.db.models.functions import Greatest, Now

from notifications.deliveries.models import Channel, ClockReading, Delivery, Gate
from notifications.deliveries.services import TRIAL_INTERVAL, lease_duration
from notifications.follows.models import UNSETTLED, FcmSubscription
from notifications.follows.reconciliation import CLAIM_DURATION

TOLERANCE = datetime.timedelta(seconds=30)  # a clock that was set back by less was adjusted


@transaction.atomic
def correct_waits() -> datetime.timedelta:
    """Read the clock of the database; if it was set back since the last reading, bring what waits as much nearer.

    Returns by how much it was set back, zero if it was not. Call it every few seconds: what a wrong clock writes
    between two readings is corrected only if one of them saw that clock. Of several workers at once one corrects.
    """
    ClockReading.objects.get_or_create(pk=1, defaults={"latest": Now()})
    reading = ClockReading.objects.select_for_update(no_key=True, skip_locked=True).annotate(now=Now()).first()
    if reading is None:
        return datetime.timedelta()
    set_back = reading.latest - reading.now
    if set_back <= TOLERANCE:
        ClockReading.objects.filter(pk=1, latest__lt=Now()).update(latest=Now())
        return datetime.timedelta()
    ClockReading.objects.filter(pk=1).update(latest=Now())
    _bring_nearer(set_back)
    return set_back


def _bring_nearer(span: datetime.timedelta) -> None:
    """Moments that may lie far ahead come nearer by `span`; those with a known limit come within it.

    A wait that the right clock wrote before it went wrong ends too early: FCM or the channel is asked once more.
    """
    now = Now()
    queued = Delivery.objects.filter(status=Delivery.Status.QUEUED, next_try_at__gt=now)
    queued.update(next_try_at=_nearer("next_try_at", span))
    lease_end = now + lease_duration()
    Delivery.objects.filter(status=Delivery.Status.SENDING, leased_until__gt=lease_end).update(leased_until=lease_end)
    Gate.objects.filter(closed_until__gt=now).update(closed_until=_nearer("closed_until", span))
    Gate.objects.filter(step_started_at__gt=now).update(step_started_at=now)
    Channel.objects.filter(next_trial_at__gt=now + TRIAL_INTERVAL).update(next_trial_at=now)
    _bring_subscriptions_nearer(span)


def _bring_subscriptions_nearer(span: datetime.timedelta) -> None:
    """In one statement: PostgreSQL checks the device of a row that one transaction writes twice, and waits for it at
    the commit. Who registers that phone waits for the row: a deadlock.
    """
    now, claim_end = Now(), Now() + CLAIM_DURATION
    waits_too_long = UNSETTLED & (Q(next_try_at__gt=now) | Q(turn_at__gt=now))
    FcmSubscription.objects.filter(waits_too_long | Q(claimed_until__gt=claim_end)).update(
        next_try_at=Case(When(UNSETTLED & Q(next_try_at__gt=now), _nearer("next_try_at", span)), default="next_try_at"),
        turn_at=Case(When(UNSETTLED & Q(turn_at__gt=now), _nearer("turn_at", span)), default="turn_at"),
        claimed_until=Case(When(claimed_until__gt=claim_end, then=claim_end), default="claimed_until"),
    )


def _nearer(moment: str, span: datetime.timedelta) -> Greatest:
    return Greatest(ExpressionWrapper(F(moment) - span, output_field=DateTimeField()), Now())
