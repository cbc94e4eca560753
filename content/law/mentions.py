"""Mentions: where a text names provisions and documents, and what it names. Pure.

«khoản 1 Điều 5 và khoản 2 Điều 6 Luật Đất đai năm 2024» holds two mentions of one law. `read_mentions` finds them with
offsets in the text as it was given; which stored document a name means is asked of the database, not here.

Source: design/vocabulary.md C7, Resolution 351/2017/UBTVQH14 Art. 24, Decree 78/2025/NĐ-CP Art. 68. Units go from small
to large in acts; people also write «Điều 9, khoản 2». Any case is read, and words without accents. Linear.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from content.law.document_names import NamedDocument, named_documents
from content.law.document_references import plain_text
from content.law.eids import UnitPath
from content.law.grammar import MAX_FILLED, numbers_between
from content.law.known_names import KnownNames
from content.law.unit_numbers import number_order
from content.law.units import UnitKind
from content.text.numerals import ROMAN_DIGITS, as_roman, roman_value
from content.text.vietnamese import fold_letters, normalise, small_letters, without_invisible

THIS = "này"  # the number of the unit that the text is in: «Điều này»

# -- the lexer ----------------------------------------------------------------------------

_SIZES = {  # every kind of unit that a mention may name, from the smallest to the largest
    kind: size
    for size, kind in enumerate(
        (UnitKind.PARAGRAPH, UnitKind.INDENT, UnitKind.POINT, UnitKind.CLAUSE, UnitKind.ARTICLE, UnitKind.SUBSECTION,
         UnitKind.SECTION, UnitKind.CHAPTER, UnitKind.PART, UnitKind.FORM, UnitKind.ANNEX)
    )
}  # fmt: skip
_ARTICLE_SIZE = _SIZES[UnitKind.ARTICLE]
_KINDS_BY_WORD = {  # the folded word: its kind, and the spellings that are meant; «khoán 10» is no clause
    "doan": (UnitKind.PARAGRAPH, {"đoạn", "doan"}),
    "tiet": (UnitKind.INDENT, {"tiết", "tiet"}),
    "diem": (UnitKind.POINT, {"điểm", "đỉêm", "điêm", "diem", "đểm"}),
    "khoan": (UnitKind.CLAUSE, {"khoản", "khỏan", "khoan"}),
    "dieu": (UnitKind.ARTICLE, {"điều", "đìều", "điêu", "đieu", "dieu"}),
    "tieu muc": (UnitKind.SUBSECTION, {"tiểu mục", "tieu muc"}),
    "muc": (UnitKind.SECTION, {"mục", "muc"}),
    "chuong": (UnitKind.CHAPTER, {"chương", "chuong"}),
    "phan": (UnitKind.PART, {"phần", "phan"}),
    "phu luc": (UnitKind.ANNEX, {"phụ lục", "phu luc"}),
    "mau so": (UnitKind.FORM, {"mẫu số", "mau so"}),
}
_ROMAN = r"[IVXLC]{1,8}(?:[a-zđ](?!\w))?"
_ORDINAL = r"thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)"
_NUMBERS = {  # as they are printed or typed
    UnitKind.PARAGRAPH: rf"[0-9]{{1,2}}|{_ORDINAL}",
    UnitKind.INDENT: r"\(?(?:[a-zđ]{1,2}[0-9]{0,2}(?:[.][0-9]{1,2})*|[0-9]{1,2}(?:[.][0-9]{1,2})*)\)?",
    UnitKind.POINT: r"(?!y\s+(?:tế|tá|học|sĩ|sỹ|dược|bác|khoa|án))(?:aa|bb|cc|dd|đđ|ee|gg|hh|[A-ZĐa-zđ])[0-9]{0,2}",
    UnitKind.CLAUSE: r"[0-9]{1,3}[a-zđ]{0,2}",
    UnitKind.ARTICLE: r"[0-9]{1,4}[a-zđ]{0,2}",
    UnitKind.SUBSECTION: r"[0-9]{1,3}[a-zđ]?",
    UnitKind.SECTION: rf"[0-9]{{1,3}}[a-zđ]?|{_ROMAN}",
    UnitKind.CHAPTER: rf"{_ROMAN}|[ivx]{{1,6}}|[0-9]{{1,3}}",
    UnitKind.PART: rf"{_ROMAN}|{_ORDINAL}|[0-9]{{1,2}}",
    UnitKind.ANNEX: rf"(?:số\s+)?(?:{_ROMAN}|[0-9]{{1,3}}[a-zA-Zđ]?|[A-Z])(?:[.\-][0-9IVX]{{1,3}})*",
    UnitKind.FORM: r"(?::\s*)?[0-9]{1,3}[a-zA-Zđ]{0,2}(?:[.\-/][0-9A-ZĐ][0-9A-ZĐa-zđ]{0,6})*",
}
_MEASURES = (
    "tháng|năm|ngày|giờ|phút|lần|đồng|người|phần trăm|triệu|tỷ|tỉ|nghìn|ngàn|trăm|tuổi|mét|km|kg|lít|tấn|ha|m2|cm|trang"
    "|văn bản|bản|sao"
)
_GOES_ON = (
    r"[0-9]{1,4}[a-zđ]?(?:\s*,\s*[0-9]{1,4}[a-zđ]?)*\s*(?:và|hoặc|[;.)]|khoản|điều|của|Điều|Khoản|\Z)"  # «1,2,3 Điều 9»
)
_END = rf"(?![\w%])(?!\s?/\s?\w)(?![.]\d)(?!,(?!{_GOES_ON})\d)(?!\s+(?:{_MEASURES})(?!\w))"
_AND = r"(?:và|hoặc|va|hoac)(?!\w)"
_WORDS = "|".join(sorted(_KINDS_BY_WORD, key=len, reverse=True)).replace(" ", r"\s")
_SHORT_NUMBERS = {"article": r"d[.]\s?\d{1,4}[a-z]?", "clause": r"k[.]\s?\d{1,3}[a-z]?", "point": r"d[.]\s?[a-z]\d?"}
_SHORT = (  # «Đ.3 k.2 đ.a», «đ.a, k.2 Đ.3»: one alone is no unit
    rf"{_SHORT_NUMBERS['article']}[\s,]{{1,2}}{_SHORT_NUMBERS['clause']}(?:[\s,]{{1,2}}{_SHORT_NUMBERS['point']})?"
    rf"|(?:{_SHORT_NUMBERS['point']}[\s,]{{1,2}})?{_SHORT_NUMBERS['clause']}[\s,]{{1,2}}{_SHORT_NUMBERS['article']}"
)
_UNIT_WORD = re.compile(
    rf"(?<!\w)(?:(?P<plural>(?:cac|nhung)\s+)?(?P<word>{_WORDS})(?=[\s\d(:])"
    rf"|(?P<short>{_SHORT})(?![\w/%]|[.]\w))"
)
_SHORT_UNIT = re.compile(r"(?P<letter>[dk])[.]\s?(?P<number>\w+)")
# «Điều 4.1.a» and «Điều 3(2)(a)», as people and contracts write them
_DOTTED = re.compile(r"\s+(?P<number>[0-9]{1,4}[a-zđ]?)(?=[.][1-9][0-9]?[a-zđ]?(?:[.][a-zđ])?(?![\w%]|[.,]\w|\s?/))")
_BELOW_ARTICLE = (
    re.compile(r"[.](?P<clause>[1-9][0-9]?[a-zđ]?)(?:[.](?P<point>[a-zđ]))?(?![\w%]|[.,]\w|\s?/)"),
    re.compile(r"\((?P<clause>[1-9][0-9]?[a-zđ]?)\)(?:\s?\((?P<point>[a-zđ])\))?(?![\w(])"),
)
_NO_ARTICLE_BEFORE = re.compile(r"(?<!\w)(?:vườn|hạt|cây)\s+\Z")  # «Vườn Điều», cashew trees
_OF_A_STORY = re.compile(r"\s+(?:cua|trong)\s+(?:bo\s+)?(?:phim|truyen|sach|tieu thuyet|cuon|game|loat)(?!\w)")
_STARTS_A_SENTENCE = re.compile(r"(?:\A|[.!?:;\n“\"])\s*\Z")
_SAYS_SOMETHING = re.compile(
    r"\s+(?:cho thay|cho biet|co nghia|chung to|chung minh|dan den|dan toi|khien|lam|giup|the hien|dong nghia|tao|da|se"
    r"|khong|la|rat|that|dac biet|cung|phan anh|gay)(?!\w)"
)
_THIS = re.compile(r"\s+(?:này|nay)(?!\w)", re.IGNORECASE)
_KINDS_OF_THIS = (
    UnitKind.POINT, UnitKind.CLAUSE, UnitKind.ARTICLE, UnitKind.SECTION, UnitKind.CHAPTER, UnitKind.ANNEX,
)  # fmt: skip


@dataclass(frozen=True)
class _ListForms:
    first: re.Pattern[str]
    named: re.Pattern[str]  # «, khoản 2»
    bare: re.Pattern[str]  # «, 2»
    range_end: re.Pattern[str]  # «đến khoản 4»


def _list_forms(word: str, spellings: set[str], kind: UnitKind) -> _ListForms:
    words = rf"(?i:(?:các\s+|cac\s+)?(?:{'|'.join(sorted(spellings))}))\s*"
    number = rf"(?P<number>{_NUMBERS[kind]}){_END}"
    dash = "" if kind in (UnitKind.ANNEX, UnitKind.FORM) else "-|"
    return _ListForms(
        re.compile(rf"(?i:\s+từ(?=\s))?\s*[\"“«']?(?:{number})"),
        re.compile(rf"[\"”»')]?\s*(?:[,;]\s*{_AND}|[,;]|{_AND})\s*(?P<item>{words}(?:{number}))"),
        re.compile(rf"[\"”»')]?\s*(?:,\s*{_AND}|,|{_AND})\s*[\"“«']?(?P<item>{number})(?<![,;\s]0\d)"),
        re.compile(rf"[\"”»')]?\s*(?:{dash}(?:đến|tới|den|toi)(?:\s+(?:hết|het))?\s)\s*(?P<item>(?:{words})?{number})"),
    )


_FORMS = {kind: _list_forms(word, spellings, kind) for word, (kind, spellings) in _KINDS_BY_WORD.items()}


@dataclass
class _Name:
    """A word and its numbers as they are printed: «các khoản 1, 2 và 3»; `places` are (start, end) of each number."""

    kind: UnitKind
    numbers: list[str]
    places: list[tuple[int, int]]
    start: int
    end: int
    is_plural: bool
    is_below: bool = False  # written with signs under the one before: «(2)» of «Điều 3(2)»
    is_cut: bool = False  # it names more numbers than a range may fill

    @property
    def size(self) -> int:
        return _SIZES[self.kind]


class _Lexer:
    """The names of units in one text, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold_letters(text)
        self.small = small_letters(text)
        self.left_to_fill = MAX_FILLED

    def names(self) -> Iterator[_Name]:
        end = 0
        for match in _UNIT_WORD.finditer(self.folded):
            if match["short"]:
                if match.start() >= end:
                    yield from self._short_names(match)
                    end = match.end()
                continue
            kind, spellings = _KINDS_BY_WORD[" ".join(match["word"].split())]
            if match.start("word") < end or " ".join(self.small[slice(*match.span("word"))].split()) not in spellings:
                continue
            start = match.start() if match.start() >= end else match.start("word")
            name = _Name(kind, [], [], start, match.end(), bool(match["plural"]))
            self._read_numbers(name)
            if name.numbers and not self._is_something_else(name):
                end = name.end
                yield name
                for below in self._below(name):
                    end = below.end
                    yield below

    def _short_names(self, match: re.Match[str]) -> Iterator[_Name]:
        """«Đ.3 k.2 đ.a»: the letter of an article and of a point is the same, their numbers tell."""
        for unit in _SHORT_UNIT.finditer(self.folded, *match.span()):
            is_article = unit["number"][0].isdigit()
            kind = UnitKind.CLAUSE if unit["letter"] == "k" else UnitKind.ARTICLE if is_article else UnitKind.POINT
            name = _Name(kind, [], [], unit.start(), unit.end(), is_plural=False)
            self._take(name, self.text[slice(*unit.span("number"))], unit.span())
            yield name

    def _below(self, name: _Name) -> Iterator[_Name]:
        """The clause and the point that signs put under an article: «Điều 3(2)(a)», «Điều 4.1.a»."""
        if name.kind is not UnitKind.ARTICLE or len(name.numbers) != 1 or name.numbers == [THIS]:
            return
        match = next((found for form in _BELOW_ARTICLE if (found := form.match(self.text, name.end))), None)
        for kind, group in ((UnitKind.CLAUSE, "clause"), (UnitKind.POINT, "point")):
            if match and match[group]:
                start, end = match.span(group)
                end += self.text.startswith(")", end)
                below = _Name(kind, [], [], start, end, is_plural=False, is_below=True)
                self._take(below, match[group], (start, end))
                yield below

    def _is_something_else(self, name: _Name) -> bool:
        """«Phần 2 của phim», «văn bản mẫu số 5/2020/NĐ-CP», «điểm c là điểm em thấp nhất», «Điều này cho thấy …»."""
        if name.kind is UnitKind.ARTICLE and _NO_ARTICLE_BEFORE.search(self.small, max(0, name.start - 8), name.start):
            return True
        if name.kind is UnitKind.FORM and self.folded.endswith("van ban ", 0, name.start):
            return True
        if name.kind in (UnitKind.PART, UnitKind.CHAPTER) and _OF_A_STORY.match(self.folded, name.end):
            return True
        if name.kind is UnitKind.POINT and self.folded.startswith(" la ", name.end):
            return True
        is_subject = name.numbers == [THIS] and name.kind is UnitKind.ARTICLE
        starts = _STARTS_A_SENTENCE.search(self.text, max(0, name.start - 4), name.start)
        return bool(is_subject and starts and _SAYS_SOMETHING.match(self.folded, name.end))

    def _read_numbers(self, name: _Name) -> None:
        this = _THIS.match(self.text, name.end)
        if this and name.kind in _KINDS_OF_THIS:
            self._take(name, THIS, (name.start, this.end()))
            return
        if name.kind is UnitKind.ARTICLE and (match := _DOTTED.match(self.text, name.end)):
            self._take(name, match["number"], (name.start, match.end()))
            return
        forms = _FORMS[name.kind]
        if match := forms.first.match(self.text, name.end):
            self._take(name, match["number"], (name.start, match.end()))
        while match:
            if match := forms.range_end.match(self.text, name.end):
                if not self._take_range(name, match):
                    return
            elif match := forms.named.match(self.text, name.end):
                self._take(name, match["number"], match.span("item"))
            elif match := forms.bare.match(self.text, name.end):
                number = _as_printed(name.kind, match["number"])
                is_next = number_order(number) > number_order(name.numbers[-1]) or name.kind in (
                    UnitKind.POINT, UnitKind.INDENT, UnitKind.FORM, UnitKind.ANNEX
                )  # fmt: skip
                if not is_next:
                    return
                self._take(name, match["number"], match.span("item"))

    def _take(self, name: _Name, number: str, place: tuple[int, int]) -> None:
        name.numbers.append(_as_printed(name.kind, number))
        name.places.append(place)
        name.end = place[1]

    def _take_range(self, name: _Name, match: re.Match[str]) -> bool:
        last = _as_printed(name.kind, match["number"])
        if number_order(last) <= number_order(name.numbers[-1]):
            return False
        between = _numbers_between(name.kind, name.numbers[-1], last)
        if len(between) > self.left_to_fill:
            between, name.is_cut = [], True
        self.left_to_fill -= len(between)
        name.numbers += between
        name.places += [match.span("item")] * len(between)
        self._take(name, last, match.span("item"))
        return True


