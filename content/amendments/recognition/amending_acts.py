"""Recognises the instructions of an amending act. Each unit is read with what the headings above it are about.

    instructions = recognise_instructions(text, structure, title=…)

Pure; never raises on any text. Uncertain instructions have doubts. Source of the forms: Decree 78/2025/NĐ-CP on how
amending acts are written, and fifty such acts of 2005 to 2025 (`bench/amending.py` counts what is recognised in them).
"""

import datetime
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.reasons import Doubt
from content.amendments.recognition import effect_clauses, new_wording, phrase_instructions
from content.amendments.recognition.new_wording import UnitPath
from content.amendments.recognition.phrase_instructions import AmendingVerb, PhraseChange
from content.law.grammar import CitedUnit, cited_units
from content.law.lexer.document_words import ACT_WORD, NUMBER_SIGN
from content.law.lexer.unit_lexicon import ARTICLE, OPENING_PART, PARAGRAPH, UNIT
from content.law.named_documents import TargetDocument, find_target_document, split_by_document
from content.law.units import UNIT_RANK, UnitKind, UnitPart
from content.parsing import Structure, Unit
from content.quotations.unquoted_text import (
    PLACEHOLDER_PATTERN,
    UnquotedText,
    unquoted_body,
    unquoted_heading,
)

AMENDING_VERB = re.compile(
    r"(?<!\w)(?:(?P<replace>sửa đổi(?:,?\s*(?:và )?bổ sung)?(?:,\s*bãi bỏ)?|sửa(?! chữa)|được sử dụng, bổ sung)"
    r"|(?P<insert>bổ sung)|(?P<repeal>bãi bỏ|h[uủ][ỷy] bỏ)|(?P<drop>(?<!bãi )bỏ)"
    r"|(?P<swap>thay thế|thay(?! đổi)))(?!\w)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"^(?P<what>.+?)\s+(?:được|bị) (?P<verb>sửa đổi(?:,? bổ sung)?|sửa|sử dụng, bổ sung|bổ sung|bãi bỏ|thay thế|thay)"
    r"(?!\w)(?P<rest>.*)$",
    re.IGNORECASE,
)
_OPENING_VERB = re.compile(
    r"^(?:sửa đổi|sửa(?! chữa)|bổ sung|bãi bỏ|h[uủ][ỷy] bỏ|bỏ|thay(?! đổi)|đổi)(?!\w)", re.IGNORECASE
)
_SOME = re.compile(r"một số (?:\w+(?:,| và)? ?){1,5}(?:của|thuộc|tại|trong)?\s*$", re.IGNORECASE)
_AFTER = re.compile(r"(?<!\w)(?:vào )?(?:ngay )?sau\s*$", re.IGNORECASE)
_BEFORE = re.compile(r"(?<!\w)(?:vào )?(?:ngay )?trước\s*$", re.IGNORECASE)
_INTO = re.compile(r"(?<!\w)vào(?: cuối)?\s*$", re.IGNORECASE)
_PHRASE = re.compile(r"(?<!\w)(?:cụm từ|các từ|từ|chữ|dấu)\s*[\ue000“\"]|[\ue000]", re.IGNORECASE)
INSTRUCTING_KINDS = (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT)  # units whose own words may instruct
MAX_TITLE = 400  # characters within which «Luật sửa đổi, …» stands before the name of what it amends
MAX_INSTRUCTION_LENGTH = 3_000  # characters; anything longer is a text that was not split into its units
_KNOWN_GAP = re.compile(  # what may stand between a verb, or another unit, and the unit; anything else is a doubt
    rf"[\s,;]*(?:(?:và|hoặc|các|những|tên(?: gọi)?(?: {ARTICLE})?|nội dung|của|tại|thuộc|trong|vào|ngay|sau|trước|cuối"
    rf"|{OPENING_PART}|gồm|từ|đến|thứ tự|như sau)[\s,;]*)*",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?<!\w)(?:các |những |một số )?(?:nội dung (?:quy định|về|liên quan)|quy định (?:về|liên quan))(?!\w)", re.I
)
_BEGINS = re.compile(r"(?:[;,]|(?<!\w)và)\s*\Z", re.IGNORECASE)  # what precedes the verb of another order
_OF_AN_AMENDING_LAW = re.compile(rf"(?<!ban hành )(?:{ACT_WORD}) sửa đổi(?:(?!{NUMBER_SIGN})[^;“”])*\Z")
_BEGINS_WITH_UNIT = re.compile(rf"(?:các |tên |cụm từ|từ|{PARAGRAPH}|\ue000)?\s*(?:{UNIT}|cụm từ|từ|\ue000)", re.I)
_NAMES_UNIT_SOON = re.compile(
    rf"(?:(?:các|tên|{PARAGRAPH} \w+|trong) |cụm từ|từ )?.{{0,80}}?(?:{UNIT}|\ue000)", re.IGNORECASE
)
_SOME_ARTICLES = re.compile(rf"^.*?(?:một số {ARTICLE}|sửa đổi)\s", re.IGNORECASE | re.DOTALL)
UNKNOWN_TARGET = TargetDocument(name="?")
_AMENDING_TITLE = re.compile(r"sửa đổi|bãi bỏ", re.IGNORECASE)


