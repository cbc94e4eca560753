"""The new wording that an act quotes: without its quotation marks, and split into the units it is meant for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from content import parsing
from content.law.eids import eid_of_path
from content.law.unit_numbers import eid_token
from content.law.units import HEADING_WORDS, KINDS_ABOVE_ARTICLES, UnitKind
from content.parsing import Unit

_OPENS = re.compile(r'^\s*[“„«"]\s*')
_CLOSES = re.compile(r'\s*[”»"][\s.;,:/]*$')
_WRAPPED = "Điều 1.\n"  # a clause is parsed as the first of an article: the parser counts from 1
_CLAUSE_NUMBER = re.compile(r"^\s*[0-9]+[a-zđ]?")
_POINT_MARK = re.compile(r"^[ \t]*[a-zđ]{1,2}[0-9]{0,2}\)", re.MULTILINE)
_CLAUSE_MARK = re.compile(r"^[ \t]*[0-9]+[a-zđ]?\.(?![0-9])", re.MULTILINE)
UnitPath = tuple[tuple[UnitKind, str], ...]  # (kind, number) from the outermost to the unit itself
_MARK_PATTERNS = {
    UnitKind.ARTICLE: r"[ĐÐ](?:iều|IỀU)\s+{}(?![\w])",
    UnitKind.CLAUSE: r"{}\s*\.(?![0-9])",
    UnitKind.POINT: r"{}\s*\)",
} | {kind: rf"(?:{HEADING_WORDS[kind]}|{HEADING_WORDS[kind].upper()})\s+{{}}(?!\w)" for kind in KINDS_ABOVE_ARTICLES}


@dataclass(frozen=True)
class NewUnit:
    """A unit of a new wording. `text` is its own text; `parent` is an eid, None for the outermost."""

    eid: str
    kind: UnitKind
    number: str
    heading: str
    text: str
    parent: str | None


def strip_quotation_marks(blocks: Sequence[str]) -> list[str]:
    """The quoted blocks, without the quotation marks around them."""
    return [_CLOSES.sub("", _OPENS.sub("", block)) for block in blocks]


def split_by_target(blocks: Sequence[str], targets: Sequence[tuple[UnitKind, str]]) -> list[str] | None:
    """The text for each of `targets` [(kind, number)], in order; None if the start of one is not found.

    A text begins at the line with its target's number and ends before the next target's. With a single target, a text
    without the number is still its text. None too if a point that is meant for another clause may belong to the clause
    before it: «2. …\na) …\nd) …» within one block.
    """
    if len(blocks) == len(targets) > 1 and all(map(_begins_with, blocks, targets)):
        return [block.strip() for block in blocks]
    text = "\n".join(blocks)
    starts, at = [], 0
    for kind, number in targets:
        mark = re.compile('^[ \t]*[“"]?' + _MARK_PATTERNS[kind].format(re.escape(number)), re.MULTILINE)
        match = mark.search(text, at)
        if not match:
            return [text] if len(targets) == 1 else None
        starts.append(match.start())
        at = match.end()
    parts = [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    following = [kind for kind, _number in targets[1:]]
    return None if any(map(_may_go_on, parts, following)) else parts


def _begins_with(block: str, target: tuple[UnitKind, str]) -> bool:
    return begins_with_mark(block, *target)


def _may_go_on(part: str, following: UnitKind) -> bool:
    """Whether a unit of the kind that follows may belong to this part, which holds others of that kind."""
    if following is UnitKind.POINT:
        return _POINT_MARK.match(part) is None and _POINT_MARK.search(part) is not None
    if following is UnitKind.CLAUSE:
        return _CLAUSE_MARK.match(part) is None and _CLAUSE_MARK.search(part) is not None
    return False


def begins_with_mark(text: str, kind: UnitKind, number: str) -> bool:
    """Whether the text begins with the unit's own number: «Điều 5», «3.», «a)»."""
    return re.match("[ \t]*" + _MARK_PATTERNS[kind].format(re.escape(number)), text) is not None


def parse_new_units(text: str, path: UnitPath) -> list[NewUnit] | None:
    """The units of the new wording of the unit at `path`, in order; None if the wording is not that unit.

    Each own text ends with a line break; joined, the own texts are the wording.
    """
    kind, number = path[-1]
    if kind not in (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT) or not begins_with_mark(text, kind, number):
        return None
    text = text.strip("\n") + "\n"
    eid = eid_of_path(path)
    if kind is UnitKind.POINT:
        if len(_POINT_MARK.findall(text)) > 1:
            return None  # what follows is another point
        return [NewUnit(eid, kind, number, "", text, None)]
    if kind is UnitKind.ARTICLE:
        parsed = parsing.parse_text(text, warns=False).units
    else:
        parsed = parsing.parse_text(_WRAPPED + _CLAUSE_NUMBER.sub("1", text, count=1), warns=False).units[1:]
    return _with_real_eids(parsed, text, len(_WRAPPED) if kind is UnitKind.CLAUSE else 0, eid, kind, number)


def _with_real_eids(
    parsed: Sequence[Unit], text: str, offset: int, eid: str, kind: UnitKind, number: str
) -> list[NewUnit] | None:
    """The parsed units under their real eids; None if the first is not the unit, or another of its kind follows."""
    if not parsed or parsed[0].kind is not kind or any(unit.kind is kind for unit in parsed[1:]):
        return None
    if kind is UnitKind.ARTICLE and eid_token(parsed[0].number) != eid_token(number):
        return None
    clause_number = None if kind is UnitKind.ARTICLE else _CLAUSE_NUMBER.match(text)
    lost = len(clause_number[0]) - 1 if clause_number else 0  # characters by which the number «1» is shorter
    made = []
    for at, unit in enumerate(parsed):
        start = 0 if at == 0 else unit.start - offset + lost
        end = unit.end - offset + lost
        own = eid + unit.eid.removeprefix(parsed[0].eid)
        parent = None if at == 0 else eid + _parent(unit, parsed).eid.removeprefix(parsed[0].eid)
        own_number = number if at == 0 else unit.number
        made.append(NewUnit(own, unit.kind, own_number, unit.heading, text[start:end], parent))
    return made if "".join(unit.text for unit in made) == text else None


def _parent(unit: Unit, parsed: Sequence[Unit]) -> Unit:
    """The unit of `parsed` that contains `unit`: the nearest one before it whose eid begins its own."""
    return next(other for other in reversed(parsed[: parsed.index(unit)]) if unit.eid.startswith(f"{other.eid}__"))
