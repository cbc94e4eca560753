"""Lines that a margin broke, put together again.

A margin breaks a line where its next word would not fit, so a line that could have held the next word ends a
paragraph. The width of the text is measured on lines that clearly continue: those followed by a small letter. A text
without such lines is left as it is.
"""

from collections.abc import Sequence
from itertools import pairwise

from content.law.units import KINDS_ABOVE_ARTICLES, UnitKind
from content.marks import cue_phrases
from content.marks.marks import Mark
from content.parsing.text_line import Line

MIN_MARGIN, MAX_MARGIN = 50, 140  # characters of a line that a margin broke
MIN_SHARE_OF_BROKEN_LINES = 0.1  # of the long lines that must clearly continue
SENTENCE_ENDS = (".", ";", ":")
QUOTES = "”»\"' )"
BULLETS = ("- ", "– ", "+ ", "• ", "* ", "[")


def unwrapped_paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """`lines` in groups, each of them one line before a margin broke it."""
    margin = _margin_width(lines)
    if margin is None:
        return [[line] for line in lines]
    spaced = sum(line.gap for line in lines) > 0.9 * len(lines)
    groups: list[list[Line]] = []
    article = 0
    for index, line in enumerate(lines):
        gap_parts = line.gap and not spaced
        if groups and not gap_parts and _continues_paragraph(groups[-1], lines, index, margin, article):
            groups[-1].append(line)
            continue
        groups.append([line])
        if line.mark and line.mark.kind is UnitKind.ARTICLE and line.mark.order[0] == article + 1:
            article += 1
    return groups


def _margin_width(lines: Sequence[Line]) -> int | None:
    """The width that a line and the next word must pass for the break to be the margin's; None: there is no margin."""
    lengths = sorted(len(line.content) for line in lines)
    widest = lengths[int(0.98 * (len(lengths) - 1))] if lengths else 0
    if not MIN_MARGIN <= widest <= MAX_MARGIN:
        return None
    long = [(line, after) for line, after in pairwise(lines) if len(line.content) > 0.6 * widest]
    sums = sorted(
        _width_with_next_word(line, after)
        for line, after in long
        if not _ends_sentence(line.content) and _is_small(after)
    )
    if not sums or len(sums) < MIN_SHARE_OF_BROKEN_LINES * len(long):
        return None
    return sums[int(0.03 * len(sums))] - 1


def _continues_paragraph(group: list[Line], lines: Sequence[Line], index: int, margin: int, article: int) -> bool:
    """Whether lines[index] belongs to the paragraph that `group` began; `article` is the number of the last article."""
    before, line = group[-1], lines[index]
    if before.row or line.row:
        return False
    if _is_small(line):
        return not _ends_sentence(before.content) or _width_with_next_word(before, line) > margin
    if (
        _width_with_next_word(before, line) <= margin
        or cue_phrases.may_start_closing_part(line.content)
        or cue_phrases.announces_quotation_or_list(before.content)
    ):
        return False
    stops, heads = _ends_sentence(before.content), _is_heading(group)
    if line.mark:
        return not stops and _is_reference(group, line, line.mark, article)
    if line.content.startswith(BULLETS):
        return not stops
    if not heads:
        return not before.content.endswith((":", ";"))
    if before.content.isupper() or (line.content.isupper() and " " in line.content):
        return before.content.isupper() and line.content.isupper()
    return (
        cue_phrases.ends_before_reference(before.content)
        or line.content[0].isdigit()
        or not _is_sentence(lines, index, margin)
    )


def _is_sentence(lines: Sequence[Line], index: int, margin: int) -> bool:
    """Whether the lines from here to the first shorter than the margin end like a sentence, as no title does."""
    for line, after in pairwise(lines[index : index + 9]):
        if line.content.endswith((".", ":", ".)")):
            return True
        if _width_with_next_word(line, after) <= margin or (after.mark and after.mark.number in ("1", "a")):
            return _ends_sentence(line.content)
    return index + 9 < len(lines) or _ends_sentence(lines[-1].content)


def _is_reference(group: list[Line], line: Line, mark: Mark, article: int) -> bool:
    """Whether a mark that begins a line after an unfinished one is a reference the margin put there."""
    before, own, heads = group[-1].content, group[0].mark, _is_heading(group)
    if heads and mark.kind in (UnitKind.CLAUSE, UnitKind.POINT):
        return mark.number not in ("1", "a")
    if before.rstrip(",").endswith(("”", '"', "»")):  # a quotation ended, with a comma misprinted for its stop
        return False
    if cue_phrases.ends_before_reference(before) or cue_phrases.ends_inside_reference(before):
        return True
    if heads:
        return False
    if mark.kind is UnitKind.ARTICLE:
        return mark.order != (article + 1,)
    if mark.kind in KINDS_ABOVE_ARTICLES or own is None:
        return mark.kind not in KINDS_ABOVE_ARTICLES
    first = mark.number in ("1", "a")
    return not first and (mark.kind is not own.kind or mark.order[0] != own.order[0] + (mark.kind is UnitKind.CLAUSE))


def _is_heading(group: list[Line]) -> bool:
    """Whether all of it so far is the title of an article or of a unit above articles."""
    mark = group[0].mark
    titled = mark is not None and (mark.kind is UnitKind.ARTICLE or mark.kind in KINDS_ABOVE_ARTICLES)
    return (titled or group[0].content.isupper()) and not any(line.content.endswith((".", ":")) for line in group)


def _is_small(line: Line) -> bool:
    """Whether the line begins with a small letter and no mark, as no paragraph does."""
    return line.content[0].islower() and line.mark is None


def _ends_sentence(content: str) -> bool:
    return content.rstrip(QUOTES).endswith(SENTENCE_ENDS)


def _width_with_next_word(line: Line, after: Line) -> int:
    """The width that would have held the line and the first word of the next."""
    return len(line.content) + 1 + len(after.content.partition(" ")[0])
