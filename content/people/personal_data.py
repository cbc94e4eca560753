"""Find personal data in a text by rules. A person decides about each finding.

There are two strengths. Some kinds are never published (`NEVER_PUBLISHED`): phone numbers, identity numbers, e-mail
addresses, number plates, bank accounts and links to social networks are recognised by their form, and publishing is
refused while the text contains one. Names and addresses are guesses: a person confirms or rejects each.

Law 91/2025/QH15 on personal data; Law 26/2023/QH15 Art. 18 (the personal identification number has 12 digits), the
former identity card had 9; Circular 24/2023/TT-BCA Art. 37 and later for plates. Numbers of legal documents, sums of
money and dates of law are none of these.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.text.vietnamese import nfc


class PersonalDataKind(models.TextChoices):
    PHONE = "phone", _("Phone number")
    IDENTITY = "identity", _("Identity number")
    EMAIL = "email", _("E-mail address")
    PLATE = "plate", _("Number plate")
    ACCOUNT = "account", _("Account")
    NAME = "name", _("Name of a person")
    ADDRESS = "address", _("Address")
    BIRTH = "birth", _("Date of birth")


JOINERS = "\u200d"  # makes one sign of several emoji
NEVER_PUBLISHED = (
    PersonalDataKind.PHONE,
    PersonalDataKind.IDENTITY,
    PersonalDataKind.EMAIL,
    PersonalDataKind.PLATE,
    PersonalDataKind.ACCOUNT,
)
PLACEHOLDERS = {  # shown in place of the data; Vietnamese, as the text around it
    PersonalDataKind.PHONE: "[số điện thoại]",
    PersonalDataKind.IDENTITY: "[số giấy tờ]",
    PersonalDataKind.EMAIL: "[thư điện tử]",
    PersonalDataKind.PLATE: "[biển số xe]",
    PersonalDataKind.ACCOUNT: "[tài khoản]",
    PersonalDataKind.NAME: "[họ tên]",
    PersonalDataKind.ADDRESS: "[địa chỉ]",
    PersonalDataKind.BIRTH: "[ngày sinh]",
}


@dataclass(frozen=True)
class Finding:
    """text[start:end] may be personal data."""

    start: int
    end: int
    kind: PersonalDataKind


class _PlainSigns(dict):
    """For str.translate, one character for one: digits, spaces and signs of any script in their plain form."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if unicodedata.category(sign) in ("Cf", "Mn"):
            plain = INVISIBLE
        elif unicodedata.category(sign) == "Pd":
            plain = "-"
        else:
            plain = unicodedata.normalize("NFKC", sign)
        self[code] = plain if len(plain) == 1 else sign
        return self[code]


INVISIBLE = "\u200b"  # represents every zero-width character: one may be hidden between digits
_PLAIN = _PlainSigns()
_GAP = rf"[ .\-()_*{INVISIBLE}]{{0,3}}"  # how people group long numbers
_BEFORE, _AFTER = r"(?<![\d/])", r"(?![\d/]|[.,]\d)"  # not part of a longer number, nor of 100/2019/NĐ-CP
_ALONE = r"(?!\d)"  # too long for the number of a document: «0912345678/0987654321,0912…» are three
_DATE = r"(?!\d{1,2}[.\-]\d{1,2}[.\-](?:19|20)\d{2}(?!\d))"
_MONEY = r"(?! ?(?:đ|vn|usd|₫|\$|triệu|tỷ|tỉ))"  # «150000000 đồng» is not an identity number
_CALL = r"(?<!\w)(?:điện thoại|sđt|đt|gọi|liên hệ|zalo|hotline)\b"
_BANK = (
    r"(?:vcb|vietcombank|bidv|ctg|vietinbank|agribank|tcb|techcombank|mb|mbbank|acb|vpbank|tpbank|sacombank|vib|shb|ocb|"
    r"msb|hdbank|seabank|eximbank|lpbank|momo)"
)
_DOT = r"(?:\.| ?[\[(](?:dot|chấm)[\])] ?)"
_CAPITAL = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_WORD = rf"[{_CAPITAL}][^\W\d_]{{0,7}}"  # the longest Vietnamese syllable has seven letters
_FULL_NAME = rf"{_WORD}(?: {_WORD}){{1,4}}"
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|Mai|Đào|Lương|Trương|Cao|"
    "Hà|Tạ|Tô|Châu|Quách|Nông|Vi|Lò|Giàng|Thào|Sùng|Y|Rơ|Siu|Ksor|Thạch|Kim|Sơn|Danh|Chu|Lưu|Phùng|Vương|Tống|Thái|"
    "Kiều|La|Lâm|Từ|Văn|Đậu|Bạch|Doãn|Nghiêm|Khuất|Ninh|Mạc|Triệu"
)
_CALLED = (
    r"(?:(?:tôi|tên|họ (?:và )?tên|em|cháu|con|chồng|vợ|mẹ|bố|ba|cha|ông|bà|anh|chị|cô|chú|bác|cậu|dì)"
    r"(?: (?:tôi|em|cháu|mình|của tôi))?(?: (?:là|tên|tên là))?[ :]{1,2})"
)
_PLACE = (
    r"(?:ngõ|ngách|hẻm|kiệt|đường|(?<!hành )phố|tổ dân phố|tổ|thôn|ấp|bản|buôn|xóm|khu phố|khóm|căn hộ|chung cư|"
    r"phòng số|lô)"
)
_HOUSE = r"\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?){0,4}"
_NAMED = (  # a house number or a name
    rf"(?:{_HOUSE}(?!\w)(?: {_FULL_NAME})?|{_WORD}(?: (?:{_WORD}|\d{{1,3}}(?!\w))){{0,5}})"
)
_PLACES = {  # places that look like the name of a person
    "Hồ Chí Minh", "Hà Nội", "Hà Nam", "Hà Tĩnh", "Hà Giang", "Hà Đông", "Cao Bằng", "Lâm Đồng", "Sơn La", "Thái Bình",
    "Thái Nguyên", "Thái Lan", "Ninh Bình", "Ninh Thuận", "Lý Sơn", "Võ Nhai", "Mai Châu", "Kim Sơn", "Lê Chân",
}  # fmt: skip
_UNIT = r"(?:phường|xã|thị trấn|đặc khu|quận|huyện|thị xã|thành phố|tỉnh|TP\.?|Q\.|P\.)"
_PAPERS = r"(?:cmnd|cmtnd|cccd|căn cước(?: công dân)?|hộ chiếu|bhxh|mã số thuế|mst|giấy phép lái xe|gplx|số định danh)"
_SERIES = r"(?:[A-ZĐ]{1,2}\d?|MĐ\d?|NG|NN|QT|CV|LD|KT)"  # the letters of a plate

