"""What an editor uploads keeps the name that it has on the editor's computer."""

import pytest
from django.utils import translation

from content.errors import RuleBroken
from content.importing.uploads import record_from_upload
from tests.files import a_docx

pytestmark = pytest.mark.django_db
TEXT = ("QUỐC HỘI", "Luật số: 1/2024/QH15", "LUẬT", "Đất đai", "Điều 1. Phạm vi điều chỉnh", "Luật này quy định.")


def test_a_file_without_an_address_is_its_own_source_by_its_real_name():
    record = record_from_upload("Luật Đất đai.docx", a_docx(*TEXT))
    assert (record.source, record.original.name) == ("Luật Đất đai.docx", "Luật Đất đai.docx")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("vi", "Dòng 1 không đọc được thành văn bản: không có loại văn bản «Thơ 100%»"),
        ("en", "Line 1 cannot be read as a document: unknown type «Thơ 100%»"),
    ],
)
def test_a_file_is_refused_in_the_language_of_whoever_gives_it(language, told):
    with translation.override(language), pytest.raises(RuleBroken) as refusal:
        record_from_upload("luat.jsonl", '{"type": "Thơ 100%"}'.encode())
    assert str(refusal.value).startswith(told)
