"""Search over the guide and the reference. Accents, case and đ make no difference, as in the search of the law."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from api.guide import pages, reference
from content.text.lexemes import word_spans, words

MAX_QUERY_LETTERS = 100
MAX_RESULTS = 30
SNIPPET_LETTERS = 220


@dataclass(frozen=True)
class Result:
    """A section of the guide or an operation. `address` has no query of its own."""

    where: str
    title: str
    path: str
    anchor: str
    text: str

    def snippet(self, wanted: set[str]) -> SafeString:
        """The text around the first word found, with the words marked."""
        spans = [(start, end) for word, start, end in word_spans(self.text) if _matches(word, wanted)]
        start = self.text.rfind(" ", 0, max(0, spans[0][0] - 60)) + 1 if spans else 0
        text = self.text[start : start + SNIPPET_LETTERS]
        inside = [(a - start, b - start) for a, b in spans if a >= start and b <= start + SNIPPET_LETTERS]
        cut = len(self.text) > start + SNIPPET_LETTERS
        return mark_safe(("… " if start else "") + pages.marked(text, inside) + (" …" if cut else ""))  # noqa: S308 (escaped)


def search(query: str, language: str) -> list[tuple[Result, SafeString]]:
    """[(place, the text around the words)], the best first, at most MAX_RESULTS. Each word may be a beginning.

    A word in the title counts five times one in the text. Letters beyond MAX_QUERY_LETTERS are left out.
    """
    wanted = words(query[:MAX_QUERY_LETTERS])
    if not wanted:
        return []
    scored = [(score, each.result) for each in _index(language) if (score := _score(each, wanted))]
    best = sorted(scored, key=lambda pair: -pair[0])[:MAX_RESULTS]
    return [(result, result.snippet(set(wanted))) for _score_, result in best]


@dataclass(frozen=True)
class _Indexed:
    """A place with its folded words."""

    result: Result
    title: frozenset[str]
    text: frozenset[str]


@lru_cache(maxsize=2)
def _index(language: str) -> tuple[_Indexed, ...]:
    """All places of a language. Read once per process: folding their words takes longer than a search."""
    return tuple(
        _Indexed(each, frozenset(words(f"{each.where} {each.title}")), frozenset(words(each.text)))
        for each in _places(language)
    )


def _score(place: _Indexed, wanted: list[str]) -> int:
    total = 0
    for word in wanted:
        in_title = any(each.startswith(word) for each in place.title)
        in_text = any(each.startswith(word) for each in place.text)
        if not in_title and not in_text:
            return 0
        total += 5 * in_title + in_text
    return total


def _matches(word: str, wanted: set[str]) -> bool:
    return any(word.startswith(each) for each in wanted)


def _places(language: str) -> Iterator[Result]:
    for slug in pages.SLUGS:
        page = pages.page(slug, language)
        for section in page.sections:
            yield Result(page.title, section.heading, pages.path_of(slug), section.anchor, section.text)
    for each in reference.operations(language):
        named = " ".join(parameter.name for parameter in each.parameters)
        text = f"{each.method} {each.path} · {each.id}. {each.description} {named}"
        yield Result(each.tag, each.summary, "/docs/operations", each.id, text)
