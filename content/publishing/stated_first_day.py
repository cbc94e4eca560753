"""The first day of effect that an act as a whole gives itself. Pure.

«Nghị định này có hiệu lực (thi hành) (kể) từ ngày …», «từ ngày ký», «từ 0 giờ ngày …», «vào ngày …», «sau 45 ngày kể từ
ngày ký ban hành», each after «Trừ …,» or before «(trừ …)» too. Only a sentence of its own counts: «khoản 3 Điều 6 của
Nghị định này có hiệu lực từ …» is about a part.

«Sau N ngày kể từ ngày ký» is the day of signing plus N. The official codification counts so: of 125 such clauses in
acts whose two days it gives, 121 have that day, 3 the day before and 1 the day after (measured in November 2026).
From the day of the gazette nothing is counted: the text does not give that day.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from content import parsing
from content.law.lexer.document_words import ACT_WORD, date_of, day_numbers
from content.law.lexer.unit_lexicon import UNIT_MARK

_OWN_EFFECT = (
    rf"(?:^|[.;][^\S\n])[^\S\n]*(?:{UNIT_MARK})?"
    r"(?:(?:Trừ|Ngoại trừ|Ngoài)\s[^.;\n]{1,300}?,[^\S\n]*)?"
    rf"(?:{ACT_WORD})"
    r"(?: này(?:\s+(?:đã\s+)?được\s[^.;\n]{1,300}?\sthông\s+qua(?:\s[^.;\n]{1,120}?)?(?:,|\s+và))?"
    r"\s+(?:bắt đầu\s+)?có hiệu lực(?:\s+thi hành)?|\s+có hiệu lực\s+thi hành),?"
)
_FROM = (
    r"(?:\s+kể)?\s+(?:bắt đầu\s+)?(?:từ|vào)\s+"
    r"(?:(?:hồi\s+)?0{1,2}\s*(?:giờ|h)\s*(?:00\s*(?:phút)?)?,?\s+)?"
)
_DAY = r"ngày\s+(?:m[ùồ]ng\s+)?"
_MONTHS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_MONTH_WORD = rf"(?i:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_MONTH = rf"(?:\d{{1,2}}|{_MONTH_WORD})"
_ISSUE = (
    r"(?:ký(?:\s+ban\s+hành)?|(?:được\s+)?(?:(?:Ủy\s+ban\s+[Tt]hường\s+vụ\s+)?Quốc\s+hội\s+)?"
    r"(?:biểu\s+quyết\s+)?(?:ban\s+hành|thông\s+qua))"
)
_PUBLISHED = r"(?:và\s+|được\s+)*(?:đăng|công\s+bố)\b"  # a second condition, whose day the text does not give
_OF_A_PART = r"(?!\s*[,(]?\s*(?:đối\s+với|với|tại|cho(?!\s+(?:đến|tới)))\s)"
_UNCONDITIONAL = (  # and not «… nếu Quốc hội không có quy định khác», «…, trừ trường hợp pháp luật có quy định khác»
    r"(?!\s*[,(]?\s*(?:nếu|khi|miễn\s+là|sau\s+khi|trong\s+trường\s+hợp|với\s+điều\s+kiện"
    r"|trừ\s+(?:khi|trường\s+hợp)\s[^.;\n]{0,80}quy\s+định\s+khác)(?!\w))"
)
_ENDS = (
    _OF_A_PART
    + _UNCONDITIONAL
    + rf"\s*(?:[.;/(]|$|,(?!\s*{_PUBLISHED})|\s(?!{_PUBLISHED})(?:và|trừ|(?:cho\s+)?(?:đến|tới))\s)"
)
_NAMED_DAY = re.compile(
    _OWN_EFFECT + _FROM + rf"(?:ngày\s+)?{day_numbers(number_of_month=_MONTH)}(?!\d)" + _OF_A_PART + _UNCONDITIONAL,
    re.MULTILINE,
)
_ON_ISSUE = re.compile(_OWN_EFFECT + _FROM + _DAY + _ISSUE + _ENDS, re.MULTILINE)
_NUMBERS = {"bảy": 7, "mười": 10, "mười lăm": 15, "ba mươi": 30, "bốn mươi lăm": 45, "bốn lăm": 45, "sáu mươi": 60}
_AFTER_ISSUE = re.compile(
    _OWN_EFFECT
    + rf"(?:\s+kể)?(?:\s+từ)?\s+sau\s+(\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
    + r"(?:\s*\([^)\n]{1,40}\))?\s+ngày(?:\s*\([^)\n]{1,40}\))?,?(?:\s+kể)?,?\s+từ\s+(?:ngày\s+)?"
    + _ISSUE
    + _ENDS,
    re.MULTILINE,
)


@dataclass(frozen=True)
class StatedFirstDay:
    """`after_issue`: how many days after the day of issue it was counted, None where the text names it."""

    on: datetime.date
    after_issue: int | None = None


def stated_first_day(text: str, issued_on: datetime.date | None) -> StatedFirstDay | None:
    """The first day that the act as a whole gives itself; «từ ngày ký» is `issued_on`. None if it gives two or none."""
    own_words = _outside_quotations(text)
    found: set[StatedFirstDay | None] = {_named_day(parts) for parts in _NAMED_DAY.findall(own_words)}
    if _ON_ISSUE.search(own_words):
        found.add(StatedFirstDay(issued_on) if issued_on else None)
    found |= {_counted_day(written, issued_on) for written in _AFTER_ISSUE.findall(own_words)}
    named = min(found, key=lambda first: first is not None and first.after_issue is not None, default=None)
    return named if all(first and named and first.on == named.on for first in found) else None


def _named_day(parts: Iterable[str]) -> StatedFirstDay | None:
    day, month, year = parts
    of_year = month if month.isdigit() else str(_MONTHS.index(" ".join(month.lower().split())) + 1)
    on = date_of((day, of_year, year))
    return StatedFirstDay(on) if on else None


def _counted_day(written: str, issued_on: datetime.date | None) -> StatedFirstDay | None:
    days = int(written) if written.isdigit() else _NUMBERS[written]
    return StatedFirstDay(issued_on + datetime.timedelta(days), days) if issued_on and days else None


def _outside_quotations(text: str) -> str:
    """The text without what an amending act quotes: the effect of the quoted act is not its own."""
    kept, at = [], 0
    for start, end in parsing.parse_text(text, warns=False).quoted:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])
