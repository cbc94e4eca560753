"""What an act says about the effect of others, read in its text: the documents, the day, and every doubt."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import parsing
from content.relations import ending_phrases
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


DECREE = "Nghị định số 5/2019/NĐ-CP ngày 01 tháng 3 năm 2019 của Chính phủ"
LAW = "Luật Mẫu số 1/2019/QH14"
WHOLE_AND_IN_DOUBT = [
    f"Bãi bỏ {DECREE} {limit}."
    for limit in (
        "đối với thành phố Hà Nội",
        "tại Điều 5",
        "phần liên quan đến mẫu nhỏ",
        "trong thời gian có dịch",
        "trong phạm vi tỉnh",
        "với điều kiện Chính phủ quyết định",
        "từ năm 2030",
        "từ tháng 6 năm 2030",
        "vào ngày 01/01/2030",
        "(phần về mẫu nhỏ)",
        "quy định về mẫu tại Điều 5",
        "quy định về mẫu, ngoài Điều 9",
        "quy định về mẫu, giữ lại Điều 9",
        "quy định về mẫu, nhưng Điều 9 vẫn áp dụng",
    )
] + [
    f"{DECREE}{before} hết hiệu lực kể từ ngày 01/01/2025."
    for before in (
        ", ngoài Điều 9,", " (không kể Điều 9)", " đối với Hà Nội", " tại Hà Nội", " dự kiến", " đáng lẽ",
        " chưa đương nhiên", " không đương nhiên", " không ",
    )
] + [f"{DECREE} {modal} bị bãi bỏ." for modal in ("có thể", "cần", "phải")]  # fmt: skip


@pytest.mark.parametrize("line", WHOLE_AND_IN_DOUBT)
def test_words_that_limit_an_end_or_do_not_say_it_make_a_doubt(line):
    assert all(each.doubts for each in read(f"2. {line}"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [  # each as a decree or circular says it
        ("2. Luật này thay thế Thông tư số 1/2010/TT-BGDĐT ngày 18 tháng 01 năm 2010 ban hành Danh mục thiết bị. Việc"
         " thay thế Danh mục được áp dụng theo lộ trình thực hiện Chương trình giáo dục phổ thông 2018.",
         [("1-2010-tt-bgddt", "whole", FIRST, ["continues"])]),
        ("2. Luật này thay thế Thông tư số 30/2017/TT-BTC ngày 18 tháng 4 năm 2017 quy định tạm ứng ngân quỹ; Thông tư"
         " số 6/2018/TT-BTC ngày 24 tháng 01 năm 2018 của Bộ Tài chính sửa đổi, bổ sung một số điều của Thông tư số"
         " 30/2017/TT-BTC và Thông tư số 12/2019/TT-BTC ngày 13 tháng 3 năm 2019 của Bộ Tài chính quy định chi phí.",
         [("30-2017-tt-btc", "whole", FIRST, []), ("6-2018-tt-btc", "whole", FIRST, []),
          ("30-2017-tt-btc", [], FIRST, ["unplaced"]), ("12-2019-tt-btc", "whole", FIRST, ["unknown_words"])]),
        ("2. Thông tư số 45/2015/TT-LĐTBXH ngày 11 tháng 11 năm 2015 của Bộ Lao động - Thương binh và Xã hội hướng"
         " dẫn thực hiện một số điều về Quỹ quy định tại Nghị định"
         " số 61/2015/NĐ-CP ngày 09 tháng 7 năm 2015 của Chính phủ quy định về chính sách và Thông tư số"
         " 24/2017/TT-BLĐTBXH ngày 21 tháng 8 năm 2017 hết hiệu lực kể từ ngày Luật này có hiệu lực.",
         [("45-2015-tt-ldtbxh", "whole", FIRST, []), ("61-2015-nd-cp", [], FIRST, ["unplaced"]),
          ("24-2017-tt-bldtbxh", "whole", FIRST, ["unknown_words"])]),
        ("2. Luật này thay thế Thông tư số 38/2010/TT-BGDĐTngày 20 tháng 12 năm 2010 của Bộ Giáo dục và Đào tạo.",
         [("38-2010-tt-bgddt", "whole", FIRST, [])]),
        ("2. Nghị định số 3/2019/NĐ-CP tiếp tục có hiệu lực đến hết ngày 31 tháng 12 năm 2027.",
         [("3-2019-nd-cp", "whole", "2028-01-01", ["condition"])]),
        ("2. Điều 5 Nghị định số 3/2019/NĐ-CP có hiệu lực thi hành đến hết ngày 31 tháng 12 năm 2027;",
         [("3-2019-nd-cp", ["art_5"], "2028-01-01", ["condition"])]),
        ("2. Nghị định số 3/2019/NĐ-CP còn hiệu lực đến ngày 30 tháng 6 năm 2027.",
         [("3-2019-nd-cp", "whole", "2027-06-30", ["condition"])]),
        ("2. Các văn bản sau đây hết hiệu lực:\na) Luật Mẫu số 1/2019/QH14, trừ khoản 2 Điều 1 Luật Mẫu số 1/2019/QH14"
         " có hiệu lực thi hành đến hết ngày 31 tháng 12 năm 2027;",
         [("1-2019-qh14", "whole", FIRST, ["condition", "exception"]),
          ("1-2019-qh14", ["art_1__clause_2"], "2028-01-01", ["unknown_words", "condition"])]),
        ("2. Hết hiệu lực: Nghị định số 3/2019/NĐ-CP.", [("3-2019-nd-cp", "whole", FIRST, ["unknown_words"])]),
        ("2. Hết hiệu lực các Nghị định số 3/2019/NĐ-CP và Nghị định số 4/2019/NĐ-CP.",
         [("3-2019-nd-cp", "whole", FIRST, ["unknown_words"]), ("4-2019-nd-cp", "whole", FIRST, ["unknown_words"])]),
        ("2. Nghị định số 3/2019/NĐ-CP do Luật này thay thế.", [("3-2019-nd-cp", "whole", FIRST, ["unknown_words"])]),
        ("2. Tạm dừng thực hiện Nghị định số 3/2019/NĐ-CP.", [("3-2019-nd-cp", "whole", FIRST, ["not_ending"])]),
        ("2. Luật Mẫu số 1/2019/QH14 hết hiệu lực một phần.",
         [("1-2019-qh14", [], FIRST, ["unknown_words", "unplaced"])]),
        ("2. Bãi bỏ các văn bản quy phạm pháp luật tại Phụ lục I kèm theo Luật này.\nPHỤ LỤC I\nDANH MỤC VĂN BẢN BÃI BỎ"
         "\n(Ban hành kèm theo Luật số 9/2024/QH15)\n1. Nghị định số 3/2019/NĐ-CP sửa đổi Nghị định số 2/2018/NĐ-CP."
         "\nPHỤ LỤC II\nBIỂU MẪU\n1. Mẫu theo Nghị định số 5/2019/NĐ-CP.",
         [("3-2019-nd-cp", "whole", FIRST, ["unknown_words"])]),
        ("2. Bãi bỏ các văn bản tại Phụ lục I và Phụ lục III kèm theo Luật này.\nPHỤ LỤC I\nDANH MỤC\n1. Nghị định số"
         " 3/2019/NĐ-CP.\nPHỤ LỤC II\nKHÁC\n1. Nghị định số 4/2019/NĐ-CP.\nPHỤ LỤC III\nDANH MỤC\n1. Nghị định số"
         " 5/2019/NĐ-CP.",
         [("3-2019-nd-cp", "whole", FIRST, ["unknown_words"]), ("5-2019-nd-cp", "whole", FIRST, ["unknown_words"])]),
        ("2. Các văn bản tại Phụ lục kèm theo hết hiệu lực.\nPHỤ LỤC\nDANH MỤC VĂN BẢN\nNghị định số 3/2019/NĐ-CP",
         [("3-2019-nd-cp", "whole", FIRST, ["unknown_words"])]),
    ],
)  # fmt: skip
def test_rarer_ways_to_say_that_a_document_ends_are_read_and_never_certain(line, expected):
    assert found(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        f"{LAW} hết liệu lực kể từ ngày Luật này có hiệu lực.",  # so in Law 50/2014/QH13 Art. 167(2)
        f"{LAW} hết hiệu lưc kể từ ngày Luật này có hiệu lực.",
        f"Luật này thay thé {LAW}.",
        f"Luật này thay  thế {LAW}.",
        f"Luật này thay\tthế {LAW}.",
        f"Luật này thay\u2003thế {LAW}.",
        f"Luật này thay\nthế {LAW}.",
        f"{LAW} hết\nhiệu lực kể từ ngày Luật này có hiệu lực.",
        f"{LAW} HẾT HIỆU LỰC kể từ ngày Luật này có hiệu lực.",
        "Luật này thay thế Luật Mẫu số\n1/2019/QH14.",
        "Luật này thay thế Luật Mẫu số 1/2019/\nQH14.",
        "Luật này thay thế Luật Mẫu số 1/2019/ QH14.",
        f"Bải bỏ {LAW}.",
        f"{LAW} mất hiệu lực kể từ ngày Luật này có hiệu lực.",
        f"{LAW} không còn hiệu lực kể từ ngày Luật này có hiệu lực.",
        f"Luật này có hiệu lực từ ngày 01/01/2025 thay thế {LAW}.",
        f"Luật này được ban hành thay thế {LAW}.",
        f"Luật này sửa đổi và thay thế {LAW}.",
        f"Ngừng hiệu lực thi hành {LAW}.",
        f"Bãi bỏ các văn bản quy phạm pháp luật:\na) {LAW};\nb) Luật Hai số 2/2019/QH14.",
        f"Bãi bỏ các văn bản sau đây\na) {LAW};\nb) Luật Hai số 2/2019/QH14.",
        f"Các văn bản sau đây hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ quy định tại khoản 3:\na) {LAW};",
        f"Bãi bỏ Luật Hai số 2/2019/QH14, trừ Điều 2; {LAW}.",
    ],
)
def test_slips_of_the_pen_and_odd_lists_do_not_hide_an_end(line):
    named = {each.target_key: each for each in read(*f"2. {line}".split("\n"))}
    assert named["1-2019-qh14"].is_whole


def test_what_is_repaired_to_be_read_is_never_certain():
    (ending,) = read(f"2. {LAW} hết liệu lực kể từ ngày Luật này có hiệu lực.")
    assert (ending.doubts, ending.on) == (("unknown_words",), FIRST_DAY)
    assert ending.words == f"{LAW} hết liệu lực kể từ ngày Luật này có hiệu lực."


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Nghị quyết này hết hiệu lực kể từ ngày 01 tháng 01 năm 2026.", ("2026-01-01", [])),
        ("Luật Mẫu mới số 9/2024/QH15 hết hiệu lực kể từ ngày 01/01/2026.", ("2026-01-01", ["condition"])),
        (
            "Nghị quyết này có hiệu lực từ ngày 01/01/2025 và được thực hiện trong 05 năm.",
            ("2030-01-01", ["condition"]),
        ),
    ],
)
def test_an_act_may_end_itself(line, expected):
    ((key, scope, *said),) = found(f"2. {line}")
    assert (key, scope, tuple(said)) == ("", "whole", expected)


@pytest.mark.parametrize("day", ["31/12/9999", "01/01/0001"])
def test_a_day_that_no_law_has_is_no_day(day):
    assert read(f"2. Luật này có hiệu lực từ ngày 01/01/2025 đến hết ngày {day}.") == []
    assert read(f"2. Nghị quyết này hết hiệu lực kể từ ngày {day}.") == []


def test_two_days_for_one_end_are_a_doubt():
    (ending,) = read(f"2. {LAW} hết hiệu lực từ ngày 01/01/2025. {LAW} hết hiệu lực từ ngày 01/01/2027.")
    assert ending.doubts == ("several_days",)


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
        "2. Dừng thực hiện dự án theo Nghị quyết số 41/2009/QH12.",
        "2. Giấy phép được cấp theo quy định của Luật Mẫu số 1/2019/QH14 có hiệu lực đến hết ngày 31/12/2027.",
        "2. Kể từ ngày Thông tư số 152/2015/TT-BTC có hiệu lực thi hành đến ngày 01/1/2016, thuế tính như sau.",
        "2. Bãi bỏ các văn bản tại Phụ lục II kèm theo Luật này.\nPHỤ LỤC I\nDANH MỤC VĂN BẢN\n1. Luật số 1/2019/QH14.",
    ],
)
def test_what_ends_nothing_gives_nothing(line):
    assert found(*line.split("\n")) == []


def test_a_consolidated_text_ends_nothing():
    assert read("2. Luật này thay thế Luật Mẫu số 1/2019/QH14.", doc_type="consolidated_text") == []


def test_without_a_first_day_of_the_act_the_day_is_a_doubt():
    (ending,) = read("2. Luật này thay thế Luật Mẫu số 1/2019/QH14.", effective_on=None)
    assert (ending.on, ending.doubts) == (None, ("no_day",))


A, B = "Luật Giá số 11/2012/QH13", "Luật Phí số 97/2015/QH13"


@pytest.mark.parametrize(
    ("line", "doubtful"),
    [
        (f"2. {B} còn hiệu lực, {A} hết hiệu lực kể từ ngày Luật này có hiệu lực.", ["97"]),
        (f"2. Các văn bản hướng dẫn thi hành {A} và {B} hết hiệu lực kể từ ngày Luật này có hiệu lực.", ["11", "97"]),
        (f"2. Luật này thay thế {A} nhưng giữ nguyên Điều 9 và {B}.", ["11"]),
        (f"2. Bãi bỏ {A} đối với tỉnh Bình Dương và {B}.", ["11"]),
        (f"2. Bãi bỏ {A} từ năm 2030; {B}.", ["11"]),
        (f"2. Bãi bỏ {A} – ngoài Điều 9 – và {B}.", ["11"]),
        (f"2. Bãi bỏ {A} (phần về giá điện), {B}.", ["11"]),
        (f"2. Bãi bỏ {A} (trừ Điều 9), {B}.", ["11", "97"]),
        (f"2. Ngoài {B}, {A} hết hiệu lực kể từ ngày Luật này có hiệu lực.", ["11", "97"]),
        (f"2. {A} ngày 20 tháng 6 năm 2012 của Quốc hội, {B} hết hiệu lực kể từ ngày Luật này có hiệu lực.", []),
    ],
)
def test_words_between_two_documents_are_understood_or_make_a_doubt(line, doubtful):
    read_so = {each.target_key.partition("-")[0]: [str(doubt) for doubt in each.doubts] for each in read(line)}
    assert sorted(read_so) == ["11", "97"]
    assert sorted(number for number, doubts in read_so.items() if doubts) == doubtful


def test_a_document_that_is_replaced_in_a_place_of_another_is_a_doubt():
    (each,) = read(f"2. Thay thế {A} tại khoản 2 Điều 5 bằng {B}.")
    assert (each.target_key, [str(doubt) for doubt in each.doubts]) == ("11-2012-qh13", ["unknown_words"])


def test_of_two_days_of_one_end_the_earlier_one_counts():
    head = "2. Các văn bản sau đây hết hiệu lực kể từ ngày Luật này có hiệu lực:\n"
    (each,) = read(f"{head}a) {A}, riêng Điều 9 hết hiệu lực từ ngày 01/01/2030;")
    assert (str(each.on), "exception" in each.doubts) == (FIRST, True)
    (each,) = read(f"2. {A} hết hiệu lực từ ngày 01/01/2030. {A} hết hiệu lực từ ngày 01/7/2025.")
    assert (str(each.on), [str(doubt) for doubt in each.doubts]) == ("2025-07-01", ["several_days"])


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
    ending, _part = read(
        "2. Luật Mẫu số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực.",
        "3. Điều 7 của Luật Mẫu số 1/2019/QH14 tiếp tục có hiệu lực đến hết ngày 31 tháng 12 năm 2026.",
    )
    assert ending.doubts == ("continues",)


@pytest.mark.parametrize(
    "line",
    [
        "Riêng Điều 9 tiếp tục có hiệu lực đến hết năm 2027.",
        "Điều 9 của Luật Mẫu tiếp tục có hiệu lực đến hết năm 2027.",
        "Điều 9 của Luật Mẫu số 1/2019/QH14 được tiếp tục thực hiện đến hết năm 2027.",
        "Điều 9 của Luật Mẫu số 1/2019/QH14 vẫn còn hiệu lực.",
        "Khoản 2 Điều này không áp dụng đối với dự án đã duyệt.",
        "Trừ Điều 9 của các luật nêu trên.",
    ],
)
def test_an_exception_in_another_clause_of_the_article_is_a_doubt(line):
    (ending,) = read(f"2. {LAW} hết hiệu lực kể từ ngày Luật này có hiệu lực.", f"3. {line}")
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


@pytest.mark.parametrize(
    ("line", "may"),
    [
        ("Luật này HẾT HIỆU LỰC", True),
        ("Thay\u00a0thế", True),
        ("cho TỚI NGÀY mai", True),
        ("hết hıệu lực", True),
        ("Ngưng thi hành", True),
        ("không còn được áp dụng kể từ ngày", True),
        ("không áp dụng", False),
        ("Điều này", False),
    ],
)
def test_lines_that_can_end_something_are_known_by_their_words_in_any_case(line, may):
    assert ending_phrases.may_order(line) is may
