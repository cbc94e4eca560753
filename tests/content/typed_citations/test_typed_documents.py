"""What people type to find a law: numbers in any spelling, whole or in part, and units."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.law.doc_types import DocType
from content.law.official_numbers import number_key
from content.typed_citations.documents import TypedNumber, typed_citation, typed_document, typed_number
from content.typed_citations.names import law_title_pattern


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("168.2024.NĐ-CP", "168/2024/NĐ-CP"),
        ("36 2024 qh15", "36/2024/QH15"),
        ("luật 45 2019 qh 14", "45/2019/QH14"),
        ("nd-cp 100/2019", "100/2019/NĐ-CP"),
        ("100-2019-nd-cp", "100/2019/NĐ-CP"),
        ("100 2019 nd cp", "100/2019/NĐ-CP"),
        ("Nghị định số 100 / 2019 / NĐ–CP về phạt", "100/2019/NĐ-CP"),
        ("l68/2024/NĐ-CP", "168/2024/NĐ-CP"),
        ("1o0/2019/nđ-cp", "100/2019/NĐ-CP"),
        ("766 qd-ttg", "766/QĐ-TTg"),
        ("168/2024/NĐCP", "168/2024/NĐ-CP"),
        ("15/2024/TTBTC", "15/2024/TT-BTC"),
        ("NĐ100/2019/NĐ-CP", "100/2019/NĐ-CP"),
        ("QĐ471/QĐ-TTg", "471/QĐ-TTg"),
        ("Luật36/2024/QH15", "36/2024/QH15"),
        ("168_2024_ND-CP", "168/2024/NĐ-CP"),
        ("168-2024-ND-CP.pdf", "168/2024/NĐ-CP"),
        ("168_2024_ND-CP.docx", "168/2024/NĐ-CP"),
        ("168/24/NĐ-CP", "168/2024/NĐ-CP"),
        ("17/98/NĐ-CP", "17/1998/NĐ-CP"),
        ("168/NĐ-CP/2024", "168/2024/NĐ-CP"),
        ("168/2024/N Đ-CP", "168/2024/NĐ-CP"),
        ("1/TTLB", "1/TTLB"),
        ("13/CP", "13/CP"),
        ("101-SL/L.003", "101-SL/L.003"),
        ("01/2012/TT-BGD&ĐT", "01/2012/TT-BGD&ĐT"),
        ("66.14/2025/TT-BTC", "66.14/2025/TT-BTC"),
        ("quyết định 15/2024/QĐ-UBND hà nội", "15/2024/QĐ-UBND"),
        ("168／2024／NĐ－CP", "168/2024/NĐ-CP"),
        ("168∕2024∕NĐ-CP", "168/2024/NĐ-CP"),
        ("168\\2024\\NĐ-CP", "168/2024/NĐ-CP"),
        ("168:2024/NĐ-CP", "168/2024/NĐ-CP"),
        ("168/2O24/NĐ-CP", "168/2024/NĐ-CP"),
        ("168/2024/NĐ-CР", "168/2024/NĐ-CP"),
        ("36/2024/QH I5", "36/2024/QH15"),
        ("36/2024/QH-15", "36/2024/QH15"),
        ("168nđ-cp 2024", "168/2024/NĐ-CP"),
        ("168/NĐ-CP ngày 26/12/2024", "168/2024/NĐ-CP"),
        ("168/NĐ-CP năm 2024", "168/2024/NĐ-CP"),
        ("168/2024/DN-CP", "168/2024/NĐ-CP"),
        ("168/2024/NĐ-TTg", "168/2024/NĐ-CP"),
        ("101/SL/L003", "101-SL/L.003"),
    ],
)
def test_a_whole_number_is_read_however_it_is_spelt(typed, number):
    read = typed_number(typed)
    assert read and read.key == number_key(number)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("NĐ168/2024", TypedNumber("168", "2024", doc_type="decree")),
        ("nđ 168/24", TypedNumber("168", "2024", doc_type="decree")),
        ("nghị định 168/24", TypedNumber("168", "2024", doc_type="decree")),
        ("nđ168", TypedNumber("168", doc_type="decree")),
        ("36/2024", TypedNumber("36", "2024")),
        ("số 036/2024", TypedNumber("36", "2024")),
        ("nghị định 168", TypedNumber("168", doc_type="decree")),
        ("nghị định 100 năm 2019 về phạt", TypedNumber("100", "2019", doc_type="decree")),
        ("thông tư liên tịch số 015/2024", TypedNumber("15", "2024", doc_type="joint_circular")),
        ("tt 15/2024 về đất", TypedNumber("15", "2024", doc_type="circular")),
        ("168/NĐ-CP", TypedNumber("168", symbol="nd-cp")),
        ("168 nd-cp", TypedNumber("168", symbol="nd-cp")),
        ("ND168", TypedNumber("168", doc_type="decree")),
        ("nghị định 168 2024", TypedNumber("168", "2024", doc_type="decree")),
        ("tt 80/2021", TypedNumber("80", "2021", doc_type="circular")),
        ("qđ 471", TypedNumber("471", doc_type="decision")),
        ("luật đất đai 45/2013", TypedNumber("45", "2013", doc_type="law")),
        ("bộ luật dân sự số 91/2015", TypedNumber("91", "2015", doc_type="code")),
        ("NĐ.168/2024", TypedNumber("168", "2024", doc_type="decree")),
        ("nđ168 giao thông", TypedNumber("168", doc_type="decree")),
        ("168ndcp", TypedNumber("168", symbol="nd-cp")),
        ("168 NĐ CP", TypedNumber("168", symbol="nd-cp")),
        ("36qh15", TypedNumber("36", symbol="qh15")),
        ("Nghị định của Chính phủ số 168/2024", TypedNumber("168", "2024", doc_type="decree")),
        ("nghị định chính phủ 168", TypedNumber("168", doc_type="decree")),
        ("thông tư của Bộ Tài chính số 80/2021", TypedNumber("80", "2021", doc_type="circular")),
        ("nghidinh168", TypedNumber("168", doc_type="decree")),
        ("nghij ddinhj 168", TypedNumber("168", doc_type="decree")),
        ("L36/2024", TypedNumber("36", "2024", doc_type="law")),
        ("Decree No. 168/2024", TypedNumber("168", "2024", doc_type="decree")),
        ("36/24", TypedNumber("36", "2024")),
        ("nghị định 168/", TypedNumber("168", doc_type="decree")),
        ("168/2024/NĐ-", TypedNumber("168", "2024", "nd")),
        ("168-2024-cp", TypedNumber("168", "2024", "cp")),
    ],
)
def test_a_part_of_a_number_is_read(typed, expected):
    assert typed_number(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "ct 2 thành viên",
        "lệnh 168",
        "luật 2024",
        "tháng 7/2024",
        "luật thuế từ 7/2024",
        "luật đất đai tháng 7/2024",
        "từ 1/7/2024",
        "phạt 100 2019",
        "7/12",
        "nd 168 gì đó",
        "5 ct xd",
        "chấp hành quyết định 2 năm thì sao",
        "quyết định 15 ngày",
        "nd2024 có gì mới",
        "l68/2024",
        "đất đai",
        "",
        "5",
    ],
)
def test_no_number_is_made_of_days_amounts_and_companies(typed):
    assert typed_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "rest", "eid"),
    [
        ("luật đất đai 2024 điều 135", "luat dat dai 2024", "art_135"),
        ("khoan 2 dieu 8 luat hon nhan gia dinh", "luat hon nhan gia dinh", "art_8__clause_2"),
        ("điểm đ khoản 1 Điều 9 của Luật Đất đai", "cua luat dat dai", "art_9__clause_1__point_dd"),
        ("đất đai", "dat dai", ""),
        ("luật đất đai điều thứ 135", "luat dat dai", "art_135"),
        ("luật đất đai điều 135 khoản", "luat dat dai", "art_135"),
        ("luật đất đai điều", "luat dat dai", ""),
        ("nghị quyết thí điểm", "nghi quyet thi diem", ""),
        ("điều 6.1.a luật đất đai", "luat dat dai", "art_6__clause_1__point_a"),
        ("điều 6(1)(đ) luật đất đai", "luat dat dai", "art_6__clause_1__point_dd"),
        ("điều6 khoản1 luật đất đai", "luat dat dai", "art_6__clause_1"),
        ("a khoản 1 điều 6 luật đất đai", "luat dat dai", "art_6__clause_1__point_a"),
        ("điều 135, 136 luật đất đai", "luat dat dai", "art_135"),
        ("điều 135 và 136 luật đất đai", "luat dat dai", "art_135"),
        ("blds art 468", "blds", "art_468"),
        ("luật đất đai art 135", "luat dat dai", "art_135"),
        ("ddieeuf 8 luaatj hoon nhaan", "luat hoon nhaan", "art_8"),
    ],
)
def test_a_unit_may_stand_before_and_behind_the_law(typed, rest, eid):
    read = typed_citation(typed)
    assert (read.rest, read.eid, read.number) == (rest, eid, None)


def test_a_number_and_a_unit_may_be_typed_together():
    read = typed_citation("luật 36/2024/QH15 điều 9 khoản 1")
    assert read.number == TypedNumber("36", "2024", "qh15")
    assert read.eid == "art_9__clause_1"


@pytest.mark.parametrize(
    ("typed", "beside_unit", "titles"),
    [
        ("ldd", False, {"luat dat dai", "luat dat dai 2024", "luat duong dai"}),
        ("blhs", False, {"bo luat hinh su"}),
        ("luat hngd", False, {"luat hon nhan va gia dinh"}),
        ("luat hn gd", False, {"luat hon nhan va gia dinh"}),
        ("luat ttatgt", False, {"luat trat tu, an toan giao thong duong bo"}),
        ("luat ttatgtdb", False, {"luat trat tu, an toan giao thong duong bo"}),
        ("luat lao", False, set()),
        ("hon nhan", True, {"luat hon nhan va gia dinh"}),
        ("hon nhan", False, set()),
        ("lao", True, set()),
        ("luong", False, set()),
        ("luat dat", True, set()),
        ("l", False, set()),
        ("luat ttatgt duong bo", False, {"luat trat tu, an toan giao thong duong bo"}),
        ("hngd", True, {"luat hon nhan va gia dinh"}),
        ("hngd", False, set()),
        ("luatdatdai", False, {"luat dat dai", "luat dat dai 2024"}),
        ("luat dat x", False, set()),
    ],
)
def test_laws_are_known_by_initials_and_beside_a_unit_by_how_their_names_begin(typed, beside_unit, titles):
    known = ("luat dat dai", "luat dat dai 2024", "luat duong dai", "bo luat hinh su", "luat hon nhan va gia dinh")
    known += ("luat trat tu, an toan giao thong duong bo", "luat lam nghiep an toan")
    pattern = law_title_pattern(typed, beside_unit=beside_unit)
    assert {title for title in known if pattern and re.match(pattern, title)} == titles


def test_what_a_person_types_is_a_type_words_and_a_serial():
    typed = typed_document("nghị định số 100 năm 2019")
    assert (typed.doc_type, typed.words, typed.serial) == (DocType.DECREE, "100 2019", "100")
    assert typed_document("đất đai").doc_type is None


@given(st.text(max_size=60) | st.text(alphabet="nđNĐ-/. 1209qhQH\u0111\u0300", max_size=60))
def test_nothing_that_is_typed_raises(typed):
    read = typed_citation(typed)
    assert read.number is None or read.number.serial
