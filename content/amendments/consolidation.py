"""What a document says once instructions are carried out. Pure: a text on a day goes in, the text after it comes out.

    after, failures = apply(before, instructions)

`before` and `after` are lists of Stand, in the order of the document. An instruction that cannot be carried out changes
nothing and is a Failure; the others are.
"""

import re
from dataclasses import dataclass, replace

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.recognition import new_wording
from content.documents.diff import UnitText
from content.law.unit_numbers import number_order
from content.law.units import UnitKind, UnitPart
from content.text.vietnamese import either_spelling

ACTION_ORDER = (  # an act of one day does all at once: phrases are meant in the wording that stood before it
    AmendingAction.REPLACE_PHRASE,
    AmendingAction.DROP_PHRASE,
    AmendingAction.INSERT_PHRASE,
    AmendingAction.REPEAL,
    AmendingAction.REPLACE,
    AmendingAction.INSERT,
)
_PATH = re.compile(r"(art|clause|point)_(.+)")
_KINDS = {"art": UnitKind.ARTICLE, "clause": UnitKind.CLAUSE, "point": UnitKind.POINT}


@dataclass(frozen=True)
class InstructionFailure:
    """Why an instruction was not carried out; `code` is one of FAILURES."""

    instruction: AmendingInstruction
    code: str


APPLICATION_FAILURE_MESSAGES = {
    "unknown_provision": "Không có đơn vị này trong văn bản vào ngày đó.",
    "exists_already": "Đơn vị này đã có trong văn bản.",
    "no_place": "Không xác định được vị trí cần bổ sung.",
    "phrase_not_found": "Không tìm thấy cụm từ trong đơn vị này.",
    "unit_not_read": "Không đọc được nội dung mới.",
    "not_for_machines": "Không áp dụng tự động được.",
}


class _CannotApply(Exception):
    """Carries the code of a Failure."""


def apply_instructions(before, instructions):
    """(the text after, [Failure])."""
    stands, failures = list(before), []
    work = [each for each in instructions if each.action in ACTION_ORDER]
    for each in sorted(work, key=lambda each: ACTION_ORDER.index(each.action)):
        try:
            stands = _ACTION_FUNCTIONS[each.action](stands, each)
        except _CannotApply as reason:
            failures.append(InstructionFailure(each, str(reason)))
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


def _find_subtree(stands, eid):
    found = subtree(stands, eid)
    if found is None:
        raise _CannotApply("unknown_provision")
    return found


def _replace(stands, each):
    first, last = _find_subtree(stands, each.eid)
    old = stands[first]
    if each.part is UnitPart.HEADING:
        return [*stands[:first], _with_heading(old, each.text), *stands[first + 1 :]]
    if each.part is UnitPart.OPENING:
        return [*stands[:first], _with_opening(old, each.text), *stands[first + 1 :]]
    new = _units_of_new_wording(each, old.parent)
    return [*stands[:first], *new, *stands[last:]]


def _repeal(stands, each):
    if each.part is not UnitPart.WHOLE:
        raise _CannotApply("not_for_machines")
    first, last = _find_subtree(stands, each.eid)
    return [*stands[:first], *stands[last:]]


def _insert(stands, each):
    if subtree(stands, each.eid):
        raise _CannotApply("exists_already")
    if each.part is not UnitPart.WHOLE:
        raise _CannotApply("not_for_machines")
    at, parent = _insertion_point(stands, each)
    return [*stands[:at], *_units_of_new_wording(each, parent), *stands[at:]]


def _insertion_point(stands, each):
    """(index, parent's eid) for a new unit: beside its anchor, else by its number among those of its kind."""
    if each.anchor and (found := subtree(stands, each.anchor)):
        return found[0] if each.before else found[1], stands[found[0]].parent
    parent = each.eid.rpartition("__")[0]
    kind, number = _path_of_eid(each.eid)[-1]
    if kind is UnitKind.ARTICLE:
        inside, floor = stands, None
    else:
        first, last = _find_subtree(stands, parent)
        inside, floor = stands[first + 1 : last], first + 1
    earlier = [stand for stand in inside if stand.kind == kind and number_order(stand.number) < number_order(number)]
    if earlier:
        previous = subtree(stands, earlier[-1].eid)
        return previous[1], earlier[-1].parent
    if floor is None:
        raise _CannotApply("no_place")
    return floor, parent


