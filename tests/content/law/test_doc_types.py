"""The table of document types, and the lists that are derived from it."""

from content.law import doc_types
from content.law.doc_types import TYPE_FORMS, DocType
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