def _numbers_between(kind: UnitKind, first: str, last: str) -> list[str]:
    """The numbers between two, of articles with letters and in Roman digits too; [] where they are not told."""
    if kind not in (UnitKind.POINT, UnitKind.INDENT) and _is_roman(first) and _is_roman(last):
        start, end = roman_value(first), roman_value(last)
        return [as_roman(value) for value in range(start + 1, end)] if start and end else []
    lettered = re.fullmatch(r"([0-9]+)([a-zđ]?) ([0-9]+)([a-zđ])", f"{first} {last}")
    if lettered and lettered[1] == lettered[3]:
        letters = ([] if lettered[2] else ["a"]) + numbers_between(lettered[2] or "a", lettered[4])
        return [lettered[1] + letter for letter in letters if lettered[1] + letter != last]
    return numbers_between(first, last)


def _is_roman(number: str) -> bool:
    return bool(number) and set(number) <= set(ROMAN_DIGITS)


def _as_printed(kind: UnitKind, number: str) -> str:
    """The number without «số» and brackets, points and articles in small letters, chapters in capitals."""
    if number == THIS:
        return number
    number = re.sub(r"^(?:số\s*)?:?\s*", "", number).strip("()")
    if kind is UnitKind.INDENT:
        number = number.rpartition(".")[2]  # «tiết a.1» is the first of point a
    if kind is UnitKind.CHAPTER or (kind in (UnitKind.PART, UnitKind.ANNEX) and not re.match("thứ|[0-9]", number)):
        return number.upper()
    return number if kind in (UnitKind.SECTION, UnitKind.FORM, UnitKind.PART) else number.lower()


