"""The layout of a text for reading: headings, paragraphs, rules and tables. Pure; no word is lost."""

import re
from dataclasses import dataclass

from content.law.units import HEADING_WORDS, UnitKind

_RULE = re.compile(r"^[\s\-–—_*=]{3,}$")
_TRAILING_RULE = re.compile(r"\s*[-–—_*=]{5,}\s*$")  # «QUỐC HỘI -------»: the line that was drawn under it
HEADING_LINES = 6  # that a heading may run over


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind = "paragraph"


@dataclass(frozen=True)
class Rule:
    """A line of dashes between the head and the text: drawn, not read out."""

    kind = "rule"


@dataclass(frozen=True)
class Table:
    """Lines whose cells are separated by tabs. The first row heads the columns where there are others."""

    rows: tuple[tuple[str, ...], ...]
    kind = "table"

    @property
    def head(self) -> tuple[str, ...]:
        return self.rows[0] if len(self.rows) > 1 else ()

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        return self.rows[1:] if len(self.rows) > 1 else self.rows


TextBlock = Paragraph | Rule | Table


def split_title(kind: str, number: str, heading: str, text: str) -> tuple[str, str]:
    """(title, rest) of a unit's own text: «Điều 5. Ghi sổ» and the text under it. ("", text) for khoản and điểm."""
    if kind not in HEADING_WORDS:
        return "", text
    if heading:
        lines, title = text.split("\n"), ""
        for taken, line in enumerate(lines[:HEADING_LINES], 1):
            title = " ".join(f"{title} {line}".split())
            if title.endswith(heading):
                return title, "\n".join(lines[taken:])
    numbered = rf"\s+(?:thứ\s+)?{re.escape(number)}" if number else ""  # «Phụ lục», where there is but one
    mark = re.match(rf"\s*{HEADING_WORDS[kind]}{numbered}\s*[.:]?(?!\w)\s*", text, re.IGNORECASE)
    if mark is None:
        return f"{HEADING_WORDS[kind]} {number}".strip(), text
    return " ".join(mark[0].split()), text[mark.end() :]


def title_lines(title: str, heading: str) -> list[str]:
    """The lines of a title: «Chương I» and its heading take two, the title of an article takes one."""
    if title.startswith(HEADING_WORDS[UnitKind.ARTICLE]) or not title.endswith(heading) or title == heading:
        return [title]
    return [title.removesuffix(heading).strip(), *([heading] if heading else [])]


def text_blocks(text: str, *, is_table: bool = False) -> list[TextBlock]:
    """The text as Paragraphs, Rules and Tables. Two lines with tabs make a table; one alone only where `is_table`."""
    found: list[TextBlock] = []
    rows: list[str] = []
    for line in [*text.split("\n"), ""]:
        if "\t" in line:
            rows.append(line)
            continue
        found += _table_blocks(rows, is_table)
        rows = []
        if line.strip():
            found.append(Rule() if _RULE.match(line) else Paragraph(_TRAILING_RULE.sub("", line).strip()))
    return found


def _table_blocks(lines: list[str], is_table: bool) -> list[TextBlock]:
    if len(lines) < 2 and not (is_table and lines):
        return [Paragraph(" ".join(line.split())) for line in lines]
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    width = max(map(len, rows))
    return [Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows))]
