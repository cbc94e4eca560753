"""The citation grammar: units named in words, «điểm a, điểm đ khoản 3; khoản 7 Điều 12». Pure.

Source: design/vocabulary.md C7. One lexicon (`units.UNIT_FORMS`, NUMBER_FORMS), one lexer (`unit_words`,
`listed_numbers`) and three readers:

- `cited_units`: what an amending act instructs; ranges are filled, what is left out is completed;
- `cited_eids`: what a text refers to; ranges give their two ends;
- `split_typed_unit`: what a person types who looks for a provision, accents optional;

The readers differ by measured need: on 5,066 lines of law that name a unit the first two agree in 96.7 %. «Khoản 4,
Điều 9» is one unit to a reference and two to an instruction; «bổ sung khoản 17 vào Điều 3» is one to an instruction.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from content.law.doc_types import SYMBOLS_TYPED_BEFORE_SERIALS, TYPES_TYPED_BEFORE_SERIALS
from content.law.eids import UnitPath, eid_of_path, eid_of_steps
from content.law.unit_numbers import POINT_LETTERS, RARE_LETTERS
from content.law.units import UNIT_FORMS, UNIT_RANK, UnitKind, UnitPart
from content.text.vietnamese import fold, without_marks

# -- the lexicon --------------------------------------------------------------------------

NUMBER_FORMS = {  # how numbers are printed
    UnitKind.POINT: r"(?:[a-zđ]|aa|bb|cc|dd|đđ|ee|gg|hh)[0-9]{0,2}",  # «điểm ra»: no point
    UnitKind.CLAUSE: r"[0-9]{1,3}[a-zđ]?",
    UnitKind.ARTICLE: r"[0-9]{1,4}[a-zđ]?",
    UnitKind.SUBSECTION: r"[0-9]{1,3}[a-zđ]?",
    UnitKind.SECTION: r"[0-9]{1,3}[a-zđ]?|[IVXLC]{1,8}[a-zđ]?",
    UnitKind.CHAPTER: r"[IVXLC]{1,8}[a-zđ]?|[0-9]{1,3}",
    UnitKind.PART: r"[IVXLC]{1,8}|(?:thứ )?(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)",
}
_KINDS_BY_WORD = {UNIT_FORMS[kind].word.lower(): kind for kind in UNIT_RANK}
_TYPED_KINDS = (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT)  # that people type, outermost first


# -- the lexer ----------------------------------------------------------------------------

_UNIT_WORD = re.compile(
    "|".join(
        rf"(?<!\w){word}" if " " in word else word  # «tiểu mục» goes before «mục»
        for word in sorted(_KINDS_BY_WORD, key=len, reverse=True)
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A word for a kind of unit, and its offsets in a text."""

    kind: UnitKind
    start: int
    end: int
    is_whole: bool  # whether no letter touches it


@dataclass(frozen=True)
class ListStyle:
    """How the numbers of a list are separated, and what may not follow a number. Patterns; `{word}` is the unit's."""

    separator: str
    number_end: str
    max_following: int | None = None


INSTRUCTION_LISTS = ListStyle(
    separator=r"\s*(?:,\s*và(?!\w)|,|;|(?<!\w)và(?!\w)|(?<!\w)hoặc(?!\w))\s*",
    # «khoản 2 Điều 90; 06 tháng»: no article 06
    number_end=r"(?<![,;\s]0\d)(?![\w/.]*\w)(?!\s+(?:tháng|năm|ngày|giờ|lần|đồng|người|phần trăm)(?!\w))",
)
REFERENCE_LISTS = ListStyle(
    separator=r"(?:,\s*|\s+)(?:(?:và|hoặc)\s+)?(?:{word}\s+)?", number_end=r"(?!\w)", max_following=60
)


