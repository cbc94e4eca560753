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
    status: EffectStatus | None  # None: it has none of its own (a consolidated text)
    effective_on: datetime.date | None
    expires_on: datetime.date | None  # first day no longer in force, past or to come
    expiry_scheduled: bool  # in force on the day, with a known end


def today():
    """The day it is in Viet Nam."""
    return datetime.datetime.now(VIETNAM).date()


def effect_of(document, day):
    """The effect of a document on `day`. A consolidated text has none: what counts is that of the acts it merges."""
    if not document.has_effect:
        return Effect(None, None, None, expiry_scheduled=False)
    return effect_on(document.status_events.all(), day)


def effect_on(events, day):
    """The effect of a document on `day`, from all its status events (`kind`, `scope`, `on`, `stated_on`, `eids`).

    What our source states without its day counts from when it told us; the days before that are `unknown` unless
    something dated decides them: we cannot say on which of them it already held.
    """
    events = sorted(events, key=lambda event: (counts_from(event), event.pk or 0))
    starts = [event.on for event in events if (event.kind, event.scope) == ("takes_effect", "whole")]
    ends = [event for event in events if (event.kind, event.scope) == ("expires", "whole")]
    effective_on = min(starts, default=None)
    expires_on = min((event.on for event in ends if event.on), default=None)
    status = _status(events, day, effective_on, min(map(counts_from, ends), default=None))
    running = status not in (EffectStatus.EXPIRED, EffectStatus.UNKNOWN, EffectStatus.NOT_YET_EFFECTIVE)
    return Effect(status, effective_on, expires_on, expiry_scheduled=running and expires_on is not None)


def counts_from(event):
    return event.on or event.stated_on


def _status(events, day, first_day, end_day):
    if end_day and day >= end_day:
        return EffectStatus.EXPIRED
    if first_day is None:
        return EffectStatus.UNKNOWN
    if day < first_day:
        return EffectStatus.NOT_YET_EFFECTIVE
    past = [event for event in events if counts_from(event) <= day]
    if _is_suspended(past, "whole"):
        return EffectStatus.SUSPENDED
    if any(event.kind == "no_longer_suitable" for event in past):
        return EffectStatus.NO_LONGER_SUITABLE
    if _is_suspended(past, "part"):
        return EffectStatus.PARTLY_SUSPENDED
    if any((event.kind, event.scope) == ("expires", "part") for event in past):
        return EffectStatus.PARTLY_EXPIRED
    if any(event.on is None for event in events):
        return EffectStatus.UNKNOWN
    return EffectStatus.IN_FORCE


def _is_suspended(past, scope):
    """Is there a suspension of that scope which nothing later has ended? `past` is in order."""
    return any(
        (event.kind, event.scope) == ("suspended", scope)
        and not any(later.kind == "resumed" and _ends(later, event) for later in past[place + 1 :])
        for place, event in enumerate(past)
    )


def _ends(resumption, suspension):
    """A resumption of the whole ends every suspension; one in part ends those whose units it names, or all in part."""
    if resumption.scope == "whole":
        return True
    if suspension.scope == "whole":
        return False
    return not resumption.eids or (bool(suspension.eids) and set(suspension.eids) <= set(resumption.eids))
