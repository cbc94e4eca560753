"""Snippets: the part of a text that answers a query, with the words to mark. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from content.text import lexemes

SNIPPET_LETTERS = 300  # about


@dataclass(frozen=True)
class SnippetSource:
    """A unit of a text in which a snippet may lie."""

    eid: str  # empty where the text has no units
    heading: str
    text: str


@dataclass(frozen=True)
class Snippet:
    """A part of a text (NFC). `marks` are [start, end) in its code points; none cuts a letter, no two overlap."""

    text: str
    marks: list[tuple[int, int]]
    eid: str = ""  # of the unit it lies in


class SnippetFinder:
    """Finds the snippets of several texts for one query. What a piece of a text holds of its words is found out once.

    Few of the pieces of a text hold any of the words: only these are compared.
    """

    def __init__(self, words: Collection[str]) -> None:
        self._wanted = set(words)
        self._known: set[str] = set()  # pieces that were read
        self._holding: dict[str, Sequence[str]] = {}  # the words of those that hold a wanted one

    def best_snippet(self, units: Sequence[SnippetSource]) -> Snippet:
        """The snippet around the place where the most different `words` (folded) are close together.

        It is cut from the unit that holds the most different words; of several, from the first.
        """
        if not units:
            return Snippet("", [])
        best, most = units[0], -1
        for unit in units if units[1:] else ():
            if (held := self._count_words(unit.text)) > most:
                best, most = unit, held
            if most == len(self._wanted):
                break  # none can hold more
        text, marks = _window(best.text, self._wanted)
        return Snippet(text, marks, best.eid)

    def _count_words(self, text: str) -> int:
        """How many different wanted words the text holds."""
        pieces = lexemes.pieces(text)
        for piece in pieces - self._known:
            if not self._wanted.isdisjoint(found := lexemes.words_of_piece(piece)):
                self._holding[piece] = found
        self._known |= pieces
        return len(self._wanted.intersection(word for piece in self._holding.keys() & pieces
                                             for word in self._holding[piece]))  # fmt: skip


def best_snippet(units: Sequence[SnippetSource], words: Collection[str]) -> Snippet:
    """As SnippetFinder.best_snippet, of one text."""
    return SnippetFinder(words).best_snippet(units)


def marked_text(text: str, words: Collection[str]) -> Snippet:
    """A whole short text with `words` (folded) marked."""
    wanted = set(words)
    return Snippet(text, [(start, end) for word, start, end in lexemes.word_spans(text) if word in wanted])


def _window(text: str, wanted: set[str]) -> tuple[str, list[tuple[int, int]]]:
    """(about SNIPPET_LETTERS of the text, marks in it): whole words around the densest place."""
    spans = lexemes.word_spans(text)
    held = [(word, start, end) for word, start, end in spans if word in wanted]
    begin = 0
    if held:
        counted = []
        inside: Counter[str] = Counter()  # the words of the window that begins at `place` and ends before `after`
        after = 0
        for place, (word, start, _end) in enumerate(held):
            while after < len(held) and held[after][1] < start + SNIPPET_LETTERS:
                inside[held[after][0]] += 1
                after += 1
            counted.append((len(inside), -place))
            inside[word] -= 1
            if not inside[word]:
                del inside[word]
        begin = max(0, held[-max(counted)[1]][1] - SNIPPET_LETTERS // 6)
    edges = [start for _, start, _ in spans if start >= begin] if begin else []
    begin = edges[0] if edges else 0
    end = max(
        (end for _, _, end in spans if begin < end <= begin + SNIPPET_LETTERS),
        default=min(len(text), begin + SNIPPET_LETTERS),
    )
    if end + 2 >= len(text.rstrip()):
        end = len(text.rstrip())
    marks = [(start - begin, stop - begin) for _, start, stop in held if start >= begin and stop <= end]
    return text[begin:end], marks
