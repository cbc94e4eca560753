"""The new wording that an act quotes: freed of its quotation marks, and cut into the units it was written for."""

import re

from content import parsing
from content.law.eids import eid_of_path
from content.law.unit_numbers import eid_token
from content.law.units import UnitKind

_OPENS = re.compile(r'^\s*[“„«"]\s*')
_CLOSES = re.compile(r'\s*[”»"][\s.;,:/]*$')
_WRAPPED = "Điều 1.\n"  # a clause is read as the first of an article: the parser counts from 1
_CLAUSE_NUMBER = re.compile(r"^\s*[0-9]+[a-zđ]?")
_MARK_PATTERNS = {
    UnitKind.ARTICLE: r"[ĐÐ](?:iều|IỀU)\s+{}(?![\w])",
    UnitKind.CLAUSE: r"{}\s*\.(?![0-9])",
    UnitKind.POINT: r"{}\s*\)",
    UnitKind.CHAPTER: r"(?:Chương|CHƯƠNG)\s+{}(?!\w)",
    UnitKind.SECTION: r"(?:Mục|MỤC)\s+{}(?!\w)",
    UnitKind.SUBSECTION: r"(?:Tiểu mục|TIỂU MỤC)\s+{}(?!\w)",
    UnitKind.PART: r"(?:Phần|PHẦN)\s+{}(?!\w)",
}


def strip_quotation_marks(blocks):
    """The quoted blocks as one text, without the marks around them."""
    return "\n".join(_CLOSES.sub("", _OPENS.sub("", block)) for block in blocks)


def split_by_target(text, targets):
    """The text for each of `targets` [(kind, number)], in order; None where one is not found.

    A text begins at the line with the target's mark and goes on to the next target's. With one target, a text without
    its mark is still its text.
    """
    starts, at = [], 0
    for kind, number in targets:
        mark = re.compile('^[ \t]*[“"]?' + _MARK_PATTERNS[kind].format(re.escape(number)), re.MULTILINE)
        match = mark.search(text, at)
        if not match:
            return [text] if len(targets) == 1 else None
        starts.append(match.start())
        at = match.end()
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def begins_with_mark(text, kind, number):
    return re.match("[ \t]*" + _MARK_PATTERNS[kind].format(re.escape(number)), text) is not None


def parse_new_units(text, path):
    """The new wording of the unit at `path` as [(eid, kind, number, heading, own text, parent's eid or None)].

    None where the wording is not that unit. Own texts end with a line break, joined they are the wording.
    """
    kind, number = path[-1]
    if kind not in (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT) or not begins_with_mark(text, kind, number):
        return None
    text = text.strip("\n") + "\n"
    eid = eid_of_path(path)
    if kind is UnitKind.POINT:
        return [(eid, kind, number, "", text, None)]
    if kind is UnitKind.ARTICLE:
        read = parsing.parse_text(text).units
    else:
        read = parsing.parse_text(_WRAPPED + _CLAUSE_NUMBER.sub("1", text, count=1)).units[1:]
    return _with_real_eids(read, text, len(_WRAPPED) if kind is UnitKind.CLAUSE else 0, eid, kind, number)


def _with_real_eids(read, text, offset, eid, kind, number):
    """The parsed units under their real eids; None where the first of them is not the unit or another stands beside."""
    if not read or read[0].kind is not kind or any(unit.kind is kind for unit in read[1:]):
        return None
    if kind is UnitKind.ARTICLE and eid_token(read[0].number) != eid_token(number):
        return None
    lost = 0 if kind is UnitKind.ARTICLE else len(_CLAUSE_NUMBER.match(text)[0]) - 1
    made = []
    for at, unit in enumerate(read):
        start = 0 if at == 0 else unit.start - offset + lost
        end = unit.end - offset + lost
        own = eid + unit.eid.removeprefix(read[0].eid)
        parent = None if at == 0 else eid + _parent(unit, read).eid.removeprefix(read[0].eid)
        made.append((own, unit.kind, number if at == 0 else unit.number, unit.heading, text[start:end], parent))
    return made if "".join(unit[4] for unit in made) == text else None


def _parent(unit, read):
    """The unit of `read` that `unit` stands under: the nearest before it whose eid begins its own."""
    return next(other for other in reversed(read[: read.index(unit)]) if unit.eid.startswith(f"{other.eid}__"))
