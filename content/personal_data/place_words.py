"""Words and patterns that addresses and names share."""

from content.personal_data.plain_text import either_way

CAPITAL = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
INSTITUTION = either_way(  # how a body, a document or a part of one begins; never a street or a person
    "án", "bộ", "sở", "ủy ban", "uỷ ban", "ubnd", "hđnd", "viện kiểm", "cục", "tòa", "toà", "ngân hàng", "công ty",
    "công an", "công văn", "công chứng", "công đoàn", "chi cục", "chi nhánh", "ban quản", "ban chỉ", "ban tổ",
    "ban giám", "trung tâm", "trung ương", "thông tư", "thông báo", "tổng cục", "tổng công", "tổng giám", "hội đồng",
    "hội liên", "trường đại", "trường học", "trường thpt", "trường thcs", "trường tiểu", "trường mầm", "trường cao",
    "trường trung", "đại học", "luật", "nghị định", "nghị quyết", "quyết định", "điều", "khoản", "điểm", "chương",
    "mục", "phòng", "văn phòng", "văn bản", "giám đốc", "chủ tịch", "trưởng", "phó", "cơ quan", "tổ chức", "mẫu",
    "phụ lục", "nhà nước", "chính phủ", "quốc hội", "thủ tướng", "thủ tục", "hợp đồng", "giấy",
)  # fmt: skip
_UNITS = either_way("phường", "xã", "thị trấn", "đặc khu", "quận", "huyện", "thị xã", "thành phố", "tỉnh")
UNIT = rf"(?:{_UNITS}|(?i:tp|tx|tt)(?!\w)\.?|[QPHX]\.|[QP](?=\.? ?\d))"
GROUP = either_way("tổ dân phố", "tổ", "tdp", "khu", "đội", "khối", "cụm")
_HAMLETS = either_way("thôn", "xóm", "ấp", "buôn", "làng", "khóm", "khu phố", "phum", "sóc", "khối phố", "tiểu khu")
HAMLET = (  # «ban» is a board, «văn bản» a paper, «bản sao» a copy
    rf"(?:(?<!nông )(?<!nong )(?<!àng ){_HAMLETS}|(?<!ăn )(?<!iên )(?<!ịch )(?i:bản)(?! [A-ZĐ]{{2}})"
    r"(?! (?i:kế|kỹ|cam|sao|án|chính|gốc|vẽ|thuyết|tự|ghi|dịch|thỏa|ban)\b))"
)
LANE = either_way("ngõ", "ngách", "hẻm", "kiệt", "hẽm")
STREET = (  # «thành phố», «khu phố», «tuyến đường», «dẫn đường» are no streets
    r"(?:(?<!hành )(?<!thành )(?<!khu )(?<!khối )(?<!thanh )(?<!tuyến )(?<!dẫn )"
    rf"{either_way('đường', 'phố', 'đại lộ')})"
)
PLACE_BEGINS = either_way("đường", "phố", "khu", "thôn", "ấp", "xóm", "tổ", "ngõ", "hẻm")
BUILDING = either_way(
    "chung cư", "khu đô thị", "kđt", "kđtm", "khu tập thể", "ktt", "tập thể", "ktx", "ký túc xá", "khu dân cư", "kdc",
    "cư xá", "khu nhà ở", "khu tái định cư",
)  # fmt: skip
BLOCK = either_way("tòa nhà", "toà nhà", "tòa", "toà", "block", "dãy", "khu công nghiệp", "kcn", "khu")
FLAT = rf"(?<!ốc )(?<!ải ){either_way('căn hộ số', 'căn hộ', 'căn', 'phòng số', 'phòng')}"
FLOOR = either_way("tầng", "lầu")
PLOT = either_way("lô đất", "lô", "liền kề", "shophouse", "biệt thự", "nhà liền kề", "ô đất")
PARCEL = either_way("thửa đất", "thửa")
MAP_SHEET = either_way("tờ bản đồ", "tờ bđ")
ANY_PLACE = (
    rf"(?:{'|'.join((MAP_SHEET, PARCEL, UNIT, GROUP, HAMLET, LANE, STREET, BUILDING, BLOCK, FLAT, FLOOR, PLOT))})"
)
WORD = rf"(?:[{CAPITAL}](?:['’][^\W\d_]{{1,8}}+|[^\W\d_]{{0,11}}+)(?![\w]))"
PLACE_WORD = rf"(?:(?!{UNIT}[ .]|{PLACE_BEGINS} ){WORD})"
SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đinh", "Đoàn", "Trịnh", "Mai", "Đào", "Lương", "Trương", "Cao", "Hà", "Tạ", "Tô", "Châu", "Quách", "Nông",
    "Vi", "Lò", "Giàng", "Thào", "Sùng", "Y", "Rơ", "Siu", "Ksor", "Thạch", "Kim", "Sơn", "Danh", "Chu", "Lưu", "Phùng",
    "Vương", "Tống", "Thái", "Kiều", "La", "Lâm", "Từ", "Văn", "Đậu", "Bạch", "Doãn", "Nghiêm", "Khuất", "Ninh", "Mạc",
    "Triệu", "Hứa", "Bế", "Ma", "Lù", "Vàng", "Cù", "Phí", "Thân", "Trang", "Quan", "Tăng", "Âu", "Uông", "Viên",
    "Tôn Nữ", "Tôn Thất", "Công Tằng", "Công Huyền",
)  # fmt: skip
REGIONS = (  # provinces and districts that people name without their rank
    "Việt Nam", "Hồ Chí Minh", "Hà Nội", "Hà Nam", "Hà Tĩnh", "Hà Giang", "Hà Đông", "Hà Tiên", "Cao Bằng", "Cao Lãnh",
    "Lâm Đồng", "Sơn La", "Sơn Tây", "Thái Bình", "Thái Nguyên", "Thái Lan", "Ninh Bình", "Ninh Thuận", "Lý Sơn",
    "Võ Nhai", "Mai Châu", "Mai Sơn", "Kim Sơn", "Kim Bôi", "Kim Động", "Kim Thành", "Lê Chân", "Hoàng Mai", "Hoàng Sa",
    "Hai Bà Trưng", "Từ Liêm", "Từ Sơn", "Phan Thiết", "Phan Rang", "Ninh Kiều", "Ninh Giang", "Ninh Hòa", "Vũ Thư",
    "Vũ Quang", "Văn Lâm", "Văn Giang", "Văn Yên", "Văn Quan", "Thạch Thất", "Thạch Hà", "Thái Thụy", "Lâm Hà",
    "Lâm Thao", "Lương Sơn", "Lương Tài", "Chu Prông", "Châu Đốc", "Châu Đức", "Châu Thành", "Đoàn Hùng", "Triệu Sơn",
    "Triệu Phong", "Tân Bình", "Vi Xuyên", "Vị Thanh", "Cao Phong", "Sơn Dương", "Sơn Động", "Sơn Trà", "Sơn Hà",
    "La Gi", "Hoàng Su Phì", "Dương Minh Châu", "Bạch Long Vĩ", "Bạch Mai", "Bạch Đằng", "Kim Liên", "Kim Mã",
)  # fmt: skip
DISTRICTS = (  # that people write in small letters behind a street
    "tây hồ", "cầu giấy", "đống đa", "hai bà trưng", "hoàn kiếm", "ba đình", "thanh xuân", "hoàng mai", "long biên",
    "hà đông", "nam từ liêm", "bắc từ liêm", "gò vấp", "bình thạnh", "tân bình", "tân phú", "phú nhuận", "bình tân",
    "thủ đức", "hóc môn", "củ chi", "bình chánh", "nhà bè", "hà nội", "sài gòn", "tphcm", "tp hcm", "hcm", "đà nẵng",
    "hải phòng", "cần thơ", "biên hòa", "thủ dầu một", "dĩ an", "thuận an", "ninh kiều", "hải châu", "thanh khê",
)  # fmt: skip
