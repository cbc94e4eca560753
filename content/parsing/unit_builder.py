"""From the openings of units to units: spans, headings, parents, eids, and the units without numbers."""

import re
from dataclasses import dataclass

from content.law.eids import unit_token
from content.law.units import EID_PREFIXES, KINDS_ABOVE_ARTICLES, UNIT_FORMS, UnitKind
from content.marks.cue_phrases import announces_quotation_or_list, ends_before_reference
from content.parsing import annexes, headings, indents
from content.parsing.line_scanner import LineScanner, UnitOpening
from content.parsing.text_line import Line
from content.parsing.units import ParserWarning, Unit

_NESTED_KINDS = tuple(
    kind for kind in UNIT_FORMS if kind not in (UnitKind.PREAMBLE, UnitKind.BODY, UnitKind.CONCLUSIONS)
)
_DEPTH_OF_KIND = {kind: 10 * depth for depth, kind in enumerate(_NESTED_KINDS)} | {
    UnitKind.ANNEX: 0,
    UnitKind.FORM: 10,
    UnitKind.CONCLUSIONS: 0,
}
_LEAF_KINDS = frozenset({UnitKind.PARAGRAPH, UnitKind.TABLE, UnitKind.FOOTNOTE})
_GLOBAL_KINDS = frozenset({UnitKind.ARTICLE, UnitKind.ANNEX, UnitKind.FOOTNOTE})
_DUPLICATE_WORDS = {  # kinds of which a number given twice is reported
    **{kind: UNIT_FORMS[kind].word for kind in (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT)},
    **{kind: UNIT_FORMS[kind].mark_word.lower() for kind in (UnitKind.ANNEX, UnitKind.FORM)},
}
_INNERMOST = 1000  # a depth below every kind
_UNFINISHED = re.compile(r"[^.;:!?…”»\")\]]$")


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit whose end is not known yet."""

    kind: UnitKind
    eid: str
    number: str
    heading: str
    start: int
    body: int
    parent: int | None

    def ending_at(self, end: int) -> Unit:
        return Unit(self.kind, self.eid, self.number, self.heading, self.start, self.body, end, self.parent)


class UnitBuilder:
    """Builds the units of a text from the openings that the scanner found; `warnings` is filled by `build`."""

    def __init__(self, text: str, lines: list[Line], scanner: LineScanner) -> None:
        self.text, self.lines, self.scanner = text, lines, scanner
        self.openings = scanner.openings
        self.warnings: list[ParserWarning] = []
        self._drafts: list[UnitDraft] = []
        self._above: list[tuple[int, int]] = []  # (depth, index) of units that may contain the next, outermost first
        self._times: dict[str, int] = {}  # by eid: how often its number was met
        self._counts: dict[tuple[int | None, UnitKind], int] = {}  # by (unit, kind): its units without a number
        articles = [opening.index for opening in self.openings if opening.kind is UnitKind.ARTICLE]
        self._titled = headings.are_titled(
            (lines[at], lines[at + 1] if at + 1 < len(lines) else None) for at in articles
        )

    def build(self) -> list[Unit]:
        """The units, in the order of the text."""
        if self.lines[self.openings[0].index].start:
            self._drafts.append(UnitDraft(UnitKind.PREAMBLE, "preamble", "", "", 0, 0, None))
        for at in range(len(self.openings)):
            self._add_opening(at)
        self._add_closing()
        ends = [*(draft.start for draft in self._drafts[1:]), len(self.text)]
        return [draft.ending_at(end) for draft, end in zip(self._drafts, ends, strict=True)]

    # -- the units marks open ---------------------------------------------------------

    def _add_opening(self, at: int) -> None:
        opening = self.openings[at]
        following = self.openings[at + 1] if at + 1 < len(self.openings) else None
        last = following.index if following else self.scanner.closing
        line = self.lines[opening.index]
        heading, body, taken = "", line.at(line.body), 1
        if opening.kind in KINDS_ABOVE_ARTICLES or opening.kind is UnitKind.ARTICLE:
            goes_on = following is not None and following.kind in (UnitKind.CLAUSE, UnitKind.POINT)
            own = self.lines[opening.index : last]
            heading, body, taken = headings.split_heading(own, goes_on, titled=self._titled)
        self._add(opening, heading, line.start, body)
        if opening.kind not in KINDS_ABOVE_ARTICLES:
            has_text = not taken or (opening.kind is not UnitKind.ARTICLE and bool(line.rest))
            self._count(UnitKind.PARAGRAPH, has_text)
            is_last = opening.kind is UnitKind.POINT and (following is None or following.kind is not UnitKind.POINT)
            self._add_below(opening.index + max(taken, 1), last, is_last)

    def _add(self, opening: UnitOpening, heading: str, start: int, body: int, depth: int | None = None) -> None:
        depth = _DEPTH_OF_KIND[opening.kind] if depth is None else depth
        while self._above and self._above[-1][0] >= depth:
            self._above.pop()
        parent = self._above[-1][1] if self._above else None
        eid = self._eid(opening, parent, start)
        if opening.kind not in _LEAF_KINDS:
            self._above.append((depth, len(self._drafts)))
        self._drafts.append(UnitDraft(opening.kind, eid, opening.number, heading, start, body, parent))

    def _eid(self, opening: UnitOpening, parent: int | None, start: int) -> str:
        """The eid, unique in the text; a number met again gets a warning and the next free suffix."""
        if opening.kind is UnitKind.CONCLUSIONS:
            return "conclusions"
        sign = unit_token(opening.kind, opening.number)
        eid = f"{EID_PREFIXES[opening.kind]}_{sign or self._count_in(parent, opening.kind)}"
        if parent is not None and opening.kind not in _GLOBAL_KINDS:
            eid = f"{self._drafts[parent].eid}__{eid}"
        count = self._times.get(eid, 0) + 1
        while count > 1 and f"{eid}_{count}" in self._times:
            count += 1
        self._times[eid] = count
        if count == 1:
            return eid
        self._times[f"{eid}_{count}"] = 1
        if opening.kind in _DUPLICATE_WORDS:
            message = f"Có hơn một {_DUPLICATE_WORDS[opening.kind]} {opening.number}".rstrip() + "."
            self.warnings.append(ParserWarning("duplicate_number", message, start))
        return f"{eid}_{count}"

    def _count(self, kind: UnitKind, one_more: bool) -> None:
        """Count one more unit of a kind in the innermost unit; its own first text is its first paragraph."""
        self._count_in(self._above[-1][1], kind, one_more)

    def _count_in(self, owner: int | None, kind: UnitKind, one_more: bool = True) -> int:
        """The number of units of that kind in `owner`, after one more was counted."""
        self._counts[owner, kind] = count = self._counts.get((owner, kind), 0) + one_more
        return count

    # -- the units below them ---------------------------------------------------------

    def _add_below(self, at: int, last: int, is_last: bool) -> None:
        """Indents, paragraphs, tables and footnotes among the lines of one article, clause or point."""
        while at < last:
            line = self.lines[at]
            if line.row and self.scanner.is_own_text[at]:
                at = self._add_table(at, last, self._depth_after(at, is_last))
                continue
            if self.scanner.is_own_text[at]:
                self._add_line(at, line, is_last)
            at += 1

    def _add_line(self, at: int, line: Line, is_last: bool) -> None:
        if note := annexes.FOOTNOTE_MARK.match(line.content):
            self._add(UnitOpening(at, UnitKind.FOOTNOTE, note[1]), "", line.start, line.at(note.end()), _INNERMOST)
        elif item := indents.read_indent(line.content):
            self._add(
                UnitOpening(at, UnitKind.INDENT, item.number),
                "",
                line.start,
                line.at(item.body),
                _DEPTH_OF_KIND[UnitKind.INDENT] + item.level,
            )
            self._count(UnitKind.PARAGRAPH, True)
        elif self._is_paragraph(at, line):
            depth = self._depth_after(at, is_last)
            while self._above[-1][0] >= depth:
                self._above.pop()
            owner = self._above[-1][1]
            if len(self._drafts) - 1 == owner and not self._counts.get((owner, UnitKind.PARAGRAPH)):
                self._count(UnitKind.PARAGRAPH, True)  # the unit's own first text
            else:
                self._add(UnitOpening(at, UnitKind.PARAGRAPH), "", line.start, line.start, depth)

    def _depth_after(self, at: int, is_last: bool) -> int:
        """The depth of what follows a list: outside the list's last item, unless that announces it."""
        kind = self._drafts[self._above[-1][1]].kind
        if announces_quotation_or_list(self.lines[at - 1].content):
            return _INNERMOST
        if kind is UnitKind.INDENT:
            return _DEPTH_OF_KIND[UnitKind.INDENT]
        is_outside = is_last and kind is UnitKind.POINT and not self._is_own_first()  # «b)» may be alone on its line
        return _DEPTH_OF_KIND[UnitKind.POINT] if is_outside else _INNERMOST

    def _is_paragraph(self, at: int, line: Line) -> bool:
        """Whether a line begins a paragraph: not in the middle of a sentence; anything does after a table."""
        if self._drafts[-1].kind in (UnitKind.TABLE, UnitKind.FOOTNOTE):
            return True
        before = self.lines[at - 1].content
        starts = (
            not _UNFINISHED.search(before)
            or (line.mark is not None and not ends_before_reference(before))
            or self._is_own_first()
        )
        return starts and not line.content[0].islower()

    def _is_own_first(self) -> bool:
        owner = self._above[-1][1]
        return len(self._drafts) - 1 == owner and not self._counts.get((owner, UnitKind.PARAGRAPH))

    def _add_table(self, at: int, last: int, depth: int) -> int:
        first = self.lines[at]
        self._add(UnitOpening(at, UnitKind.TABLE), "", first.start, first.start, depth)
        at += 1
        while at < last and self.lines[at].row and not self.lines[at].gap:
            at += 1
        return at

    # -- what comes after the articles ------------------------------------------------

    def _add_closing(self) -> None:
        """Signatures, then annexes with their forms and tables, then footnotes."""
        at, last = self.scanner.closing, len(self.lines)
        if at < last and annexes.read_annex(self.lines, at) is None:
            self._add(UnitOpening(at, UnitKind.CONCLUSIONS), "", self.lines[at].start, self.lines[at].start)
            at += 1
        while at < last:
            at = self._add_after(at, last)

    def _add_after(self, at: int, last: int) -> int:
        """Add what begins at this line, if anything does; the index of the next line to look at."""
        line, found = self.lines[at], annexes.read_annex(self.lines, at)
        if found:
            heading, after = "", found.index + 1
            named = self.lines[found.index]
            start, depth = named.at(found.body), 0 if found.kind is UnitKind.FOOTNOTE else None
            if found.kind is not UnitKind.FOOTNOTE:
                heading, after = annexes.annex_title(self.lines, found, last)
                start = self.lines[after - 1].end if heading else start
            self._add(UnitOpening(at, found.kind, found.number), heading, line.start, start, depth)
            return after
        kind = self._drafts[-1].kind
        if line.row and self._above and self._drafts[self._above[-1][1]].kind in (UnitKind.ANNEX, UnitKind.FORM):
            return self._add_table(at, last, _INNERMOST)
        if kind is UnitKind.TABLE:
            self._add(UnitOpening(at, UnitKind.PARAGRAPH), "", line.start, line.start, _INNERMOST)
        return at + 1
