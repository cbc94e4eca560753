"""What a DOCX shows becomes the text, once and in its place; what it hides does not, or a person must decide."""

import html

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.documents.records import RecordError
from content.importing import formats, reading
from content.parsing import parse_text
from content.publishing import heavy_notices
from tests.files import W, a_docx, a_numbered_paragraph, a_word_list, word_lists

pytestmark = pytest.mark.django_db
HEAD = (
    "CHÍNH PHỦ\nSố: 100/2019/NĐ-CP\nHà Nội, ngày 30 tháng 12 năm 2019\nNGHỊ ĐỊNH\nVề mẫu\nCăn cứ Luật Mẫu;\n"
    "Điều 1. Một\n1. Khoản một."
)
VML = "urn:schemas-microsoft-com:vml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def one(*parts, entries=()):
    ((_, record),) = formats.records_in_bytes(
        a_docx(HEAD, *parts, entries=entries), "file", None, names=reading.known_names()
    )
    if isinstance(record, RecordError):
        raise record
    return record


def lines_after_the_head(record):
    return record.text.split("\n")[len(HEAD.split("\n")) :]


def notes(record):
    return {note.code: note.message for note in record.notes}


def a_run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def a_paragraph(*runs, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>".encode()


def styles(*written, defaults=""):
    xml = f"<w:docDefaults><w:rPrDefault><w:rPr>{defaults}</w:rPr></w:rPrDefault></w:docDefaults>{''.join(written)}"
    return "word/styles.xml", f'<w:styles xmlns:w="{W}">{xml}</w:styles>'


def a_style(name, properties="", *, kind="paragraph", base="", more="", is_default=False):
    usual = ' w:default="1"' if is_default else ""
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"{usual}>{based}{more}<w:rPr>{properties}</w:rPr></w:style>'


def a_text_box(*lines):
    """As Word writes it: as a drawing, and again as VML for older programs."""
    inside = "".join(a_paragraph(a_run(line)).decode() for line in lines)
    box = f"<w:txbxContent>{inside}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="wps"><w:drawing><x:txbx xmlns:x="urn:x">{box}'
        f'</x:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape xmlns:v="{VML}"><v:textbox>{box}</v:textbox>'
        "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def a_vml_box(line):
    box = a_paragraph(a_run(line)).decode()
    return f'<w:r><w:pict><v:textbox xmlns:v="{VML}"><w:txbxContent>{box}</w:txbxContent></v:textbox></w:pict></w:r>'


def a_field(instruction, result=None):
    middle = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{a_run(result)}' if result is not None else ""
    pieces = (instruction[:5], instruction[5:])  # Word may cut it anywhere
    code = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{which}"/></w:r>' for which in ("begin", "end"))
    return begin + code + middle + end


# -- text boxes


def test_a_text_box_is_read_once_where_it_is_anchored():
    record = one(
        a_paragraph(a_text_box("2. Khoản hai:", "a) trong hộp.")), a_paragraph(a_vml_box("3. Khoản ba.")), "4. Bốn."
    )
    assert lines_after_the_head(record) == ["2. Khoản hai:", "a) trong hộp.", "3. Khoản ba.", "4. Bốn."]
    assert notes(record) == {"text_boxes": "2 hộp chữ của Word, đã đọc vào chỗ chúng được neo: hãy so với bản in."}


def test_the_older_form_of_a_text_box_is_read_where_the_newer_has_no_words():
    choice = f'<mc:Choice Requires="x"><w:drawing/></mc:Choice><mc:Fallback>{a_vml_box("2. Khoản hai.")}</mc:Fallback>'
    both = f'<w:r><mc:AlternateContent xmlns:mc="{MC}">{choice}</mc:AlternateContent></w:r>'
    assert lines_after_the_head(one(a_paragraph(both))) == ["2. Khoản hai."]


def test_a_text_box_beside_words_does_not_cut_them_and_a_person_decides_about_its_place():
    before = a_paragraph(a_text_box("Bản sao"), a_run("2. Khoản hai."))
    after = a_paragraph(a_run("3. Khoản "), a_text_box("Ghi chú"), a_run("ba."))
    record = one(before, after)
    assert lines_after_the_head(record) == ["Bản sao", "2. Khoản hai.", "3. Khoản ba.", "Ghi chú"]
    assert list(notes(record)) == ["text_box_place"]
    assert "text_box_place" in heavy_notices.ALL_CODES


def test_a_text_box_in_a_table_belongs_to_its_cell_and_keeps_the_numbers_around_it():
    lists = word_lists(a_word_list(1, ("decimal", "%1.", 2)))
    boxed = a_paragraph(a_text_box("Mẫu nhỏ"))
    rows = [["STT", "Cây", "Mức"], ["1", boxed, "5"], ["2", "Mẫu lớn", "7"]]
    numbered = a_numbered_paragraph("Khoản hai.", 1).replace(b"</w:p>", a_text_box("Hộp").encode() + b"</w:p>")
    record = one(rows, numbered, a_numbered_paragraph("Khoản ba.", 1), entries=[lists])
    assert lines_after_the_head(record) == [
        "STT\tCây\tMức", "1\tMẫu nhỏ\t5", "2\tMẫu lớn\t7", "2. Khoản hai.", "Hộp", "3. Khoản ba."
    ]  # fmt: skip


# -- fields, formulas, symbols, other parts


def test_a_number_that_word_counts_only_when_it_shows_it_is_told_of_as_lost():
    record = one(
        a_paragraph(a_field("LISTNUM NumberDefault \\l 1"), a_run(" Khoản hai;")),
        a_paragraph('<w:fldSimple w:instr=" AUTONUM "/>', a_run(" Khoản ba;")),
        a_paragraph(a_field(" SEQ khoan ", "4"), a_run(". Khoản bốn.")),
        a_paragraph(a_field("LISTNUM", "5."), a_run(" Khoản năm.")),
    )
    assert lines_after_the_head(record) == ["Khoản hai;", "Khoản ba;", "4. Khoản bốn.", "5. Khoản năm."]
    assert {code: words.split()[0] for code, words in notes(record).items()} == {"automatic_numbers": "2"}


def test_instructions_of_fields_are_no_text_and_a_broken_field_loses_nothing_that_follows():
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    inside = f"{begin}<w:r><w:instrText> IF </w:instrText></w:r>{a_field(' PAGE ', '17')}"
    result = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{a_run("2. Khoản hai.")}'
    whole = inside + result + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    record = one(a_paragraph(whole), a_paragraph(begin), "3. Khoản ba.")
    assert lines_after_the_head(record) == ["2. Khoản hai.", "3. Khoản ba."]


def test_a_formula_is_written_on_one_line_and_a_person_compares_it():
    def m(name, inside):
        return f'<m:{name} xmlns:m="{MATH}">{inside}</m:{name}>'

    def text(words):
        return m("r", m("t", words))

    formula = m(
        "oMath",
        text("T=")
        + m("f", m("num", text("A+B")) + m("den", text("C")))
        + m("sSup", m("e", text("x")) + m("sup", text("2"))),
    )
    record = one(a_paragraph(a_run("2. Tính: "), formula, a_run(".")))
    assert lines_after_the_head(record) == ["2. Tính: T=(A+B)/(C)x^(2)."]
    assert list(notes(record)) == ["formulas"]


def test_symbols_of_a_font_become_letters_and_unknown_ones_are_marked_as_unreadable():
    def symbol(font, code):
        return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'

    record = one(
        a_paragraph(a_run("2. Cao "), symbol("Symbol", "F0B3"), a_run(" 5 m;")),
        a_paragraph(symbol("Wingdings", "F0A8"), a_run(" Có")),
        a_paragraph(symbol("Lạ", "F041"), symbol("Symbol", "zz"), a_run(" hỏng")),
    )
    assert lines_after_the_head(record) == ["2. Cao ≥ 5 m;", "☐ Có", "\ufffd\ufffd hỏng"]


def test_footnotes_and_endnotes_follow_the_text_without_what_is_hidden_in_them():
    def part(name, words):
        notes = f'<w:{name} w:id="1"><w:p>{a_run(words)}{a_run(" Ẩn.", "<w:vanish/>")}</w:p></w:{name}>'
        return f"word/{name}s.xml", f'<w:{name}s xmlns:w="{W}">{notes}</w:{name}s>'

    both = '<w:r><w:endnoteReference w:id="1"/></w:r>' + a_run(" và ") + '<w:r><w:footnoteReference w:id="1"/></w:r>'
    record = one(
        a_paragraph(a_run("2. Hai"), both), entries=[part("footnote", "Chân trang."), part("endnote", "Cuối.")]
    )
    assert lines_after_the_head(record) == ["2. Hai[1] và [2]", "[1] Cuối.", "[2] Chân trang."]
    assert notes(record)["hidden_text"].startswith("2 chỗ")


def test_pictures_and_files_in_the_file_are_told_of():
    picture = (
        '<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:drawing></w:r>'
    )
    record = one(a_paragraph(picture), b'<w:altChunk w:id="rId9"/>')
    assert list(notes(record)) == ["outside_parts", "pictures"]


# -- what is hidden


@pytest.mark.parametrize(
    ("sheet", "paragraph"),
    [
        ([a_style("An", "<w:vanish/>")], a_paragraph(a_run("2. Ẩn."), properties='<w:pStyle w:val="An"/>')),
        (
            [a_style("Goc", "<w:vanish/>"), a_style("Giua", base="Goc"), a_style("An", "<w:b/>", base="Giua")],
            a_paragraph(a_run("2. Ẩn."), properties='<w:pStyle w:val="An"/>'),
        ),
        ([a_style("An", "<w:vanish/>", kind="character")], a_paragraph(a_run("2. Ẩn.", '<w:rStyle w:val="An"/>'))),
        ([], a_paragraph(a_run("2. Ẩn.", "<w:vanish/>"))),
    ],
)
def test_text_hidden_by_a_style_is_left_out_and_quoted(sheet, paragraph):
    shown = a_paragraph(a_run("3. Hiện."), properties='<w:pStyle w:val="Hien"/>')
    record = one(paragraph, shown, entries=[styles(*sheet)])
    assert "2. Ẩn." not in lines_after_the_head(record)
    assert lines_after_the_head(record)[-1:] == ["3. Hiện."]
    assert "«2. Ẩn.»" in notes(record)["hidden_text"]


def test_text_hidden_by_the_defaults_is_left_out_unless_a_run_says_otherwise():
    for sheet in (styles(defaults="<w:vanish/>"), styles(a_style("Thuong", "<w:vanish/>", is_default=True))):
        with pytest.raises(RecordError):  # nothing of it is shown
            one(entries=[sheet])
    record = one(
        a_paragraph(a_run("2. Hiện.", '<w:vanish w:val="0"/>'), properties='<w:pStyle w:val="An"/>'),
        a_paragraph(a_run("3. Hiện.", '<w:rStyle w:val="AnChu"/>'), properties='<w:pStyle w:val="An"/>'),
        entries=[styles(a_style("An", "<w:vanish/>"), a_style("AnChu", "<w:vanish/>", kind="character"))],
    )
    assert lines_after_the_head(record) == ["2. Hiện.", "3. Hiện."]  # two styles that hide undo each other


def test_a_hidden_paragraph_has_no_number():
    lists = word_lists(a_word_list(1, ("decimal", "%1.", 2)))
    hidden = a_numbered_paragraph("Ẩn.", 1, style="An")
    record = one(hidden, a_numbered_paragraph("Hiện.", 1), entries=[lists, styles(a_style("An", "<w:vanish/>"))])
    assert lines_after_the_head(record) == ["2. Hiện."]


def test_a_tracked_deletion_is_left_out_and_quoted_also_of_a_row():
    deletion = '<w:del w:id="1"><w:r><w:delText>2. Đã xóa.</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="2">{a_run("Chuyển")}</w:moveFrom><w:moveTo w:id="3">{a_run("3. Chuyển.")}</w:moveTo>'
    rows = "".join(
        f"<w:tr><w:trPr>{mark}</w:trPr>{''.join(f'<w:tc><w:p>{a_run(cell)}</w:p></w:tc>' for cell in row)}</w:tr>"
        for mark, row in (("", ("A", "B", "C")), ('<w:del w:id="4"/>', ("D", "E", "F")), ("", ("G", "H", "I")))
    )
    record = one(a_paragraph(deletion), a_paragraph(moved), f"<w:tbl>{rows}</w:tbl>".encode())
    assert lines_after_the_head(record) == ["3. Chuyển.", "A\tB\tC", "G\tH\tI"]
    assert "«2. Đã xóa.»" in notes(record)["tracked_changes"]
    assert "2 chỗ bị xóa" in notes(record)["tracked_changes"]
    assert "«D E F»" in notes(record)["tracked_changes"]


# -- what a person must decide


WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    ("code", "properties"),
    [
        ("struck_text", "<w:strike/>"),
        ("struck_text", "<w:dstrike/>"),
        ("struck_text", '<w:rStyle w:val="Gach"/>'),
        ("unseen_text", WHITE),
        ("unseen_text", '<w:color w:val="FEFEFE"/>'),
        ("unseen_text", '<w:sz w:val="2"/>'),
        ("unseen_text", '<w:color w:val="000000"/><w:highlight w:val="black"/>'),
        ("unseen_text", '<w:color w:val="1F3864"/><w:shd w:val="clear" w:fill="1F3864"/>'),
    ],
)
def test_text_that_is_struck_out_or_cannot_be_seen_stays_and_a_person_decides(code, properties):
    sheet = styles(a_style("Gach", "<w:strike/>", kind="character"))
    record = one(a_paragraph(a_run("2. Khoản "), a_run("hai", properties), a_run(".")), entries=[sheet])
    assert lines_after_the_head(record) == ["2. Khoản hai."]
    assert list(notes(record)) == [code]
    assert "«hai»" in notes(record)[code]
    assert code in heavy_notices.ALL_CODES


