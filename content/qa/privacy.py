"""What in a question may tell who somebody is: found by rule, proposed to a person, who decides.

Two strengths. Some things are never published (`NEVER`): a phone number, an identity number, an e-mail address, a
number plate, a bank account or a link into a social network is told by its form alone, and publishing is refused while
one stands in the text. Names and addresses are guesses: they are proposed and a person confirms or refuses each.

Law 91/2025/QH15 on personal data; Law 26/2023/QH15 Art. 18 (the personal identification number has 12 digits), the
former identity card had 9; Circular 24/2023/TT-BCA Art. 37 and later for plates. Numbers of legal documents, sums of
money and dates of law are none of these.
"""

import re
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PHONE = "phone", _("Phone number")
    IDENTITY = "identity", _("Identity number")
    EMAIL = "email", _("E-mail address")
    PLATE = "plate", _("Number plate")
    ACCOUNT = "account", _("Account")
    NAME = "name", _("Name of a person")
    ADDRESS = "address", _("Address")
    BIRTH = "birth", _("Date of birth")


NEVER = (Kind.PHONE, Kind.IDENTITY, Kind.EMAIL, Kind.PLATE, Kind.ACCOUNT)
STANDS_FOR = {  # what the public reads instead, always Vietnamese: it stands inside a Vietnamese text
    Kind.PHONE: "[số điện thoại]",
    Kind.IDENTITY: "[số giấy tờ]",
    Kind.EMAIL: "[thư điện tử]",
    Kind.PLATE: "[biển số xe]",
    Kind.ACCOUNT: "[tài khoản]",
    Kind.NAME: "[họ tên]",
    Kind.ADDRESS: "[địa chỉ]",
    Kind.BIRTH: "[ngày sinh]",
}


@dataclass(frozen=True)
class Finding:
    """text[start:end] may tell who somebody is."""

    start: int
    end: int
    kind: Kind


_GAP = r"[ \t\xa0.\-–()]{0,3}"  # how people break up long numbers
_ALONE = r"(?<![\d/])", r"(?![\d/]|[.,]\d)"  # not a piece of a longer number, nor of 100/2019/NĐ-CP
_CAPITAL = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_WORD = rf"[{_CAPITAL}][^\W\d_]{{0,7}}"  # the longest Vietnamese syllable has seven letters
_FULL_NAME = rf"{_WORD}(?:[ \xa0]{_WORD}){{1,4}}"
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|Mai|Đào|Lương|Trương|Cao|"
    "Hà|Tạ|Tô|Châu|Quách|Nông|Vi|Lò|Giàng|Thào|Sùng|Y|Rơ|Siu|Ksor|Thạch|Kim|Sơn|Danh|Chu|Lưu|Phùng|Vương|Tống|Thái|"
    "Kiều|La|Lâm|Từ|Văn|Đậu|Bạch|Doãn|Nghiêm|Khuất|Ninh|Mạc|Triệu"
)
_CALLED = (
    r"(?:(?:tôi|tên|họ (?:và )?tên|em|cháu|con|chồng|vợ|mẹ|bố|ba|cha|ông|bà|anh|chị|cô|chú|bác|cậu|dì)"
    r"(?: (?:tôi|em|cháu|mình|của tôi))?(?: (?:là|tên|tên là))?[ \xa0:]{1,2})"
)
_PLACE = (
    r"(?:ngõ|ngách|hẻm|kiệt|đường|phố|tổ dân phố|tổ|thôn|ấp|bản|buôn|xóm|khu phố|khóm|căn hộ|chung cư|"
    r"phòng số|lô)"
)
_HOUSE = r"\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?){0,4}"
_NAMED = rf"(?:{_HOUSE}(?!\w)(?: {_FULL_NAME})?|{_WORD}(?:[ \xa0](?:{_WORD}|\d{{1,3}}(?!\w))){{0,5}})"  # what bears a name or number
_PLACES = (  # provinces, and what else begins with a surname
    "Hồ Chí Minh", "Hà Nội", "Hà Nam", "Hà Tĩnh", "Hà Giang", "Hà Đông", "Cao Bằng", "Lâm Đồng", "Sơn La", "Thái Bình",
    "Thái Nguyên", "Thái Lan", "Ninh Bình", "Ninh Thuận", "Lý Sơn", "Võ Nhai", "Mai Châu", "Kim Sơn", "Lê Chân",
)  # fmt: skip
_UNIT = r"(?:phường|xã|thị trấn|đặc khu|quận|huyện|thị xã|thành phố|tỉnh|TP\.?|Q\.|P\.)"

