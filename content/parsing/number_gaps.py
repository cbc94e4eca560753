"""Numbers that clauses or points skip: is the unit in the text of another one, or does the source leave it out?

A number is found again where its line was not broken («gồm:1. Buộc», «Ảnh;c) Giấy») or its mark lost or changed a sign,
and a clause that lost its number begins a paragraph of the clause before it. Where neither is there, one number may be
misprinted, or its unit repealed; of two and more in a row the source has probably lost the text.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from content.law.units import UNIT_FORMS, UnitKind
from content.marks.marks import SpoiltMark, read_spoilt_mark
from content.marks.odd_marks import read_odd_mark
from content.parsing.text_line import Line

SWALLOWED, LOST = "swallowed_units", "lost_units"
SINGLE_GAP_CODES = {UnitKind.CLAUSE: "missing_clause", UnitKind.POINT: "missing_point"}
MAX_QUOTED_LETTERS = 40  # characters of a line that a warning repeats
MIN_LOST = 2  # numbers in a row that are nowhere
_SENTENCE_ENDS = (".", ".”", ";")


def gap_in_words(
    kind: UnitKind, number: str, missing: Sequence[str], between: Sequence[Line], *, repeated: int
) -> tuple[str, str]:
    """(code, words) of the warning about a clause or point `number`, before which the numbers `missing` are not found.

    `between`: the act's own lines from the last unit that could contain them to this one, the line of its mark first.
    `repeated`: how many of them may be printed as a number that was met before.
    """
    word = UNIT_FORMS[kind].word
    numbers = ", ".join(missing)
    unreadable = _unreadable_mark(kind, between)
    if unreadable:
        return SWALLOWED, f"trước {word} {number} không thấy {word} {numbers}; {unreadable}"
    if odd := _odd_line(missing, between):
        words = f"dòng «{_first_words(odd)}» có thể là một trong các số đó với dấu sai, nên chưa được tách"
        return SWALLOWED, f"trước {word} {number} không thấy {word} {numbers}; {words}. Hãy sửa dấu theo bản in."
    if _has_mark(kind, missing, between) or (kind is UnitKind.CLAUSE and _has_paragraph_for_clause(between)):
        return SWALLOWED, f"chữ của {word} {numbers} nằm lẫn trong đơn vị đứng trước {word} {number}, vì số bị đọc sót."
    if len(missing) - repeated >= MIN_LOST:
        return LOST, f"trước {word} {number} không thấy {word} {numbers}: nguồn có thể đã mất chữ ở đây."
    words = f"trước {word} {number} không thấy {word} {numbers}: nguồn bỏ số này hoặc in sai số."
    return SINGLE_GAP_CODES[kind], words


def doubt_in_words(spoilt: SpoiltMark, line: Line) -> str:
    """The words of the warning about a line whose spoilt mark may be that of a unit."""
    if spoilt.is_unreadable:
        return _words_of_unreadable(line)
    unit = f"{UNIT_FORMS[spoilt.mark.kind].word} {spoilt.mark.number}"
    return (
        f"dòng «{_first_words(line)}» có thể là {unit} với dấu sai, nên chưa được tách: "
        f"chữ của nó nằm trong đơn vị đứng trước. Nếu là {unit}, hãy sửa dấu."
    )


def _unreadable_mark(kind: UnitKind, between: Sequence[Line]) -> str:
    """Words about the first line among them whose mark cannot be read, "" where there is none."""
    if kind is not UnitKind.POINT:
        return ""
    lines = (line for line in between if line.mark is None and not line.row)
    return next((_words_of_unreadable(line) for line in lines if _is_unreadable(line)), "")


def _odd_line(missing: Sequence[str], between: Sequence[Line]) -> Line | None:
    """The first line that begins with one of the numbers, or with another one and a sign that marks have."""
    for before, line in pairwise(between):
        odd = read_odd_mark(line.content) if line.mark is None and not line.row else None
        if odd is None:
            continue
        if odd.text:
            begins = odd.number in missing or odd.is_signed
        else:  # alone on its line: after a sentence, for a table that lost its form has such cells
            begins = odd.number in missing and before.content.endswith(_SENTENCE_ENDS)
        if begins:
            return line
    return None


def _is_unreadable(line: Line) -> bool:
    spoilt = read_spoilt_mark(line.content)
    return spoilt is not None and spoilt.is_unreadable


def _words_of_unreadable(line: Line) -> str:
    return (
        f"dòng «{_first_words(line)}» mở đầu bằng dấu không đọc được, nên chữ của nó nằm trong đơn vị đứng trước. "
        "Hãy sửa dấu theo bản in."
    )


def _first_words(line: Line) -> str:
    words = line.content[:MAX_QUOTED_LETTERS]
    return words if len(line.content) <= MAX_QUOTED_LETTERS else words.rpartition(" ")[0] + "…"


def _has_mark(kind: UnitKind, missing: Sequence[str], between: Sequence[Line]) -> bool:
    """Whether one of the numbers begins a line, or follows a stop inside one, as a mark that is not quite one."""
    number = "|".join(map(re.escape, missing))
    sign = r"[.)]" if kind is UnitKind.CLAUSE else r"\)"
    first = re.compile(rf"(?:{number})(?: ?[.,;:)\]/–-]+ ?| )(?=[^\W\d_])", re.IGNORECASE)
    inner = re.compile(rf"[.;:,] ?(?:{number}) ?{sign} ?(?=[^\W\d_])")
    return any(
        (line.mark is None and _begins_unit(first.match(line.content))) or inner.search(line.content, line.body)
        for line in between
    )


def _begins_unit(mark: re.Match[str] | None) -> bool:
    """Whether a capital follows: a small letter goes on with a sentence that a line break cut."""
    return mark is not None and mark.string[mark.end()].isupper()


def _has_paragraph_for_clause(between: Sequence[Line]) -> bool:
    """Whether a clause is followed by a paragraph that opens a list or is the last line: it may be the next clause.

    The text of an article before its first clause is none: it is where the source has it.
    """
    if not between or between[0].kind is not UnitKind.CLAUSE:
        return False
    return any(
        line.mark is None
        and not line.row
        and line.content[0].isupper()
        and between[at - 1].content.endswith(_SENTENCE_ENDS)
        and (line.content.endswith(":") or at == len(between) - 1)
        for at, line in enumerate(between)
        if at
    )
