"""What differs between two versions of a document, for the reviewer of a correction and for the change log. Pure."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from content.text.removed_words import removes_words

MAX_LETTERS_STATED = 100_000  # characters of text in one change; beyond it only the changed provisions are named


class ChangeKind(StrEnum):
    """What happened to a provision."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class UnitChange:
    """One provision that was added, removed or changed."""

    eid: str
    kind: ChangeKind
    before: str  # its own text, without the units under it
    after: str


@dataclass(frozen=True)
class FieldChange:
    """A field of the description that changed. The values are texts as a person reads them."""

    name: str
    before: str
    after: str


def unit_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[UnitChange]:
    """The changes between two {eid: own text}, in the order of the new text; removed units keep their old place."""
    changes = []
    for eid in _merged_order(list(before), list(after)):
        old, new = before.get(eid), after.get(eid)
        if old != new:
            changes.append(UnitChange(eid, _kind_of_change(old, new), old or "", new or ""))
    return changes


def _kind_of_change(old: str | None, new: str | None) -> ChangeKind:
    if old is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if new is None else ChangeKind.CHANGED


def field_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    """The changes between two {name: text}."""
    return [
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    ]


def correction_facts(fields: Sequence[FieldChange], units: Sequence[UnitChange]) -> dict[str, Any]:
    """A correction as the change log stores it: old and new value of each field, old and new text of each provision.

    If the texts together are too long for one change, provisions are named without them (`wording` is false).
    `removes_words`: some word occurs less often in one field or provision than before.
    """
    wording = sum(len(change.before) + len(change.after) for change in units) <= MAX_LETTERS_STATED
    stated = [{"eid": change.eid, "change": change.kind} for change in units]
    if wording:
        stated = [
            entry | {"before": change.before, "after": change.after}
            for entry, change in zip(stated, units, strict=True)
        ]
    described = [{"field": change.name, "before": change.before, "after": change.after} for change in fields]
    changes: list[FieldChange | UnitChange] = [*fields, *units]
    removes = removes_words([each.before for each in changes], [each.after for each in changes])
    return {"fields": described, "provisions": stated, "wording": wording, "removes_words": removes}


def _merged_order(old: list[str], new: list[str]) -> list[str]:
    """Both orders in one, each eid once."""
    merged = []
    for tag, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        merged += old[old_from:old_to] if tag == "equal" else old[old_from:old_to] + new[new_from:new_to]
    return list(dict.fromkeys(merged))
