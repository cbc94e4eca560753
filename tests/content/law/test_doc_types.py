"""The table of document types, and the lists that are derived from it."""

import pytest

from content.law import doc_types
from content.law.doc_types import TYPE_FORMS, DocType
from content.law.document_references import citation_in_query, typed_document
from content.text.speech import ABBREVIATIONS
from content.text.vietnamese import slug


def test_every_type_has_its_form():
    assert list(TYPE_FORMS) == list(DocType)


def test_keys_begin_with_the_name_of_the_type():
    named = {form.slug: slug(form.name_vi) for form in TYPE_FORMS.values() if form.name_vi}
    assert all(key == name for key, name in named.items())
    assert len(doc_types.TYPES_BY_SLUG) == len(TYPE_FORMS)


def test_the_voice_reads_symbols_as_the_names_of_their_types():
    read_out = {symbol.upper(): words for symbol, words in ABBREVIATIONS.items()}
    both = [form for form in TYPE_FORMS.values() if form.symbol in read_out]
    assert len(both) == 18
    assert all(read_out[form.symbol] == form.name_vi for form in both)


@pytest.mark.parametrize(
    ("query", "doc_type", "serial", "year"),
    [
        ("nghị định 168", "decree", "168", ""),
        ("thông tư liên tịch số 015/2024", "joint_circular", "15", "2024"),
        ("nđ 168/2024", "decree", "168", "2024"),
        ("ct 2 thành viên", "", "", ""),
        ("lệnh 168", "", "", ""),
    ],
)
def test_a_query_names_a_document_by_type_and_serial(query, doc_type, serial, year):
    found = citation_in_query(query)
    assert (found.doc_type, found.serial, found.year) == (doc_type, serial, year)


def test_a_query_names_a_document_by_its_number():
    assert citation_in_query("điều 5 nghị định 100/2019/NĐ-CP").number_key == "100-2019-nd-cp"


def test_what_a_person_types_is_a_type_words_and_a_serial():
    typed = typed_document("nghị định số 100 năm 2019")
    assert (typed.doc_type, typed.words, typed.serial) == (DocType.DECREE, "100 2019", "100")
    assert typed_document("đất đai").doc_type is None
