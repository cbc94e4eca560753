"""What differs between two wordings."""

from hypothesis import given
from hypothesis import strategies as st

from content.publishing import corrections
from content.publishing.corrections import UnitChange

wordings = st.text(alphabet="ab cđ.\n", max_size=40)


def test_units_are_named_added_removed_or_changed_in_the_order_of_the_newer_text():
    before = {"art_1": "một", "art_2": "hai", "art_3": "ba"}
    after = {"art_1": "một", "art_3": "ba ba", "art_4": "bốn"}
    assert corrections.unit_changes(before, after) == [
        UnitChange("art_2", "removed", "hai", ""),
        UnitChange("art_3", "changed", "ba", "ba ba"),
        UnitChange("art_4", "added", "", "bốn"),
    ]


def test_only_the_words_that_changed_are_marked():
    assert corrections.pieces("Luật này quy định về mẫu.", "Luật này quy định về các mẫu.") == [
        ("same", "Luật này quy định về "),
        ("added", "các "),
        ("same", "mẫu."),
    ]


def test_a_very_long_unit_is_compared_by_lines():
    line = "chữ " * 3_000
    found = corrections.pieces(f"{line}\nhai\n", f"{line}\nba\n")
    assert [(how, text.strip()) for how, text in found[1:]] == [("removed", "hai"), ("added", "ba")]


@given(wordings, wordings)
def test_the_pieces_joined_are_both_wordings(before, after):
    found = corrections.pieces(before, after)
    assert "".join(text for how, text in found if how != "added") == before
    assert "".join(text for how, text in found if how != "removed") == after


def test_the_change_names_what_is_too_long_to_be_quoted():
    units = [UnitChange("art_1", "changed", "a" * corrections.MAX_LETTERS_STATED, "b")]
    assert corrections.correction_facts([], units) == {
        "fields": [],
        "provisions": [{"eid": "art_1", "change": "changed"}],
        "wording": False,
    }