_RULES = [
    (Kind.EMAIL, re.compile(r"[\w.+-]{1,64}[ ]?(?:@|\(at\)|\[at\])[ ]?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.I)),
    (Kind.ACCOUNT, re.compile(r"(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|zalo|tiktok|instagram|t)\.(?:com|me|vn)/\S{1,200}", re.I)),
    (Kind.ACCOUNT, re.compile(rf"(?:số tài khoản|stk|tài khoản(?: ngân hàng)?(?: số)?)[ \xa0:là]{{1,6}}(?P<it>\d(?:{_GAP}\d){{5,18}})", re.I)),
    (Kind.PHONE, re.compile(rf"{_ALONE[0]}(?:\+|00)84{_GAP}\d(?:{_GAP}\d){{7,9}}{_ALONE[1]}")),
    (Kind.IDENTITY, re.compile(rf"{_ALONE[0]}0\d{{2}}(?:[ .\-]?\d{{3}}){{3}}{_ALONE[1]}")),
    (Kind.IDENTITY, re.compile(rf"{_ALONE[0]}\d{{12}}{_ALONE[1]}")),
    (Kind.PHONE, re.compile(rf"{_ALONE[0]}\(?0[235789]\d{{0,2}}\)?(?:{_GAP}\d){{7,8}}{_ALONE[1]}")),
    (Kind.PHONE, re.compile(rf"{_ALONE[0]}1[89]00(?:{_GAP}\d){{4,6}}{_ALONE[1]}")),
    (Kind.IDENTITY, re.compile(rf"{_ALONE[0]}\d{{9}}{_ALONE[1]}")),
    (Kind.IDENTITY, re.compile(rf"(?:cmnd|cmtnd|cccd|căn cước(?: công dân)?|hộ chiếu|bhxh|mã số thuế|mst|giấy phép lái xe|gplx|số định danh)[^\d\n]{{0,25}}(?P<it>[A-Z]{{0,2}}\d(?:{_GAP}\d){{6,14}})", re.I)),
    (Kind.PLATE, re.compile(r"(?<![\w/])\d{2}[ ]?[- ]?(?:[A-ZĐ]{1,2}\d?|MĐ\d?|NG|NN|QT|CV|LD|KT)[ ]?[-. ][ ]?\d{3}[. ]?\d{2}(?![\w/])")),
    (Kind.PLATE, re.compile(r"(?<![\w/])\d{2}[A-ZĐ]{1,2}\d?[ ]?[-. ]?\d{4,5}(?![\w/])")),
    (Kind.PLATE, re.compile(r"(?:biển(?: kiểm soát| số)?|bks)[ \xa0:là]{1,8}(?P<it>\d{2}[ -]?[A-ZĐ][A-ZĐ\d]?[ .-]{0,3}\d[\d.]{3,6})", re.I)),
    (Kind.BIRTH, re.compile(r"(?:sinh (?:ngày|năm|tháng)|ngày sinh|năm sinh|sn|ns)[ \xa0:]{1,2}(?P<it>(?:\d{1,2}[/.\- ]){0,2}(?:tháng \d{1,2} năm )?(?:19|20)\d{2})", re.I)),
    (Kind.NAME, re.compile(rf"(?i:{_CALLED})(?P<it>{_FULL_NAME})")),
    (Kind.NAME, re.compile(rf"(?<![^\W\d_])(?P<it>(?:{_SURNAMES})(?:[ \xa0]{_WORD}){{1,4}})(?![^\W\d_])")),
    (Kind.ADDRESS, re.compile(rf"(?<!\w)(?i:(?:số nhà|nhà số|số) {_HOUSE}(?:[ ,]{{1,2}}{_PLACE})?|{_PLACE})[ \xa0](?i:số )?{_NAMED}(?:[ ,]{{1,2}}(?i:{_PLACE}|{_UNIT})[ \xa0]{_NAMED}){{0,5}}")),
    (Kind.ADDRESS, re.compile(rf"(?<!\w)(?i:số nhà|nhà số)[ \xa0]{_HOUSE}")),
]  # fmt: skip


def findings(text):
    """Findings in order, none overlapping another; the surer kind wins where two meet. Linear in the text."""
    taken = bytearray(len(text))
    found = []
    for kind, rule in _RULES:
        for match in rule.finditer(text):
            start, end = match.span("it") if "it" in rule.groupindex else match.span()
            if not any(taken[start:end]) and _is_no_place(kind, match[0]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(start, end, kind))
    return sorted(found, key=lambda finding: finding.start)


def _is_no_place(kind, matched):
    """Hồ Chí Minh the city begins like a person's name."""
    return kind != Kind.NAME or not matched.endswith(_PLACES)


def redacted(text, chosen):
    """The text with each chosen finding replaced by what stands for its kind."""
    pieces, at = [], 0
    for finding in sorted(chosen, key=lambda finding: finding.start):
        pieces += [text[at : finding.start], STANDS_FOR[finding.kind]]
        at = finding.end
    return "".join([*pieces, text[at:]])


def unpublishable(text):
    """What of it may never be published, whatever a person decided."""
    return [finding for finding in findings(text) if finding.kind in NEVER]
