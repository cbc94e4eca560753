"""What differs between two wordings."""

from content.publishing import corrections
from content.publishing.corrections import UnitChange


def test_units_are_named_added_removed_or_changed_in_the_order_of_the_newer_text():
    before = {"art_1": "một", "art_2": "hai", "art_3": "ba"}
    after = {"art_1": "một", "art_3": "ba ba", "art_4": "bốn"}
    assert corrections.unit_changes(before, after) == [
        UnitChange("art_2", "removed", "hai", ""),
        UnitChange("art_3", "changed", "ba", "ba ba"),
        UnitChange("art_4", "added", "", "bốn"),
    ]


def test_words_that_went_to_another_provision_were_taken_out_of_the_first():
    units = [UnitChange("art_1", "changed", "ông Minh", "ông"), UnitChange("art_2", "changed", "ký", "Minh ký")]
    assert corrections.correction_facts([], units)["removes_words"] is True


def test_the_change_log_names_what_is_too_long_to_be_quoted():
    units = [UnitChange("art_1", "changed", "a" * corrections.MAX_LETTERS_STATED, "b")]
    assert corrections.correction_facts([], units) == {
        "fields": [],
        "provisions": [{"eid": "art_1", "change": "changed"}],
        "wording": False,
        "removes_words": True,
    }
