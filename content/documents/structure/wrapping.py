"""Lines that a margin broke, put together again.

A margin breaks a line where its next word would not fit, so a line that had room for the next word
ends a paragraph. How wide the text is, is read from the lines that plainly go on: those followed by a
small letter. A text without such lines is taken as it stands.
"""

from itertools import pairwise

from content.documents.structure import evidence
from content.documents.structure.marks import HIGHER
from content.documents.structure.units import Kind

NARROWEST, WIDEST = 50, 140  # characters of a line that a margin broke
SHARE = 0.1  # of the long lines must plainly go on
STOPS = (".", ";", ":")
QUOTES = "”»\"' )"
BULLETS = ("- ", "– ", "+ ", "• ", "* ", "[")


def paragraphs(lines):
    """`lines` in groups, each what one line was before a margin broke it."""
    room = _room(lines)
    if room is None:
        return [[line] for line in lines]
    spaced = sum(line.gap for line in lines) > 0.9 * len(lines)
    groups, article = [], 0
    for index, line in enumerate(lines):
        if groups and _goes_on(groups[-1], line, lines, index, room, article, spaced):
            groups[-1].append(line)
            continue
        groups.append([line])
        if line.mark and line.mark.kind is Kind.ARTICLE and line.mark.order[0] == article + 1:
            article += 1
    return groups


def _room(lines):
    """The width that a line and the next word must pass for the break to be the margin's; None: there is no margin."""
    lengths = sorted(len(line.content) for line in lines)
    widest = lengths[int(0.98 * (len(lengths) - 1))] if lengths else 0
    if not NARROWEST <= widest <= WIDEST:
        return None
    long = [(line, after) for line, after in pairwise(lines) if len(line.content) > 0.6 * widest]
    sums = sorted(_needed(line, after) for line, after in long if not _stops(line.content) and _is_small(after))
    if not sums or len(sums) < SHARE * len(long):
        return None
    return sums[int(0.03 * len(sums))] - 1


def _goes_on(group, line, lines, index, room, article, spaced):
    """Whether `line` belongs to the paragraph that `group` began."""
    before = group[-1]
    if before.row or line.row or (line.gap and not spaced):
        return False
    if _is_small(line):
        return not _stops(before.content) or _needed(before, line) > room
    if _needed(before, line) <= room or evidence.is_closing(line.content) or evidence.announces(before.content):
        return False
    stops, heads = _stops(before.content), _is_heading(group)
    if line.mark:
        return not stops and _is_reference(group, line, article, heads)
    if line.content.startswith(BULLETS):
        return not stops
    if not heads:
        return not before.content.endswith((":", ";"))
    if before.content.isupper() or (line.content.isupper() and " " in line.content):
        return before.content.isupper() and line.content.isupper()
    return evidence.dangles(before.content) or line.content[0].isdigit() or not _is_sentence(lines, index, room)


def _is_sentence(lines, index, room):
    """Whether the lines from here to where one has room left end like a sentence, as no title does."""
    for line, after in pairwise(lines[index : index + 9]):
        if line.content.endswith((".", ":", ".)")):
            return True
        if _needed(line, after) <= room or (after.mark and after.mark.number in ("1", "a")):
            return _stops(line.content)
    return index + 9 < len(lines) or _stops(lines[-1].content)


def _is_reference(group, line, article, heads):
    """Whether a mark that begins a line after an unfinished one is a reference the margin put there."""
    before, own, mark = group[-1].content, group[0].mark, line.mark
    if heads and mark.kind in (Kind.CLAUSE, Kind.POINT):
        return mark.number not in ("1", "a")
    if before.rstrip(",").endswith(("”", '"', "»")):  # a quotation ended, with a comma misprinted for its stop
        return False
    if evidence.dangles(before) or evidence.ends_in_reference(before):
        return True
    if heads:
        return False
    if mark.kind is Kind.ARTICLE:
        return mark.order != (article + 1,)
    if mark.kind in HIGHER or own is None:
        return mark.kind not in HIGHER
    first = mark.number in ("1", "a")
    return not first and (mark.kind is not own.kind or mark.order[0] != own.order[0] + (mark.kind is Kind.CLAUSE))


def _is_heading(group):
    """Whether all of it so far is the title of an article or of what stands above articles."""
    mark = group[0].mark
    titled = mark is not None and (mark.kind is Kind.ARTICLE or mark.kind in HIGHER)
    return (titled or group[0].content.isupper()) and not any(line.content.endswith((".", ":")) for line in group)


def _is_small(line):
    """Whether the line begins with a small letter and no mark, as no paragraph does."""
    return line.content[0].islower() and line.mark is None


def _stops(content):
    return content.rstrip(QUOTES).endswith(STOPS)


def _needed(line, after):
    """The width that would have held the line and the first word of the next."""
    return len(line.content) + 1 + len(after.content.partition(" ")[0])
