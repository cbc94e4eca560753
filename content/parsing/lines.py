"""The lines of a text: what a person reads as one, whatever pasting and printing did to it.

Blanks of all kinds become single spaces, Ð (U+00D0) becomes Đ, page numbers and running headers drop out
(furniture.py), and lines broken at a margin are joined again (wrapping.py). Each line knows where
its characters stand in the text, so nothing of the text is lost. All passes are linear.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from content.law.units import UnitKind
from content.parsing import page_furniture, wrapped_lines
from content.parsing.marks import Mark, read_mark
from content.parsing.units import ParserWarning

# Space at either end of a line, besides what str.isspace knows: soft hyphen, zero-width signs, BOM.
INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
BLANK = " \t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + INVISIBLE
BLANK += "".join(map(chr, range(0x2000, 0x200B)))

_RUN = re.compile(f"[{BLANK}]+")
_UNEVEN = re.compile(f"[{BLANK[1:]}]|  ")
_LETTERS = str.maketrans("Ðð", "Đđ")
AFTER_ALL_OFFSETS = float("inf")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, from `start` to `end` in the text; `content` is what it says.

    `cuts` are (offset in content, offset in text) from which on both run alike, none where all
    does. `gap`: a blank line stands before. `row`: a row of a table, its cells separated by TAB.
    """

    start: int
    end: int
    content: str
    mark: Mark | None
    cuts: tuple[tuple[int, int], ...] = ()
    gap: bool = False
    row: bool = False

    @property
    def rest(self):
        """The line after its mark."""
        return self.content[self.mark.body :] if self.mark else self.content

    def at(self, offset):
        """Where content[offset] stands in the text."""
        if not self.cuts:
            return self.start + offset
        inside, outside = self.cuts[bisect_right(self.cuts, (offset, AFTER_ALL_OFFSETS)) - 1]
        return outside + offset - inside


def read_lines(text):
    """(lines, notices) of `text`: its lines in order, and what had to be overlooked to see them.

    "Điều 71. 1. Bằng khen ..." becomes two lines, so that the clause is seen.
    """
    printed = _printed_lines(text)
    kept, dropped = page_furniture.without_page_furniture(printed)
    groups = wrapped_lines.unwrapped_paragraphs(kept)
    lines = []
    for group in groups:
        lines.extend(_split_clause_from_article(group[0] if len(group) == 1 else _joined_line(group)))
    return lines, _line_warnings(text, dropped, groups)


def _printed_lines(text):
    """The lines as they stand in the text."""
    lines, offset, gap = [], 0, False
    for raw in text.split("\n"):
        stripped = raw.strip(BLANK)
        if stripped:
            lines.append(_line(stripped, offset + raw.index(stripped[0]), gap))
        gap = not stripped
        offset += len(raw) + 1
    return _without_lone_rows(lines)


def _line(stripped, start, gap):
    end, content, cuts, row = start + len(stripped), stripped, (), False
    if _UNEVEN.search(stripped):
        content, cuts = _with_single_blanks(stripped, start)
        row = "\t" in stripped
    content = content.translate(_LETTERS) if "Ð" in content or "ð" in content else content
    mark = read_mark(content)
    if row and mark:  # a TAB after the mark is how word processors number
        row = "\t" in stripped[len(stripped) - len(stripped[mark.body :].lstrip(BLANK)) :]
    return Line(start, end, content, mark, cuts, gap, row)


def _with_single_blanks(stripped, start):
    """(content with single plain blanks, cuts)."""
    parts, cuts, length, last = [], [(0, start)], 0, 0
    for run in _RUN.finditer(stripped):
        if run[0] == " ":
            continue
        blank = " " if run[0].strip(INVISIBLE) else ""
        parts += [stripped[last : run.start()], blank]
        length += run.start() - last + len(blank)
        last = run.end()
        cuts.append((length, start + last))
    return "".join([*parts, stripped[last:]]), tuple(cuts)


def _without_lone_rows(lines):
    """Rows come in twos at least, and have no marks; a TAB in one line alone is a blank."""
    for index, line in enumerate(lines):
        if not line.row:
            continue
        above = index and not line.gap and lines[index - 1].row
        below = index + 1 < len(lines) and not lines[index + 1].gap and lines[index + 1].row
        if above or below:
            lines[index] = replace(line, mark=None)
        else:
            lines[index] = replace(line, row=False)
    return lines


def _joined_line(group):
    """One line out of those a margin broke."""
    cuts, length = [], 0
    for line in group:
        cuts += [(inside + length, outside) for inside, outside in line.cuts or ((0, line.start),)]
        length += len(line.content) + 1
    content = " ".join(line.content for line in group)
    return replace(group[0], end=group[-1].end, content=content, mark=read_mark(content), cuts=tuple(cuts))


def _split_clause_from_article(line):
    if line.mark and line.mark.kind is UnitKind.ARTICLE:
        clause = read_mark(line.rest) if line.rest else None
        if clause and clause.kind is UnitKind.CLAUSE and clause.number == "1" and clause.body < len(line.rest):
            yield _part_of_line(line, 0, line.mark.body, line.mark)
            yield _part_of_line(line, line.mark.body, len(line.content), clause)
            return
    yield line


def _part_of_line(line, first, last, mark):
    content = line.content[first:last].rstrip()
    cuts = [(inside - first, outside) for inside, outside in line.cuts if inside > first]
    cuts = ((0, line.at(first)), *cuts) if line.cuts else ()
    end = line.at(first + len(content) - 1) + 1
    return replace(line, start=line.at(first), end=end, content=content, mark=mark, cuts=cuts)


def _line_warnings(text, dropped, groups):
    """What pasting and printing left, each said once, where it is first met."""
    joined = [group for group in groups if len(group) > 1]
    odd = next((line for group in groups for line in group if line.cuts and not line.row), None)
    letter = min((at for at in (text.find("Ð"), text.find("ð")) if at >= 0), default=-1)
    if joined:
        count = sum(len(group) - 1 for group in joined)
        yield ParserWarning("wrapped_lines", f"Có {count} dòng bị ngắt giữa câu, đã đọc liền lại.", joined[0][0].start)
    if dropped:
        message = f"Có {len(dropped)} dòng là số trang hoặc tiêu đề trang, đã bỏ qua khi đọc."
        yield ParserWarning("page_furniture", message, dropped[0].start)
    if odd:
        yield ParserWarning("odd_blanks", "Có khoảng trắng lạ hoặc thừa, đã đọc như một dấu cách.", odd.start)
    if letter >= 0:
        yield ParserWarning("foreign_letter", "Có chữ Ð (U+00D0) thay cho Đ, đã đọc là Đ.", letter)
