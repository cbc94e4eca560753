"""Sentences about the effect of an act's own units that no reader understood: their units become doubtful.

«Lùi thời điểm áp dụng Điều 5 đến ngày …», «Chưa áp dụng Điều 5 cho đến hết ngày …», «Tạm ngưng hiệu lực thi hành Điều 5
đến hết ngày …», «Việc áp dụng Điều 5 bắt đầu từ ngày …», «Mẫu số 01 Phụ lục I … có hiệu lực từ ngày …».
"""

import datetime
import re
from dataclasses import dataclass

from content.law.grammar import CitedUnit, cited_units
from content.law.lexer.document_words import ACT_WORD, date_of
from content.law.lexer.unit_lexicon import ANNEX, FORM, THIS_UNIT
from content.law.lexer.unit_names import numbers_of
from content.law.units import UnitKind
from content.own_effect.days import DATE
from content.parsing import Structure

_SAID = r"(?:áp dụng|thực hiện|thi hành|(?:có )?hiệu lực(?: thi hành)?)"
_PUTS_OFF = re.compile(
    r"(?<!\w)(?:(?:lùi|hoãn|kéo dài|gia hạn)\s+(?:thời điểm\s+|thời hạn\s+|thời gian\s+|việc\s+)?(?:bắt đầu\s+)?"
    rf"{_SAID}|tạm\s+(?:ng[ưừ]ng|dừng|hoãn|thời\s+(?:không|chưa))\s+(?:việc\s+)?{_SAID}"
    rf"|(?:chưa|không)\s+(?:được\s+)?{_SAID}(?=[^.;]{{0,200}}?\s(?:đến|tới)\s))(?!\w)",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"(?<!\w)(?<!hết )(?<!không ){_SAID}(?!\w)", re.IGNORECASE)
_WHEN = re.compile(r"(?<!\w)(?:từ|vào|sau)\s+(?:sau\s+)?(?:ngày|tháng|năm|quý|thời điểm|khi|kỳ)(?!\w)", re.IGNORECASE)
_DAY = re.compile(rf"(?<!\w)(?P<last>(?:đến|tới|từ\s+sau|sau)\s+(?:hết\s+)?)?(?<!\w){DATE}", re.IGNORECASE)
_LEAD = re.compile(  # what may stand before a unit that is the subject, or the object, of the sentence
    r"(?:(?:riêng|còn|các|những|việc|quy định|nội dung|tại|của|thời điểm|thời hạn|thời gian|bắt đầu|hiệu lực|thi hành"
    r"|áp dụng|thực hiện|đối với|lùi|hoãn|tạm|ng[ưừ]ng|dừng|thời|chưa|không|được|kéo dài|gia hạn|có)(?!\w)|[\s,:])*"
    r"(?:về\s[^;.]{1,200}?\s(?:quy định\s+)?tại\s+)?",
    re.IGNORECASE,
)
_FOR_SOME_FIRST = re.compile(r"\s*(?:riêng\s+)?(?:đối\s+)?với\s[^,;.]{1,200},\s*", re.IGNORECASE)
_FORM_FIRST = re.compile(
    rf"\s*(?:riêng\s+)?(?:(?:các|những)\s+)?(?:biểu\s+)?(?:{FORM}|{ANNEX}|danh mục)(?!\w)[^;.]{{0,300}}?"
    r"(?<!\w)(?:có hiệu lực|áp dụng|thực hiện)(?!\w)",
    re.IGNORECASE,
)
_BETWEEN_UNITS = re.compile(r"[\s,;]*(?:(?:và|hoặc|các|quy định|tại)\s+)*")
_OF_ANOTHER = re.compile(
    rf"[\s,]*(?:(?:của|tại|trong|thuộc|ban hành kèm theo)\s+){{0,2}}(?:các\s+)?"
    rf"(?:{ACT_WORD})(?!\w)(?!\s+này(?!\w))",
    re.IGNORECASE,
)
_THIS_UNIT = re.compile(rf"(?<!\w){THIS_UNIT}", re.IGNORECASE)


@dataclass(frozen=True)
class UnreadStart:
    """Own units that may begin, or go on, on another day than the act; `on`: that day, None where none is named."""

    eids: tuple[str, ...]
    on: datetime.date | None


def unread_start(sentence: str, structure: Structure) -> UnreadStart | None:
    """What the sentence, of an article about effect, may say of the act's own units; None where it says nothing."""
    puts_off, begins = _PUTS_OFF.search(sentence), _BEGINS.search(sentence)
    if not (puts_off or (begins and _WHEN.search(sentence))):
        return None
    at = first.end() if (first := _FOR_SOME_FIRST.match(sentence)) else 0
    words = _THIS_UNIT.sub(lambda found: " " * len(found[0]), sentence)
    named = [each for each in cited_units(words) if each.is_placed]
    if named and _LEAD.fullmatch(words, at, named[0].start):
        eids, end = _first_list(words, named)
        return None if _OF_ANOTHER.match(words, end) else UnreadStart(eids, _day_in(sentence, end))
    if _FORM_FIRST.match(sentence) and (annexes := _annexes_named(sentence, structure)):
        return UnreadStart(annexes, _day_in(sentence, 0))
    return None


def _first_list(words: str, named: list[CitedUnit]) -> tuple[tuple[str, ...], int]:
    """(the units of the list that begins with the first, where it ends), without those cited later."""
    eids, last = {named[0].eid: None}, named[0].end
    for each in named[1:]:
        if each.start > last and _BETWEEN_UNITS.fullmatch(words, last, each.start) is None:
            break
        eids[each.eid] = None
        last = max(last, each.end)
    return tuple(eids), last


def _day_in(sentence: str, at: int) -> datetime.date | None:
    """The first day behind `at`; of «đến hết ngày …» the next one."""
    found = _DAY.search(sentence, at)
    day = date_of(found.groups()[1:4]) if found else None
    goes_on = found is not None and found["last"] is not None and re.search(r"hết|sau", found["last"], re.IGNORECASE)
    return day + datetime.timedelta(days=1) if day and goes_on else day


def _annexes_named(sentence: str, structure: Structure) -> tuple[str, ...]:
    """The annexes that the sentence names by number; else all annexes and forms."""
    annexes = [unit for unit in structure.units if unit.kind in (UnitKind.ANNEX, UnitKind.FORM)]
    numbers = {re.split(r"[.-]", number)[0] for number in numbers_of(UnitKind.ANNEX, sentence)}
    meant = [unit.eid for unit in annexes if unit.number.upper() in numbers]
    return tuple(meant or [unit.eid for unit in annexes])
