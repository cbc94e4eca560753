"""The end that an act gives itself, or units of itself, as temporary acts do: «… đến hết ngày 31/12/2027».

Certain are «đến hết ngày …» and «hết hiệu lực (kể) từ ngày …» of an act as a whole, with nothing behind the day.
Everything else is conditional: somebody must look at it.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

from content.law.lexer.document_words import THIS_ACT, date_of, day_numbers
from content.own_effect.days import DATE, ONE_DAY

_APPLIES = r"(?:(?:bắt đầu\s+)?có hiệu lực|(?:được\s+)?(?:thực hiện|áp dụng))(?:\s+thi hành)?(?:\s+thí điểm)?"
_HOUR = r"(?:(?:hồi\s+)?(?P<{}>\d{{1,2}})\s*(?:giờ|h)\s*(?:\d{{2}}\s*(?:phút)?)?,?\s*)?"
_BARE_DATE = rf"(?:ngày\s+)?{day_numbers('?:', '?:', '?:')}(?!\d)"
_PASSED = (
    r"ngày\s+(?:ký(?:\s+ban\s+hành)?|(?:được\s+)?(?:Quốc\s+hội\s+)?(?:biểu\s+quyết\s+)?(?:ban\s+hành|thông\s+qua))"
)
_FROM = rf"(?:,?\s+(?:kể\s+)?(?:từ|vào)\s+{_HOUR.format('start')}(?:{_BARE_DATE}|{_PASSED}))?"
_ADOPTED = r"(?:đã\s+)?được\s[^;.]{1,300}?\sthông\s+qua\s[^;.]{1,60}?(?:,|\svà)\s+"
_SAYS_WHEN = re.compile(rf"\s*{THIS_ACT}\s+(?:{_ADOPTED})?{_APPLIES}{_FROM}", re.IGNORECASE)
_AGAIN = rf"\s*[,;]?\s*(?:và\s+)?(?:(?:chỉ\s+)?{_APPLIES}\s+)?"
_UNTIL = (
    rf"(?:cho\s+)?(?:đến|tới)\s+(?P<whole_day>hết\s+)?{_HOUR.format('hour')}"
    rf"(?:(?:ngày\s+)?{day_numbers('?P<d>', '?P<m>', '?P<y>')}(?!\d)"
    r"|tháng\s+(?P<month>\d{1,2})(?:\s+năm\s+|\s?/\s?)(?P<of_year>\d{4})(?!\d)|năm\s+(?P<year>\d{4})(?!\d))"
)
_LAST_DAY = re.compile(rf"{_AGAIN}{_UNTIL}(?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL)
_ENDS_ON = (
    rf"(?:sẽ\s+)?(?:hết|chấm dứt)\s+hiệu lực(?:\s+thi hành)?,?\s+(?:kể\s+)?(?P<when>từ\s+sau|từ|sau|vào)\s+"
    rf"{_HOUR.format('at')}{DATE}(?P<rest>.*)\Z"
)
_THEN_ENDS = re.compile(rf"\s*[,;]?\s*(?:và\s+)?(?:nó\s+)?{_ENDS_ON}", re.IGNORECASE | re.DOTALL)
_ENDS_AFTER = re.compile(rf"\s*{THIS_ACT}\s+{_ENDS_ON}", re.IGNORECASE | re.DOTALL)
_ENDS_LATER = re.compile(rf"(?:;|(?<!\w)và)\s+{_ENDS_ON}", re.IGNORECASE | re.DOTALL)  # behind what it replaces
_OF_THE_ACT = re.compile(rf"\s*{THIS_ACT}\s", re.IGNORECASE)
_TERM_FIRST = re.compile(  # «Thời hạn áp dụng đến hết ngày …», «Thời gian thực hiện: từ ngày … đến hết ngày …»
    rf"\s*(?:Thời (?:hạn|gian|hiệu)|Hiệu lực)\s+(?:(?:có hiệu lực|áp dụng|thực hiện|thi hành)(?:\s+thi hành)?"
    rf"(?:\s+thí điểm)?)?(?:\s+(?:của\s+)?{THIS_ACT})?(?:\s+(?:là|tính|được tính|kéo dài))?\s*:?{_FROM}",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    rf"\s*{THIS_ACT}\s+(?:có hiệu lực|được thực hiện|thực hiện|được áp dụng)(?:[^;]{{0,120}}?(?<!\w)trong\s+"
    r"(?:thời (?:hạn|gian)\s+)?(?P<years>\d{1,2})\s+năm(?!\w)"
    r"|(?:[^;]{0,120}?(?<!\w)(?:thực hiện|áp dụng|thi hành|hiệu lực))?\s+(?:thí điểm\s+)?trong\s+"
    r"(?:thời (?:hạn|gian)\s+)?(?P<count>\d{1,3})\s*(?:\([^)]{1,40}\)\s*)?(?P<unit>tháng|ngày)(?!\w))",
    re.IGNORECASE,
)
_UNITS_UNTIL = re.compile(
    rf"(?P<units>[^;.]{{1,300}}?)(?P<own>\s+(?:của\s+)?{THIS_ACT})?,?\s+(?:thì\s+)?(?P<goes_on>(?:tiếp tục|vẫn)\s+)?"
    rf"(?:chỉ\s+)?{_APPLIES}{_FROM}{_LAST_DAY.pattern}",
    re.IGNORECASE | re.DOTALL,
)
_UP_TO, _YEAR = re.compile(r"(?:đến|tới)\s", re.IGNORECASE), re.compile(r"\d{4}")  # every last day has both
_NOTHING_MORE = re.compile(r"[\s.;,:/]*\Z")


@dataclass(frozen=True)
class OwnTerm:
    """«Nghị quyết này có hiệu lực đến hết ngày …»"""

    last_day: datetime.date
    conditional: bool


def own_term(sentence: str) -> OwnTerm | None:
    """The act's own last day, if the sentence gives one."""
    if ends := _ENDS_AFTER.match(sentence):
        return _ended(ends)
    if said := _SAYS_WHEN.match(sentence):
        if last := _LAST_DAY.match(sentence, said.end()):
            return _until(last)
        if ends := _THEN_ENDS.match(sentence, said.end()):
            return _ended(ends)
    return None


