"""Which orders an amending act gives: its units are walked, each with what the heading above it is about.

    instructions = recognise(text, structure, title=…)

Pure; never raises on any text. What it is unsure of carries doubts. Source of the forms: Decree 78/2025/NĐ-CP on how
amending acts are written, and fifty such acts of 2005 to 2025 (`bench/amending.py` counts what is found in them).
"""

import re
from dataclasses import dataclass, replace

from content.amendments.instructions import AmendingAction, AmendingInstruction, TargetDocument
from content.amendments.recognition import effect_clauses, new_wording, phrase_instructions
from content.amendments.recognition.unquoted_text import (
    PLACEHOLDER_PATTERN,
    find_target_document,
    unquoted_body,
    unquoted_heading,
)
from content.law.grammar import cited_units
from content.law.units import UNIT_RANK, UnitKind, UnitPart

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
INSTRUCTING_KINDS = (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT)  # units whose own words may order something
MAX_INSTRUCTION_LENGTH = 3_000  # characters of an order; what is longer is a text that was not split into its units
_AMENDING_TITLE = re.compile(r"sửa đổi|bãi bỏ", re.IGNORECASE)


@dataclass(frozen=True)
class AmendingContext:
    """What the units above say: of which document, of which article and clause, and what is done to them."""

    target: TargetDocument | None = None
    path: tuple = ()
    verb: str = ""


def recognise_instructions(text, structure, *, title=""):
    """The Instructions of the act of that text and title, in the order they stand there."""
    units, contexts, found = structure.units, {}, []
    outset = AmendingContext(_target_of_title(title) if _AMENDING_TITLE.search(title) else None)
    parents = {unit.parent for unit in units if unit.kind in INSTRUCTING_KINDS}
    for index, unit in enumerate(units):
        if unit.kind not in INSTRUCTING_KINDS:
            continue
        above = contexts.get(unit.parent, outset)
        contexts[index], made = _read_unit(text, structure, unit, above, has_units=index in parents)
        found.extend(made)
    found = _with_target_numbers(text, units, found)
    return [*found, *effect_clauses.recognise_effect_clauses(text, structure)]


def _read_unit(text, structure, unit, above, *, has_units):
    """(Context for the units under it, [Instruction]) of one unit."""
    heading, body = unquoted_heading(unit), unquoted_body(text, unit, structure.quoted)
    if unit.kind is UnitKind.ARTICLE:
        above = _article_context(heading.words, above)
    head = heading if unit.kind is UnitKind.ARTICLE and not _has_words(body.words) else body
    words = head.words
    if len(words) > MAX_INSTRUCTION_LENGTH:
        return AmendingContext(), []
    target, words = (
        find_target_document(words) if _gives_instruction(words, above) or _PASSIVE.match(words) else (None, words)
    )
    context = replace(above, target=target) if target else above
    if context.target is None or context.target.is_the_act:
        return context, []
    if not _gives_instruction(words, above):
        return replace(context, verb=""), []
    head = replace(head, words=words, blocks=body.blocks)
    return _instructions_of_unit(unit, head, context, has_units=has_units)


def _has_words(words):
    return words.strip(" .;,:") != ""


def _gives_instruction(words, above):
    if _OPENING_VERB.match(words):
        return True
    if above.verb:
        return bool(
            re.match(r"(?:các |tên |cụm từ|từ|đoạn|\ue000)?\s*(?:điểm|khoản|điều|cụm từ|từ|\ue000)", words, re.I)
        )
    passive = _PASSIVE.match(words)
    return bool(passive and re.match(r"(?:(?:các|tên|đoạn \w+|trong) |cụm từ|từ )?.{0,80}?(?:điều|khoản|điểm|\ue000)",
                                     passive["what"], re.I) and len(passive["what"]) < 160)  # fmt: skip


def _article_context(words, above):
    """An article that says «Sửa đổi, bổ sung một số điều của Luật …» speaks of that law from there on."""
    if not words:
        return above
    target, rest = find_target_document(words)
    if not _OPENING_VERB.match(words) or target is None:
        return above if _OPENING_VERB.match(words) else AmendingContext()
    named = cited_units(rest)
    return AmendingContext(target, named[0].path if len(named) == 1 else ())


def _target_of_title(title):
    target, _ = find_target_document(re.sub(r"^.*?(?:một số điều|sửa đổi)\s", "", title, count=1, flags=re.I | re.S))
    return target or TargetDocument(name="?")


def _instructions_of_unit(unit, head, context, *, has_units):
    words = _to_active_voice(head.words)
    verbs = list(AMENDING_VERB.finditer(words)) or _inherited_verbs(context.verb)
    named = cited_units(words, context.path)
    inner = _context_for_units(context, verbs, named, words)
    if _PHRASE.search(words) and not (head.blocks and named and not PLACEHOLDER_PATTERN.search(words)):
        return inner, phrase_instructions.phrase_instructions(unit.eid, context.target, words, head, verbs, named)
    if has_units and not head.blocks:
        return inner, []
    return inner, _instructions_on_units(unit, words, head, context, verbs, named)


def _to_active_voice(words):
    """«Điều 13 được sửa đổi, bổ sung như sau» → «sửa đổi, bổ sung Điều 13 như sau»."""
    passive = None if _OPENING_VERB.match(words) else _PASSIVE.match(words)
    if not passive or (PLACEHOLDER_PATTERN.search(passive["what"]) and passive["verb"].casefold().startswith("thay")):
        return words
    verb = "sửa đổi, bổ sung" if passive["verb"].casefold().startswith("sử dụng") else passive["verb"]
    return f"{verb} {passive['what']}{passive['rest']}"


