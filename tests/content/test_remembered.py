"""Results of pure functions of a text that are kept for a second reader."""

from content.remembered import Remembered

ENTRY = 25  # bytes of a result, in a store that has place for four of them


class Reader:
    """Reads texts with a function that notes each text that it was given."""

    def __init__(self, size=ENTRY):
        self.read = []
        self.known = Remembered(4 * ENTRY, lambda _result: size)

    def result_of(self, text, *others):
        return self.known.result_of(text, others, lambda: self.read.append((text, *others)) or [text])


def test_a_result_is_computed_once_for_a_text_and_what_else_decides_it():
    reader = Reader()
    assert [reader.result_of(*each) for each in [("a", 1), ("a", 1), ("a", 2), ("b", 1)]] == [
        ["a"],
        ["a"],
        ["a"],
        ["b"],
    ]
    assert reader.read == [("a", 1), ("a", 2), ("b", 1)]


def test_what_was_not_asked_for_longest_goes_when_the_bytes_are_used():
    reader = Reader()
    for text in ("a", "b", "c", "d", "a", "e", "a", "b"):
        reader.result_of(text)
    assert reader.read == [("a",), ("b",), ("c",), ("d",), ("e",), ("b",)]


def test_a_large_result_is_not_kept():
    reader = Reader(size=ENTRY + 1)
    assert [reader.result_of("a") for _ in range(2)] == [["a"], ["a"]]
    assert reader.read == [("a",), ("a",)]


def test_what_was_forgotten_is_computed_again():
    reader = Reader()
    reader.result_of("a")
    reader.known.clear()
    reader.result_of("a")
    assert reader.read == [("a",), ("a",)]


def test_a_text_with_a_lone_surrogate_is_a_text_too():
    assert Reader().result_of("a\ud800") == ["a\ud800"]
