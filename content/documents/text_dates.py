"""The date of the text that is shown for a day: of that day, of a later one, or unknown.

The codification gives an article as it was on the day of import and names its amendments in a remark. For a day before
such an amendment only the later text is stored. For other days before the import the date is unknown, since not every
remark becomes a status event. Of a complete text it is unknown whether it contains amendments that were stated but not
applied here. Amendments applied here have versions, so their text is of the day.

An amendment of a codified article that begins after the import is not in the text that we have, and is not carried out
here: from its first day on the date of the article is unknown, until the codification is imported again.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.documents.effect import EffectDoubtKind, StatusEventScope, counts_on
from content.documents.models import LegalDocument, StatusEvent
from content.law.eids import eid_lineage
from content.vietnam_time import VIETNAM_TIME

AppliedUnits = Iterable[tuple[datetime.date, list[str]]]  # of each applied amendment: its first day, the units


class TextDateStatus(models.TextChoices):
    THAT_DAY = "that_day", _("That day")
    A_LATER_DAY = "a_later_day", _("A later day")
    UNKNOWN = "unknown", _("Unknown")


class TextDate:
    """The date of a document's text on one day, and of the text of each of its units."""

    def __init__(self, document: LegalDocument, day: datetime.date, applied: AppliedUnits | None = None) -> None:
        """`document` has its status events prefetched; `applied` are fetched only if they matter."""
        of_parts = [event for event in document.status_events.all() if event.scope == StatusEventScope.PART]
        stated = [event for event in of_parts if event.amendment_id is None]
        unknown = _orders_not_carried_out(document, day)
        later: list[list[str]] = []
        self._elsewhere = TextDateStatus.THAT_DAY
        if document.is_partial:
            changes = [event for event in stated if event.kind in ("amended", "expires")]
            later = [event.eids for event in changes if event.on and event.on > day]
            self._elsewhere = TextDateStatus.UNKNOWN if day < last_import_on(document) else TextDateStatus.THAT_DAY
        else:
            unknown += [
                event.eids for event in _not_applied(document, [e for e in stated if e.kind == "amended"], applied)
            ]
        self._named = {TextDateStatus.UNKNOWN: _Units(unknown), TextDateStatus.A_LATER_DAY: _Units(later)}

    @property
    def of_all(self) -> TextDateStatus:
        return next((status for status, units in self._named.items() if units.any), self._elsewhere)

    def of_own_words(self, eid: str) -> TextDateStatus:
        """Of a unit without the units under it."""
        return next((status for status, units in self._named.items() if units.hold(eid)), self._elsewhere)

    def of_unit(self, eid: str) -> TextDateStatus:
        """Of a unit with the units under it."""
        fitting = (status for status, units in self._named.items() if units.hold(eid) or units.are_inside(eid))
        return next(fitting, self._elsewhere)


class _Units:
    """Units that are named together with those under them; an empty list of eids names all."""

    def __init__(self, named: Collection[Collection[str]]) -> None:
        self._everywhere = any(not eids for eids in named)
        self._eids = {eid for eids in named for eid in eids}

    @property
    def any(self) -> bool:
        return self._everywhere or bool(self._eids)

    def hold(self, eid: str) -> bool:
        return self._everywhere or (bool(self._eids) and not self._eids.isdisjoint(eid_lineage(eid)))

    def are_inside(self, eid: str) -> bool:
        return any(each.startswith(f"{eid}__") for each in self._eids)


def _orders_not_carried_out(document: LegalDocument, day: datetime.date) -> list[list[str]]:
    """The units of what acts say about words on that day that was not carried out: amendments, repeals of parts."""
    kinds, part = EffectDoubtKind, StatusEventScope.PART
    doubts = [each for each in document.effect_doubts.all() if each.kind != kinds.BEGINS and counts_on(each, day)]
    return [each.eids for each in doubts if each.kind == kinds.AMENDS or (each.scope == part and each.eids)]


def last_import_on(document: LegalDocument) -> datetime.date:
    """The day on which our copy of the text was last written: of a codified text, the day that its words are of."""
    return max(filter(None, [document.created_at, document.corrected_at])).astimezone(VIETNAM_TIME).date()


def _not_applied(document: LegalDocument, events: list[StatusEvent], known: AppliedUnits | None) -> list[StatusEvent]:
    if not events:
        return []
    applied: dict[datetime.date, set[str]] = {}
    if known is None:
        known = document.amendments.filter(withdrawn_at=None).values_list("on", "eids")
    for on, eids in known:
        applied.setdefault(on, set()).update(eids)
    return [
        event
        for event in events
        if not _are_all_applied(event.eids, applied.get(event.on, set()) if event.on else set())
    ]


def _are_all_applied(stated: list[str], applied: set[str]) -> bool:
    """Whether the amendment of each stated unit, of one under it or of one around it was applied."""
    return bool(stated) and all(
        any(each.startswith(f"{eid}__") or each in eid_lineage(eid) for each in applied) for eid in stated
    )