_RULES = [  # (kind, rule), the surer first; the group `it` is the data if the match has more
    (
        PersonalDataKind.EMAIL,
        rf"(?i)[\w.+-]{{1,64}} ?(?:@|\(at\)|\[at\]|\(a\)) ?[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}}",
    ),
    (
        PersonalDataKind.ACCOUNT,
        r"(?i)(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|zalo|tiktok|instagram|t)\.(?:com|me|vn)/\S{1,200}",
    ),
    (
        PersonalDataKind.ACCOUNT,
        rf"(?i)(?:số tài khoản|stk|tài khoản(?: ngân hàng)?(?: số)?)[ :là]{{1,6}}(?P<it>\d(?:{_GAP}\d){{5,18}})",
    ),
    (
        PersonalDataKind.ACCOUNT,
        rf"(?i)(?:tài khoản|stk)[ :]{{1,3}}(?:ngân hàng )?{_BANK}[ :là\-]{{1,6}}(?P<it>\d(?:{_GAP}\d){{5,18}})",
    ),
    (PersonalDataKind.PHONE, rf"(?<!\d)(?:\+|0{_GAP}0){_GAP}8{_GAP}4{_GAP}\d(?:{_GAP}\d){{7,10}}{_ALONE}"),
    (PersonalDataKind.PHONE, rf"(?<!\d)84[ -]?[35789](?:[ -]?\d){{8}}{_ALONE}{_MONEY}"),
    (PersonalDataKind.IDENTITY, rf"(?<!\d)0\d{{2}}(?:[ .\-]?\d{{3}}){{3}}{_ALONE}"),
    (PersonalDataKind.IDENTITY, rf"(?<!\d)0\d{{3}}([ .\-])\d{{4}}\1\d{{4}}{_ALONE}"),
    (PersonalDataKind.IDENTITY, rf"{_BEFORE}\d{{12}}{_AFTER}{_MONEY}"),
    (
        PersonalDataKind.PHONE,
        rf"(?<!\d){_DATE}\(?0{_GAP}[35789](?:{_GAP}\d){{8}}{_ALONE}",
    ),  # mobile, 10 digits since 2018
    (PersonalDataKind.PHONE, rf"(?<!\d)0(?=(?:[,./]?\d){{9}}(?!\d))[35789]\d{{1,2}}(?:[,./]\d{{2,4}}){{2,3}}{_ALONE}"),
    # «84.912.345.678» is a sum where nobody is called
    (PersonalDataKind.PHONE, rf"(?i){_CALL}[^\d\n]{{0,30}}(?P<it>84(?:[ .\-]?\d){{9,10}}){_ALONE}{_MONEY}"),
    (
        PersonalDataKind.PHONE,
        rf"(?<!\d){_DATE}\(?0{_GAP}[12](?:{_GAP}\d){{8,9}}{_ALONE}",
    ),  # landline; mobile before 2018
    (PersonalDataKind.IDENTITY, rf"{_BEFORE}(?:\d{{9}}|\d{{3}} \d{{3}} \d{{3}}){_AFTER}{_MONEY}"),
    (PersonalDataKind.IDENTITY, rf"(?i){_PAPERS}[^\d\n]{{0,25}}(?P<it>[A-Z]{{0,2}}\d(?:{_GAP}\d){{6,14}})"),
    (PersonalDataKind.IDENTITY, r"(?<!\w)[A-Z]\d{7,8}(?!\w)"),  # passport
    (PersonalDataKind.PLATE, rf"(?<![\w/])[1-9]\d ?[- ]?{_SERIES} ?[-. ] ?\d{{3}}[. ]?\d{{2}}(?![\w/])"),
    (PersonalDataKind.PLATE, r"(?<![\w/])[1-9]\d-?[A-ZĐ]{1,2}\d? ?[-. ]?\d{4,5}(?![\w/])"),
    (PersonalDataKind.PLATE, r"(?<![\w/])[1-9]\d[a-zđ]{1,2}\d?[-.]\d{3}\.?\d{2}(?![\w/])"),
    (PersonalDataKind.PLATE, r"(?<![\w/])[1-9]\d[a-zđ]\d{5,6}(?![\w/])"),
    (
        PersonalDataKind.PLATE,
        r"(?i)(?:biển(?: kiểm soát| số)?(?: xe)?|bks)[ :là]{1,8}(?P<it>\d{2} ?-?[A-ZĐ][A-ZĐ\d]?[ .-]{0,3}\d[\d.]{3,6})",
    ),
    (
        PersonalDataKind.BIRTH,
        r"(?i)(?:sinh (?:ngày|năm|tháng)|ngày sinh|năm sinh|sn|ns)[ :]{1,2}"
        r"(?P<it>(?:\d{1,2}[/.\- ]){0,2}(?:tháng \d{1,2} năm )?(?:19|20)\d{2})",
    ),
    (PersonalDataKind.NAME, rf"(?i:{_CALLED})(?P<it>{_FULL_NAME})"),
    (PersonalDataKind.NAME, rf"(?<![^\W\d_])(?P<it>(?:{_SURNAMES})(?: {_WORD}){{1,4}})(?![^\W\d_])"),
    (
        PersonalDataKind.ADDRESS,
        rf"(?<!\w)(?i:(?:số nhà|nhà số) {_HOUSE}(?:[ ,]{{1,2}}{_PLACE})?|số {_HOUSE}[ ,]{{1,2}}{_PLACE}|{_PLACE})"
        rf" (?i:số )?{_NAMED}"
        rf"(?:[ ,]{{1,2}}(?i:{_PLACE}|{_UNIT}) {_NAMED}){{0,5}}",
    ),
    (PersonalDataKind.ADDRESS, rf"(?<!\w)(?i:số nhà|nhà số) {_HOUSE}"),
]
_COMPILED_RULES = [(kind, re.compile(rule)) for kind, rule in _RULES]


