"""The citation grammar: units named in words, «điểm a, điểm đ khoản 3; khoản 7 Điều 12». Pure.

Source: design/vocabulary.md C7. Two readers over the names that `lexer.unit_names` finds:

- `cited_units`: what an amending act instructs; what is left out is completed;
- `cited_eids`: what a text refers to.

They differ by measured need: on 5,066 lines of law that name a unit they agree in 96.7 %. «Khoản 4, Điều 9» is one unit
to a reference and two to an instruction; «bổ sung khoản 17 vào Điều 3» is one to an instruction.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from content.law.eids import UnitPath, eid_of_path, eid_of_steps
from content.law.lexer.unit_lexicon import LIST_SIGN, OPENING_PART, PARAGRAPH, UNIT_SIZES
from content.law.lexer.unit_names import UnitName, unit_names
from content.law.units import KINDS_WITHIN_ARTICLES, UNIT_RANK, UnitKind, UnitPart

# -- units of an instruction --------------------------------------------------------------

_PART_BEFORE = re.compile(
    rf"(?<!\w)(?:(?P<heading>tên(?: gọi)?)|(?P<opening>{OPENING_PART})|(?P<passage>{PARAGRAPH}|khổ|câu|gạch đầu dòng)"
    r"(?: thứ \w+| \d+| cuối)?)(?: và nội dung)?(?: của| tại)?\s*$",
    re.IGNORECASE,
)
_BETWEEN_CHAINED = re.compile(r"\s*(?:của|thuộc|trong|tại)?\s*")
_LETTERS_BEFORE = 40  # a name, within which the part that is meant is looked for


@dataclass(frozen=True)
class CitedUnit:
    """A unit that is named; `start` and `end` are the offsets of its name in the text."""

    path: UnitPath
    start: int
    end: int
    part: UnitPart = UnitPart.WHOLE
    passage: bool = False  # only a passage of it, which the words do not let us find

    @property
    def kind(self) -> UnitKind:
        return self.path[-1][0]

    @property
    def number(self) -> str:
        return self.path[-1][1]

    @property
    def eid(self) -> str:
        return eid_of_path(self.path)

    @property
    def is_placed(self) -> bool:
        """Whether the article it belongs to is known."""
        return self.path[0][0] is UnitKind.ARTICLE or UNIT_RANK[self.kind] > UNIT_RANK[UnitKind.ARTICLE]


@dataclass(frozen=True, slots=True)
class _OrderedName:
    """A name with the part of its unit that is meant; a heading may be named without a number: «tên Điều»."""

    name: UnitName
    numbers: list[str]
    part: UnitPart
    is_passage: bool

    @property
    def kind(self) -> UnitKind:
        return self.name.kind


def cited_units(text: str, context: UnitPath = ()) -> list[CitedUnit]:
    """The units that `text` names, in order; `context` is the path of the unit that the heading above it is about.

    Names go from small to large. What a name leaves out is taken from the next one to its right, then from what was
    named before it, then from the context. «Từ điểm a đến điểm d» names all points between. Never raises.
    """
    right: UnitPath = ()
    resolved: list[tuple[list[_OrderedName], UnitPath]] = []
    for chain in reversed(_chained_names(text, _ordered_names(text))):
        above = _path_left_out(chain, right, context)
        resolved.append((chain, above))
        right = above + tuple((name.kind, name.numbers[0]) for name in reversed(chain))
    found: list[CitedUnit] = []
    left: UnitPath = ()
    for chain, above in reversed(resolved):
        if not above and UNIT_RANK[chain[-1].kind] < UNIT_RANK[UnitKind.ARTICLE] and left:
            above = tuple(step for step in left if UNIT_RANK[step[0]] > UNIT_RANK[chain[-1].kind])
        units = _units_of_chain(chain, above)
        found.extend(units)
        left = units[-1].path if units else left
    return found


def _ordered_names(text: str) -> Iterator[_OrderedName]:
    for name in unit_names(text, joins_named=False):
        if name.kind not in UNIT_RANK or name.is_this or name.is_below:
            continue
        part = _PART_BEFORE.search(text[max(0, name.start - _LETTERS_BEFORE) : name.start])
        is_heading = bool(part and part["heading"])
        if name.numbers or (is_heading and not (name.kind is UnitKind.PART and text[name.start] == "p")):
            yield _OrderedName(name, name.numbers or [""], _part_meant(part), bool(part and part["passage"]))


def _part_meant(part: re.Match[str] | None) -> UnitPart:
    if part and part["heading"]:
        return UnitPart.HEADING
    return UnitPart.OPENING if part and part["opening"] else UnitPart.WHOLE


def _chained_names(text: str, names: Iterable[_OrderedName]) -> list[list[_OrderedName]]:
    """Names that follow one another from small to large without a sign between them, as lists."""
    chains: list[list[_OrderedName]] = []
    for name in names:
        if chains and name.part is UnitPart.WHOLE and _is_next_in_chain(text, chains[-1][-1], name):
            chains[-1].append(name)
        else:
            chains.append([name])
    return chains


def _is_next_in_chain(text: str, smaller: _OrderedName, larger: _OrderedName) -> bool:
    gap = text[smaller.name.end : larger.name.start]
    return UNIT_RANK[larger.kind] > UNIT_RANK[smaller.kind] and _BETWEEN_CHAINED.fullmatch(gap) is not None


def _path_left_out(chain: list[_OrderedName], right: UnitPath, context: UnitPath) -> UnitPath:
    """The path that the chain leaves out. An article without a number («tên Điều») takes the next one's."""
    largest = chain[-1]
    if UNIT_RANK[largest.kind] >= UNIT_RANK[UnitKind.ARTICLE]:
        if largest.numbers == [""]:
            largest.numbers[:] = [next((number for kind, number in right or context if kind is UnitKind.ARTICLE), "")]
        return ()
    for source in (right, context):
        article = tuple(step for step in source if step[0] is UnitKind.ARTICLE)
        if article:
            smallest = source[-1][0]
            if largest.kind is UnitKind.CLAUSE or smallest not in (UnitKind.POINT, UnitKind.CLAUSE):
                return article
            return article + tuple(step for step in source if step[0] is UnitKind.CLAUSE)
    if largest.kind is UnitKind.POINT:
        return tuple(step for step in right if step[0] is UnitKind.CLAUSE)
    return ()