def own_term_behind(sentence: str) -> tuple[OwnTerm | None, int]:
    """(the same behind other orders, where they end): «… có hiệu lực từ …, thay thế … và hết hiệu lực từ ngày …»."""
    ends = _ENDS_LATER.search(sentence) if _OF_THE_ACT.match(sentence) else None
    term = _ended(ends) if ends else None
    if ends is None or term is None:
        return None, len(sentence)
    return OwnTerm(term.last_day, conditional=True), ends.start()


def own_term_alone(sentence: str) -> OwnTerm | None:
    """The term that an article about effect names without the act: «Thời hạn áp dụng đến hết ngày …»."""
    said = _TERM_FIRST.match(sentence)
    last = _LAST_DAY.match(sentence, said.end()) if said else None
    term = _until(last) if last else None
    return OwnTerm(term.last_day, conditional=True) if term else None


def own_period(sentence: str, first_day: datetime.date) -> OwnTerm | None:
    """The end of the years, months or days for which the act says that it applies."""
    period = _PERIOD.match(sentence)
    if period is None:
        return None
    if period["unit"] and period["unit"].lower() == "ngày":
        return OwnTerm(first_day + datetime.timedelta(days=int(period["count"]) - 1), conditional=True)
    months = int(period["years"]) * 12 if period["years"] else int(period["count"])
    year, month = divmod(first_day.year * 12 + first_day.month - 1 + months, 12)
    day = min(first_day.day, calendar.monthrange(year, month + 1)[1])
    return OwnTerm(datetime.date(year, month + 1, day) - ONE_DAY, conditional=True)


def units_until(sentence: str) -> tuple[str, OwnTerm | None]:
    """(the words that name the act's own units, their last day): «Điều 3 Thông tư này được thực hiện đến hết ngày …».

    ("", None) where the sentence says nothing of that; what goes on to apply may be a unit of another act.
    """
    up_to = _UP_TO.search(sentence)
    found = _UNITS_UNTIL.match(sentence) if up_to and _YEAR.search(sentence, up_to.end()) else None
    if found is None or (found["goes_on"] and not found["own"]):
        return "", None
    return found["units"].strip(), _until(found)


def _ended(ends: re.Match[str]) -> OwnTerm | None:
    day = date_of(ends.groups()[-4:-1])
    if day is None:
        return None
    is_after, when = "sau" in ends["when"].lower(), ends["when"].lower()
    conditional = when == "vào" or ends["at"] is not None or _NOTHING_MORE.match(ends["rest"]) is None
    return OwnTerm(day if is_after else day - ONE_DAY, conditional)


def _until(last: re.Match[str]) -> OwnTerm | None:
    day = _last_day(last)
    is_whole_day = last["whole_day"] is not None or last["hour"] == "24"
    if day is None:
        return None
    return OwnTerm(day, conditional=not is_whole_day or _NOTHING_MORE.match(last["rest"]) is None)


def _last_day(last: re.Match[str]) -> datetime.date | None:
    if last["d"]:
        return date_of((last["d"], last["m"], last["y"]))
    year, month = int(last["year"] or last["of_year"]), int(last["month"] or 12)
    return date_of((str(calendar.monthrange(year, month)[1]), str(month), str(year))) if 1 <= month <= 12 else None