@dataclass(frozen=True)
class AmendingContext:
    """What the units above state: the target document, its article and clause, and the verb that applies to them."""

    target: TargetDocument | None = None
    path: UnitPath = ()
    verb: str = ""
    is_vague: bool = False  # «bãi bỏ các nội dung quy định về …»: not the units, but something in them
    phrases: tuple[PhraseChange, ...] = ()  # «bỏ từ “quy hoạch” tại các điều, khoản, điểm của các luật sau đây:»


def recognise_instructions(
    text: str, structure: Structure, *, title: str = "", number: str = "", issued_on: datetime.date | None = None
) -> list[AmendingInstruction]:
    """The instructions of the act with that text, title, number and day, in its order; those about effect come last."""
    units = structure.units
    contexts: dict[int | None, AmendingContext] = {}
    found: list[AmendingInstruction] = []
    outset = AmendingContext(_target_of_title(title) if _AMENDING_TITLE.search(title) else None)
    parents = {unit.parent for unit in units if unit.kind in INSTRUCTING_KINDS}
    for index, unit in enumerate(units):
        if unit.kind not in INSTRUCTING_KINDS:
            continue
        above = contexts.get(unit.parent, outset)
        contexts[index], made = _read_unit(text, structure, unit, above, has_units=index in parents)
        found.extend(made)
    found = _with_only_target(_with_target_numbers(text, units, found))
    begins = effect_clauses.recognise_effect_clauses(text, structure, title=title, number=number, issued_on=issued_on)
    return [*found, *begins]


def _read_unit(
    text: str, structure: Structure, unit: Unit, above: AmendingContext, *, has_units: bool
) -> tuple[AmendingContext, list[AmendingInstruction]]:
    """(context for the units under it, instructions) of one unit."""
    heading, body = unquoted_heading(unit), unquoted_body(text, unit, structure.quoted)
    if unit.kind is UnitKind.ARTICLE:
        above = _article_context(heading.words, above)
    head = heading if unit.kind is UnitKind.ARTICLE and not _has_words(body.words) else body
    words = head.words
    if len(words) > MAX_INSTRUCTION_LENGTH:
        return AmendingContext(), []
    said = words
    target, words = (
        find_target_document(words) if _gives_instruction(words, above) or _PASSIVE.match(words) else (None, words)
    )
    context = replace(above, target=target) if target else above
    if context.target is None or context.target.is_the_act:
        return context, []
    if not _gives_instruction(words, above):
        return replace(context, verb="", phrases=()), []
    head = replace(head, words=words, blocks=body.blocks)
    inner, made = _instructions_of_unit(unit, head, context, context.target, has_units=has_units)
    if made and (parts := split_by_document(said)):
        made = _instructions_by_document(unit, head, parts, context, has_units=has_units)
    return inner, made


def _instructions_by_document(
    unit: Unit, head: UnquotedText, parts: Sequence[str], context: AmendingContext, *, has_units: bool
) -> list[AmendingInstruction]:
    """«Thay … tại Điều 5 của Luật A; Điều 7 của Luật B»: each unit with the law named after it, all doubtful."""
    first = cited_units(parts[0])
    order = parts[0][: first[0].start] if first else ""  # the verb and the phrases, which all parts share
    found: list[AmendingInstruction] = []
    for place, part in enumerate(parts):
        words = part if place == 0 or _OPENING_VERB.match(part) else f"{order} {part}"
        target, words = find_target_document(words)
        if target is not None:
            part_head = replace(head, words=words)
            found += _instructions_of_unit(unit, part_head, replace(context, path=()), target, has_units=has_units)[1]
    return [replace(each, doubts=tuple(dict.fromkeys([*each.doubts, Doubt.UNCLEAR_ORDER]))) for each in found]


