"""Where the heading of a unit ends and its text begins.

Acts print titles in bold, which plain text has lost. Three signs are left: a title does not end like a sentence, an
article says more than its title, and in one act either all articles have titles or none has.
"""

import re
from collections.abc import Iterable, Sequence

from content.law.units import KINDS_ABOVE_ARTICLES
from content.marks import cue_phrases
from content.parsing.text_line import Line

MAX_TITLE_LETTERS = 300  # characters of a title that ends like a sentence
MAX_HEADING_LINES = 4  # lines that may follow the first line of a heading
SENTENCE_ENDS = (".", ";", ":", ",")
_NOTE = re.compile(r" ?\[[0-9]{1,3}\]")  # a consolidated text's reference to a footnote


def are_titled(articles: Iterable[tuple[Line, Line | None]]) -> bool:
    """Whether most articles of an act have titles; `articles` are (line of the mark, the line after it or None)."""
    words = [line.rest or (below.content if below and not below.mark else "") for line, below in articles]
    return 2 * sum(bool(word) and not word.endswith(SENTENCE_ENDS) for word in words) > sum(map(bool, words))


def split_heading(lines: Sequence[Line], body: bool, *, titled: bool) -> tuple[str, int, int]:
    """(heading, offset where the text begins, lines it takes) of a part, chapter, section or article.

    `lines` are the unit's own, the first with its mark; `body` says whether an article goes on after them in clauses or
    points, `titled` whether most articles of the act have titles.
    """
    first = lines[0]
    if first.kind in KINDS_ABOVE_ARTICLES:
        taken = 1 if first.rest or len(lines) == 1 or lines[1].mark else 2
    elif first.rest:
        taken = int(_is_title(first.rest, len(lines) > 1 or body, titled))
    else:
        taken = 2 if _is_title_below(lines, body, titled) else 1
    if not taken:
        return "", first.at(first.body), 0
    taken = _with_following(lines, taken) if first.rest or taken > 1 else taken
    heading = " ".join([first.rest, *(line.content for line in lines[1:taken])])
    return _NOTE.sub("", " ".join(heading.split())).strip(), lines[taken - 1].end, taken


def _is_title(rest: str, says_more: bool, titled: bool) -> bool:
    if not says_more:
        return titled and not rest.endswith(SENTENCE_ENDS)
    if not rest.endswith(SENTENCE_ENDS):
        return True
    return (titled and len(rest) <= MAX_TITLE_LETTERS) or (
        rest.endswith(":") and cue_phrases.starts_like_amendment(rest)
    )


def _is_title_below(lines: Sequence[Line], body: bool, titled: bool) -> bool:
    if len(lines) < 2 or not (body or len(lines) > 2) or lines[1].mark:
        return False
    below = lines[1].content
    return not below.endswith(SENTENCE_ENDS) or (titled and len(below) <= MAX_TITLE_LETTERS)


def _with_following(lines: Sequence[Line], taken: int) -> int:
    """How many lines the heading takes: capitals after capitals or a small letter carry it on."""
    while (
        taken < min(len(lines), MAX_HEADING_LINES)
        and not lines[taken].mark
        and _carries_on(lines[taken - 1], lines[taken])
    ):
        taken += 1
    return taken


def _carries_on(line: Line, following: Line) -> bool:
    return following.content[0].islower() or (line.rest.isupper() and following.content.isupper())
