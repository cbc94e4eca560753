"""Applies instructions to a text: the text of a day goes in, the text after it comes out. Pure.

after, failures = apply_instructions(before, instructions)

`before` and `after` are lists of UnitText in the order of the document. An instruction that cannot be carried out
changes nothing and gives an InstructionFailure; the others are applied.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.reasons import Failure
from content.amendments.recognition import new_wording
from content.amendments.recognition.new_wording import UnitPath
from content.diff import UnitText
from content.law.unit_numbers import number_order
from content.law.units import UnitKind, UnitPart
from content.text.vietnamese import either_spelling

ACTION_ORDER = (  # instructions of one day apply at once: phrases are meant in the text before that day
    AmendingAction.REPLACE_PHRASE,
    AmendingAction.DROP_PHRASE,
    AmendingAction.INSERT_PHRASE,
    AmendingAction.REPEAL,
    AmendingAction.REPLACE,
    AmendingAction.INSERT,
)
_PATH = re.compile(r"(art|clause|point)_(.+)")
_LEFT_OVER = re.compile(  # «lắp đặt,, đồng hồ», «tại; điểm b»
    r"[,;:][ \t]*[,;](?!\w)|(?<!\w)(?<!hiện )(?<!tồn )(?:tại|của|và|hoặc)[ \t]*[,;.]", re.IGNORECASE
)
_GOES_ON = re.compile(r"(?:và|hoặc|của|cho|về|theo|trong|do|bởi|với|thuộc)(?!\w)", re.IGNORECASE)
_KINDS = {"art": UnitKind.ARTICLE, "clause": UnitKind.CLAUSE, "point": UnitKind.POINT}


@dataclass(frozen=True)
class InstructionFailure:
    """Why an instruction was not carried out."""

    instruction: AmendingInstruction
    failure: Failure


class _CannotApply(Exception):
    """An instruction cannot be carried out; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def apply_instructions(
    before: Sequence[UnitText], instructions: Sequence[AmendingInstruction]
) -> tuple[list[UnitText], list[InstructionFailure]]:
    """(the text after the instructions, the failures)."""
    units = list(before)
    failures: list[InstructionFailure] = []
    work = [instruction for instruction in instructions if instruction.action in ACTION_ORDER]
    for instruction in sorted(work, key=lambda instruction: ACTION_ORDER.index(instruction.action)):
        try:
            units = _ACTION_FUNCTIONS[instruction.action](units, instruction)
        except _CannotApply as refusal:
            failures.append(InstructionFailure(instruction, refusal.failure))
    return units, failures


def subtree(units: Sequence[UnitText], eid: str) -> tuple[int, int] | None:
    """(first index, index after the last) of the unit with that eid and all units under it, or None."""
    first = next((at for at, unit in enumerate(units) if unit.eid == eid), None)
    if first is None:
        return None
    inside, last = {eid}, first + 1
    while last < len(units) and units[last].parent in inside:
        inside.add(units[last].eid)
        last += 1
    return first, last


def _find_subtree(units: list[UnitText], eid: str) -> tuple[int, int]:
    found = subtree(units, eid)
    if found is None:
        raise _CannotApply(Failure.UNKNOWN_PROVISION)
    return found


def _replace(units: list[UnitText], instruction: AmendingInstruction) -> list[UnitText]:
    first, last = _find_subtree(units, instruction.eid)
    old = units[first]
    if instruction.part is UnitPart.HEADING:
        return [*units[:first], _with_heading(old, instruction.text), *units[first + 1 :]]
    if instruction.part is UnitPart.OPENING:
        return [*units[:first], _with_opening(old, instruction.text), *units[first + 1 :]]
    new = _units_of_new_wording(instruction, old.parent)
    return [*units[:first], *new, *units[last:]]


def _repeal(units: list[UnitText], instruction: AmendingInstruction) -> list[UnitText]:
    if instruction.part is not UnitPart.WHOLE:
        raise _CannotApply(Failure.NOT_FOR_MACHINES)
    first, last = _find_subtree(units, instruction.eid)
    return [*units[:first], *units[last:]]


def _insert(units: list[UnitText], instruction: AmendingInstruction) -> list[UnitText]:
    if subtree(units, instruction.eid):
        raise _CannotApply(Failure.EXISTS_ALREADY)
    if instruction.part is not UnitPart.WHOLE:
        raise _CannotApply(Failure.NOT_FOR_MACHINES)
    at, parent = _insertion_point(units, instruction)
    return [*units[:at], *_units_of_new_wording(instruction, parent), *units[at:]]


