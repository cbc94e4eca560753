"""What a document says once instructions are carried out. Pure: a text on a day goes in, the text after it comes out.

    after, failures = apply(before, instructions)

`before` and `after` are lists of Stand, in the order of the document. An instruction that cannot be carried out changes
nothing and is a Failure; the others are.
"""

import re
from dataclasses import dataclass, replace

from content.documents.amending import wording
from content.documents.amending.instructions import Action, Instruction, Part
from content.documents.structure import Kind
from content.documents.structure.numbers import order
from content.text.vietnamese import either_spelling

ORDER_OF_WORK = (  # an act of one day does all at once: phrases are meant in the wording that stood before it
    Action.REPLACE_PHRASE,
    Action.DROP_PHRASE,
    Action.INSERT_PHRASE,
    Action.REPEAL,
    Action.REPLACE,
    Action.INSERT,
)
_PATH = re.compile(r"(art|clause|point)_(.+)")
_KINDS = {"art": Kind.ARTICLE, "clause": Kind.CLAUSE, "point": Kind.POINT}


@dataclass(frozen=True)
class Stand:
    """A unit as it stands on a day. `parent` is an eid or None; own texts, joined, are the text of the document."""

    eid: str
    kind: str
    number: str
    heading: str
    text: str
    parent: str | None


@dataclass(frozen=True)
class Failure:
    """Why an instruction was not carried out; `code` is one of FAILURES."""

    instruction: Instruction
    code: str


FAILURES = {
    "no_such_unit": "Không có đơn vị này trong văn bản vào ngày đó.",
    "exists_already": "Đơn vị này đã có trong văn bản.",
    "no_place": "Không xác định được vị trí cần bổ sung.",
    "phrase_not_found": "Không tìm thấy cụm từ trong đơn vị này.",
    "unit_not_read": "Không đọc được nội dung mới.",
    "not_for_machines": "Không áp dụng tự động được.",
}


class _CannotDo(Exception):
    """Carries the code of a Failure."""


def apply(before, instructions):
    """(the text after, [Failure])."""
    stands, failures = list(before), []
    work = [each for each in instructions if each.action in ORDER_OF_WORK]
    for each in sorted(work, key=lambda each: ORDER_OF_WORK.index(each.action)):
        try:
            stands = _DO[each.action](stands, each)
        except _CannotDo as reason:
            failures.append(Failure(each, str(reason)))
    return stands, failures


def subtree(stands, eid):
    """(first, after the last) index of the unit of that eid and all under it, or None."""
    first = next((at for at, stand in enumerate(stands) if stand.eid == eid), None)
    if first is None:
        return None
    inside, last = {eid}, first + 1
    while last < len(stands) and stands[last].parent in inside:
        inside.add(stands[last].eid)
        last += 1
    return first, last


def _find(stands, eid):
    found = subtree(stands, eid)
    if found is None:
        raise _CannotDo("no_such_unit")
    return found


def _replace(stands, each):
    first, last = _find(stands, each.eid)
    old = stands[first]
    if each.part is Part.HEADING:
        return [*stands[:first], _renamed(old, each.text), *stands[first + 1 :]]
    if each.part is Part.OPENING:
        return [*stands[:first], _opened(old, each.text), *stands[first + 1 :]]
    new = _stands(each, old.parent)
    return [*stands[:first], *new, *stands[last:]]


def _repeal(stands, each):
    if each.part is not Part.WHOLE:
        raise _CannotDo("not_for_machines")
    first, last = _find(stands, each.eid)
    return [*stands[:first], *stands[last:]]


def _insert(stands, each):
    if subtree(stands, each.eid):
        raise _CannotDo("exists_already")
    if each.part is not Part.WHOLE:
        raise _CannotDo("not_for_machines")
    at, parent = _place(stands, each)
    return [*stands[:at], *_stands(each, parent), *stands[at:]]


def _place(stands, each):
    """(index, parent's eid) for a new unit: beside its anchor, else by its number among those of its kind."""
    if each.anchor and (found := subtree(stands, each.anchor)):
        return found[0] if each.before else found[1], stands[found[0]].parent
    parent = each.eid.rpartition("__")[0]
    kind, number = _path(each.eid)[-1]
    if kind is Kind.ARTICLE:
        inside, floor = stands, None
    else:
        first, last = _find(stands, parent)
        inside, floor = stands[first + 1 : last], first + 1
    earlier = [stand for stand in inside if stand.kind == kind and order(stand.number) < order(number)]
    if earlier:
        previous = subtree(stands, earlier[-1].eid)
        return previous[1], earlier[-1].parent
    if floor is None:
        raise _CannotDo("no_place")
    return floor, parent


