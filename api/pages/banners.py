"""What a page says first: whether the text binds on the day, in words and with a sign, never by colour alone."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.defaultfilters import date as written
from django.utils.translation import gettext as _

from api.pages.day_addresses import address_on
from content.documents.citations import cite_document
from content.documents.effect import Effect, EffectStatus, StatusEventKind, StatusEventScope, event_counts_from
from content.documents.models import LegalDocument
from content.documents.units_inside import outermost_units
from content.law.eids import eid_in_words, eid_lineage
from content.relations.queries import replacing_documents

SIGNS = {
    EffectStatus.IN_FORCE: "✓",
    EffectStatus.NOT_YET_EFFECTIVE: "◷",
    EffectStatus.PARTLY_EXPIRED: "◐",
    EffectStatus.EXPIRED: "✕",
    EffectStatus.SUSPENDED: "‖",
    EffectStatus.PARTLY_SUSPENDED: "◐",
    EffectStatus.NO_LONGER_SUITABLE: "✕",
    EffectStatus.UNKNOWN: "?",
}
MOST_UNITS = 5  # of one act, that a banner names
MOST_ACTS = 10  # the latest; the page of history has all


@dataclass(frozen=True)
class Banner:
    """`words` say the effect; `links` are (what it is, words, path) of the documents behind it."""

    kind: str  # the EffectStatus, for the style
    sign: str
    words: str
    links: list[tuple[str, str, str]] = field(default_factory=list)


def effect_banner(document: LegalDocument, effect: Effect, day: datetime.date, eid: str = "") -> Banner | None:
    """The banner for the effect of the document, or of its unit `eid`; None for a consolidated text."""
    if effect.status is None:
        return None
    words = {
        EffectStatus.IN_FORCE: _("In force since %(first)s"),
        EffectStatus.NOT_YET_EFFECTIVE: _("Not yet in force: from %(first)s"),
        EffectStatus.PARTLY_EXPIRED: _("In force since %(first)s; a part is no longer in force"),
        EffectStatus.EXPIRED: _("No longer in force since %(last)s"),
        EffectStatus.SUSPENDED: _("Suspended"),
        EffectStatus.PARTLY_SUSPENDED: _("In force since %(first)s; a part is suspended"),
        EffectStatus.NO_LONGER_SUITABLE: _("No longer suitable"),
        EffectStatus.UNKNOWN: _("We do not know whether it is in force"),
    }[effect.status]
    if effect.status == EffectStatus.IN_FORCE and effect.expires_on:
        words = _("In force since %(first)s until %(until)s")
    days = {
        "first": written(effect.effective_on, "d/m/Y") if effect.effective_on else "…",
        "last": written(effect.expires_on, "d/m/Y") if effect.expires_on else "…",
        "until": written(effect.expires_on - datetime.timedelta(days=1), "d/m/Y") if effect.expires_on else "…",
    }
    links = _ending_links(document, eid, day) if effect.status == EffectStatus.EXPIRED else []
    if effect.status == EffectStatus.PARTLY_EXPIRED and not eid:
        links = _links_of_parts(document, day)
    return Banner(effect.status.value, SIGNS[effect.status], words % days, links)


def _links_of_parts(document: LegalDocument, day: datetime.date) -> list[tuple[str, str, str]]:
    """(the units, the act, its page) of each act that ended or changed a part by `day`, the latest first."""
    kinds = (StatusEventKind.EXPIRES, StatusEventKind.AMENDED)
    events = document.status_events.filter(kind__in=kinds, scope=StatusEventScope.PART, amendment__isnull=False)
    units: dict[LegalDocument, list[str]] = {}
    for event in events.select_related("amendment__act").order_by("-on", "pk"):
        if event_counts_from(event) <= day and event.amendment:
            units.setdefault(event.amendment.act, []).extend(event.eids)
    return [
        (_units_in_words(outermost_units(document.pk, eids)), cite_document(act), address_on(act, "", day))
        for act, eids in list(units.items())[:MOST_ACTS]
    ]


def _units_in_words(eids: Sequence[str]) -> str:
    """«Điều 5, khoản 2 Điều 6 and 12 more»."""
    named = ", ".join(eid_in_words(eid) for eid in eids[:MOST_UNITS]) or _("A part")
    words = _("%(units)s and %(count)d more") if len(eids) > MOST_UNITS else "%(units)s"
    said = words % {"units": named, "count": len(eids) - MOST_UNITS}
    return said[:1].upper() + said[1:]


def _ending_links(document: LegalDocument, eid: str, day: datetime.date) -> list[tuple[str, str, str]]:
    """The acts that ended the document, or this unit of it, by `day`; those that replace it, if it ended as a whole."""
    events = document.status_events.filter(kind=StatusEventKind.EXPIRES).select_related("amendment__act")
    line = set(eid_lineage(eid)) if eid else set()
    ends = [
        event
        for event in events
        if event_counts_from(event) <= day and (event.scope == StatusEventScope.WHOLE or line & set(event.eids))
    ]
    found: dict[str, tuple[str, str, str]] = {}
    if any(event.scope == StatusEventScope.WHOLE for event in ends):
        for act in replacing_documents([document]).get(document.pk, []):
            found[act.key] = (_("Replaced by"), cite_document(act), address_on(act, "", day))
    for act in (event.amendment.act for event in ends if event.amendment):
        found.setdefault(act.key, (_("Ended by"), cite_document(act), address_on(act, "", day)))
    return list(found.values())