def _has_words(words: str) -> bool:
    return words.strip(" .;,:") != ""


def _gives_instruction(words: str, above: AmendingContext) -> bool:
    if _OPENING_VERB.match(words):
        return True
    if above.verb:
        return _BEGINS_WITH_UNIT.match(words) is not None
    passive = _PASSIVE.match(words)
    return bool(passive and _NAMES_UNIT_SOON.match(passive["what"]) and len(passive["what"]) < 160)


def _article_context(words: str, above: AmendingContext) -> AmendingContext:
    """An article headed «Sửa đổi, bổ sung một số điều của Luật …» sets that law as the target of its units."""
    if not words:
        return above
    target, rest = find_target_document(words)
    if not _OPENING_VERB.match(words) or target is None:
        return above if _OPENING_VERB.match(words) else AmendingContext()
    named = cited_units(rest)
    return AmendingContext(target, named[0].path if len(named) == 1 else ())


def _target_of_title(title: str) -> TargetDocument:
    title = " ".join(title[:MAX_INSTRUCTION_LENGTH].split())
    target, _ = find_target_document(_SOME_ARTICLES.sub("", title, count=1))
    return target or UNKNOWN_TARGET


def _instructions_of_unit(
    unit: Unit, head: UnquotedText, context: AmendingContext, target: TargetDocument, *, has_units: bool
) -> tuple[AmendingContext, list[AmendingInstruction]]:
    words = _to_active_voice(head.words)
    verbs = _amending_verbs(words) or ([AmendingVerb(context.verb, 0, 0)] if context.verb else [])
    named = cited_units(words, context.path)
    inner = _context_for_units(context, verbs, named, words)
    if _PHRASE.search(words) and not (head.blocks and named and not PLACEHOLDER_PATTERN.search(words)):
        return _phrase_instructions_of_unit(unit, words, head, inner, target, verbs, named, has_units=has_units)
    if has_units and not head.blocks:
        return inner, []
    if context.phrases and not _OPENING_VERB.match(words):
        unclear = _unclear_units(words, verbs, named)
        return inner, phrase_instructions.listed_units(unit.eid, target, context.phrases, named, unclear)
    vague = bool(context.verb) and context.is_vague
    return inner, _instructions_on_units(unit, words, head, target, verbs, named, vague=vague)


def _phrase_instructions_of_unit(
    unit: Unit,
    words: str,
    head: UnquotedText,
    inner: AmendingContext,
    target: TargetDocument,
    verbs: list[AmendingVerb],
    named: list[CitedUnit],
    *,
    has_units: bool,
) -> tuple[AmendingContext, list[AmendingInstruction]]:
    """Of a unit about phrases; it may go on with orders about whole units: «…; bãi bỏ điểm b khoản 1 Điều 41»."""
    if has_units and words.endswith(":") and not named:  # the units under it say where
        return replace(inner, phrases=phrase_instructions.scan_phrases(words, head, verbs, named)), []
    last_phrase = max((match.end() for match in PLACEHOLDER_PATTERN.finditer(words)), default=0)
    again = next((verb for verb in verbs if verb.start > last_phrase and _BEGINS.search(words[: verb.start])), None)
    whole = [each for each in named if again and each.start >= again.start]
    made = phrase_instructions.phrase_instructions(
        unit.eid, target, words, head, verbs, [each for each in named if each not in whole]
    )
    if whole:
        made += _instructions_on_units(unit, words, head, target, verbs, whole, vague=False)
    if head.blocks and not any(each.text in "\n".join(head.blocks) for each in made if each.text and not each.phrase):
        # «bỏ cụm từ “…” tại Điều 5 và sửa đổi, bổ sung Điều này như sau: …»: the new wording has no unit
        made = [replace(each, doubts=tuple(dict.fromkeys([*each.doubts, Doubt.UNCLEAR_ORDER]))) for each in made]
    return replace(inner, is_vague=True), made


def _to_active_voice(words: str) -> str:
    """«Điều 13 được sửa đổi, bổ sung như sau» → «sửa đổi, bổ sung Điều 13 như sau»."""
    passive = None if _OPENING_VERB.match(words) else _PASSIVE.match(words)
    if not passive or (PLACEHOLDER_PATTERN.search(passive["what"]) and passive["verb"].casefold().startswith("thay")):
        return words
    verb = "sửa đổi, bổ sung" if passive["verb"].casefold().startswith("sử dụng") else passive["verb"]
    return f"{verb} {passive['what']}{passive['rest']}"


