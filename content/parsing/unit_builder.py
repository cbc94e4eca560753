"""From openings to units: spans, headings, parents, eIds, and what stands below clauses and points."""

import re

from content.law.unit_numbers import eid_token
from content.law.units import EID_PREFIXES, UNIT_FORMS, UnitKind
from content.parsing import annexes, headings, indents
from content.parsing.cue_phrases import announces_quotation_or_list, ends_before_reference
from content.parsing.line_scanner import UnitOpening
from content.parsing.marks import KINDS_ABOVE_ARTICLES
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
_WORD = re.compile(r"[a-z0-9]+")
_UNFINISHED = re.compile(r"[^.;:!?…”»\")\]]$")


class UnitBuilder:
    """Turns what was read into units."""

    def __init__(self, text, lines, reading):
        self.text, self.lines, self.reading = text, lines, reading
        self.openings = reading.openings
        self.notices = []
        self._drafts = []  # units, their ends still open
        self._above = []  # (depth, index) of the units the next one can stand in, outermost first
        self._seen = {}
        self._counts = {}  # by (unit, kind): how many unnumbered ones it has
        articles = [opening.index for opening in self.openings if opening.kind is UnitKind.ARTICLE]
        self._titled = headings.are_titled(
            (lines[at], lines[at + 1] if at + 1 < len(lines) else None) for at in articles
        )

    def build(self):
        """(units, notices)."""
        if self.lines[self.openings[0].index].start:
            self._drafts.append((UnitKind.PREAMBLE, "preamble", "", "", 0, 0, None))
        for at in range(len(self.openings)):
            self._add_opening(at)
        self._add_closing()
        ends = [*(draft[4] for draft in self._drafts[1:]), len(self.text)]
        return [Unit(*d[:6], end, d[6]) for d, end in zip(self._drafts, ends, strict=True)], self.notices

    # -- the units marks open ---------------------------------------------------------

    def _add_opening(self, at):
        opening = self.openings[at]
        following = self.openings[at + 1] if at + 1 < len(self.openings) else None
        last = following.index if following else self.reading.closing
        line = self.lines[opening.index]
        heading, body, taken = "", line.at(line.mark.body), 1
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

    def _add(self, opening, heading, start, body, depth=None):
        depth = _DEPTH_OF_KIND[opening.kind] if depth is None else depth
        while self._above and self._above[-1][0] >= depth:
            self._above.pop()
        parent = self._above[-1][1] if self._above else None
        eid = self._eid(opening, parent, start)
        if opening.kind not in _LEAF_KINDS:
            self._above.append((depth, len(self._drafts)))
        self._drafts.append((opening.kind, eid, opening.number, heading, start, body, parent))

    def _eid(self, opening, parent, start):
        """The eId, unique in the text; a number met again is noted and gets the next free suffix."""
        if opening.kind is UnitKind.CONCLUSIONS:
            return "conclusions"
        sign = eid_token(opening.number)
        if opening.kind in (UnitKind.ANNEX, UnitKind.FORM):
            sign = "_".join(_WORD.findall(opening.number.lower().replace("đ", "dd"))) if not sign else sign.lstrip("0")
        eid = f"{EID_PREFIXES[opening.kind]}_{sign or self._count(opening.kind, True, parent)}"
        if parent is not None and opening.kind not in _GLOBAL_KINDS:
            eid = f"{self._drafts[parent][1]}__{eid}"
        count = self._seen.get(eid, 0) + 1
        while count > 1 and f"{eid}_{count}" in self._seen:
            count += 1
        self._seen[eid] = count
        if count == 1:
            return eid
        self._seen[f"{eid}_{count}"] = 1
        if opening.kind in _DUPLICATE_WORDS:
            message = f"Có hơn một {_DUPLICATE_WORDS[opening.kind]} {opening.number}".rstrip() + "."
            self.notices.append(ParserWarning("duplicate_number", message, start))
        return f"{eid}_{count}"

    def _count(self, kind, one_more, owner=-1):
        """How many of a kind the innermost unit (or `owner`) has now, paragraphs its own first one included."""
        owner = self._above[-1][1] if owner == -1 else owner
        self._counts[owner, kind] = count = self._counts.get((owner, kind), 0) + one_more
        return count

    # -- what stands below them -------------------------------------------------------

    def _add_below(self, at, last, is_last):
        """Indents, paragraphs, tables and footnotes among the lines of one article, clause or point."""
        while at < last:
            line = self.lines[at]
            if line.row and self.reading.plain[at]:
                at = self._add_table(at, last, self._depth_after(at, is_last))
                continue
            if self.reading.plain[at]:
                self._add_line(at, line, is_last)
            at += 1

    def _add_line(self, at, line, is_last):
        if note := annexes.FOOTNOTE_MARK.match(line.content):
            self._add(UnitOpening(at, UnitKind.FOOTNOTE, note[1]), "", line.start, line.at(note.end()), 1000)
        elif item := indents.read_indent(line.content):
            number, level, body = item
            self._add(
                UnitOpening(at, UnitKind.INDENT, number),
                "",
                line.start,
                line.at(body),
                _DEPTH_OF_KIND[UnitKind.INDENT] + level,
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

    def _depth_after(self, at, is_last):
        """How deep what follows a list stands: outside the list's last item, unless that announces it."""
        kind = self._drafts[self._above[-1][1]][0]
        if announces_quotation_or_list(self.lines[at - 1].content):
            return 1000
        if kind is UnitKind.INDENT:
            return _DEPTH_OF_KIND[UnitKind.INDENT]
        return _DEPTH_OF_KIND[UnitKind.POINT] if is_last and kind is UnitKind.POINT else 1000

    def _is_paragraph(self, at, line):
        """Whether a line begins a paragraph: not in the middle of a sentence; anything does after a table."""
        if self._drafts[-1][0] in (UnitKind.TABLE, UnitKind.FOOTNOTE):
            return True
        before = self.lines[at - 1].content
        starts = (
            not _UNFINISHED.search(before) or (line.mark and not ends_before_reference(before)) or self._is_own_first()
        )
        return bool(starts) and not line.content[0].islower()

    def _is_own_first(self):
        owner = self._above[-1][1]
        return len(self._drafts) - 1 == owner and not self._counts.get((owner, UnitKind.PARAGRAPH))

    def _add_table(self, at, last, depth):
        first = self.lines[at]
        self._add(UnitOpening(at, UnitKind.TABLE), "", first.start, first.start, depth)
        at += 1
        while at < last and self.lines[at].row and not self.lines[at].gap:
            at += 1
        return at

    # -- what comes after the articles ------------------------------------------------

    def _add_closing(self):
        """Signatures, then annexes with their forms and tables, then footnotes."""
        at, last = self.reading.closing, len(self.lines)
        if at < last and annexes.read_annex(self.lines, at) is None:
            self._add(UnitOpening(at, UnitKind.CONCLUSIONS), "", self.lines[at].start, self.lines[at].start)
            at += 1
        while at < last:
            at = self._add_after(at, last)

    def _add_after(self, at, last):
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
        kind = self._drafts[-1][0]
        if line.row and self._above and self._drafts[self._above[-1][1]][0] in (UnitKind.ANNEX, UnitKind.FORM):
            return self._add_table(at, last, 1000)
        if kind is UnitKind.TABLE:
            self._add(UnitOpening(at, UnitKind.PARAGRAPH), "", line.start, line.start, 1000)
        return at + 1
