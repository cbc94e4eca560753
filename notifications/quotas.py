"""A person opens the gate of a quota of FCM before its time: a 429 was wrong, or Google raised the quota."""

import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import services as people
from content.people.models import User
from notifications.deliveries import gate
from notifications.deliveries.models import Delivery, Gate
from notifications.follows.models import UNSETTLED, FcmSubscription

# what heard 429 is due again when the gate's time is over, give or take the time between two statements
SLACK = datetime.timedelta(seconds=5)


@transaction.atomic
def open_gate(quota: Gate.Quota, *, reason: str, by: User | None = None) -> datetime.datetime:
    """Let calls of this quota through again. As after any closure 1 call goes out, then 2, 4 … a second.

    What waits for that moment is due at once. If FCM answers 429 again, the gate is closed again. Returns until when it
    was closed. `by` is None for a person at the server. Raises RuleBroken: "reason_required", "gate_not_closed".
    """
    if not reason.strip():
        raise RuleBroken("reason_required", _("Enter a reason. It is stored in the audit log."), field="reason")
    closed = Gate.objects.select_for_update(no_key=True).filter(gate.CLOSED, quota=quota).first()
    if closed is None or closed.closed_until is None:
        raise RuleBroken("gate_not_closed", _("This quota lets calls through already. There is nothing to open."))
    until = closed.closed_until
    waits = {"next_try_at__gt": Now(), "next_try_at__lte": until + SLACK}
    if quota == Gate.Quota.SEND:
        Delivery.objects.filter(status=Delivery.Status.QUEUED, **waits).update(next_try_at=Now())
    else:
        FcmSubscription.objects.filter(UNSETTLED, **waits).update(next_try_at=Now())
    Gate.objects.filter(pk=closed.pk).update(closed_until=Now())
    people.audit("gate.opened", f"gate:{quota}", by=by, reason=reason, was_closed_until=until.isoformat())
    return until
