"""The parser: from the text of a document to its parts, chapters, articles, clauses, points and what is around them.

    structure = parse_text(text)

Pure and linear; never raises on any str. In this order:

1. lines.py undoes what pasting and printing did (page_furniture.py, wrapped_lines.py) and reads marks (content/marks);
2. line_scanner.py decides by numbering and quotations (quotations.py) which marks open units, and
   hidden_units.py tells of those that stay in the text of others;
3. unit_builder.py separates headings from text (headings.py), adds units without numbers and those after the articles
   (indents.py, annexes.py), and gives each unit its eid.
"""

from collections.abc import Sequence

from content.law.units import UnitKind
from content.marks.marks import read_spoilt_article_mark
from content.parsing.letters import letter_warnings
from content.parsing.line_scanner import LineScanner
from content.parsing.lines import read_lines
from content.parsing.number_gaps import MAX_QUOTED_LETTERS
from content.parsing.text_line import Line
from content.parsing.unit_builder import UnitBuilder
from content.parsing.units import ParserWarning, Structure, Unit

__all__ = ["ParserWarning", "Structure", "Unit", "parse_text"]


def parse_text(text: str, *, warns: bool = True) -> Structure:
    """The structure of `text` (NFC, line ends "\\n"); offsets are code points of it.

    The own spans of the units, joined, are `text` again. A text without an article is one unit "body" with a warning
    "no_article"; an empty one has no unit. Eids: those of articles are unique in the document (art_15), units below
    them are nested (art_15__clause_2__point_dd), units above them too, with Arabic numbers (part_1__chp_2__sec_1).
    Annexes are not nested, forms are nested in their annex. A paragraph's number is its place in its unit (para_2 is
    «đoạn thứ hai»); the first is the unit's own text. A number met again gets "_2".

    `warns=False`: without warnings, for who needs only units and quotations; to look for them is half of the work.
    """
    lines, warnings = read_lines(text)
    of_letters = list(letter_warnings(text)) if warns else []
    scanner = LineScanner(lines, warns=warns)
    if not any(opening.kind is UnitKind.ARTICLE for opening in scanner.openings):
        return _without_articles(text, lines, of_letters) if warns else Structure(_body(text), (), ())
    builder = UnitBuilder(text, lines, scanner)
    units = builder.build()
    if not warns:
        return Structure(tuple(units), tuple(sorted(scanner.quotations.spans)), ())
    in_order = sorted([*of_letters, *warnings, *scanner.warnings, *builder.warnings], key=lambda warning: warning.start)
    return Structure(tuple(units), tuple(sorted(scanner.quotations.spans)), tuple(in_order))


def _without_articles(text: str, lines: Sequence[Line], warnings: list[ParserWarning]) -> Structure:
    dressed = (line for line in lines if line.mark is None and not line.row and read_spoilt_article_mark(line.content))
    first = next(dressed, None)  # a text in which every article has such a mark: Markdown, a list
    words = "Không tìm thấy điều nào trong văn bản."
    if first:
        words += f" Dòng «{first.content[:MAX_QUOTED_LETTERS]}» có thể là một điều: hãy bỏ các dấu lạ quanh số của nó."
    no_article = ParserWarning("no_article", words, first.start if first else 0)
    return Structure(_body(text), (), (no_article, *warnings))


def _body(text: str) -> tuple[Unit, ...]:
    """The only unit of a text without an article."""
    return (Unit(UnitKind.BODY, "body", "", "", 0, 0, len(text), None),) if text else ()
