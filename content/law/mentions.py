"""Mentions: where a text names provisions and documents, and what it names. Pure.

«khoản 1 Điều 5 và khoản 2 Điều 6 Luật Đất đai năm 2024» holds two mentions of one law. `read_mentions` finds them with
offsets in the text as it was given; which stored document a name means is asked of the database, not here.

Source: design/vocabulary.md C7, Resolution 351/2017/UBTVQH14 Art. 24, Decree 78/2025/NĐ-CP Art. 68. Units go from small
to large in acts; people also write «Điều 9, khoản 2». Any case is read, and words without accents. Linear.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from content.law.document_names import NamedDocument, named_documents
from content.law.document_references import plain_text
from content.law.eids import UnitPath
from content.law.known_names import KnownNames
from content.law.lexer.unit_lexicon import LIST_SIGN, UNIT_SIZES
from content.law.lexer.unit_names import UnitName, unit_names
from content.law.units import UnitKind
from content.text.vietnamese import normalise, without_invisible

_ARTICLE_SIZE = UNIT_SIZES[UnitKind.ARTICLE]

_UP = re.compile(r"[\"”»')]?\s*,?\s*(?:(?:của|thuộc|trong|tại|cua|thuoc|tai)\s+)?")  # «khoản 2, Điều 5»
_UP_TO_ANNEX = re.compile(  # «mục 23 trong Danh mục quy hoạch … thuộc Phụ lục II»
    r"\s*(?:của|thuộc|trong|tại)\s+(?:bản\s+)?(?:danh mục|biểu|bảng|quy chế|quy định|quy trình|quy chuẩn|điều lệ)(?!\w)"
    r"[^.;:\n]{0,200}?\s(?:thuộc|tại|trong|của)\s+",
    re.IGNORECASE,
)
_DOWN = re.compile(r"\s+")  # «Điều 9 khoản 2»
_DOWN_WITH_SIGN = re.compile(r"\s*[,(:\-]\s*")  # «Điều 9, khoản 2»
_LIST = re.compile(
    rf"[\"”»')]?\s*(?:{LIST_SIGN}|,?\s*(?:cũng như|hay|với))\s*(?:(?:tại|theo|của|các)\s+)?",
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

    names: list[UnitName]
    start: int
    end: int
    is_downward: bool = False  # written from large to small
    above: UnitPath = ()  # what the words leave out and another chain says
    is_in_brackets: bool = False  # behind the unit that they belong to: «Điều 23 (điểm p khoản 5; điểm đ khoản 6)»
    document: NamedDocument | None = None

    @property
    def largest(self) -> UnitName:
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
    chains = _chains(plain, _outside(unit_names(plain), documents))
    mentions = _with_documents(plain, chains, documents)
    return [
        replace(each, start=places[offsets[each.start]], end=places[offsets[each.end] - 1] + 1) for each in mentions
    ]


def _outside(names: Iterator[UnitName], documents: Sequence[NamedDocument]) -> Iterator[UnitName]:
    """The names that are no part of the name of a document: «Luật sửa đổi Điều 5 của Luật X» is one."""
    starts = [each.start for each in documents]
    for name in names:
        if not name.numbers:
            continue
        at = bisect_right(starts, name.start)
        if at == 0 or documents[at - 1].end <= name.start:
            yield name


def _chains(text: str, names: Iterator[UnitName]) -> list[list[_Chain]]:
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
        elif name.size > last.largest.size and not last.is_downward and not closes and _goes_up(name, gap):
            last.names.append(name)
            last.end = name.end
        elif _LIST.fullmatch(gap) or _DOWN_WITH_SIGN.fullmatch(gap):
            is_in_brackets = "(" in gap or (was_in_brackets and not closes)
            run.append(_Chain([name], name.start, name.end, is_in_brackets=is_in_brackets))
        else:
            runs.append([_Chain([name], name.start, name.end)])
    completed = (_completed(text, run) for run in runs)
    return [kept for run in completed if (kept := [chain for chain in run if not _is_lone_paragraph(chain)])]


def _goes_up(name: UnitName, gap: str) -> bool:
    return bool(_UP.fullmatch(gap) or (name.kind is UnitKind.ANNEX and _UP_TO_ANNEX.fullmatch(gap)))


def _is_lone_paragraph(chain: _Chain) -> bool:
    """«đoạn 2» without the unit that it is in: mostly a part of a road."""
    return chain.largest.kind is UnitKind.PARAGRAPH and not chain.above


def _continues_down(chain: _Chain, name: UnitName, gap: str) -> bool:
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
            chain.above = tuple(step for step in whole if UNIT_SIZES[step[0]] > chain.largest.size)
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
            chain.above = tuple(step for step in whole if UNIT_SIZES[step[0]] > chain.largest.size)
        completed.append(chain)
    return completed


def _with_documents(text: str, runs: list[list[_Chain]], documents: Sequence[NamedDocument]) -> list[Mention]:
    """The mentions of the runs, each with the document that stands beside it; documents that stand alone."""
    starts, ends = [each.start for each in documents], [each.end for each in documents]
    beside: set[int] = set()
    mentions: list[Mention] = []
    for run, following in itertools.zip_longest(runs, runs[1:]):
        start, end = run[0].start, run[-1].end
        after = _document_after(text, end, documents, starts)
        before = None if after is not None else _document_before(text, start, documents, ends)
        place = after if after is not None else before
        document = None if place is None else documents[place]
        for chain in run:
            is_here = any(name.is_this for name in chain.names) and chain is not run[-1]
            of_chain = list(_mentions_of(chain, None if is_here else document))
            is_next = document is not None and not (following and following[0].start < document.start)
            if document and chain is run[-1] and after is not None and is_next:  # no other unit is between them
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
    name: UnitName, outer: UnitPath, end_of_last: int, document: NamedDocument | None
) -> Iterator[Mention]:
    """One mention for each number but the first; the last one reaches to `end_of_last` where nothing cuts it off."""
    for place in range(1, len(name.numbers)):
        start, end = name.places[place]
        unit = (*outer, (name.kind, name.numbers[place]))
        if place + 1 == len(name.numbers):
            end = max(end, end_of_last)
        if start != name.places[place - 1][0]:  # of a range each number stands in one place
            yield Mention(start, end, (unit,), document)
