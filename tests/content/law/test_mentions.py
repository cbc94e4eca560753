"""Mentions of provisions and documents in texts: what acts write, and what people type."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.law.doc_types import DocType
from content.law.eids import eid_of_path
from content.law.known_names import LAW_ABBREVIATIONS, KnownNames
from content.law.lexer.unit_names import THIS
from content.law.mentions import read_mentions
from content.text.vietnamese import fold

KNOWN = KnownNames.of(
    [
        (DocType.LAW, "Đất đai"),
        (DocType.LAW, "Hôn nhân và gia đình"),
        (DocType.LAW, "Phòng, chống tác hại của rượu, bia"),
        (DocType.CODE, "Dân sự"),
        (DocType.CODE, "Hình sự"),
    ],
    LAW_ABBREVIATIONS,
)


def eids(text):
    """The eids of the units of each mention; «này» in the place of a number that is not said."""
    return [
        [eid_of_path(path) if THIS not in dict(path).values() else f"{path[-1][1]}" for path in each.units]
        for each in read_mentions(text, KNOWN)
    ]


def words(text):
    return [text[each.start : each.end] for each in read_mentions(text, KNOWN)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("điểm a khoản 2 Điều 15", [["art_15__clause_2__point_a"]]),
        ("khoản 2, Điều 9", [["art_9__clause_2"]]),
        ("Điều 9 khoản 2 điểm a", [["art_9__clause_2__point_a"]]),
        ("Điều 9, khoản 2, điểm a", [["art_9__clause_2__point_a"]]),
        ("các điểm a, b và đ khoản 3 Điều 6",
         [["art_6__clause_3__point_a", "art_6__clause_3__point_b", "art_6__clause_3__point_dd"]]),
        ("từ điểm a đến điểm d khoản 1 Điều 8",
         [["art_8__clause_1__point_a", "art_8__clause_1__point_b", "art_8__clause_1__point_c",
           "art_8__clause_1__point_d"]]),
        ("Điều 12-14", [["art_12", "art_13", "art_14"]]),
        ("quy định tạikhoản 4 Điều 36 và khoản 1Điều 110", [["art_36__clause_4"], ["art_110__clause_1"]]),
        ("các điều 18, 29, 22 và 23", [["art_18", "art_29", "art_22", "art_23"]]),
        ("khoản 4 khoản 5 Điều 10", [["art_10__clause_4", "art_10__clause_5"]]),
        ("Điều 9 năm 2020", [["art_9"]]),
        ("các điểm M1, M2 và M3", []),
        ("khoản 3 Điều 8 (trừ khoản 2 Điều 51), Điều 52, Điều 53",
         [["art_8__clause_3"], ["art_51__clause_2"], ["art_52", "art_53"]]),
        ("mục 23 trong Danh mục quy hoạch thuộc Phụ lục II ban hành kèm theo Luật Giá số 16/2023/QH15",
         [["annex_2__sec_23"]]),
        ("Mẫu số 02 quy định tại Phụ lục I ban hành kèm theo Nghị định này", [["form_2"], ["annex_1"]]),
        ("Điều 23 (điểm p khoản 5; điểm đ khoản 6), Điều 24 (điểm c khoản 3; khoản 5) và Điều 25",
         [["art_23__clause_5__point_p"], ["art_23__clause_6__point_dd"], ["art_24__clause_3__point_c"],
          ["art_24__clause_5"], ["art_25"]]),
        ("Điều 3(2)(a)", [["art_3__clause_2__point_a"]]),
        ("Điều 3(2) (đ), Điều 5(1)", [["art_3__clause_2__point_dd"], ["art_5__clause_1"]]),
        ("Điều 4.1.a của Luật này", [["art_4__clause_1__point_a"]]),
        ("Theo Điều 4.1, bên B … Điều 7.", [["art_4__clause_1"], ["art_7"]]),
        ("Đ.3 k.2 đ.a", [["art_3__clause_2__point_a"]]),
        ("đ.đ, k.2 Đ.3 và Đ. 5, K. 1", [["art_3__clause_2__point_dd"], ["art_5__clause_1"]]),
        ("d.3 k.2 d.a", [["art_3__clause_2__point_a"]]),
        ("Điều 1.1.LQ.1 và Điều 1.000 đồng, giá 500 đ.3 lần, Đ.3, k.2", [["art_3__clause_2"]]),
        ("khoản 1 Điều 5 và khoản 2 Điều 6", [["art_5__clause_1"], ["art_6__clause_2"]]),
        ("các điểm a, b khoản 1; khoản 3 Điều 5",
         [["art_5__clause_1__point_a", "art_5__clause_1__point_b"], ["art_5__clause_3"]]),
        ("khoản 2 các Điều 5, 6 và 7", [["art_5__clause_2", "art_6__clause_2", "art_7__clause_2"]]),
        ("Điều 3 khoản 2, Điều 5 khoản 1", [["art_3__clause_2"], ["art_5__clause_1"]]),
        ("Điều 9, khoản 2; Điều 10, khoản 3", [["art_9__clause_2"], ["art_10__clause_3"]]),
        ("điểm đ1 khoản 1a Điều 12a", [["art_12a__clause_1a__point_dd1"]]),
        ("Khoản 2 ĐIỀU 8", [["art_8__clause_2"]]),
        ("khoan 2 dieu 8", [["art_8__clause_2"]]),
        ("khỏan 2 Điều 8", [["art_8__clause_2"]]),
        ("Chương II", [["chp_2"]]),
        ("Điều 5, 6 tháng", [["art_5"]]),
        ("phạt theo khoản 3, 10 triệu đồng", [["clause_3"]]),
        ("khoán 10", []),
        ("một số điều kiện và các khoản thu", []),
    ],
)  # fmt: skip
def test_units_are_read_as_acts_and_people_write_them(text, expected):
    assert eids(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo khoản 1 Điều 5 và khoản 2 Điều 6 Luật Đất đai năm 2024 thì",
         ["khoản 1 Điều 5", "khoản 2 Điều 6 Luật Đất đai năm 2024"]),
        ("tại Điều 5 của Bộ luật Dân sự.", ["Điều 5 của Bộ luật Dân sự"]),
        ("luật đất đai 2024 điều 135", ["luật đất đai 2024 điều 135"]),
        ("Luật Đất đai quy định về Điều 5", ["Luật Đất đai", "Điều 5"]),
        ("Điều 5 Quy chế làm việc ban hành kèm theo Quyết định số 15/2024/QĐ-BTP",
         ["Điều 5 Quy chế làm việc ban hành kèm theo Quyết định số 15/2024/QĐ-BTP"]),
        ("Luật sửa đổi, bổ sung một số điều của Luật Đất đai",
         ["Luật sửa đổi, bổ sung một số điều của Luật Đất đai"]),
        ("pháp luật đất đai", []),
        ("dự thảo Luật Đất đai", []),
    ],
)  # fmt: skip
def test_offsets_hold_the_whole_name(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Nghị định số 100/2019/NĐ-CP", {"doc_type": "decree", "number": "100/2019/NĐ-CP", "year": 2019}),
        ("nghị định 168/2024/nđ-cp", {"doc_type": "decree", "number": "168/2024/NĐ-CP", "year": 2024}),
        ("Nghị định 168", {"doc_type": "decree", "serial": "168", "year": None}),
        ("NĐ 168/2024", {"doc_type": "decree", "serial": "168", "year": 2024}),
        ("Luật Đất đai", {"doc_type": "law", "name": "Đất đai", "year": None}),
        ("Luật Đất đai 2024", {"doc_type": "law", "name": "Đất đai", "year": 2024}),
        ("Luật Hôn nhân gia đình", {"doc_type": "law", "name": "Hôn nhân gia đình"}),
        ("BLDS 2015", {"doc_type": "code", "name": "Dân sự", "year": 2015}),
        ("Nghị định này", {"doc_type": "decree", "is_this": True}),
        ("Hiến pháp", {"doc_type": "constitution", "name": "", "year": None}),
        ("Luật Vũ trụ quy định", {"doc_type": "law", "name": "Vũ trụ", "is_known": False}),
    ],
)
def test_documents_are_read_whole_and_in_part(text, columns):
    (mention,) = read_mentions(text, KNOWN)
    assert {name: getattr(mention.document, name) for name in columns} == columns


def test_a_name_that_the_text_gives_means_the_document_from_there_on():
    text = "Bộ luật Dân sự số 91/2015/QH13 (sau đây gọi tắt là BLX) có hiệu lực. Theo Điều 5 BLX thì …"
    whole, short = read_mentions(text, KNOWN)
    assert (whole.document.number, short.document.number) == ("91/2015/QH13", "91/2015/QH13")
    assert text[short.start : short.end] == "Điều 5 BLX"


def test_units_of_this_article_are_not_those_of_a_law_that_is_named_behind():
    first, second = read_mentions("khoản 1 Điều này và Điều 5 Luật Đất đai", KNOWN)
    assert (first.document, second.document.name) == (None, "Đất đai")


def test_offsets_are_those_of_the_text_as_it_was_given():
    text = "Theo khoản 2 Điều 8 Luật Đất đai"  # decomposed
    decomposed = unicodedata.normalize("NFD", text)
    (mention,) = read_mentions(decomposed, KNOWN)
    found = unicodedata.normalize("NFC", decomposed[mention.start : mention.end])
    assert found == "khoản 2 Điều 8 Luật Đất đai"


def test_signs_that_nobody_sees_do_not_hide_a_citation():
    text = "Theo Đi\u200bều\u200b 7 Luật Đ\u00adất đai n\u200băm 2024\ufeff và"
    (mention,) = read_mentions(text, KNOWN)
    assert text[mention.start : mention.end] == "Đi\u200bều\u200b 7 Luật Đ\u00adất đai n\u200băm 2024"
    assert (mention.parts, mention.document.year) == ({"article": ["7"]}, 2024)


PIECES = st.sampled_from(
    ["Điều ", "khoản ", "điểm ", "các ", "1", "2a", "a", "đ", " và ", ", ", "; ", "-", " đến ", "Luật Đất đai", " này",
     "Nghị định ", "168", "/2024", "/NĐ-CP", "năm 2024", "\n", "(", ")", "số ", "BLDS", " của ", "Phụ lục ", "II", " ",
     " năm 2003", " và năm 2013", " quy định tại ", " ban hành kèm theo ", " trong Danh mục ", "tại", "mục "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_mentions_of_any_text_are_in_order_and_never_overlap(text):
    found = read_mentions(text, KNOWN)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))


@given(st.lists(PIECES, max_size=20).map("".join))
def test_words_that_name_their_article_and_law_mean_the_same_when_read_alone(text):
    for each in read_mentions(text, KNOWN):
        is_whole = each.document is not None and each.start <= each.document.start and each.document.end <= each.end
        if is_whole and each.units and all(dict(path).get("article") for path in each.units):
            alone = read_mentions(text[each.start : each.end], KNOWN)
            assert [path for one in alone for path in one.units][: len(each.units)] == list(each.units)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quyết định 904/QĐ-TTg năm 2024", [("904/QĐ-TTg", 2024)]),
        ("quyết định số 904/qđ-ttg, năm 2024 và năm 2025", [("904/QĐ-TTg", 2024)]),
        ("Quyết định 904/QĐ-TTg năm 2024/2025", [("904/QĐ-TTg", None)]),
        ("Nghị định 15/2020/NĐ-CP năm 2024", [("15/2020/NĐ-CP", 2020)]),
        ("số 903, 904/QĐ-TTg", [("903/QĐ-TTg", None), ("904/QĐ-TTg", None)]),
        ("các Nghị định số 15 và 16/2020/NĐ-CP", [("15/2020/NĐ-CP", 2020), ("16/2020/NĐ-CP", 2020)]),
        (
            "Quyết định 901, 902, và 903/QĐ-TTg năm 2024",
            [("901/QĐ-TTg", 2024), ("902/QĐ-TTg", 2024), ("903/QĐ-TTg", 2024)],
        ),
        ("nghi dinh 15/2019 va 16/2020/nd-cp", [("15/2019/NĐ-CP", 2019), ("16/2020/NĐ-CP", 2020)]),
        ("Nghị định số 15 và 16/2020/NĐ-CP ngày 3/2/2020", [("15/2020/NĐ-CP", 2020), ("16/2020/NĐ-CP", 2020)]),
        ("khoản 3, 904/QĐ-TTg", [("904/QĐ-TTg", None)]),
    ],
)
def test_years_and_numbers_in_lists_are_read_of_numbers(text, expected):
    named = [each.document for each in read_mentions(text, KNOWN) if each.document]
    assert [(fold(each.number), each.year) for each in named] == [(fold(number), year) for number, year in expected]


def test_the_documents_of_a_list_stand_at_their_own_words_with_the_type_of_all():
    text = "Theo các Nghị định số 15 và 16/2020/NĐ-CP, …"
    assert words(text) == ["Nghị định số 15", "16/2020/NĐ-CP"]
    assert [each.document.doc_type for each in read_mentions(text, KNOWN)] == [DocType.DECREE, DocType.DECREE]


def test_a_range_that_is_too_long_says_so():
    assert [each.is_cut for each in read_mentions("Điều 1 đến Điều 700. Và Điều 1 đến Điều 9999", KNOWN)] == [
        False,
        True,
    ]


def test_no_unit_reaches_over_another_to_its_document():
    text = "Mẫu số 02 quy định tại Phụ lục I ban hành kèm theo Nghị định số 1/2024/NĐ-CP"
    found = read_mentions(text, KNOWN)
    assert words(text) == ["Mẫu số 02", "Phụ lục I ban hành kèm theo Nghị định số 1/2024/NĐ-CP"]
    assert [each.document.number for each in found] == ["1/2024/NĐ-CP", "1/2024/NĐ-CP"]


def test_a_word_that_differs_from_a_plural_by_its_tone_is_none():
    assert words("THAM NHŨNG\nĐiều 353") == ["Điều 353"]
    assert words("những Điều 353") == ["những Điều 353"]