def a_cell(text, shade="", properties=WHITE):
    return f"<w:tc><w:tcPr>{shade}</w:tcPr><w:p>{a_run(text, properties)}</w:p></w:tc>"


def a_table_of(*cells, properties=""):
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tr>{''.join(cells)}</w:tr></w:tbl>".encode()


DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>'
FIRST_ROW = f'<w:tblStylePr w:type="firstRow"><w:rPr>{WHITE}</w:rPr><w:tcPr>{DARK}</w:tcPr></w:tblStylePr>'


@pytest.mark.parametrize(
    "part",
    [
        a_table_of(a_cell("Trắng trên nền xanh", DARK)),
        a_table_of(a_cell("Trắng trên nền đen", '<w:shd w:val="solid" w:color="000000" w:fill="auto"/>')),
        a_table_of(a_cell("Trắng trong bảng xanh"), properties=DARK),
        a_table_of(a_cell("Trắng trong bảng có kiểu"), properties='<w:tblStyle w:val="Bang"/>'),
        a_table_of(f"<w:tc><w:tcPr>{DARK}</w:tcPr>{a_table_of(a_cell('Bảng trong bảng')).decode()}</w:tc>"),
        a_paragraph(a_run("Trắng trên đoạn xanh", WHITE), properties=DARK),
        a_paragraph(a_run("Trắng theo kiểu xanh", WHITE), properties='<w:pStyle w:val="Xanh"/>'),
        a_paragraph(a_run("Trắng tô xanh", WHITE + '<w:highlight w:val="darkBlue"/>')),
        a_paragraph(a_run("Màu tự động", '<w:color w:val="auto"/>')),
        a_paragraph(a_run("Xám đọc được", '<w:color w:val="808080"/>')),
        a_paragraph(a_run("Hoa văn", WHITE + '<w:shd w:val="pct50" w:color="000000" w:fill="FFFFFF"/>')),
        a_paragraph(a_run("Cỡ thường", '<w:sz w:val="12"/>')),
        a_paragraph(a_run("Không gạch", '<w:strike w:val="false"/>')),
        a_paragraph(a_run("   ", "<w:strike/>"), a_run("Chỉ gạch chỗ trống")),
    ],
)
def test_white_text_on_a_dark_ground_and_other_visible_text_is_not_doubted(part):
    sheet = styles(
        a_style("Bang", kind="table", more=FIRST_ROW), a_style("Xanh", more=f"<w:pPr>{DARK}</w:pPr>")
    )  # fmt: skip
    assert notes(one(part, entries=[sheet])) == {}