def unit_words(text: str) -> Iterator[UnitWord]:
    """The words for units in `text`, in order, whatever their case."""
    for match in _UNIT_WORD.finditer(text):
        start, end = match.span()
        is_whole = not (_is_letter(text[start - 1 : start]) or _is_letter(text[end : end + 1]))
        yield UnitWord(_KINDS_BY_WORD[match[0].casefold()], start, end, is_whole)


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def listed_numbers(text: str, at: int, kind: UnitKind, style: ListStyle) -> tuple[list[str], int]:
    """The numbers that follow a unit's word ending at `at`, one or a list of them, and where they end."""
    first, following = _LIST_PATTERNS[style, kind]
    match = first.match(text, at)
    numbers: list[str] = []
    while match and (style.max_following is None or len(numbers) <= style.max_following):
        numbers.append(match[1])
        at = match.end()
        match = following.match(text, at)
    return numbers, at


def _list_patterns(style: ListStyle, kind: UnitKind) -> tuple[re.Pattern[str], re.Pattern[str]]:
    number = f"((?:{NUMBER_FORMS[kind]}){style.number_end})"
    separator = style.separator.replace("{word}", _printed_word(kind))
    return re.compile(rf"\s+{number}"), re.compile(f"{separator}{number}")


def _printed_word(kind: UnitKind) -> str:
    """A pattern for the unit's word with a small or a capital first letter."""
    word = UNIT_FORMS[kind].word.lower()
    return f"[{word[0].upper()}{word[0]}]{word[1:]}"


_LIST_PATTERNS = {
    (style, kind): _list_patterns(style, kind) for style in (INSTRUCTION_LISTS, REFERENCE_LISTS) for kind in UNIT_RANK
}


# -- units of an instruction --------------------------------------------------------------

_PLURAL_BEFORE = re.compile(r"(?<!\w)(?:các|những)\s+\Z", re.IGNORECASE)
_PART_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<heading>tên(?: gọi)?)|(?P<opening>(?:đoạn |khổ )?mở đầu|(?:đoạn|khổ) đầu)"
    r"|(?P<passage>đoạn|khổ|câu|gạch đầu dòng)"
    r"(?: thứ \w+| \d+| cuối)?)(?: và nội dung)?(?: của| tại)?\s*$",
    re.IGNORECASE,
)
_BETWEEN_CHAINED = re.compile(r"\s*(?:của|thuộc|trong|tại)?\s*")
MAX_FILLED = 1_000  # numbers that ranges of one text add: «từ Điều 1 đến Điều 9999» adds none
_LETTERS_BEFORE = 40  # a name, in which a plural word or the part that is meant is looked for


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


@dataclass
class UnitName:
    """A word and its numbers as they are printed: «các khoản 1, 2 và 3»."""

    kind: UnitKind
    numbers: list[str]
    start: int
    end: int
    part: UnitPart
    passage: bool


def cited_units(text: str, context: UnitPath = ()) -> list[CitedUnit]:
    """The units that `text` names, in order; `context` is the path of the unit that the heading above it is about.

    Names go from small to large. What a name leaves out is taken from the next one to its right, then from what was
    named before it, then from the context. «Từ điểm a đến điểm d» names all points between. Never raises.
    """
    right: UnitPath = ()
    resolved: list[tuple[list[UnitName], UnitPath]] = []
    for chain in reversed(_chained_names(text, _unit_names(text))):
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


def _unit_names(text: str) -> list[UnitName]:
    names = []
    for word in unit_words(text):
        if not word.is_whole:
            continue
        plural = _PLURAL_BEFORE.search(text, max(0, word.start - _LETTERS_BEFORE), word.start)
        start = plural.start() if plural else word.start
        numbers, end = listed_numbers(text, word.end, word.kind, INSTRUCTION_LISTS)
        part = _PART_BEFORE.search(text[max(0, start - _LETTERS_BEFORE) : start])
        is_heading = bool(part and part["heading"])
        if numbers or (is_heading and not (word.kind is UnitKind.PART and text[word.start] == "p")):
            passage = bool(part and part["passage"])
            names.append(UnitName(word.kind, numbers or [""], start, end, _part_meant(part), passage))
    return _with_filled_ranges(text, names)