def _stands(each, parent):
    units = wording.units(each.text, _path(each.eid)) if each.text else None
    if units is None:
        raise _CannotDo("unit_not_read")
    return [
        Stand(eid, str(kind), number, heading, text, above or parent)
        for eid, kind, number, heading, text, above in units
    ]


def _path(eid):
    """[(kind, number)] of an eid; numbers as they are printed: dd is đ."""
    steps = []
    for step in eid.split("__"):
        match = _PATH.fullmatch(step)
        if not match:
            raise _CannotDo("not_for_machines")
        steps.append((_KINDS[match[1]], match[2].replace("dd", "đ")))
    return tuple(steps)


def _renamed(stand, text):
    """The unit with another heading; the rest of its own text stays."""
    heading = " ".join(re.sub(r"^\s*\S+ [0-9IVXLC]+[a-zđ]?[.:]?\s*", "", text, count=1).split())
    words = [re.escape(word) for word in stand.heading.split()]
    found = re.search(r"\s+".join(words), stand.text) if words else None
    if not found or not heading:
        raise _CannotDo("not_for_machines")
    return replace(stand, heading=heading, text=stand.text[: found.start()] + heading + stand.text[found.end() :])


def _opened(stand, text):
    """The unit with other words before its points. Of an article its heading stays."""
    if not text:
        raise _CannotDo("unit_not_read")
    if stand.kind == Kind.ARTICLE:
        words = [re.escape(word) for word in stand.heading.split()]
        found = re.search(r"\s+".join(words), stand.text) if words else None
        if not found:
            raise _CannotDo("not_for_machines")
        return replace(stand, text=stand.text[: found.end()] + "\n" + text.strip() + "\n")
    return replace(stand, text=text.strip() + "\n")


def _phrase(stands, each):
    if not each.phrase:
        raise _CannotDo("not_for_machines")
    if each.eid:
        first, last = _find(stands, each.eid)
    else:
        first, last = 0, len(stands)
    only_own = each.part is not Part.WHOLE
    changed, hits, phrase = list(stands), 0, _bounded(each.phrase)
    for at in range(first, first + 1 if only_own else last):
        if phrase.search(stands[at].text):
            changed[at] = _reworded(stands[at], each)
            hits += 1
    if not hits:
        raise _CannotDo("phrase_not_found")
    return changed


def _reworded(stand, each):
    text, heading = _swap(stand.text, each), _swap(stand.heading, each)
    return replace(stand, text=text, heading=" ".join(heading.split()))


def _swap(text, each):
    """The text with the phrase replaced, dropped, or with another beside it. Whole words only, in either spelling."""
    return _bounded(each.phrase).sub(lambda match: _new(match, each), text)


def _bounded(phrase):
    before = r"(?<!\w)" if phrase[0].isalnum() else ""
    after = r"(?!\w)" if phrase[-1].isalnum() else ""
    return re.compile(before + either_spelling(phrase) + after)


def _new(match, each):
    if each.action is Action.REPLACE_PHRASE:
        return each.text
    if each.action is Action.DROP_PHRASE:
        return ""
    if each.before:
        return f"{each.text} {match[0]}"
    return match[0] + ("" if each.text[:1] in ",;.)" else " ") + each.text


def _dropped(stands, each):
    """Without the phrase, and without the space it leaves: «xe camera và» → «xe và»."""
    done = _phrase(stands, each)
    tidy = []
    for old, new in zip(stands, done, strict=True):
        if old is new:
            tidy.append(new)
            continue
        text = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", new.text)
        text = re.sub(r"[ \t]+(?=[,;.:](?:\s|$))", "", text)
        tidy.append(replace(new, text=text, heading=" ".join(new.heading.split())))
    return tidy


_DO = {
    Action.REPLACE: _replace,
    Action.INSERT: _insert,
    Action.REPEAL: _repeal,
    Action.REPLACE_PHRASE: _phrase,
    Action.INSERT_PHRASE: _phrase,
    Action.DROP_PHRASE: _dropped,
}