def test_a_white_word_in_a_cell_that_is_white_on_a_dark_table_is_doubted():
    white = '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
    record = one(a_table_of(a_cell("Không ai thấy", white), properties=DARK))
    assert list(notes(record)) == ["unseen_text"]


def test_many_doubtful_passages_are_counted_and_the_first_three_are_quoted():
    passages = [a_paragraph(a_run(f"{number}. " + "chữ " * 100, "<w:strike/>")) for number in range(2, 9)]
    message = notes(one(*passages))["struck_text"]
    assert message.startswith("7 chỗ") and "và 4 chỗ khác" in message
    assert len(message) < 600


# -- superscripts, symbols, changes, tables


def a_raised_run(text, place="superscript"):
    return a_run(text, f'<w:vertAlign w:val="{place}"/>')


def test_superscripts_and_subscripts_do_not_join_the_number_or_word_before_them():
    record = one(
        a_paragraph(a_run("2. Là 10"), a_raised_run("6"), a_run(" Pa; 10"), a_raised_run("-"), a_raised_run("3 ")),
        a_paragraph(a_run("3. Phạt 200"), a_raised_run("1"), a_run(" triệu đồng, đất 5 m"), a_raised_run("2")),
        a_paragraph(a_run("4. CO"), a_raised_run("2", "subscript"), a_run("; x"), a_raised_run("n+1"), a_run(".")),
        a_paragraph(a_run("5. N"), a_raised_run("t", "superscript"), a_raised_run("b"), a_run(" và N")),
        a_paragraph(a_run("6. V"), a_raised_run("đm", "subscript"), a_run(" khác.")),
        a_paragraph(a_run("7"), a_raised_run("."), a_run(" Thường"), a_raised_run(", nhỏ", "baseline")),
        a_paragraph(a_raised_run("8. Cả một đoạn văn bản chỉ được in nhỏ.")),
    )
    assert lines_after_the_head(record) == [
        "2. Là 10⁶ Pa; 10⁻³", "3. Phạt 200¹ triệu đồng, đất 5 m²", "4. CO₂; xⁿ⁺¹.", "5. N^(tb) và N", "6. V_(đm) khác.",
        "7. Thường, nhỏ", "8. Cả một đoạn văn bản chỉ được in nhỏ.",
    ]  # fmt: skip