# -- what belongs together ----------------------------------------------------------------

_UP = re.compile(r"[\"”»')]?\s*,?\s*(?:(?:của|thuộc|trong|tại|cua|thuoc|tai)\s+)?")  # «khoản 2, Điều 5»
_DOWN = re.compile(r"\s+")  # «Điều 9 khoản 2»
_DOWN_WITH_SIGN = re.compile(r"\s*[,(:\-]\s*")  # «Điều 9, khoản 2»
_LIST = re.compile(
    rf"[\"”»')]?\s*(?:[,;]\s*{_AND}|[,;]|{_AND}|,?\s*(?:cũng như|hay|với))\s*(?:(?:tại|theo|của|các)\s+)?",
    re.IGNORECASE,
)
_BEFORE_DOCUMENT = re.compile(
    r"[\"”»')]?\s*[,(]?\s*(?:(?:của|tại|thuộc|trong|theo|cua|tai|thuoc|trong)\s+)?"
    r"(?:(?:bản\s+)?(?:quy chế|quy định|điều lệ|quy chuẩn|danh mục|hướng dẫn|quy trình|chương trình|đề án|biểu mẫu)"
    r"(?!\w)[^.;:\n]{0,200}?ban hành\s+)?(?:(?:ban hành\s+)?(?:kèm\s+)?theo\s+)?",
    re.IGNORECASE,
)
_AFTER_DOCUMENT = re.compile(r"\s*[,(:\-]?\s*(?:(?:tại|ở|về|tai)\s+)?", re.IGNORECASE)
_MAX_GAP = 260  # letters between units and the document they belong to


