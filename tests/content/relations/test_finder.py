"""What a text is read to say of other documents."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import parsing
from content.publishing.sample import sample_records
from content.relations import finder


def found(text, *, doc_type="law", title="Luật Mẫu", own_key="1-2024-qh15"):
    """(kind, scope, key, eids) of all that the text says, its articles numbered."""
    day = datetime.date(2024, 7, 1)
    parsed = parsing.parse_text(text)
    return finder.find_statements(text, parsed, doc_type=doc_type, own_key=own_key, title=title, effective_on=day)


def said(text, **columns):
    return [
        (each.kind.value, each.scope, each.reference.key, list(each.target_eids)) for each in found(text, **columns)
    ]


OLD = "13-2003-qh11"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Bãi bỏ Luật Đất đai số 13/2003/QH11.", [("repeals", "whole", OLD, [])]),
        ("Bãi bỏ Điều 45 của Luật Đất đai số 13/2003/QH11.", [("repeals", "part", OLD, ["art_45"])]),
        ("Bãi bỏ một số quy định của Luật Đất đai số 13/2003/QH11.", [("repeals", "part", OLD, [])]),
        (
            "Sửa đổi khoản 1 Điều 3 của Luật Đất đai số 13/2003/QH11 như sau:\n“1. Bãi bỏ Luật số 9/1999/QH10.”.",
            [("amends", "part", OLD, ["art_3__clause_1"])],
        ),
        (
            "Thay thế cụm từ “a” bằng cụm từ “Luật số 9/1999/QH10” tại Điều 4 của Luật Đất đai số 13/2003/QH11.",
            [("amends", "part", OLD, ["art_4"])],
        ),
        ("Luật này thay thế Luật Đất đai số 13/2003/QH11.", [("replaces", "whole", OLD, [])]),
        ("Luật Mẫu số 13/2003/QH11 hết hiệu lực kể từ ngày Luật này có hiệu lực.", [("replaces", "whole", OLD, [])]),
        ("Luật Cũ số 13/2003/QH11 hết hiệu lực kể từ ngày Luật này có hiệu lực.", [("repeals", "whole", OLD, [])]),
        ("Luật Cũ số 13/2003/QH11 hết hiệu lực, trừ quy định tại Điều 9.", [("repeals", "whole", OLD, [])]),
        ("Điều 2 của Luật Cũ số 13/2003/QH11 hết hiệu lực.", [("repeals", "part", OLD, ["art_2"])]),
        ("Trường hợp Luật Cũ số 13/2003/QH11 hết hiệu lực thì áp dụng Luật này.", [("cites", "whole", OLD, [])]),
        ("Luật Cũ số 13/2003/QH11 chưa hết hiệu lực.", [("cites", "whole", OLD, [])]),
        ("Việc này theo khoản 2 Điều 5 Luật Cũ số 13/2003/QH11.", [("cites", "part", OLD, ["art_5__clause_2"])]),
        ("Ngưng hiệu lực Điều 3 Luật Cũ số 13/2003/QH11.", [("suspends", "part", OLD, ["art_3"])]),
        ("Đình chỉ thi hành Luật Cũ số 13/2003/QH11.", [("stays", "whole", OLD, [])]),
        ("Đính chính Luật Cũ số 13/2003/QH11.", [("corrects", "part", OLD, [])]),
        ("Luật số 1/2024/QH15 được áp dụng.", []),
        ("“Bãi bỏ Luật Đất đai số 13/2003/QH11.”", []),
    ],
)
def test_a_statement_is_read(statement, expected):
    assert said(f"Điều 1. Thi hành\n{statement}\nĐiều 2. Hết\nHết.\n") == expected


def test_the_amendment_history_of_a_document_gives_no_relation():
    text = (
        "Điều 1. Thi hành\nLuật Cũ số 13/2003/QH11 đã được sửa đổi, bổ sung một số điều theo Luật số 34/2009/QH12, "
        "Luật số 35/2018/QH14 và Luật số 61/2020/QH14 hết hiệu lực từ ngày 01 tháng 8 năm 2024.\n"
    )
    (only,) = found(text)
    assert (only.kind, only.reference.key, only.effective_on) == ("repeals", OLD, datetime.date(2024, 8, 1))
    assert only.source_eid == "art_1"
    assert only.evidence.startswith("Luật Cũ số 13/2003/QH11 đã được sửa đổi")


def test_the_first_day_of_the_act_itself_is_meant_where_it_says_so():
    (only,) = found(
        "Điều 1. Thi hành\nLuật Cũ số 13/2003/QH11 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.\n"
    )
    assert only.effective_on == datetime.date(2024, 7, 1)


def test_a_list_under_a_verb_is_read_line_by_line():
    text = (
        "Điều 1. Hiệu lực\n1. Các văn bản sau đây hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành:\n"
        "a) Nghị định số 5/2010/NĐ-CP;\nb) Điều 3 của Nghị định số 6/2010/NĐ-CP.\n"
        "2. Bãi bỏ các nội dung tại:\na) Khoản 3 Điều 9 của Luật Thuế số 45/2005/QH11.\n"
    )
    assert said(text) == [
        ("repeals", "whole", "5-2010-nd-cp", []),
        ("repeals", "part", "6-2010-nd-cp", ["art_3"]),
        ("repeals", "part", "45-2005-qh11", ["art_9__clause_3"]),
    ]


def test_clauses_of_an_amending_article_amend_the_document_it_names():
    text = (
        "Căn cứ Hiến pháp;\nQuốc hội ban hành Luật sửa đổi, bổ sung một số điều của Luật Cũ số 13/2003/QH11.\n"
        "Điều 1. Sửa đổi, bổ sung một số điều của Luật Cũ\n"
        "1. Sửa đổi, bổ sung Điều 4 như sau:\n“Điều 4. Mới\nMới.”.\n"
        "2. Bổ sung khoản 4 vào sau khoản 3 Điều 6 như sau:\n“4. Mới.”.\n"
        "3. Bãi bỏ khoản 3 Điều 3; sửa đổi điểm i, điểm đ khoản 4 Điều 7 như sau:\n“đ) Mới.”.\n"
        "Điều 2. Hiệu lực\nLuật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2024.\n"
    )
    assert said(text) == [
        ("amends", "part", OLD, ["art_4", "art_6__clause_4", "art_7__clause_4__point_i", "art_7__clause_4__point_dd"]),
        ("repeals", "part", OLD, ["art_3__clause_3"]),
    ]


def test_legal_bases_are_in_the_preamble_and_only_numbers_years_and_the_constitution_name_a_document():
    text = (
        "Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;\n"
        "Căn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015; Luật sửa đổi, bổ sung một số điều của Luật Tổ chức "
        "Chính phủ ngày 22 tháng 11 năm 2019;\nCăn cứ Luật Đất đai số 31/2024/QH15;\nTheo đề nghị của Bộ trưởng;\n"
        "Chính phủ ban hành Nghị định quy định chi tiết một số điều của Luật Đất đai.\n"
        "Điều 1. Phạm vi\nNghị định này quy định chi tiết khoản 2 Điều 5 của Luật Đất đai.\n"
    )
    assert said(text, doc_type="decree", title="Nghị định quy định chi tiết Luật Đất đai") == [
        ("based_on", "whole", "ten:constitution:nuoc-cong-hoa-xa-hoi-chu-nghia-viet-nam:", []),
        ("based_on", "whole", "ten:law:to-chuc-chinh-phu:2015", []),
        ("based_on", "whole", "ten:law:sua-doi-bo-sung-mot-so-dieu-cua-luat-to-chuc-chinh-phu:2019", []),
        ("based_on", "whole", "31-2024-qh15", []),
        ("implements", "part", "31-2024-qh15", ["art_5__clause_2"]),
    ]


def test_a_consolidated_text_only_consolidates():
    text = (
        "NGHỊ ĐỊNH\nNghị định số 34/2016/NĐ-CP ngày 14 tháng 5 năm 2016 của Chính phủ, được sửa đổi, bổ sung bởi:\n"
        "Nghị định số 154/2020/NĐ-CP ngày 31 tháng 12 năm 2020 của Chính phủ.\nCăn cứ Luật Ban hành số 80/2015/QH13;\n"
        "Điều 1. Thi hành\nNghị định này thay thế Nghị định số 24/2009/NĐ-CP.\n"
    )
    assert said(text, doc_type="consolidated_text", own_key="3-vbhn-btp") == [
        ("consolidates", "whole", "34-2016-nd-cp", []),
        ("consolidates", "whole", "154-2020-nd-cp", []),
    ]


PIECES = st.sampled_from(
    ["Bãi bỏ ", "Sửa đổi, bổ sung ", "Luật ", "số 13/2003/QH11 ", "Điều 1. ", "\n", "“", "”", "khoản 2 Điều 3 ", "của ",
     "hết hiệu lực ", "Căn cứ ", "năm 2013", "ngày 31 tháng 2 năm 2013 ", "thay thế ", ":", ";", "1. ", "a) ", "trừ ",
     "đã được sửa đổi theo ", "x", "Nghị định này ", "99/9999/NĐ-CP", "/", "Hiến pháp"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200), st.sampled_from(["law", "decree", "order"]))
def test_any_text_is_read_without_an_error_and_no_statement_is_repeated(text, doc_type):
    relations = found(text, doc_type=doc_type)
    assert len({each.identity for each in relations}) == len(relations)
    assert all(each.reference.key != "1-2024-qh15" for each in relations)


def test_the_samples_state_nothing_about_a_law():
    assert [said(record.text, own_key="0-0-mau") for record, _topics in sample_records()] == [[], []]