def test_a_raised_letter_o_or_nought_before_a_scale_is_the_sign_of_degrees():
    record = one(
        a_paragraph(a_run("2. Ở 30"), a_raised_run("o"), a_run("C, 86"), a_raised_run("0"), a_run("F.")),
        a_paragraph(a_run("3. Nhiệt độ ("), a_raised_run("o"), a_run("C) là 5"), a_raised_run("oC"), a_run(".")),
        a_paragraph(a_run("4. Là 10"), a_raised_run("0"), a_run("Cho x"), a_raised_run("0"), a_run("C.")),
    )
    assert lines_after_the_head(record) == ["2. Ở 30°C, 86°F.", "3. Nhiệt độ (°C) là 5°C.", "4. Là 10⁰Cho x⁰C."]


def test_raised_runs_that_follow_each_other_are_one_exponent():
    record = one(
        a_paragraph(a_run("2. x"), a_raised_run("2"), a_raised_run("a"), a_raised_run("3"), a_run(" + 1")),
        a_paragraph(
            a_run("3. y"), a_raised_run(" -1"), a_raised_run("k"), a_run(" và CO"), a_raised_run("2", "subscript")
        ),
        a_paragraph(a_run("4. x"), a_raised_run("2", "subscript"), a_raised_run("a")),
    )
    assert lines_after_the_head(record) == ["2. x^(2a3) + 1", "3. y ^(-1k) và CO₂", "4. x₂^(a)"]


