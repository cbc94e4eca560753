"""Whether a document binds on a day, computed from what happened to it. Pure: no table is read here.

The rules follow vbpl.vn's statuses and Law 64/2025/QH15 on when documents take and lose effect. Days are Vietnamese
days; «hết hiệu lực kể từ ngày X» means in force through the day before X.
"""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class EffectStatus(models.TextChoices):
    NOT_YET_EFFECTIVE = "not_yet_effective", _("Not yet effective")
    IN_FORCE = "in_force", _("In force")
    PARTLY_EXPIRED = "partly_expired", _("Partly expired")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    PARTLY_SUSPENDED = "partly_suspended", _("Partly suspended")
    NO_LONGER_SUITABLE = "no_longer_suitable", _("No longer suitable")
    UNKNOWN = "unknown", _("Unknown")


@dataclass(frozen=True)
class Effect:
    status: EffectStatus
    effective_on: datetime.date | None
    expires_on: datetime.date | None  # first day no longer in force, past or to come
    expiry_scheduled: bool  # in force on the day, with a known end


def today():
    """The day it is in Viet Nam."""
    return datetime.datetime.now(VIETNAM).date()


def effect_on(events, day):
    """The effect of a document on `day`, from all its status events (any order; `kind`, `scope`, `on`, `stated_on`).

    A part that expired on a day our source does not name leaves the days between the start and that statement
    `unknown`: we cannot say on which of them it still bound as a whole.
    """
    events = sorted(events, key=lambda event: event.on or event.stated_on)
    starts = [event.on for event in events if (event.kind, event.scope) == ("takes_effect", "whole")]
    ends = [event.on for event in events if (event.kind, event.scope) == ("expires", "whole")]
    effective_on, expires_on = min(starts, default=None), min(ends, default=None)
    status = _status(events, day, effective_on, expires_on)
    running = status not in (EffectStatus.EXPIRED, EffectStatus.UNKNOWN, EffectStatus.NOT_YET_EFFECTIVE)
    return Effect(status, effective_on, expires_on, expiry_scheduled=running and expires_on is not None)


def _status(events, day, effective_on, expires_on):
    if expires_on and day >= expires_on:
        return EffectStatus.EXPIRED
    if effective_on is None:
        return EffectStatus.UNKNOWN
    if day < effective_on:
        return EffectStatus.NOT_YET_EFFECTIVE
    past = [event for event in events if (event.on or event.stated_on) <= day]
    if _open_suspension(past, "whole"):
        return EffectStatus.SUSPENDED
    if any(event.kind == "no_longer_suitable" for event in past):
        return EffectStatus.NO_LONGER_SUITABLE
    if _open_suspension(past, "part"):
        return EffectStatus.PARTLY_SUSPENDED
    if any((event.kind, event.scope) == ("expires", "part") for event in past):
        return EffectStatus.PARTLY_EXPIRED
    if any(event.on is None for event in events):
        return EffectStatus.UNKNOWN
    return EffectStatus.IN_FORCE


def _open_suspension(past, scope):
    """Is the last of the suspensions and resumptions of that scope a suspension?"""
    turns = [event.kind for event in past if event.kind in ("suspended", "resumed") and event.scope == scope]
    return bool(turns) and turns[-1] == "suspended"
