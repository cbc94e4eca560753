"""What an act says about the effect of others, read in its text: the documents, the day, and every doubt."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import parsing
from content.relations.ending_reader import read_endings

FIRST_DAY = datetime.date(2025, 1, 1)


def read(*lines, effective_on=FIRST_DAY, doc_type="law"):
    text = "\n".join(["Điều 1. Hiệu lực thi hành", *lines, ""])
    return read_endings(
        text, parsing.parse_text(text), doc_type=doc_type, own_key="9-2024-qh15", effective_on=effective_on
    )


def found(*lines, **options):
    """[(key of the document, "whole" or its units, day, doubts)]"""
    return [
        (each.target_key, "whole" if each.is_whole else list(each.eids), str(each.on), [str(d) for d in each.doubts])
        for each in read(*lines, **options)
    ]


FIRST = str(FIRST_DAY)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2. Luật này thay thế Luật Mẫu số 1/2019/QH14.", [("1-2019-qh14", "whole", FIRST, [])]),
        ("2. Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025 và thay thế Luật Mẫu số 1/2019/QH14 đã được sửa đổi, bổ"
         " sung một số điều theo Luật số 2/2020/QH14.", [("1-2019-qh14", "whole", FIRST, [])]),
        ("2. Luật Mẫu số 1/2019/QH14 đã được sửa đổi, bổ sung một số điều theo Luật số 2/2020/QH14, Luật số"
         " 3/2021/QH15 và Luật số 4/2022/QH15 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.",
         [("1-2019-qh14", "whole", FIRST, [])]),
        ("2. Luật Mẫu số 1/2019/QH14 (sau đây gọi là Luật Mẫu số 1/2019/QH14) hết hiệu lực kể từ ngày 01 tháng 7 năm"
         " 2025.", [("1-2019-qh14", "whole", "2025-07-01", [])]),
        ("2. Luật Mẫu số 1/2019/QH14 và Luật số 5/2021/QH15 sửa đổi, bổ sung một số điều của Luật Mẫu hết hiệu lực kể"
         " từ ngày Luật này có hiệu lực.",
         [("1-2019-qh14", "whole", FIRST, []), ("5-2021-qh15", "whole", FIRST, [])]),
        ("2. Luật Mẫu số 1/2019/QH14 hết liệu lực kể từ ngày Luật này có hiệu lực.",  # as in 50/2014/QH13
         [("1-2019-qh14", "whole", FIRST, ["unknown_words"])]),
        ("2. Luật này thay thé Luật Mẫu số 1/2019/QH14.", [("1-2019-qh14", "whole", FIRST, ["unknown_words"])]),
        ("2. Bãi bõ Luật Mẫu số 1/2019/QH14.", [("1-2019-qh14", "whole", FIRST, ["unknown_words"])]),
        ("2. Các văn bản sau đây hết hiệu lục kể từ ngày Luật này có hiệu lực:\na) Luật Mẫu số 1/2019/QH14;",
         [("1-2019-qh14", "whole", FIRST, ["unknown_words"])]),
        ("2. Bãi bỏ Pháp lệnh Mẫu ngày 25 tháng 6 năm 1996.", [("ten:ordinance:mau:1996", "whole", FIRST, [])]),
        ("2. Kể từ ngày Luật này có hiệu lực thi hành, Luật Mẫu số 1/2019/QH14 hết hiệu lực.",
         [("1-2019-qh14", "whole", FIRST, [])]),
        ("2. Các văn bản sau đây hết hiệu lực kể từ ngày Luật này có hiệu lực:\na) Luật Mẫu số 1/2019/QH14;\nb) Nghị"
         " quyết số 7/2020/QH14 ngày 01 tháng 02 năm 2020 của Quốc hội về mẫu.",
         [("1-2019-qh14", "whole", FIRST, []), ("7-2020-qh14", "whole", FIRST, [])]),
        ("2. Luật Mẫu số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành, trừ khoản 2 Điều 9.",
         [("1-2019-qh14", "whole", FIRST, ["exception"])]),
        ("2. Luật Mẫu số 1/2019/QH14 hết hiệu lực khi Chính phủ ban hành quy định mới.",
         [("1-2019-qh14", "whole", "None", ["condition", "no_day"])]),
        ("2. Các quy định về bưu chính của Pháp lệnh Mẫu số 43/2002/PL- UBTVQH10 hết hiệu lực kể từ ngày Luật này có"
         " hiệu lực.", [("43-2002-pl-ubtvqh10", [], FIRST, ["unplaced"])]),
        ("2. Các quy định về mẫu của Luật A số 1/2019/QH14 và Luật B số 2/2019/QH14 hết hiệu lực kể từ ngày Luật này có"
         " hiệu lực.", [("1-2019-qh14", [], FIRST, ["unplaced"]),
                        ("2-2019-qh14", [], FIRST, ["unknown_words", "unplaced"])]),
        ("2. Bãi bỏ khoản 3 Điều 75 của Luật Mẫu số 1/2019/QH14.", [("1-2019-qh14", ["art_75__clause_3"], FIRST, [])]),
        ("2. Bãi bỏ các quy định liên quan đến thuế tại khoản 1 Điều 19 của Luật Mẫu số 1/2019/QH14.",
         [("1-2019-qh14", ["art_19__clause_1"], FIRST, ["unknown_words"])]),
        ("2. Pháp lệnh về mẫu ở cơ sở hết hiệu lực kể từ ngày Luật này có hiệu lực.",
         [("ten:ordinance:ve-mau-o-co-so:", "whole", FIRST, ["name_only"])]),
        ("2. Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025 đến hết ngày 31 tháng 12 năm 2027.",
         [("", "whole", "2028-01-01", [])]),
        ("2. Thông tư số 1/2019/TT-BTC hướng dẫn thi hành Nghị định số 2/2018/NĐ-CP và Nghị định số 3/2018/NĐ-CP hết"
         " hiệu lực kể từ ngày Luật này có hiệu lực.",
         [("1-2019-tt-btc", "whole", FIRST, []), ("3-2018-nd-cp", "whole", FIRST, ["nested"])]),
        ("2. Ngưng hiệu lực thi hành Thông tư số 1/2019/TT-BTC kể từ ngày 01 tháng 02 năm 2025.",
         [("1-2019-tt-btc", "whole", "2025-02-01", ["not_ending"])]),
    ],
)  # fmt: skip
def test_endings_are_read(line, expected):
    assert found(*line.split("\n")) == expected


@pytest.mark.parametrize(
    "line",
    [
        "2. Khoản 9 Điều 60 của Luật này có hiệu lực từ ngày Nghị quyết số 61/2022/QH15 hết hiệu lực.",
        "2. Giấy phép được cấp theo quy định của Luật Mẫu số 1/2019/QH14 hết hiệu lực sau 12 tháng.",
        "2. Thay thế cụm từ “a” bằng cụm từ “b” tại khoản 2 Điều 3 của Luật Mẫu số 1/2019/QH14.",
        "2. Trường hợp Luật Mẫu số 1/2019/QH14 hết hiệu lực thì báo cáo Quốc hội.",
        "2. Luật Mẫu số 1/2019/QH14 chưa hết hiệu lực vẫn được áp dụng.",
        "2. Những quy định trước đây trái với Luật này đều bãi bỏ.",
        "2. Sửa đổi Điều 5 như sau:\n“Điều 5. Một\nLuật Mẫu số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu"
        " lực.”.",
        "2. Luật này thay thế Luật Mẫu số 9/2024/QH15.",
        "2. Thay thẻ căn cước theo Luật Mẫu số 1/2019/QH14.",
    ],
)
def test_what_ends_nothing_gives_nothing(line):
    assert found(*line.split("\n")) == []


def test_a_consolidated_text_ends_nothing():
    assert read("2. Luật này thay thế Luật Mẫu số 1/2019/QH14.", doc_type="consolidated_text") == []


def test_without_a_first_day_of_the_act_the_day_is_a_doubt():
    (ending,) = read("2. Luật này thay thế Luật Mẫu số 1/2019/QH14.", effective_on=None)
    assert (ending.on, ending.doubts) == (None, ("no_day",))


def test_a_suspension_says_until_when():
    def days(line):
        (each,) = read(line)
        return str(each.on), str(each.until), [str(doubt) for doubt in each.doubts]

    rest = "Nghị định số 1/2019/NĐ-CP từ ngày 01 tháng 7 năm 2025 đến hết ngày 31 tháng 12 năm 2025."
    assert days(f"2. Ngưng hiệu lực thi hành {rest}") == ("2025-07-01", "2025-12-31", ["not_ending"])
    assert days(f"2. Tạm đình chỉ việc thi hành {rest}") == ("2025-07-01", "2025-12-31", ["not_ending"])
    open_end = "2. Nghị định số 1/2019/NĐ-CP tạm ngưng hiệu lực từ ngày 01 tháng 7 năm 2025."
    assert days(open_end) == ("2025-07-01", "None", ["not_ending"])
    backwards = "2. Ngưng hiệu lực Nghị định số 1/2019/NĐ-CP từ ngày 01/7/2025 đến hết ngày 01/7/2024."
    assert days(backwards)[2] == ["condition", "not_ending"]
    ends = "2. Nghị định số 1/2019/NĐ-CP hết hiệu lực đến hết ngày 31/12/2025."
    assert days(ends) == ("None", "None", ["condition", "no_day"])


def test_what_the_same_article_lets_continue_is_a_doubt():
    (ending,) = read(
        "2. Luật Mẫu số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực.",
        "3. Điều 7 của Luật Mẫu số 1/2019/QH14 tiếp tục có hiệu lực đến hết ngày 31 tháng 12 năm 2026.",
    )
    assert ending.doubts == ("continues",)


def test_the_clause_is_kept_in_its_words_with_its_place():
    (ending,) = read("2. Luật này thay thế Luật Mẫu số 1/2019/QH14.")
    assert (ending.source_eid, ending.words, ending.replaces) == (
        "art_1__clause_2",
        "Luật này thay thế Luật Mẫu số 1/2019/QH14.",
        True,
    )


pieces = st.sampled_from(
    ["Luật Mẫu số 1/2019/QH14", " hết hiệu lực", " thay thế ", "Bãi bỏ ", "; ", ", ", " và ", " trừ ", "Điều 5 của ",
     "đã được sửa đổi, bổ sung theo ", "kể từ ngày ", "Luật này có hiệu lực", "30 tháng 02 năm 2024", "\n", "2. ", ":",
     "Luật này ", "(sau đây gọi là ", "đến hết ngày ", " sau đây", "Pháp lệnh "]
)  # fmt: skip


@given(st.lists(pieces | st.text(max_size=4), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_reading_never_fails_and_never_ends_the_act_by_its_own_number(text):
    assert all(each.target_key != "9-2024-qh15" for each in read(text))
