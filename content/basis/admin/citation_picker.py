"""Look up provisions and tick those that content cites; name the changes of the law that content cites."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from content import vietnam_time
from content.basis import lookup
from content.basis.models import BasisChange
from content.changes.event_types import EventType
from content.documents import citations
from content.documents import queries as documents
from content.documents.models import LegalDocument, StatusEvent

CHANGE_LABELS: dict[str, Promise] = {
    EventType.DOCUMENT_AMENDED: gettext_lazy("The document was amended"),
    EventType.DOCUMENT_CORRECTED: gettext_lazy("Our copy was corrected"),
    EventType.DOCUMENT_WITHDRAWN: gettext_lazy("We withdrew our copy"),
    EventType.AMENDMENT_WITHDRAWN: gettext_lazy("An amendment had been entered by mistake"),
    EventType.STATUS_ENTERED: gettext_lazy("A change of its effect was entered"),
    EventType.STATUS_CHANGED: gettext_lazy("Its effect changed"),
}


@dataclass(frozen=True)
class CitedProvision:
    """A ticked provision: what the form sends, and its text today."""

    value: str  # «luat-2024-31-2024-qh15/art_6»
    words: str
    rows: list[Any] = field(default_factory=list)  # of lookup.citable_units
    is_there: bool = True


@dataclass(frozen=True)
class LawChange:
    """A change of the cited law in words: what happened, to which document, by which act, from which day."""

    noted: BasisChange
    label: str | Promise
    document: str
    act: str
    on: datetime.date | None
    events: list[str | Promise]


def parse_citation(value: str) -> tuple[LegalDocument, str] | None:
    """(document, eid) of a tick, None if the document is not public."""
    key, _slash, eid = value.replace("\0", "").partition("/")
    document = documents.public_documents().filter(key=key).first()
    return (document, eid) if document else None


def cited_provision(value: str) -> CitedProvision:
    """A tick as the picker shows it."""
    pair = parse_citation(value)
    if pair is None:
        return CitedProvision(value, value, is_there=False)
    document, eid = pair
    if not eid:
        return CitedProvision(value, citations.cite_document(document))
    rows = lookup.citable_units(document, eid, vietnam_time.today())
    return CitedProvision(value, rows[0].words if rows else value, rows, is_there=bool(rows))


def lookup_context(data: Mapping[str, Any]) -> dict[str, Any]:
    """Template context for what was typed and chosen in the picker. `found` is None if nothing was typed."""
    typed = data.get("typed", "").strip()
    if not typed:
        return {"typed": "", "found": None}
    is_same = data.get("looked_up") == typed  # else the choice belongs to an earlier search
    chosen = {"document_key": data.get("document", ""), "eid": data.get("article", "")} if is_same else {}
    return {"typed": typed, "found": lookup.look_up(typed, vietnam_time.today(), **chosen)}


def law_change(noted: BasisChange) -> LawChange:
    """The change in words."""
    facts = noted.change.facts
    return LawChange(
        noted=noted,
        label=CHANGE_LABELS.get(noted.change.event_type, noted.change.event_type),
        document=facts.get("citation") or " ".join(filter(None, [facts.get("number"), facts.get("title")])),
        act=(facts.get("act") or {}).get("citation", ""),
        on=datetime.date.fromisoformat(facts["on"]) if facts.get("on") else None,
        events=[StatusEvent.Kind(event["kind"]).label for event in facts.get("events", [])],
    )
