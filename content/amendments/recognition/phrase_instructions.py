"""Instructions about phrases: «Thay cụm từ “…” bằng cụm từ “…” tại khoản 1 Điều 5 và tên Điều 7; bỏ cụm từ “…” tại …».

One pass over the quotations, the words between them, and the units named. A phrase applies to all units that are named
before the next phrase.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.reasons import Doubt
from content.law.grammar import CitedUnit
from content.law.named_documents import TargetDocument
from content.law.units import UnitPart
from content.quotations.unquoted_text import PLACEHOLDER_PATTERN, UnquotedText


@dataclass(frozen=True)
class AmendingVerb:
    """A verb of amending as it was found. `name` is its group in AMENDING_VERB; `start` and `end` are offsets."""

    name: str
    start: int
    end: int


_BY = re.compile(r"(?<!\w)(?:bằng|thành)(?: (?:các )?(?:cụm từ|từ|chữ|dấu))?\s*$", re.IGNORECASE)
_BESIDE = re.compile(r"(?<!\w)(?P<side>sau|trước)(?: (?:các )?(?:cụm từ|từ|chữ|dấu))?\s*$", re.IGNORECASE)
_EDGE = re.compile(r"(?<!\w)(?:vào )?(?P<edge>đầu|cuối)(?!\w)", re.IGNORECASE)
_EVERYWHERE = re.compile(r"^trong (?:toàn bộ |cả )?(?:luật|bộ luật|nghị định|văn bản)?|trong luật này$", re.IGNORECASE)


@dataclass
class PhraseChange:
    """An instruction about one phrase while it is read; `units` are the units it applies to."""

    verb: str
    phrase: str
    new: str = ""
    beside: str = ""
    before: bool = False
    edge: str = ""
    is_joined: bool = False  # by «và» or a comma with the phrase before it
    units: tuple[CitedUnit, ...] = ()


def phrase_instructions(
    source: str,
    target: TargetDocument,
    words: str,
    head: UnquotedText,
    verbs: Sequence[AmendingVerb],
    named: Sequence[CitedUnit],
) -> list[AmendingInstruction]:
    """The instructions of a unit that is about phrases."""
    changes = scan_phrases(words, head, verbs, named)
    return [_instruction(source, target, each, unit) for each in changes for unit in (each.units or (None,))]


def listed_units(
    source: str,
    target: TargetDocument,
    changes: Sequence[PhraseChange],
    named: Sequence[CitedUnit],
    unclear: Collection[int],
) -> list[AmendingInstruction]:
    """The instructions of a line that only names units, under a heading with the phrases. `unclear`: ids of units."""
    made = []
    for change in changes:
        for unit in named:
            each = _instruction(source, target, change, unit)
            if id(unit) in unclear:
                each = replace(each, doubts=tuple(dict.fromkeys([*each.doubts, Doubt.UNCLEAR_ORDER])))
            made.append(each)
    return made


def scan_phrases(
    words: str, head: UnquotedText, verbs: Sequence[AmendingVerb], named: Sequence[CitedUnit]
) -> tuple[PhraseChange, ...]:
    """The phrases of a unit, each with what is done to it and the units that the words name for it."""
    signs = [
        (match.start(), match.end(), head.quotations[int(match[1])])
        for match in PLACEHOLDER_PATTERN.finditer(words)
        if int(match[1]) < len(head.quotations)  # the text itself may hold the sign
    ]
    changes: list[PhraseChange] = []
    at = 0
    for number, (start, end, quotation) in enumerate(signs):
        between, until = words[at:start], signs[number + 1][0] if number + 1 < len(signs) else len(words)
        verb = next((verb.name for verb in reversed(verbs) if verb.start < start), "")
        here = tuple(unit for unit in named if end <= unit.start < until)
        last = changes[-1] if changes else None
        if last and _BY.search(between) and not last.new:
            last.new = quotation
        elif last and last.verb in ("insert", "drop", "swap") and (beside := _BESIDE.search(between)):
            if last.beside:  # «bỏ từ “từ” trước cụm từ “a” tại khoản 1 và trước cụm từ “b” tại khoản 2»
                last = PhraseChange(last.verb, last.phrase, last.new)
                changes.append(last)
            last.beside, last.before = quotation, beside["side"].casefold() == "trước"
        else:
            last = PhraseChange(verb, quotation, is_joined=";" not in between)
            changes.append(last)
        edge = _EDGE.search(words[end:until])
        last.edge = edge["edge"].casefold() if edge and here else last.edge
        last.units += here
        at = end
    _share_units(changes)
    return tuple(change for change in changes if change.phrase)


def _share_units(changes: list[PhraseChange]) -> None:
    """A phrase without units of its own applies to the units of the next one, with the same verb or joined to it.

    «Thay cụm từ “a” bằng cụm từ “b” và bỏ cụm từ “c” tại khoản 2 Điều 16»: both there.
    """
    for change, after in zip(reversed(changes[:-1]), reversed(changes[1:]), strict=True):
        if not change.units and (change.verb == after.verb or after.is_joined):
            change.units = after.units


def _instruction(
    source: str, target: TargetDocument, change: PhraseChange, unit: CitedUnit | None
) -> AmendingInstruction:
    doubts: list[Doubt] = []
    if unit is None:
        doubts.append(Doubt.WHOLE_DOCUMENT)
    elif not unit.is_placed:
        doubts.append(Doubt.NO_ARTICLE)
    if unit is not None and unit.passage:
        doubts.append(Doubt.PASSAGE)
    action, phrase, text = _action_and_phrases(change)
    if action is None or change.edge or (action is AmendingAction.INSERT_PHRASE and not phrase):
        doubts.append(Doubt.UNCLEAR_ORDER)
    if action is not AmendingAction.INSERT_PHRASE and change.beside:  # not everywhere, but beside other words
        doubts.append(Doubt.UNCLEAR_ORDER)
    return AmendingInstruction(
        source,
        target,
        action or AmendingAction.REPLACE_PHRASE,
        "" if unit is None else unit.eid,
        UnitPart.WHOLE if unit is None else unit.part,
        text=text,
        phrase=phrase,
        before=change.before,
        doubts=tuple(doubts),
    )


def _action_and_phrases(change: PhraseChange) -> tuple[AmendingAction | None, str, str]:
    """(action or None, the phrase that is replaced, dropped or beside which the new one is inserted; the new one)."""
    if change.new:
        return AmendingAction.REPLACE_PHRASE, change.phrase, change.new
    if change.verb in ("drop", "repeal"):
        return AmendingAction.DROP_PHRASE, change.phrase, ""
    if change.verb == "insert":
        return AmendingAction.INSERT_PHRASE, change.beside, change.phrase
    return None, change.phrase, ""
