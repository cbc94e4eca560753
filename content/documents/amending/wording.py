"""The new wording that an act quotes: freed of its quotation marks, and cut into the units it was written for."""

import re

from content.documents import structure
from content.documents.amending.references import eid_of
from content.documents.structure import Kind
from content.documents.structure.numbers import token

_OPENS = re.compile(r'^\s*[“„«"]\s*')
_CLOSES = re.compile(r'\s*[”»"][\s.;,:/]*$')
_WRAPPED = "Điều 1.\n"  # a clause is read as the first of an article: the parser counts from 1
_CLAUSE_NUMBER = re.compile(r"^\s*[0-9]+[a-zđ]?")
_MARKS = {
    Kind.ARTICLE: r"[ĐÐ](?:iều|IỀU)\s+{}(?![\w])",
    Kind.CLAUSE: r"{}\s*\.(?![0-9])",
    Kind.POINT: r"{}\s*\)",
    Kind.CHAPTER: r"(?:Chương|CHƯƠNG)\s+{}(?!\w)",
    Kind.SECTION: r"(?:Mục|MỤC)\s+{}(?!\w)",
    Kind.SUBSECTION: r"(?:Tiểu mục|TIỂU MỤC)\s+{}(?!\w)",
    Kind.PART: r"(?:Phần|PHẦN)\s+{}(?!\w)",
}


def unquoted(blocks):
    """The quoted blocks as one text, without the marks around them."""
    return "\n".join(_CLOSES.sub("", _OPENS.sub("", block)) for block in blocks)


def cut(text, targets):
    """The text for each of `targets` [(kind, number)], in order; None where one is not found.

    A text begins at the line with the target's mark and goes on to the next target's. With one target, a text without
    its mark is still its text.
    """
    starts, at = [], 0
    for kind, number in targets:
        mark = re.compile('^[ \t]*[“"]?' + _MARKS[kind].format(re.escape(number)), re.MULTILINE)
        match = mark.search(text, at)
        if not match:
            return [text] if len(targets) == 1 else None
        starts.append(match.start())
        at = match.end()
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def begins_with(text, kind, number):
    return re.match("[ \t]*" + _MARKS[kind].format(re.escape(number)), text) is not None


def units(text, path):
    """The new wording of the unit at `path` as [(eid, kind, number, heading, own text, parent's eid or None)].

    None where the wording is not that unit. Own texts end with a line break, joined they are the wording.
    """
    kind, number = path[-1]
    if kind not in (Kind.ARTICLE, Kind.CLAUSE, Kind.POINT) or not begins_with(text, kind, number):
        return None
    text = text.strip("\n") + "\n"
    eid = eid_of(path)
    if kind is Kind.POINT:
        return [(eid, kind, number, "", text, None)]
    if kind is Kind.ARTICLE:
        read = structure.parse(text).units
    else:
        read = structure.parse(_WRAPPED + _CLAUSE_NUMBER.sub("1", text, count=1)).units[1:]
    return _rebased(read, text, len(_WRAPPED) if kind is Kind.CLAUSE else 0, eid, kind, number)


def _rebased(read, text, offset, eid, kind, number):
    """The parsed units under their real eids; None where the first of them is not the unit or another stands beside."""
    if not read or read[0].kind is not kind or any(unit.kind is kind for unit in read[1:]):
        return None
    if kind is Kind.ARTICLE and token(read[0].number) != token(number):
        return None
    lost = 0 if kind is Kind.ARTICLE else len(_CLAUSE_NUMBER.match(text)[0]) - 1
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
