"""Laws as people paste and scan them: what pasting and printing did is undone, with a notice, and nothing is lost."""

import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.law.unit_numbers import number_order
from content.law.units import UnitKind
from content.parsing import parse_text
from content.text.vietnamese import nfc, without_marks

LAW = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh và đối tượng áp dụng của quy định về vườn chung trong xóm, trong tổ dân phố và khu nhà
Quy định này nói về việc lập, chăm sóc và chia hoa trái của vườn chung; việc ghi sổ vườn chung theo quy định tại \
Điều 2 của quy định này; trách nhiệm của người giữ vườn, người giữ sổ và các hộ cùng trồng theo quy định tại các khoản \
1 và 2 Điều 3. Việc tưới vườn theo lịch chung.
Điều 2. Ghi sổ
1. Người giữ sổ ghi vào sổ vườn những điều sau đây khi có từ ba hộ cùng xin lập vườn và đã chọn được nơi lập vườn:
a) Tên vườn, tên các hộ cùng trồng, ngày lập vườn và sơ đồ các luống của từng hộ trong vườn chung của xóm;
b) Tên người giữ vườn.
2. Ai hỏi xem sổ thì được xem ngay trong ngày, trừ ngày mưa to và ngày lễ theo quy định của xóm hoặc của tổ dân phố.
Điều 3. Sửa đổi, bổ sung một số điều của Quy định về tưới vườn
1. Sửa đổi Điều 4 như sau:
“Điều 4. Lịch tưới
1. Mỗi hộ tưới vườn một buổi trong tuần, hộ bận việc được đổi buổi với hộ khác và báo cho người giữ sổ ghi lại.
2. Ngày mưa thì không phải tưới.”.
2. Bãi bỏ Điều 5.
"""
EIDS = [unit.eid for unit in parse_text(LAW).units]


def eids(text):
    return [unit.eid for unit in parse_text(text).units]


def codes(text):
    return [notice.code for notice in parse_text(text).warnings]


def wrapped(text, width=90):
    return "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in text.split("\n"))


def test_the_clean_law_is_read_without_a_notice():
    assert EIDS[-3:] == ["art_3", "art_3__clause_1", "art_3__clause_2"]
    assert codes(LAW) == []


@pytest.mark.parametrize("width", range(70, 101, 5))
def test_lines_broken_at_a_margin_are_joined(width):
    text = wrapped(LAW, width)
    assert eids(text) == EIDS
    assert codes(text) == ["wrapped_lines"]
    assert parse_text(text).units[1].heading == parse_text(LAW).units[1].heading


def test_a_wrapped_line_that_begins_with_an_article_is_none():
    sentence = "1. Việc ghi sổ vườn chung của xóm, của tổ dân phố và của khu nhà theo quy định tại"
    text = f"Điều 1. Ghi sổ\n{sentence}\nĐiều 2. Người giữ sổ ghi\nngay trong ngày.\nĐiều 2. Xem sổ\nAi cũng được xem."
    assert eids(text) == ["art_1", "art_1__clause_1", "art_2"]


def test_page_numbers_and_running_headers_are_no_part_of_a_sentence():
    lines = wrapped(LAW).split("\n")
    for number, at in enumerate((20, 12, 6), start=1):
        lines[at:at] = [f"Trang {4 - number}", f"CÔNG BÁO/Số {4 - number} + 9/Ngày 15-8-2024"]
    text = "\n".join(lines)
    assert eids(text) == EIDS
    assert set(codes(text)) == {"wrapped_lines", "page_furniture"}


def test_a_column_of_numbers_is_no_page_number():
    text = "Điều 1. Thuế\nBậc\n1\n2\n3\nMức\n5\n10\n15\nHết.\nĐiều 2. Hiệu lực\nTừ năm nay."
    assert codes(text) == []


def test_row_numbers_of_a_table_a_page_apart_are_no_page_numbers():
    goods = ("Thuốc", "Rượu", "Bia", "Xe", "Xăng", "Máy lạnh", "Bài lá")
    rows = "\n".join(f"{number}\n{name}\n" + "Từ năm nay\n70\n" * 7 for number, name in enumerate(goods, 1))
    text = f"Điều 1. Thuế suất\nBiểu thuế:\nSTT\n{rows}" + "".join(
        f"Điều {n}. Việc {n}\nLàm việc đó.\n" for n in range(2, 60)
    )
    assert "page_furniture" not in codes(text)
    table_alone = f"Điều 1. Thuế suất\nBiểu thuế:\nSTT\n{rows}"
    assert "page_furniture" not in codes(table_alone)


def test_bare_page_numbers_through_the_whole_text_are_no_part_of_it():
    lines = [line for n in range(1, 31) for line in (f"Điều {n}. Việc {n}", "Làm việc đó.", "Rồi nghỉ.")]
    for number, at in ((3, 75), (2, 45), (1, 15)):
        lines.insert(at, str(number))
    structure = parse_text("\n".join(lines))
    assert [notice.message for notice in structure.warnings if notice.code == "page_furniture"] == [
        "Có 3 dòng là số trang hoặc tiêu đề trang còn trong văn bản: bộ đọc bỏ qua, hãy xóa."
    ]


@pytest.mark.parametrize(("letter", "own"), [("\u0441", "c"), ("\u0430", "a"), ("\u0435", "e")])
def test_a_cyrillic_letter_marks_the_point_that_it_looks_like_and_is_told(letter, own):
    points = "".join(f"{mark}) việc {mark};\n" for mark in "abcdđe")
    text = f"Điều 1. Việc\n1. Gồm:\n{points}2. Hết."
    cyrillic = text.replace(f"{own}) việc", f"{letter}) việc")
    assert eids(cyrillic) == eids(text)
    (notice,) = parse_text(cyrillic).warnings
    assert (notice.code, cyrillic[notice.start]) == ("foreign_letter", letter)


def test_a_word_in_another_alphabet_is_no_mistake():
    assert codes("Điều 1. Tên\nTổ chức «Москва» và «ΑΘΗΝΑ» được ghi tên riêng.") == []


def test_odd_blanks_and_letters_are_read_as_the_usual_ones():
    text = LAW.replace("Điều ", "Ðiều\xa0").replace("1. ", "1.  ").replace("khoản ", "kho\xadản ")
    assert eids(text) == EIDS
    assert set(codes(text)) == {"foreign_letter", "odd_blanks"}


def test_decomposed_letters_are_composed_before_reading():
    assert eids(nfc(unicodedata.normalize("NFD", LAW))) == EIDS


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Điều 2.", "Điêu 2."),
        ("Điều 2.", "Dieu 2 ."),
        ("Điều 2.", "Điều 2 ."),
        ("\n1. Người", "\nl. Người"),
        ("\n1. Người", "\n1 . Người"),
        ("\na) Tên", "\na ) Tên"),
        ("Chương I\n", "Chưong l\n"),
        ("Chương I\n", "Chương Ⅰ\n"),
    ],
)
def test_misread_marks_are_understood_and_said(printed, read):
    text = LAW.replace(printed, read)
    assert eids(text) == EIDS
    assert codes(text) == ["misread_mark"]


def test_a_misread_mark_out_of_place_is_text():
    text = "Điều 1. A\n1. Một.\nl. Lẻ.\nĐiêu 7. Lẻ\n2. Hai."
    assert eids(text) == ["art_1", "art_1__clause_1", "art_1__clause_1__para_2", "art_1__clause_2"]


def test_a_second_d_is_a_dd_that_lost_its_stroke():
    text = "Điều 1. A\n" + "".join(f"{letter}) X;\n" for letter in "abcdde")
    assert eids(text)[-3:] == ["art_1__point_d", "art_1__point_dd", "art_1__point_e"]
    assert codes(text) == ["misread_mark"]


def test_a_quotation_may_open_curly_and_close_straight():
    text = LAW.replace("”", '"')
    assert eids(text) == EIDS
    assert eids(wrapped(text)) == EIDS


WORDS = st.sampled_from(
    ["vườn", "chung", "của xóm", "Điều", "khoản", "theo", "tại", "Nhà nước", "12", "b", "và,", "các"]
)
SENTENCE = st.lists(WORDS, min_size=3, max_size=40).map(lambda words: f"Vườn {' '.join(words)} xong.")


@settings(max_examples=100)
@given(st.lists(st.lists(SENTENCE, max_size=3), min_size=2, max_size=6), st.integers(60, 110))
def test_a_law_broken_at_any_margin_loses_nothing_and_keeps_its_articles(clauses, width):
    articles = [
        f"Điều {number}. Tên\n" + "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(sentences, start=1))
        for number, sentences in enumerate(clauses, start=1)
    ]
    text = wrapped("\n".join(articles), width)
    units = parse_text(text).units
    assert "".join(text[unit.start : unit.end] for unit in units) == text
    found = [unit.eid for unit in units if unit.kind is UnitKind.ARTICLE]
    assert found == [f"art_{number}" for number in range(1, len(clauses) + 1)]
    numbers = [number_order(unit.number) for unit in units if unit.kind is UnitKind.ARTICLE]
    assert numbers == sorted(numbers)


def with_contents(entry):
    """The clean law with a list of its articles in front of it; `entry` makes a line out of a heading and a page."""
    headings = [line for line in LAW.split("\n") if line.startswith(("Điều", "Chương"))]
    return "MỤC LỤC\n" + "\n".join(entry(heading, page) for page, heading in enumerate(headings, 1)) + "\n" + LAW


@pytest.mark.parametrize(
    "entry",
    [
        lambda heading, page: f"{heading} {page}",
        lambda heading, page: f"{heading} {'.' * 30} {page}",
        lambda heading, page: f"{heading}\t{page}",
        lambda heading, page: heading,
        lambda heading, page: f"{without_marks(heading)} {page}",
    ],
)
def test_a_list_of_contents_is_not_taken_for_the_articles(entry):
    assert eids(with_contents(entry)) == ["preamble", *EIDS]


@pytest.mark.parametrize("kind", ["Chương I.", "Phần I.", "Mục 1."])
def test_a_heading_printed_at_the_top_of_pages_is_no_text_of_the_clauses_below(kind):
    heading = f"{kind} Quy định chung"
    page = "việc thứ hai của tổ chức\nvà của cá nhân có liên quan;\nviệc thứ ba của cơ quan\nnhà nước có thẩm quyền"
    clauses = "".join(f"{number}. Tổ chức thực hiện\n{page}\n{heading}\n{page}.\n" for number in range(1, 5))
    text = f"{heading}\nĐiều 1. Phạm vi\n{clauses}Điều 2. Đối tượng\nTổ chức, cá nhân.\n"
    read = parse_text(text)
    articles = ["art_1", *(f"art_1__clause_{number}" for number in range(1, 5)), "art_2"]
    assert [unit.eid for unit in read.units[1:] if "para" not in unit.eid] == articles
    assert "page_furniture" in codes(text)


def test_sections_of_one_number_and_heading_in_several_chapters_stay_headings():
    chapters = [
        f"Chương {roman}\nVIỆC {roman}\nMục 1. QUY ĐỊNH CHUNG\nĐiều {number}. Phạm vi\nTổ chức thực hiện.\n"
        for number, roman in enumerate(("I", "II", "III", "IV"), 1)
    ]
    sections = [unit.eid for unit in parse_text("".join(chapters)).units if unit.kind is UnitKind.SECTION]
    assert len(sections) == 4


@pytest.mark.parametrize("dots", ["", " ....... "])
def test_a_list_of_contents_behind_the_act_is_not_taken_for_articles_and_is_said(dots):
    headings = [line for line in LAW.split("\n") if line.startswith(("Điều", "Chương"))]
    listed = LAW + "\nMỤC LỤC\n" + "\n".join(f"{each}{dots} {page}" for page, each in enumerate(headings, 1)) + "\n"
    assert [eid for eid in eids(listed) if "para" not in eid] == [eid for eid in EIDS if "para" not in eid]
    assert "list_of_contents" in codes(listed)


def test_a_list_of_chapters_is_not_taken_for_them():
    chapters = LAW.replace("Điều 3.", "Chương II\nSỬA ĐỔI\nĐiều 3.")
    listed = "MỤC LỤC\nChương I. QUY ĐỊNH CHUNG ..... 1\nChương II. SỬA ĐỔI ..... 2\nNỘI DUNG\n" + chapters
    assert eids(listed) == ["preamble", *eids(chapters)]
    assert codes(listed) == ["list_of_contents", *codes(chapters)]


def test_articles_that_only_have_headings_are_no_list_of_contents_of_an_attached_text():
    attached = "Điều 1. Một\nĐiều 2. Hai\nĐiều 3. Ba\nQUY CHẾ\nĐiều 1. Khác\nViệc.\nĐiều 2. Khác nữa\nViệc.\n"
    read = parse_text(attached)
    assert [unit.eid for unit in read.units if unit.kind == "article"] == ["art_1", "art_2", "art_3"]
    assert [warning.code for warning in read.warnings] == ["swallowed_units"]  # which are the act? A person decides
    of_sentences = attached.replace("Một\n", "Một\nBan hành Quy chế.\n")
    assert [warning.code for warning in parse_text(of_sentences).warnings] == ["numbering_restarts"]
