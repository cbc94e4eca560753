"""Units named in words: «điểm a, điểm đ khoản 3; khoản 7 Điều 12» → where each stands (design/vocabulary.md C7).

The order is from small to large. What a name leaves out it has from the next one to its right, then from the context.
"""

import re
from dataclasses import dataclass, replace

from content.amendments.instructions import UnitPart
from content.law.unit_numbers import POINT_LETTERS, eid_token
from content.parsing import UnitKind

UNIT_EID_PREFIX = {  # how eids begin (design/vocabulary.md D)
    UnitKind.POINT: "point",
    UnitKind.CLAUSE: "clause",
    UnitKind.ARTICLE: "art",
    UnitKind.SUBSECTION: "subsec",
    UnitKind.SECTION: "sec",
    UnitKind.CHAPTER: "chp",
    UnitKind.PART: "part",
}
UNIT_RANK = {
    UnitKind.POINT: 0,
    UnitKind.CLAUSE: 1,
    UnitKind.ARTICLE: 2,
    UnitKind.SUBSECTION: 3,
    UnitKind.SECTION: 4,
    UnitKind.CHAPTER: 5,
    UnitKind.PART: 6,
}
_WORDS = {
    "điểm": UnitKind.POINT,
    "khoản": UnitKind.CLAUSE,
    "điều": UnitKind.ARTICLE,
    "tiểu mục": UnitKind.SUBSECTION,
    "mục": UnitKind.SECTION,
    "chương": UnitKind.CHAPTER,
    "phần": UnitKind.PART,
}
_NUMBERS = {
    UnitKind.POINT: r"[a-zđ]{1,2}[0-9]{0,2}",
    UnitKind.CLAUSE: r"[0-9]{1,3}[a-zđ]?",
    UnitKind.ARTICLE: r"[0-9]{1,4}[a-zđ]?",
    UnitKind.SUBSECTION: r"[0-9]{1,3}[a-zđ]?",
    UnitKind.SECTION: r"[0-9]{1,3}[a-zđ]?|[IVXLC]{1,8}[a-zđ]?",
    UnitKind.CHAPTER: r"[IVXLC]{1,8}[a-zđ]?|[0-9]{1,3}",
    UnitKind.PART: r"[IVXLC]{1,8}|(?:thứ )?(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)",
}
_WORD = r"(?<!\w)(?P<many>(?:các|những)\s+)?(?P<word>tiểu mục|điểm|khoản|điều|mục|chương|phần)(?!\w)"
_NAMED = re.compile(_WORD, re.IGNORECASE)
_PART_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<heading>tên(?: gọi)?)|(?P<opening>(?:đoạn )?mở đầu|đoạn đầu)|(?P<passage>đoạn|câu|gạch đầu dòng)"
    r"(?: thứ \w+| \d+| cuối)?)(?: và nội dung)?(?: của| tại)?\s*$",
    re.IGNORECASE,
)
_AND = r"\s*(?:,\s*và(?!\w)|,|;|(?<!\w)và(?!\w)|(?<!\w)hoặc(?!\w))\s*"
_NOT_A_LETTER = r"(?![\w/.]*\w)"


@dataclass(frozen=True)
class CitedUnit:
    """`path`: (kind, number) from the outermost. `start`, `end`: where the name stands in the text."""

    path: tuple[tuple[UnitKind, str], ...]
    start: int
    end: int
    part: UnitPart = UnitPart.WHOLE
    passage: bool = False  # only a passage of it, which the words do not let us find

    @property
    def kind(self):
        return self.path[-1][0]

    @property
    def number(self):
        return self.path[-1][1]

    @property
    def eid(self):
        return eid_of_path(self.path)

    @property
    def is_placed(self):
        """Whether it says, or is told, which article it belongs to."""
        return self.path[0][0] is UnitKind.ARTICLE or UNIT_RANK[self.kind] > UNIT_RANK[UnitKind.ARTICLE]


def eid_of_path(path):
    """The eid of a path: articles are global, what is below them is nested, what is above them too."""
    path = path[next((at for at, (kind, _) in enumerate(path) if kind is UnitKind.ARTICLE), 0) :]
    return "__".join(f"{UNIT_EID_PREFIX[kind]}_{eid_token(number)}" for kind, number in path)


@dataclass
class UnitName:
    """A word and its numbers as they stand there: «các khoản 1, 2 và 3»."""

    kind: UnitKind
    numbers: list
    start: int
    end: int
    part: UnitPart
    passage: bool