def find_personal_data(text: str) -> list[Finding]:
    """Findings in order, without overlaps; the surer kind wins. Linear in the length of the text.

    Digits and signs of other scripts, and characters hidden between digits, make no difference.
    """
    plain = text.translate(_PLAIN)
    taken = bytearray(len(text))
    found = []
    for kind, rule in _COMPILED_RULES:
        for match in rule.finditer(plain):
            start, end = match.span("it") if "it" in rule.groupindex else match.span()
            if not any(taken[start:end]) and not (kind == PersonalDataKind.NAME and plain[start:end] in _PLACES):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(start, end, kind))
    return sorted(found, key=lambda finding: finding.start)


def redacted_text(text: str, chosen: Iterable[Finding]) -> str:
    """The text with each chosen finding replaced by the placeholder of its kind."""
    pieces, at = [], 0
    for finding in sorted(chosen, key=lambda finding: finding.start):
        pieces += [text[at : finding.start], PLACEHOLDERS[finding.kind]]
        at = finding.end
    return "".join([*pieces, text[at:]])


def without_invisible(text: str) -> str:
    """The text in NFC without zero-width characters, so that nothing is hidden in what is published."""
    return "".join(sign for sign in nfc(text) if unicodedata.category(sign) != "Cf" or sign in JOINERS)


def unpublishable_findings(text: str) -> list[Finding]:
    """Findings that may never be published, whatever a person decided."""
    return [finding for finding in find_personal_data(text) if finding.kind in NEVER_PUBLISHED]


def repeated_findings(original: str, text: str) -> list[Finding]:
    """Findings of `text` that may never be published and that `original` has too, however they are spaced."""
    secrets = {_letters_and_digits(original, finding) for finding in unpublishable_findings(original)}
    return [finding for finding in unpublishable_findings(text) if _letters_and_digits(text, finding) in secrets]


def _letters_and_digits(text: str, finding: Finding) -> str:
    """Its letters and digits alone."""
    return "".join(sign for sign in text[finding.start : finding.end].translate(_PLAIN).lower() if sign.isalnum())
