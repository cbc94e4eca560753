"""How a text is laid out for reading: headings told from what is under them, lines, tables. Pure; no word is lost."""

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
    def head(self):
        return self.rows[0] if len(self.rows) > 1 else ()

    @property
    def body(self):
        return self.rows[1:] if len(self.rows) > 1 else self.rows


def split_title(kind, number, heading, text):
    """(title, rest) of a unit's own text: «Điều 5. Ghi sổ» and what stands under it. ("", text) for khoản and điểm."""
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


def title_lines(title, heading):
    """The title as it is set: «Chương I» and its heading on lines of their own; an article's on one."""
    if title.startswith(HEADING_WORDS[UnitKind.ARTICLE]) or not title.endswith(heading) or title == heading:
        return [title]
    return [title.removesuffix(heading).strip(), *([heading] if heading else [])]


def text_blocks(text, *, is_table=False):
    """The text as Paragraphs, Rules and Tables. Two lines with tabs make a table; one alone only where `is_table`."""
    found, rows = [], []
    for line in [*text.split("\n"), ""]:
        if "\t" in line:
            rows.append(line)
            continue
        found += _table_blocks(rows, is_table)
        rows = []
        if line.strip():
            found.append(Rule() if _RULE.match(line) else Paragraph(_TRAILING_RULE.sub("", line).strip()))
    return found


def _table_blocks(lines, is_table):
    if len(lines) < 2 and not (is_table and lines):
        return [Paragraph(" ".join(line.split())) for line in lines]
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    width = max(map(len, rows))
    return [Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows))]