def _units_of_new_wording(each, parent):
    units = new_wording.parse_new_units(each.text, _path_of_eid(each.eid)) if each.text else None
    if units is None:
        raise _CannotApply("unit_not_read")
    return [
        UnitText(eid, str(kind), number, heading, text, above or parent)
        for eid, kind, number, heading, text, above in units
    ]


def _path_of_eid(eid):
    """[(kind, number)] of an eid; numbers as they are printed: dd is đ."""
    steps = []
    for step in eid.split("__"):
        match = _PATH.fullmatch(step)
        if not match:
            raise _CannotApply("not_for_machines")
        steps.append((_KINDS[match[1]], match[2].replace("dd", "đ")))
    return tuple(steps)


def _with_heading(stand, text):
    """The unit with another heading; the rest of its own text stays."""
    heading = " ".join(re.sub(r"^\s*\S+ [0-9IVXLC]+[a-zđ]?[.:]?\s*", "", text, count=1).split())
    words = [re.escape(word) for word in stand.heading.split()]
    found = re.search(r"\s+".join(words), stand.text) if words else None
    if not found or not heading:
        raise _CannotApply("not_for_machines")
    return replace(stand, heading=heading, text=stand.text[: found.start()] + heading + stand.text[found.end() :])


def _with_opening(stand, text):
    """The unit with other words before its points. Of an article its heading stays."""
    if not text:
        raise _CannotApply("unit_not_read")
    if stand.kind == UnitKind.ARTICLE:
        words = [re.escape(word) for word in stand.heading.split()]
        found = re.search(r"\s+".join(words), stand.text) if words else None
        if not found:
            raise _CannotApply("not_for_machines")
        return replace(stand, text=stand.text[: found.end()] + "\n" + text.strip() + "\n")
    return replace(stand, text=text.strip() + "\n")


def _apply_to_phrase(stands, each):
    if not each.phrase:
        raise _CannotApply("not_for_machines")
    if each.eid:
        first, last = _find_subtree(stands, each.eid)
    else:
        first, last = 0, len(stands)
    only_own = each.part is not UnitPart.WHOLE
    changed, hits, phrase = list(stands), 0, _whole_word_pattern(each.phrase)
    for at in range(first, first + 1 if only_own else last):
        if phrase.search(stands[at].text):
            changed[at] = _with_phrase_applied(stands[at], each)
            hits += 1
    if not hits:
        raise _CannotApply("phrase_not_found")
    return changed


def _with_phrase_applied(stand, each):
    text, heading = _substitute_phrase(stand.text, each), _substitute_phrase(stand.heading, each)
    return replace(stand, text=text, heading=" ".join(heading.split()))


def _substitute_phrase(text, each):
    """The text with the phrase replaced, dropped, or with another beside it. Whole words only, in either spelling."""
    return _whole_word_pattern(each.phrase).sub(lambda match: _substitution(match, each), text)


def _whole_word_pattern(phrase):
    before = r"(?<!\w)" if phrase[0].isalnum() else ""
    after = r"(?!\w)" if phrase[-1].isalnum() else ""
    return re.compile(before + either_spelling(phrase) + after)


def _substitution(match, each):
    if each.action is AmendingAction.REPLACE_PHRASE:
        return each.text
    if each.action is AmendingAction.DROP_PHRASE:
        return ""
    if each.before:
        return f"{each.text} {match[0]}"
    return match[0] + ("" if each.text[:1] in ",;.)" else " ") + each.text


def _drop_phrase(stands, each):
    """Without the phrase, and without the space it leaves: «xe camera và» → «xe và»."""
    done = _apply_to_phrase(stands, each)
    tidy = []
    for old, new in zip(stands, done, strict=True):
        if old is new:
            tidy.append(new)
            continue
        text = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", new.text)
        text = re.sub(r"[ \t]+(?=[,;.:](?:\s|$))", "", text)
        tidy.append(replace(new, text=text, heading=" ".join(new.heading.split())))
    return tidy


_ACTION_FUNCTIONS = {
    AmendingAction.REPLACE: _replace,
    AmendingAction.INSERT: _insert,
    AmendingAction.REPEAL: _repeal,
    AmendingAction.REPLACE_PHRASE: _apply_to_phrase,
    AmendingAction.INSERT_PHRASE: _apply_to_phrase,
    AmendingAction.DROP_PHRASE: _drop_phrase,
}
