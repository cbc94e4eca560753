"""Eids of annexes and forms: the same from a text and from words that name them, and words that people know."""

import pytest

from content import parsing
from content.law.eids import eid_in_words, eid_of_path
from content.law.known_names import KnownNames
from content.law.mentions import read_mentions


@pytest.mark.parametrize(
    ("heading", "named", "eid", "words"),
    [
        ("Mẫu số 01", "Mẫu số 01", "form_1", "Mẫu số 1"),
        ("Mẫu số 01/ĐK", "Mẫu số 01/ĐK", "form_01_ddk", "Mẫu số 01-ĐK"),
        ("Mẫu số 02-TĐ", "Mẫu số 02-TĐ", "form_02_tdd", "Mẫu số 02-TĐ"),
        ("Mẫu số 3.1", "Mẫu số 3.1", "form_3_1", "Mẫu số 3.1"),
        ("Mẫu số 01a", "Mẫu số 01a", "form_1a", "Mẫu số 1a"),
        ("Phụ lục II", "Phụ lục II", "annex_2", "Phụ lục 2"),
    ],
)
def test_words_that_name_a_form_have_the_eid_that_the_text_gives_it(heading, named, eid, words):
    text = f"Điều 1. Phạm vi\nMột.\n{heading}\nĐƠN ĐĂNG KÝ\nKính gửi: Uỷ ban nhân dân.\n"
    parsed = [unit.eid for unit in parsing.parse_text(text).units]
    (mention,) = read_mentions(f"theo {named} kèm theo", KnownNames.of([]))
    assert [eid_of_path(path) for path in mention.units] == [eid]
    assert eid in parsed
    assert eid_in_words(eid) == words


def test_a_unit_that_is_there_twice_is_told_from_the_first_and_an_unknown_eid_is_left_alone():
    assert eid_in_words("art_5_2") == "Điều 5 (lần 2)"
    assert eid_in_words("annex_1__form_2") == "Mẫu số 2 Phụ lục 1"
    assert eid_in_words("vung_1") == "vung_1"


def test_the_number_of_a_sample_document_is_not_that_of_a_form():
    (mention,) = read_mentions("Kèm theo Văn bản mẫu số 00/0000/MAU, không phải luật", KnownNames.of([]))
    assert (mention.units, mention.document.number) == ((), "00/0000/MAU")
