"""A text as the desk shows it: its lines, the tree beside them, what to look at, and how many units there are. Pure."""

import bisect
import itertools
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from content import parsing
from content.law.units import CITED_UNIT_WORDS, KINDS_WITHIN_ARTICLES, UnitKind

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
    """One that is not blank, without the blanks around it; `number` counts the blank ones too."""

    number: int
    text: str
    kind: str = ""  # of the unit that begins here
    follows_blank: bool = False
    warnings: list = field(default_factory=list)

    @property
    def style(self):
        return " ".join(filter(None, [self.kind, self.follows_blank and "gap", self.warnings and "warned"]))


@dataclass
class OutlineBranch:
    """A unit of the tree. Those inside an article hang in it, all others stand one after another, `depth` deep."""

    name: str  # «Điều 5», «khoản 2»
    heading: str
    line: int
    depth: int
    leaves: list = field(default_factory=list)


@dataclass(frozen=True)
class PreviewWarning:
    code: str
    message: str
    line: int


@dataclass(frozen=True)
class Preview:
    lines: list
    branches: list
    warnings: list
    counts: list  # [(how many, of what)]
    names: dict  # {eid: «điểm a khoản 1 Điều 2»}
    texts: dict  # {eid: own words}


def preview_of_text(text, parsed=None):
    """The Preview of a text (NFC). `parsed`: its Structure, where it is not that of one whole text."""
    parsed = parsed or parsing.parse_text(text)
    lines = [PreviewLine(number, content.strip()) for number, content in enumerate(text.split("\n"), start=1)]
    starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]

    def line_of(offset):
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
        counts=[(sum(unit.kind is kind for unit in parsed.units), words) for kind, words in COUNTED_KINDS.items()],
        names=unit_names(parsed.units),
        texts={unit.eid: text[unit.start : unit.end] for unit in parsed.units},
    )


def unit_names(units):
    """{eid: its name in full}; a unit inside an article is named from the small to the large."""
    found = []
    for unit in units:
        own = _unit_name(unit)
        inside = _is_inside_article(unit) and unit.parent is not None
        found.append(f"{own} {found[unit.parent]}" if inside else own)
    return dict(zip((unit.eid for unit in units), found, strict=True))


def _is_inside_article(unit):
    """Whether it is a part of an article, or of what stands in an article's place."""
    return unit.kind in SMALL_KIND_NAMES or (unit.kind in KINDS_WITHIN_ARTICLES and unit.kind is not UnitKind.ARTICLE)


def _unit_name(unit):
    if unit.kind in SMALL_KIND_NAMES:  # often without a number of their own
        number = unit.number.strip("-–—•*+") or unit.eid.rpartition("_")[2]
        return f"{SMALL_KIND_NAMES[unit.kind]} {number}"
    word = CITED_UNIT_WORDS.get(unit.kind)
    return (
        f"{word} {unit.number}" if word and unit.number else str(UNNUMBERED_KIND_NAMES.get(unit.kind, word or unit.eid))
    )


def _outline_branches(units, line_of):
    branches, depths, article = [], [], None
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
