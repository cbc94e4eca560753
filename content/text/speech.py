"""Legal text for text-to-speech: numbers, dates, abbreviations and marks in Vietnamese words. Pure.

Words change, meaning and lines do not. Unknown abbreviations are left to the voice. A text that was converted already
stays as it is.
"""

import re

from content.text.numerals import MAX_DIGITS, digits_in_words, number_in_words, roman_value

# Abbreviated types and issuers in official numbers (Decree 78/2025/NĐ-CP), and what laws and forms abbreviate.
ABBREVIATIONS = {
    "NĐ": "Nghị định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch", "QĐ": "Quyết định", "NQ": "Nghị quyết",
    "NQLT": "Nghị quyết liên tịch", "CT": "Chỉ thị", "PL": "Pháp lệnh", "VBHN": "Văn bản hợp nhất", "CĐ": "Công điện",
    "KH": "Kế hoạch", "TB": "Thông báo", "BC": "Báo cáo", "CTr": "Chương trình", "HD": "Hướng dẫn", "L": "Lệnh",
    "SL": "Sắc lệnh", "CV": "Công văn",
    "CP": "Chính phủ", "TTg": "Thủ tướng Chính phủ", "CTN": "Chủ tịch nước", "QH": "Quốc hội",
    "UBTVQH": "Ủy ban Thường vụ Quốc hội", "VPQH": "Văn phòng Quốc hội", "VPCP": "Văn phòng Chính phủ",
    "VPCTN": "Văn phòng Chủ tịch nước", "HĐTP": "Hội đồng Thẩm phán", "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân", "TANDTC": "Tòa án nhân dân tối cao", "VKSNDTC": "Viện kiểm sát nhân dân tối cao",
    "TAND": "Tòa án nhân dân", "VKSND": "Viện kiểm sát nhân dân", "KTNN": "Kiểm toán Nhà nước",
    "NHNN": "Ngân hàng Nhà nước", "TTCP": "Thanh tra Chính phủ", "MTTQ": "Mặt trận Tổ quốc",
    "BTP": "Bộ Tư pháp", "BTC": "Bộ Tài chính", "BCA": "Bộ Công an", "BQP": "Bộ Quốc phòng", "BNV": "Bộ Nội vụ",
    "BNG": "Bộ Ngoại giao", "BGDĐT": "Bộ Giáo dục và Đào tạo", "BYT": "Bộ Y tế", "BCT": "Bộ Công Thương",
    "BXD": "Bộ Xây dựng", "BNNMT": "Bộ Nông nghiệp và Môi trường", "BKHCN": "Bộ Khoa học và Công nghệ",
    "BVHTTDL": "Bộ Văn hóa, Thể thao và Du lịch", "BDTTG": "Bộ Dân tộc và Tôn giáo",
    "BLĐTBXH": "Bộ Lao động – Thương binh và Xã hội", "BKHĐT": "Bộ Kế hoạch và Đầu tư",
    "BTTTT": "Bộ Thông tin và Truyền thông", "BGTVT": "Bộ Giao thông vận tải",
    "BTNMT": "Bộ Tài nguyên và Môi trường", "BNNPTNT": "Bộ Nông nghiệp và Phát triển nông thôn",
}  # fmt: skip
READ_OUT_ANYWHERE = {  # read out everywhere; the others only inside an official number
    **{name: ABBREVIATIONS[name] for name in ("UBND", "HĐND", "TAND", "VKSND", "TANDTC", "VKSNDTC", "MTTQ", "UBTVQH",
                                              "VBHN", "NHNN", "QH", "CP", "TTg")},
    "BLDS": "Bộ luật Dân sự", "BLHS": "Bộ luật Hình sự", "BLLĐ": "Bộ luật Lao động", "BHXH": "bảo hiểm xã hội",
    "BHYT": "bảo hiểm y tế", "BHTN": "bảo hiểm thất nghiệp", "GTGT": "giá trị gia tăng", "TNCN": "thu nhập cá nhân",
    "TNDN": "thu nhập doanh nghiệp", "CCCD": "căn cước công dân", "PCCC": "phòng cháy, chữa cháy",
    "XHCN": "xã hội chủ nghĩa", "VPHC": "vi phạm hành chính", "VNĐ": "đồng", "VND": "đồng", "USD": "đô la Mỹ",
    "EUR": "ơ-rô",
}  # fmt: skip
LETTER_NAMES = {
    "a": "a", "b": "bê", "c": "xê", "d": "dê", "đ": "đê", "e": "e", "g": "giê", "h": "hát", "i": "i", "k": "ca",
    "l": "e-lờ", "m": "em-mờ", "n": "en-nờ", "o": "o", "p": "pê", "q": "quy", "r": "e-rờ", "s": "ét-sì", "t": "tê",
    "u": "u", "v": "vê", "x": "ích-xì", "y": "i dài",
}  # fmt: skip
MEASURES = {
    "km/h": "ki-lô-mét trên giờ", "m/s": "mét trên giây", "km2": "ki-lô-mét vuông", "km²": "ki-lô-mét vuông",
    "m2": "mét vuông", "m²": "mét vuông", "m3": "mét khối", "m³": "mét khối", "cm3": "xăng-ti-mét khối",
    "cm³": "xăng-ti-mét khối", "km": "ki-lô-mét", "cm": "xăng-ti-mét", "mm": "mi-li-mét", "m": "mét", "kg": "ki-lô-gam",
    "mg": "mi-li-gam", "g": "gam", "ml": "mi-li-lít", "l": "lít", "ha": "héc-ta", "kW": "ki-lô-oát", "kV": "ki-lô-vôn",
    "°C": "độ xê", "đ": "đồng", "h": "giờ",
}  # fmt: skip
SIGN_WORDS = {
    "%": " phần trăm", "‰": " phần nghìn", "&": " và ", "≥": " lớn hơn hoặc bằng ", "≤": " nhỏ hơn hoặc bằng ",
    "±": " cộng trừ ", "=": " bằng ", "\t": ", ", "²": " vuông", "³": " khối",
}  # fmt: skip

