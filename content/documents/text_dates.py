"""The date of the text that is shown for a day: of that day, of a later one, or unknown.

The codification gives an article as it was on the day of import and names its amendments in a remark. For a day before
such an amendment only the later text is stored. For other days before the import the date is unknown, since not every
remark becomes a status event. Of a complete text it is unknown whether it contains amendments that were stated but not
applied here. Amendments applied here have versions, so their text is of the day.
"""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.documents.models import EffectDoubt, LegalDocument, StatusEvent
from content.law.eids import eid_lineage
from content.vietnam_time import VIETNAM_TIME


class TextDateStatus(models.TextChoices):
    THAT_DAY = "that_day", _("That day")
    A_LATER_DAY = "a_later_day", _("A later day")
    UNKNOWN = "unknown", _("Unknown")


class TextDate:
    """The date of a document's text on one day, and of the text of each of its units."""

    def __init__(self, document: LegalDocument, day: datetime.date) -> None:
        """`document` has its status events prefetched; its amendments are fetched only if they matter."""
        stated = [
            event for event in document.status_events.all() if event.amendment_id is None and event.scope == "part"
        ]
        if document.is_partial:
            changes = [event for event in stated if event.kind in ("amended", "expires")]
            doubtful, self._otherwise = (
                [event for event in changes if event.on and event.on > day],
                TextDateStatus.A_LATER_DAY,
            )
            self._elsewhere = TextDateStatus.UNKNOWN if day < _last_import_on(document) else TextDateStatus.THAT_DAY
        else:
            self._otherwise, self._elsewhere = TextDateStatus.UNKNOWN, TextDateStatus.THAT_DAY
            doubtful = _not_applied(document, [event for event in stated if event.kind == "amended"])
        named = [event.eids for event in doubtful]
        if not document.is_partial:
            named += [doubt.eids for doubt in _orders_not_carried_out(document, day)]
        self._everywhere = any(not eids for eids in named)
        self._eids = {eid for eids in named for eid in eids}

    @property
    def of_all(self) -> TextDateStatus:
        return self._otherwise if self._everywhere or self._eids else self._elsewhere

    def of_own_words(self, eid: str) -> TextDateStatus:
        """Of a unit without the units under it."""
        doubtful = self._everywhere or not self._eids.isdisjoint(eid_lineage(eid))
        return self._otherwise if doubtful else self._elsewhere

    def of_unit(self, eid: str) -> TextDateStatus:
        """Of a unit with the units under it."""
        inside = any(each.startswith(f"{eid}__") for each in self._eids)
        return self._otherwise if inside else self.of_own_words(eid)


def _orders_not_carried_out(document: LegalDocument, day: datetime.date) -> list[EffectDoubt]:
    """What acts say about the words of units on that day and was not carried out: amendments, repeals of parts."""
    return [
        doubt
        for doubt in document.effect_doubts.all()
        if doubt.from_on <= day and (doubt.kind == "amends" or (doubt.scope == "part" and doubt.eids))
    ]


def _last_import_on(document: LegalDocument) -> datetime.date:
    """The day on which our copy of the text was last written."""
    return max(filter(None, [document.created_at, document.corrected_at])).astimezone(VIETNAM_TIME).date()


def _not_applied(document: LegalDocument, events: list[StatusEvent]) -> list[StatusEvent]:
    if not events:
        return []
    applied: dict[datetime.date, set[str]] = {}
    for on, eids in document.amendments.filter(withdrawn_at=None).values_list("on", "eids"):
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