def _units_of_chain(chain: list[_OrderedName], above: UnitPath) -> list[CitedUnit]:
    """One unit for each number of the smallest name; the last of them is the one that the larger names hold."""
    outer = above + tuple((name.kind, name.numbers[-1]) for name in reversed(chain[1:]))
    own = chain[0]
    units = [
        CitedUnit((*outer, (own.kind, number)), own.name.start, chain[-1].name.end, own.part, own.is_passage)
        for number in own.numbers
    ]
    for at, name in enumerate(chain[1:], 1):  # of «khoản 1 Điều 5, 6» the first article is a unit of its own
        around = above + tuple((other.kind, other.numbers[-1]) for other in reversed(chain[at + 1 :]))
        units += [
            replace(units[0], path=(*around, (name.kind, number)), part=UnitPart.WHOLE) for number in name.numbers[:-1]
        ]
    return units


# -- units of a reference -----------------------------------------------------------------

_SAME_LIST = re.compile(rf"\s*{LIST_SIGN}\s*")
_BLANKS = re.compile(r"\s+")
_BEFORE_ARTICLES = re.compile(r"\s*,?\s*")


@dataclass
class UnitGroup:
    """Numbers of points, clauses and articles that are named together: «các điểm a, đ khoản 2 Điều 15»."""

    points: list[str] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def take(self, name: UnitName) -> None:
        if name.kind is UnitKind.POINT:
            self.points = name.numbers
        elif name.kind is UnitKind.CLAUSE:
            self.clauses = name.numbers
        else:
            self.articles = name.numbers


def cited_eids(text: str, *, article: str | None = None) -> list[str]:
    """The eids of units that a `plain_text` refers to, in order, each once: «các điểm a, đ khoản 2 Điều 15».

    Clauses without an article are of `article` (its number) where that is given, else left out. Never raises.
    """
    found: dict[str, None] = {}
    waiting: list[UnitGroup] = []
    context, last = [article] if article else [], 0
    for group in _unit_groups(text):
        if not _SAME_LIST.fullmatch(text, last, group.start):
            found |= dict.fromkeys(_eids_of_groups(waiting, context))
            waiting = []
        waiting.append(group)
        if group.articles:
            found |= dict.fromkeys(_eids_of_groups(waiting, group.articles))
            waiting = []
        last = group.end
    return list(found | dict.fromkeys(_eids_of_groups(waiting, context)))


def without_units(text: str) -> str:
    """The words of `text` besides names of units: « và  của » of «khoản 2 và khoản 3 của»."""
    kept, at = [], 0
    for name in unit_names(text):
        if name.numbers:
            kept.append(text[at : name.start])
            at = name.end
    return "".join([*kept, text[at:]])


def first_article(text: str) -> str | None:
    """The number of the first article that `text` names, whatever is around it; None where it names none."""
    names = (name for name in unit_names(text) if name.kind is UnitKind.ARTICLE and name.numbers and not name.is_this)
    first = next(names, None)
    return first.numbers[0] if first else None


def _unit_groups(text: str) -> Iterator[UnitGroup]:
    found = unit_names(text)
    names = [name for name in found if name.kind in KINDS_WITHIN_ARTICLES and name.numbers and not name.is_this]
    at = 0
    while at < len(names):
        group, count = _group_at(text, names, at)
        if group:
            yield group
        at += count


def _group_at(text: str, names: Sequence[UnitName], at: int) -> tuple[UnitGroup | None, int]:
    """(the group that begins with this name, how many names it has); None where nothing around its points follows."""
    last, count = names[at], 0
    group = UnitGroup(start=last.start)
    while at + count < len(names) and (count == 0 or _goes_on(text, last, names[at + count])):
        last, count = names[at + count], count + 1
        group.take(last)
    group.end = last.end
    return (group if group.clauses or group.articles else None), count


def _goes_on(text: str, smaller: UnitName, larger: UnitName) -> bool:
    """«điểm a khoản 2», «khoản 2, Điều 5», «Điều 3(2)(a)»."""
    if larger.is_below or UNIT_SIZES[smaller.kind] >= larger.size:
        return larger.is_below
    between = _BLANKS if smaller.kind is UnitKind.POINT else _BEFORE_ARTICLES
    return between.fullmatch(text, smaller.end, larger.start) is not None


def _eids_of_groups(groups: Iterable[UnitGroup], articles: Sequence[str]) -> Iterator[str]:
    """The eids of groups that share the first article: «điểm i khoản 2; điểm đ khoản 4 Điều 6»."""
    for article in articles[:1]:
        for group in groups:
            around: UnitPath = ((UnitKind.ARTICLE, article),)
            clauses = [(*around, (UnitKind.CLAUSE, clause)) for clause in group.clauses] or [around]
            for point in group.points:
                yield eid_of_steps([*clauses[0], (UnitKind.POINT, point)])
            for path in clauses[bool(group.points) :]:
                yield eid_of_steps(path)
    for article in articles[1:]:
        yield eid_of_steps([(UnitKind.ARTICLE, article)])