_SPACE = r"[ \t\u00a0]"
_DATE = re.compile(r"(?<![\w/.,-])((?:[Nn]gày\s+)?)(\d{1,2})([/.-])(\d{1,2})\3((?:19|20)\d\d)(?![\w/]|[.,-]\d)")
_MONTH = re.compile(r"(?<!\w)([Tt]háng\s+)(\d{1,2})[/-]((?:19|20)\d\d)(?![\w/])")
_DAY_AND_MONTH = re.compile(r"(?<!\w)([Nn]gày\s+)(\d{1,2})/(\d{1,2})(?![\w/])")
_PARTS_OF = re.compile(r"(?<![\w/])(\d{1,3})/(\d{1,4})(?![\w/])")
_DOT = re.compile(r"(?<=\d)\.(?=\d)")
_NUMBER = re.compile(
    r"(?<![\w/])(\d{1,5}(?:\.\d{1,3})?[a-z]?)(?:/(\d{4}))?/"
    r"((?:[A-ZĐ][A-Za-zĐđ]*)(?:[-–][A-ZĐ][A-Za-zĐđ]*)*?)(\d{1,2})?(?![\w/]|[-–][A-ZĐ])"
)
_SYMBOL = re.compile(r"(?<![\w/-])([A-ZĐ][A-Za-zĐđ]{0,7}(?:[-–][A-ZĐ][A-Za-zĐđ]{0,7}){1,4})(?![\w/-])")
_TERM = re.compile(r"(?<!\w)(QH|UBTVQH)(\d{1,2})(?!\w)")
_POINTS = re.compile(r"(?<!\w)([Đđ]iểm\s+)([a-zđ]\d{0,2}(?!\w)(?:(?:,\s*|\s+(?:và|hoặc|đến)\s+)[a-zđ]\d{0,2}(?!\w))*)")
_ROMAN = re.compile(
    r"(?<!\w)((?:Chương|CHƯƠNG|Phần|PHẦN|[Mm]ục|MỤC|Phụ lục|PHỤ LỤC"
    r"|[Kk]h[oó][áa]|[Qq]uý|[Tt]hế kỷ|[Nn]hóm|[Ll]oại|[Hh]ạng)\s+)([IVXLC]{1,7})(?!\w)"
)
_CLAUSE_MARK = re.compile(r"^([ \t]*[“\"]?)(\d{1,3}[a-zđ]?)\.(?=\s+\S)", re.MULTILINE)
_POINT_MARK = re.compile(r"^([ \t]*[“\"]?)([a-zđ]\d{0,2})\)(?=\s)", re.MULTILINE)
_RANGE = re.compile(r"(?<=\d)\s*[-–]\s*(?=\d)")
_CLOCK = re.compile(r"(?<![\w.,])(\d{1,2})h(\d{2})(?!\w)")
_MEASURE = re.compile(
    rf"(?<=\d)({_SPACE}?)({'|'.join(sorted(map(re.escape, MEASURES), key=len, reverse=True))})(?![\w²³])"
)
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+)(?![\d]|\.\d)")
_DECIMAL = re.compile(r"(?<![\d,])(\d+),(\d+)(?![\d]|,\d)")
_WITH_LETTER = re.compile(r"(?<!\w)(\d+)([a-zđ])(?!\w)")
_DIGITS = re.compile(r"\d+")
_ALONE = re.compile(rf"(?<!\w)({'|'.join(sorted(READ_OUT_ANYWHERE, key=len, reverse=True))})(?!\w)")
_OR = re.compile(r"(?<!\w)và/hoặc(?!\w)")
_SLASH = re.compile(r"(?<=\w)/(?=\w)")
_DOTS = re.compile(r"(?:\.{3,}|…+|_{3,})")


