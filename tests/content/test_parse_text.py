"""parse_text: JSON with offsets of the file as it is."""

import json
import unicodedata
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from content.management.commands import parse_text

TEXT = "\ufeffLUẬT\r\nĐiều 1. Phạm vi\r\n1. Một:\r\na) A;\r\nđ) B.\r\nĐiều 2. Khác\r\na) Không có khoản.\r\n"


def run(path):
    out = StringIO()
    call_command(parse_text.Command(), str(path), stdout=out)
    return json.loads(out.getvalue())


def test_offsets_count_the_byte_order_mark_both_line_ends_and_loose_marks(tmp_path):
    for text in (TEXT, unicodedata.normalize("NFD", TEXT)):
        path = tmp_path / "law.txt"
        path.write_bytes(text.encode())
        first, second = run(path)["articles"]
        assert [article["start"] for article in (first, second)] == [text.index("Đi"), text.rindex("Đi")]
        assert first["clauses"][0]["start"] == text.index("1. M")
        assert [point["start"] for point in first["clauses"][0]["points"]] == [text.index("a) A"), text.index("đ) B")]


def test_a_point_without_a_clause_belongs_to_the_article(tmp_path):
    path = tmp_path / "law.txt"
    path.write_bytes(TEXT.encode())
    assert run(path)["articles"][1] == {
        "eid": "art_2",
        "number": "2",
        "title": "Khác",
        "start": TEXT.rindex("Đi"),
        "clauses": [],
        "points": [{"eid": "art_2__point_a", "start": TEXT.rindex("a)")}],
    }


def test_quotations_and_warnings_are_told():
    text = "Điều 1. Sửa đổi\r\n1. Sửa đổi khoản 2 như sau:\r\n“2. Hai.\r\nĐiều 2. X\r\nHết."
    told, start = parse_text.structure_as_dict(text), text.index("“")
    assert told["quoted"] == [[start, text.index("\r\nĐiều 2")]]
    assert told["warnings"] == [
        {"code": "unclosed_quotation", "message": "Ngoặc kép mở ở đây không có ngoặc đóng.", "start": start}
    ]


def test_a_file_that_is_not_utf_8_is_refused_with_byte_and_line(tmp_path):
    path = tmp_path / "law.txt"
    path.write_bytes(b"Lu\nab\xff")
    with pytest.raises(CommandError, match=r"không phải UTF-8 ở byte 5 \(dòng 2\)"):
        run(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="Không đọc được"):
        run(tmp_path / "none.txt")
