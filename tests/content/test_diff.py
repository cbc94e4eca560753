"""What differs between two texts, by units and by words."""

from hypothesis import given
from hypothesis import strategies as st

from content.diff import DiffKind, SpanKind, UnitDiff, UnitText, WordSpan, unit_diffs, word_diff

texts = st.text(alphabet="ab cđ.\n", max_size=40)
words = st.lists(st.sampled_from(["Điều", "một", "hai", " ", "\n", ",", "đ)", "ba"]), max_size=30).map("".join)


def article(number, text):
    return UnitText(f"art_{number}", "article", str(number), "", text, None)


def test_units_are_added_removed_or_changed_in_the_order_of_the_new_text():
    before = [article(1, "một"), article(2, "hai"), article(3, "ba")]
    after = [article(1, "một"), article(3, "ba ba"), article(4, "bốn")]
    assert [(each.what, each.eid) for each in unit_diffs(before, after)] == [
        (DiffKind.REMOVED, "art_2"),
        (DiffKind.CHANGED, "art_3"),
        (DiffKind.ADDED, "art_4"),
    ]


def test_a_unit_that_only_got_another_number_has_moved():
    before = [article(1, "Điều 1. Hai ba bốn năm sáu bảy tám.")]
    after = [article(2, "Điều 2. Hai ba bốn năm sáu bảy tám.")]
    (change,) = unit_diffs(before, after)
    assert (change.what, change.eid, change.before, change.after) == (DiffKind.MOVED, "art_2", *before, *after)


def test_an_added_unit_is_one_insertion():
    (added,) = unit_diffs([], [article(1, "một hai")])
    assert added == UnitDiff(
        DiffKind.ADDED, "art_1", None, article(1, "một hai"), [WordSpan(SpanKind.INSERT, "một hai")]
    )


def test_only_the_words_that_changed_are_marked():
    assert word_diff("Luật này quy định về mẫu.", "Luật này quy định về các mẫu.") == [
        WordSpan(SpanKind.EQUAL, "Luật này quy định về "),
        WordSpan(SpanKind.INSERT, "các "),
        WordSpan(SpanKind.EQUAL, "mẫu."),
    ]


def test_a_very_long_change_is_one_deletion_and_one_insertion():
    old, new = "một " * 3_000, "hai " * 3_000
    assert word_diff(f"chữ {old}hết", f"chữ {new}hết") == [
        WordSpan(SpanKind.EQUAL, "chữ "),
        WordSpan(SpanKind.DELETE, old.rstrip()),
        WordSpan(SpanKind.INSERT, new.rstrip()),
        WordSpan(SpanKind.EQUAL, " hết"),
    ]


def test_a_long_unit_of_which_one_word_differs_is_marked_by_that_word():
    line = "chữ " * 3_000
    found = word_diff(f"{line}\nhai\n", f"{line}\nba\n")
    assert [(span.op, span.text) for span in found[1:]] == [("delete", "hai"), ("insert", "ba"), ("equal", "\n")]


@given(texts | words, texts | words)
def test_the_spans_joined_are_both_texts_to_the_letter(old, new):
    found = word_diff(old, new)
    assert "".join(span.text for span in found if span.op is not SpanKind.INSERT) == old
    assert "".join(span.text for span in found if span.op is not SpanKind.DELETE) == new
    assert all(span.text for span in found)