def _insertion_point(units: list[UnitText], instruction: AmendingInstruction) -> tuple[int, str | None]:
    """(index, eid of the parent) for a new unit: beside its anchor, or by its number among units of its kind."""
    if instruction.anchor and (found := subtree(units, instruction.anchor)):
        at = found[0] if instruction.before else _after_smaller(units, *found, instruction)
        return at, units[found[0]].parent
    parent = instruction.eid.rpartition("__")[0]
    kind, number = _path_of_eid(instruction.eid)[-1]
    if kind is UnitKind.ARTICLE:
        siblings, first_place = units, None
    else:
        first, last = _find_subtree(units, parent)
        siblings, first_place = units[first + 1 : last], first + 1
    earlier = [unit for unit in siblings if unit.kind == kind and number_order(unit.number) < number_order(number)]
    if earlier:
        return _find_subtree(units, earlier[-1].eid)[1], earlier[-1].parent
    if first_place is None:
        raise _CannotApply(Failure.NO_PLACE)
    return first_place, parent


def _after_smaller(units: list[UnitText], anchor: int, at: int, instruction: AmendingInstruction) -> int:
    """The index for a unit after its anchor and after those inserted there that come before it: 7a, 7b, 7c after 7."""
    kind, number = _path_of_eid(instruction.eid)[-1]
    first, new = number_order(units[anchor].number), number_order(number)
    while (
        at < len(units)
        and (units[at].kind, units[at].parent) == (kind, units[anchor].parent)
        and first < number_order(units[at].number) < new
    ):
        at = _find_subtree(units, units[at].eid)[1]
    return at


def _units_of_new_wording(instruction: AmendingInstruction, parent: str | None) -> list[UnitText]:
    new = new_wording.parse_new_units(instruction.text, _path_of_eid(instruction.eid)) if instruction.text else None
    if new is None:
        raise _CannotApply(Failure.UNIT_NOT_READ)
    return [
        UnitText(unit.eid, str(unit.kind), unit.number, unit.heading, unit.text, unit.parent or parent) for unit in new
    ]


def _path_of_eid(eid: str) -> UnitPath:
    """[(kind, number)] of an eid; numbers as they are printed: dd is đ."""
    steps = []
    for step in eid.split("__"):
        match = _PATH.fullmatch(step)
        if not match:
            raise _CannotApply(Failure.NOT_FOR_MACHINES)
        steps.append((_KINDS[match[1]], match[2].replace("dd", "đ")))
    return tuple(steps)


def _with_heading(unit: UnitText, text: str) -> UnitText:
    """The unit with another heading; the rest of its own text stays."""
    heading = " ".join(re.sub(r"^\s*\S+ [0-9IVXLC]+[a-zđ]?[.:]?\s*", "", text, count=1).split())
    words = [re.escape(word) for word in unit.heading.split()]
    found = re.search(r"\s+".join(words), unit.text) if words else None
    if not found or not heading:
        raise _CannotApply(Failure.NOT_FOR_MACHINES)
    return replace(unit, heading=heading, text=unit.text[: found.start()] + heading + unit.text[found.end() :])


def _with_opening(unit: UnitText, text: str) -> UnitText:
    """The unit with other text before its points. An article keeps its heading."""
    if not text:
        raise _CannotApply(Failure.UNIT_NOT_READ)
    if unit.kind == UnitKind.ARTICLE:
        words = [re.escape(word) for word in unit.heading.split()]
        found = re.search(r"\s+".join(words), unit.text) if words else None
        if not found:
            raise _CannotApply(Failure.NOT_FOR_MACHINES)
        return replace(unit, text=unit.text[: found.end()] + "\n" + text.strip() + "\n")
    return replace(unit, text=text.strip() + "\n")


def _apply_to_phrase(units: list[UnitText], instruction: AmendingInstruction) -> list[UnitText]:
    if not instruction.phrase:
        raise _CannotApply(Failure.NOT_FOR_MACHINES)
    if instruction.eid:
        first, last = _find_subtree(units, instruction.eid)
    else:
        first, last = 0, len(units)
    only_own = instruction.part is not UnitPart.WHOLE
    changed, hits, phrase = list(units), 0, _whole_word_pattern(instruction.phrase)
    # «Quy hoạch …» at the start of a sentence: acts do not say whether «quy hoạch …» means that too
    capitalised = _whole_word_pattern(instruction.phrase[0].upper() + instruction.phrase[1:])
    is_lower = instruction.phrase[0].islower()
    for at in range(first, first + 1 if only_own else last):
        if is_lower and capitalised.search(units[at].text):
            raise _CannotApply(Failure.CAPITALISED)
        if phrase.search(units[at].text):
            changed[at] = _with_phrase_applied(units[at], instruction)
            hits += 1
    if not hits:
        raise _CannotApply(Failure.PHRASE_NOT_FOUND)
    if instruction.action is not AmendingAction.DROP_PHRASE:
        _refuse_left_over(units, changed)
    return changed


