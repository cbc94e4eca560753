"""How a text is laid out for a page: headings, lines, tables, and no word lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.parsing.layout import Paragraph, Rule, Table, split_title, text_blocks, title_lines


@pytest.mark.parametrize(
    ("kind", "number", "heading", "text", "title", "rest"),
    [
        ("article", "5", "Ghi sổ", "Điều 5. Ghi sổ\n1. Một;\n", "Điều 5. Ghi sổ", "1. Một;\n"),
        ("article", "5", "Ghi sổ vườn", "Điều 5. Ghi sổ\nvườn\nHết.\n", "Điều 5. Ghi sổ vườn", "Hết.\n"),
        ("article", "5", "", "Điều 5. Ai cũng vào được.\n", "Điều 5.", "Ai cũng vào được.\n"),
        ("article", "5", "", "Điều 5 \nHết.\n", "Điều 5", "Hết.\n"),
        ("chapter", "I", "QUY ĐỊNH CHUNG", "Chương I\nQUY ĐỊNH CHUNG\n", "Chương I QUY ĐỊNH CHUNG", ""),
        ("chapter", "I", "", "CHƯƠNG I\n", "CHƯƠNG I", ""),
        ("clause", "1", "", "1. Một;\n", "", "1. Một;\n"),
        ("annex", "", "", "Bảng kê\n", "Phụ lục", "Bảng kê\n"),
        ("annex", "", "", "Phụ lục", "Phụ lục", ""),
    ],
)
def test_a_title_is_separated_from_the_text_under_it(kind, number, heading, text, title, rest):
    assert split_title(kind, number, heading, text) == (title, rest)


def test_a_chapter_has_its_heading_on_a_line_of_its_own_and_an_article_has_not():
    assert title_lines("Chương I QUY ĐỊNH CHUNG", "QUY ĐỊNH CHUNG") == ["Chương I", "QUY ĐỊNH CHUNG"]
    assert title_lines("Điều 5. Ghi sổ", "Ghi sổ") == ["Điều 5. Ghi sổ"]
    assert title_lines("Chương I", "") == ["Chương I"]


def test_lines_with_tabs_are_a_table_with_a_head_and_rows_of_one_width():
    text = "Theo bảng:\nLuống\tCây\tHộ\n1\tcà\n2\tbí\tLan\nHết.\n"
    assert text_blocks(text) == [
        Paragraph("Theo bảng:"),
        Table((("Luống", "Cây", "Hộ"), ("1", "cà", ""), ("2", "bí", "Lan"))),
        Paragraph("Hết."),
    ]
    table = text_blocks(text)[1]
    assert (table.head, table.body) == (("Luống", "Cây", "Hộ"), (("1", "cà", ""), ("2", "bí", "Lan")))


def test_one_line_with_a_tab_is_a_table_only_in_a_table():
    assert text_blocks("Hà Nội\tngày 1") == [Paragraph("Hà Nội ngày 1")]
    assert text_blocks("Hà Nội\tngày 1", is_table=True) == [Table((("Hà Nội", "ngày 1"),))]


def test_lines_that_are_drawn_are_not_words():
    assert text_blocks("QUỐC HỘI -------\n--------\n") == [Paragraph("QUỐC HỘI"), Rule()]


KINDS = st.sampled_from(["article", "chapter", "annex", "clause"])
WORDS = st.text(alphabet="aĐiều5. \t\n–-", max_size=60)


@given(KINDS, st.sampled_from(["5", "", "5a"]), st.sampled_from(["", "a", "Điều"]), WORDS)
def test_no_word_is_lost(kind, number, heading, text):
    title, rest = split_title(kind, number, heading, text)
    laid = [title] if rest != text else []
    for block in text_blocks(rest):
        laid += (
            [cell for row in block.rows for cell in row] if isinstance(block, Table) else [getattr(block, "text", "")]
        )
    assert letters(" ".join(laid)) == letters(text)


def letters(text):
    return [sign for sign in text if sign.isalnum()]
