"""The numbers that Word shows before paragraphs and does not write into the text.

Source: ECMA-376 Part 1, 17.9 (w:abstractNum, w:num, w:lvl, w:lvlOverride, w:numStyleLink) and 17.3.1.19 (w:numPr).
python-docx does not compute them; libraries that do read the whole file into memory.
"""

import re
from dataclasses import dataclass, field, replace
from typing import IO

from lxml import etree

from content.law.lexer.unit_lexicon import CLAUSE, POINT
from content.text.numerals import as_roman
from content.word.xml import W, events, is_on, name_above, number, release, value

MAX_LEVEL = 8
MAX_NUMBER = 99_999
MAX_LABEL = 60  # characters; no unit of a law has a longer mark
MAX_STYLES_DEEP = 20  # styles that build on one another
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NAMED_UNIT = re.compile(rf"\s*(?:{CLAUSE}\s+(?P<clause>\d+)|{POINT}\s+(?P<point>[a-zđ]))\s*[.):/-]?\s*", re.I)
FIFTH = 5  # the place from which Word's letters and those of Vietnamese law differ: e, where the law has đ


@dataclass(frozen=True)
class Level:
    """One level of a list: how its number is written, and where its count begins."""

    start: int = 1
    format: str = "decimal"
    text: str = ""  # «Điều %1.»
    suffix: str = "tab"
    style: str = ""  # the paragraph style of this level
    restart: int | None = None  # 0: never; n: only after a paragraph of level n or above; None: after any level above
    is_legal: bool = False  # all numbers in Arabic digits


@dataclass
class ListDefinition:
    """A w:abstractNum. Lists that share it are counted together."""

    levels: dict[int, Level] = field(default_factory=dict)
    style_link: str = ""  # the numbering style that has the levels


@dataclass
class ListInstance:
    """A w:num: a definition, and what it changes of it."""

    definition: str = ""
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


@dataclass(frozen=True)
class ListReference:
    """What w:numPr says: the list and the level. None: it does not say; list "0" takes a number away."""

    list_id: str | None = None
    level: int | None = None

    def over(self, other: "ListReference") -> "ListReference":
        """This, where it says something, else the other."""
        return ListReference(
            other.list_id if self.list_id is None else self.list_id, other.level if self.level is None else self.level
        )


@dataclass(frozen=True)
class Style:
    """A paragraph or numbering style: its own list, and the style it builds on."""

    reference: ListReference = ListReference()
    base: str = ""


@dataclass(frozen=True)
class Label:
    """What Word shows before a paragraph: a number or a bullet, with the blank after it.

    `is_beyond_d`: a letter after d, which Word counts as a, b, c, d, e, f and Vietnamese law as a, b, c, d, đ, e.
    `is_unknown`: there is a number, but it cannot be made here. `is_named`: Word shows «Khoản 1.» or «Điểm a)»;
    only the mark of the law is kept of it, because laws begin no clause with its name.
    """

    text: str = ""
    is_number: bool = False
    is_beyond_d: bool = False
    is_unknown: bool = False
    is_named: bool = False


NO_LABEL = Label()
UNKNOWN_LABEL = Label(is_unknown=True)


