"""Find addresses: a home number, lane, street, hamlet, group or flat, with the places that follow it.

A unit alone (commune, district, province) is nobody's address. An address is read part by part from where it begins,
at most `MAX_PARTS` parts of a bounded length each, so reading is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from content.personal_data import place_words as words
from content.personal_data.place_words import INSTITUTION, PLACE_WORD, REGIONS, SURNAMES, WORD
from content.personal_data.plain_text import either_way, in_any_case
from content.text.patterns import compiled_when_used
from content.text.vietnamese import fold

MAX_PARTS = 9
_HOUSE = (
    r"(?:(?:[Kk]|[Hh](?=\d{1,4}/))?\d{1,4}[A-Za-z]?(?: bis)?(?:/[KkHh]?\d{1,4}[A-Za-z]?){0,4}"
    r"(?: ?- ?\d{1,4}[A-Za-z]?)?(?![\w/]|[.,]\d| ?[MGkK]?Hz(?!\w)))"
)
_HOUSES = r"(?:\d{1,4}[A-Z]?(?:/\d{1,4}[A-Z]?)? ?- ?\d{1,4}[A-Z]?(?![\w/]|[.,]\d))"  # «15-17», «33A-35»
_LETTERED_HOUSE = r"(?:\d{1,4}(?:[A-Z]|[a-z](?=/)| bis)(?:/\d{1,4}[A-Z]?){0,3}(?![\w/]|[.,]\d))"  # «25B»
_NUMBERED = "(?:(?:số|so) )?"
_NAME = rf"(?:(?!{INSTITUTION} ){PLACE_WORD}(?: {PLACE_WORD}){{0,4}}+)"
_COUNTED = (
    in_any_case("triệu", "tỷ", "tỉ", "nghìn", "ngàn", "đồng", "tháng", "năm", "tuổi", "ngày", "người") + r"(?!\w)"
)
_LONG_NAME = rf"(?:(?!{INSTITUTION} ){PLACE_WORD}(?: {PLACE_WORD}){{1,4}}+)"
_UNIT_NAME = rf"(?:{WORD}(?: {PLACE_WORD}){{0,4}}+)"  # «phường Phố Huế»
_CODE = r"(?:(?=[A-Z.\-]{0,6}\d)[A-Z0-9]{1,6}(?:[-.][A-Z0-9]{1,6}){0,2}(?![\w/]))"
_FURTHER_WORD = rf"(?:{PLACE_WORD}|[A-Z]{{1,3}}\d{{1,3}}[A-Z]?(?!\w)|\d{{1,3}}(?!\w|[.,/]\d))"
_NAME_OR_CODE = rf"(?:(?!{INSTITUTION} )(?:{PLACE_WORD}|{_CODE})(?: {_FURTHER_WORD}){{0,4}}+)"
_STOP = either_way(
    "bị", "có", "thì", "của", "và", "để", "tôi", "em", "nay", "cho", "không", "ko", "chưa", "xây", "đã", "đang",
    "muốn", "sẽ", "mà", "nên", "phải", "được", "với", "hỏi", "xin", "chủ", "nhà", "thuộc", "năm", "từ", "do", "vì",
    "khi", "đt", "sđt", "stk", "cấp", "đòi", "rộng", "diện", "giá", "gần", "sau", "trước", "bán", "mua", "đất", "cần",
)  # fmt: skip
_SMALL = rf"(?:(?!{_STOP}(?!\w)|là |{words.UNIT} |{words.PLACE_BEGINS} )[^\W\d_A-Z]{{1,7}}(?!\w))"
_SMALL_UNIT = rf"(?:{words.UNIT} ?|[pqPQ](?:\. ?| ))(?=[^\W\d_A-Z]|\d)"  # «phường bến», «p. bến», «q 1»
_ODD_SMALL_NAMES = (  # with words that begin something else: «thì», «xã», «năm» without its accent
    r"(?:ngô thì (?:nhậm|sĩ|sỹ)|xã đàn|hai bà trưng|(?:bắc|nam) từ liêm"
    r"|nam (?:đồng|định|hà|hồng|hải|cường|phong|sơn|thành))(?!\w)"
)
_SMALL_NAME = (  # «duong le loi», after a number or in an address only
    rf"(?:{_ODD_SMALL_NAMES}|{_SMALL}(?: {_SMALL}){{0,2}}?(?= (?:{in_any_case(*words.DISTRICTS)})(?!\w))"
    rf"|{_SMALL}(?: {_SMALL}){{0,2}}+)"
)
# «lê lợi, p. bến nghé», «lê lợi bến nghé quận 1»: a name of two words at least, and a unit behind it
_SMALL_NAME_BEFORE_UNIT = (
    rf"(?:(?:{_ODD_SMALL_NAMES}|{_SMALL}(?: {_SMALL}){{1,2}}+)(?=,? {_SMALL_UNIT})"
    rf"|{_SMALL}(?: {_SMALL}){{2,5}}+(?= {_SMALL_UNIT}))"
)
_NO_STREET = either_way(  # «đường bộ», «đường lối», «đường kính»
    "bộ", "sắt", "thủy", "thuỷ", "lối", "dây", "hàng không", "cao tốc", "truyền", "vành đai", "biên", "kính", "cất",
    "lăn", "băng", "tim", "bay", "thẳng", "cong", "ray", "ống",
)  # fmt: skip
_STREET = rf"{words.STREET} (?!{_NO_STREET}(?!\w)|Hồ Chí Minh|Trường Sơn)"
_STREET_NUMBER = (  # «đường số 7», «đường 30 tháng 4», «đường D5», «đường 3/2»
    r"(?:(?i:cách mạng tháng) (?:8|[Tt]ám)(?!\w)|"
    rf"{_NUMBERED}{_HOUSE}(?: (?i:tháng|thang) \d{{1,2}})?|[A-Z]{{1,2}}\d{{1,3}}[A-Z]?(?!\w)|"
    r"\d{1,2}[/ ]\d{1,2}(?![\w/]))"
)
_NO_GROUP = r"(?: (?:trang|tháng|năm|người|nguoi|bản|cuốn|bên|thành|viên)(?!\w))"  # «tổ 3 người»
_HAMLET_NUMBER = rf"\d{{1,3}}[A-Z]?(?!\w|[.,/]\d|{_NO_GROUP})"
_FLAT_NUMBER = (
    r"(?:[A-Z]{0,3}[-.]?\d{3,5}|[A-Z]?\d{1,2}[-.]\d{2,4}|\d{1,2}[A-Z]\d{1,2}|[A-Z]{1,2}\d{1,3})"
    r"(?![\w/]|\.\d| ?m[2²])"
)
_PLOT_NUMBER = (
    rf"(?:{either_way('số')}:? ?)?\d{{1,5}}[A-Za-z]?(?:-\d{{1,3}})?(?![\w/]|[.,]\d)"  # of a parcel, a map sheet
)
_NO_POLICE_UNIT = r"(?!P[ACKVX]\d\d(?!\d))"  # «phòng PC08»
_LAW = either_way(  # «Quyết định số 12 …»
    "thông tư", "nghị định", "luật", "quyết định", "công văn", "bản án", "thông báo", "chỉ thị", "bản đồ", "thửa đất",
    "thửa", "hợp đồng", "mẫu", "phụ lục", "tư pháp", "theo", "nghị quyết", "hóa đơn", "biên bản", "điều", "khoản",
    "chương", "mục", "trang", "bài", "câu", "lớp", "khóa",
)  # fmt: skip
_LAW_BEFORE = compiled_when_used(rf"{_LAW} $")
_CUE = either_way(
    "ở", "tại", "địa chỉ", "đ/c", "đc", "trú", "hộ khẩu", "nhà", "về", "đến", "thường trú", "mặt tiền", "mặt phố"
)
_CUE_BEFORE = compiled_when_used(rf"(?<!\w){_CUE}(?: là)?[ :]{{1,2}}$")
_REGION_NAMES = either_way(*REGIONS)
_BARE_SURNAMES = {fold(name).capitalize() for name in SURNAMES}


class _Makes(Enum):
    """When a part that begins an address makes one."""

    ALONE = auto()
    AFTER_A_CUE = auto()  # or with another part behind it; a cue is a word such as «ở»
    WITH_ANOTHER = auto()
    AFTER_A_CUE_WITH_ANOTHER = auto()
    AFTER_A_HOME_WITH_ANOTHER = auto()
    AFTER_A_HOME = auto()  # or with another part: «tôi ở đường Lê Lợi», not «đường Lê Lợi có cấm xe tải không»
    NOTHING = auto()  # it only follows other parts


@dataclass(frozen=True)
class _Part:
    pattern: re.Pattern[str]
    makes: _Makes


_HOME = either_way(
    "tôi", "em", "e", "cháu", "mình", "nhà", "gia đình", "trọ", "trú", "sống", "hộ khẩu", "địa chỉ", "đ/c", "quán",
    "cửa hàng", "đất ở", "đất tại", "bố", "mẹ", "bố mẹ", "vợ chồng", "vợ", "chồng", "ông", "bà", "anh", "chị", "căn hộ",
    "thuê",
)  # fmt: skip
_OF_A_HOME = either_way(
    "tôi", "em", "e", "mình", "của", "đang", "hiện", "hiện đang", "sống", "nằm", "thuê", "trọ", "là", "có", "nhà", "cũ"
)
_HOME_BEFORE = compiled_when_used(
    rf"(?<!\w){_HOME}(?: {_OF_A_HOME}){{0,4}}(?: {either_way('ở', 'tại', 'trên', 'về', 'số')})?[ :]{{1,2}}$"
)
_KIET_IN_A_NAME = compiled_when_used(rf"Kiệt (?!{_NUMBERED}\d)")  # «ông Võ Văn Kiệt Anh»: no lane
_NAME_BEFORE = compiled_when_used(rf"(?<!\w)(?:{'|'.join(SURNAMES)})(?: {WORD}){{0,2}} $")
_SEPARATOR = compiled_when_used(r" ?[,;(\-] ?| ")
_HEAD = compiled_when_used(
    rf"(?<![\w/.,-])(?:{words.ANY_PLACE}|(?i:số|so|nhà số|nha so|sn|kp)(?= )|(?i:kp)(?=\.?\d)|[KkHhPp]?\.?\d|"
    r"[Pp]\. ?\d|[A-Z]{1,2}\d{1,2}[.-]\d{2}(?= ))"
)
_PARTS = [  # the first that matches is read
    _Part(compiled_when_used(pattern), makes)
    for pattern, makes in [
        (rf"{words.PARCEL} {_PLOT_NUMBER},? (?:{either_way('thuộc')} )?{words.MAP_SHEET} {_PLOT_NUMBER}", _Makes.ALONE),
        (rf"{words.MAP_SHEET} {_PLOT_NUMBER},? {words.PARCEL} {_PLOT_NUMBER}", _Makes.ALONE),
        (rf"{words.PARCEL} {_PLOT_NUMBER}", _Makes.WITH_ANOTHER),
        (rf"(?<!ăn ){either_way('số nhà', 'nhà số')} {_HOUSE}(?:,? {_NAME})?", _Makes.ALONE),
        (rf"(?i:số|so) {_HOUSE} (?!{_REGION_NAMES}){_NAME}", _Makes.ALONE),
        (rf"(?i:số|so|sn) {_HOUSE} {_SMALL_NAME_BEFORE_UNIT}", _Makes.WITH_ANOTHER),
        (rf"(?i:số|so|sn) {_HOUSE}", _Makes.WITH_ANOTHER),
        (rf"{words.LANE} {_NUMBERED}{_HOUSE} (?=[a-z ]{{1,24}},){_SMALL_NAME}(?=,)", _Makes.ALONE),
        (rf"{words.LANE} {_NUMBERED}{_HOUSE}(?:,? {_NAME})?", _Makes.ALONE),
        (rf"{words.LANE} {_NAME}", _Makes.ALONE),
        (rf"{_STREET}{_STREET_NUMBER}", _Makes.WITH_ANOTHER),
        (rf"{_STREET}{_NAME}", _Makes.AFTER_A_HOME),
        (rf"{_STREET}(?:{_SMALL_NAME_BEFORE_UNIT}|{_SMALL_NAME})", _Makes.AFTER_A_HOME_WITH_ANOTHER),
        (rf"{words.HAMLET} {_NUMBERED}{_HAMLET_NUMBER}", _Makes.ALONE),
        (rf"{words.HAMLET} {_NAME}(?: \d{{1,2}}(?![\w/]|[.,]\d))?", _Makes.ALONE),
        (rf"{words.GROUP} {_NUMBERED}{_HAMLET_NUMBER}", _Makes.AFTER_A_CUE),
        (rf"{either_way('tổ dân phố', 'tdp')} {_NAME}", _Makes.WITH_ANOTHER),
        (rf"{words.FLAT} {_NO_POLICE_UNIT}{_FLAT_NUMBER}", _Makes.ALONE),
        (r"[A-Z]{1,2}\d{1,2}[.-]\d{2}(?![\w/]|[.,]\d)", _Makes.WITH_ANOTHER),
        (r"[Pp]\.? ?\d{3,4}(?!\w)", _Makes.WITH_ANOTHER),
        (r"(?i:kp)\.? ?\d{1,2}(?!\w)", _Makes.AFTER_A_CUE),
        (rf"{words.FLOOR} (?:số )?\d{{1,2}}(?!\w)", _Makes.WITH_ANOTHER),
        (rf"{words.PLOT} (?:số )?(?=[0-9.-]{{0,5}}[A-Z]){_CODE}(?: {_NAME})?", _Makes.ALONE),
        (rf"{words.PLOT} (?:số )?(?:{_CODE}|{_NAME})", _Makes.WITH_ANOTHER),
        (r"(?:nhà|nha) [A-Z]{1,2}\d{1,3}(?!\w)", _Makes.NOTHING),
        (r"\d{1,3}-[A-Z]{1,2}\d{1,3}(?!\w)", _Makes.NOTHING),
        (rf"{words.BUILDING}(?: (?:khu|dãy|nhà))? {_NAME_OR_CODE}", _Makes.ALONE),
        (rf"{words.BLOCK} {_NAME_OR_CODE}", _Makes.AFTER_A_CUE),
        (rf"{_HOUSES} (?!{_REGION_NAMES}|{_COUNTED}){_LONG_NAME}", _Makes.ALONE),
        (rf"{_LETTERED_HOUSE} {_LONG_NAME}", _Makes.AFTER_A_CUE),
        (rf"{_HOUSE} (?!{_REGION_NAMES}){_NAME}", _Makes.AFTER_A_CUE),
        (rf"{_HOUSE}(?= {words.STREET} | {words.LANE} )", _Makes.AFTER_A_CUE),
        (rf"(?=\d+[/A-Za-z]){_HOUSE}(?=,? (?:{words.HAMLET}|{words.GROUP}) )", _Makes.AFTER_A_CUE_WITH_ANOTHER),
        (rf"{_HOUSE} {_SMALL_NAME_BEFORE_UNIT}", _Makes.AFTER_A_CUE_WITH_ANOTHER),
        (rf"{_HOUSE} {_SMALL_NAME}", _Makes.AFTER_A_CUE_WITH_ANOTHER),
        (rf"(?=\d\d|\d+[/a-z]){_HOUSE}(?=,? {_SMALL_UNIT})", _Makes.AFTER_A_HOME_WITH_ANOTHER),
        (
            rf"(?:(?<=[Đđ]ịa chỉ: )|(?<=[Đđ]ịa chỉ )|(?<=[Đđ]/c: )|(?<=[Đđ]/c )){_HOUSE}(?=,? {_SMALL_UNIT})",
            _Makes.WITH_ANOTHER,
        ),
        (rf"(?!(?i:bản|sóc)){words.HAMLET} {_SMALL_NAME}", _Makes.WITH_ANOTHER),
        (rf"{words.BUILDING} {_SMALL_NAME}", _Makes.NOTHING),
        (r"[pq]\.? ?\d{1,2}(?![\w/.])", _Makes.NOTHING),  # «p14»
        (rf"{words.UNIT} ?(?:(?:số )?\d{{1,2}}(?![\w/.])|{_UNIT_NAME}|{_SMALL_NAME})", _Makes.NOTHING),
        (rf"[pqPQ](?:\. ?| ){_SMALL_NAME}", _Makes.NOTHING),  # «p. bến nghé»
    ]
]
_KNOWN_REGION = compiled_when_used(rf"(?:{_REGION_NAMES}|{in_any_case(*words.DISTRICTS)})(?!\w)")
_REGION = compiled_when_used(rf"(?!(?:{'|'.join(sorted(_BARE_SURNAMES.union(SURNAMES)))}) ){_NAME}")


def address_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each address, in order."""
    at = 0
    while head := _HEAD.search(text, at):
        end = _end_of_address(text, head.start())
        if end:
            yield head.start(), end
        at = end or head.start() + 1


