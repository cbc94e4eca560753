"""What tells who somebody is: found in every form people write it in, and never in the words of the law."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from content import personal_data
from content.personal_data import PersonalDataKind

digits = st.text("0123456789", min_size=8, max_size=8)
letters = st.text("abcdefghikmnopqrstuvxy", min_size=3, max_size=10)


def grouped(number, sizes, gap):
    pieces, at = [], 0
    for size in sizes:
        pieces.append(number[at : at + size])
        at += size
    return gap.join([*pieces, number[at:]]).rstrip(gap)


gaps = st.sampled_from(["", " ", ".", "-", " - ", "\xa0", "\u200b", "–"])
phones = st.builds(
    lambda prefix, rest, sizes, gap: grouped(prefix + rest, sizes, gap),
    st.sampled_from(["03", "05", "07", "08", "09", "+843", "+849", "00849", "024", "028"]),
    digits,
    st.sampled_from([(10,), (4, 3), (3, 3), (4, 2, 2)]),
    gaps,
)
data = st.builds(
    lambda province, rest, form: form.format(f"{province:03}{rest}0"),
    st.integers(1, 96),
    digits,
    st.sampled_from(["{}", "CCCD {}", "số CCCD: {}"]),
) | st.builds(lambda rest: f"CMND {rest}1", digits)
emails = st.builds(
    lambda name, number, host: f"{name}{number}@{host}",
    letters,
    st.sampled_from(["", ".nguyen", "_99", "+luat"]),
    st.sampled_from(["gmail.com", "yahoo.com.vn", "cong-ty.vn", "mail.hust.edu.vn"]),
)
plates = st.builds(
    lambda province, series, rest, form: form.format(province, series, rest[:3], rest[3:5]),
    st.integers(11, 99),
    st.sampled_from(["A", "F", "K", "LD", "Đ1", "H1", "X3"]),
    digits,
    st.sampled_from(["{}{}-{}.{}", "{}{} {}{}", "{}-{} {}.{}", "{}{} {}.{}", "{}{}-{}{}"]),
)
private = phones | data | emails | plates
around = st.sampled_from(
    [
        "Xin hỏi, tôi là chủ số {} thì phải làm gì?",
        "Liên hệ: {}",
        "{} là của tôi, theo Nghị định 100/2019/NĐ-CP ngày 30/12/2019 thì sao?",
        "Tôi để lại ({}), mong sớm được trả lời.\nXin cảm ơn.",
    ]
)


@given(secret=private, sentence=around, decomposed=st.booleans())
@hypothesis_settings(max_examples=100, deadline=None, derandomize=True)
def test_none_of_a_hundred_numbers_addresses_and_plates_gets_through(secret, sentence, decomposed):
    text = sentence.format(secret)
    text = unicodedata.normalize("NFD" if decomposed else "NFC", text)
    found = personal_data.unpublishable_findings(text)
    assert found
    left = personal_data.redacted_text(text, found)
    assert personal_data.unpublishable_findings(left) == []
    bare = [sign for sign in secret if sign.isalnum()]
    assert "".join(bare[-5:]) not in "".join(sign for sign in left if sign.isalnum())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Tôi tên là Nguyễn Thị Minh Khai, sinh năm 1990", ["name", "birth"]),
        ("Ông Trần Văn Bình và bà Lê Hoa có tranh chấp", ["name", "name"]),
        ("Trần Hà Nam kiện tôi", ["name"]),
        ("Tôi ở số 12 ngõ 34 đường Láng, phường Láng Thượng, quận Đống Đa", ["address"]),
        ("Số tài khoản: 0011 0040 12345", ["account"]),
        ("https://www.facebook.com/minh.nguyen.123 nói vậy", ["account"]),
        ("hộ chiếu B1234567", ["identity"]),
        ("minh (at) gmail.com", ["email"]),
        ("xe 29a-123.45 và biển số 30E1 234.56", ["plate", "plate"]),
        ("số ０９１２３４５６７８ của tôi", ["phone"]),
        ("gọi 84912345678", ["phone"]),
        ("gọi 84-912-345-678", ["phone"]),
        ("ĐT: 0912345678/0987654321", ["phone", "phone"]),
        ("0912345678,0987654321", ["phone", "phone"]),
        ("0912,345,678", ["phone"]),
        ("căn cước của tôi 0010 9901 2345", ["identity"]),
        ("001099012345/0912345678", ["identity", "phone"]),
        ("xe 29a12345, xe máy 29b112345", ["plate", "plate"]),
        ("minh(a)gmail.com", ["email"]),
        ("minh[at]gmail[dot]com", ["email"]),
        ("0912/345/678, 0912/345.678, 091/234/5678", ["phone", "phone", "phone"]),
        ("điện thoại di động của tôi là 84.912.345.678", ["phone"]),
        ("liên hệ số 84.912.345.678", ["phone"]),
        ("stk vcb 0123 4567 89 của tôi", ["account"]),
        ("Số tài khoản 0071000123456 Vietcombank", ["account"]),
        ("tôi ở số 12 đường Lê Lợi, phường Bến Nghé, quận 1", ["address"]),
        ("anh Lê Lợi ở ngõ 5 phố Lê Lợi", ["name", "address"]),
        ("xe 29a 12345", ["plate"]),
        ("x" * 70 + "minh@gmail.com", ["email"]),
        ("stk 711A-2345-6789", ["account"]),
        ("cháu ở 25B Hai Bà Trưng", ["address"]),
        ("quán ở 15-17 Nguyễn Huệ", ["address"]),
        ("15-17 Nguyễn Huệ bị cắt nước", ["address"]),
        ("tôi ở đường Lê Lợi, cả nhà tôi ở phố Huế", ["address", "address"]),
        ("tôi sinh mùng 3 tháng 4 năm 1985", ["birth"]),
        ("em sinh mồng hai tháng chín năm một chín chín tám", ["birth"]),
        ("em là Hoàng, 25 tuổi", ["name"]),
        ("mình tên Hương, e là Thảo ạ", ["name", "name"]),
        ("an@gmail chấm com", ["email"]),
        ("an95 a còng gmail chấm com", ["email"]),
        ("0912 ba bốn năm sáu bảy tám", ["phone"]),
        ("không chín một hai ba bốn năm sáu bảy tám", ["phone"]),
        ("o912.345.678, 09l2345678", ["phone", "phone"]),
        ("0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", ["phone"]),
    ],
)
def test_what_is_proposed(text, kinds):
    assert [str(finding.kind) for finding in personal_data.find_personal_data(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định 168/2024/NĐ-CP ngày 26/12/2024 và Thông tư 24/2023/TT-BCA",
        "phạt từ 2.000.000 đồng đến 150.000.000 đồng, tối đa 150000000 đồng",
        "từ ngày 09-12-2024 15 giờ đến 09.12.2025 17 giờ",
        "thửa đất 1.234,5 m2, tờ bản đồ số 12, 20m2 15000 đồng/m2",
        "khoản 2 Điều 15, điểm a khoản 10 Điều 123 Bộ luật Dân sự 91/2015/QH13",
        "Thành phố Hồ Chí Minh, tỉnh Hà Nam, xe 125 cm3 chạy 80 km/h",
        "mã số 01B 2020, năm 2024 2025, 1900",
        "thu 84.912.345.678 đồng, số tài khoản theo Nghị định 52/2024/NĐ-CP, stk có 150000000 đồng",
        "stk mở năm 2019 2020, số tài khoản theo Luật 32 2024, từ 038/2024/QH15",
        "đường bộ, đường lối, đường dây, tổ chức, số 12/2020/NĐ-CP, phường Lê Lợi, trường Lê Lợi",
        "đường Lê Lợi có cấm xe tải không, cho hỏi phố Tràng Tiền có được đỗ ô tô không",
        "bảng giá đất đường Võ Văn Kiệt, xe tải bị cấm ở đường Lê Lợi, vỉa hè Nguyễn Huệ",
        "em là Đảng viên, 30 tuổi; tôi là Kỹ sư, 25 tuổi; mình là Cử nhân Luật",
        "Điều 15-17 Luật Nhà ở, từ 15-17 Tháng 7, vay 12-15 Triệu Đồng, dải tần 5150-5350 MHz, 5470-5850 MHz",
        "hai ba năm nay, bảy tám tháng nữa, năm sáu bảy ngày, không năm nào, học sinh năm 2010",
        "Thủ tướng Phạm Minh Chính ký, KT. BỘ TRƯỞNG, Bộ trưởng Bộ Công an Lương Tam Quang, BHXH 1900 9068",
        "gọi vốn 84.912.345.678 đồng, mở stk ở ngân hàng ngày 12.05.2024",
    ],
)
def test_the_words_of_the_law_are_nobodys(text):
    assert personal_data.find_personal_data(text) == []


def test_what_is_visible_hides_nothing():
    assert personal_data.without_invisible("09\u200b12\ufeff345\u00ad678 👨\u200d👩") == "0912345678 👨\u200d👩"


def test_what_is_repeated_is_found_however_it_is_spaced():
    found = personal_data.repeated_findings("Tôi: 0912 345 678, minh@gmail.com", "Gọi 0912.345.678 hoặc 024 3936 0000")
    assert [finding.kind for finding in found] == [PersonalDataKind.PHONE]


def test_it_is_linear_in_a_text_made_to_be_slow():
    for piece in ("0912-", "Nguyễn ", "a@a.", "số nhà 1/2/", "29A-", "((((", "1 2 3 "):
        text = piece * (10_000 // len(piece))
        assert isinstance(personal_data.find_personal_data(text), list)


def found_words(text):
    return [text[each.start : each.end] for each in personal_data.find_personal_data(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tôi ở số 12 lê lợi, phường bến nghé, quận 1 bị thu hồi", "số 12 lê lợi, phường bến nghé, quận 1"),
        ("số 12 lê lợi, p bến nghé, q1", "số 12 lê lợi, p bến nghé, q1"),
        ("so 12 le loi, phuong ben nghe, quan 1", "so 12 le loi, phuong ben nghe, quan 1"),
        ("12 đường lê lợi bến nghé quận 1 của tôi", "12 đường lê lợi bến nghé quận 1"),
        ("nhà tôi ở đường lê lợi, phường bến nghé, quận 1", "đường lê lợi, phường bến nghé, quận 1"),
        ("số 45 phố huế, p. ngô thì nhậm, q. hai bà trưng", "số 45 phố huế, p. ngô thì nhậm, q. hai bà trưng"),
        ("hộ khẩu tại tổ 5 phường mai dịch cầu giấy", "tổ 5 phường mai dịch cầu giấy"),
        ("tôi trú tại 23 phường bến nghé, quận 1", "23 phường bến nghé, quận 1"),
        ("tôi ở 123/4 xã đàn, phường nam đồng, đống đa", "123/4 xã đàn, phường nam đồng, đống đa"),
    ],
)
def test_a_ward_in_small_letters_behind_a_house_or_a_street_is_hidden_with_it(text, address):
    assert found_words(text) == [address]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("HỌ VÀ TÊN: VỪ MÍ PÓ, TRÚ TẠI HÀ GIANG", "VỪ MÍ PÓ"),
        ("Họ và tên: KIBUNUMA", "KIBUNUMA"),
        ("họ và tên: vừ mí pó, dân tộc mông", "vừ mí pó"),
        ("TÔI TÊN LÀ CHÁNG SEO PHÔNG Ở HÀ GIANG", "CHÁNG SEO PHÔNG"),
        ("TÊN LÀ SẦM THỊ XUÂN", "SẦM THỊ XUÂN"),
        ("KHIẾU NẠI CỦA ÔNG CHÁNG SEO PHÔNG", "CHÁNG SEO PHÔNG"),
        ("ÔNG VỪ MÍ PÓ KHIẾU NẠI QUYẾT ĐỊNH THU HỒI ĐẤT", "VỪ MÍ PÓ"),
        ("đơn của ông KIBUNUMA đã gửi", "KIBUNUMA"),
        ("anh CHÁNG hàng xóm", "CHÁNG"),
    ],
)
def test_a_name_in_capitals_is_found_behind_a_word_for_a_person_whatever_its_surname(text, name):
    assert found_words(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "đường lê lợi, phường bến nghé có cấm xe tải không",
        "có 3 phường sáp nhập, quận 1 còn mấy phường",
        "nghị quyết số 5 phường có hiệu lực khi nào",
        "ủy ban phường bến nghé, quận 1 không giải quyết",
        "CHO ÔNG BÀ HỎI VỀ ĐẤT",
        "ÔNG BÀ NỘI NGOẠI CÓ ĐƯỢC HƯỞNG THỪA KẾ KHÔNG",
        "BÀ MẸ VIỆT NAM ANH HÙNG",
        "chị BHXH bảo tôi, anh CSGT cũng nói thế",
        "bà NỘI tôi mất, ông KHÔNG để lại di chúc",
        "TÊN LÀ GÌ CŨNG ĐƯỢC",
        "HỌ VÀ TÊN: SỐ CMND: ĐỊA CHỈ:",
        "họ và tên: ghi bằng chữ in hoa",
        "CỦA ÔNG GIÁM ĐỐC CÔNG TY",
    ],
)
def test_streets_kin_bodies_and_forms_are_nobodys(text):
    assert found_words(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ông Võ Văn Kiệt Anh nợ tôi", "Võ Văn Kiệt Anh"),
        ("bị đơn Lý Tuấn Kiệt An", "Lý Tuấn Kiệt An"),
        ("tôi ở Kiệt Sơn Trà", "Kiệt Sơn Trà"),
        ("nhà ở Kiệt 82 Nguyễn Lộ Trạch", "Kiệt 82 Nguyễn Lộ Trạch"),
        ("thường trú 123A Tổ 5 Khu phố 2, phường Tân Phong", "123A Tổ 5 Khu phố 2, phường Tân Phong"),
        ("địa chỉ: 12/3B ấp Bình Thuận, xã Tân Phú", "12/3B ấp Bình Thuận, xã Tân Phú"),
        ("ở 221B đường Cách Mạng Tháng 8, P.10, Q.3", "221B đường Cách Mạng Tháng 8, P.10, Q.3"),
        ("ở số 12 đường 30 Tháng 4, Ninh Kiều", "số 12 đường 30 Tháng 4, Ninh Kiều"),
        ("nhà 27 đường Cách mạng tháng Tám", "27 đường Cách mạng tháng Tám"),
    ],
)
def test_a_name_with_kiet_is_whole_and_an_address_has_its_house_and_its_street(text, words):
    assert found_words(text) == [words]


def test_a_number_of_hamlets_is_no_house():
    assert found_words("điện ở 12 thôn Đông Bắc của xã") == ["thôn Đông Bắc"]
