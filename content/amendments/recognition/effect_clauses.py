"""Recognises when an act, or some of its provisions, take effect: «Điều 53. Hiệu lực thi hành …».

A sentence names provisions and a day (Decree 168/2024/NĐ-CP Art. 53(2)), or says that the day is not fixed yet.
"""

import datetime
import re
from collections.abc import Iterator

from content.amendments.instructions import AmendingAction, AmendingInstruction, TargetDocument
from content.amendments.recognition.unquoted_text import find_target_document, unquoted_body
from content.law.grammar import cited_units
from content.law.units import UnitKind
from content.parsing import Structure, Unit

_HEADING = re.compile(r"hiệu lực|điều khoản thi hành|tổ chức thực hiện|thi hành", re.IGNORECASE)
_TAKES = re.compile(
    r"(?<!hết )(?<!\w)có hiệu lực(?: thi hành)?(?:\s*,?\s*kể)?(?: từ)?(?: ngày)?(?P<rest>.*)$", re.IGNORECASE
)
_DAY = re.compile(
    r"^\s*(?:kể\s*)?(?:từ\s*)?(?:ngày\s*)?(?P<d>\d{1,2})(?:\s*tháng\s*|[/-])(?P<m>\d{1,2})(?:\s*năm\s*|[/-])(?P<y>\d{4})",
    re.IGNORECASE,
)
_LATER = re.compile(r"^\s*(?:thi hành )?theo (?:quy định|lộ trình)|^\s*khi (?:có|Chính phủ|Quốc hội)", re.IGNORECASE)
_UNTIL = re.compile(r"chưa (?:có hiệu lực|áp dụng|thi hành)(?P<rest>.*)$", re.IGNORECASE)
_ENDS = re.compile(r"(?<!\w)hết hiệu lực", re.IGNORECASE)
_SELF = re.compile(r"(?:luật|bộ luật|pháp lệnh|nghị định|nghị quyết|thông tư|quyết định) này", re.IGNORECASE)
_THE_ACT = re.compile(  # and not «Điều 2 của Luật này»
    r"\s*(?:(?!(?:điều|khoản|điểm|chương|mục)\s)\S+\s){0,3}?"
    r"(?:luật|bộ luật|pháp lệnh|nghị định|nghị quyết|thông tư|quyết định) này,?\s*$",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r",?\s*trừ\s.*$", re.IGNORECASE)
_OWN_START = re.compile(  # «Quy định về … tại khoản 2 Điều 1 của Luật này được thực hiện từ nhiệm kỳ khóa XV»
    r"(?P<before>.*?)(?<!\w)(?:có hiệu lực(?: thi hành)?|(?:được\s+)?(?:thực hiện|áp dụng)),?(?:\s+kể)?\s+từ(?!\w)",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"(?:Riêng\s+)?(?:các\s+)?(?:quy định|nội dung)\s+(?:về|liên quan)(?!\w)", re.IGNORECASE)
_LIST_OPENS = re.compile(r"(?<!\w)(?:sau|dưới) đây(?!\w)[^:]*:\s*$", re.IGNORECASE)
_BEFORE_THE_ACT = re.compile(r"(?<!\w)(?:trước|sau|đến|từ|vào)\s+(?:ngày|thời điểm)[^,;]*$", re.IGNORECASE)
MAX_SENTENCE_LENGTH = 3_000  # characters; anything longer is no sentence about effect
_SENTENCES = re.compile(
    r"(?<=[;.])\s+(?=[A-ZĐ]|quy định|riêng|các quy định|điểm|khoản)"
    r"|(?<=\d{4})\s*(?:,\s*)?(?:và\s+)?(?=(?:các\s+)?(?:điểm|khoản|Điều)\s+[^;.]{1,120}có hiệu lực)"
)


def recognise_effect_clauses(text: str, structure: Structure) -> list[AmendingInstruction]:
    """TAKES_EFFECT for the act's own provisions (eid "": the whole act).

    `on` is None if the day is not fixed yet: «có hiệu lực theo quy định của pháp luật về …».
    """
    return [
        made for unit, sentence in _sentences(text, structure) for made in _instructions_in_sentence(unit.eid, sentence)
    ]