def _end_of_address(text: str, start: int) -> int | None:
    """Where the address ends that begins at `start`; None if none does."""
    before = text[max(0, start - 30) : start]
    if _KIET_IN_A_NAME.match(text, start) and _NAME_BEFORE.search(before):
        return None
    first, end = _read_part(text, start)
    if first is None or (_begins_with_a_number(text, start) and _LAW_BEFORE.search(before)):
        return None
    parts = 1
    while parts < MAX_PARTS and (further := _end_of_further_part(text, end)):
        end = further
        parts += 1
    has_cue, has_home = bool(_CUE_BEFORE.search(before)), bool(_HOME_BEFORE.search(before))
    is_one = _is_an_address(first.makes, has_cue=has_cue, has_home=has_home, has_another=parts > 1)
    return end if is_one else None


def _begins_with_a_number(text: str, start: int) -> bool:
    return text[start].isdigit() or text[start : start + 2].lower() in ("số", "so")


def _is_an_address(makes: _Makes, *, has_cue: bool, has_home: bool, has_another: bool) -> bool:
    """Whether parts of which the first is such a one are an address."""
    match makes:
        case _Makes.ALONE:
            return True
        case _Makes.AFTER_A_CUE:
            return has_cue or has_home or has_another
        case _Makes.AFTER_A_HOME:
            return has_home or has_another
        case _Makes.WITH_ANOTHER:
            return has_another
        case _Makes.AFTER_A_CUE_WITH_ANOTHER:
            return has_cue and has_another
        case _Makes.AFTER_A_HOME_WITH_ANOTHER:
            return has_home and has_another
        case _Makes.NOTHING:
            return False


def _end_of_further_part(text: str, at: int) -> int | None:
    """Where the part ends that follows at `at`; None if none does. A region may follow without its rank."""
    separator = _SEPARATOR.match(text, at)
    if separator is None:
        return None
    part, end = _read_part(text, separator.end())
    if part and part.makes != _Makes.AFTER_A_CUE_WITH_ANOTHER:
        return end
    region = _KNOWN_REGION.match(text, separator.end())
    if region is None and separator[0].strip():
        region = _REGION.match(text, separator.end())
        region = region if region and " " in region[0] else None
    return region.end() if region else None


def _read_part(text: str, at: int) -> tuple[_Part | None, int]:
    """The part that begins at `at` and its end."""
    for part in _PARTS:
        match = part.pattern.match(text, at)
        if match:
            return part, match.end()
    return None, at
