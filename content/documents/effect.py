"""The effect of a document or a provision on a day, computed from status events. Pure: no table is read here.

The rules follow vbpl.vn's statuses and Law 64/2025/QH15 on when documents take and lose effect. Days are Vietnamese
days; «hết hiệu lực kể từ ngày X» means in force through the day before X.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.law.eids import eid_lineage, is_above_articles


class StatusEventKind(models.TextChoices):
    TAKES_EFFECT = "takes_effect", _("Takes effect")
    EXPIRES = "expires", _("Expires")  # repealed, replaced or run out
    AMENDED = "amended", _("Amended")  # in part only: the named units say something else, or are new, from then on
    SUSPENDED = "suspended", _("Suspended")
    RESUMED = "resumed", _("Resumes")
    NO_LONGER_SUITABLE = "no_longer_suitable", _("No longer suitable")


class StatusEventScope(models.TextChoices):
    WHOLE = "whole", _("Whole")
    PART = "part", _("In part")


class EffectDoubtKind(models.TextChoices):
    """What an act says that nobody has checked."""

    ENDS = "ends", _("Ends")
    SUSPENDS = "suspends", _("Suspends")
    HALTS = "halts", _("Halts its enforcement")
    RESUMES = "resumes", _("Resumes")
    AMENDS = "amends", _("Amends")  # its text, not its effect
    BEGINS = "begins", _("Begins on another day")  # units of it; which day is not read for certain


class EffectStatus(models.TextChoices):
    NOT_YET_EFFECTIVE = "not_yet_effective", _("Not yet effective")
    IN_FORCE = "in_force", _("In force")
    PARTLY_EXPIRED = "partly_expired", _("Partly expired")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    PARTLY_SUSPENDED = "partly_suspended", _("Partly suspended")
    NO_LONGER_SUITABLE = "no_longer_suitable", _("No longer suitable")
    UNKNOWN = "unknown", _("Unknown")


class EffectSource(models.TextChoices):
    """How the effect of a document is known."""

    OFFICIAL = "official", _("Official source")
    ACT = "act", _("An act says so")
    STAFF = "staff", _("Entered by hand")
    COMPUTED = "computed", _("From the dates of the document")


_KINDS_OF_PARTLY_EXPIRED = (StatusEventKind.EXPIRES, StatusEventKind.AMENDED)  # of a part
KINDS_OF_DOUBTED_END = (EffectDoubtKind.ENDS, EffectDoubtKind.SUSPENDS, EffectDoubtKind.HALTS)
STATUSES_IN_DOUBT = (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED, EffectStatus.PARTLY_SUSPENDED)
_KINDS_THAT_END = (StatusEventKind.EXPIRES, StatusEventKind.SUSPENDED, StatusEventKind.RESUMED)


@dataclass(frozen=True)
class Effect:
    status: EffectStatus | None  # None: a consolidated text, which has no effect of its own
    effective_on: datetime.date | None
    expires_on: datetime.date | None  # first day no longer in force, past or to come
    expiry_scheduled: bool  # in force on the day, with a known end


class EventOfEffect(Protocol):
    """What effects are computed from: a StatusEvent, or an EffectEvent."""

    @property
    def kind(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def on(self) -> datetime.date | None: ...
    @property
    def stated_on(self) -> datetime.date: ...
    @property
    def eids(self) -> Collection[str]: ...
    @property
    def pk(self) -> int | None: ...


class DoubtOfEffect(Protocol):
    """What makes an effect doubtful: an EffectDoubt, or an UncheckedStatement."""

    @property
    def kind(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def from_on(self) -> datetime.date: ...
    @property
    def until_on(self) -> datetime.date | None: ...
    @property
    def eids(self) -> Collection[str]: ...


@dataclass(frozen=True)
class UncheckedStatement:
    """An effect doubt without its row."""

    kind: str
    scope: str
    from_on: datetime.date
    eids: frozenset[str] = frozenset()
    until_on: datetime.date | None = None


@dataclass(frozen=True)
class EffectEvent:
    """A status event without its row."""

    kind: str
    scope: str
    on: datetime.date | None
    stated_on: datetime.date
    eids: frozenset[str]
    pk: int | None


class DocumentWithEvents(Protocol):
    """A LegalDocument, as far as its effect needs it."""

    @property
    def has_effect(self) -> bool: ...
    @property
    def status_events(self) -> Any: ...
    @property
    def effect_doubts(self) -> Any: ...


def effect_of(document: DocumentWithEvents, day: datetime.date) -> Effect:
    """The effect of a document on `day`. A consolidated text has none: the acts it merges do."""
    if not document.has_effect:
        return Effect(None, None, None, expiry_scheduled=False)
    return effect_on(document.status_events.all(), day, document.effect_doubts.all())


def provision_effect_of(
    document: DocumentWithEvents, eid: str, day: datetime.date, events: Iterable[EventOfEffect] | None = None
) -> Effect:
    """The effect of one provision on `day`; none in a consolidated text.

    `events` are the document's `prepared_events`, for callers that ask about many provisions.
    """
    if not document.has_effect:
        return Effect(None, None, None, expiry_scheduled=False)
    known = document.status_events.all() if events is None else events
    return provision_effect_on(known, eid, day, document.effect_doubts.all())


def effect_on(events: Iterable[EventOfEffect], day: datetime.date, doubts: Iterable[DoubtOfEffect] = ()) -> Effect:
    """The effect of a document on `day`, from all its status events (`kind`, `scope`, `on`, `stated_on`, `eids`).

    While an act says that the whole document ended and nobody has checked (`doubts`), it is `unknown`, never in force.

    An event without a day counts from the day it became known; the days before are `unknown` unless dated events decide
    them. A part that takes effect on a day of its own does not change the status of the document. An event that says
    only that some part has expired is ignored before that day if dated events of parts explain it.
    """
    events = list(events)
    starts = [
        event.on
        for event in events
        if event.on and (event.kind, event.scope) == (StatusEventKind.TAKES_EFFECT, StatusEventScope.WHOLE)
    ]
    ends = [event for event in events if (event.kind, event.scope) == (StatusEventKind.EXPIRES, StatusEventScope.WHOLE)]
    relevant = [
        event for event in events if (event.kind, event.scope) != (StatusEventKind.TAKES_EFFECT, StatusEventScope.PART)
    ]
    if _parts_explain_expiry(events):
        relevant = [
            event for event in relevant if not (_is_unspecified_partial_expiry(event) and day < event.stated_on)
        ]
    effect = _effect_from(relevant, day, min(starts, default=None), ends)
    of_all = [each for each in doubts if each.scope == StatusEventScope.WHOLE and each.kind != EffectDoubtKind.BEGINS]
    return _with_doubts(effect, of_all, day)


def counts_on(doubt: DoubtOfEffect, day: datetime.date) -> bool:
    return doubt.from_on <= day and (doubt.until_on is None or day < doubt.until_on)


def _with_doubts(effect: Effect, doubts: Iterable[DoubtOfEffect], day: datetime.date) -> Effect:
    """The effect, unknown where one of these doubts counts on the day and would change it."""
    kinds = {doubt.kind for doubt in doubts if counts_on(doubt, day)}
    is_doubtful = (
        (effect.status in STATUSES_IN_DOUBT and not kinds.isdisjoint(KINDS_OF_DOUBTED_END))
        or (effect.status in (EffectStatus.SUSPENDED, EffectStatus.EXPIRED) and EffectDoubtKind.RESUMES in kinds)
        or (EffectDoubtKind.BEGINS in kinds and effect.status in (*STATUSES_IN_DOUBT, EffectStatus.NOT_YET_EFFECTIVE))
    )
    if not is_doubtful:
        return effect
    return Effect(EffectStatus.UNKNOWN, effect.effective_on, effect.expires_on, expiry_scheduled=False)


def provision_effect_on(
    events: Iterable[EventOfEffect], eid: str, day: datetime.date, doubts: Iterable[DoubtOfEffect] = ()
) -> Effect:
    """The effect of one provision on `day`, from all status events of its document.

    A doubt about the whole document, or about the provision or a unit around it, makes it `unknown`.

    An event of a unit holds for all units under it. A first day of its own goes before that of the document; while that
    day is not fixed, the effect is `unknown`. An amendment does not end it. That some unnamed part has expired changes
    no unit: the document carries that doubt (`is_partly_expired_without_units`).
    """
    events = list(events)
    whole = [event for event in events if event.scope == StatusEventScope.WHOLE]
    own = [event for event in events if event.scope == StatusEventScope.PART and event_covers(event, eid)]
    firsts = sorted(
        (event for event in own if event.kind == StatusEventKind.TAKES_EFFECT),
        key=lambda event: _closeness_of_event(event, eid),
    )
    starts = [event.on for event in whole if event.on and event.kind == StatusEventKind.TAKES_EFFECT]
    first_day = firsts[-1].on if firsts else min(starts, default=None)
    inside = [_as_event_of_whole(event) for event in own if event.kind in _KINDS_THAT_END]
    others = [event for event in whole if event.kind != StatusEventKind.TAKES_EFFECT] + inside
    effect = _effect_from(others, day, first_day, [event for event in others if event.kind == StatusEventKind.EXPIRES])
    about_it = [each for each in doubts if each.scope == StatusEventScope.WHOLE or event_covers(each, eid)]
    return _with_doubts(effect, about_it, day)


def effect_source_on(events: Iterable[Any], day: datetime.date, *, is_stated: bool) -> EffectSource:
    """How the effect of a document on `day` is known, from its StatusEvents: by the last that counts.

    `is_stated`: whether an official source has stated it.
    """
    past = [each for each in events if event_counts_from(each) <= day]
    last = max(past, key=lambda each: (event_counts_from(each), each.pk or 0), default=None)
    if last is not None and last.amendment_id is not None:
        return EffectSource.ACT
    if is_stated:
        return EffectSource.OFFICIAL
    return EffectSource.STAFF if last is not None and last.cause else EffectSource.COMPUTED


def is_partly_expired_without_units(events: Iterable[EventOfEffect], day: datetime.date) -> bool:
    """Whether a source known by `day` says that some part has expired, and nothing tells which."""
    events = list(events)
    vague = [each for each in events if _is_unspecified_partial_expiry(each) and each.stated_on <= day]
    return bool(vague) and not _parts_explain_expiry(events)


def _is_unspecified_partial_expiry(event: EventOfEffect) -> bool:
    """Whether it says that some part has expired, and neither which nor when."""
    ends_part = event.kind == StatusEventKind.EXPIRES and event.scope == StatusEventScope.PART
    return ends_part and event.on is None and not event.eids


def _parts_explain_expiry(events: Iterable[EventOfEffect]) -> bool:
    return any(
        event.scope == StatusEventScope.PART and event.kind in _KINDS_OF_PARTLY_EXPIRED and event.on and event.eids
        for event in events
    )


def event_covers(event: EventOfEffect | DoubtOfEffect, eid: str) -> bool:
    """Whether an event or a doubt of a part is about the unit: it names it or a unit around it."""
    return any(above in event.eids for above in eid_lineage(eid))


def _closeness_of_event(event: EventOfEffect, eid: str) -> tuple[int, bool, int, datetime.date, int]:
    """A key to sort events by: how closely they name the unit, then which became known last.

    An event of a chapter names its articles too: one of the article itself, or of the section around it, is closer.
    """
    is_of_unit = not any(map(is_above_articles, event.eids))
    closeness = max(map(len, set(eid_lineage(eid)) & set(event.eids)))
    return closeness, is_of_unit, 0 if is_of_unit else -len(event.eids), event.stated_on, event.pk or 0


def prepared_events(events: Iterable[EventOfEffect]) -> list[EffectEvent]:
    """The events in a form that is quick to ask about many units."""
    return [
        EffectEvent(event.kind, event.scope, event.on, event.stated_on, frozenset(event.eids), event.pk)
        for event in events
    ]


def _as_event_of_whole(event: EventOfEffect) -> EffectEvent:
    """The event of a part as an event of the whole: for a unit inside that part it is one."""
    return EffectEvent(event.kind, StatusEventScope.WHOLE, event.on, event.stated_on, frozenset(), event.pk)


def event_counts_from(event: EventOfEffect) -> datetime.date:
    return event.on or event.stated_on


def _effect_from(
    events: Iterable[EventOfEffect], day: datetime.date, first_day: datetime.date | None, ends: Iterable[EventOfEffect]
) -> Effect:
    ends = list(ends)
    in_order = sorted(events, key=lambda event: (event_counts_from(event), event.pk or 0))
    expires_on = min((event.on for event in ends if event.on), default=None)
    status = _status_from(in_order, day, first_day, min(map(event_counts_from, ends), default=None))
    running = status not in (EffectStatus.EXPIRED, EffectStatus.UNKNOWN, EffectStatus.NOT_YET_EFFECTIVE)
    return Effect(status, first_day, expires_on, expiry_scheduled=running and expires_on is not None)


def _status_from(
    events: list[EventOfEffect], day: datetime.date, first_day: datetime.date | None, end_day: datetime.date | None
) -> EffectStatus:
    if end_day and day >= end_day:
        return EffectStatus.EXPIRED
    if first_day is None:
        return EffectStatus.UNKNOWN
    if day < first_day:
        return EffectStatus.NOT_YET_EFFECTIVE
    past = [event for event in events if event_counts_from(event) <= day]
    if _is_suspended(past, StatusEventScope.WHOLE):
        return EffectStatus.SUSPENDED
    if any(event.kind == StatusEventKind.NO_LONGER_SUITABLE for event in past):
        return EffectStatus.NO_LONGER_SUITABLE
    if _is_suspended(past, StatusEventScope.PART):
        return EffectStatus.PARTLY_SUSPENDED
    if any(event.scope == StatusEventScope.PART and event.kind in _KINDS_OF_PARTLY_EXPIRED for event in past):
        return EffectStatus.PARTLY_EXPIRED
    if any(event.on is None for event in events):
        return EffectStatus.UNKNOWN
    return EffectStatus.IN_FORCE


def _is_suspended(past: list[EventOfEffect], scope: StatusEventScope) -> bool:
    """Whether a suspension of that scope is not ended yet. `past` is in order."""
    return any(
        (event.kind, event.scope) == (StatusEventKind.SUSPENDED, scope)
        and not any(
            later.kind == StatusEventKind.RESUMED and _resumption_ends(later, event) for later in past[place + 1 :]
        )
        for place, event in enumerate(past)
    )


def _resumption_ends(resumption: EventOfEffect, suspension: EventOfEffect) -> bool:
    """Whether a resumption ends a suspension.

    One of the whole ends any; one of a part ends those whose units it names, or all of parts if it names none.
    """
    if resumption.scope == StatusEventScope.WHOLE:
        return True
    if suspension.scope == StatusEventScope.WHOLE:
        return False
    return not resumption.eids or (bool(suspension.eids) and set(suspension.eids) <= set(resumption.eids))