@dataclass
class _Chain:
    """Names of one unit or list of units, from the smallest to the largest."""

    names: list[_Name]
    start: int
    end: int
    is_downward: bool = False  # written from large to small
    above: UnitPath = ()  # what the words leave out and another chain says
    is_in_brackets: bool = False  # behind the unit that they belong to: «Điều 23 (điểm p khoản 5; điểm đ khoản 6)»
    document: NamedDocument | None = None

    @property
    def largest(self) -> _Name:
        return self.names[-1]

    @property
    def has_article(self) -> bool:
        return self.largest.size >= _ARTICLE_SIZE or any(kind is UnitKind.ARTICLE for kind, _ in self.above)

    @property
    def outer(self) -> UnitPath:
        """The path of the first unit that the smallest name is in."""
        return self.above + tuple((name.kind, name.numbers[0]) for name in reversed(self.names[1:]))


@dataclass(frozen=True, slots=True)
class Mention:
    """Units of one document, or the document itself, as a text names them; text[start:end] are the words.

    `units` are paths, outermost first; a number may be THIS. A path that begins below the article says no article: it
    is of the one that the text is in. `document` is None where the text names none: its own is meant.
    """

    start: int
    end: int
    units: tuple[UnitPath, ...]
    document: NamedDocument | None
    is_cut: bool = False  # its ranges name more units than `units` has

    @property
    def parts(self) -> dict[str, list[str]]:
        """{kind: numbers} of all units, each number once: {"article": ["5"], "clause": ["1", "2"]}."""
        found: dict[str, list[str]] = {}
        for path in self.units:
            for kind, number in path:
                numbers = found.setdefault(kind, [])
                if number not in numbers:
                    numbers.append(number)
        return found


