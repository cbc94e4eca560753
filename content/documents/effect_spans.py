"""The days on which the effect of a document stays the same, by the rules of `effect`. Pure: no table is read here."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from content.documents import effect
from content.documents.effect import DoubtOfEffect, EffectDoubtKind, EffectEvent, EffectStatus, EventOfEffect

FIRST_DAY = datetime.date.min
RULES = 1  # raise it when the rules here or in `effect` change: all spans are written again


class SpanState(NamedTuple):
    status: EffectStatus | None  # None: no effect of its own
    is_in_doubt: bool  # it shows an effect doubt


class Span(NamedTuple):
    """The days [valid_from, valid_until) of one state; None is an open end."""

    valid_from: datetime.date
    valid_until: datetime.date | None
    state: SpanState


def spans_of(events: Iterable[EventOfEffect], doubts: Iterable[DoubtOfEffect], *, has_effect: bool) -> list[Span]:
    """The spans of a document, from all its status events and doubts; they cover every day of the calendar.

    `has_effect`: whether it has an effect of its own.
    """
    prepared, told = effect.prepared_events(events), list(doubts)
    days = _change_days(prepared, told)
    states = [(day, state_on(prepared, told, day, has_effect=has_effect)) for day in days]
    firsts = [next(same) for _state, same in groupby(states, key=lambda each: each[1])]
    ends = [*(day for day, _state in firsts[1:]), None]
    return [Span(day, end, state) for (day, state), end in zip(firsts, ends, strict=True)]


def state_on(
    events: Iterable[EventOfEffect], doubts: Iterable[DoubtOfEffect], day: datetime.date, *, has_effect: bool
) -> SpanState:
    """The state on one day."""
    events, doubts = list(events), list(doubts)
    in_doubt = any(each.kind != EffectDoubtKind.AMENDS and effect.counts_on(each, day) for each in doubts)
    if not has_effect:
        return SpanState(None, in_doubt)
    vague = effect.is_partly_expired_without_units(events, day)
    return SpanState(effect.effect_on(events, day, doubts).status, in_doubt or vague)


def _change_days(events: Iterable[EffectEvent], doubts: Iterable[DoubtOfEffect]) -> list[datetime.date]:
    """The days on which the rules may give another state than on the day before, the first of the calendar too."""
    of_events = {day for each in events for day in (each.on, each.stated_on)}
    of_doubts = {day for each in doubts for day in (each.from_on, each.until_on)}
    return sorted({FIRST_DAY, *(day for day in of_events | of_doubts if day)})
