"""The parser core: what opens a unit, what a quotation keeps closed, and that nothing is lost."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.law.unit_numbers import number_order
from content.law.units import UnitKind
from content.parsing import parse_text

FRAGMENTS = [
    "Điều 1. Phạm vi",
    "Điều 2",
    "Điều 2.",
    "Ðiều 3: Đối tượng",
    "ĐIỀU 4 - X",
    "Điều 12a. Q",
    "Điều 9999. z",
    "Điều 1. 1. abc",
    "Chương I",
    "CHƯƠNG IIII",
    "Mục 1. A",
    "Tiểu mục 1. B",
    "PHẦN THỨ HAI",
    "1. abc như sau:",
    "2. Sửa đổi khoản 2 như sau:",
    "3.",
    "1a. x",
    "a) y;",
    "đ) z:",
    "a1) k",
    "“Điều 5. X",
    "“1. abc",
    "abc”.",
    "”;",
    '"Điều 6. K',
    'end".',
    "",
    "  \t",
    "\xa0",
    "\ufeff",
    "\xad",
    "2019. năm",
    "Nơi nhận:",
    "TM. CHÍNH PHỦ",
    "Luật này được Quốc hội thông qua",
    "quy định tại",
    "Điều 7 của Luật này",
    "aa) t",
    "y) t",
    "\u2028\u0110i\u1ec1u 8. a",
    "\x00",
    "\u0301",
]
LEGAL = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("\n".join)


def eids(text, *kinds):
    return [unit.eid for unit in parse_text(text).units if not kinds or unit.kind in kinds]


def codes(text):
    return [notice.code for notice in parse_text(text).warnings]


def quotes(text):
    return [text[start:end] for start, end in parse_text(text).quoted]


@settings(max_examples=100)
@given(LEGAL | st.text())
def test_own_spans_joined_are_the_text(text):
    assert "".join(text[unit.start : unit.end] for unit in parse_text(text).units) == text


@settings(max_examples=100)
@given(LEGAL | st.text())
def test_eids_are_unique_and_parents_come_first(text):
    units = parse_text(text).units
    assert len({unit.eid for unit in units}) == len(units)
    assert all(unit.parent is None or unit.parent < at for at, unit in enumerate(units))
    assert all(unit.start <= unit.body <= unit.end for unit in units)


@settings(max_examples=100)
@given(LEGAL)
def test_quotations_lie_in_the_text_one_after_the_other(text):
    ends = [end for span in parse_text(text).quoted for end in span]
    assert ends == sorted(ends)
    assert all(0 <= end <= len(text) for end in ends)


LAW = """QUỐC HỘI
Căn cứ Hiến pháp;
Phần thứ nhất
NHỮNG QUY ĐỊNH CHUNG
Chương I
PHẠM VI
VÀ ĐỐI TƯỢNG
Mục 1. PHẠM VI
Điều 1. Phạm vi điều chỉnh
Luật này quy định về đất.
Điều 2. Đối tượng áp dụng
1. Cơ quan, gồm:
d) Bộ;
đ) Sở.
Đoạn cuối của khoản 1.
2. Cá nhân.
Chương II
THI HÀNH
Điều 2a. Hiệu lực
a) Từ năm nay;
b) Đến năm sau.
Luật này được Quốc hội nước Cộng hòa xã hội chủ nghĩa Việt Nam thông qua ngày 1 tháng 1.
CHỦ TỊCH QUỐC HỘI"""


def test_a_law_becomes_its_units():
    assert eids(LAW) == [
        "preamble",
        "part_1",
        "part_1__chp_1",
        "part_1__chp_1__sec_1",
        "art_1",
        "art_2",
        "art_2__clause_1",
        "art_2__clause_1__point_d",
        "art_2__clause_1__point_dd",
        "art_2__clause_1__para_2",
        "art_2__clause_2",
        "part_1__chp_2",
        "art_2a",
        "art_2a__point_a",
        "art_2a__point_b",
        "conclusions",
    ]
    assert codes(LAW) == ["lost_units"]  # the list begins with d)


def test_headings_are_joined_to_one_line_and_numbers_stay_as_printed():
    units = {unit.eid: unit for unit in parse_text(LAW).units}
    assert units["part_1"].number == "thứ nhất"
    assert units["part_1__chp_1"].heading == "PHẠM VI VÀ ĐỐI TƯỢNG"
    assert units["part_1__chp_1__sec_1"].heading == "PHẠM VI"
    assert units["art_2a"].heading == "Hiệu lực"
    assert units["art_2__clause_1__point_dd"].number == "đ"


def own(text, eid):
    """What a unit itself says."""
    return next(text[unit.start : unit.end] for unit in parse_text(text).units if unit.eid == eid)


def test_text_that_goes_on_after_points_is_a_paragraph_of_their_clause():
    assert own(LAW, "art_2__clause_1__point_dd") == "đ) Sở.\n"
    assert own(LAW, "art_2__clause_1__para_2") == "Đoạn cuối của khoản 1.\n"


def test_an_empty_text_has_no_units():
    assert parse_text("").units == ()


def test_a_text_without_articles_is_one_body():
    assert eids("CHỈ THỊ\n1. Bộ Tư pháp:\na) Chủ trì;") == ["body"]
    assert codes("CHỈ THỊ") == ["no_article"]


@pytest.mark.parametrize("law", [
    "**Điều 1. Một**\nViệc.\n**Điều 2. Hai**\nViệc.",
    "Mở đầu.\n- Điều 1: Một\nViệc.",
])  # fmt: skip
def test_a_text_whose_every_article_is_in_markdown_says_which_line_may_be_one(law):
    (notice,) = parse_text(law).warnings
    line = next(line for line in law.split("\n") if "Điều 1" in line)
    assert (notice.code, notice.start, f"Dòng «{line}»" in notice.message) == ("no_article", law.index(line), True)


def test_marks_are_read_through_odd_blanks_letters_and_signs():
    for mark in ("Điều 1. X", "ĐIỀU 1: X", "Ðiều 1 - X", " \t\xa0Điều\xa01.\xa0X", "\ufeff\xadĐiều 1. X", "Điều 1\nX"):
        units = parse_text(mark + "\nNội dung.").units
        assert [(unit.eid, unit.heading) for unit in units if unit.kind is UnitKind.ARTICLE] == [("art_1", "X")]


def test_a_sentence_on_the_line_of_the_article_is_text_and_no_title():
    text = (
        "QUYẾT ĐỊNH:\nĐiều 1. Ban hành Quy chế này.\nĐiều 2. Quyết định này có hiệu lực từ ngày ký.\nNơi nhận:\n- Lưu."
    )
    assert [(unit.eid, unit.heading) for unit in parse_text(text).units][1:3] == [("art_1", ""), ("art_2", "")]
    assert eids(text)[-1] == "conclusions"


def test_an_article_with_its_number_alone_takes_a_title_only_from_a_line_that_is_no_sentence():
    text = "Điều 1.\nPhạm vi\nLuật này quy định.\nĐiều 2.\nLuật này có hiệu lực.\nChính phủ thi hành."
    assert [unit.heading for unit in parse_text(text).units if unit.kind is UnitKind.ARTICLE] == ["Phạm vi", ""]


def test_the_first_clause_may_be_on_the_line_of_its_article():
    assert eids("Điều 1. 1. Một.\n2. Hai.") == ["art_1", "art_1__clause_1", "art_1__clause_2"]


def test_a_wrapped_reference_is_no_article():
    text = "Điều 1. A\n1. Theo quy định tại\nĐiều 7 của Luật này và\nĐiều 2 Luật Đất đai.\nĐiều 2. B\nXong."
    assert eids(text, UnitKind.ARTICLE) == ["art_1", "art_2"]


def test_a_year_or_a_wild_number_is_no_clause():
    text = "Điều 1. A\n1. Từ năm\n2019. Sau đó\n100. Nữa\n2. Hai.\n2a. Hai a.\n3. Ba."
    assert eids(text, UnitKind.CLAUSE) == [f"art_1__clause_{number}" for number in ("1", "2", "2a", "3")]


def test_a_list_inside_a_clause_opens_no_clauses():
    text = "Điều 1. A\n1. Gồm:\n1. Nhóm A;\n2. Nhóm B.\n2. Hai."
    assert eids(text, UnitKind.CLAUSE) == ["art_1__clause_1", "art_1__clause_2"]


def test_an_article_met_twice_gets_a_suffix_and_a_notice():
    text = "Điều 1. A\nx.\nĐiều 1. B\ny.\nĐiều 2. C\nz."
    assert eids(text) == ["art_1", "art_1_2", "art_2"]
    assert codes(text) == ["repeated_article", "duplicate_number"]


def test_a_misprinted_number_does_not_lose_the_article():
    text = "".join(f"Điều {number}. A\nx.\n" for number in (1, 2, 33, 4, 5))
    assert eids(text) == ["art_1", "art_2", "art_33", "art_4", "art_5"]


def test_the_closing_part_begins_with_recipients_or_the_signing_office():
    for line in ("Nơi nhận:", "TM. HỘI ĐỒNG NHÂN DÂN", "KT. BỘ TRƯỞNG", "CHỦ TỊCH", "THỦ TƯỚNG Phạm Văn A"):
        assert eids(f"Điều 1. A\nx.\n{line}\ny") == ["art_1", "conclusions"]
    assert eids("Điều 1. A\nChủ tịch nước:\na) B.") == ["art_1", "art_1__point_a"]


def test_the_articles_of_an_attached_regulation_are_not_those_of_the_decision():
    text = "Điều 1. Ban hành Quy chế.\nĐiều 2. Thi hành.\nNơi nhận:\n- Lưu.\nQUY CHẾ\n" + "".join(
        f"Điều {number}. A\nx.\n" for number in (1, 2, 3, 4)
    )
    assert eids(text) == ["art_1", "art_2", "conclusions"]


AMENDING = """Điều 1. Sửa đổi, bổ sung một số điều của Luật A
1. Sửa đổi Điều 5 như sau:
“Điều 5. Tên
1. Một.
2. Gọi là “hội”.
a) Điểm.
Điều 6. Tên khác
1. Một.”.
2. Bổ sung khoản 3 Điều 7 như sau:
“3. Ba.”;
3. Sửa đổi, bổ sung một số điểm như sau:
a) Sửa đổi điểm b như sau:
“b) Bê.
c) Xê.”.
Điều 2. Hiệu lực thi hành
Luật này có hiệu lực."""
OWN = [
    "art_1",
    "art_1__clause_1",
    "art_1__clause_2",
    "art_1__clause_3",
    "art_1__clause_3__point_a",
    "art_2",
]


def test_a_quotation_opens_no_units():
    assert eids(AMENDING) == OWN
    assert [quote.split("\n")[0] for quote in quotes(AMENDING)] == ["“Điều 5. Tên", "“3. Ba.”", "“b) Bê."]
    assert codes(AMENDING) == []


def test_straight_and_mixed_marks_quote_too():
    assert eids(AMENDING.replace("“", '"').replace("”", '"')) == OWN
    assert eids(AMENDING.replace("”", '"')) == OWN


def test_a_forgotten_closing_mark_does_not_swallow_the_rest():
    text = AMENDING.replace("1. Một.”.", "1. Một.")
    assert eids(text) == OWN
    assert codes(text) == ["unclosed_quotation"]


def test_forgotten_opening_marks_are_noticed():
    text = AMENDING.replace("“Điều 5", "Điều 5")
    assert eids(text) == OWN
    assert codes(text) == ["unmarked_quotation"]


def test_a_quotation_may_contain_a_quotation():
    quotation = "“Điều 2. Sửa đổi Luật B như sau:\n“2. Hai.”.\n3. Ba.”."
    text = f"Điều 1. Sửa đổi như sau:\n1. Sửa đổi Điều 2 như sau:\n{quotation}\n2. X."
    assert quotes(text) == [quotation.removesuffix(".")]
    assert eids(text) == ["art_1", "art_1__clause_1", "art_1__clause_2"]


def test_a_mark_forgotten_in_a_sentence_does_no_harm():
    text = "Điều 1. A\n1. Thay từ “quy phạm bằng từ khác.\n2. Hai.\nĐiều 2. B\nx."
    assert eids(text) == ["art_1", "art_1__clause_1", "art_1__clause_2", "art_2"]


def test_order_follows_the_law():
    for numbers in (["12", "12a", "12b", "13"], ["c", "d", "đ", "đ1", "e", "g"], ["IV", "V", "VIIa", "VIII"]):
        assert sorted(numbers[::-1], key=number_order) == numbers
    assert number_order("thứ mười hai") == (12,)


def clauses(*marks):
    return "Điều 1. Việc\n" + "\n".join(f"{mark} Việc." for mark in marks)


def test_a_clause_whose_stop_is_lost_is_read_where_the_count_expects_it():
    text = clauses(*(f"{number}." for number in range(1, 11)), "11,", *(f"{number}." for number in range(12, 51)))
    (notice,) = parse_text(text).warnings
    assert (notice.code, text[notice.start : notice.start + 3]) == ("misread_mark", "11,")
    assert len(eids(text, UnitKind.CLAUSE)) == 50
    for spoilt in (clauses("1", "2."), clauses("1", "2", "3."), clauses("1.", "2)", "3.")):
        assert set(codes(spoilt)) == {"misread_mark"}
    assert len(eids(clauses("1", "2", "3."), UnitKind.CLAUSE)) == 3
    for none in (clauses("1.", "2. Theo khoản\n3", "3."), clauses("1.", "5", "2."), clauses("1.", "2")):
        assert "misread_mark" not in codes(none)


def clauses_read(*marks):
    """(how many clauses are read, the codes of the warnings)."""
    return len(eids(clauses(*marks), UnitKind.CLAUSE)), sorted(set(codes(clauses(*marks))))


def test_clauses_with_a_wrong_sign_are_read_in_a_row_and_at_the_end_of_an_article():
    good = [f"{number}." for number in range(1, 11)]
    text = clauses(*good, *(f"{number}," for number in range(11, 51)))
    notices = parse_text(text).warnings
    assert (len(eids(text, UnitKind.CLAUSE)), len(notices)) == (50, 40)
    assert {(notice.code, text[notice.start : notice.start + 3]) for notice in notices} == {
        ("misread_mark", f"{number},") for number in range(11, 51)
    }
    read = (["3,", "4,", "5,"], ["3)", "4)", "5)"], ["3-", "4-", "5-"], ["3/", "4/", "5."], ["3 -", "4,", "5 /"])
    for marks in (*read, ["3,"], ["3)"], ["3-"], ["3/"]):
        assert clauses_read("1.", "2.", *marks) == (2 + len(marks), ["misread_mark"]), marks
    assert clauses_read("1)", "2)", "3)") == (3, ["misread_mark"])


def test_a_wrong_sign_that_the_count_does_not_explain_is_told_as_a_swallowed_unit():
    for marks in (["1.", "2.", "4-"], ["1.", "2.", "3"]):
        assert clauses_read(*marks) == (2, ["swallowed_units"]), marks
    text = "Điều 1. Việc\n1. Một.\n2, hai."
    (notice,) = parse_text(text).warnings
    assert (notice.code, "«2, hai.» có thể là khoản 2" in notice.message) == ("swallowed_units", True)
    for listed in (["1.", "1)", "2)", "3)"], ["1.", "1)", "2)", "2."]):  # a list inside clause 1
        assert clauses_read(*listed)[1] == [], listed
    assert codes("Điều 1. Việc\n1. Theo\n2, Điều 3 và\n3, Điều 4.") == []


def points_read(marks):
    """(the points that are read, the codes of the warnings)."""
    items = ";\n".join(f"{mark} Việc" for mark in marks.split())
    text = f"Điều 1. Việc\n1. Gồm:\n{items}.\n2. Hết."
    return "".join(eid[-1] for eid in eids(text, UnitKind.POINT)), sorted(set(codes(text)))


def test_points_with_a_wrong_sign_are_read_where_their_letters_go_on():
    for marks in ("a/ b) c)", "a) b/ c)", "a) b) c/", "a/ b/ c/", "a. b. c.", "a) b) c,", "A) B) C)", "a) b) ç) d)"):
        assert points_read(marks)[0][:3] == "abc", marks
        assert points_read(marks)[1] == ["misread_mark"], marks
    assert points_read("a) e/ c)")[0] == "ac"


@pytest.mark.parametrize(
    ("lines", "read", "is_told"),
    [
        # Circular 102/2000/TT-BNN-KL Art. 1: the lines of a list of costs have no stops
        ("a. Công lao động: 20.000 đ/công\nb. Chi phí máy móc: 4.000 đồng\nc. Chi phí vật liệu: 1.000 đồng",
         "abc", False),
        ("a. Bán trục lớn:\na =\n6378137,0m\nb. Độ dẹt:\nf =\nc. Tốc độ góc:", "abc", False),  # 973/2001/TT-TCĐC
        ("a. Công lao động,\nb. Chi phí máy móc", "a", False),  # the sentence goes on
        ("a. Công lao động\nb/ Chi phí máy móc", "a", True),  # another sign
    ],
)  # fmt: skip
def test_points_with_one_wrong_sign_are_read_in_a_row_though_their_lines_have_no_stops(lines, read, is_told):
    text = f"Điều 1. Định mức\n1. Chi phí trực tiếp bao gồm:\n{lines}\n2. Hai."
    points = [eid for eid in eids(text) if "point" in eid]
    assert points == [f"art_1__clause_1__point_{letter}" for letter in read]
    assert ("swallowed_units" in codes(text)) is is_told


def test_a_mark_of_a_point_that_cannot_be_read_is_told_with_its_line():
    for marks in ("a) ß) c)", "a) b) ø)", "a) б) c)"):
        assert points_read(marks)[1] == ["swallowed_units"], marks
    (notice,) = parse_text("Điều 1. Việc\n1. Gồm:\na) Một;\nß) Hai;\nc) Ba.").warnings
    assert "«ß) Hai;» mở đầu bằng dấu không đọc được" in notice.message
    assert "nguồn bỏ" not in notice.message


def articles(*lines):
    return "\n".join(f"{line} Việc {at}\nNội dung." for at, line in enumerate(lines))


def test_a_wrong_sign_is_read_after_a_quotation_and_before_one():
    text = "Điều 1. Sửa\n1. Sửa đổi khoản 1 như sau:\n“1. Một.”.\n2, Sửa đổi khoản 2 như sau:\n“2. Hai.”.\n3, “Ba” ba."
    assert eids(text, UnitKind.CLAUSE) == [f"art_1__clause_{number}" for number in (1, 2, 3)]
    assert codes("Điều 1. Một\n1, Việc.\nĐiều 2. Hai\nHai.") == ["swallowed_units"]  # the only clause of its article


def test_an_article_with_a_wrong_sign_is_read_where_its_number_is_expected():
    for signs in (".,.", "..;", "./,"):
        text = articles(*(f"Điều {number}{sign}" for number, sign in enumerate(signs, 1)))
        assert eids(text) == ["art_1", "art_2", "art_3"], signs
        assert set(codes(text)) == {"misread_mark"}, signs
    nine = [f"Điều {number}." for number in range(1, 10)]
    for ten in ("Điều l0.", "Điều 1O.", "Điều lO."):
        assert eids(articles(*nine, ten))[-1] == "art_10", ten
    for lost in ("Điều l2.", "Điều 12,"):
        assert codes(articles(*nine, ten, lost)) == ["misread_mark", "article_out_of_sequence"], lost
    reference = "Điều 1. Một\nTheo quy định tại\nĐiều 2, Điều 3 của Luật này.\nĐiều 2. Hai\nHai."
    assert (eids(reference), codes(reference)) == (["art_1", "art_2"], [])


def test_a_number_that_is_in_the_text_of_another_unit_is_told_apart_from_one_that_is_not_there():
    swallowed = (
        "Điều 1. Việc\nGồm các việc sau đây:1. Một;\n2. Hai.",  # forms of real laws: the line break is lost,
        "Điều 1. Việc\n1. Gồm:\na) Một;\nb) Hai;c) Ba;\nd) Bốn.",
        "Điều 1. Việc\n1. Gồm:\na) Một; b) Hai; c) Ba;\nd) Bốn.",
        "Điều 1. Việc\n1. Một.\n2. Hai.\nPhạt tiền đối với một trong các việc sau đây:\na) Ba.\n4. Bốn.",  # the number
        "Điều 1. Việc\n1. Một.\n2. Hai:\na) Một;\nb) Hai.\nPhạt tiền đối với việc ấy.\n4. Bốn.",
    )
    assert [codes(text) for text in swallowed] == [["swallowed_units"]] * len(swallowed)
    assert codes(clauses("1.", "2.", "4.")) == ["missing_clause"]
    assert codes("Điều 1. Việc\nMột là việc chung.\n2. Hai.") == ["missing_clause"]  # where the source has it
    assert codes("Điều 1. Việc\n1. Gồm:\na) Một;\nb) Hai;\nd) Bốn.") == ["missing_point"]
    assert codes("Điều 1. Việc\n1. Gồm:\nd) Bốn;\nđ) Năm.") == ["lost_units"]
    assert codes(clauses("1.", "4.", "5.")) == ["lost_units"]


def test_letters_that_nobody_can_read_are_told():
    law = "Điều 1. Việc\n" + "Người thường trú tại xóm được trồng cây trong vườn chung của xóm. " * 40
    assert codes(law) == []
    assert codes(law.replace("vườn", "v\ufffdờn")) == ["unreadable_letters"]
    assert codes(law.replace("vườn", "v\ufffdờn", 2)) == ["stray_letters"]
    assert codes(law + "\n\uf0b7 Cây.\n\uf0b7 Hoa.") == []  # bullets of a font of symbols
    assert codes(law.replace("ườ", "uqX").replace("ố", "5z").replace("trú", "trwk")) == ["unreadable_letters"]
    assert codes("A badly recognised page. " * 100) == ["no_article", "unreadable_letters"]
    assert codes(law.replace("vườn", "vuqn").replace("chung", "chumg")) == ["unreadable_letters"]  # 3 words of 13
    plain = unicodedata.normalize("NFD", law.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore").decode()
    assert codes(plain) == ["unreadable_letters", "misread_mark"]  # all accents lost


def test_an_encoding_that_was_read_as_another_and_letters_lost_as_question_marks_are_told():
    law = "Điều 1. Phạm vi\nNgười sử dụng đất được trồng cây trong vườn chung của xóm.\n" * 3
    for encoding in ("latin-1", "cp1252"):
        misread = law.encode().decode(encoding, errors="ignore")
        (notice,) = [each for each in parse_text(misread).warnings if each.code == "unreadable_letters"]
        assert "Latin-1" in notice.message and "mở bằng UTF-8" in notice.message
    one_article = "Điều 1. Một\nMột.\n" + law.encode().decode("latin-1").replace("\x90", "")
    assert "unreadable_letters" in codes(one_article)
    lost = "".join(sign if sign.isascii() else "?" for sign in law)
    (notice,) = [each for each in parse_text(lost).warnings if each.code == "unreadable_letters"]
    assert "dấu hỏi" in notice.message and "bản gốc" in notice.message
    for right in ("Có không? Không.", "Xem https://vi.du/van-ban?id=1 (?).", "Ở XÃ…, XÃ\xa0… và “khá»” «khá»…"):
        assert {"unreadable_letters", "stray_letters"}.isdisjoint(codes("Điều 1. Một\n" + right * 6)), right


def test_a_number_that_is_misprinted_as_another_is_not_missing_too():
    assert codes(clauses("1.", "2.", "2.", "4.")) == ["duplicate_number"]
    points = "Điều 1. Việc\n1. Gồm:\n{}) a;\n{}) b;\n{}) c;\n{}) d;\n{}) đ."
    assert codes(points.format(*"abcđđ")) == ["duplicate_number"]
    assert codes(points.format(*"abcce")) == ["duplicate_number", "missing_point"]  # d and đ, of which one is printed c


def test_a_number_that_comes_again_at_the_end_of_a_list_hides_a_unit():
    assert codes(clauses("1.", "2.", "2.")) == ["swallowed_units"]
    points = "Điều 1. Việc\n1. Gồm:\na) a;\nb) b;\nc) c;\n{}) d.\n2. Việc."
    (notice,) = parse_text(points.format("b")).warnings
    assert (notice.code, notice.message.startswith("Điều 1 khoản 1: số b in lặp lại")) == ("swallowed_units", True)
    assert codes(points.format("d")) == []
    assert codes("Điều 1. Việc\n1. Một.\n2. Theo quy định tại khoản\n2. Việc.") == []


def test_clauses_that_all_lost_their_stop_are_told():
    text = "Điều 1. Việc\n1 Phạt tiền người để mẫu ở nơi cấm.\n2 Phạt thêm người tái phạm.\n3 Tịch thu mẫu."
    assert codes(text) == ["swallowed_units"]
    assert codes("Điều 1. Việc\nDanh sách\n1 Mẫu lớn\n2 Mẫu nhỏ\n3 Mẫu vừa") == []  # a table that lost its form


def test_clauses_that_stay_in_the_text_of_another_are_told():
    assert codes(clauses("1.", "3.", "7.", "9.")) == ["clause_out_of_sequence"] * 3
    assert codes(clauses("1.", "2.", "3.")) == []
    assert codes("Điều 1. Việc\n1. Danh sách gồm:\n1. Một.\n2. Hai.\n3. Ba.\n2. Việc.") == ["numbering_restarts"]


def test_a_point_whose_mark_was_not_read_is_told_and_letters_that_lists_skip_are_none():
    text = "Điều 1. Việc\n1. Gồm:\n" + "".join(f"{letter}) việc;\n" for letter in "abcdđeghiklmnopqrstuvxy")
    assert codes(text) == []
    (notice,) = parse_text(text.replace("d) việc", "việc")).warnings
    assert (notice.code, "điểm d:" in notice.message) == ("missing_point", True)
    assert notice.message.startswith("Điều 1 khoản 1: ")


def test_an_article_whose_word_is_misprinted_counts_where_its_number_is_expected():
    text = "Điều 1. Một\nMột.\nĐiền 2. Hai\nHai.\nĐiều 3. Ba\nBa."  # Điền 47 of 85/2015/QH13
    assert (eids(text), codes(text)) == (["art_1", "art_2", "art_3"], ["misread_mark"])
    assert eids(text.replace("Điền 2. Hai", "Điền 9. Chín"), UnitKind.ARTICLE) == ["art_1", "art_3"]


def heavy(text):
    """The codes of the notices at which publication stops because a unit is in the text of another."""
    swallowing = {"swallowed_units", "article_out_of_sequence", "clause_out_of_sequence"}
    return sorted(set(codes(text)) & swallowing)


ONE_LAW = "Điều 1. Phạm vi\nPhạm vi.\nĐiều 2. Quyền\n{}\nĐiều 3. Hiệu lực\nTừ nay."
TWO_CLAUSES = "1. Cơ quan một.\n2. Cơ quan hai.\n"
TWO_POINTS = "1. Gồm:\na) việc một;\nb) việc hai;\n"


@pytest.mark.parametrize(
    "mark", ["**3.**", "__3.__", "(3)", "- 3.", "> 3.", "+ 3.", "Khoản 3.", "３.", "3。", "3·", "З."]
)
def test_a_clause_with_signs_around_its_number_is_read_in_a_list_and_at_its_end(mark):
    for law in (TWO_CLAUSES + f"{mark} Cơ quan ba.", TWO_CLAUSES + f"{mark} Cơ quan ba.\n4. Cơ quan bốn."):
        text = ONE_LAW.format(law)
        assert "art_2__clause_3" in eids(text, UnitKind.CLAUSE), law
        assert heavy(text) == [], law


@pytest.mark.parametrize("mark", ["**c)**", "(c)", "- c)", "c）", "điểm c)"])
def test_a_point_with_signs_around_its_letter_is_read_in_a_list_and_at_its_end(mark):
    for law in (TWO_POINTS + f"{mark} việc ba.", TWO_POINTS + f"{mark} việc ba;\nd) việc bốn."):
        text = ONE_LAW.format(law)
        assert "art_2__clause_1__point_c" in eids(text, UnitKind.POINT), law
        assert heavy(text) == [], law


def test_lists_whose_marks_all_have_signs_around_them_are_read():
    for form in ("({})", "**{}.**", "Khoản {}."):
        text = ONE_LAW.format("\n".join(f"{form.format(number)} Việc." for number in (1, 2, 3)))
        assert len(eids(text, UnitKind.CLAUSE)) == 3, form
    assert len(eids(ONE_LAW.format("1. Gồm:\n(a) việc;\n(b) việc;\n(c) việc."), UnitKind.POINT)) == 3
    assert len(eids(ONE_LAW.format("1. Gồm:\n(1) Một;\n(2) Hai.\n2. Hết."), UnitKind.CLAUSE)) == 2  # a list of clause 1


@pytest.mark.parametrize(
    "mark", ["Điều 3(1).", "Điều 3*.", "Điều số 3.", "**Điều 3.**", "### Điều 3.", "Điều\n3.", "- Điều 3."]
)
def test_the_last_article_is_read_through_signs_around_its_mark(mark):
    text = f"Điều 1. Một\nMột.\nĐiều 2. Hai\n1. Hai.\n2. Hai.\n{mark} Hiệu lực\n1. Từ nay.\n2. Hết."
    assert (eids(text, UnitKind.ARTICLE)[-1], heavy(text)) == ("art_3", [])
    assert eids(text, UnitKind.CLAUSE)[-1] == "art_3__clause_2"


def test_a_last_article_that_is_not_read_is_told_as_one_in_the_text_of_another():
    for lost in ("việc thứ 11. Điều 3. Hiệu lực", "Việc.\nĐiều 3 – Hiệu lực", "Việc.\n[Điều 3] Hiệu lực"):
        text = f"Điều 1. Một\nMột.\nĐiều 2. Hai\n{lost}\nTừ nay."
        assert heavy(text) != [] or "art_3" in eids(text), lost
    for reference in ("Theo Điều 3. Điều 4.", "Việc.\nĐiều 3 Luật Đất đai.", "Sửa “Hai. Điều 3. Ba”.", "Xem Điều 3."):
        assert heavy(f"Điều 1. Một\nMột.\nĐiều 2. Hai\n{reference}") == [], reference


@pytest.mark.parametrize(
    "law",
    [
        "1. Một.\n2. Việc của mình.3. Quyền, nghĩa vụ khác theo hợp đồng.",  # clause 5 of Article 37 of 29/2023/QH15
        "1. Một. 2. Hai.",
        "1. Gồm: a) việc một; b) việc hai; c) việc ba.",
        "1. Gồm: a) Một; b) Hai.\n2. Hết.",
        "Gồm: 1. Một. 2. Hai.",
        "1. Gồm:\na) Một;\nb) Hai; c) Ba.",
    ],
)
def test_units_that_follow_a_stop_inside_a_line_are_told_after_the_last_unit_too(law):
    assert heavy(ONE_LAW.format(law)) == ["swallowed_units"]


@pytest.mark.parametrize("mark", ["3 Cơ", "3\nCơ", "③ Cơ", "[3] Cơ", "3.cơ", "3, cơ", "khoản 3: cơ"])
def test_the_next_clause_with_an_odd_mark_is_told_in_a_list_and_at_its_end(mark):
    for law in (TWO_CLAUSES + f"{mark} quan ba.", TWO_CLAUSES + f"{mark} quan ba.\n4. Cơ quan bốn."):
        text = ONE_LAW.format(law)
        assert heavy(text) == ["swallowed_units"] or "art_2__clause_3" in eids(text, UnitKind.CLAUSE), law
    for unended in ("1. Một\n2) Hai.", "1. Một\n2 Cơ quan."):
        assert heavy(ONE_LAW.format(unended)) == ["swallowed_units"], unended


@pytest.mark.parametrize("mark", ["© việc", "ⓒ việc", "c Việc", "c\nviệc", "c. việc", "c] việc", "¢) việc", "6) Việc"])
def test_the_next_point_with_an_odd_mark_is_told_in_a_list_and_at_its_end(mark):
    (notice,) = parse_text(ONE_LAW.format(TWO_POINTS + f"{mark} ba;\nd) việc bốn.")).warnings
    assert (notice.code, f"«{mark.partition(chr(10))[0]}" in notice.message) == ("swallowed_units", True)
    assert "nguồn bỏ" not in notice.message
    if not mark.startswith("6"):
        assert heavy(ONE_LAW.format(TWO_POINTS + f"{mark} ba.")) == ["swallowed_units"]


@pytest.mark.parametrize(
    "mark", ["Điều ba.", "Điều thứ ba:", "ĐIỀU BA.", "Điều III.", "Điều 2ᵃ.", "Điều 2^(a).", "Điều 2ª.", "- Điều ba –"]
)
def test_an_article_whose_number_is_not_in_digits_is_told_in_a_list_and_at_its_end(mark):
    for after in ("", "Điều 4. Bốn\nViệc."):
        law = f"Điều 1. Một\nViệc.\nĐiều 2. Hai\nViệc.\n{mark} Hiệu lực\nLuật này có hiệu lực.\n{after}"
        assert "swallowed_units" in heavy(law), law
        assert any(f"«{mark} Hiệu lực»" in notice.message for notice in parse_text(law).warnings)


@pytest.mark.parametrize(
    "law", ["1. Một.\n2. Hai.\nIII. Ba.", "I. Một.\nII. Hai.", "Gồm:\nI) Một.\nII) Hai.", "1. Một.\nII. Hai."]
)
def test_clauses_in_roman_digits_are_told(law):
    assert heavy(ONE_LAW.format(law)) == ["swallowed_units"]


@pytest.mark.parametrize("law", [
    "1. Một.\n2. Theo Điều\nba. Hết.",
    "1. Các điều ước quốc tế.\nĐiều ước hai bên.\n2. Hai.",
    "1. Vật gồm:\na) Vitamin\nC. Hết.",
    "1. Một.\nIII. Ba.",
])  # fmt: skip
def test_words_that_only_look_like_numbers_are_not_told(law):
    assert heavy(ONE_LAW.format(law)) == []


def test_numbers_that_are_no_next_unit_are_not_told():
    for law in (
        "1. Gồm:\n1) Một;\n2) Hai.",  # a list inside the last clause
        "1. Theo khoản\n2 Điều 3 của Luật này.",
        "1. Mức 1.2. Việc khác.",
        "1. Sửa như sau: “1. Một. 2. Hai.”",
        "1. Theo các điểm a, b) và c) khoản 2.",
        "1. Một.\nPhạt 2 triệu đồng; 3 tháng.",
        TWO_POINTS + "C. ĐỐI VỚI DOANH NGHIỆP",
        "STT\n(1) Xe ô tô\n(1) Xe khác",
        "Gồm:\na. Một.\nb. Hai:\n(1) Một.\n(2) Hai.",
        TWO_POINTS + "c) việc;\nd) việc;\nđ) việc;\ne) việc;\ng) việc;\nh) việc như sau:\n(i) Một;\n(ii) Hai.",
        "1. Theo bảng:\nHạng\nMức\n1. Hạng một\n70\n2. Hạng hai\n60",
    ):
        assert heavy(ONE_LAW.format(law)) == [], law


def test_a_stray_quotation_mark_before_a_unit_of_the_own_count_is_told_as_heavy():
    law = "\n".join(f"Điều {number}. Việc\n1. Một.\n2. Hai.\n3. Ba." for number in range(1, 10))
    for stray in (
        law.replace("Điều 5", "“Điều 5"),
        law.replace("Điều 9", "“Điều 9"),
        law.replace("3. Ba", "“3. Ba", 1),
    ):
        assert heavy(stray) == ["swallowed_units"]
    closed = law.replace("Điều 5", "“Điều 5").replace("3. Ba.\nĐiều 9", "3. Ba.”\nĐiều 9")
    assert "swallowed_units" in heavy(closed)
    amending = "Điều 1. Sửa\n1. Sửa đổi khoản 2 như sau:\n“2. Hai.\n3. Ba.”.\n2. Bỏ khoản 5."
    assert heavy(amending) == []
    assert codes(amending.replace("”", "")) == ["unclosed_quotation"]


def test_numbers_of_clauses_that_begin_again_without_a_list_are_heavy():
    assert "swallowed_units" in heavy(ONE_LAW.format(TWO_CLAUSES + "1. Việc một.\n2. Việc hai."))


@pytest.mark.parametrize("last", ["Bản sao.", "bản sao.", "Bản sao có chứng thực\nhoặc bản chính."])
def test_a_mark_alone_on_its_line_keeps_the_words_below_it(last):
    text = f"Điều 1. Hồ sơ\n1. Hồ sơ gồm:\na)\nĐơn;\nb)\n{last}\n2. Nộp."
    point = next(unit for unit in parse_text(text).units if unit.eid == "art_1__clause_1__point_b")
    assert text[point.start : point.end] == f"b)\n{last}\n"
    assert eids(text, "paragraph") == []


def test_what_follows_a_point_with_words_of_its_own_is_still_outside_the_list():
    text = "Điều 1. Hồ sơ\n1. Hồ sơ gồm:\na)\nĐơn;\nb)\nBản sao.\nNgười nộp giữ bản chính.\n2. Nộp."
    assert eids(text, "paragraph") == ["art_1__clause_1__para_2"]


@pytest.mark.parametrize("mark", ["Đ iều 3.", "Đ i ề u 3.", "Biều 3.", "Đ IỀU 3."])
def test_a_last_article_with_a_spoilt_word_is_told(mark):
    assert codes(f"Điều 1. Một\nMột.\nĐiều 2. Hai\n1. Hai.\n{mark} Hiệu lực\nLuật này có hiệu lực.") == [
        "swallowed_units"
    ]


@pytest.mark.parametrize("line", ["Biểu 3. Mức thuế", "Biều 7. Mức thuế", "nhiều 3. Mức"])
def test_other_words_with_a_number_hide_no_article(line):
    assert codes(f"Điều 1. Một\nMột.\nĐiều 2. Hai\n1. Hai.\n{line}\nBa.") == []


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("1. Người nêu tại khoản\n2. Điều 5 của Luật Mẫu phải khai.\n2. Người nộp.\n3. Ba.", 3),
        ("1. Một.\n2. Người nêu tại khoản 1 và khoản\n3. Điều 5 phải khai.\n3. Ba.", 3),
        ("1. Gồm:\na) Người nêu tại điểm\nb) khoản 2 Điều này;\nb) To;\nc) Vừa.\n2. Hai.", 2),
    ],
)
def test_a_number_that_a_line_break_parted_from_its_word_is_no_unit(text, clauses):
    text = f"Điều 1. Một\n{text}\nĐiều 2. Hai\nHai."
    assert (eids(text, "clause"), codes(text)) == ([f"art_1__clause_{n + 1}" for n in range(clauses)], [])
    assert not [eid for eid in eids(text) if eid.endswith("_2_2")]