def _part_meant(part: re.Match[str] | None) -> UnitPart:
    if part and part["heading"]:
        return UnitPart.HEADING
    return UnitPart.OPENING if part and part["opening"] else UnitPart.WHOLE


def _with_filled_ranges(text: str, names: Iterable[UnitName]) -> list[UnitName]:
    """Fill «từ điểm a đến điểm d» with the points between; at most MAX_FILLED numbers of one text."""
    merged: list[UnitName] = []
    left = MAX_FILLED
    for name in names:
        last = merged[-1] if merged else None
        if last and last.kind is name.kind and text[last.end : name.start].strip() == "đến":
            between = numbers_between(last.numbers[-1], name.numbers[0])
            between = between if len(between) <= left else []
            left -= len(between)
            last.numbers += [*between, *name.numbers]
            last.end = name.end
        else:
            merged.append(name)
    return merged


def numbers_between(first: str, last: str) -> list[str]:
    """The numbers between two numbers of clauses, articles or points, without both; [] where they are not told."""
    if first.isdigit() and last.isdigit():
        return list(map(str, range(int(first) + 1, min(int(last), int(first) + MAX_FILLED + 2))))
    letters = [letter for letter in POINT_LETTERS if letter not in RARE_LETTERS]
    if first in letters and last in letters:
        return letters[letters.index(first) + 1 : letters.index(last)]
    return []


def _chained_names(text: str, names: Iterable[UnitName]) -> list[list[UnitName]]:
    """Names that follow one another from small to large without a sign between them, as lists."""
    chains: list[list[UnitName]] = []
    for name in names:
        if chains and name.part is UnitPart.WHOLE and _is_next_in_chain(text, chains[-1][-1], name):
            chains[-1].append(name)
        else:
            chains.append([name])
    return chains


def _is_next_in_chain(text: str, smaller: UnitName, larger: UnitName) -> bool:
    gap = text[smaller.end : larger.start]
    return UNIT_RANK[larger.kind] > UNIT_RANK[smaller.kind] and _BETWEEN_CHAINED.fullmatch(gap) is not None


def _path_left_out(chain: list[UnitName], right: UnitPath, context: UnitPath) -> UnitPath:
    """The path that the chain leaves out. An article without a number («tên Điều») takes the next one's."""
    largest = chain[-1]
    if UNIT_RANK[largest.kind] >= UNIT_RANK[UnitKind.ARTICLE]:
        if largest.numbers == [""]:
            largest.numbers = [next((number for kind, number in right or context if kind is UnitKind.ARTICLE), "")]
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


def _units_of_chain(chain: list[UnitName], above: UnitPath) -> list[CitedUnit]:
    """One unit for each number of the smallest name; the last of them is the one that the larger names hold."""
    outer = above + tuple((name.kind, name.numbers[-1]) for name in reversed(chain[1:]))
    own = chain[0]
    units = [
        CitedUnit((*outer, (own.kind, number)), own.start, chain[-1].end, own.part, own.passage)
        for number in own.numbers
    ]
    for at, name in enumerate(chain[1:], 1):  # of «khoản 1 Điều 5, 6» the first article is a unit of its own
        around = above + tuple((other.kind, other.numbers[-1]) for other in reversed(chain[at + 1 :]))
        units += [
            replace(units[0], path=(*around, (name.kind, number)), part=UnitPart.WHOLE) for number in name.numbers[:-1]
        ]
    return units


# -- units of a reference -----------------------------------------------------------------

_SAME_LIST = re.compile(r"\s*(?:[;,]|và|hoặc|, và)\s*")
_BLANKS = re.compile(r"\s+")
_ARTICLE_NAMED = re.compile(rf"{_printed_word(UnitKind.ARTICLE)}\s+({NUMBER_FORMS[UnitKind.ARTICLE]})(?!\w)")
_BEFORE_ARTICLES = re.compile(r"\s*,?\s*")
_NAMED_LIST_STARTS = {
    kind: re.compile(rf"(?:các\s+)?{_printed_word(kind)}") for kind in (UnitKind.CLAUSE, UnitKind.ARTICLE)
}