class Numbering:
    """The lists of one document, and how far each is counted. `read_styles` and `read_lists` come first."""

    def __init__(self) -> None:
        self._styles: dict[str, Style] = {}
        self._definitions: dict[str, ListDefinition] = {}
        self._lists: dict[str, ListInstance] = {}
        self._counts: dict[str, dict[int, int]] = {}  # {definition: {level: the last number}}
        self._begun: set[tuple[str, int]] = set()  # lists that began again at their own start, by level

    # -- definitions ----------------------------------------------------------------

    def read_styles(self, stream: IO[bytes]) -> None:
        """Note the lists of word/styles.xml: «khoản» and «Điều» often have one."""
        style = Style()
        for event, element in events(stream):
            if event == "start":
                continue
            match element.tag.removeprefix(W):
                case "numId":
                    style = replace(style, reference=ListReference(value(element, "0"), style.reference.level))
                case "ilvl":
                    style = replace(style, reference=ListReference(style.reference.list_id, number(element, MAX_LEVEL)))
                case "basedOn":
                    style = replace(style, base=value(element))
                case "style":
                    self._styles[element.get(f"{W}styleId", "")] = style
                    style = Style()
            release(element)

    def read_lists(self, stream: IO[bytes]) -> None:
        """Note the lists of word/numbering.xml."""
        definition, instance, level = ListDefinition(), ListInstance(), Level()
        for event, element in events(stream):
            name = element.tag.removeprefix(W)
            if event == "start":
                if name == "abstractNum":
                    definition = self._definitions[element.get(f"{W}abstractNumId", "")] = ListDefinition()
                elif name == "num":
                    instance = self._lists[element.get(f"{W}numId", "")] = ListInstance()
                elif name == "lvl":
                    level = Level()
                continue
            match name:
                case "numStyleLink":
                    definition.style_link = value(element)
                case "abstractNumId":
                    instance.definition = value(element)
                case "startOverride":
                    instance.starts[_level_of(element.getparent())] = number(element, MAX_NUMBER, 1)
                case "start":
                    level = replace(level, start=number(element, MAX_NUMBER, 1))
                case "numFmt":
                    level = replace(level, format=value(element))
                case "lvlText":
                    level = replace(level, text=value(element)[: MAX_LABEL + 1])
                case "suff":
                    level = replace(level, suffix=value(element))
                case "pStyle":
                    level = replace(level, style=value(element))
                case "lvlRestart":
                    level = replace(level, restart=number(element, MAX_LEVEL + 1))
                case "isLgl":
                    level = replace(level, is_legal=is_on(element))
                case "lvl":
                    is_override = name_above(element) == "lvlOverride"
                    (instance if is_override else definition).levels[_level_of(element)] = level
            release(element)

    # -- counting -------------------------------------------------------------------

    def label(self, own: ListReference, style: str) -> Label:
        """What Word shows before the next paragraph, with that w:numPr of its own and that style.

        Counts it: call this once for each paragraph, in the order of the text.
        """
        found = own.over(self._reference_of_style(style))
        if found.list_id == "0" or found == ListReference():
            return NO_LABEL
        instance = self._lists.get(found.list_id or "")
        definition_id = self._definition_of(instance)
        if instance is None or definition_id is None:
            return UNKNOWN_LABEL
        levels = self._definitions[definition_id].levels | instance.levels
        at = found.level or 0
        if own.level is None:
            at = next((each for each, level in levels.items() if level.style and level.style == style), at)
        self._count(definition_id, found.list_id or "", instance, levels, at)
        counts = self._counts[definition_id]
        written = _written(levels, counts, at)
        if written is None:
            return UNKNOWN_LABEL
        if written and levels[at].suffix != "nothing" and not written.endswith(" "):
            written += " "
        if not written or levels[at].format == "bullet":
            return Label(written)
        mark = _mark_of_named_unit(written)
        return Label(
            mark or written,
            is_number=True,
            is_beyond_d=levels[at].format == "lowerLetter" and counts[at] >= FIFTH,
            is_named=bool(mark),
        )

    def _reference_of_style(self, style: str) -> ListReference:
        found = ListReference()
        for _deep in range(MAX_STYLES_DEEP):
            known = self._styles.get(style)
            if known is None:
                break
            found, style = found.over(known.reference), known.base
        return found

    def _definition_of(self, instance: ListInstance | None) -> str | None:
        """The id of the definition that has the levels: a numbering style may stand between; None if there is none."""
        for _deep in range(MAX_STYLES_DEEP):
            definition = self._definitions.get(instance.definition) if instance else None
            if instance is None or definition is None:
                return None
            if definition.levels or not definition.style_link:
                return instance.definition
            instance = self._lists.get(self._reference_of_style(definition.style_link).list_id or "")
        return None

    def _count(self, definition: str, list_id: str, instance: ListInstance, levels: dict[int, Level], at: int) -> None:
        counts = self._counts.setdefault(definition, {})
        for above in range(at):
            counts.setdefault(above, levels.get(above, Level()).start)
        start = levels.get(at, Level()).start
        if at in instance.starts and (list_id, at) not in self._begun:
            self._begun.add((list_id, at))
            counts[at] = instance.starts[at]
        else:
            counts[at] = counts[at] + 1 if at in counts else start
        for below in [each for each in counts if each > at]:
            restart = levels.get(below, Level()).restart
            if restart is None or at < restart:
                del counts[below]


def _mark_of_named_unit(written: str) -> str:
    """«1. » for «Khoản 1: », «a) » for «Điểm a. »; "" for another number."""
    named = _NAMED_UNIT.fullmatch(written)
    if named is None:
        return ""
    return f"{named['clause']}. " if named["clause"] else f"{named['point'].lower()}) "


def _level_of(element: etree._Element | None) -> int:
    digits = "0" if element is None else element.get(f"{W}ilvl", "0")
    return int(digits) if digits in tuple("012345678") else 0


def _written(levels: dict[int, Level], counts: dict[int, int], at: int) -> str | None:
    """The number as Word writes it; "" if the list shows none, None if its format is not known here."""
    own = levels.get(at)
    if own is None or len(own.text) > MAX_LABEL:
        return None
    if own.format == "none":
        return ""
    if own.format == "bullet":
        return own.text if own.text in ("-", "–", "—", "+", "•", "*") else "-"
    parts = own.text.split("%")
    written = parts[0]
    for part in parts[1:]:
        if not part or part[0] not in "123456789":
            written += f"%{part}"
            continue
        level = levels.get(int(part[0]) - 1, Level())
        figure = _figure(counts.get(int(part[0]) - 1, level.start), "decimal" if own.is_legal else level.format)
        if figure is None:
            return None
        written += figure + part[1:]
    return written if len(written) <= MAX_LABEL else None


def _figure(count: int, written: str) -> str | None:
    match written:
        case "decimal":
            return str(count)
        case "decimalZero":
            return f"{count:02}"
        case "upperRoman" | "lowerRoman" if 0 < count < 400:
            return as_roman(count) if written == "upperRoman" else as_roman(count).lower()
        case "upperLetter" | "lowerLetter" if count > 0:
            letters = _LETTERS[(count - 1) % 26] * ((count - 1) // 26 + 1)
            return letters.upper() if written == "upperLetter" else letters
        case "none":
            return ""
    return None
