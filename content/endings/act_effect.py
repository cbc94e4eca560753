"""Whether an act, or the provision of it that says something, is in force on the day on which that counts. Pure.

What is ended, suspended, put off or amended before its day ends nothing on that day.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.documents.effect import (
    DoubtOfEffect,
    EffectDoubtKind,
    EffectEvent,
    EffectStatus,
    EventOfEffect,
    StatusEventKind,
    StatusEventScope,
    UncheckedStatement,
    event_covers,
    prepared_events,
    provision_effect_on,
)
from content.documents.models import LegalDocument
from content.documents.units_inside import with_units_inside

NOT_IN_FORCE = (
    EffectStatus.EXPIRED,
    EffectStatus.SUSPENDED,
    EffectStatus.NOT_YET_EFFECTIVE,
    EffectStatus.UNKNOWN,  # its first day is not fixed yet
)


@dataclass(frozen=True)
class EffectOfAct:
    """What is known of the effect of an act: events, those that its own text gives included, and doubts."""

    events: Collection[EventOfEffect]
    doubts: Collection[DoubtOfEffect]

    def says_so_on(self, day: datetime.date, eid: str) -> bool:
        """Whether the provision is in force on `day` without a doubt, and reads as it did on the act's first day."""
        known = provision_effect_on(self.events, eid, day)
        doubted = provision_effect_on(self.events, eid, day, self.doubts)
        if known.status in NOT_IN_FORCE or doubted.status != known.status:
            return False
        amended: list[tuple[datetime.date | None, EventOfEffect | DoubtOfEffect]] = [
            (each.on, each)
            for each in self.events
            if (each.kind, each.scope) == (StatusEventKind.AMENDED, StatusEventScope.PART)
        ]
        amended += [(each.from_on, each) for each in self.doubts if each.kind == EffectDoubtKind.AMENDS and each.eids]
        first_day = known.effective_on or datetime.date.min
        return not any(on and first_day < on <= day and event_covers(each, eid) for on, each in amended)


def effect_of_act(
    act: LegalDocument, first_day: datetime.date | None, orders: Iterable[AmendingInstruction]
) -> EffectOfAct:
    """The effect of an act whose own text gives `first_day`, if none is stored, and the first days in `orders`.

    What may begin on another day, which was not read for certain, is doubtful until the later of the two.
    """
    events = prepared_events(act.status_events.all())
    stated_on = act.issued_on or datetime.date.min
    kind, whole, part = StatusEventKind.TAKES_EFFECT, StatusEventScope.WHOLE, StatusEventScope.PART
    if first_day and not any((each.kind, each.scope) == (kind, whole) for each in events):
        events.append(EffectEvent(kind, whole, first_day, stated_on, frozenset(), None))
    doubts: list[DoubtOfEffect] = list(act.effect_doubts.all())
    for each in orders:
        if not (each.target.is_the_act and each.action is AmendingAction.TAKES_EFFECT and each.eid):
            continue
        eids = frozenset(with_units_inside(act.pk, [each.eid]))
        if each.is_certain:
            events.append(EffectEvent(kind, part, each.on, stated_on, eids, None))
        else:
            days = [day for day in (first_day, each.on) if day]
            until = max(days) if len(days) == 2 else None
            doubts.append(UncheckedStatement(EffectDoubtKind.BEGINS, part, min(days, default=stated_on), eids, until))
    return EffectOfAct(events, doubts)