def read_mentions(text: str, known: KnownNames) -> list[Mention]:
    """The mentions in `text`, in order, none overlapping another. Never raises; linear.

    `known` are the names by which laws are found without number and year. Offsets are those of `text` as it was given,
    in code points, whatever its normal form. Soft hyphens and signs without width are read as if they were not there.
    """
    visible, places = without_invisible(text)
    normal, offsets = normalise(visible)
    plain = plain_text(normal)
    documents = named_documents(plain, known)
    chains = _chains(plain, _outside(_Lexer(plain).names(), documents))
    mentions = _with_documents(plain, chains, documents)
    return [
        replace(each, start=places[offsets[each.start]], end=places[offsets[each.end] - 1] + 1) for each in mentions
    ]


def _outside(names: Iterator[_Name], documents: Sequence[NamedDocument]) -> Iterator[_Name]:
    """The names that are no part of the name of a document: «Luật sửa đổi Điều 5 của Luật X» is one."""
    starts = [each.start for each in documents]
    for name in names:
        at = bisect_right(starts, name.start)
        if at == 0 or documents[at - 1].end <= name.start:
            yield name


def _chains(text: str, names: Iterator[_Name]) -> list[list[_Chain]]:
    """Runs of chains: the chains of one run stand in one list."""
    runs: list[list[_Chain]] = []
    for name in names:
        run = runs[-1] if runs else []
        last = run[-1] if run else None
        gap = text[last.end : name.start] if last and name.start - last.end <= _MAX_GAP else None
        was_in_brackets = last is not None and last.is_in_brackets
        closes = was_in_brackets and gap is not None and ")" in gap
        if last is None or gap is None:
            runs.append([_Chain([name], name.start, name.end)])
        elif name.is_below or _continues_down(last, name, gap):
            last.names.insert(0, name)
            last.end, last.is_downward = name.end, True
        elif name.size > last.largest.size and not last.is_downward and not closes and _UP.fullmatch(gap):
            last.names.append(name)
            last.end = name.end
        elif _LIST.fullmatch(gap) or _DOWN_WITH_SIGN.fullmatch(gap):
            is_in_brackets = "(" in gap or (was_in_brackets and not closes)
            run.append(_Chain([name], name.start, name.end, is_in_brackets=is_in_brackets))
        else:
            runs.append([_Chain([name], name.start, name.end)])
    completed = (_completed(text, run) for run in runs)
    return [kept for run in completed if (kept := [chain for chain in run if not _is_lone_paragraph(chain)])]


