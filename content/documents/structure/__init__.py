"""The parser core: a text becomes parts, chapters, articles, clauses and points.

    structure = parse(text)

Pure and linear; never raises on any str. Lines are read for marks (lines.py), the numbering
and the quotations decide which marks open units (reading.py, quotations.py), headings are
told from text (headings.py), and the units get their eIds here.
"""

from content.documents.structure import headings
from content.documents.structure.lines import HIGHER, read_lines
from content.documents.structure.numbers import order, token
from content.documents.structure.reading import Reading
from content.documents.structure.units import Kind, Notice, Structure, Unit

__all__ = ["Kind", "Notice", "Structure", "Unit", "order", "parse"]

# How eIds begin (design/vocabulary.md D).
PREFIX = {
    Kind.PART: "part",
    Kind.CHAPTER: "chp",
    Kind.SECTION: "sec",
    Kind.SUBSECTION: "subsec",
    Kind.ARTICLE: "art",
    Kind.CLAUSE: "clause",
    Kind.POINT: "point",
}
_DEPTH = {kind: depth for depth, kind in enumerate(PREFIX)}
_NAMES = {Kind.ARTICLE: "Điều", Kind.CLAUSE: "khoản", Kind.POINT: "điểm"}


def parse(text):
    """The structure of `text` (NFC, line ends "\\n"); offsets are code points of it.

    The own spans of the units, joined, are `text` again. A text without an article is
    one unit "body" (none where it is empty) and a notice "no_article". eIds: articles are global
    (art_15), what is below them is nested (art_15__clause_2__point_dd), what is above is nested
    too, numbers in Arabic (part_1__chp_2__sec_1); a number met again gets "_2".
    """
    lines = read_lines(text)
    reading = Reading(lines)
    if not any(opening.kind is Kind.ARTICLE for opening in reading.openings):
        return _without_articles(text)
    units, notices = _Builder(text, lines, reading.openings).build()
    notices = sorted([*reading.notices, *notices], key=lambda notice: notice.start)
    return Structure(tuple(units), tuple(sorted(reading.quotations.spans)), tuple(notices))


def _without_articles(text):
    units = (Unit(Kind.BODY, "body", "", "", 0, 0, len(text), None),) if text else ()
    return Structure(units, (), (Notice("no_article", "Không tìm thấy điều nào trong văn bản.", 0),))


class _Builder:
    """Turns openings into units: spans, headings, parents, eIds."""

    def __init__(self, text, lines, openings):
        self.text, self.lines, self.openings = text, lines, openings
        self.units, self.notices = [], []
        self._above = []  # indexes of the units the next one can stand in, outermost first
        self._seen = {}
        articles = [opening.index for opening in openings if opening.kind is Kind.ARTICLE]
        self._titled = headings.are_titled(
            (lines[at], lines[at + 1] if at + 1 < len(lines) else None) for at in articles
        )

    def build(self):
        """(units, notices)."""
        first = self.lines[self.openings[0].index].start
        if first:
            self.units.append(Unit(Kind.PREAMBLE, "preamble", "", "", 0, 0, first, None))
        for at in range(len(self.openings)):
            self._add(at)
        return self.units, self.notices

    def _add(self, at):
        opening = self.openings[at]
        line, end = self.lines[opening.index], len(self.text)
        following = self.openings[at + 1] if at + 1 < len(self.openings) else None
        if following:
            end = self.lines[following.index].start
        parent = self._parent(opening.kind)
        heading, body = self._heading(opening, following)
        eid = self._eid(opening, parent)
        self._above.append(len(self.units))
        self.units.append(Unit(opening.kind, eid, opening.number, heading, line.start, body, end, parent))

    def _parent(self, kind):
        """Leave the units that `kind` cannot stand in; the innermost that is left, or None."""
        depth = _DEPTH.get(kind, -1)
        while self._above and _DEPTH[self.units[self._above[-1]].kind] >= depth:
            self._above.pop()
        return self._above[-1] if self._above else None

    def _heading(self, opening, following):
        line = self.lines[opening.index]
        if opening.kind is Kind.CONCLUSIONS:
            return "", line.start
        if opening.kind not in HIGHER and opening.kind is not Kind.ARTICLE:
            return "", line.start + line.mark.body
        last = following.index if following else len(self.lines)
        goes_on = following is not None and following.kind in (Kind.CLAUSE, Kind.POINT)
        return headings.split(self.lines[opening.index : last], goes_on, titled=self._titled)

    def _eid(self, opening, parent):
        """The eId, unique in the text; a number met again is noted and gets the next free suffix."""
        if opening.kind is Kind.CONCLUSIONS:
            return "conclusions"
        eid = f"{PREFIX[opening.kind]}_{token(opening.number)}"
        if parent is not None and opening.kind is not Kind.ARTICLE:
            eid = f"{self.units[parent].eid}__{eid}"
        count = self._seen[eid] = self._seen.get(eid, 0) + 1
        if count == 1:
            return eid
        start = self.lines[opening.index].start
        name = _NAMES.get(opening.kind, "đơn vị")
        self.notices.append(Notice("duplicate_number", f"Có hơn một {name} {opening.number}.", start))
        return f"{eid}_{count}"
