"""The differences between two texts of a document, unit by unit and word by word. Pure: no table is read here."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from content.law.lexer.unit_lexicon import ARTICLE_LABEL, UNIT_MARK

WORD = re.compile(r"\w+|\s+|[^\w\s]")
MAX_COMPARISONS = 4_000_000  # of words; beyond it the changed middle is one deletion and one insertion
MIN_MOVED_LETTERS = 20  # a shorter text says too little to recognise a unit by under another number
UNIT_LABEL = re.compile(rf"^\s*(?:{ARTICLE_LABEL}|{UNIT_MARK})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class UnitText:
    """One unit with its own text, the units under it left out; own texts, joined, are the text of the document."""

    eid: str
    kind: str
    number: str
    heading: str
    text: str
    parent: str | None  # eid of the unit around it


class DiffKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # the same words under another number


class SpanKind(StrEnum):
    EQUAL = "equal"  # in both texts
    DELETE = "delete"  # only in the old one
    INSERT = "insert"  # only in the new one


@dataclass(frozen=True)
class WordSpan:
    """A run of words that both texts have, or only one of them."""

    op: SpanKind
    text: str


@dataclass(frozen=True)
class UnitDiff:
    """One unit that differs, with its words. `before` is None of an added unit, `after` of a removed one."""

    what: DiffKind
    eid: str
    before: UnitText | None
    after: UnitText | None
    words: list[WordSpan]

    @property
    def unit(self) -> UnitText:
        """The unit after the change; the former one if it was removed."""
        return cast(UnitText, self.after or self.before)


def unit_diffs(before: Sequence[UnitText], after: Sequence[UnitText]) -> list[UnitDiff]:
    """The differences between two texts, in the order of the new one; a removed unit comes where it was."""
    old, new = ({unit.eid: unit for unit in units} for units in (before, after))
    moved = _moved_units(
        [unit for unit in before if unit.eid not in new], [unit for unit in after if unit.eid not in old]
    )
    origins = {origin.eid for origin in moved.values()}
    found = []
    for eid in _eids_in_order(before, after):
        unit_before, unit_after = moved.get(eid) or old.get(eid), new.get(eid)
        kind = _kind_of_diff(unit_before, unit_after, is_moved=eid in moved)
        if kind and not (kind is DiffKind.REMOVED and eid in origins):
            found.append(UnitDiff(kind, eid, unit_before, unit_after, _words_of_diff(unit_before, unit_after)))
    return found


def _kind_of_diff(before: UnitText | None, after: UnitText | None, *, is_moved: bool) -> DiffKind | None:
    """What happened to one unit; None: nothing."""
    if is_moved:
        return DiffKind.MOVED
    if before is None:
        return DiffKind.ADDED
    if after is None:
        return DiffKind.REMOVED
    return DiffKind.CHANGED if (before.text, before.heading) != (after.text, after.heading) else None


def _words_of_diff(before: UnitText | None, after: UnitText | None) -> list[WordSpan]:
    if before and after:
        return word_diff(before.text, after.text)
    deleted = [WordSpan(SpanKind.DELETE, before.text)] if before else []
    return deleted + ([WordSpan(SpanKind.INSERT, after.text)] if after else [])


def _eids_in_order(before: Sequence[UnitText], after: Sequence[UnitText]) -> list[str]:
    """The eids of both: those of the new text in order, each removed one behind what came before it."""
    kept = {unit.eid for unit in after}
    removed: dict[str | None, list[str]] = {}
    last = None
    for unit in before:
        if unit.eid in kept:
            last = unit.eid
        else:
            removed.setdefault(last, []).append(unit.eid)
    ordered = list(removed.get(None, []))
    for unit in after:
        ordered += [unit.eid, *removed.get(unit.eid, [])]
    return ordered


def _moved_units(removed: Iterable[UnitText], added: Iterable[UnitText]) -> dict[str, UnitText]:
    """{eid: the old unit} of added units whose text, without its number, is that of exactly one removed unit."""
    old, new = _by_text_without_mark(removed), _by_text_without_mark(added)
    return {
        units[0].eid: old[kind, text][0]
        for (kind, text), units in new.items()
        if len(units) == 1 and len(old.get((kind, text), [])) == 1 and len(text) > MIN_MOVED_LETTERS
    }


def _by_text_without_mark(units: Iterable[UnitText]) -> dict[tuple[str, str], list[UnitText]]:
    found: dict[tuple[str, str], list[UnitText]] = {}
    for unit in units:
        found.setdefault((unit.kind, UNIT_LABEL.sub("", unit.text).strip()), []).append(unit)
    return found


def word_diff(old: str, new: str) -> list[WordSpan]:
    """The spans from one text to the other: without insertions they join to `old`, without deletions to `new`."""
    a, b = WORD.findall(old), WORD.findall(new)
    head = _length_of_common_start(a, b)
    tail = _length_of_common_start(a[head:][::-1], b[head:][::-1])
    pieces = [
        (SpanKind.EQUAL, a[:head]),
        *_changed_middle(a[head : len(a) - tail], b[head : len(b) - tail]),
        (SpanKind.EQUAL, a[len(a) - tail :]),
    ]
    return _merged_spans((op, "".join(words)) for op, words in pieces if words)


def _length_of_common_start(a: list[str], b: list[str]) -> int:
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _changed_middle(a: list[str], b: list[str]) -> list[tuple[SpanKind, list[str]]]:
    if not a or not b or len(a) * len(b) > MAX_COMPARISONS:
        return [(SpanKind.DELETE, a), (SpanKind.INSERT, b)]
    pieces: list[tuple[SpanKind, list[str]]] = []
    for op, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append((SpanKind.EQUAL, a[a1:a2]))
        else:
            pieces += [(SpanKind.DELETE, a[a1:a2]), (SpanKind.INSERT, b[b1:b2])]
    return pieces


def _merged_spans(pieces: Iterable[tuple[SpanKind, str]]) -> list[WordSpan]:
    """Neighbours of one kind as one span."""
    merged: list[WordSpan] = []
    for op, text in pieces:
        if merged and merged[-1].op == op:
            merged[-1] = WordSpan(op, merged[-1].text + text)
        else:
            merged.append(WordSpan(op, text))
    return merged
