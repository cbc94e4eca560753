"""The words of a law after an amending act: small copies of real orders that were carried out wrongly once."""

import pytest

from content import parsing
from content.amendments import consolidation
from content.amendments.recognition.amending_acts import recognise_instructions
from content.diff import UnitText

HEAD = "Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu số 10/2015/QH13\n"
TITLE = "Luật sửa đổi, bổ sung một số điều của Luật Mẫu"


def units_of(text):
    parsed = parsing.parse_text(text).units
    return [
        UnitText(
            each.eid,
            str(each.kind),
            each.number,
            each.heading,
            text[each.start : each.end],
            parsed[each.parent].eid if each.parent is not None else None,
        )
        for each in parsed
    ]


def amended(law, act):
    """(the law's text after what is certain in the act, the numbers of orders that were left to a person)"""
    act = HEAD + act
    orders = recognise_instructions(act, parsing.parse_text(act), title=TITLE)
    certain = [each for each in orders if each.is_certain]
    after, failures = consolidation.apply_instructions(units_of(law), certain)
    return "".join(each.text for each in after), len(orders) - len(certain) + len(failures)


def test_each_quoted_block_goes_to_its_own_unit():
    law = "Điều 5. A\n1. Một.\n2. Cấp tỉnh:\na) Ba;\nb) Bốn.\n3. Quân khu:\na) Bảy;\nb) Tám;\nc) Chín;\nd) Mười.\n"
    act = (
        "1. Sửa đổi, bổ sung khoản 2 và điểm d khoản 3 Điều 5 như sau:\n"
        "“2. Cấp tỉnh:\na) Ba mới;\nb) Bốn mới;\nc) Năm mới;\nd) Sáu mới;\nđ) Bảy mới.”\n“d) Mười mới.”\n"
    )
    text, left = amended(law, act)
    assert left == 0
    assert "c) Năm mới;\nd) Sáu mới;\nđ) Bảy mới.\n3. Quân khu:" in text and text.endswith("c) Chín;\nd) Mười mới.\n")


def test_a_point_that_may_belong_to_the_clause_before_it_is_left_to_a_person():
    law = "Điều 5. A\n1. Một.\n2. Cấp tỉnh:\na) Ba;\nb) Bốn.\n3. Quân khu:\na) Bảy;\nb) Tám.\n"
    act = "1. Sửa đổi khoản 2 và điểm b khoản 3 Điều 5 như sau:\n“2. Cấp tỉnh:\na) Ba mới;\nb) Bốn mới;\nb) Tám mới.”\n"
    assert amended(law, act) == (law, 2)


@pytest.mark.parametrize(
    ("law", "act"),
    [
        ("Điều 52. A\n1. Phạm tội đối với trẻ em, phụ nữ có thai, người già.\n",
         "1. Thay thế dấu “,” bằng từ “hoặc” trước cụm từ “người già” tại khoản 1 Điều 52.\n"),
        ("Điều 7. A\n1. Phạt từ 10 đồng.\nĐiều 8. B\n1. Làm từ 11 giấy tờ giả trở lên.\n",
         "1. Bỏ từ “từ” trước cụm từ “10 đồng” tại khoản 1 Điều 7 và trước cụm từ “11 giấy tờ giả trở lên” tại khoản 1"
         " Điều 8.\n"),
        ("Điều 55. Huy động, trưng dụng nguồn lực\n1. Được huy động xe.\n2. Tài sản đã trưng dụng phải trả.\n",
         "1. Bỏ cụm từ “trưng dụng” tại Điều 55 và sửa đổi, bổ sung Điều này như sau:\n“Điều 55. Huy động nguồn lực\n1."
         " Được huy động xe.\n2. Tài sản đã huy động phải trả.”\n"),
        ("Điều 4. A\n1. Buộc lắp đặt camera, đồng hồ.\n", "1. Bỏ cụm từ “camera” tại khoản 1 Điều 4.\n"),
        ("Điều 4. A\n1. Tại điểm b khoản 6; điểm c khoản 8.\n",
         "1. Bổ sung cụm từ “điểm d khoản 7;” vào sau cụm từ “khoản 6” tại khoản 1 Điều 4.\n"),
        ("Điều 4. A\n1. Theo quy định tại khoản 2, điểm b khoản 3.\n",
         "1. Thay thế cụm từ “khoản 2” bằng cụm từ “, khoản 4” tại khoản 1 Điều 4.\n"),
    ],
)  # fmt: skip
def test_an_order_about_phrases_that_is_not_understood_changes_nothing(law, act):
    text, left = amended(law, act)
    assert (text, left > 0) == (law, True)


@pytest.mark.parametrize(
    ("law", "act", "words"),
    [
        ("Điều 16. A\n1. Một.\n2. Chủ cuộc biểu diễn quy định tại khoản 1 Điều 44.\n",
         "1. Thay cụm từ “cuộc biểu diễn” bằng cụm từ “quyền liên quan” và bỏ cụm từ “khoản 1” tại khoản 2 Điều 16;\n",
         "2. Chủ quyền liên quan quy định tại Điều 44.\n"),
        ("Điều 4. A\n1. Lắp camera, dây an toàn, đồng hồ.\n", "1. Bỏ cụm từ “dây an toàn” tại khoản 1 Điều 4.\n",
         "1. Lắp camera, đồng hồ.\n"),
        ("Điều 4. A\n1. Giám sát và kiểm soát, đánh giá.\n", "1. Bỏ cụm từ “và kiểm soát” tại khoản 1 Điều 4.\n",
         "1. Giám sát, đánh giá.\n"),
        ("Điều 4. A\n1. Lắp camera, dây an toàn.\n", "1. Bỏ cụm từ “dây an toàn” tại khoản 1 Điều 4.\n",
         "1. Lắp camera.\n"),
    ],
)  # fmt: skip
def test_an_order_about_phrases_is_carried_out_with_its_punctuation(law, act, words):
    text, left = amended(law, act)
    assert (text.endswith(words), left) == (True, 0)


def test_units_inserted_after_one_unit_stand_in_the_order_of_their_numbers():
    law = "Điều 7. Bảy\n1. Một.\na) A;\nb) B.\n2. Hai.\nĐiều 8. Tám\n"
    act = (
        "1. Bổ sung các điều 7a, 7b và 7c vào sau Điều 7 như sau:\n“Điều 7a. A\nĐiều 7b. B\n1. Một.\nĐiều 7c. C”\n"
        "2. Bổ sung các điểm c, d và đ vào sau điểm b khoản 1 Điều 7 như sau:\n“c) C;\nd) D;\nđ) Đ.”\n"
        "3. Bổ sung khoản 1a và khoản 1b vào trước khoản 2 Điều 7 như sau:\n“1a. Một a.\n1b. Một b.”\n"
    )
    text, left = amended(law, act)
    assert left == 0
    marks = [line.split()[1 if line.startswith("Điều") else 0].rstrip(".)") for line in text.splitlines()]
    assert marks == ["7", "1", "a", "b", "c", "d", "đ", "1a", "1b", "2", "7a", "7b", "1", "7c", "8"]