def units_without_certain_day(text: str, structure: Structure) -> set[str]:
    """The act's own units of which it says that they, or something in them, begin on another day that is not read.

    «Quy định về … tại khoản 3 Điều 1 của Luật này được thực hiện từ ngày …»; the points of «Các quy định sau đây của
    Luật này có hiệu lực từ ngày …:».
    """
    unclear: set[str] = set()
    lists: set[str] = set()  # units whose points name what begins on another day
    for unit, sentence in _sentences(text, structure):
        if len(sentence) > MAX_SENTENCE_LENGTH or _ENDS.search(sentence):
            continue
        above = unit.eid.rpartition("__")[0]
        starts = _OWN_START.match(sentence)
        if starts and _LIST_OPENS.search(sentence):
            lists.add(unit.eid)
        elif (
            starts and _SELF.search(sentence) and not _instructions_in_sentence(unit.eid, sentence)
        ) or above in lists:
            words = starts["before"] if starts and above not in lists else sentence
            if find_target_document(_SELF.sub("", words))[0] or _BEFORE_THE_ACT.search(words):
                continue
            unclear |= {cited.eid for cited in cited_units(words) if cited.is_placed}
    return unclear


def topics_with_own_day(text: str, structure: Structure) -> list[tuple[str, datetime.date, str]]:
    """[(eid of the clause, day, sentence)] of what begins on another day than the act and names no unit.

    «Quy định về bảo hộ nhãn hiệu là dấu hiệu âm thanh có hiệu lực thi hành từ ngày 14/01/2022.»
    """
    found = []
    for unit, sentence in _sentences(text, structure):
        if len(sentence) > MAX_SENTENCE_LENGTH or _ENDS.search(sentence) or not _TOPIC.match(sentence):
            continue
        takes = _TAKES.search(sentence)
        day = _parse_day(takes["rest"]) if takes else None
        if day and not cited_units(sentence) and not find_target_document(_SELF.sub("", sentence))[0]:
            found.append((unit.eid, day, sentence))
    return found


def _sentences(text: str, structure: Structure) -> Iterator[tuple[Unit, str]]:
    """(unit, sentence) of the articles that say when the act takes effect."""
    article = None
    for unit in structure.units:
        if unit.kind is UnitKind.ARTICLE:
            article = unit
        if article is None or unit.kind not in (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT):
            continue
        body = unquoted_body(text, unit, structure.quoted)
        if body.blocks or not (_HEADING.search(article.heading) or not article.heading):
            continue
        for sentence in _SENTENCES.split(body.words):
            yield unit, sentence


def _instructions_in_sentence(source: str, sentence: str) -> list[AmendingInstruction]:
    if len(sentence) > MAX_SENTENCE_LENGTH or _ENDS.search(sentence):  # what it ends is read by content.endings
        return []
    unknown = _UNTIL.search(sentence)
    takes = unknown or _TAKES.search(sentence)
    if not takes:
        return []
    before, rest = _EXCEPT.sub("", sentence[: takes.start()]), takes["rest"]
    whole = _THE_ACT.match(before)
    named = [] if whole else cited_units(re.sub(r"(?<!\w)(?:Điều|khoản|điểm) này(?!\w)", "", before))
    foreign, _ = find_target_document(_SELF.sub("", before))
    if foreign or not (whole or named) or any(not ref.is_placed for ref in named):
        return []
    day = None if unknown else _parse_day(rest)
    if day is None and not (unknown or _LATER.search(rest)):
        return []
    eids = [""] if whole else [ref.eid for ref in named]
    if whole and not day:
        return []
    return [AmendingInstruction(source, TargetDocument(), AmendingAction.TAKES_EFFECT, eid, on=day) for eid in eids]


def _parse_day(words: str) -> datetime.date | None:
    match = _DAY.match(words)
    if not match:
        return None
    try:
        return datetime.date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:  # the 30th of February
        return None