@dataclass
class UnitGroup:
    """Numbers of points, clauses and articles that are named together: «các điểm a, đ khoản 2 Điều 15»."""

    points: list[str] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0


def cited_eids(text: str, *, article: str | None = None) -> list[str]:
    """The eids of units that a `plain_text` refers to, in order, each once: «các điểm a, đ khoản 2 Điều 15».

    Clauses without an article are of `article` (its number) where that is given, else left out. Ranges («từ Điều 5 đến
    Điều 9») give their two ends only. Never raises.
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


def first_article(text: str) -> str | None:
    """The number of the first article that `text` names, whatever is around it; None where it names none."""
    named = _ARTICLE_NAMED.search(text)
    return named[1] if named else None


def _unit_groups(text: str) -> Iterator[UnitGroup]:
    end = 0
    for word in unit_words(text):
        if word.start >= end and (group := _group_at(text, word)):
            group.start = word.start if group.points else _start_of_plural(text, end, word.start)
            end = group.end
            yield group


def _group_at(text: str, word: UnitWord) -> UnitGroup | None:
    """The group that begins at this word; None where a number is missing, or nothing around the points follows."""
    group = UnitGroup(end=word.end)
    if word.kind not in _TYPED_KINDS or not text[word.start + 1 : word.end].islower():
        return None
    numbers, end = listed_numbers(text, word.end, word.kind, REFERENCE_LISTS)
    if not numbers:
        return None
    if word.kind is UnitKind.ARTICLE:
        return UnitGroup(articles=numbers, end=end)
    if word.kind is UnitKind.CLAUSE:
        group.clauses = numbers
    else:
        blanks = _BLANKS.match(text, end)
        if blanks is None:
            return None
        group.points = numbers
        group.clauses, end = _named_list(text, blanks.end(), UnitKind.CLAUSE)
    at = _BEFORE_ARTICLES.match(text, end) if group.clauses else None
    group.articles, articles_end = _named_list(text, at.end() if at else end, UnitKind.ARTICLE)
    group.end = articles_end if group.articles else end
    return group if group.clauses or group.articles else None


def _named_list(text: str, at: int, kind: UnitKind) -> tuple[list[str], int]:
    """The numbers of the list of that kind that begins at `at`, and where they end; ([], at) where none does."""
    start = _NAMED_LIST_STARTS[kind].match(text, at)
    numbers, end = listed_numbers(text, start.end(), kind, REFERENCE_LISTS) if start else ([], at)
    return numbers, end if numbers else at


def _start_of_plural(text: str, earliest: int, start: int) -> int:
    """Where «các» begins in front of a word that starts at `start`; `start` without it."""
    earliest = max(earliest, start - _LETTERS_BEFORE)
    before = text[earliest:start].rstrip()
    has_plural = before.endswith("các") and earliest + len(before) < start
    return earliest + len(before) - len("các") if has_plural else start


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


# -- units that people type ---------------------------------------------------------------


def _typed_pattern(kind: UnitKind) -> re.Pattern[str]:
    word = UNIT_FORMS[kind].word.lower()
    spellings = "|".join(dict.fromkeys([word, without_marks(word), fold(word)]))  # «điều», «đieu», «dieu»
    return re.compile(rf"(?<!\w)(?:{spellings})\s+({NUMBER_FORMS[kind]})(?!\w)")


_TYPED_UNITS = {kind: _typed_pattern(kind) for kind in _TYPED_KINDS}
# «đ 6», «k2đ8», «d.135»: a letter for a unit, where what is typed begins or ends: «tiền 500 đ 2 lần» has none.
_ONE_SHORT = r"[đdk]\.?\s?\d{1,3}"
_SHORT_UNITS = rf"(?:{_ONE_SHORT}[\s,]{{0,2}})?{_ONE_SHORT}(?:[a-zđ](?!\w))?(?![\w/\-]|\.\d)"
_SHORT_AT_AN_END = re.compile(rf"\A{_SHORT_UNITS}(?=\s)|(?<=\s){_SHORT_UNITS}\Z")
_SHORT = re.compile(r"([đdk])\.?\s?(\d{1,3}(?:[a-zđ](?!\.?\s?\d))?)")
_KINDS_BY_LETTER = {"đ": UnitKind.ARTICLE, "d": UnitKind.ARTICLE, "k": UnitKind.CLAUSE}
_NUMBERED_TYPES = "|".join(
    sorted({*TYPES_TYPED_BEFORE_SERIALS, *SYMBOLS_TYPED_BEFORE_SERIALS}, key=lambda name: (-len(name), name))
)
_ABBREVIATED_LAW = r"(?:bl[a-z]{2,6}|[lp][b-df-hj-np-tv-xz]{2,7})(?![\w])"  # «blhs», «ldd»: no syllables
_WHOLE_NUMBER = r"\d{1,5}[a-z]?[/\-](?:(?:19|20)\d\d(?!\d)|[a-z]{1,6}-[a-z])"  # «15/2012/qh13», «15/qd-ttg»
_BEGINS_WITH_A_LAW = re.compile(  # folded: a type and a name, a type and a serial, a number, an abbreviation
    r"(?:(?:bo )?luat|phap lenh|hien phap) [a-z0-9]"
    rf"|(?:{_NUMBERED_TYPES})[ \-]*(?:so ?:? ?)?(?!(?:19|20)\d\d(?![\w/]))\d"
    rf"|{_WHOLE_NUMBER}"
    rf"|{_ABBREVIATED_LAW}"
)
# «6 15/2012/qh13», «6 15/qđ-ttg»; in «100 2019/nđ-cp» the year shows that 100 is the serial
_NUMBER_FIRST = re.compile(
    r"(\d{1,3}[a-zđ]?) (?=\D|(?!(?:19|20)\d\d[/\-]\D)\d{1,5}[a-zđ]?[/\-](?:(?:19|20)\d\d[/\-])?[^\W\d_])"
)
_NUMBER_BEHIND_LAW = re.compile(rf"({_ABBREVIATED_LAW}(?: (?:19|20)\d\d)?) (\d{{1,3}}[a-z]?)")


def split_typed_unit(typed: str) -> tuple[str, str]:
    """(the other words, the eid) of what was typed, in small letters; the eid is "" where no article is named.

    Units may come in any order; accents are optional. «đ» and «k» mean an article and a clause where the words begin
    or end; a bare number is an article directly beside a law: «135 luật đất đai», «blhs 173».
    """
    steps: dict[UnitKind, str] = {}
    for kind, pattern in _TYPED_UNITS.items():
        if match := pattern.search(typed):
            steps[kind] = match[1]
            typed = typed[: match.start()] + " " + typed[match.end() :]
    typed = " ".join(re.sub(r"[,;]", " ", typed).split())
    if UnitKind.ARTICLE not in steps:
        typed = _without_short_units(typed, steps)
    ordered = [(kind, steps[kind]) for kind in _TYPED_KINDS if kind in steps]
    return typed, eid_of_steps(ordered) if UnitKind.ARTICLE in steps else ""


def _without_short_units(typed: str, steps: dict[UnitKind, str]) -> str:
    """What was typed without its short units, which are added to `steps`; as it is where they name no article."""
    if match := _SHORT_AT_AN_END.search(typed):
        short = {_KINDS_BY_LETTER[letter]: number for letter, number in _SHORT.findall(match[0])}
        rest = " ".join((typed[: match.start()] + " " + typed[match.end() :]).split())
        if UnitKind.ARTICLE in short and (steps or _BEGINS_WITH_A_LAW.match(fold(rest))):
            steps.update(short)
            return rest
    match = _NUMBER_FIRST.match(typed)
    if match and _BEGINS_WITH_A_LAW.match(fold(typed[match.end() :])):
        steps[UnitKind.ARTICLE] = match[1]
        return typed[match.end() :]
    match = _NUMBER_BEHIND_LAW.fullmatch(fold(typed))
    if match:
        steps[UnitKind.ARTICLE] = match[2]
        return match[1]
    return typed
