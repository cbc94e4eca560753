"""Files of all kinds become records: the main text of a page, the paragraphs of a DOCX, the text layer of a PDF."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import parsing
from content.documents.records import RecordError
from content.importing import document_heads, formats, html_pages, legacy_encodings, printed_pages, reading
from content.parsing import parse_text
from content.publishing import heavy_notices, sample
from content.text.legacy_encodings import legacy_parts
from content.text.vietnamese import nfc
from tests.builders import A_LAW
from tests.files import (
    LINES_OF_A_PAGE,
    W,
    a_docx,
    a_numbered_paragraph,
    a_page,
    a_pdf,
    a_word_list,
    a_word_list_of,
    paragraphs,
    word_lists,
)

pytestmark = pytest.mark.django_db

A_DECREE = (
    "CHÍNH PHỦ\nSố: 100/2019/NĐ-CP\nHà Nội, ngày 30 tháng 12 năm 2019\nNGHỊ ĐỊNH\n"
    "QUY ĐỊNH XỬ PHẠT VỀ MẪU\nCăn cứ Luật Mẫu;\n"
    "Điều 1. Phạm vi\nNghị định này quy định về mẫu.\nĐiều 2. Mức phạt\n1. Phạt tiền:\na) Mẫu lớn;\nb) Mẫu nhỏ.\n"
    "Điều 3. Hiệu lực\nNghị định này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.\n"
)
HEAD_TABLE = (
    "<table><tr><td><p>CHÍNH PHỦ<br>-----</p></td><td><p>CỘNG HÒA XÃ\nHỘI CHỦ NGHĨA VIỆT NAM</p></td></tr>"
    "<tr><td><p>Số: 100/2019/NĐ-CP</p></td><td><p>Hà Nội, ngày 30 tháng 12 năm 2019</p></td></tr></table>"
)


def one(content, name="file", beside=None):
    """The one record of these bytes."""
    ((_, record),) = formats.records_in_bytes(content, name, beside, names=reading.known_names())
    if isinstance(record, RecordError):
        raise record
    return record


def eids(record):
    return [unit.eid for unit in parsing.parse_text(record.text).units]


def a_law():
    return sample.sample_records()[0][0]


def test_a_page_gives_its_main_text_without_what_is_around_it():
    decree = paragraphs(A_DECREE.partition("2019\n")[2])
    page = a_page(
        "<nav><p>Điều 1. Trang chủ</p></nav><div><p>Điều 9 mới nhất</p></div>"
        f"<div class=content1>{HEAD_TABLE}{decree}<script>var x = 'Điều 4. Quảng cáo';</script>"
        "<div style='display: none'><p>Điều 5. Bản trước khi sửa</p></div></div>"
        "<div><p>Article 1. Scope</p></div><footer><p>Bản quyền</p></footer>"
    )
    record = one(page)
    assert (record.doc_type, record.number, record.issuer) == ("decree", "100/2019/NĐ-CP", "Chính phủ")
    assert record.title == "Nghị định quy định xử phạt về mẫu"
    assert (str(record.issued_on), str(record.effective_on)) == ("2019-12-30", "2020-01-01")
    lines = record.text.split("\n")
    assert lines[:4] == ["CHÍNH PHỦ", "-----", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 100/2019/NĐ-CP"]
    assert lines[-1] == "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020."
    assert record.original.content == page


@pytest.mark.parametrize(
    ("clauses", "first_day"),
    [
        (
            "Nghị định này có hiệu lực từ ngày 01 tháng 01 năm 2020, trừ khoản 2 Điều này.\n2. Khoản 1 Điều 3 của"
            " Nghị định này có hiệu lực từ ngày 01 tháng 7 năm 2020.",
            "2020-01-01",
        ),
        ("Nghị định này có hiệu lực thi hành kể từ ngày 01/01/2020.", "2020-01-01"),
        ("Nghị định này có hiệu lực kể từ ngày ký ban hành.", "2019-12-30"),
        ("Vi phạm xảy ra trước ngày Nghị định này có hiệu lực từ ngày 05 tháng 5 năm 2021 bị xử phạt.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/01/2020.\n2. Nghị định này có hiệu lực từ ngày 02/01/2020.", "None"),
        ("Nghị định này có hiệu lực sau 45 ngày kể từ ngày ký ban hành.", "2020-02-13"),
        ("Nghị định này có hiệu lực thi hành sau bốn mươi lăm (45) ngày, kể từ ngày ký và thay thế …", "2020-02-13"),
        ("Nghị định này có hiệu lực sau 45 ngày làm việc kể từ ngày ký ban hành.", "None"),
        ("Nghị định này có hiệu lực sau 15 ngày, kể từ ngày đăng Công báo.", "None"),
        ("Nghị định này có hiệu lực sau 45 ngày kể từ ngày ký và đăng Công báo.", "None"),
        ("Nghị định này có hiệu lực kể từ 0 giờ ngày 01 tháng 5 năm 2020.", "2020-05-01"),
        ("Nghị định này có hiệu lực từ 00 giờ 00 phút ngày 01/5/2020.", "2020-05-01"),
        ("Nghị định này có hiệu lực từ 12 giờ ngày 01/5/2020.", "None"),
        ("1. Trừ khoản 2 Điều này, Nghị định này có hiệu lực từ ngày 01 tháng 5 năm 2020.", "2020-05-01"),
        ("Trừ Điều 2 có hiệu lực từ ngày 01/7/2020, Nghị định này có hiệu lực từ ngày 01/5/2020.", "2020-05-01"),
        ("Nghị định này có hiệu lực vào ngày 1-5-2020 (trừ Điều 2).", "2020-05-01"),
        ("Nghị định này có hiệu lực từ ngày 31/02/2020.", "None"),
        (
            "Nghị định này có hiệu lực sau 45 ngày kể từ ngày ký.\n2. Nghị định này có hiệu lực từ ngày 13/02/2020.",
            "2020-02-13",
        ),
        (
            "Nghị định này có hiệu lực sau 45 ngày kể từ ngày ký.\n2. Nghị định này có hiệu lực từ ngày 14/02/2020.",
            "None",
        ),
        ("Nghị định này có hiệu lực kể từ ngày ký đối với tổ chức.", "None"),
        ("Nghị định này có hiệu lực kể từ ngày ký, đối với tổ chức.", "None"),
        ("Nghị định này có hiệu lực kể từ ngày ký (đối với tổ chức).", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020 đối với tổ chức.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020 tại Hà Nội và từ ngày 01/5/2021 tại nơi khác.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020 cho các hồ sơ nộp sau ngày đó.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020 với tổ chức.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/20202.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020 cho đến hết năm 2021.", "2020-05-01"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020, đối với tổ chức.", "None"),
        ("Nghị định này có hiệu lực kể từ ngày ký, đăng Công báo.", "None"),
        ("Nghị định này có hiệu lực kể từ ngày ký, được đăng Công báo và đăng trên mạng.", "None"),
        ("Nghị định này có hiệu lực sau 45 ngày kể từ ngày ký, công bố.", "None"),
        ("Nghị định này có hiệu lực kể từ ngày ký, thay thế Nghị định số 1/2010/NĐ-CP.", "2019-12-30"),
        ("Nghị định này có hiệu lực kể từ ngày ký , trừ Điều 2.", "2019-12-30"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020 nếu không có quy định khác.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020, trừ trường hợp Chính phủ có quy định khác.", "None"),
        ("Nghị định này có hiệu lực từ ngày 01/5/2020, trừ trường hợp quy định tại khoản 2 Điều này.", "2020-05-01"),
        ("Nghị định này có hiệu lực kể từ ngày ký (nếu đủ điều kiện).", "None"),
        ("Nghị định này có hiệu lực chậm nhất vào ngày 01/5/2020.", "None"),
        ("Nghị định này có hiệu lực không sớm hơn ngày 01/5/2020.", "None"),
        ("Nghị định này bắt đầu có hiệu lực từ ngày mùng 01 tháng 5 năm 2020.", "2020-05-01"),
        ("Luật này có hiệu lực từ ngày được Quốc hội thông qua.", "2019-12-30"),
    ],
)
def test_the_first_day_is_that_of_the_whole_act_in_a_sentence_of_its_own(clauses, first_day):
    text = A_DECREE.rpartition("Nghị định này có hiệu lực")[0] + clauses + "\n"
    record = document_heads.record_from_text(text)
    assert (str(record.issued_on), str(record.effective_on)) == ("2019-12-30", first_day)


def test_the_properties_of_a_page_are_used_and_differences_are_warned_of():
    properties = (
        "<table><tr><td><b>Số hiệu:</b></td><td>101/2019/NĐ-CP</td><td></td>"
        "<td><b>Loại văn bản:</b></td><td>Nghị định</td></tr>"
        "<tr><td><b>Người ký:</b></td><td>Nguyễn Văn Mẫu</td><td></td>"
        "<td><b>Ngày hiệu lực:</b></td><td>Đã biết</td></tr>"
        "</table><ul><li>Ngày ban hành: 30/12/2019</li></ul>"
    )
    record = one(a_page(properties + f"<div>{paragraphs(A_DECREE)}</div>"))
    assert (record.number, record.signer, str(record.issued_on)) == ("101/2019/NĐ-CP", "Nguyễn Văn Mẫu", "2019-12-30")
    assert [(note.code, note.message) for note in record.notes] == [
        ("differs", "Số hiệu: nguồn ghi «101/2019/NĐ-CP», văn bản ghi «100/2019/NĐ-CP»; lấy theo nguồn.")
    ]


def test_anchors_that_the_parser_does_not_see_are_noted():
    seen = '<p><a name="dieu_1">Điều 1. Một</a></p><p><a name="khoan_1_1">1. Khoản một.</a></p>'
    unseen = '<p><a name="dieu_7">Bảy</a></p>'
    record = one(a_page(f"<div><p>LUẬT</p><p>MẪU</p>{seen}{unseen}</div>"))
    assert [note.message for note in record.notes] == ["Trang đánh dấu 3 điều, khoản; bộ đọc không nhận ra 1: dieu_7."]


def test_rows_of_a_table_are_lines_with_a_tab_between_cells_in_a_page_and_in_a_docx():
    rows = [["Cây", "Mức phạt", "Ghi chú"], ["Mẫu lớn", "1.000\nđồng", "Điều 2"], ["Mẫu nhỏ", "500", ""]]
    wanted = "Cây\tMức phạt\tGhi chú\nMẫu lớn\t1.000 đồng\tĐiều 2\nMẫu nhỏ\t500\t"
    cells = "".join("<tr>" + "".join(f"<td>{paragraphs(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    assert wanted in one(a_page(f"<div>{paragraphs(A_DECREE)}<table>{cells}</table></div>")).text
    assert wanted in one(a_docx(A_DECREE, rows)).text


def test_our_sample_comes_back_unit_by_unit_from_docx_pdf_and_page():
    law = a_law()
    law = replace(law, text=law.text.replace("\t", " "))  # here a paragraph is no row of a table
    wanted = eids(law)
    assert eids(one(a_docx(law.text))) == wanted
    assert eids(one(a_page(f"<div>{paragraphs(law.text)}</div>"))) == wanted
    printed = one(a_pdf(law.text))
    assert eids(printed) == wanted
    assert printed.text.split() == law.text.split()
    assert [note.code for note in printed.notes][-1] == "read_from_pdf"


def printed(lines, head, foot):
    """A PDF of these lines with a line at the top and at the bottom of each page: {page number: line}."""
    own = LINES_OF_A_PAGE - 2
    pages = [lines[start : start + own] for start in range(0, len(lines), own)]
    full = [[head(at), *page, *[" "] * (own - len(page)), foot(at)] for at, page in enumerate(pages, 1)]
    return a_pdf("\n".join(line for page in full for line in page))


CLAUSES = [f"{number}. Hộ thứ {number} trồng cây trong vườn chung của xóm." for number in range(1, 181)]
A_LONG_DECREE = [*A_DECREE.splitlines(), "Điều 9. Các hộ", *CLAUSES]


@pytest.mark.parametrize(
    ("head", "foot", "dropped"),
    [
        (lambda at: f"{at} CÔNG BÁO/Số 1/Ngày 2-3-2020" if at % 2 else f"CÔNG BÁO/Số 1/Ngày 2-3-2020 {at}", str, 12),
        (lambda at: "NGHỊ ĐỊNH VỀ MẪU" if at > 1 else "CHÍNH PHỦ", lambda at: f"Trang {at}/6", 11),
        (lambda at: "Nghị định số 1/2020/NĐ-CP ngày 02/3/2020.", lambda at: f"https://mau.vn/in?trang={at}", 12),
        (lambda at: "Các hộ ký tên", lambda at: f"- {at + 7} -", 11),  # the first page may be the title itself
    ],
)
def test_page_numbers_and_running_headers_of_a_pdf_are_no_text(head, foot, dropped):
    record = one(printed(A_LONG_DECREE, head, foot))
    own = record.text.split("\n")
    assert [line for line in own if line.strip()][-182:] == A_LONG_DECREE[-182:]
    assert ("page_furniture", str(dropped)) in [(note.code, note.message.split()[0]) for note in record.notes]
    assert "page_furniture" not in [notice.code for notice in parse_text(nfc(record.text)).warnings]


def test_lines_that_only_look_like_a_header_stay():
    clauses = ["1. Các hộ.\na) Một hộ", "2. Các hộ.\na) Một hộ", "3. Các hộ.\na) Một hộ", "4. Các hộ.\na) Một hộ"]
    assert printed_pages.without_furniture(clauses).text == "\n".join(clauses)
    table = ["Mức\n1\n500", "Cây\n1\n700", "Hoa\n1\n900", "Cỏ\n1\n300"]
    assert printed_pages.without_furniture(table).dropped == 0


def test_a_docx_leaves_out_what_was_deleted_and_puts_footnotes_at_the_end():
    revised = (
        "<w:p><w:r><w:t>Điều 4. </w:t></w:r><w:ins><w:r><w:t>Mới</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>Cũ</w:delText>"
        '<w:t>Cũ</w:t></w:r></w:del><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Đoạn đánh số</w:t><w:br/><w:t>dòng sau</w:t></w:r></w:p>"
    )
    record = one(a_docx(A_DECREE, revised.encode(), footnotes=["Sửa bởi Luật Mẫu."]))
    assert record.text.endswith("Điều 4. Mới[1]\nĐoạn đánh số\ndòng sau\n[1] Sửa bởi Luật Mẫu.")
    assert [note.code for note in record.notes] == ["automatic_numbers", "tracked_changes"]


def word_styles(**styles):
    """The entry with these styles: {style: (list, level, base)}; None: not stated."""
    written = ""
    for name, (number, level, base) in styles.items():
        own = f'<w:ilvl w:val="{level}"/>' if level is not None else ""
        own += f'<w:numId w:val="{number}"/>' if number is not None else ""
        own = f"<w:pPr><w:numPr>{own}</w:numPr></w:pPr>" if own else ""
        built_on = f'<w:basedOn w:val="{base}"/>' if base else ""
        written += f'<w:style w:styleId="{name}">{built_on}{own}</w:style>'
    return "word/styles.xml", f'<w:styles xmlns:w="{W}">{written}</w:styles>'


def last_lines(record, count):
    return record.text.split("\n")[-count:]


def note_codes(record):
    return [note.code for note in record.notes]


def test_a_law_numbered_by_word_has_all_its_numbers():
    levels = (
        ("upperRoman", "Chương %1", 1),
        ("decimal", "Điều %2.", 1),
        ("decimal", "%3.", 1),
        ("lowerLetter", "%4)", 1),
    )
    lists = word_lists(
        a_word_list(1, *levels, styles={0: "Chuong", 1: "Dieu", 2: "Khoan", 3: "Diem"}),
    )
    definition = lists[1].replace('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:lvlRestart w:val="0"/>')
    styles = word_styles(Chuong=(1, None, ""), Dieu=(1, None, ""), Khoan=(1, None, ""), Diem=(1, None, ""))
    parts = [
        a_numbered_paragraph(text, style=style)
        for style, text in (
            ("Chuong", "CHUNG"), ("Dieu", "Phạm vi"), ("Khoan", "Một:"), ("Diem", "Mẫu lớn;"), ("Diem", "Mẫu nhỏ."),
            ("Khoan", "Hai."), ("Chuong", "RIÊNG"), ("Dieu", "Đối tượng"), ("Khoan", "Một."), ("Khoan", "Hai:"),
            ("Diem", "Mẫu vừa."),
        )
    ]  # fmt: skip
    record = one(
        a_docx("CHÍNH PHỦ\nSố: 1/2020/NĐ-CP\nNGHỊ ĐỊNH\nVề mẫu", *parts, entries=[(lists[0], definition), styles])
    )
    assert last_lines(record, 11) == [
        "Chương I CHUNG", "Điều 1. Phạm vi", "1. Một:", "a) Mẫu lớn;", "b) Mẫu nhỏ.", "2. Hai.",
        "Chương II RIÊNG", "Điều 2. Đối tượng", "1. Một.", "2. Hai:", "a) Mẫu vừa.",
    ]  # fmt: skip
    assert [eid for eid in eids(record) if "para" not in eid][1:] == [
        "chp_1", "art_1", "art_1__clause_1", "art_1__clause_1__point_a", "art_1__clause_1__point_b", "art_1__clause_2",
        "chp_2", "art_2", "art_2__clause_1", "art_2__clause_2", "art_2__clause_2__point_a",
    ]  # fmt: skip
    assert note_codes(record)[0] == "numbers_of_word"


def test_numbers_of_word_go_on_begin_again_and_follow_styles_as_word_shows_them():
    lists = word_lists(
        a_word_list(3, ("decimal", "%1.", 4), ("lowerLetter", "%2)", 1)),
        ("", a_word_list_of(3, 7, {0: 1})),  # the same list, which begins again at 1
        ("", a_word_list_of(3, 8)),  # and goes on
        a_word_list(5, ("decimalZero", "(%1)", 1), ("lowerRoman", "%1.%2.", 1), ("bullet", "\uf0b7", 1)),
    )
    styles = word_styles(Khoan=(3, None, ""), KhoanDam=(None, None, "Khoan"), Diem=(3, 1, ""), Khac=(None, None, ""))
    shown = [
        (a_numbered_paragraph("Việc.", style="Khoan"), "4. Việc."),
        (a_numbered_paragraph("Việc:", style="KhoanDam"), "5. Việc:"),
        (a_numbered_paragraph("ý;", style="Diem"), "a) ý;"),
        (a_numbered_paragraph("ý.", style="Diem"), "b) ý."),
        (a_numbered_paragraph("Không số.", 0, style="Khoan"), "Không số."),
        (a_numbered_paragraph("Không số.", style="Khac"), "Không số."),
        (a_numbered_paragraph("Việc:", 3), "6. Việc:"),
        (a_numbered_paragraph("ý;", level=1, style="Khoan"), "a) ý;"),
        (a_numbered_paragraph("Lại từ đầu.", 7), "1. Lại từ đầu."),
        (a_numbered_paragraph("Nối tiếp.", 7), "2. Nối tiếp."),
        (a_numbered_paragraph("Nối tiếp.", 8, 0), "3. Nối tiếp."),
        (a_numbered_paragraph("Mục.", 5), "(01) Mục."),
        (a_numbered_paragraph("Mục nhỏ.", 5, 1), "01.i. Mục nhỏ."),
        (a_numbered_paragraph("Chấm.", 5, 2), "- Chấm."),
    ]
    record = one(a_docx(A_DECREE, *(part for part, _ in shown), entries=[lists, styles]))
    assert last_lines(record, len(shown)) == [line for _, line in shown]
    assert [(note.code, note.message.split()[0]) for note in record.notes] == [("numbers_of_word", "11")]


def test_a_first_day_that_was_counted_is_told():
    clause = "Nghị định này có hiệu lực sau 45 ngày kể từ ngày ký ban hành.\n"
    record = document_heads.record_from_text(A_DECREE.rpartition("Nghị định này có hiệu lực")[0] + clause)
    (words,) = [note.message for note in record.notes if "Ngày có hiệu lực" in note.message]
    assert words.startswith("Ngày có hiệu lực 13/02/2020 được tính: 45 ngày sau ngày ban hành.")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("QUỐC HỘI\nLUẬT\nVƯỜN CHUNG\nQuốc hội ban hành Luật Vườn chung.", "Luật Vườn chung"),
        ("QUỐC HỘI\nLUẬT\nVƯỜN CHUNG\nQuốc hội khóa XV ban hành Luật Vườn chung.", "Luật Vườn chung"),
        (
            "QUỐC HỘI\nLUẬT\nVƯỜN CHUNG\nQuốc hội nước Cộng hòa xã hội chủ nghĩa Việt Nam ban hành Luật Vườn chung.",
            "Luật Vườn chung",
        ),
        ("CHÍNH PHỦ\nNGHỊ ĐỊNH\nVề mẫu\nChính phủ ban hành Nghị định về mẫu.", "Nghị định về mẫu"),
        ("BỘ TƯ PHÁP\nTHÔNG TƯ\nVề mẫu\nBộ trưởng Bộ Tư pháp ban hành Thông tư về mẫu.", "Thông tư về mẫu"),
        ("BỘ TƯ PHÁP\nTHÔNG TƯ\nBan hành Quy chế mẫu\nCăn cứ Luật Mẫu;", "Thông tư ban hành Quy chế mẫu"),
        (
            "QUỐC HỘI\nLUẬT\nBAN HÀNH VĂN BẢN\nQuốc hội ban hành Luật Ban hành văn bản.",
            "Luật Ban hành văn bản",
        ),
        ("BỘ TƯ PHÁP\nQUYẾT ĐỊNH\nVề mẫu\nBỘ TRƯỞNG BỘ TƯ PHÁP\nCăn cứ Luật Mẫu;", "Quyết định về mẫu"),
        ("QUỐC HỘI\nLUẬT\nTỔ CHỨC\nCHÍNH PHỦ\nCăn cứ Hiến pháp;", "Luật tổ chức chính phủ"),
    ],
)
def test_the_title_ends_before_the_line_that_says_who_issues_the_act(head, title):
    assert document_heads.record_from_text(f"{head}\nĐiều 1. Một\nMột.").title == title


def test_a_title_in_capitals_keeps_the_numbers_of_other_acts():
    head = "CHÍNH PHỦ\nNGHỊ ĐỊNH\nSỬA ĐỔI NGHỊ ĐỊNH SỐ 10/2020/NĐ-CP, QUYẾT ĐỊNH SỐ 5/2019/QĐ-TTG VÀ 31/2024/QH15\n"
    title = "Nghị định sửa đổi nghị định số 10/2020/NĐ-CP, quyết định số 5/2019/QĐ-TTg và 31/2024/QH15"
    assert document_heads.record_from_text(f"{head}Căn cứ Luật Mẫu;\nĐiều 1. Một\nMột.").title == title


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_utf_8_that_was_read_as_another_encoding_is_undone_to_the_letter_with_a_note(encoding):
    bytes_read = [bytes([value]) for value in A_DECREE.encode()]
    misread = "".join(value.decode(encoding, errors="ignore") or value.decode("latin-1") for value in bytes_read)
    record = document_heads.record_from_text(misread)
    (note,) = [each for each in record.notes if each.code == "encoding_repaired"]
    assert (record.text, "UTF-8" in note.message) == (A_DECREE, True)
    assert document_heads.record_from_text(A_DECREE).notes == tuple(each for each in record.notes if each != note)


def test_lines_of_utf_8_that_cannot_be_undone_for_certain_stay_and_are_told():
    good, _colon, last = A_DECREE.partition("Điều 3.")
    spoilt = last.encode().decode("latin-1").replace("\x91", "").replace("\xa0", " ")
    record = document_heads.record_from_text(f"{good}Điều 3.{spoilt}")
    assert record.text.endswith(spoilt)
    assert "unreadable_letters" in [each.code for each in parse_text(record.text).warnings]


def test_letters_of_word_stay_as_word_shows_them_with_a_note():
    lists = word_lists(a_word_list(1, ("lowerLetter", "%1)", 1)))
    points = [a_numbered_paragraph(f"ý {number};", 1) for number in range(7)]
    record = one(a_docx(A_DECREE, "Điều 9. Gồm\n1. Các ý:", *points, entries=[lists]))
    assert [line[:2] for line in last_lines(record, 7)] == ["a)", "b)", "c)", "d)", "e)", "f)", "g)"]
    assert note_codes(record) == ["numbers_of_word", "letters_of_word"]


def test_legal_bases_in_a_list_of_word_are_not_a_part_of_the_title():
    lists = word_lists(a_word_list(1, ("bullet", "\uf02d", 1)))
    head = "CHÍNH PHỦ\nSố: 1/2020/NĐ-CP\nNGHỊ ĐỊNH\nVề mẫu"
    record = one(a_docx(head, a_numbered_paragraph("Căn cứ Luật Mẫu;", 1), "Điều 1. Một\nHai.", entries=[lists]))
    assert (record.title, last_lines(record, 3)[0]) == ("Nghị định về mẫu", "- Căn cứ Luật Mẫu;")


def test_a_column_of_row_numbers_is_filled_and_a_deleted_paragraph_counts_for_nothing():
    lists = word_lists(a_word_list(1, ("decimal", "%1", 1)))
    empty = a_numbered_paragraph("", 1)
    rows = [["STT", "Cây", "Mức"], [empty, "Mẫu lớn", "1"], [empty, "Mẫu nhỏ", "2"]]
    deleted = a_numbered_paragraph("", 1).replace(b"</w:pPr>", b'<w:rPr><w:del w:id="1"/></w:rPr></w:pPr>')
    record = one(a_docx(A_DECREE, rows, deleted, a_numbered_paragraph("Sau.", 1), entries=[lists]))
    assert last_lines(record, 4) == ["STT\tCây\tMức", "1\tMẫu lớn\t1", "2\tMẫu nhỏ\t2", "3 Sau."]


def test_numbers_that_cannot_be_made_again_are_told_of():
    strange = word_lists(
        a_word_list(1, ("japaneseCounting", "%1.", 1)),
        a_word_list(2, ("decimal", "%1" * 500, 1)),
        ("", a_word_list_of(99, 3)),  # no such definition
    )
    parts = [
        a_numbered_paragraph("Phạt tiền.", number, level) for number, level in ((1, 0), (2, 0), (3, 0), (4, 0), (1, 5))
    ]
    record = one(a_docx(A_DECREE, *parts, a_numbered_paragraph("", 1), entries=[strange]))
    assert last_lines(record, 5) == ["Phạt tiền."] * 5
    assert [(note.code, note.message.split()[0]) for note in record.notes] == [("automatic_numbers", "5")]


def test_hidden_text_is_no_law():
    hidden = (
        "<w:p><w:r><w:t>Còn đây.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>Điều 9. Đã ẩn</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t> Và đây.</w:t></w:r></w:p>'
        "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>Dấu đoạn ẩn.</w:t></w:r></w:p>"
    )
    record = one(a_docx(A_DECREE, hidden.encode()))
    assert record.text.split("\n")[-2:] == ["Còn đây. Và đây.", "Dấu đoạn ẩn."]
    assert [(note.code, note.message.split()[0]) for note in record.notes] == [("hidden_text", "1")]


def test_the_portals_object_is_read_with_the_text_beside_it():
    row = {
        "docGUId": "0-1",
        "docName": "Nghị định về mẫu của Chính phủ",
        "docIdentity": "100/2019/NĐ-CP",
        "docType": {"docTypeName": "Nghị định"},
        "issueDate": "2019-12-30T00:00:00",
        "effectDate": "2020-01-01T00:00:00",
        "effectStatus": {"effectStatusName": "Còn Hiệu lực"},
        "organs": [{"organName": "Chính phủ"}],
        "signers": [{"signerName": "Nguyễn Văn Mẫu"}],
    }
    record = one(json.dumps(row).encode(), "a.json", A_DECREE.encode())
    assert (record.source, record.issuer, record.signer) == ("phapluat.gov.vn; 0-1", "Chính phủ", "Nguyễn Văn Mẫu")
    assert (str(record.effective_on), record.official_status, record.notes) == ("2020-01-01", "in_force", ())
    assert record.is_official_copy
    assert not one(A_DECREE.encode()).is_official_copy
    with pytest.raises(RecordError, match="Put the text into a file of the same name"):
        one(json.dumps(row).encode())
    with pytest.raises(RecordError, match="organs: not a list"):
        one(json.dumps(row | {"organs": "x"}).encode(), "a.json", A_DECREE.encode())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("LuËt nµy quy ®Þnh vÒ mÉu\n§iÒu 1. Ph¹m vi ®iÒu chØnh\n§iÒu 2. Gi¶i thÝch tõ ng÷", "TCVN3"),
        ("Luaät naøy quy ñònh veà maãu\nÑieàu 1. Phaïm vi ñieàu chænh\nÑieàu 2. Giaûi thích töø ngöõ", "VNI"),
    ],
)
def test_text_in_an_old_encoding_is_refused_in_words_whatever_file_it_comes_in(text, name):
    for content in (text.encode(), text.encode("cp1252"), a_docx(text), a_page(paragraphs(text))):
        with pytest.raises(RecordError, match=name):
            one(content)


def test_text_in_unicode_is_never_taken_for_an_old_encoding():
    legacy_encodings.refuse_legacy_encoding(A_LAW)
    legacy_encodings.refuse_legacy_encoding(
        "Ngân hàng HSBC, Đoàn Thị Hòe, tỷ lệ 5 ± 1 °C, § 5 BGB, São Paulo, Curaçao, «Mỹ»"
    )
    legacy_encodings.refuse_legacy_encoding(
        "Điều 1. Niño, El Niño, La Niña, jalapeño, España, mañana: hiện tượng thời tiết và tên riêng."
    )


OF_TCVN3 = dict(
    zip(
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĐ",
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\xadøõö÷ùýúûüþ§",
        strict=True,
    )
)
IN_UNICODE = (
    "Điều 2. Người được trồng\n1. Người thường trú tại xóm được trồng cây trong vườn.\n2. Trẻ em dưới sáu tuổi."
)


def in_tcvn3(text):
    return text.translate(str.maketrans(OF_TCVN3))


def a_mixed_law(part):
    return f"QUỐC HỘI\nLUẬT\nMẪU\nĐiều 1. Phạm vi\nVườn chung của xóm.\n{part}\nĐiều 3. Hiệu lực\nTừ nay."


def test_an_article_in_tcvn3_inside_a_unicode_text_is_converted_where_that_is_certain():
    record = one(a_docx(a_mixed_law(in_tcvn3(IN_UNICODE))))
    assert record.text == a_mixed_law(IN_UNICODE)
    (note,) = record.notes
    assert (note.code, "Điều 2. Người được trồng" in note.message) == ("mixed_encodings", True)
    assert "mixed_encodings" in heavy_notices.ALL_CODES
    capitals = in_tcvn3(IN_UNICODE).replace(in_tcvn3("Người được trồng"), "NG\xad\xeaI §\xad\xeeC TRåNG")
    assert "Điều 2. NGƯỜI ĐƯỢC TRỒNG\n1. Người thường" in one(a_docx(a_mixed_law(capitals))).text


@pytest.mark.parametrize(
    "spoilt",
    [
        in_tcvn3(IN_UNICODE).replace("\xad", ""),  # a program dropped the ư, and «ng­êi» reads «ngêi»: «ngời»
        in_tcvn3(IN_UNICODE) + " ®¶o\xadq",  # no syllable
        in_tcvn3(IN_UNICODE) + " Ж",  # a letter the encoding does not have
        "Ñieàu 2. Phaïm vi ñieàu chænh\nLuaät naøy quy ñònh veà vöôøn chung cuûa xoùm.",  # VNI
    ],
)
def test_a_part_in_an_old_encoding_that_is_not_certain_is_left_and_told_of(spoilt):
    record = one(a_docx(a_mixed_law(spoilt)))
    assert record.text == a_mixed_law(spoilt)
    codes = [notice.code for notice in parse_text(nfc(record.text)).warnings]
    assert codes.count("mixed_encodings") == 1
    assert note_codes(record) == []


def test_words_of_other_languages_are_no_old_encoding():
    for text in (
        A_LAW,
        "Gói thầu của Škoda, Noël, naïve, Müller, São Paulo; ký hiệu §5, ®, µ, 90°.",
        "Niño Köln Malmö",
    ):
        assert list(legacy_parts(nfc(a_mixed_law(text)))) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save it as .docx"),
        (b"{\\rtf1 }", "RTF"),
        (b"PK\x03\x04 broken", "the DOCX is damaged"),
        (a_docx(b"<w:p><w:r>"), "XML that cannot be read"),
        (b"%PDF-1.7\nbroken", "the PDF could not be read"),
        (a_pdf("\n"), "without a text layer"),
        (b"<html></html>", "the file is empty|no line names"),
        (b"{}", "not a document of the national portal"),
        (b"{" * 100_000, "not JSON|nested too deeply"),
        (b"\xff\xfe\x00", "not UTF-16"),
        (b"", "the file is empty"),
    ],
)
def test_a_file_that_holds_no_document_says_why(content, reason):
    with pytest.raises(RecordError, match=reason):
        one(content)


def test_a_page_in_another_encoding_is_read_as_it_says():
    text = paragraphs(A_DECREE)
    assert one(b"\xff\xfe" + a_page(text).decode().encode("utf-16-le")).number == "100/2019/NĐ-CP"
    root = html_pages.parse_html(b"<meta charset=windows-1258><p>M\xf5</p>")
    assert html_pages.visible_lines(root) == ["Mơ"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(
        [b"", b"<html>", b"<p class='pDieu'>", b"PK\x03\x04", b"{", b'{"docIdentity": "", "docType": {}']
    ),
    rest=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
)
def test_whatever_the_bytes_a_record_or_a_reason_comes_of_them(start, rest):
    for place, record in formats.records_in_bytes(start + rest, "any", rest):
        assert place >= 1
        assert isinstance(record, RecordError) or record.doc_type


def pages_of(*lines_of_pages):
    return ["\n".join(lines) for lines in lines_of_pages]


def test_rows_of_a_long_table_at_the_edges_of_pages_are_no_header():
    rows = [f"Nhóm {number} {number * 5}.000 đồng/vé" for number in range(1, 41)]
    pages = pages_of(*([*rows[at : at + 10], str(at // 10 + 1)] for at in range(0, 40, 10)))
    own = printed_pages.without_furniture(pages)
    assert (own.text.split("\n"), own.dropped) == (rows, 4)  # the four page numbers


def test_left_and_right_pages_have_headers_of_their_own():
    pages = pages_of(
        *(
            ["NGHỊ ĐỊNH 975/2024/NĐ-CP" if number % 2 else "Chính phủ - Văn bản quy phạm", f"{number}. Dòng luật.", "a"]
            for number in range(1, 9)
        )
    )
    own = printed_pages.without_furniture([page.replace("\na", f"\nCâu {at}.") for at, page in enumerate(pages)])
    assert "NGHỊ ĐỊNH 975" not in own.text.split("\n", 2)[2] and "Văn bản quy phạm" not in own.text
    assert all(f"{number}. Dòng luật." in own.text for number in range(1, 9))