def _is_lone_paragraph(chain: _Chain) -> bool:
    """«đoạn 2» without the unit that it is in: mostly a part of a road."""
    return chain.largest.kind is UnitKind.PARAGRAPH and not chain.above


def _continues_down(chain: _Chain, name: _Name, gap: str) -> bool:
    """«Điều 9 khoản 2»; of «khoản 2 Điều 9 khoản 3» the last begins a new chain."""
    smallest = chain.names[0]
    is_down = chain.is_downward or len(chain.names) == 1
    return (
        is_down
        and name.size < smallest.size <= _ARTICLE_SIZE
        and len(smallest.numbers) == 1
        and bool(_DOWN.fullmatch(gap))
    )


def _completed(text: str, run: list[_Chain]) -> list[_Chain]:
    """The run with what its chains leave out: of the next one, else of the one before."""
    for at in range(len(run) - 2, -1, -1):
        chain, right = run[at], run[at + 1]
        is_closed = chain.is_in_brackets and not right.is_in_brackets
        if not chain.has_article and right.has_article and right.names[0].size <= chain.largest.size and not is_closed:
            whole = right.above + tuple((name.kind, name.numbers[0]) for name in reversed(right.names))
            chain.above = tuple(step for step in whole if _SIZES[step[0]] > chain.largest.size)
    completed: list[_Chain] = []
    for chain in run:
        left = completed[-1] if completed else None
        if left and not chain.has_article and left.has_article:
            smallest = left.names[0]
            is_down = smallest.size > chain.largest.size and len(smallest.numbers) == 1
            if (
                is_down
                and (left.is_downward or len(left.names) == 1)
                and _DOWN_WITH_SIGN.fullmatch(text[left.end : chain.start])
            ):
                left.names = [*chain.names, *left.names]
                left.end, left.is_downward = chain.end, True
                continue
            whole = left.above + tuple((name.kind, name.numbers[0]) for name in reversed(left.names))
            chain.above = tuple(step for step in whole if _SIZES[step[0]] > chain.largest.size)
        completed.append(chain)
    return completed


