import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.text import lexemes
from content.text.snippets import SNIPPET_LETTERS, Snippet, SnippetFinder, SnippetSource, best_snippet

SIGNS = (" ", "  ", "\n", "\xa0", "\x1c", "\u2028", ", ", "–", "/", "_", ".", "\u0301", "đ\u0323", "1/2024/NĐ-CP")
WORDS = ("nhà", "Nhà", "đất", "ĐẤT", "nhà-đất", "ở", "của", "168/2024/NĐ-CP", "12", "x" * 70, "một hai ba bốn năm " * 9)
TEXTS = st.lists(st.sampled_from((*SIGNS, *WORDS, *WORDS, " ", " ")), max_size=150).map(
    lambda parts: unicodedata.normalize("NFC", "".join(parts))
)
WANTED = st.sets(st.sampled_from(("nha", "dat", "o", "cua", "168-2024-nd-cp", "12", "1-2024-nd-cp", "x" * 60, "nam")))


def held(text, wanted):
    return [span for span in lexemes.word_spans(text) if span[0] in wanted]


def snippet_word_by_word(units, wanted):
    """What the docstrings say of a snippet, from all words of all texts."""
    unit = max(units, key=lambda each: len({word for word, *_ in held(each.text, wanted)}))
    text, spans, marked = unit.text, lexemes.word_spans(unit.text), held(unit.text, wanted)
    begin = 0
    if marked:
        places = [start for _, start, _ in marked]
        together = [len({word for word, at, _ in marked if start <= at < start + SNIPPET_LETTERS}) for start in places]
        begin = max(0, places[together.index(max(together))] - SNIPPET_LETTERS // 6)
    if begin:
        begin = min(start for _, start, _ in spans if start >= begin)
    ends = [end for _, _, end in spans if begin < end <= begin + SNIPPET_LETTERS]
    end = max(ends, default=min(len(text), begin + SNIPPET_LETTERS))
    whole = len(text.rstrip())
    end = whole if end + 2 >= whole else end
    marks = [(start - begin, stop - begin) for _, start, stop in marked if begin <= start and stop <= end]
    return Snippet(text[begin:end], marks, unit.eid)


@settings(max_examples=300)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=3), WANTED)
@example([["một hai ba " * 40 + "nhà " + "x" * 300 + " ở"]], {"nha"})
@example([["một " * 90 + "nhà đất\n" + "của " * 90]], {"nha", "dat"})
@example([[" nhà" + "  đất" * 120 + " ở "]], {"o"})
@example([["x" * 400 + ".nhà"]], {"nha"})
@example([["nhà " * 100 + "đất"], ["đất"]], {"nha", "dat"})
def test_a_finder_of_several_texts_finds_what_reading_each_word_finds(texts, wanted):
    finder = SnippetFinder(wanted)
    for number, of_one in enumerate(texts):
        units = [SnippetSource(f"{number}-{place}", "", text) for place, text in enumerate(of_one)]
        found = finder.best_snippet(units)
        assert found == snippet_word_by_word(units, wanted) == best_snippet(units, wanted)


def test_a_snippet_begins_a_little_before_the_densest_place_and_ends_with_a_whole_word():
    text = "đất " * 100 + "nhà và đất của người khác " + "hai " * 100
    snippet = best_snippet([SnippetSource("", "", text)], {"nha", "cua"})
    assert snippet.text.startswith("đất đất") and snippet.text.endswith(" hai")
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["nhà", "của"]
    assert 40 <= snippet.marks[0][0] <= 50 and 290 <= len(snippet.text) <= 300
