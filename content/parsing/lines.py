"""The lines of a text as a person reads them, whatever pasting and printing did to them.

Blanks of all kinds become single spaces, letters of other alphabets that look like ours are read as ours, page numbers
and running headers drop out (page_furniture.py), lines broken at a margin are joined again (wrapped_lines.py), and a
list of contents loses its marks (content/marks/contents.py). Each line knows the offsets of its characters in the text,
so nothing of the text is lost. All passes are linear.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from content.law.units import UnitKind
from content.marks import contents
from content.marks.marks import Mark, read_mark
from content.parsing import page_furniture, wrapped_lines
from content.parsing.text_line import BLANK, INVISIBLE, Line
from content.parsing.units import ParserWarning
from content.text.confusable_letters import CONFUSABLE_LETTERS, first_of_each, with_own_letters

_RUN = re.compile(f"[{BLANK}]+")
_UNEVEN = re.compile(f"[{BLANK[1:]}]|  ")
_LONE_ARTICLE, _NUMBER_AND_STOP = re.compile("Điều|ĐIỀU"), re.compile(r"[0-9]{1,4}[a-zđ]?[.:]")


def read_lines(text: str) -> tuple[list[Line], Iterator[ParserWarning]]:
    """(lines, warnings) of `text`: its lines in order, and what was ignored or repaired to read them.

    "Điều 71. 1. Bằng khen ..." becomes two lines, so that the clause is seen.
    """
    printed = _printed_lines(text)
    own_lines, dropped = page_furniture.without_page_furniture(printed)
    groups = wrapped_lines.unwrapped_paragraphs(own_lines)
    lines: list[Line] = []
    for group in _with_whole_article_marks(groups):
        lines.extend(_split_clause_from_article(group[0] if len(group) == 1 else _joined_line(group)))
    listed = contents.places_of_contents([line.content for line in lines], [line.mark for line in lines])
    for at in listed:
        lines[at] = replace(lines[at], mark=None)
    return lines, _line_warnings(text, dropped, groups, [lines[at] for at in listed])


def _printed_lines(text: str) -> list[Line]:
    """The lines as they are printed."""
    lines: list[Line] = []
    offset, gap = 0, False
    for raw in text.split("\n"):
        stripped = raw.strip(BLANK)
        if stripped:
            lines.append(_line(stripped, offset + raw.index(stripped[0]), gap))
        gap = not stripped
        offset += len(raw) + 1
    return _without_lone_rows(lines)


def _line(stripped: str, start: int, gap: bool) -> Line:
    end, content, row = start + len(stripped), stripped, False
    cuts: tuple[tuple[int, int], ...] = ()
    if _UNEVEN.search(stripped):
        content, cuts = _with_single_blanks(stripped, start)
        row = "\t" in stripped
    content = with_own_letters(content)
    mark = read_mark(content)
    if row and mark:  # a TAB after the mark is how word processors number
        row = "\t" in stripped[len(stripped) - len(stripped[mark.body :].lstrip(BLANK)) :]
    return Line(start, end, content, mark, cuts, gap, row)


def _with_single_blanks(stripped: str, start: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """(content with single plain blanks, cuts)."""
    parts: list[str] = []
    cuts = [(0, start)]
    length, last = 0, 0
    for run in _RUN.finditer(stripped):
        if run[0] == " ":
            continue
        blank = " " if run[0].strip(INVISIBLE) else ""
        parts += [stripped[last : run.start()], blank]
        length += run.start() - last + len(blank)
        last = run.end()
        cuts.append((length, start + last))
    return "".join([*parts, stripped[last:]]), tuple(cuts)


def _without_lone_rows(lines: list[Line]) -> list[Line]:
    """Rows come in twos at least, and have no marks; a TAB in one line alone is a blank."""
    for index, line in enumerate(lines):
        if not line.row:
            continue
        above = index > 0 and not line.gap and lines[index - 1].row
        below = index + 1 < len(lines) and not lines[index + 1].gap and lines[index + 1].row
        if above or below:
            lines[index] = replace(line, mark=None)
        else:
            lines[index] = replace(line, row=False)
    return lines


def _with_whole_article_marks(groups: list[list[Line]]) -> list[list[Line]]:
    """A line «Điều» alone is joined to the number that begins the next one."""
    whole: list[list[Line]] = []
    for group in groups:
        if whole and _LONE_ARTICLE.fullmatch(whole[-1][-1].content) and _NUMBER_AND_STOP.match(group[0].content):
            whole[-1] = [*whole[-1], *group]
        else:
            whole.append(group)
    return whole


def _joined_line(group: list[Line]) -> Line:
    """One line out of those a margin broke."""
    cuts: list[tuple[int, int]] = []
    length = 0
    for line in group:
        cuts += [(inside + length, outside) for inside, outside in line.cuts or ((0, line.start),)]
        length += len(line.content) + 1
    content = " ".join(line.content for line in group)
    return replace(group[0], end=group[-1].end, content=content, mark=read_mark(content), cuts=tuple(cuts))


def _split_clause_from_article(line: Line) -> Iterator[Line]:
    if line.mark and line.mark.kind is UnitKind.ARTICLE:
        clause = read_mark(line.rest) if line.rest else None
        if clause and clause.kind is UnitKind.CLAUSE and clause.number == "1" and clause.body < len(line.rest):
            yield _part_of_line(line, 0, line.mark.body, line.mark)
            yield _part_of_line(line, line.mark.body, len(line.content), clause)
            return
    yield line


def _part_of_line(line: Line, first: int, last: int, mark: Mark) -> Line:
    content = line.content[first:last].rstrip()
    inner = [(inside - first, outside) for inside, outside in line.cuts if inside > first]
    cuts = ((0, line.at(first)), *inner) if line.cuts else ()
    end = line.at(first + len(content) - 1) + 1
    return replace(line, start=line.at(first), end=end, content=content, mark=mark, cuts=cuts)


def _line_warnings(
    text: str, dropped: list[Line], groups: list[list[Line]], listed: list[Line]
) -> Iterator[ParserWarning]:
    """What pasting and printing left, each said once, where it is first met."""
    joined = [group for group in groups if len(group) > 1]
    odd = next((line for group in groups for line in group if line.cuts and not line.row), None)
    if joined:
        count = sum(len(group) - 1 for group in joined)
        yield ParserWarning("wrapped_lines", f"Có {count} dòng bị ngắt giữa câu, đã đọc liền lại.", joined[0][0].start)
    if dropped:
        message = f"Có {len(dropped)} dòng là số trang hoặc tiêu đề trang còn trong văn bản: bộ đọc bỏ qua, hãy xóa."
        yield ParserWarning("page_furniture", message, dropped[0].start)
    if listed:
        message = f"Mục lục ({len(listed)} dòng, từ «{listed[0].content[:40]}») không phải là các điều: hãy xóa."
        yield ParserWarning("list_of_contents", message, listed[0].start)
    if odd:
        yield ParserWarning("odd_blanks", "Có khoảng trắng lạ hoặc thừa, đã đọc như một dấu cách.", odd.start)
    for sign, at in first_of_each(text):
        own = CONFUSABLE_LETTERS[sign]
        message = f"Có chữ {sign} (U+{ord(sign):04X}) thay cho {own}, đã đọc là {own}."
        yield ParserWarning("foreign_letter", message, at)
