"""What two texts of a document do not have in common, unit by unit and word by word. Pure: no table is read here."""

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

WORD = re.compile(r"\w+|\s+|[^\w\s]")
MAX_COMPARISONS = 4_000_000  # comparisons of words; beyond it the middle is one piece that goes and one that comes
UNIT_MARK = re.compile(r"^\s*(?:Điều\s+\w+[.:]?|[0-9]+[a-zđ]?\.|[a-zđ]{1,2}[0-9]*\))\s*", re.IGNORECASE)


class DiffKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # the same words under another number


@dataclass(frozen=True)
class WordSpan:
    """`text` stands in both ("equal"), only in the old ("delete"), or only in the new ("insert")."""

    op: str
    text: str


@dataclass(frozen=True)
class UnitDiff:
    """One unit that differs: as it stood and as it stands (applying.Stand or None), and its words."""

    what: DiffKind
    eid: str
    before: object
    after: object
    words: list[WordSpan]


def unit_diffs(before, after):
    """[Difference] between two lists of Stand, in the order of the new text, what is gone where it stood."""
    old, new = ({stand.eid: stand for stand in stands} for stands in (before, after))
    moved = _moved_units([stand for stand in before if stand.eid not in new], [s for s in after if s.eid not in old])
    left = {origin.eid for origin in moved.values()}
    found = []
    for eid in _eids_in_order(before, after):
        was, now = old.get(eid), new.get(eid)
        if eid in moved:
            found.append(UnitDiff(DiffKind.MOVED, eid, moved[eid], now, word_diff(moved[eid].text, now.text)))
        elif was is None:
            found.append(UnitDiff(DiffKind.ADDED, eid, None, now, [WordSpan("insert", now.text)]))
        elif now is None and eid not in left:
            found.append(UnitDiff(DiffKind.REMOVED, eid, was, None, [WordSpan("delete", was.text)]))
        elif now is not None and (was.text, was.heading) != (now.text, now.heading):
            found.append(UnitDiff(DiffKind.CHANGED, eid, was, now, word_diff(was.text, now.text)))
    return found


def _eids_in_order(before, after):
    """The eids of both: those of the new text in order, each that is gone behind what stood before it."""
    eids = [stand.eid for stand in after]
    places = {eid: at for at, eid in enumerate(eids)}
    gone, last = {}, None
    for stand in before:
        if stand.eid in places:
            last = stand.eid
        else:
            gone.setdefault(last, []).append(stand.eid)
    ordered = list(gone.get(None, []))
    for eid in eids:
        ordered += [eid, *gone.get(eid, [])]
    return ordered


def _moved_units(gone, come):
    """{eid: the old Stand} of units that say, their number aside, what exactly one that is gone said."""
    said = {}
    for stand in gone:
        said.setdefault((stand.kind, UNIT_MARK.sub("", stand.text).strip()), []).append(stand)
    fresh = {}
    for stand in come:
        fresh.setdefault((stand.kind, UNIT_MARK.sub("", stand.text).strip()), []).append(stand)
    return {
        stands[0].eid: said[words][0]
        for words, stands in fresh.items()
        if len(stands) == 1 and len(said.get(words, [])) == 1 and len(words[1]) > 20
    }


def word_diff(old, new):
    """[Span] over words: those not "insert" joined are `old`, those not "delete" joined are `new`."""
    a, b = WORD.findall(old), WORD.findall(new)
    head = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    tail = next(
        (at for at, (x, y) in enumerate(zip(reversed(a[head:]), reversed(b[head:]), strict=False)) if x != y),
        min(len(a), len(b)) - head,
    )
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    pieces = [("equal", a[:head]), *_changed_middle(middle_a, middle_b), ("equal", a[len(a) - tail :])]
    return _merged_spans((op, "".join(words)) for op, words in pieces if words)


def _changed_middle(a, b):
    if not a or not b or len(a) * len(b) > MAX_COMPARISONS:
        return [("delete", a), ("insert", b)]
    pieces = []
    for op, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        pieces += [("equal", a[a1:a2])] if op == "equal" else [("delete", a[a1:a2]), ("insert", b[b1:b2])]
    return pieces


def _merged_spans(pieces):
    """Neighbours of one kind as one; a blank between two changes goes with them, which reads better."""
    joined = []
    for op, text in pieces:
        if joined and joined[-1].op == op:
            joined[-1] = WordSpan(op, joined[-1].text + text)
        else:
            joined.append(WordSpan(op, text))
    return joined