def cited_units(text, context=()):
    """The Refs in `text`, in order. `context` is a path: what the heading above is about."""
    names, found, left = _unit_names(text), [], None
    right, resolved = None, []
    for chain in reversed(_chained_names(text, names)):
        above = _path_left_out(chain, right, context)
        resolved.append((chain, above))
        right = above + tuple((name.kind, name.numbers[0]) for name in reversed(chain))
    for chain, above in reversed(resolved):
        if not above and UNIT_RANK[chain[-1].kind] < UNIT_RANK[UnitKind.ARTICLE] and left:
            above = tuple(step for step in left if UNIT_RANK[step[0]] > UNIT_RANK[chain[-1].kind])
        made = _units_of_chain(chain, above)
        found.extend(made)
        left = made[-1].path if made else left
    return found


def _unit_names(text):
    names = []
    for match in _NAMED.finditer(text):
        kind = _WORDS[match["word"].casefold()]
        numbers, end = _listed_numbers(text, match.end(), kind)
        part = _PART_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
        heading = bool(part and part["heading"])
        if not numbers and not heading:
            continue
        if kind is UnitKind.PART and match["word"][0] == "p" and not numbers:
            continue
        which = UnitPart.HEADING if heading else UnitPart.OPENING if part and part["opening"] else UnitPart.WHOLE
        names.append(
            UnitName(kind, numbers or [""], match.start(), end or match.end(), which, bool(part and part["passage"]))
        )
    return _with_filled_ranges(text, names)


def _listed_numbers(text, at, kind):
    """([numbers], end) that follow a word: one, or a list of them."""
    number = f"(?:{_NUMBERS[kind]}){_NOT_A_LETTER}"
    first = re.compile(rf"\s+({number})").match(text, at)
    if not first:
        return [], None
    found, end = [first[1]], first.end()
    following = re.compile(rf"{_AND}({number})")
    while match := following.match(text, end):
        found.append(match[1])
        end = match.end()
    return found, end


def _with_filled_ranges(text, names):
    """Fill «từ điểm a đến điểm d» with what lies between."""
    kept = []
    for name in names:
        gap = text[kept[-1].end : name.start].strip() if kept else ""
        if kept and gap == "đến" and kept[-1].kind is name.kind:
            kept[-1].numbers = [
                *kept[-1].numbers,
                *_numbers_between(kept[-1].numbers[-1], name.numbers[0]),
                *name.numbers,
            ]
            kept[-1].end = name.end
        else:
            kept.append(name)
    return kept


def _numbers_between(first, last):
    if first.isdigit() and last.isdigit():
        return [str(number) for number in range(int(first) + 1, int(last))]
    letters = [letter for letter in POINT_LETTERS if letter not in "fjwz"]
    if first in letters and last in letters:
        return letters[letters.index(first) + 1 : letters.index(last)]
    return []


def _chained_names(text, names):
    """Names that follow one another from small to large without a sign between them, as lists."""
    chains = []
    for name in names:
        gap = text[chains[-1][-1].end : name.start] if chains else ""
        larger = chains and UNIT_RANK[name.kind] > UNIT_RANK[chains[-1][-1].kind]
        if larger and re.fullmatch(r"\s*(?:của|thuộc|trong|tại)?\s*", gap) and name.part is UnitPart.WHOLE:
            chains[-1].append(name)
        else:
            chains.append([name])
    return chains


def _path_left_out(chain, right, context):
    """The path that the chain leaves out."""
    largest = chain[-1].kind
    if UNIT_RANK[largest] >= UNIT_RANK[UnitKind.ARTICLE]:
        if chain[-1].numbers != [""]:
            return ()
        chain[-1].numbers = [next((number for kind, number in right or context if kind is UnitKind.ARTICLE), "")]
        return ()
    for source in (right, context):
        if source and any(kind is UnitKind.ARTICLE for kind, _ in source):
            smallest = source[-1][0]
            article = tuple(step for step in source if step[0] is UnitKind.ARTICLE)
            if largest is UnitKind.CLAUSE:
                return article
            clause = tuple(step for step in source if step[0] is UnitKind.CLAUSE)
            return article + clause if smallest in (UnitKind.POINT, UnitKind.CLAUSE) else article
    if right and largest is UnitKind.POINT:
        return tuple(step for step in right if step[0] is UnitKind.CLAUSE)
    return ()


def _units_of_chain(chain, above):
    """One Ref for each number of the smallest name; the last of them is the one that the larger names hold."""
    outer = above + tuple((name.kind, name.numbers[-1]) for name in reversed(chain[1:]))
    own = chain[0]
    made = [
        CitedUnit((*outer, (own.kind, number)), own.start, chain[-1].end, own.part, own.passage)
        for number in own.numbers
    ]
    for name in chain[1:]:  # «khoản 1 và khoản 2»: of «Điều 5, 6» the others stand alone
        extra = above + tuple((other.kind, other.numbers[-1]) for other in reversed(chain[chain.index(name) + 1 :]))
        made += [
            replace(made[0], path=(*extra, (name.kind, number)), part=UnitPart.WHOLE) for number in name.numbers[:-1]
        ]
    return made