def _refuse_left_over(before: list[UnitText], after: list[UnitText]) -> None:
    """Raise if a phrase left punctuation without words, or words without their end, that were not there before."""
    for old, new in zip(before, after, strict=True):
        if old is not new and len(_LEFT_OVER.findall(new.text)) > len(_LEFT_OVER.findall(old.text)):
            raise _CannotApply(Failure.LEFT_OVER)


def _with_phrase_applied(unit: UnitText, instruction: AmendingInstruction) -> UnitText:
    text, heading = _substitute_phrase(unit.text, instruction), _substitute_phrase(unit.heading, instruction)
    return replace(unit, text=text, heading=" ".join(heading.split()))


def _substitute_phrase(text: str, instruction: AmendingInstruction) -> str:
    """The text with the phrase replaced, dropped, or with another beside it. Whole words only, in either spelling."""
    if instruction.action is AmendingAction.DROP_PHRASE and not {instruction.phrase[0], instruction.phrase[-1]} & {
        *",;"
    }:
        return _without_phrase(text, _whole_word_pattern(instruction.phrase))
    return _whole_word_pattern(instruction.phrase).sub(lambda match: _substitution(match, instruction), text)


def _without_phrase(text: str, phrase: re.Pattern[str]) -> str:
    """«camera, dây an toàn, đồng hồ» without «dây an toàn» is «camera, đồng hồ».

    Raises where the comma would be left over: «lắp camera, đồng hồ» without «camera».
    """
    kept, at = [], 0
    for match in phrase.finditer(text):
        before, after = text[at : match.start()].rstrip(), text[match.end() :].lstrip()[:1]
        goes_on = _GOES_ON.match(match[0]) is not None  # «giám sát và kiểm soát, đánh giá» without «và kiểm soát»
        if after in (",", ";") and before and before[-1] not in ",;(" and not goes_on:
            raise _CannotApply(Failure.LEFT_OVER)
        is_listed = before[-1:] in (",", ";") and after in (",", ";", ".")
        kept.append(before[:-1] if is_listed else text[at : match.start()])
        at = match.end()
    return "".join([*kept, text[at:]])


def _whole_word_pattern(phrase: str) -> re.Pattern[str]:
    before = r"(?<!\w)" if phrase[0].isalnum() else ""
    after = r"(?!\w)" if phrase[-1].isalnum() else ""
    return re.compile(before + either_spelling(phrase) + after)


def _substitution(match: re.Match[str], instruction: AmendingInstruction) -> str:
    if instruction.action is AmendingAction.REPLACE_PHRASE:
        return instruction.text
    if instruction.action is AmendingAction.DROP_PHRASE:
        return ""
    if instruction.before:
        return f"{instruction.text} {match[0]}"
    return match[0] + ("" if instruction.text[:1] in ",;.)" else " ") + instruction.text


def _drop_phrase(units: list[UnitText], instruction: AmendingInstruction) -> list[UnitText]:
    """The text without the phrase and without the double space it would leave: «xe camera và» → «xe và»."""
    done = _apply_to_phrase(units, instruction)
    tidy = []
    for old, new in zip(units, done, strict=True):
        if old is new:
            tidy.append(new)
            continue
        text = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", new.text)
        text = re.sub(r"[ \t]+(?=[,;.:](?:\s|$))", "", text)
        tidy.append(replace(new, text=text, heading=" ".join(new.heading.split())))
    _refuse_left_over(units, tidy)
    return tidy


_ACTION_FUNCTIONS: dict[AmendingAction, Callable[[list[UnitText], AmendingInstruction], list[UnitText]]] = {
    AmendingAction.REPLACE: _replace,
    AmendingAction.INSERT: _insert,
    AmendingAction.REPEAL: _repeal,
    AmendingAction.REPLACE_PHRASE: _apply_to_phrase,
    AmendingAction.INSERT_PHRASE: _apply_to_phrase,
    AmendingAction.DROP_PHRASE: _drop_phrase,
}
