"""Whether a document binds on a day, computed from what happened to it. Pure: no table is read here.

The rules follow vbpl.vn's statuses and Law 64/2025/QH15 on when documents take and lose effect. Days are Vietnamese
days; «hết hiệu lực kể từ ngày X» means in force through the day before X.
"""

import datetime
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.law.eids import eid_lineage


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


def effect_of(document, day):
    """The effect of a document on `day`. A consolidated text has none: what counts is that of the acts it merges."""
    if not document.has_effect:
        return Effect(None, None, None, expiry_scheduled=False)
    return effect_on(document.status_events.all(), day)


def provision_effect_of(document, eid, day, events=None):
    """The effect of one provision on `day`; none in a consolidated text. `events`: those of `prepared`, for many."""
    if not document.has_effect:
        return Effect(None, None, None, expiry_scheduled=False)
    return provision_effect_on(document.status_events.all() if events is None else events, eid, day)


def effect_on(events, day):
    """The effect of a document on `day`, from all its status events (`kind`, `scope`, `on`, `stated_on`, `eids`).

    What our source states without its day counts from when it told us; the days before that are `unknown` unless
    something dated decides them: we cannot say on which of them it already held. That a part takes effect on a day of
    its own does not change the status of the document. A source that says no more than that a part has expired is
    explained by what we know, with its day, of the parts.
    """
    starts = [event.on for event in events if (event.kind, event.scope) == ("takes_effect", "whole")]
    ends = [event for event in events if (event.kind, event.scope) == ("expires", "whole")]
    relevant = [event for event in events if (event.kind, event.scope) != ("takes_effect", "part")]
    if _parts_explain_expiry(events):
        relevant = [
            event for event in relevant if not (_is_unspecified_partial_expiry(event) and day < event.stated_on)
        ]
    return _effect_from(relevant, day, min(starts, default=None), ends)


def provision_effect_on(events, eid, day):
    """The effect of one provision on `day`, from all status events of its document.

    What is said of a unit holds for all under it. A first day of its own goes before that of the document; where it has
    none yet, the effect is `unknown`. That it was amended does not end it. A document of which some part has expired,
    nobody says which, leaves `unknown` whether it is this one, unless what we know of its parts explains that, or the
    provision has a first day of its own.
    """
    whole = [event for event in events if event.scope == "whole"]
    own = [event for event in events if event.scope == "part" and event_covers(event, eid)]
    firsts = sorted(
        (event for event in own if event.kind == "takes_effect"), key=lambda event: _closeness_of_event(event, eid)
    )
    starts = [event.on for event in whole if event.kind == "takes_effect"]
    first_day = firsts[-1].on if firsts else min(starts, default=None)
    inside = [_as_event_of_whole(event) for event in own if event.kind in ("expires", "suspended", "resumed")]
    others = [event for event in whole if event.kind != "takes_effect"] + inside
    effect = _effect_from(others, day, first_day, [event for event in others if event.kind == "expires"])
    dated = bool(firsts) and first_day is not None
    if (
        effect.status == EffectStatus.IN_FORCE
        and not dated
        and any(map(_is_unspecified_partial_expiry, events))
        and not _parts_explain_expiry(events)
    ):
        return Effect(EffectStatus.UNKNOWN, effect.effective_on, effect.expires_on, False)
    return effect


def _is_unspecified_partial_expiry(event):
    """Does it say that some part has expired, and neither which nor when?"""
    return (event.kind, event.scope, event.on) == ("expires", "part", None) and not event.eids


def _parts_explain_expiry(events):
    return any(
        event.scope == "part" and event.kind in ("expires", "amended") and event.on and event.eids for event in events
    )


def event_covers(event, eid):
    """Whether an event in part speaks of the unit: of it or of one it stands under."""
    return any(above in event.eids for above in eid_lineage(eid))


def _closeness_of_event(event, eid):
    """How closely an event names the unit, then which was learnt last."""
    return max(map(len, set(eid_lineage(eid)) & set(event.eids))), event.stated_on, event.pk or 0


def prepared_events(events):
    """The events in a form in which many units are looked up quickly."""
    return [
        EffectEvent(event.kind, event.scope, event.on, event.stated_on, frozenset(event.eids), event.pk)
        for event in events
    ]


@dataclass(frozen=True)
class EffectEvent:
    """What effects are computed from, without the row it stands in."""

    kind: str
    scope: str
    on: datetime.date | None
    stated_on: datetime.date
    eids: frozenset
    pk: int | None


def _as_event_of_whole(event):
    """An event of the part that is looked at, seen from inside it."""
    return EffectEvent(event.kind, "whole", event.on, event.stated_on, frozenset(), event.pk)


def event_counts_from(event):
    return event.on or event.stated_on


def _effect_from(events, day, first_day, ends):
    events = sorted(events, key=lambda event: (event_counts_from(event), event.pk or 0))
    expires_on = min((event.on for event in ends if event.on), default=None)
    status = _status_from(events, day, first_day, min(map(event_counts_from, ends), default=None))
    running = status not in (EffectStatus.EXPIRED, EffectStatus.UNKNOWN, EffectStatus.NOT_YET_EFFECTIVE)
    return Effect(status, first_day, expires_on, expiry_scheduled=running and expires_on is not None)


def _status_from(events, day, first_day, end_day):
    if end_day and day >= end_day:
        return EffectStatus.EXPIRED
    if first_day is None:
        return EffectStatus.UNKNOWN
    if day < first_day:
        return EffectStatus.NOT_YET_EFFECTIVE
    past = [event for event in events if event_counts_from(event) <= day]
    if _is_suspended(past, "whole"):
        return EffectStatus.SUSPENDED
    if any(event.kind == "no_longer_suitable" for event in past):
        return EffectStatus.NO_LONGER_SUITABLE
    if _is_suspended(past, "part"):
        return EffectStatus.PARTLY_SUSPENDED
    if any(event.scope == "part" and event.kind in ("expires", "amended") for event in past):
        return EffectStatus.PARTLY_EXPIRED
    if any(event.on is None for event in events):
        return EffectStatus.UNKNOWN
    return EffectStatus.IN_FORCE


def _is_suspended(past, scope):
    """Is there a suspension of that scope which nothing later has ended? `past` is in order."""
    return any(
        (event.kind, event.scope) == ("suspended", scope)
        and not any(later.kind == "resumed" and _resumption_ends(later, event) for later in past[place + 1 :])
        for place, event in enumerate(past)
    )


def _resumption_ends(resumption, suspension):
    """A resumption of the whole ends every suspension; one in part ends those whose units it names, or all in part."""
    if resumption.scope == "whole":
        return True
    if suspension.scope == "whole":
        return False
    return not resumption.eids or (bool(suspension.eids) and set(suspension.eids) <= set(resumption.eids))
