"""Units named in words: by instructions, by references, by people who type."""

import pytest

from content.law.grammar import cited_eids, cited_units
from content.law.units import UnitKind, UnitPart
from content.typed_citations.units import split_typed_unit


@pytest.mark.parametrize(
    ("words", "eids"),
    [
        ("điểm a khoản 2 Điều 15", ["art_15__clause_2__point_a"]),
        ("khoản 2a Điều 12a", ["art_12a__clause_2a"]),
        ("điểm b, điểm đ khoản 2 Điều 4", ["art_4__clause_2__point_b", "art_4__clause_2__point_dd"]),
        ("các khoản 1, 2 và 3 Điều 28", ["art_28__clause_1", "art_28__clause_2", "art_28__clause_3"]),
        ("Điều 20 và khoản 1 Điều 21", ["art_20", "art_21__clause_1"]),
        ("khoản 1; điểm c khoản 2; khoản 7 Điều 12",
         ["art_12__clause_1", "art_12__clause_2__point_c", "art_12__clause_7"]),
        ("các điều 10, 12 và 15", ["art_10", "art_12", "art_15"]),
        ("từ khoản 2 đến khoản 4 Điều 5", ["art_5__clause_2", "art_5__clause_3", "art_5__clause_4"]),
        ("điểm e vào sau điểm đ khoản 2 Điều 48", ["art_48__clause_2__point_e", "art_48__clause_2__point_dd"]),
        ("điểm đ Điều 9", ["art_9__point_dd"]),
        ("Điều 7, điểm d và điểm đ khoản 1 Điều 8", ["art_7", "art_8__clause_1__point_d", "art_8__clause_1__point_dd"]),
        ("các điều từ 38 đến 40", ["art_38", "art_39", "art_40"]),
        ("từ điểm a đến c khoản 3 Điều 2",
         ["art_2__clause_3__point_a", "art_2__clause_3__point_b", "art_2__clause_3__point_c"]),
        ("hai phần ba tổng số đại biểu", []),
        ("quy định tạiĐiều 62", ["art_62"]),
    ],
)  # fmt: skip
def test_units_that_an_instruction_names(words, eids):
    assert [ref.eid for ref in cited_units(words)] == eids


def test_what_a_name_leaves_out_comes_from_the_heading_above():
    context = ((UnitKind.ARTICLE, "103"),)
    assert [ref.eid for ref in cited_units("khoản 2 và điểm a khoản 3", context)] == [
        "art_103__clause_2",
        "art_103__clause_3__point_a",
    ]


@pytest.mark.parametrize(
    ("words", "eids"),
    [
        ("điểm a khoản 2 Điều 15", ["art_15__clause_2__point_a"]),
        ("các điểm a, đ khoản 2 Điều 15", ["art_15__clause_2__point_a", "art_15__clause_2__point_dd"]),
        ("điểm i khoản 2; điểm đ khoản 4 Điều 6", ["art_6__clause_2__point_i", "art_6__clause_4__point_dd"]),
        ("điểm a khoản 1 và khoản 2 Điều 5", ["art_5__clause_1__point_a", "art_5__clause_2"]),
        ("khoản 1 Điều 5 và khoản 2 Điều 6", ["art_5__clause_1", "art_6__clause_2"]),
        ("các điều 4, 5a và 6", ["art_4", "art_5a", "art_6"]),
        ("từ Điều 5 đến Điều 8", ["art_5", "art_6", "art_7", "art_8"]),
        ("từ khoản 1 đến khoản 3 Điều 12", ["art_12__clause_1", "art_12__clause_2", "art_12__clause_3"]),
        ("điểm b, điểm c khoản 3 và các điểm a, b khoản 4 Điều 110",
         ["art_110__clause_3__point_b", "art_110__clause_3__point_c",
          "art_110__clause_4__point_a", "art_110__clause_4__point_b"]),
        ("khoản 2, các điểm a, b khoản 4 Điều 124",
         ["art_124__clause_2", "art_124__clause_4__point_a", "art_124__clause_4__point_b"]),
        ("các Khoản 1 và 2, các Điểm a và b Khoản 3 Điều 2",
         ["art_2__clause_1", "art_2__clause_2", "art_2__clause_3__point_a", "art_2__clause_3__point_b"]),
        ("SỬA ĐỔI ĐIỀU 6", ["art_6"]),
        ("khoản 1Điều 110", ["art_110__clause_1"]),
        ("khoản 2 Điều này", []),
        ("khoản 3", []),
        ("đất", []),
    ],
)  # fmt: skip
def test_units_that_a_reference_names(words, eids):
    assert cited_eids(words) == eids


