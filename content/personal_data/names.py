"""Find names of persons: behind a word such as «tên là» or «ông», or beginning with a known surname."""

import re
from collections.abc import Iterator

from content.personal_data.place_words import CAPITAL, INSTITUTION, REGIONS, SURNAMES, UNIT, WORD
from content.personal_data.plain_text import either_way, in_any_case
from content.text.patterns import compiled_when_used
from content.text.vietnamese import fold

_FULL_NAME = rf"(?:{WORD}(?:[ -]{WORD}){{1,4}}+)"
_BARE_SURNAMES = sorted({fold(name).capitalize() for name in SURNAMES if len(name) > 1} - set(SURNAMES))
_SURNAMES_OF_ANY_SIZE = [*SURNAMES, *(name.upper() for name in SURNAMES if len(name) > 1)]
_ADDRESSED = either_way(
    "tôi", "tên", "họ tên", "họ và tên", "em", "cháu", "con", "chồng", "vợ", "mẹ", "bố", "ba", "cha", "ông", "bà",
    "anh", "chị", "cô", "chú", "bác", "cậu", "dì", "mợ", "thím", "luật sư",
)  # fmt: skip
_CALLED = (
    rf"(?<!\w)(?<!iếng )(?<!ước ){_ADDRESSED}(?: (?:{either_way('của tôi', 'tôi', 'em', 'cháu', 'mình')}))?"
    rf"(?: {either_way('tên là', 'là', 'tên')})?[ :]{{1,2}}"
)
_ENDS_A_NAME = either_way(
    "sinh", "hiện", "ở", "là", "muốn", "xin", "có", "đang", "quê", "trú", "cmnd", "cccd", "năm", "bị", "đã", "và",
    "thì", "hỏi", "cần", "ngụ", "sdt", "sđt", "đt", "cho", "của", "mua", "bán", "đi", "làm", "không", "hôm", "từ",
    "rồi", "vẫn", "để", "nhưng", "mà", "nợ", "lừa", "với",
)  # fmt: skip
_SMALL_WORD = rf"(?:(?!{_ENDS_A_NAME}(?!\w))[^\W\d_]{{1,7}}(?!\w))"
_SMALL_SURNAME = (  # those that are no other word: «tên hồ sơ» is no name
    "(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|ngô|đinh|trịnh|trương|tạ|"
    "nguyen|tran|le|pham|hoang|huynh|phan|dang|bui|trinh|truong)"
)
_NAMED = either_way(
    "tên", "tên là", "họ tên", "họ tên là", "chủ là", "chủ tài khoản", "chủ tài khoản là", "chủ tk", "chủ tk là",
    "chủ thẻ", "chủ thẻ là", "chủ đất là", "chủ nhà là", "chủ xe là", "chủ sổ là", "đứng tên",
)  # fmt: skip
_CAPITAL_SURNAME = "NGUYEN|TRAN|LE|PHAM|HUYNH|HOANG|PHAN|VU|VO|DANG|BUI|DO|HO|NGO|DUONG|LY|DINH|DOAN|TRINH|TRUONG"
_CAPITAL_MIDDLE = (  # «TRAN TRONG CAM ON», «DO THI HOA», «PHAM VI AP DUNG» are no names
    "VAN|THI|HUU|DUC|MINH|NGOC|THANH|QUANG|XUAN|HONG|QUOC|ANH|KIM|DUY|GIA|HOANG|HUNG|KHANH|MANH|NHAT|"
    "TIEN|THU(?! (?:HOI|TUC))|HAI|TRUNG|MY|DIEM|HA|PHUONG|TUAN|VIET|BAO|BICH|KHAC|NHU|PHUC|THUY|DINH|"
    "CONG(?! (?:DAN|CHUNG|VAN|TAC|TY|AN))"
)
_SHORTENED_SURNAME = r"(?:Ng|Ngx|Tr|Ph|Hg)\. ?(?:Thị|Văn|Đức|Hữu|Minh|Ngọc|Thanh|Quang|T\.|V\.)"
_PERSON_WORD = either_way("thằng", "ông", "bà", "lão", "mụ", "gã")
_NO_GIVEN_NAME = (  # provinces, spirits, kin: «ông Công, ông Táo», «bà Ngoại», «Bà Rịa»
    "(?:Rịa|Ria|Triệu|Trưng|Nà|Na|Đen|Chiểu|Điểm|Tổ|Táo|Công|Địa|Nội|Ngoại|Noi|Ngoai|Bụt|Trời|Tây|Chúa|Bang|Thông|Ích|"
    "Hàng|Xã|Mẹ|Bố|Con|Chủ|Nhà|Luật|Nào|Này|Ấy|Đó|Kia)"
)
_SELF = in_any_case("tôi", "em", "e", "cháu", "mình", "con")
_SHORT_NAME = rf"(?:{WORD}(?: {WORD})?(?! {WORD}))"
_GOES_ON_AFTER_A_NAME = (  # «em là Hoàng, 25 tuổi», «e là Thảo ạ»; not «em là Đảng viên»
    r"(?=\s*(?:[,.;!(\n]|\Z)| (?:\d|"
    rf"{either_way('ạ', 'đây', 'nè', 'năm nay', 'hiện', 'sinh', 'quê', 'ở', 'đang')}(?!\w)))"
)
_NOT_ONESELF = (  # «tôi là Nữ, 30 tuổi»
    "(?!(?:Nam|Nữ|Kinh|Tày|Nùng|Mường|Thái|Dao|Mông|Khmer|Chăm|Mẹ|Bố|Cha|Con|Chồng|Vợ|Chị|Ai|Admin|Shipper|Sếp|Chủ)"
    r"(?!\w))"
)
_SMALL_GIVEN_NAME = (
    r"(?:(?!(?:gì|gi|ai|trên|trong|này|đó|của|chung|riêng|bị|sai|thật|giả|khác)(?!\w))[^\W\d_A-Z]{2,7}"
    rf"(?: (?!{_ENDS_A_NAME}(?!\w))[^\W\d_A-Z]{{2,7}})?)"
)
_NO_CAPITAL_NAME = in_any_case(  # in capitals behind «ông», «anh», «tên là»: kin, work, stressed words
    "bà", "ông", "anh", "chị", "em", "cô", "chú", "bác", "nội", "ngoại", "cả", "gái", "trai", "rể", "dâu", "họ", "ruột",
    "chủ", "hàng", "xóm", "xã", "bố", "mẹ", "con", "tổ", "táo", "thầy", "tài", "lái", "bảo", "kế", "nhân", "giáo",
    "cảnh", "cán", "công", "ấy", "ta", "này", "đó", "nào", "gì", "phải", "được", "nên", "hay", "sẽ", "cũng", "chỉ",
    "tự", "vừa", "còn", "rất", "ai", "trên", "dưới", "một", "hai", "ba", "các", "những", "số", "địa", "ngày", "giới",
    "nơi", "chức", "người", "khác", "chung", "riêng", "thật", "giả", "doanh", "hộ", "hùng", "chưa", "luôn", "vì",
    "admin", "shipper", "taxi", "grab", "sale", "sếp", "boss", "vay", "thuê", "đòi", "kiện", "nói", "đứng", "gọi",
    "hội", "quỹ", "tên", "tôi", "mình", "viết", "ghi", "chữ", "theo", "như", "xem", "đầy", "lót", "cha", "đồng", "bé",
    "khiếu", "tố", "khởi", "tranh", "yêu", "đề", "trời", "cụ", "đang", "xin", "trưởng",
)  # fmt: skip
_CAPITAL_WORD = (
    rf"(?:(?!(?:{_ENDS_A_NAME}|{_NO_CAPITAL_NAME})(?!\w))[{CAPITAL}]{{2,8}}(?:['’][{CAPITAL}]{{1,8}})?(?![\w'’]))"
)
_NAME_IN_CAPITALS = rf"{_CAPITAL_WORD}(?:[ -]{_CAPITAL_WORD}){{0,4}}+"
_TOLD_NAME = in_any_case(  # what comes behind can only be a name
    "họ và tên", "họ và tên tôi là", "họ tên", "họ tên là", "tên là", "tên tôi là", "tôi tên là", "tôi tên",
    "tên em là", "em tên là", "em tên", "tên cháu là", "cháu tên là", "tên con là",
)  # fmt: skip
_MARKED_WORD = (  # a word that is no abbreviation: an accent, or syllables as «KIBUNUMA»
    rf"(?=[{CAPITAL}]{{0,7}}[^\W\d_A-Z]|(?:[^\W\d_AEIOUY]{{1,2}}[AEIOUY]){{3}})"
)
_ENDS_IN_TEXT = r"(?=\s*(?:[,.;:!?(\n]|\Z))"
_ENDS_IN_CAPITAL_TEXT = (
    rf"(?=\s*(?:[,.;:!?(\n]|\Z)| (?:{_ENDS_A_NAME}|{in_any_case('khiếu', 'tố', 'khởi', 'tranh', 'yêu', 'đề')})(?!\w))"
)
_NAME_RULES = (
    # «TÊN LÀ VỪ MÍ PÓ»: whatever the surname, also between other words in capitals
    compiled_when_used(rf"(?<!\w){_TOLD_NAME} ?:? ?(?P<it>(?!{INSTITUTION} ){_NAME_IN_CAPITALS})"),
    # «KHIẾU NẠI CỦA ÔNG VỪ MÍ PÓ», where nothing else in capitals follows
    compiled_when_used(
        rf"(?<!\w){in_any_case('ông', 'bà', 'bị cáo', 'bị can')} ?:? ?"
        rf"(?P<it>(?!{INSTITUTION} ){_CAPITAL_WORD}(?: {_CAPITAL_WORD}){{1,3}}+){_ENDS_IN_CAPITAL_TEXT}"
    ),
    # «ông KIBUNUMA», «anh CHÁNG»; «chị BHXH» is none
    compiled_when_used(
        rf"(?<!\w)(?:{in_any_case('ông', 'bà', 'bị cáo', 'bị can')}|anh|chị|Anh|Chị) ?:? ?"
        rf"(?P<it>(?!{INSTITUTION} ){_MARKED_WORD}{_CAPITAL_WORD}(?! [{CAPITAL}]{{2}}))"
    ),
    # «họ và tên: vừ mí pó,»
    compiled_when_used(
        rf"(?<!\w){in_any_case('họ và tên', 'họ tên')} ?: ?"
        rf"(?P<it>(?!{_NO_CAPITAL_NAME}(?!\w)){_SMALL_WORD}(?: {_SMALL_WORD}){{1,3}}+){_ENDS_IN_TEXT}"
    ),
    compiled_when_used(rf"{_CALLED}(?P<it>(?!{INSTITUTION} ){_FULL_NAME})"),
    compiled_when_used(rf"(?<!\w){_NAMED}:? (?P<it>{_SMALL_SURNAME} {_SMALL_WORD}(?: {_SMALL_WORD}){{0,2}}+)"),
    compiled_when_used(rf"(?<!\w)(?P<it>{_SHORTENED_SURNAME}(?: ?{WORD}){{1,3}}+)"),
    compiled_when_used(rf"(?<!\w)(?P<it>(?:{'|'.join(_SURNAMES_OF_ANY_SIZE)})(?:[ -]{WORD}){{1,4}}+)"),
    compiled_when_used(rf"(?<!\w)(?P<it>(?:{'|'.join(_BARE_SURNAMES)})(?: {WORD}){{2,4}}+)"),
    compiled_when_used(
        rf"(?<!\w)(?P<it>(?!DO THI HOA(?!\w))(?:{_CAPITAL_SURNAME}) (?:{_CAPITAL_MIDDLE})(?!\w)"
        r"(?: [A-Z]{1,7}(?!\w)){1,2}+)"
    ),
    # «thằng Hùng», «bà Hoa»; «ông A» is nobody
    compiled_when_used(
        rf"(?<!\w)(?<!ảo )(?<!ào ){_PERSON_WORD} "
        rf"(?P<it>(?!{INSTITUTION} |{_NO_GIVEN_NAME}(?!\w))[{CAPITAL}][^\W\d_A-Z]{{1,6}}(?![\w-]| {WORD}| kiều))"
    ),
    # what people call themselves, without a surname
    compiled_when_used(
        rf"(?<!\w){_SELF} {in_any_case('là')} "
        rf"(?P<it>(?!{INSTITUTION} ){_NOT_ONESELF}{_SHORT_NAME}){_GOES_ON_AFTER_A_NAME}"
    ),
    compiled_when_used(
        rf"(?<!\w)(?:{_SELF} {in_any_case('tên là', 'tên')}|{in_any_case('tên')} {_SELF} {in_any_case('là')}):? "
        rf"(?P<it>(?!{INSTITUTION} ){_SHORT_NAME})"
    ),
    compiled_when_used(
        rf"(?<!\w){_SELF} {in_any_case('tên là')} (?P<it>{_SMALL_GIVEN_NAME})"
        r"(?= (?:năm nay|nam nay|sinh|hiện|hien|\d)|[,.;!]|\Z)"
    ),
)
_RULES_WITHOUT_SURNAMES = _NAME_RULES[:2]  # that read names between other words in capitals
_UPPER_SURNAME = compiled_when_used(rf"(?:{'|'.join(_SURNAMES_OF_ANY_SIZE)}) ")
_SPOKEN_OF = compiled_when_used(  # «ông kibunuma», «trần thị hoa»: too little to redact, too much for an address
    r"(?i)(?<!\w)(?:(?:ông|bà|anh|chị|đồng chí|bị cáo|bị can)(?: bà)? (?!hùng|mẹ việt|hưởng)"
    rf"|{_SMALL_SURNAME} (?:văn|thị|thi) )\w"
)
_ENDS_IN_CAPITALS = compiled_when_used(rf"[{CAPITAL}]{{2}} $")
_GOES_ON_IN_CAPITALS = compiled_when_used(rf" [{CAPITAL}]{{2}}")
_TITLE = either_way("chủ tịch", "bí thư", "trưởng", "phó", "cán bộ", "công an", "công chức", "thôn trưởng")
_PUBLIC_PLACE = either_way(
    "trường", "đại học", "học viện", "bệnh viện", "bảo tàng", "chợ", "cầu", "công viên", "quảng trường", "sân bay",
    "phố đi bộ", "nhà hát", "thư viện", "giải thưởng", "lăng", "quỹ", "tập đoàn", "công ty", "doanh nghiệp",
    "khu di tích", "đường", "phố", "đại lộ", "nhà thi đấu", "ga", "đảo", "cảng", "núi", "sông", "vịnh", "đèo", "bến xe",
    "cửa hàng", "thương hiệu", "đoàn tncs", "tuyến", "hầm", "vỉa hè", "lòng đường", "giao lộ", "nút giao", "ngã ba",
    "ngã tư", "ngã năm", "ngã sáu", "vòng xoay", "bùng binh", "cty", "ctcp", "nhà hàng", "khách sạn",
)  # fmt: skip
_WITHOUT_ACCENTS = ("cty", "ctcp")  # of those, however well somebody writes
_PLACE_TYPE = either_way(
    "tnhh", "cổ phần", "cp", "thpt", "thcs", "tiểu học", "mầm non", "đa khoa", "thương mại", "mtv", "tm", "dv",
    "tnhh mtv", "xuất nhập khẩu", "tư nhân", "trách nhiệm hữu hạn", "quốc tế", "vận tải", "thành phố", "tỉnh",
)  # fmt: skip
_CROSSING = either_way("ngã ba", "ngã tư", "ngã năm", "ngã sáu", "giao lộ", "nút giao", "góc")
_STATE_OFFICE = either_way(  # who signs acts of the state: «Thủ tướng Nguyễn Văn A», «Bộ trưởng Bộ Y tế Trần Thị B»
    "thủ tướng", "thủ tướng chính phủ", "phó thủ tướng", "phó thủ tướng chính phủ", "chủ tịch nước",
    "phó chủ tịch nước", "chủ tịch quốc hội", "phó chủ tịch quốc hội", "tổng bí thư", "bộ trưởng", "thứ trưởng",
)  # fmt: skip
_MINISTRY = r"Bộ (?:[^\W\d_]{1,8},? ){0,9}?[^\W\d_]{1,8}"
_NO_PERSON_RULES = (
    compiled_when_used(rf"(?<!\w)(?<!êu )(?<!nhà ){_PUBLIC_PLACE}(?: {_PLACE_TYPE}){{0,3}} (?P<it>{_FULL_NAME})"),
    compiled_when_used(rf"(?<!\w){UNIT} ?(?P<it>{_FULL_NAME})"),
    compiled_when_used(rf"(?<!\w){_CROSSING} (?P<it>{_FULL_NAME}(?: ?(?:-|và|với|giao) ?){_FULL_NAME})"),
    compiled_when_used(
        rf"(?<!\w){_STATE_OFFICE}(?: {_MINISTRY})?,? (?P<it>(?:{'|'.join(SURNAMES)})(?: {WORD}){{1,4}}+)"
    ),
)
_TITLE_BEFORE = compiled_when_used(rf"{_TITLE}(?: UBND)? $")
_NO_NAMES = (  # begin like a name when each word has a capital
    "Văn Phòng", "Văn Bản", "Văn Hóa", "Văn Hoá", "Cao Đẳng", "Cao Tốc", "Cao Cấp", "Cao Su", "Kim Loại", "Kim Khí",
    "Lý Lịch", "Lý Do", "Hồ Sơ", "Hồ Gươm", "Hồ Tây", "Đào Tạo", "Mai Táng", "Mai Linh", "Dương Lịch",
    "Thái Bình Dương", "Châu Âu", "Châu Á", "Châu Phi", "Châu Mỹ", "La Mã", "Vi Phạm", "Vi Bằng", "Y Tế", "Y Khoa",
    "Y Dược", "Y Học", "Lưu Trữ", "Lưu Ký", "Lưu Thông", "Lưu Hành", "Lưu Trú", "Triệu Tập", "Triệu Đồng", "Danh Sách",
    "Danh Mục", "Danh Dự", "Kiều Bào", "Kiều Hối", "Chu Cấp", "Chu Kỳ", "Võ Thuật", "Vũ Khí", "Vũ Trang", "Vũ Trường",
    "Lâm Nghiệp", "Lâm Sản", "Nông Nghiệp", "Nông Thôn", "Nông Dân", "Nông Sản", "Nông Lâm", "Tống Đạt", "Lương Thực",
    "Lương Cơ", "Lương Tối", "Lương Hưu", "Đoàn Thanh", "Đoàn Luật", "Đoàn Thể", "Đoàn Viên", "Đoàn Kiểm", "Đoàn TNCS",
    "Thái Độ", "Trang Thiết", "Trang Thông", "Trang Trại", "Quan Hệ", "Quan Trọng", "Quan Sát", "Tăng Lương", "Tăng Ca",
    "Viên Chức", "Thân Nhân", "Thân Thể", "Phí Bảo", "Phí Dịch", "Ma Túy", "Ma Tuý", "Vàng Miếng", "Âu Cơ", "Phan Xi",
    "Từ Thiện", "Từ Chối", "Từ Điển", "Sơn Mài", "Sơn Tây", "Phạm Nhân", "Phạm Tội", "Phạm Vi", "Dương Tính",
    "Kim Ngạch", "Lý Thuyết", "Ma Cao", "Châu Đại", "Số CMND", "Số CCCD", "Số Căn", "Số Điện", "Số Nhà", "Địa Chỉ",
    "Ngày Sinh", "Năm Sinh", "Nơi Sinh", "Chức Vụ", "Giới Tính", "Quê Quán", "Nội Tôi", "Nội Ngoại", "Ngoại Tôi",
    "Giám Đốc", "Hộ Kinh", "Kế Toán", "Tài Xế", "Lái Xe", "Bảo Vệ", "Giáo Viên", "Nhân Viên", "Cảnh Sát", "Cán Bộ",
)  # fmt: skip
_NOBODYS = (*REGIONS, *_NO_NAMES)
_FOLDED = [fold(name) for name in _NOBODYS]
_IN_ANY_SPELLING = {*_NOBODYS, *map(str.title, _FOLDED), *map(str.upper, [*_NOBODYS, *_FOLDED])}
_NOT_A_NAME = compiled_when_used(
    rf"(?:{'|'.join(sorted(_IN_ANY_SPELLING, key=lambda name: (-len(name), name)))})(?!\w)"
)


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of what may be a full name, the surer first. They may overlap."""
    nobody = _spans_of_nobody(text)
    for rule in _NAME_RULES:
        for match in rule.finditer(text):
            start, end = match.span("it")
            is_known = start in nobody or _NOT_A_NAME.match(text, start)
            if not is_known and (rule in _RULES_WITHOUT_SURNAMES or not _is_in_heading(text, match)):
                yield start, end


def speaks_of_a_person(text: str) -> bool:
    """Whether the text may name somebody, in any letters. Errs to yes: for what can never be changed."""
    return bool(_SPOKEN_OF.search(text)) or any(name_spans(text))


def _is_in_heading(text: str, match: re.Match[str]) -> bool:
    """Whether the words are in capitals as those beside them: «XỬ LÝ THÔNG TIN» names nobody, «TÊN LÀ LÝ A» does."""
    start, end = match.span("it")
    if not match["it"].isupper():
        return False
    is_called = match.start() < start and _UPPER_SURNAME.match(text, start)
    before, after = text[max(0, start - 8) : start], text[end : end + 3]
    return not is_called and bool(_ENDS_IN_CAPITALS.search(before) or _GOES_ON_IN_CAPITALS.match(after))


def _spans_of_nobody(text: str) -> set[int]:
    """Places within the names of units, bodies and public places, where no name of a person begins."""
    nobody: set[int] = set()
    for rule in _NO_PERSON_RULES:
        for match in rule.finditer(text):
            start = match.start("it")
            before = text[match.start() : start]
            is_other_word = before.isascii() and not match["it"].isascii()  # «sĩ quan Lý A»
            is_other_word = is_other_word and not before.lower().startswith(_WITHOUT_ACCENTS)
            if not is_other_word and not _TITLE_BEFORE.search(text[max(0, match.start() - 20) : match.start()]):
                nobody.update(range(*match.span("it")))
    return nobody