def _amending_verbs(words: str) -> list[AmendingVerb]:
    return [AmendingVerb(match.lastgroup or "", *match.span()) for match in AMENDING_VERB.finditer(words)]


def _context_for_units(
    context: AmendingContext, verbs: list[AmendingVerb], named: list[CitedUnit], words: str
) -> AmendingContext:
    """A heading over units passes on its article and clause if it names one, and its verb if it has one."""
    paths = {cited.path for cited in named}
    articles = {path[0] for path in paths if path[0][0] is UnitKind.ARTICLE}
    path = context.path
    if len(paths) == 1:
        path = next(iter(paths))
    elif len(articles) == 1:
        path = (next(iter(articles)),)
    kinds = {verb.name for verb in verbs}
    verb = next(iter(kinds)) if len(kinds) == 1 and words.endswith(":") else ""
    return replace(context, path=path, verb=verb, is_vague=bool(verb) and _VAGUE.search(words) is not None)


ACTION_BY_VERB = {
    "replace": AmendingAction.REPLACE,
    "insert": AmendingAction.INSERT,
    "repeal": AmendingAction.REPEAL,
    "drop": AmendingAction.REPEAL,
    "swap": AmendingAction.REPLACE,
}


@dataclass(frozen=True)
class _PlacedUnit:
    """A unit with what is done to it. `anchor` is the unit beside which a new one is inserted, None without one."""

    action: AmendingAction
    unit: CitedUnit
    anchor: CitedUnit | None = None
    before: bool = False

    @property
    def needs_text(self) -> bool:
        return self.action in (AmendingAction.REPLACE, AmendingAction.INSERT)


def _instructions_on_units(
    unit: Unit,
    words: str,
    head: UnquotedText,
    target: TargetDocument,
    verbs: list[AmendingVerb],
    named: list[CitedUnit],
    *,
    vague: bool,
) -> list[AmendingInstruction]:
    """Instructions about whole units. The verb of a unit is the last one before its name."""
    slots: list[tuple[AmendingAction, CitedUnit]] = []
    for cited in named:
        verb = next((verb for verb in reversed(verbs) if verb.start <= cited.start), None)
        if verb is None or _is_only_location(words, cited):
            continue
        slots.append((ACTION_BY_VERB[verb.name], cited))
    unclear = set(map(id, named)) if vague else _unclear_units(words, verbs, named)
    return _with_new_wording(unit.eid, target, _with_anchors(words, slots), head, unclear)


def _unclear_units(words: str, verbs: Sequence[AmendingVerb], named: Sequence[CitedUnit]) -> set[int]:
    """The units (by `id`) before which there are words that are not known, and those that go on with them.

    «Bãi bỏ các quy định liên quan đến … tại khoản 1 Điều 19, khoản 1 Điều 20» repeals neither clause.
    """
    unclear: set[int] = set()
    at, goes_on = 0, False
    for cited in named:
        verb = max((verb.end for verb in verbs if verb.end <= cited.start), default=0)
        goes_on = goes_on and verb <= at
        if _KNOWN_GAP.fullmatch(words[max(at, verb) : cited.start]) is None:
            goes_on = True
        if goes_on:
            unclear.add(id(cited))
        at = max(at, cited.end)
    return unclear


def _is_only_location(words: str, cited: CitedUnit) -> bool:
    """Whether the name only says where something is: «trong Mục 3 Chương VIII», «theo quy định tại Điều 5»."""
    before = words[max(0, cited.start - 24) : cited.start].casefold()
    if UNIT_RANK[cited.kind] > UNIT_RANK[UnitKind.ARTICLE] and re.search(r"(?:trong|thuộc|của) $", before):
        return True
    return re.search(r"(?:quy định tại|theo) $", before) is not None