@pytest.mark.parametrize(
    ("typed", "rest", "eid"),
    [
        ("điều 6 nghị định 168", "nghị định 168", "art_6"),
        ("khoản 2, điều 5 luật đất đai", "luật đất đai", "art_5__clause_2"),
        ("diem đ khoan 1 dieu 12a", "", "art_12a__clause_1__point_dd"),
        ("khoản 2 luật đất đai", "luật đất đai", ""),
        ("đất đai", "đất đai", ""),
        ("dieu 5 khoan 2", "", "art_5__clause_2"),
        ("đ 6 nđ 168", "nđ 168", "art_6"),
        ("Đ.6 NĐ 168/2024".lower(), "nđ 168/2024", "art_6"),
        ("đ6k2 nđ 168", "nđ 168", "art_6__clause_2"),
        ("điểm a k2 đ6 nđ 168", "nđ 168", "art_6__clause_2__point_a"),
        ("k2đ8 luật hôn nhân gia đình", "luật hôn nhân gia đình", "art_8__clause_2"),
        ("ldd 2024 d135", "ldd 2024", "art_135"),
        ("d135 ldd 2024", "ldd 2024", "art_135"),
        ("blhs d 173", "blhs", "art_173"),
        ("135 luật đất đai", "luật đất đai", "art_135"),
        ("135 luat dat dai", "luat dat dai", "art_135"),
        ("6 nđ 168/2024", "nđ 168/2024", "art_6"),
        ("173 blhs", "blhs", "art_173"),
        ("blds 2015 468", "blds 2015", "art_468"),
        ("15/2012/qh13 đ6", "15/2012/qh13", "art_6"),
        ("6 15/2012/qh13", "15/2012/qh13", "art_6"),
        ("6 15-2012-qh13", "15-2012-qh13", "art_6"),
        ("khoản 2 6 100/2019/nđ-cp", "100/2019/nđ-cp", "art_6__clause_2"),
        ("2 15/qđ-ttg", "15/qđ-ttg", "art_2"),
        ("k1 đ6 15-2012-qh13", "15-2012-qh13", "art_6__clause_1"),
        ("15/qđ-ttg d2", "15/qđ-ttg", "art_2"),
    ],
)
def test_units_that_a_person_types(typed, rest, eid):
    assert split_typed_unit(typed) == (rest, eid)


@pytest.mark.parametrize(
    "typed",
    [
        "đường d5",
        "tiền 500 đ 2 lần",
        "vitamin d 3",
        "5 luật",
        "12 thông tư 2024",
        "ldd 2024",
        "168 nd-cp",
        "100 2019/nđ-cp",
        "36 2024/qh15",
        "6 15/2012",
        "lao 135",
        "5/m2 đ 2",
        "1/2 đ 3",
    ],
)
def test_no_unit_is_made_of_streets_sums_years_and_serials(typed):
    assert split_typed_unit(typed) == (typed, "")


def test_the_part_of_a_unit_that_is_meant():
    parts = {unit.eid: unit.part for unit in cited_units("tên Điều 9, đoạn mở đầu khoản 4 Điều 48 và Điều 50")}
    assert parts == {"art_9": UnitPart.HEADING, "art_48__clause_4": UnitPart.OPENING, "art_50": UnitPart.WHOLE}