def test_raised_marks_of_notes_leave_articles_and_clauses_what_they_are():
    record = one(
        a_paragraph(a_run("2"), a_raised_run("1"), a_run(". Hai.")),
        a_paragraph(a_run("3."), a_raised_run("[2]"), a_run(" Ba.")),
        a_paragraph(a_run("Điều 2"), a_raised_run("3"), a_run(". Tên")),
        "1. Một.",
        a_paragraph(a_run("Điều 3."), a_raised_run("4"), a_run(" Tên")),
    )
    assert lines_after_the_head(record) == ["2¹. Hai.", "3.[2] Ba.", "Điều 2³. Tên", "1. Một.", "Điều 3.⁴ Tên"]
    parsed = parse_text(record.text)
    assert [each.code for each in parsed.warnings] == []


def test_letters_that_are_put_higher_or_lower_by_hand_do_not_join_the_number_before_them():
    raised, lowered, little = (f'<w:position w:val="{height}"/>' for height in ("6", "-6", "2"))
    record = one(
        a_paragraph(
            a_run("1. 10"), a_run("6", raised), a_run(" m"), a_run("3", raised), a_run(" CO"), a_run("2", lowered)
        ),
        a_paragraph(a_run("2. Số 10"), a_run("6", little)),
        a_paragraph(a_run("3. Cả dòng cao hơn", raised)),
    )
    assert lines_after_the_head(record) == ["1. 10⁶ m³ CO₂", "2. Số 106", "3. Cả dòng cao hơn"]


def test_a_run_that_is_put_back_on_the_line_is_no_superscript():
    sheet = styles(a_style("Cao", '<w:position w:val="6"/>', kind="character"))
    back = '<w:rStyle w:val="Cao"/><w:position w:val="0"/>'
    record = one(a_paragraph(a_run("1. 10"), a_run("6", back)), entries=[sheet])
    assert lines_after_the_head(record) == ["1. 106"]


