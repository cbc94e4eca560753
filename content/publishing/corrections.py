"""What differs between two wordings of a document: for whoever confirms a correction, and for the day-book. Pure."""

import difflib
from dataclasses import dataclass

MAX_LETTERS_STATED = (
    100_000  # characters of wording in one line of the day-book; beyond it only what was touched is named
)


@dataclass(frozen=True)
class UnitChange:
    """One provision that was "added", "removed" or "changed"."""

    eid: str
    kind: str
    before: str  # its own words, without the units under it
    after: str


@dataclass(frozen=True)
class FieldChange:
    """A field of the description that says something else; values are texts as a person reads them."""

    name: str
    before: str
    after: str


def unit_changes(before, after):
    """The UnitChanges between two {eid: own words}, in the order of the newer text, what is gone at its old place."""
    changes = []
    for eid in _merged_order(list(before), list(after)):
        old, new = before.get(eid), after.get(eid)
        if old != new:
            kind = "added" if old is None else "removed" if new is None else "changed"
            changes.append(UnitChange(eid, kind, old or "", new or ""))
    return changes


def field_changes(before, after):
    """The FieldChanges between two {name: text}."""
    return [
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    ]


def correction_facts(fields, units):
    """A correction as the day-book states it: what the description said and says, what each provision said and says.

    Where the wordings together are too long for one line, provisions are named without them (`wording` is false).
    """
    wording = sum(len(change.before) + len(change.after) for change in units) <= MAX_LETTERS_STATED
    stated = [{"eid": change.eid, "change": change.kind} for change in units]
    if wording:
        stated = [
            entry | {"before": change.before, "after": change.after}
            for entry, change in zip(stated, units, strict=True)
        ]
    described = [{"field": change.name, "before": change.before, "after": change.after} for change in fields]
    return {"fields": described, "provisions": stated, "wording": wording}


def _merged_order(old, new):
    """Both orders in one: each eid once."""
    merged = []
    for tag, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        merged += old[old_from:old_to] if tag == "equal" else old[old_from:old_to] + new[new_from:new_to]
    return list(dict.fromkeys(merged))