@dataclass(frozen=True)
class _InheritedVerb:
    """The verb of the heading above, as if it stood before the words."""

    lastgroup: str

    def start(self):
        return 0

    def end(self):
        return 0


def _inherited_verbs(verb):
    return [_InheritedVerb(verb)] if verb else []


def _context_for_units(context, verbs, named, words):
    """A heading over units hands down its article and clause where it names one, and its verb where it has one."""
    paths = {ref.path for ref in named}
    articles = {path[0] for path in paths if path[0][0] is UnitKind.ARTICLE}
    path = context.path
    if len(paths) == 1:
        path = next(iter(paths))
    elif len(articles) == 1:
        path = (next(iter(articles)),)
    kinds = {verb.lastgroup for verb in verbs}
    return replace(context, path=path, verb=next(iter(kinds)) if len(kinds) == 1 and words.endswith(":") else "")


ACTION_BY_VERB = {
    "replace": AmendingAction.REPLACE,
    "insert": AmendingAction.INSERT,
    "repeal": AmendingAction.REPEAL,
    "drop": AmendingAction.REPEAL,
    "swap": AmendingAction.REPLACE,
}


def _instructions_on_units(unit, words, head, context, verbs, named):
    """Orders about whole units. Which verb an order has is the last one before the unit's name."""
    slots = []
    for ref in named:
        verb = next((verb for verb in reversed(verbs) if verb.start() <= ref.start), None)
        if verb is None or _is_only_location(words, ref):
            continue
        slots.append((ACTION_BY_VERB[verb.lastgroup], ref, words[max(verb.end(), 0) : ref.start]))
    orders = _with_anchors(words, slots)
    return _with_new_wording(unit.eid, context.target, orders, head)


def _is_only_location(words, ref):
    """Whether the name only says where something is: «trong Mục 3 Chương VIII», «theo quy định tại Điều 5»."""
    before = words[max(0, ref.start - 24) : ref.start].casefold()
    if UNIT_RANK[ref.kind] > UNIT_RANK[UnitKind.ARTICLE] and re.search(r"(?:trong|thuộc|của) $", before):
        return True
    return re.search(r"(?:quy định tại|theo) $", before) is not None


def _with_anchors(words, slots):
    """[(action, ref, anchor or None, before)]: of insertions, what is inserted and beside or into what."""
    orders, waiting = [], []
    for action, ref, _since in slots:
        lead = words[max(0, ref.start - 24) : ref.start]
        lead = re.sub(r"(?:các|những|đoạn mở đầu|tên)\s*$", "", lead, flags=re.I)
        if action is not AmendingAction.INSERT:
            orders.append((action, ref, None, False))
        elif _AFTER.search(lead) or _BEFORE.search(lead):
            orders += [(action, new, ref, bool(_BEFORE.search(lead))) for new in waiting]
            waiting = []
        elif _INTO.search(lead):
            orders += [(action, new, None, False) for new in waiting]
            waiting = []
        else:
            waiting.append(ref)
    return [*orders, *((AmendingAction.INSERT, new, None, False) for new in waiting)]


def _with_new_wording(source, target, orders, head):
    """Instructions with the new wording that belongs to each."""
    texts = [order for order in orders if order[0] in (AmendingAction.REPLACE, AmendingAction.INSERT)]
    texts.sort(key=lambda order: order[1].start)
    quoted = new_wording.strip_quotation_marks(head.blocks)
    parts = new_wording.split_by_target(quoted, [order[1].path[-1] for order in texts]) if quoted and texts else None
    by_ref = {id(order[1]): part for order, part in zip(texts, parts or [], strict=False)}
    made = []
    for action, ref, anchor, before in orders:
        needs_text = action in (AmendingAction.REPLACE, AmendingAction.INSERT)
        text = by_ref.get(id(ref), "") if needs_text else ""
        made.append(
            AmendingInstruction(
                source,
                target,
                action,
                ref.eid,
                ref.part,
                text=text,
                anchor=anchor.eid if anchor and anchor.is_placed else "",
                before=before,
                doubts=tuple(_doubts(head, ref, text, needs_text, quoted, texts)),
            )
        )
    return made


def _doubts(head, ref, text, needs_text, quoted, texts):
    if not ref.is_placed:
        yield "no_article"
    if ref.passage:
        yield "passage"
    if UNIT_RANK[ref.kind] > UNIT_RANK[UnitKind.ARTICLE] and ref.part is not UnitPart.HEADING:
        yield "higher_unit"
    if _SOME.search(head.words[: ref.start][-40:]):
        yield "unclear_order"
    if needs_text and not quoted:
        yield "no_text"
    elif needs_text and not text:
        yield "text_not_split"
    elif (
        needs_text
        and ref.part is UnitPart.WHOLE
        and UNIT_RANK[ref.kind] <= 2
        and new_wording.parse_new_units(text, ref.path) is None
    ):
        yield "unit_not_read"


def _with_target_numbers(text, units, found):
    """Where the act names a law without its number, take the number from where it names it with one."""
    start = text[: units[0].end] if units and units[0].kind is UnitKind.PREAMBLE else ""
    numbers = {}
    for line in [*start.split("\n"), *(unit.heading for unit in units)]:
        for part in re.split(r"(?=(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết) )", line):
            named, _ = find_target_document(part)
            if named and named.number and named.name:
                numbers.setdefault(named.name.casefold(), named.number)
    return [
        replace(each, target=replace(each.target, number=numbers[each.target.name.casefold()]))
        if not each.target.number and each.target.name.casefold() in numbers
        else each
        for each in found
    ]