def test_tracked_changes_of_cells_and_of_numbers_are_told():
    cells = "".join(
        f"<w:tc><w:tcPr>{change}</w:tcPr><w:p>{a_run(text)}</w:p></w:tc>"
        for text, change in (("A", '<w:cellIns w:id="1"/>'), ("B", '<w:cellDel w:id="2"/>'), ("C", ""))
    )
    numbering = (
        '<w:pPrChange w:id="3"><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    )
    record = one(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>".encode(), a_paragraph(a_run("1. Một."), properties=numbering))
    told = notes(record)["tracked_changes"]
    assert ("2 ô của bảng" in told, "1 đoạn được đổi cách đánh số" in told) == (True, True)
    in_it = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    aligned = a_paragraph(
        a_run("Một."), properties=f'{in_it}<w:pPrChange w:id="3"><w:pPr>{in_it}</w:pPr></w:pPrChange>'
    )
    assert "tracked_changes" not in notes(one(aligned))  # only its alignment was changed
    unchanged = f"<w:tbl><w:tr>{cells.replace('cellIns', 'x').replace('cellDel', 'x')}</w:tr></w:tbl>".encode()
    assert "tracked_changes" not in notes(one(unchanged, a_paragraph(a_run("1. Một."))))


def test_a_superscript_by_a_style_is_one_and_a_note_does_not_join_a_number():
    sheet = styles(a_style("Mu", '<w:vertAlign w:val="superscript"/>', kind="character"))
    note = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    part = (
        "word/footnotes.xml",
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="1"><w:p>{a_run("Cũ.")}</w:p></w:footnote></w:footnotes>',
    )
    record = one(
        a_paragraph(a_run("2. Là 10"), a_run("6", '<w:rStyle w:val="Mu"/>')),
        a_paragraph(a_run("3. Phạt 200"), note, a_run(" triệu đồng.")),
        entries=[sheet, part],
    )  # fmt: skip
    assert lines_after_the_head(record) == ["2. Là 10⁶", "3. Phạt 200[1] triệu đồng.", "[1] Cũ."]


def in_font(name, text):
    return a_run(text, f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>')


def test_letters_in_the_font_symbol_become_the_signs_that_word_shows():
    record = one(
        a_paragraph(a_run("2. Nồng độ "), in_font("Symbol", "\uf0b3"), a_run(" 50 và "), in_font("Symbol", "£ 80")),
        a_paragraph(a_run("3. Dốc "), in_font("Symbol", "³"), a_run(" 10 % "), in_font("Symbol", "± ´ ¹ \uf06d a")),
        a_paragraph(a_run("4. A "), in_font("Wingdings", "\uf0e0"), a_run(" B")),
        a_paragraph(in_font("Symbol", "\uf0b7"), a_run(" Gạch đầu dòng")),
    )
    assert lines_after_the_head(record) == [
        "2. Nồng độ ≥ 50 và ≤ 80", "3. Dốc ≥ 10 % ± × ≠ μ α", "4. A → B", "• Gạch đầu dòng"
    ]  # fmt: skip
    assert notes(record) == {}


def test_pictures_of_wingdings_are_numbers_and_boxes_apart_and_bullets_only_where_a_paragraph_begins():
    record = one(
        a_paragraph(a_run("2. Mục "), in_font("Wingdings", "\uf081 \uf08a \uf08c \uf095")),
        a_paragraph(in_font("Wingdings", "\uf0fe"), a_run(" Có "), in_font("Wingdings", "\uf0fd"), a_run(" Không")),
        a_paragraph(in_font("Wingdings 2", "\uf052"), a_run(" Có "), in_font("Wingdings 2", "\uf0a3"), a_run(" Không")),
        a_paragraph(in_font("Wingdings", "A "), a_run("Gạch đầu dòng")),
        a_paragraph('<w:r><w:sym w:font="Wingdings 3" w:char="F07D"/></w:r>', a_run(" Mục")),
    )
    assert lines_after_the_head(record) == [
        "2. Mục ① ⑩ ❶ ❿", "☑ Có ☒ Không", "☑ Có ☐ Không", "• Gạch đầu dòng", "• Mục"
    ]  # fmt: skip
    assert notes(record) == {}


@pytest.mark.parametrize(
    ("run", "shown"),
    [
        (in_font("Wingdings", "cho vay"), "cho vay"),
        (in_font("Wingdings", "\uf041"), "\ufffd"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F041"/></w:r>', "\ufffd"),
        (in_font("Symbol", "cho vay"), "cho vay"),
        (in_font("Symbol", "\uf0f0"), "\ufffd"),
        (in_font("Times New Roman", "\uf0b3"), "\uf0b3"),
        ('<w:r><w:sym w:font="Lạ" w:char="F041"/></w:r>', "\ufffd"),
    ],
)
def test_a_sign_that_is_not_known_for_certain_stops_the_publication(run, shown):
    record = one(a_paragraph(a_run("2. Nồng độ "), run, a_run(" 50")))
    assert lines_after_the_head(record) == [f"2. Nồng độ {shown} 50"]
    assert f"«{shown}»" in notes(record)["unknown_symbols"]
    assert "unknown_symbols" in heavy_notices.ALL_CODES


def a_change(kind, inside):
    return f'<w:{kind} w:id="1" w:author="a">{inside}</w:{kind}>'


def test_changes_that_nobody_accepted_are_quoted_and_stop_the_publication():
    deleted = a_change("del", "<w:r><w:delText>20</w:delText></w:r>")
    row = f"<w:tr><w:trPr>{a_change('ins', '')}</w:trPr><w:tc><w:p>{a_run('Ô mới')}</w:p></w:tc></w:tr>"
    record = one(
        a_paragraph(a_change("ins", a_run("2. Đề nghị 90 triệu (ý kiến)."))),
        a_paragraph(a_run("3. Phạt "), deleted, a_change("ins", a_run("50")), a_run(" triệu.")),
        f"<w:tbl>{row}</w:tbl>".encode(),
        a_paragraph(a_run("4. Bốn."), properties=f"<w:rPr>{a_change('ins', '')}</w:rPr>"),
        a_paragraph(a_change("moveTo", a_run("5. Năm."))),
    )
    kept = ["2. Đề nghị 90 triệu (ý kiến).", "3. Phạt 50 triệu.", "Ô mới", "4. Bốn.", "5. Năm."]
    assert lines_after_the_head(record) == kept
    assert list(notes(record)) == ["tracked_changes"]
    message = notes(record)["tracked_changes"]
    assert "5 chỗ thêm vào, còn nằm trong văn bản: «2. Đề nghị 90 triệu (ý kiến).», «50», «Ô mới» và 2" in message
    assert "1 chỗ bị xóa, đã bỏ ra khỏi văn bản: «20»" in message
    assert "tracked_changes" in heavy_notices.ALL_CODES


def test_a_table_of_two_rows_and_two_columns_keeps_its_rows():
    record = one("2. Mức phạt:", [["Hành vi", "Mức phạt"], ["Vượt đèn đỏ", "5 triệu đồng"]], "3. Ba.")
    assert lines_after_the_head(record) == ["2. Mức phạt:", "Hành vi\tMức phạt", "Vượt đèn đỏ\t5 triệu đồng", "3. Ba."]


def test_a_table_that_puts_signatures_beside_each_other_stays_lines():
    record = one([["BỘ TRƯỞNG BỘ A", "KT. BỘ TRƯỞNG BỘ B"], ["Trần Minh", "Lê Hoa"]])
    assert lines_after_the_head(record) == ["BỘ TRƯỞNG BỘ A", "KT. BỘ TRƯỞNG BỘ B", "Trần Minh", "Lê Hoa"]


def test_numbers_of_word_with_the_name_of_the_unit_are_marks_of_the_law():
    lists = word_lists(a_word_list(1, ("decimal", "Khoản %1.", 2), ("lowerLetter", "Điểm %2.", 1)))
    record = one(
        a_numbered_paragraph("Gồm:", 1), a_numbered_paragraph("một;", 1, 1), a_numbered_paragraph("hai.", 1, 1),
        a_numbered_paragraph("Khác.", 1), entries=[lists],
    )  # fmt: skip
    assert lines_after_the_head(record) == ["2. Gồm:", "a) một;", "b) hai.", "3. Khác."]
    assert notes(record)["named_numbers"].startswith("4 số")


def test_one_clause_in_an_old_encoding_inside_a_text_in_unicode_is_heavy():
    readable = "Tổ chức được thực hiện việc kiểm tra theo quy định của pháp luật."
    for clause in (
        "2. C¬ quan nhµ n\xadíc kiÓm tra viÖc thùc hiÖn NghÞ ®Þnh nµy.",
        "2. C¬ quan nhµ níc kiÓm tra viÖc thùc hiÖn NghÞ ®Þnh nµy.",
    ):
        text = one(clause, f"3. {readable}").text
        record_notes = notes(one(clause, f"3. {readable}"))
        found = {each.code for each in parse_text(text).warnings} | set(record_notes)
        assert "mixed_encodings" in found


def test_what_word_shows_in_capitals_is_in_capitals():
    caps = "<w:caps/>"
    decree = a_docx(
        "CHÍNH PHỦ\nSố: 100/2019/NĐ-CP", a_paragraph(a_run("Nghị định", caps)),
        a_paragraph(a_run("Về mẫu "), a_run("và thử", caps)), "Căn cứ Luật Mẫu;\nĐiều 1. Một\nMột.",
    )  # fmt: skip
    ((_, record),) = formats.records_in_bytes(decree, "file", None, names=reading.known_names())
    assert (record.doc_type, record.text.split("\n")[2:4]) == ("decree", ["NGHỊ ĐỊNH", "Về mẫu VÀ THỬ"])
    titles = styles(a_style("Title", caps))
    shown = one(a_paragraph(a_run("Chương i"), a_run(" việc", '<w:caps w:val="0"/>'),
                            properties='<w:pStyle w:val="Title"/>'), entries=[titles])  # fmt: skip
    assert lines_after_the_head(shown) == ["CHƯƠNG I việc"]


# -- files that are not as they should be


NAMES = (
    "p", "r", "t", "pPr", "rPr", "tbl", "tr", "tc", "tcPr", "tblPr", "trPr", "shd", "vanish", "color", "sz", "del",
    "ins", "moveFrom", "txbxContent", "pict", "fldChar", "instrText", "numPr", "numId", "ilvl", "lvl", "num",
    "abstractNum", "lvlOverride", "startOverride", "lvlText", "numFmt", "style", "basedOn", "docDefaults", "rPrDefault",
    "tblStylePr", "footnote", "footnoteReference", "sym", "br", "pStyle", "rStyle", "tblStyle",
)  # fmt: skip
ATTRIBUTES = (
    "val", "ilvl", "numId", "abstractNumId", "styleId", "type", "default", "fill", "color", "fldCharType", "id", "font",
    "char",
)  # fmt: skip
VALUES = st.sampled_from(
    ["", "0", "1", "-1", "99999999999", "a", "true", "begin", "end", "separate", "FFFFFF", "solid", "đ"]
)
TREES = st.recursive(
    st.text("aĐ1. ", max_size=5),
    lambda inside: st.tuples(
        st.sampled_from(NAMES),
        st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=2),
        st.lists(inside, max_size=4),
    ),
    max_leaves=20,
)


def xml_of(tree, *, is_root=False):
    if isinstance(tree, str):
        return html.escape(tree) if not is_root else f'<w:p xmlns:w="{W}"/>'
    name, attributes, inside = tree
    said = "".join(f' w:{key}="{value}"' for key, value in attributes.items())
    space = f' xmlns:w="{W}"' if is_root else ""
    return f"<w:{name}{space}{said}>{''.join(map(xml_of, inside))}</w:{name}>"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES, TREES, TREES, TREES)
def test_whatever_the_elements_of_a_docx_a_record_or_a_reason_comes_of_them(body, lists, sheet, notes):
    parts = (("numbering", lists), ("styles", sheet), ("footnotes", notes))
    entries = [(f"word/{name}.xml", xml_of(tree, is_root=True)) for name, tree in parts]
    reference = b'<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    content = a_docx(HEAD, xml_of(body).encode(), reference, entries=entries)
    ((_, record),) = formats.records_in_bytes(content, "file", None, names=reading.known_names())
    assert isinstance(record, RecordError) or record.text


@pytest.mark.parametrize("root", ["lvl", "startOverride", "abstractNum", "num", "numFmt"])
def test_a_part_of_lists_with_another_root_loses_no_text(root):
    record = one(entries=[("word/numbering.xml", f'<w:{root} xmlns:w="{W}" w:ilvl="1"/>')])
    assert record.text == HEAD


def test_a_few_words_in_the_font_of_an_old_encoding_are_told_and_heavy():
    old = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'
    for words in ("2. MÉu ®á.", "2. Kh«ng.", "2. C¸c mÉu."):
        found = notes(one(a_paragraph(a_run(words, old))))
        assert list(found) == ["mixed_encodings"] and words.partition(". ")[2] in found["mixed_encodings"]
        assert notes(one(a_paragraph(a_run(words)))) == {}  # without the font it may be another language
    for words in ("2. Công an xã.", "2. Mẫu đỏ.", "2. Muster."):  # Unicode that kept its old font
        assert notes(one(a_paragraph(a_run(words, old)))) == {}
