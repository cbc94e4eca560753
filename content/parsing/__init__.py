"""The parser core: a text becomes parts, chapters, articles, clauses and points, and what stands around and below them.

    structure = parse(text)

Pure and linear; never raises on any str. What pasting and printing did is undone first (lines.py, furniture.py,
wrapping.py) and lines are read for marks (marks.py); the numbering and the quotations decide which
marks open units (reading.py, quotations.py); headings are told from text (headings.py), and the units get their
parts without numbers, what follows the articles, and their eIds (building.py, annexes.py).
"""

from content.law.units import UnitKind
from content.parsing.line_scanner import LineScanner
from content.parsing.lines import read_lines
from content.parsing.unit_builder import UnitBuilder
from content.parsing.units import ParserWarning, Structure, Unit

__all__ = ["ParserWarning", "Structure", "Unit", "parse_text"]


def parse_text(text):
    """The structure of `text` (NFC, line ends "\\n"); offsets are code points of it.

    The own spans of the units, joined, are `text` again. A text without an article is
    one unit "body" (none where it is empty) and a notice "no_article". eIds: articles are global
    (art_15), what is below them is nested (art_15__clause_2__point_dd), what is above is nested
    too, numbers in Arabic (part_1__chp_2__sec_1); annexes are global, forms stand in their annex.
    A paragraph's number is its place among those of its unit (para_2 is "đoạn thứ hai"), the first being
    the unit's own text. A number met again gets "_2".
    """
    lines, notices = read_lines(text)
    reading = LineScanner(lines)
    if not any(opening.kind is UnitKind.ARTICLE for opening in reading.openings):
        return _without_articles(text)
    units, more = UnitBuilder(text, lines, reading).build()
    notices = sorted([*notices, *reading.notices, *more], key=lambda notice: notice.start)
    return Structure(tuple(units), tuple(sorted(reading.quotations.spans)), tuple(notices))


def _without_articles(text):
    units = (Unit(UnitKind.BODY, "body", "", "", 0, 0, len(text), None),) if text else ()
    return Structure(units, (), (ParserWarning("no_article", "Không tìm thấy điều nào trong văn bản.", 0),))
