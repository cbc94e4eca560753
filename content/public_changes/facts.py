"""What is public of the facts of a change. The API, the exports and the notifications all take it from here.

The change log keeps the words that a correction or a withdrawal took out: staff compare with them what cited the text,
and a row of the log is never changed. They must not be told again, for they may tell who somebody is. A change that was
made earlier may have them too, as the words that it put in. So no words of an object are public in the log. A public
change names fields and provisions; titles and citations are those of now; the rest is read at the object.
"""

import copy
from collections.abc import Iterable
from typing import Any

from content.changes.event_types import EventType
from content.changes.models import Change
from content.public_changes.names import Names, PublicName, names_now, object_type_of

PLAIN_FACTS = {  # keys, days, numbers and values of closed lists: no words of an object
    "added", "algorithm", "cause", "cause_kind", "doc_type", "document", "ends_at", "hours", "is_removed",
    "is_sample", "kind", "language", "material", "merged", "merged_into", "on", "online", "origin", "pool_size",
    "predicted_count", "province", "question", "relation", "removes_words", "round", "rounds", "scope", "seed",
    "sizes", "slot", "starts_at", "status", "status_after", "status_before", "turnout", "units", "verified", "when",
}  # fmt: skip
FACTS_OF_PUBLIC_OBJECTS = {  # what is public still says them: `moves`, `cancel_reason`, `void_reason`
    "event": {"place", "reason", "was"},
    "contest": {"reason"},
}
WITHDRAWALS_WITH_A_REASON = (EventType.DOCUMENT_WITHDRAWN, EventType.MATERIAL_WITHDRAWN, EventType.PLAN_WITHDRAWN)
EFFECT_EVENT_FACTS = ("kind", "scope", "eids", "on")


def public_facts(change: Change, names: Names) -> dict[str, Any]:
    """The facts of a public change as everybody may read them. `names` comes from `names_now`."""
    facts, name = change.facts, names.get((object_type_of(change), change.subject))
    shown = {key: value for key, value in facts.items() if key in PLAIN_FACTS}
    if "number" in facts:
        shown["number"] = name.number if name else facts["number"]
    if "title" in facts and name and name.title is not None:
        shown["title"] = name.title
        still_said = FACTS_OF_PUBLIC_OBJECTS.get(object_type_of(change), set())
        shown |= {key: facts[key] for key in still_said if key in facts}
    if change.event_type in WITHDRAWALS_WITH_A_REASON and "reason" in facts:
        shown["reason"] = facts["reason"]  # the address of the object gives it too
    if "act" in facts:
        shown["act"] = _act(facts["act"], names.get(("document", facts["act"]["key"])))
    if "events" in facts:
        shown["events"] = [_of_effect_event(event) for event in facts["events"]]
    if "correction" in facts:
        shown["correction"] = _correction(facts["correction"])
    return shown


def with_public_facts(changes: Iterable[Change]) -> list[Change]:
    """Copies of the changes with public facts, for reading only. Nine queries at most, whatever their number.

    A private change, which has no words of an object, is left as it is.
    """
    rows = list(changes)
    names = names_now(row for row in rows if row.reader_id is None)
    return [row if row.reader_id else _with_facts(row, public_facts(row, names)) for row in rows]


def _with_facts(change: Change, facts: dict[str, Any]) -> Change:
    shown = copy.copy(change)
    shown.facts = facts
    return shown


def _act(act: dict[str, str], name: PublicName | None) -> dict[str, str]:
    number = name.number if name else act.get("number", "")
    shown = {"key": act["key"], "number": number, "citation": (name and name.citation) or number or act["key"]}
    return shown | ({"title": name.title} if name and name.title is not None else {})


def _of_effect_event(event: dict[str, Any]) -> dict[str, Any]:
    return {key: event[key] for key in EFFECT_EVENT_FACTS if key in event}


def _correction(correction: dict[str, Any]) -> dict[str, Any]:
    """Which fields and provisions a correction changed, without what they said before or after it."""
    shown: dict[str, Any] = {
        "fields": [{"field": changed["field"]} for changed in correction["fields"]],
        "provisions": [{"eid": changed["eid"], "change": changed["change"]} for changed in correction["provisions"]],
    }
    return shown | {key: correction[key] for key in ("removes_words",) if key in correction}
