"""What a publisher compares before a conflict is decided: where the two sides differ, and what each says."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from content.amendments.admin.previews import LabelledDiff, labelled_diffs
from content.copying.objects import OBJECTS, CopiedObject
from content.copying.records import Record
from content.diff import UnitText, unit_diffs
from content.documents.models import LegalDocument
from content.record_fields.fields import RecordRefused, RecordWaits
from content.sync.models import Conflict, ConflictKind

Data = dict[str, Any]
MOST_SHOWN = 20_000  # characters of each side
MOST_DIFFERENCES = 100  # units that are shown with their words
LABELS_OF_LAW = {"number": _("number"), "title": _("title")}


@dataclass(frozen=True)
class FieldDiff:
    """A field of which the two sides say something else. `label`: its name in words, "" for what has none."""

    name: str
    label: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Comparison:
    """Both sides in words, "" for one that is not there, and where they differ. `more`: differences left out."""

    ours: str
    theirs: str
    fields: list[FieldDiff]
    units: list[LabelledDiff]
    more: int
    is_cut: bool

    @property
    def has_both(self) -> bool:
        return bool(self.ours and self.theirs)


def comparison_of(conflict: Conflict) -> Comparison:
    """What we have beside what the other installation says. A decided conflict keeps no words of theirs."""
    ours, theirs = _data_of_ours(conflict), (conflict.record or {}).get("data")
    sides = [_words_of(data) if data else "" for data in (ours, theirs)]
    names = [] if ours is None or theirs is None else _differing_fields(ours, theirs)
    units = [] if ours is None or theirs is None else unit_diffs(_units_of(ours), _units_of(theirs))
    return Comparison(
        sides[0][:MOST_SHOWN], sides[1][:MOST_SHOWN], names, labelled_diffs(units[:MOST_DIFFERENCES]),
        max(0, len(units) - MOST_DIFFERENCES), any(len(side) > MOST_SHOWN for side in sides),
    )  # fmt: skip


def _data_of_ours(conflict: Conflict) -> Data | None:
    """What we have: under its key, or the same object under another one."""
    kind = OBJECTS[conflict.object]
    same = _same_as(conflict.record, kind) if conflict.record and conflict.kind == ConflictKind.WORDS else None
    row = same or kind.model.objects.filter(key=conflict.subject).first()
    if row is None or (isinstance(row, LegalDocument) and not row.published_at):
        return None
    return dict(kind.as_data(row))


@transaction.atomic
def _same_as(record: Record, kind: CopiedObject) -> Any:
    try:
        return kind.find_same(record["data"])
    except (RecordWaits, RecordRefused):  # what its record names is gone here
        return None


def _differing_fields(ours: Data, theirs: Data) -> list[FieldDiff]:
    """Number and title of a law, whose texts are compared unit by unit; of others every field."""
    is_law = "provisions" in ours or "provisions" in theirs
    names = LABELS_OF_LAW if is_law else dict.fromkeys([*ours, *theirs], "")
    return [
        FieldDiff(name, str(label), _in_words(ours.get(name)), _in_words(theirs.get(name)))
        for name, label in names.items()
        if ours.get(name) != theirs.get(name)
    ]


def _in_words(value: Any) -> str:
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1, default=str)
    return words[:MOST_SHOWN]


def _units_of(data: Data) -> list[UnitText]:
    """The units of a law with their newest words; [] of other objects."""
    units = []
    for unit in data.get("provisions") or []:
        newest = (unit.get("versions") or [{}])[-1]
        eid, kind, number = (str(unit.get(name) or "") for name in ("eid", "kind", "number"))
        heading, text = (str(newest.get(name) or "") for name in ("heading", "text"))
        units.append(UnitText(eid, kind, number, heading, text, unit.get("parent")))
    return units


def _words_of(data: Data) -> str:
    """What an object says, for people to compare: title and texts of a law, all fields of others."""
    if data.get("provisions") is None:
        return json.dumps(data, ensure_ascii=False, indent=1, default=str)
    return f"{data['number']} {data['title']}\n{''.join(unit.text for unit in _units_of(data))}"
