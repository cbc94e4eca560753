"""A text as the staff site shows it: its lines, the outline beside them, warnings, and numbers of units. Pure."""

import bisect
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content import parsing
from content.law.units import CITED_UNIT_WORDS, KINDS_WITHIN_ARTICLES, UnitKind
from content.parsing import ParserWarning, Structure, Unit

COUNTED_KINDS = {
    UnitKind.CHAPTER: _("chapters"),
    UnitKind.ARTICLE: _("articles"),
    UnitKind.CLAUSE: _("clauses"),
    UnitKind.POINT: _("points"),
}
UNNUMBERED_KIND_NAMES = {
    UnitKind.PREAMBLE: _("Opening"),
    UnitKind.CONCLUSIONS: _("Closing"),
    UnitKind.BODY: _("Whole text"),
}
SMALL_KIND_NAMES = {
    UnitKind.PARAGRAPH: _("paragraph"),
    UnitKind.INDENT: _("indent"),
    UnitKind.TABLE: _("table"),
    UnitKind.FOOTNOTE: _("footnote"),
}


@dataclass
class PreviewLine:
    """A line that is not blank, without surrounding spaces. `number` counts blank lines too."""

    number: int
    text: str
    kind: str = ""  # of the unit that begins here
    follows_blank: bool = False
    warnings: "list[PreviewWarning]" = field(default_factory=list)

    @property
    def style(self) -> str:
        classes = [self.kind, "gap" if self.follows_blank else "", "warned" if self.warnings else ""]
        return " ".join(filter(None, classes))


@dataclass
class OutlineBranch:
    """A unit of the outline. Units inside an article are its leaves; all others form a list, `depth` deep."""

    name: str  # «Điều 5», «khoản 2»
    heading: str
    line: int
    depth: int
    leaves: "list[OutlineBranch]" = field(default_factory=list)


@dataclass(frozen=True)
class PreviewWarning:
    """A warning of the parser, with the line it is about."""

    code: str
    message: str
    line: int


@dataclass(frozen=True)
class Preview:
    """Everything the staff site shows of one text."""

    lines: list[PreviewLine]
    branches: list[OutlineBranch]
    warnings: list[PreviewWarning]
    parser_warnings: tuple[ParserWarning, ...]  # the same, with offsets
    counts: list[tuple[int, Promise]]  # [(how many, of what)]
    names: dict[str, str]  # {eid: «điểm a khoản 1 Điều 2»}
    texts: dict[str, str]  # {eid: own text}


def preview_of_text(text: str, parsed: Structure | None = None) -> Preview:
    """The Preview of a text (NFC). `parsed`: its structure, if it is not that of one whole text."""
    parsed = parsed or parsing.parse_text(text)
    lines = [PreviewLine(number, content.strip()) for number, content in enumerate(text.split("\n"), start=1)]
    starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]

    def line_of(offset: int) -> int:
        return bisect.bisect_right(starts, offset)

    for unit in parsed.units:
        lines[line_of(unit.start) - 1].kind = unit.kind.value
    warnings = [PreviewWarning(notice.code, notice.message, line_of(notice.start)) for notice in parsed.warnings]
    for warning in warnings:
        lines[warning.line - 1].warnings.append(warning)
    for before, line in itertools.pairwise(lines):
        line.follows_blank = not before.text
    return Preview(
        lines=[line for line in lines if line.text or line.warnings],
        branches=_outline_branches(parsed.units, line_of),
        warnings=warnings,
        parser_warnings=parsed.warnings,
        counts=[(sum(unit.kind is kind for unit in parsed.units), words) for kind, words in COUNTED_KINDS.items()],
        names=unit_names(parsed.units),
        texts={unit.eid: text[unit.start : unit.end] for unit in parsed.units},
    )


def unit_names(units: Sequence[Unit]) -> dict[str, str]:
    """{eid: full name}; a unit inside an article is named from the small to the large."""
    found: list[str] = []
    for unit in units:
        own = _unit_name(unit)
        parent = unit.parent if _is_inside_article(unit) else None
        found.append(own if parent is None else f"{own} {found[parent]}")
    return dict(zip((unit.eid for unit in units), found, strict=True))


def _is_inside_article(unit: Unit) -> bool:
    """Whether it is part of an article, or of a unit that takes the place of an article."""
    return unit.kind in SMALL_KIND_NAMES or (unit.kind in KINDS_WITHIN_ARTICLES and unit.kind is not UnitKind.ARTICLE)


def _unit_name(unit: Unit) -> str:
    if unit.kind in SMALL_KIND_NAMES:  # often they have no number
        number = unit.number.strip("-–—•*+") or unit.eid.rpartition("_")[2]
        return f"{SMALL_KIND_NAMES[unit.kind]} {number}"
    word = CITED_UNIT_WORDS.get(unit.kind)
    return (
        f"{word} {unit.number}" if word and unit.number else str(UNNUMBERED_KIND_NAMES.get(unit.kind, word or unit.eid))
    )


def _outline_branches(units: Sequence[Unit], line_of: Callable[[int], int]) -> list[OutlineBranch]:
    branches: list[OutlineBranch] = []
    depths: list[int] = []
    article = None
    for unit in units:
        depths.append(0 if unit.parent is None else depths[unit.parent] + 1)
        branch = OutlineBranch(_unit_name(unit), " ".join(unit.heading.split()), line_of(unit.start), depths[-1])
        if _is_inside_article(unit) and article:
            branch.depth -= article.depth + 1
            article.leaves.append(branch)
            continue
        article = branch if unit.kind is UnitKind.ARTICLE else None
        branches.append(branch)
    return branches
