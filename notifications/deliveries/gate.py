"""The gate of each quota: after a 429 of FCM no worker calls until the time is over, then 1 call, 2, 4 … a second.

FCM counts calls per project. So one worker that hears 429 must stop all others: the gate is a row in PostgreSQL, and
every time is the database's.
"""

import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Least, Now

from notifications.deliveries.models import Gate

STEP_DURATION = datetime.timedelta(seconds=1)
UNCONFIRMED_STEP_DURATION = datetime.timedelta(seconds=60)  # then the step starts again with one call: its worker died
MAX_STEP = 64  # after a confirmed step of so many calls the gate is open
CLOSED = Q(closed_until__gt=Now())
REOPENING = Q(closed_until__lte=Now())


def close(quota: Gate.Quota, seconds: float) -> None:
    """Let no call of this quota through for `seconds`. A closure that lasts longer stays."""
    until = Now() + datetime.timedelta(seconds=seconds)
    gate, _created = Gate.objects.get_or_create(quota=quota)
    Gate.objects.filter(pk=gate.pk).update(
        closed_until=Greatest(Coalesce("closed_until", Now()), until),
        step=1,
        tokens=1,
        step_started_at=None,
        is_confirmed=False,
    )


@transaction.atomic
def allowance(quota: Gate.Quota, limit: int) -> int:
    """How many calls of this quota may begin now, at most `limit`. Call `take` in the same transaction.

    While the gate reopens its row stays locked until then, so that two workers do not take the same call. The second
    does not wait for it: it gets none now.
    """
    if not Gate.objects.filter(quota=quota, closed_until__isnull=False).exists():
        return limit
    gate = Gate.objects.select_for_update(no_key=True, skip_locked=True).filter(REOPENING, quota=quota).first()
    if gate is None:  # closed, or opened a moment ago, or another worker has it: the next claim sees it
        return 0
    _begin_next_step(gate)
    gate.refresh_from_db()
    return limit if gate.closed_until is None else min(limit, gate.tokens)


def _begin_next_step(gate: Gate) -> None:
    """Let twice as many calls through if this step is over and a call of it got through; one call if nobody says."""
    over = Q(is_confirmed=True, step_started_at__lte=Now() - STEP_DURATION)
    given_up = Q(is_confirmed=False, step_started_at__lte=Now() - UNCONFIRMED_STEP_DURATION)
    row = Gate.objects.filter(over | given_up, pk=gate.pk)
    if gate.is_confirmed and gate.step >= MAX_STEP:
        row.update(closed_until=None)
    else:
        size = gate.step * 2 if gate.is_confirmed else 1
        row.update(step=size, tokens=size, is_confirmed=False, step_started_at=None)


def take(quota: Gate.Quota, calls: int) -> None:
    """Count calls that begin now. Does nothing while the gate is open."""
    if calls:
        Gate.objects.filter(REOPENING, quota=quota).update(
            tokens=Greatest(F("tokens") - calls, 0), step_started_at=Coalesce("step_started_at", Now())
        )


def give_back(quota: Gate.Quota) -> None:
    """Let another call begin for one that was taken and not made. Does nothing unless the gate reopens."""
    Gate.objects.filter(REOPENING, quota=quota).update(tokens=Least(F("tokens") + 1, F("step")))


def confirm(quota: Gate.Quota) -> None:
    """Record that FCM's quota let a call through, whatever FCM said about its message or its device.

    Writes only while the gate reopens, once a step.
    """
    Gate.objects.filter(REOPENING, quota=quota, is_confirmed=False, step_started_at__isnull=False).update(
        is_confirmed=True
    )


def time_closed(quota: Gate.Quota) -> QuerySet[Gate, datetime.timedelta]:
    """For how much longer the gate is closed. No row if it is not."""
    return Gate.objects.filter(CLOSED, quota=quota).values_list(F("closed_until") - Now(), flat=True)


def seconds_closed(quota: Gate.Quota) -> float:
    """For how many more seconds the gate is closed; 0 if it is not."""
    left = time_closed(quota).first()
    return left.total_seconds() if left else 0


def is_between_steps(quota: Gate.Quota) -> bool:
    """Whether the next step begins within STEP_DURATION: this one is used up, and a call of it got through."""
    return Gate.objects.filter(REOPENING, quota=quota, is_confirmed=True, tokens=0).exists()
