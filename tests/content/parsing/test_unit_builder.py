"""Units below clauses and points, and after the articles."""

from content.law.units import UnitKind
from content.parsing import parse_text


def eids(text):
    return [unit.eid for unit in parse_text(text).units]


def own(text, eid):
    """What a unit itself says."""
    return next(text[unit.start : unit.end] for unit in parse_text(text).units if unit.eid == eid)


def parents(text):
    units = parse_text(text).units
    return {unit.eid: units[unit.parent].eid for unit in units if unit.parent is not None}


def test_indents_belong_to_their_point_and_in_one_another():
    text = """Điều 1. A
1. Gồm:
a) Một:
a.1) Tiết một;
a.2) Tiết hai:
- Gạch;
+ Cộng;
b) Hai:
- Gạch."""
    assert parents(text) == {
        "art_1__clause_1": "art_1",
        "art_1__clause_1__point_a": "art_1__clause_1",
        "art_1__clause_1__point_a__indent_1": "art_1__clause_1__point_a",
        "art_1__clause_1__point_a__indent_2": "art_1__clause_1__point_a",
        "art_1__clause_1__point_a__indent_2__indent_1": "art_1__clause_1__point_a__indent_2",
        "art_1__clause_1__point_a__indent_2__indent_1__indent_1": "art_1__clause_1__point_a__indent_2__indent_1",
        "art_1__clause_1__point_b": "art_1__clause_1",
        "art_1__clause_1__point_b__indent_1": "art_1__clause_1__point_b",
    }


def test_a_paragraph_is_numbered_among_those_of_its_unit():
    text = "Điều 1. A\nMột.\nHai.\n1. Khoản.\nHai.\nBa\ntrên hai dòng.\nĐiều 2. B\na) Điểm;\nvẫn điểm;\nb) Điểm.\nCuối."
    assert eids(text) == [
        "art_1",
        "art_1__para_2",
        "art_1__clause_1",
        "art_1__clause_1__para_2",
        "art_1__clause_1__para_3",
        "art_2",
        "art_2__point_a",
        "art_2__point_b",
        "art_2__para_1",
    ]
    assert own(text, "art_1__clause_1__para_3") == "Ba\ntrên hai dòng.\n"


def test_a_paragraph_between_points_is_the_points():
    text = "Điều 1. A\na) Điểm:\nĐoạn của điểm a.\nb) Điểm."
    assert parents(text)["art_1__point_a__para_2"] == "art_1__point_a"


def test_rows_with_tabs_are_a_table_and_their_numbers_no_clauses():
    text = "Điều 1. Mức phạt\n1. Như bảng:\nSTT\tViệc\tMức\n1.\tMột\t5\n2.\tHai\t6\nGhi chú.\n2.\tKhoản hai."
    assert eids(text) == [
        "art_1",
        "art_1__clause_1",
        "art_1__clause_1__table_1",
        "art_1__clause_1__para_2",
        "art_1__clause_2",
    ]
    assert own(text, "art_1__clause_1__table_1") == "STT\tViệc\tMức\n1.\tMột\t5\n2.\tHai\t6\n"


AFTER = """Điều 1. A
Theo Phụ lục I và Mẫu số 01.
Nơi nhận:
- Lưu.
PHỤ LỤC
(Kèm theo Nghị định số 00/0000/MAU)
Phụ lục I
BIỂU MỨC
A\tB
1\t2
Ghi chú.
PHỤ LỤC II. CÁC MẪU
Mẫu số 01
ĐƠN XIN
Điều 1. Bên A
Mẫu số 02/ĐK: TỜ KHAI
Họ tên:
"""


def test_annexes_and_their_forms_and_tables_follow_the_conclusions():
    units = {unit.eid: unit for unit in parse_text(AFTER).units}
    assert list(units) == [
        "art_1",
        "conclusions",
        "annex_1",
        "annex_1__table_1",
        "annex_1__para_1",
        "annex_2",
        "annex_2__form_1",
        "annex_2__form_02_ddk",
    ]
    assert [units[eid].heading for eid in ("annex_1", "annex_2", "annex_2__form_1")] == [
        "BIỂU MỨC",
        "CÁC MẪU",
        "ĐƠN XIN",
    ]
    assert own(AFTER, "annex_1").startswith("PHỤ LỤC\n(Kèm theo")


def test_an_annex_may_follow_the_articles_without_a_closing_part():
    assert eids("Điều 1. A\nMột.\nPHỤ LỤC\nDANH MỤC\nGạo.") == ["art_1", "annex_1"]


def test_an_annex_named_in_a_sentence_begins_none():
    text = "Điều 1. A\nDanh mục tại\nPhụ lục I\nkèm theo.\nPhụ lục này có hiệu lực.\nĐiều 2. B\nHai."
    assert [unit.kind for unit in parse_text(text).units if unit.kind is UnitKind.ANNEX] == []


def test_a_regulation_issued_with_a_decision_is_its_annex():
    text = (
        "Điều 1. Ban hành Quy chế.\nNơi nhận:\n- Lưu.\nQUY CHẾ\nLÀM VIỆC\n(Ban hành kèm theo Quyết định này)\nĐiều 1. A"
    )
    assert [(unit.eid, unit.heading) for unit in parse_text(text).units][2:] == [("annex_1", "QUY CHẾ LÀM VIỆC")]


CONSOLIDATED = """Chương I[1]
QUY ĐỊNH
Điều 1.[2] Tên
1.[3] Một.
a)[4] Điểm.
Điều 2[5]. Hiệu lực
Từ năm nay.
XÁC THỰC VĂN BẢN HỢP NHẤT
CHỦ NHIỆM
[1] Chương này được sửa đổi.
[2] Điều 3 của Luật số 00/0000/MAU quy định như sau:
“Điều 3. Hiệu lực
1. Luật này có hiệu lực.”
"""


def test_marks_with_references_to_footnotes_are_read_and_footnotes_come_last():
    units = {unit.eid: unit for unit in parse_text(CONSOLIDATED).units}
    assert list(units) == [
        "chp_1",
        "art_1",
        "art_1__clause_1",
        "art_1__clause_1__point_a",
        "art_2",
        "conclusions",
        "footnote_1",
        "footnote_2",
    ]
    assert (units["art_1"].heading, units["footnote_2"].number) == ("Tên", "2")
    assert own(CONSOLIDATED, "footnote_2").endswith("1. Luật này có hiệu lực.”\n")