def spoken_text(text: str) -> str:
    """The NFC text for a Vietnamese voice, without digits and signs that voices read wrongly. Linear.

    «khoản 2 Điều 5 Nghị định số 100/2019/NĐ-CP» → «khoản hai Điều năm Nghị định số một trăm, năm hai nghìn không
    trăm mười chín, Nghị định Chính phủ». Marks that begin a line are said: «Khoản một.», «Điểm bê.».
    """
    text = _DOTS.sub(" ", text)
    text = _CLAUSE_MARK.sub(lambda m: f"{m[1]}Khoản {_clause_number_in_words(m[2])}.", text)
    text = _POINT_MARK.sub(lambda m: f"{m[1]}Điểm {_point_mark_in_words(m[2])}.", text)
    text = _DATE.sub(_date_in_words, text)
    text = _MONTH.sub(lambda m: f"{m[1]}{int(m[2])} năm {m[3]}", text)
    text = _DAY_AND_MONTH.sub(lambda m: f"{m[1]}{int(m[2])} tháng {int(m[3])}", text)
    text = _NUMBER.sub(_official_number_in_words, text)
    text = _SYMBOL.sub(lambda m: _symbol_in_words(m[1]) or m[0], text)
    text = _TERM.sub(lambda m: f"{ABBREVIATIONS[m[1]]} khóa {m[2]}", text)
    text = _POINTS.sub(
        lambda m: m[1] + re.sub(r"[a-zđ]\d{0,2}(?!\w)", lambda each: _point_mark_in_words(each[0]), m[2]), text
    )
    text = _ROMAN.sub(_in_arabic, text)
    text = _CLOCK.sub(r"\1 giờ \2", text)
    text = _MEASURE.sub(lambda m: f" {MEASURES[m[2]]}", text)
    text = _RANGE.sub(" đến ", text)
    text = _PARTS_OF.sub(r"\1 phần \2", text)
    text = _numbers_in_words(text)
    text = _ALONE.sub(lambda m: READ_OUT_ANYWHERE[m[1]], text)
    text = _OR.sub("và hoặc", text)
    for sign, words in SIGN_WORDS.items():
        text = text.replace(sign, words)
    text = _SLASH.sub(" trên ", text)
    return "\n".join(re.sub(r" +([,.;:]|$)", r"\1", re.sub(r"[ \u00a0]{2,}", " ", line)) for line in text.split("\n"))


def _numbers_in_words(text: str) -> str:
    text = _GROUPED.sub(lambda m: m[1].replace(".", ""), text)
    text = _DECIMAL.sub(lambda m: f"{_digits_in_words(m[1])} phẩy {_fraction_in_words(m[2])}", text)
    text = _DOT.sub(" chấm ", text)
    text = _WITH_LETTER.sub(lambda m: _clause_number_in_words(m[0]), text)
    return _DIGITS.sub(_spaced_digits, text)


def _spaced_digits(match: re.Match[str]) -> str:
    """The digits in words, apart from letters that touch them («QL1A»)."""
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return f"{' ' if before.isalnum() else ''}{_digits_in_words(match[0])}{' ' if after.isalnum() else ''}"


def _digits_in_words(digits: str) -> str:
    """The words of one number; of each digit of a code: too long for an amount, or with a leading zero («0912…»)."""
    digits = "".join(str(int(digit)) for digit in digits)  # other scripts have digits too
    if len(digits) > MAX_DIGITS or (len(digits) > 2 and digits[0] == "0"):
        return digits_in_words(digits)
    return number_in_words(int(digits))


def _fraction_in_words(digits: str) -> str:
    return digits_in_words(digits) if digits[0] == "0" or len(digits) > 3 else _digits_in_words(digits)


def _clause_number_in_words(number: str) -> str:
    """«12a» → «mười hai a»."""
    letter = number[-1]
    if letter.isdecimal():
        return _digits_in_words(number)
    return f"{_digits_in_words(number.removesuffix(letter))} {LETTER_NAMES.get(letter, letter)}"


def _point_mark_in_words(mark: str) -> str:
    """«đ1» → «đê một»; a letter that points do not have is left as it is."""
    return " ".join([LETTER_NAMES.get(mark[0], mark[0]), *([_digits_in_words(mark[1:])] if mark[1:] else [])])


def _date_in_words(match: re.Match[str]) -> str:
    day, month = int(match[2]), int(match[4])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    return f"{match[1] or 'ngày '}{day} tháng {month} năm {match[5]}"


def _official_number_in_words(match: re.Match[str]) -> str:
    """«31/2024/QH15» → «31, năm 2024, Quốc hội khóa 15»."""
    number, year, symbol, term = match.groups()
    symbol_words = _symbol_in_words(symbol)
    if symbol_words is None:
        return match[0]
    return f"{number}{f', năm {year}' if year else ''}, {symbol_words}{f' khóa {term}' if term else ''}"


def _symbol_in_words(symbol: str) -> str | None:
    """«TTLT-BTC-BTP» → «Thông tư liên tịch Bộ Tài chính, Bộ Tư pháp»; None where a part of it is not known."""
    parts = re.split("[-–]", symbol)
    if any(part not in ABBREVIATIONS for part in parts):
        return None
    first, *others = (ABBREVIATIONS[part] for part in parts)
    return f"{first} {', '.join(others)}".strip()


def _in_arabic(match: re.Match[str]) -> str:
    number = roman_value(match[2])
    return match[0] if number is None else f"{match[1]}{number}"