def _with_documents(text: str, runs: list[list[_Chain]], documents: Sequence[NamedDocument]) -> list[Mention]:
    """The mentions of the runs, each with the document that stands beside it; documents that stand alone."""
    starts, ends = [each.start for each in documents], [each.end for each in documents]
    beside: set[int] = set()
    mentions: list[Mention] = []
    for run in runs:
        start, end = run[0].start, run[-1].end
        after = _document_after(text, end, documents, starts)
        before = None if after is not None else _document_before(text, start, documents, ends)
        place = after if after is not None else before
        document = None if place is None else documents[place]
        for chain in run:
            is_here = any(number == THIS for name in chain.names for number in name.numbers) and chain is not run[-1]
            of_chain = list(_mentions_of(chain, None if is_here else document))
            if document and chain is run[-1] and after is not None:
                of_chain[-1] = replace(of_chain[-1], end=document.end)
                beside.add(document.start)
            if document and chain is run[0] and before is not None and document.start not in beside:
                of_chain[0] = replace(of_chain[0], start=document.start)
                beside.add(document.start)
            mentions += of_chain
    alone = [Mention(each.start, each.end, (), each) for each in documents if each.start not in beside]
    return sorted([*mentions, *alone], key=lambda each: each.start)


def _document_after(text: str, end: int, documents: Sequence[NamedDocument], starts: Sequence[int]) -> int | None:
    at = bisect_left(starts, end)
    if at == len(documents) or starts[at] - end > _MAX_GAP or not _BEFORE_DOCUMENT.fullmatch(text, end, starts[at]):
        return None
    return at if starts[at] > end else None


def _document_before(text: str, start: int, documents: Sequence[NamedDocument], ends: Sequence[int]) -> int | None:
    at = bisect_right(ends, start) - 1
    if at < 0 or start - ends[at] > _MAX_GAP or not _AFTER_DOCUMENT.fullmatch(text, ends[at], start):
        return None
    return None if documents[at].is_this else at


def _mentions_of(chain: _Chain, document: NamedDocument | None) -> Iterator[Mention]:
    """One mention of the first unit or list, and one for each further number of a larger name.

    «điểm a khoản 1, khoản 2 Điều 5» names point a of clause 1, and clause 2. «khoản 2 các Điều 5, 6» names clause 2 of
    both.
    """
    smallest, larger = chain.names[0], chain.names[1:]
    outers: list[UnitPath] = [chain.above]
    cut = chain.end
    further: list[Mention] = []
    for at in range(len(larger) - 1, -1, -1):
        name = larger[at]
        numbers = name.numbers if name.is_plural and not chain.is_downward else name.numbers[:1]
        if len(numbers) < len(name.numbers):
            further += _further_mentions(name, outers[0], chain.end if cut == chain.end else 0, document)
            cut = name.places[0][1]
        outers = [(*outer, (name.kind, number)) for outer in outers for number in numbers]
    units = tuple((*outer, (smallest.kind, number)) for outer in outers for number in smallest.numbers)
    yield Mention(chain.start, cut, units, document, any(name.is_cut for name in chain.names))
    yield from sorted(further, key=lambda each: each.start)


def _further_mentions(
    name: _Name, outer: UnitPath, end_of_last: int, document: NamedDocument | None
) -> Iterator[Mention]:
    """One mention for each number but the first; the last one reaches to `end_of_last` where nothing cuts it off."""
    for place in range(1, len(name.numbers)):
        start, end = name.places[place]
        unit = (*outer, (name.kind, name.numbers[place]))
        if place + 1 == len(name.numbers):
            end = max(end, end_of_last)
        if start != name.places[place - 1][0]:  # of a range each number stands in one place
            yield Mention(start, end, (unit,), document)
