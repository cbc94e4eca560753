"""Of which day the words are that we show for a day. Pure but for the amendments of a document.

The codification gives an article as it read when we took it in, with what amended it in a remark. For a day before that
amendment we have only the later words; for any other day before we took it in we do not know, since not every remark
becomes a status event. Of a complete text we do not know whether it holds amendments that were told us without being
carried out here. What we carried out ourselves has its versions, and needs no word.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.law.eids import eid_lineage
from content.vietnam_time import VIETNAM_TIME


class TextDateStatus(models.TextChoices):
    THAT_DAY = "that_day", _("That day")
    A_LATER_DAY = "a_later_day", _("A later day")
    UNKNOWN = "unknown", _("Unknown")


class TextDate:
    """Says of a document's text on one day, and of each of its units, of which day the words are."""

    def __init__(self, document, day):
        """`document` with its status events prefetched; its amendments are only asked for where that matters."""
        told = [event for event in document.status_events.all() if event.amendment_id is None and event.scope == "part"]
        if document.is_partial:
            moved = [event for event in told if event.kind in ("amended", "expires")]
            doubtful, self._otherwise = (
                [event for event in moved if event.on and event.on > day],
                TextDateStatus.A_LATER_DAY,
            )
            self._elsewhere = TextDateStatus.UNKNOWN if day < _last_import_on(document) else TextDateStatus.THAT_DAY
        else:
            self._otherwise, self._elsewhere = TextDateStatus.UNKNOWN, TextDateStatus.THAT_DAY
            doubtful = _not_applied(document, [event for event in told if event.kind == "amended"])
        self._everywhere = any(not event.eids for event in doubtful)
        self._eids = {eid for event in doubtful for eid in event.eids}

    @property
    def of_all(self):
        return self._otherwise if self._everywhere or self._eids else self._elsewhere

    def of_own_words(self, eid):
        """Of a unit without those under it."""
        doubtful = self._everywhere or not self._eids.isdisjoint(eid_lineage(eid))
        return self._otherwise if doubtful else self._elsewhere

    def of_unit(self, eid):
        """Of a unit with those under it."""
        inside = any(each.startswith(f"{eid}__") for each in self._eids)
        return self._otherwise if inside else self.of_own_words(eid)


def _last_import_on(document):
    """The day on which our copy last took words in."""
    return max(filter(None, [document.created_at, document.corrected_at])).astimezone(VIETNAM_TIME).date()


def _not_applied(document, events):
    if not events:
        return []
    done = {}
    for on, eids in document.amendments.filter(withdrawn_at=None).values_list("on", "eids"):
        done.setdefault(on, set()).update(eids)
    return [event for event in events if not _are_all_applied(event.eids, done.get(event.on, set()))]


def _are_all_applied(told, done):
    """Whether each unit that was told, or one under it, or one above it, was carried out."""
    return bool(told) and all(
        any(each.startswith(f"{eid}__") or each in eid_lineage(eid) for each in done) for eid in told
    )
