"""Results of pure functions that are kept for a second reader."""

from content.computed_ahead import LONGEST_RESULT, Remembered


def test_a_result_is_computed_once_for_a_text_and_what_else_decides_it():
    asked = []

    def length(text, other, known):
        return known.result_of(text, (other,), lambda: asked.append((text, other)) or (len(text),))

    known = Remembered(2)
    assert [length(*each, known) for each in [("a", 1), ("a", 1), ("a", 2), ("bb", 1)]] == [(1,), (1,), (1,), (2,)]
    assert asked == [("a", 1), ("a", 2), ("bb", 1)]
    assert [length(*each, known) for each in [("a", 2), ("a", 1)]] == [(1,), (1,)]
    assert asked == [("a", 1), ("a", 2), ("bb", 1), ("a", 1)]  # of three it knew the last two


def test_a_text_with_a_lone_surrogate_is_a_text_too():
    assert Remembered(1).result_of("a\ud800", (), lambda: [1]) == [1]


def test_a_long_result_is_not_kept():
    asked, known = [], Remembered(2)
    for _ in range(2):
        known.result_of("a", (), lambda: asked.append("a") or [1] * (LONGEST_RESULT + 1))
    assert asked == ["a", "a"]