def _with_anchors(words: str, slots: list[tuple[AmendingAction, CitedUnit]]) -> list[_PlacedUnit]:
    """The units with their actions; for insertions, the new unit and the unit beside or in which it is inserted."""
    placed: list[_PlacedUnit] = []
    waiting: list[CitedUnit] = []
    for action, cited in slots:
        lead = words[max(0, cited.start - 24) : cited.start]
        lead = re.sub(r"(?:các|những|đoạn mở đầu|tên)\s*$", "", lead, flags=re.I)
        if action is not AmendingAction.INSERT:
            placed.append(_PlacedUnit(action, cited))
        elif _AFTER.search(lead) or _BEFORE.search(lead):
            before = bool(_BEFORE.search(lead))
            placed += [_PlacedUnit(action, new, cited, before) for new in waiting]
            waiting = []
        elif _INTO.search(lead):
            placed += [_PlacedUnit(action, new) for new in waiting]
            waiting = []
        else:
            waiting.append(cited)
    return [*placed, *(_PlacedUnit(AmendingAction.INSERT, new) for new in waiting)]


def _with_new_wording(
    source: str, target: TargetDocument, placed: list[_PlacedUnit], head: UnquotedText, unclear: Collection[int]
) -> list[AmendingInstruction]:
    """Instructions, each with the new wording that belongs to it."""
    with_text = sorted((each for each in placed if each.needs_text), key=lambda each: each.unit.start)
    blocks = new_wording.strip_quotation_marks(head.blocks)
    quoted, parts = "".join(blocks), None
    if quoted and with_text:
        parts = new_wording.split_by_target(blocks, [each.unit.path[-1] for each in with_text])
    text_by_unit = {id(each.unit): part for each, part in zip(with_text, parts or [], strict=False)}
    made = []
    for each in placed:
        text = text_by_unit.get(id(each.unit), "") if each.needs_text else ""
        made.append(
            AmendingInstruction(
                source,
                target,
                each.action,
                each.unit.eid,
                each.unit.part,
                text=text,
                anchor=each.anchor.eid if each.anchor and each.anchor.is_placed else "",
                before=each.before,
                doubts=tuple(_doubts(head, each, text, quoted, is_unclear=id(each.unit) in unclear)),
            )
        )
    return made


def _doubts(head: UnquotedText, placed: _PlacedUnit, text: str, quoted: str, *, is_unclear: bool) -> Iterator[Doubt]:
    unit = placed.unit
    if not unit.is_placed:
        yield Doubt.NO_ARTICLE
    if unit.passage:
        yield Doubt.PASSAGE
    if UNIT_RANK[unit.kind] > UNIT_RANK[UnitKind.ARTICLE] and unit.part is not UnitPart.HEADING:
        yield Doubt.HIGHER_UNIT
    if is_unclear or _SOME.search(head.words[: unit.start][-40:]):
        yield Doubt.UNCLEAR_ORDER
    if not placed.needs_text:
        return
    if not quoted:
        yield Doubt.NO_TEXT
    elif not text:
        yield Doubt.TEXT_NOT_SPLIT
    elif (
        unit.part is UnitPart.WHOLE
        and UNIT_RANK[unit.kind] <= UNIT_RANK[UnitKind.ARTICLE]
        and new_wording.parse_new_units(text, unit.path) is None
    ):
        yield Doubt.UNIT_NOT_READ


def _with_only_target(found: list[AmendingInstruction]) -> list[AmendingInstruction]:
    """Orders that name no document are about the one that all others of the act are about."""
    targets = {each.target for each in found if each.target != UNKNOWN_TARGET and not each.target.is_the_act}
    if len(targets) != 1:
        return found
    (only,) = targets
    return [replace(each, target=only) if each.target == UNKNOWN_TARGET else each for each in found]


def _with_target_numbers(
    text: str, units: Sequence[Unit], found: list[AmendingInstruction]
) -> list[AmendingInstruction]:
    """If the act names a law without its number, use the number it gives with that name elsewhere."""
    start = text[: units[0].end] if units and units[0].kind is UnitKind.PREAMBLE else ""
    numbers: dict[str, str] = {}
    for line in [*start.split("\n"), *(unit.heading for unit in units)]:
        before = ""
        for part in re.split(rf"(?=(?:{ACT_WORD}) )", line):
            # «theo Luật sửa đổi, bổ sung một số điều của Luật dầu khí số 19/2000/QH10»: not the number of that law
            named = (
                None
                if _OF_AN_AMENDING_LAW.search(before[-MAX_TITLE:])
                else find_target_document(part[:MAX_INSTRUCTION_LENGTH])[0]
            )
            before += part
            if named and named.number and named.name:
                numbers.setdefault(named.name.casefold(), named.number)
    return [
        replace(each, target=replace(each.target, number=numbers[each.target.name.casefold()]))
        if not each.target.number and each.target.name.casefold() in numbers
        else each
        for each in found
    ]
