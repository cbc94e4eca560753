"""The words by which an act ends a document: verbs, what may stand between them and names, days, exceptions. Pure.

Everything that is not known here makes a doubt: the reader never takes a word it does not understand for nothing.
"""

import datetime
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from content.law.grammar import cited_units, without_units
from content.law.lexer.document_words import ACT_WORD, DAY, NAMED_ACT_WORD, NUMBER_SIGN, THIS_ACT, date_of, unsplit
from content.law.lexer.unit_lexicon import (
    ANNEX,
    ANY_UNIT,
    CLAUSE,
    CLAUSE_NUMBER,
    FORM,
    PARAGRAPH,
    POINT,
    THIS_UNIT,
    UNIT,
    UNIT_MARK,
    UNIT_OR_CHAPTER,
)
from content.law.lexer.unit_names import numbers_of
from content.law.units import UnitKind
from content.text.vietnamese import caseless

MARK = re.compile(rf"\s*(?:{UNIT_MARK}|[-–+]\s+)?")

_DOCUMENT = rf"(?:{ACT_WORD}|Văn bản)"
_OWN_START = rf"(?:ngày|thời điểm|khi)\s+{THIS_ACT}\s+(?:bắt đầu\s+)?có\s+hiệu\s+lực(?:\s+thi\s+hành)?"
_LAST_DAY = rf"[\s,]*(?:cho\s+)?đến\s+(hết\s+)?{DAY}"

_LEADING_DAY = re.compile(rf"(?:(?:[Kk]ể\s+)?[Tt]ừ\s+|[Kk]hi\s+)(?:{DAY}|{_OWN_START}|{THIS_ACT}[^,]{{0,40}}?),\s*")
_LEADING_SUBJECT = re.compile(
    rf"(?:Nay\s+|{THIS_ACT}(?:\s+có hiệu lực[^.;]{{0,120}}?(?:,|và|;)\s*(?:và\s+)?)?\s*)", re.IGNORECASE
)
_ACTIVE = re.compile(
    r"(?:(?P<replaces>thay thế(?:\s+cho)?)|(?P<repeals>bãi bỏ(?:\s+toàn bộ)?|h[uủ][ỷy] bỏ)"
    r"|(?P<ends>chấm dứt hiệu lực(?:\s+thi hành)?(?:\s+của|\s+đối với)?)"
    r"|(?P<suspends>(?:tạm\s+)?ng[ưừ]ng hiệu lực(?:\s+thi hành)?(?:\s+của|\s+đối với)?"
    r"|(?:tạm\s+)?(?:dừng|ng[ưừ]ng)\s+(?:việc\s+)?(?:thực hiện|áp dụng|thi hành)"
    rf"(?=\s+(?:toàn bộ\s+)?{_DOCUMENT})(?!\s+{THIS_ACT}))"
    r"|(?P<halts>(?:tạm\s+)?đình chỉ (?:việc\s+)?thi hành))(?!\w)\s*",
    re.IGNORECASE,
)
_ENDED_FIRST = re.compile(  # «Hết hiệu lực: Nghị định số …», unlike «Nghị định số … hết hiệu lực»
    rf"(?P<ends>hết\s+hiệu\s+lực(?:\s+thi\s+hành)?)\s*(?=:|(?:toàn bộ\s+)?(?:các\s+)?{_DOCUMENT})(?!\s*{THIS_ACT})",
    re.IGNORECASE,
)
_DONE_FROM = r"\s+(?:việc\s+)?(?:được\s+)?(?:thực hiện|áp dụng|thi hành)\s+(?:kể\s+)?từ\s"
_STEMS = re.compile(  # in small letters, each beginning with a letter: `re` looks for such a pattern much quicker
    r"hiệu\s+lực|thay\s+thế|bãi bỏ|h[uủ][ỷy] bỏ|đình chỉ|hết giá trị|đến\s+(?:hết|ngày|\d)|tới\s+(?:hết|ngày|\d)"
    r"|này\s+(?:được\s+)?(?:thực hiện|áp dụng)"
    r"|dừng\s+(?:việc\s+)?(?:thực hiện|áp dụng|thi hành)|ng[ưừ]ng\s+(?:việc\s+)?(?:thực hiện|áp dụng|thi hành)"
    rf"|không(?:\s+còn)?{_DONE_FROM}|thôi{_DONE_FROM}|chấm dứt{_DONE_FROM}"
)
_NOT_APPLIED = re.compile(  # «Điều 30 của Luật này không áp dụng từ ngày …»
    r"(?<!\w)(?:không(?:\s+còn)?|thôi|(?:tạm\s+)?(?:ng[ưừ]ng|dừng)|chấm dứt)\s+(?:việc\s+)?(?:được\s+)?"
    rf"(?:thực hiện|áp dụng|thi hành|có hiệu lực(?:\s+thi hành)?),?\s+(?:kể\s+)?từ\s+(?:{DAY}|ngày|khi|thời điểm)",
    re.IGNORECASE,
)
_CLAUSE_OPENS = re.compile(r"[;.(]|(?<!\w)(?:trừ|riêng)(?!\w)", re.IGNORECASE)
_AMENDS_TEXT = re.compile(
    r"(?:,|và)\s*(?:sửa đổi|bổ sung|bỏ)"
    rf"|(?:các\s+|một số\s+)?(?:cụm từ|từ|chữ|dấu|tên|biểu|{FORM}|{ANNEX}|danh mục|{PARAGRAPH}|câu)(?!\w)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?=[đschmkbtndv])(?<!chưa )(?<!không )(?<!còn )(?<!đã )(?<!thời điểm )(?:(?:đều|sẽ|đương nhiên|cũng)\s+)?"
    r"(?:(?P<ends>(?:hết|mất|không\s+còn)\s+hiệu\s+lực(?:\s+thi\s+hành)?|hết giá trị(?:\s+thi hành)?"
    r"|chấm dứt hiệu lực(?:\s+thi hành)?)"
    r"|(?P<replaces>(?:được|bị)\s+thay\s+thế)|(?P<repeals>(?:được|bị|đều)\s+(?:bãi bỏ|h[uủ][ỷy] bỏ))"
    r"|(?P<suspends>(?:được\s+|bị\s+)?(?:tạm\s+)?ng[ưừ]ng\s+hiệu\s+lực(?:\s+thi hành)?)"
    r"|(?P<halts>bị\s+(?:tạm\s+)?đình chỉ(?:\s+việc)?(?:\s+thi hành)?)"
    r"|(?P<resumes>(?:được\s+)?(?:tiếp tục\s+)?có hiệu lực trở lại)"
    rf"|(?P<replaced_by_act>do\s+{THIS_ACT}\s+thay\s+thế)"
    r"|(?P<lapses>(?:(?:chỉ|vẫn|tiếp\s+tục)\s+)*(?:có|còn)\s+hiệu\s+lực(?:\s+thi\s+hành)?"
    rf"(?={_LAST_DAY})))(?!\w)",
    re.IGNORECASE,
)
_HYPOTHESIS = re.compile(
    r"\s*(?:trong\s+)?(?:trường hợp|khi|nếu|sau khi|trước khi|hết thời hạn|đến thời hạn)(?!\w)", re.I
)
_PART_WORDS = re.compile(
    rf"(?<!\w)(?:một số|một phần|{ANY_UNIT}|danh mục|biểu|quy định|nội dung|cụm từ|câu|khổ|gạch đầu dòng"
    r"|hiệu lực)(?!\w)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    rf"\s*(?:toàn bộ\s*)?(?:(?:các|những)\s*)?(?:văn bản(?:\s+quy phạm pháp luật)?|{ACT_WORD})?"
    r"(?:\s*sau(?:\s+đây)?)?\s*:?\s*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[;,]|(?<!\w)và(?!\w)")
_NESTING = re.compile(
    r"(?<!\w)(?:hướng dẫn|chi tiết|thi hành|sửa đổi|bổ sung|thay thế|bãi bỏ|kèm theo|theo|căn cứ"
    rf"|của\s+(?:{ACT_WORD}))(?!\w)",
    re.IGNORECASE,
)
_ALIAS = re.compile(r"\(\s*sau đây\s+(?:được\s+)?(?:gọi|viết)[^()]*\Z", re.IGNORECASE)
_BETWEEN_UNITS = re.compile(r"(?<!\w)(?:các|những|quy định|tại|từ|đến|và|hoặc|của|thuộc)(?!\w)|[\s,;]", re.IGNORECASE)
_CITED_ONLY = re.compile(
    r"(?:theo|trái với|căn cứ|phù hợp với)(?:\s+(?:các\s+)?quy định)?(?:\s+(?:tại|của|trong))?\s*\Z", re.IGNORECASE
)
_PLACE_ONLY = re.compile(r"(?<!\w)(?:tại|của|trong|thuộc)\s*\Z", re.IGNORECASE)
_EVENT = re.compile(r"(?:từ|đến|trước|sau)\s+(?:ngày|khi|thời điểm)\s*\Z|(?<!\w)khi\s*\Z", re.IGNORECASE)
_HISTORY = re.compile(
    r"[\s,(]*(?:đã\s+)?[đd]ược\s+(?:sửa đổi|bổ sung)[^;.]{0,120}?(?:theo|bởi|tại|bằng)(?:\s+các)?\s*\Z", re.IGNORECASE
)
_HISTORY_GOES_ON = re.compile(r"\s*(?:,|và|,\s*và)\s*(?:các\s+)?\Z", re.IGNORECASE)
_DESCRIPTION = re.compile(
    r"\s*(?:\(\s*sau đây\s+(?:được\s+)?(?:gọi|viết)[^()]*\)|\)|,?\s*(?:đã\s+)?được\s+(?:sửa đổi|bổ sung)[^;.]*"
    r"|(?:,\s*)?(?:ngày|của|về|quy định|hướng dẫn|sửa đổi|bổ sung|ban hành|thí điểm|đã được|khóa|khoá)(?!\w)[^;]*)?"
    r"\s*[.,;/]*\s*(?:và\s*)?",
    re.IGNORECASE,
)
_ANOTHER_CLAUSE = re.compile(
    r"(?<!\w)(?:nếu|trường hợp|khi|mà|thì|tiếp tục|trừ|chậm nhất|giấy phép|đến ngày|đến hết|được áp dụng"
    r"|theo quy định|có hiệu lực)(?!\w)",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(  # before a verb in the passive: it does not say that this happens
    r"(?<!\w)(?:có thể|có lẽ|cần|phải|nên|đang|dự kiến|dự định|đáng lẽ|lẽ ra|chưa|không|chẳng|coi|coi là|xem là|còn)"
    r"(?:\s+(?:đương nhiên|hẳn|toàn bộ|đều|sẽ|cũng))*\s*\Z",
    re.IGNORECASE,
)
_LIMITS = re.compile(  # in what describes a document: words that limit its end and not its contents
    rf"(?<!\w)(?:từ\s+(?:năm|tháng|quý)|vào\s+(?:năm|ngày|tháng|quý)|ngoại\s+lệ|ngoài\s+(?:{UNIT})|không\s+kể"
    r"|không\s+bao\s+gồm|giữ\s+(?:lại|nguyên)|nhưng|với\s+điều\s+kiện|cho\s+đến|phần\s+(?:về|liên quan|quy định|nói)"
    rf"|tại\s+(?:{UNIT_OR_CHAPTER}|{ANNEX})|sau\s+(?:khi|ngày)|trong\s+(?:thời gian|thời hạn|phạm vi))(?!\w)",
    re.IGNORECASE,
)
_ISSUER_AND_LIMIT = re.compile(  # «của Chính phủ đối với thành phố Hà Nội»
    r"[\s,]*(?:của\s+(?:(?!về|quy|hướng|sửa|bổ|ban|thí|khóa|khoá|phê)\w+\s*){1,12}?)?"
    r"(?:,\s*)?(?<!\w)(?:đối với|tại|trong|phần|vào|từ|ngoài|giữ|với|ở|chỉ|riêng|áp dụng)(?!\w)",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"[\s,;]*(?:ngoại\s+)?(?:trừ|riêng|không bao gồm)(?!\w)", re.IGNORECASE)
_CONDITION = re.compile(
    r"[\s,]*(?:cho\s+)?(?:đến khi|đến hết|đến ngày|nếu|trong trường hợp|khi|chậm nhất|trường hợp|đối với)(?!\w)",
    re.IGNORECASE,
)
_TAIL_DAY = re.compile(rf"[\s,]*(?:kể\s+)?từ\s+{DAY}", re.IGNORECASE)
_TAIL_UNTIL = re.compile(rf"[\s,]*(?:cho\s+)?đến\s+hết\s+{DAY}", re.IGNORECASE)
_TAIL_LAST_DAY = re.compile(_LAST_DAY, re.IGNORECASE)
_TAIL_OWN_START = re.compile(rf"[\s,]*(?:kể\s+)?(?:từ\s+)?{_OWN_START}", re.IGNORECASE)
_TAIL_OTHER_EVENT = re.compile(r"[\s,]*(?:kể\s+)?từ\s+(?:ngày|khi|thời điểm)(?!\w)", re.IGNORECASE)
_TAIL_REPLACED = re.compile(rf"[\s,]*(?:và\s+)?(?:được\s+thay\s+thế\s+)?(?:bởi|bằng)\s+{THIS_ACT}", re.IGNORECASE)
_TAIL_PART = re.compile(r"\s*một phần(?!\w)", re.IGNORECASE)
_TAIL_END = re.compile(r"[\s.;,:/]*\Z")
_ACTIVE_TAIL = re.compile(
    r"[\s,;]*(?<!\w)(?:(?:ngoại\s+)?trừ|kể\s+từ\s+ngày|từ\s+ngày(?=\s+\d)|riêng|cho đến khi|nếu|chậm nhất|đến hết ngày"
    r"|không bao gồm)(?!\w)",
    re.IGNORECASE,
)
_LIST_OPENS = re.compile(r"(?<!\w)(?:sau đây|dưới đây|sau)(?!\w)[^:]{0,160}:\s*\Z|(?<!\w)(?:tại|của|trong)\s*:\s*\Z")
_LISTED_IN_ANNEX = re.compile(
    rf"(?:văn bản|{ACT_WORD})(?!\w)[^.;:]{{0,200}}?(?<!\w)"
    rf"(?:tại|trong|theo|thuộc)\s+(?:các\s+)?(?P<annex>{ANNEX}|Danh mục)(?!\w)",
    re.IGNORECASE,
)
_BARE_NAME = re.compile(
    rf"(?<!\w)(?:{NAMED_ACT_WORD})(?! này)(?! số)\s+[^,;:()\d]{{3,150}}?"
    rf"(?=\s*(?:\Z|[,;:(.]|\d|ngày|đã được|được|hết|bị|năm|kể từ|trừ|và\s+(?:{ACT_WORD})))"
)
_SENTENCE_END = re.compile(r"(?<=[.])\s+(?=[A-ZĐÁÀẢÃẠĂÂÊÔƠƯ])")
_NUMBERED, _OF_THE_ACT = re.compile(NUMBER_SIGN), re.compile(r"(?<!\w)này(?!\w)")
_NAMES_A_PART = re.compile(rf"{UNIT}|nội dung|quy định (?:về|tại)", re.IGNORECASE)
_STOP = re.compile(r"\n|(?<=[.;])\s")
_CONTINUES = re.compile(
    r"(?=[tv])(?:tiếp\s+tục\s+"
    r"(?:có hiệu lực|còn hiệu lực|được áp dụng|áp dụng|thi hành|được thi hành|được thực hiện)"
    r"|(?<!\w)vẫn\s+(?:còn|có|giữ nguyên)\s+hiệu\s+lực|(?<!\w)vẫn\s+(?:được\s+)?áp\s+dụng)",
    re.IGNORECASE,
)
_BY_STEPS = re.compile(  # «Việc thay thế danh mục được áp dụng theo lộ trình …»
    r"(?=[tbhcv])(?<!\w)(?:thay thế|bãi bỏ|hết hiệu lực|chấm dứt|việc)(?!\w)"
    r"[^.;\n]{0,200}?(?<!\w)theo\s+lộ\s+trình(?!\w)",
    re.IGNORECASE,
)
_UNITS_CONTINUE = re.compile(  # «Riêng Điều 9 được tiếp tục thực hiện đến hết năm 2027.»
    rf"\s*(?:Riêng\s+)?(?:(?:các\s+)?quy định\s+(?:tại|của)\s+)?(?:các\s+)?(?:{UNIT_OR_CHAPTER})\s+\w+(?!\w)"
    r"[^.;]{0,200}?(?:tiếp\s+tục|vẫn\s+(?:còn|có|được|áp|thực))(?!\w)",
    re.IGNORECASE,
)
_EXCEPTS_ABOVE = re.compile(  # a line of its own: «Trừ Điều 9 của các luật trên», «Khoản 1 Điều này không áp dụng …»
    rf"\s*(?:ngoại\s+)?trừ\s+(?:các\s+)?(?:quy định|{UNIT_OR_CHAPTER}|trường hợp)(?!\w)"
    rf"|\s*(?:Quy định\s+tại\s+)?(?:{POINT}\s+\w{{1,2}}\s+)?{CLAUSE}\s+{CLAUSE_NUMBER}\s+(?:{THIS_UNIT}|này)"
    r"\s+(?:không\s+(?:được\s+)?áp\s+dụng"
    r"|(?:được\s+)?(?:thực hiện|áp dụng)\s+(?:kể\s+)?từ\s+ngày)",
    re.IGNORECASE,
)


_OF_THIS_ACT = re.compile(rf"\s+(?:của\s+)?{THIS_ACT}\s*\Z", re.IGNORECASE)
_ACT_ITSELF = re.compile(rf"\s*{THIS_ACT}\s*", re.IGNORECASE)
_LATE_VERB = re.compile(  # «Luật này được ban hành thay thế …», with words that are not understood for certain
    rf"\s*(?:Nay\s+)?{THIS_ACT}\s+(?:có\s+hiệu\s+lực[^,;.]{{0,80}}?|được\s+ban\s+hành(?:\s+(?:để|nhằm))?|là\s+văn\s+bản"
    r"|sửa\s+đổi\s+(?:và|hoặc)|ban\s+hành)\s+(?=(?:thay\s+thế|bãi\s+bỏ)(?!\w))",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\u200b-\u200d\ufeff\u00ad]")

MAX_HISTORY = 260  # characters between a document and the first act that is told to have amended it


class DayBasis(StrEnum):
    """Where the day of an ending comes from."""

    NAMED = "named"
    ACTS_FIRST = "acts_first"
    OTHER_EVENT = "other_event"
    NONE = "none"


@dataclass(frozen=True)
class Tail:
    """What a sentence says after its verb (passive) or after its documents (active)."""

    on: datetime.date | None = None
    day_is: DayBasis = DayBasis.NONE
    has_exception: bool = False
    has_condition: bool = False
    has_unknown_words: bool = False
    is_part: bool = False
    until: datetime.date | None = None  # the last day: «đến hết ngày …»

    @property
    def is_empty(self) -> bool:
        return self == Tail()


@dataclass(frozen=True)
class Order:
    """A sentence that ends, suspends or resumes; its documents are in sentence[objects_start:objects_end]."""

    kind: str
    replaces: bool
    is_active: bool
    objects_start: int
    objects_end: int
    tail: Tail
    doubtful: bool = False


@dataclass(frozen=True)
class ListHead:
    """«Các văn bản sau đây hết hiệu lực kể từ ngày …:»"""

    kind: str
    replaces: bool
    tail: Tail
    is_part: bool


@dataclass(frozen=True)
class Link:
    """What precedes a document in a list of documents."""

    lead: str
    is_clean: bool = False
    is_part: bool = False
    is_nested: bool = False
    is_fresh: bool = False
    may_be_nested: bool = False
    is_alias: bool = False


def may_order(line: str) -> bool:
    """Whether a line can end, suspend or resume anything: most hold none of these words."""
    return _STEMS.search(caseless(line)) is not None


def sentences(line: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the statements of a line: at full stops, and at semicolons where another statement begins."""
    at = 0
    for stop in [*(match.end() for match in _SENTENCE_END.finditer(line)), len(line)]:
        yield from _statements(line, at, stop)
        at = stop


def _statements(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for semicolon in re.finditer(r";\s*", line[start:end]):
        cut = start + semicolon.end()
        following = line[cut:end]
        said = _PASSIVE.search(line, begin, start + semicolon.start())
        if said or _ACTIVE.match(following) or _LEADING_SUBJECT.match(following):
            yield begin, cut
            begin = cut
    if begin < end:
        yield begin, end


@lru_cache(maxsize=64)
def order_in(sentence: str) -> Order | None:  # asked of a line as the head of a list, and again as a sentence
    """The order of one statement, or None if it ends, suspends and resumes nothing."""
    at, day = 0, Tail()
    if leading := _LEADING_DAY.match(sentence):
        at, day = leading.end(), _leading_day(leading)
    subject = _LEADING_SUBJECT.match(sentence, at)
    verb = _ACTIVE.match(sentence, subject.end() if subject else at)
    if verb:
        return _active_order(sentence, verb, day)
    if late := _LATE_VERB.match(sentence, at):
        verb = _ACTIVE.match(sentence, late.end())
        order = _active_order(sentence, verb, day) if verb else None
        return replace(order, doubtful=True) if order else None
    if subject is None and (ended := _ENDED_FIRST.match(sentence, at)):
        order = _active_order(sentence, ended, day)
        return replace(order, doubtful=True) if order else None
    passive = _PASSIVE.search(sentence, at)
    if passive is None or _HYPOTHESIS.match(sentence, at):
        return None
    kind = passive.lastgroup or ""
    if kind in ("replaces", "repeals") and re.match(
        r"\s+(?:bằng|thành)\s+(?:các\s+)?(?:cụm từ|từ)", sentence[passive.end() :]
    ):
        return None
    tail = _after_last_day(sentence, passive.end()) if kind == "lapses" else parse_tail(sentence[passive.end() :])
    if day.day_is is not DayBasis.NONE:
        doubt = tail.day_is is not DayBasis.NONE
        tail = replace(tail, on=day.on, day_is=day.day_is, has_unknown_words=tail.has_unknown_words or doubt)
    replaces, doubtful = kind in ("replaces", "replaced_by_act"), tail.is_part or kind == "replaced_by_act"
    return Order(_kind(kind), replaces, False, at, passive.start(), tail, doubtful=doubtful)


def _active_order(sentence: str, verb: re.Match[str], day: Tail) -> Order | None:
    if _AMENDS_TEXT.match(sentence, verb.end()):
        return None
    if re.search(r"(?<!\w)cụm từ(?!\w)", sentence[verb.end() : verb.end() + 120]):
        return None
    stop = _ACTIVE_TAIL.search(sentence, verb.end())
    end = stop.start() if stop else len(sentence)
    tail = parse_tail(sentence[end:])
    if tail.day_is is DayBasis.NONE and day.day_is is not DayBasis.NONE:
        tail = replace(tail, on=day.on, day_is=day.day_is)
    kind = verb.lastgroup or ""
    return Order(_kind(kind), kind == "replaces", True, verb.end(), end, tail)


def _kind(group: str) -> str:
    return group if group in ("suspends", "halts", "resumes") else "ends"


def _after_last_day(sentence: str, at: int) -> Tail:
    """«… có hiệu lực đến hết ngày 31/12/2027»: it ends on the day after. Never certain: another act may prolong it."""
    last = _TAIL_LAST_DAY.match(sentence, at)
    on = date_of(last.groups()[1:4]) if last else None
    if on is not None and last and last[1]:
        on += datetime.timedelta(days=1)
    return Tail(on, DayBasis.NAMED if on else DayBasis.OTHER_EVENT, has_condition=True)


def _leading_day(match: re.Match[str]) -> Tail:
    if match[1]:
        on = date_of(match.groups()[:3])
        return Tail(on, DayBasis.NAMED if on else DayBasis.OTHER_EVENT)
    return Tail(day_is=DayBasis.ACTS_FIRST)


def parse_tail(words: str) -> Tail:
    """What follows the verb: days, exceptions, conditions. Any other word is told of."""
    tail, at = Tail(), 0
    while not _TAIL_END.match(words, at):
        if part := _TAIL_PART.match(words, at):
            tail, at = replace(tail, is_part=True), part.end()
        elif _EXCEPTION.match(words, at):
            return replace(tail, has_exception=True)
        elif day := _TAIL_DAY.match(words, at):
            on = date_of(day.groups()[:3])
            again = tail.day_is is not DayBasis.NONE or on is None
            tail, at = replace(tail, on=on, day_is=DayBasis.NAMED, has_unknown_words=again), day.end()
        elif start := _TAIL_OWN_START.match(words, at):
            again = tail.day_is is not DayBasis.NONE
            tail, at = replace(tail, day_is=DayBasis.ACTS_FIRST, has_unknown_words=again), start.end()
        elif replaced := _TAIL_REPLACED.match(words, at):
            at = replaced.end()
        elif (last := _TAIL_UNTIL.match(words, at)) and (until := date_of(last.groups()[:3])):
            tail, at = replace(tail, until=until, has_unknown_words=tail.until is not None), last.end()
        elif _CONDITION.match(words, at):
            return replace(tail, has_condition=True)
        elif _TAIL_OTHER_EVENT.match(words, at):
            return replace(tail, day_is=DayBasis.OTHER_EVENT, has_condition=True)
        else:
            return replace(tail, has_unknown_words=True, has_exception=_has_exception(words[at:]))
    return tail


def _has_exception(words: str) -> bool:
    return re.search(r"(?<!\w)trừ(?!\w)", words) is not None


def list_head(line: str) -> ListHead | None:
    """What a line says about each document of the list that it introduces; None if it introduces none."""
    if re.search(r"trường hợp (?:sau|dưới) đây", line):
        return None
    bare = re.sub(r"[:\s]+\Z", "", line)
    order = order_in(bare)
    if order is None:
        return None
    is_open = _LIST_OPENS.search(line) is not None
    if not is_open and not _opens_list(order, line, bare):
        return None
    if _NUMBERED.search(line, order.objects_start, order.objects_end):
        return None
    named = line[order.objects_start : order.objects_end]
    is_vague = re.search(r"nội dung|quy định (?:về|liên quan)|liên quan", named) is not None
    is_unclear = is_vague or not is_open or (order.tail.has_unknown_words and not order.is_active)
    tail = replace(order.tail, has_unknown_words=is_unclear)
    return ListHead(order.kind, order.replaces, tail, _NAMES_A_PART.search(named) is not None)


def _opens_list(order: Order, line: str, bare: str) -> bool:
    """Whether a list may follow that no «sau đây:» opens: «Bãi bỏ các văn bản quy phạm pháp luật:», «… sau đây»."""
    named = bare[order.objects_start : order.objects_end]
    after = bare[order.objects_end :]
    if _FILLER.fullmatch(named) and (line.rstrip().endswith(":") or re.search(r"(?<!\w)sau(?:\s+đây)?\Z", named)):
        return True
    return bool(re.search(r"(?<!\w)sau\s+đây(?!\w)", named)) and (order.is_active or _has_exception(after))


def annexes_with_lists(words: str) -> list[str]:
    """The numbers of the annexes with the documents that are meant, "" for one that has none; [] if none is named.

    «tại Phụ lục I và Phụ lục II»; «Phụ lục I.1» is in annex I.
    """
    match = _LISTED_IN_ANNEX.search(words)
    if match is None:
        return []
    numbers = numbers_of(UnitKind.ANNEX, words[match.start("annex") :])
    return [re.split(r"[.-]", number)[0] for number in numbers] or [""]


def end_of_list_item(line: str) -> int:
    stop = _ACTIVE_TAIL.search(line)
    return stop.start() if stop else len(line)


def is_act_itself(words: str) -> bool:
    """Whether the words are «Nghị quyết này» and nothing else."""
    return _ACT_ITSELF.fullmatch(words) is not None


def repaired(words: str) -> str:
    """The words with one blank for many and numbers in one piece.

    For a second look at what states nothing as it is written: what is found so is never certain.
    """
    return unsplit(" ".join(_INVISIBLE.sub("", words).split()))


def is_part(lead: str) -> bool:
    return _PART_WORDS.search(lead) is not None


def only_names_units(lead: str) -> bool:
    """Whether the words before a document name units of it and nothing else: «khoản 2 Điều 5 và Điều 7 của»."""
    return not _BETWEEN_UNITS.sub("", without_units(lead))


def own_units(words: str) -> tuple[str, ...]:
    """The eids of the act's own units, if the words name nothing else: «Điều 5 và Điều 6 của Nghị định này»."""
    plain = _OF_THIS_ACT.sub("", words)
    named = cited_units(plain) if only_names_units(plain) else []
    return tuple(dict.fromkeys(each.eid for each in named)) if all(each.is_placed for each in named) else ()


def names_this_act(words: str) -> bool:
    """Whether the words end with «của Nghị định này»."""
    return _OF_THIS_ACT.search(words) is not None


def own_units_not_applied(sentence: str) -> tuple[tuple[str, ...], datetime.date | None]:
    """(the act's own units that are applied no more, from which day); None: the day is not named."""
    verb = _NOT_APPLIED.search(sentence)
    clause = _CLAUSE_OPENS.split(sentence[: verb.start()])[-1].strip() if verb else ""
    if verb is None or _NUMBERED.search(clause):
        return (), None
    named = cited_units(clause) if _OF_THIS_ACT.search(clause) else []
    eids = own_units(clause) or tuple(dict.fromkeys(each.eid for each in named if each.is_placed))
    return eids, date_of(verb.groups()) if verb[1] else None


def is_cited_only(lead: str) -> bool:
    """Whether the document is only referred to: «giấy phép được cấp theo quy định của Luật …»."""
    return _CITED_ONLY.search(lead) is not None


def is_place_only(lead: str) -> bool:
    """Whether something in the document is meant, and not the document: «quy hoạch tại Luật …»."""
    return _PLACE_ONLY.search(lead) is not None


def names_an_event(gap: str) -> bool:
    """Whether the document is only named as an event: «từ ngày Nghị quyết số … hết hiệu lực»."""
    return _EVENT.search(gap) is not None


def opens_history(gap: str) -> bool:
    """Whether what follows only tells how the document before was amended: «đã được sửa đổi, bổ sung theo»."""
    return len(gap) <= MAX_HISTORY and _HISTORY.search(gap) is not None


def continues_history(gap: str, *, has_name: bool) -> bool:
    return not has_name and _HISTORY_GOES_ON.fullmatch(gap) is not None


def link_between(gap: str, *, is_first: bool, after_history: bool) -> Link:
    """How a document is joined to what precedes it: the verb (`is_first`) or another document."""
    if _ALIAS.search(gap):
        return Link(gap, is_alias=True)
    if is_first:
        return Link(gap, is_clean=bool(_FILLER.fullmatch(gap)), is_part=is_part(gap))
    separators = list(_SEPARATOR.finditer(gap))
    if not separators:
        return Link(gap, is_nested=True)
    first, last = separators[0], separators[-1]
    description, lead = gap[: last.start()], gap[last.end() :]
    is_clean, is_fresh = bool(_FILLER.fullmatch(lead)), any(each[0] == ";" for each in separators)
    if is_clean:
        whole = is_fresh or not is_part(gap[first.end() :])
        nested = not is_fresh and _NESTING.search(description) is not None and not after_history
        return Link(gap, is_clean=whole, is_fresh=is_fresh, may_be_nested=nested)
    if is_part(gap[first.end() :]):
        return Link(gap[first.end() :], is_part=True, is_fresh=is_fresh)
    return Link(gap, is_nested=not is_fresh and _NESTING.search(lead) is not None, is_fresh=is_fresh)


def is_in_title(gap: str) -> bool:
    """Whether the words before a document are the title of another: «sửa đổi, bổ sung một số điều của»."""
    return _NESTING.search(gap) is not None


def is_description(rest: str) -> bool:
    """Whether what follows a document only describes it: «ngày … của Chính phủ quy định …»."""
    if _DESCRIPTION.fullmatch(rest) is None or _ANOTHER_CLAUSE.search(rest) or _NOT_SAID.search(rest):
        return False
    return not (_LIMITS.search(rest) or _ISSUER_AND_LIMIT.match(rest))


def is_described(gap: str) -> bool:
    """Whether what is between two documents, up to the last comma or «và», only describes the first."""
    separators = list(_SEPARATOR.finditer(gap))
    return not separators or is_description(gap[: separators[-1].start()])


def bare_document_name(words: str) -> tuple[str, int, int]:
    """(words before it, start, end) of the first name of a law or ordinance; ("", 0, 0) if there is none."""
    match = _BARE_NAME.search(words)
    return (words[: match.start()], match.start(), match.end()) if match else ("", 0, 0)


def sentences_of_what_continues(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, is_unnamed) of each sentence, or part between semicolons, that says that something continues.

    is_unnamed: it gives no number of a document, but says so of units, or excepts something from what is said above it.
    """
    start, small = 0, caseless(text)
    for stop in itertools.chain((match.end() for match in _STOP.finditer(text)), [len(text)]):
        at = MARK.match(text, start, stop).end()  # type: ignore[union-attr]  # matches nothing too
        may = small.find("tiếp", start, stop) >= 0 or small.find("vẫn", start, stop) >= 0  # most sentences hold neither
        continues, units = may and _CONTINUES.search(text, start, stop), may and _UNITS_CONTINUE.match(text, at, stop)
        steps = small.find("trình", start, stop) >= 0 and _BY_STEPS.search(text, start, stop)
        if continues or units or steps or _EXCEPTS_ABOVE.match(text, at, stop):
            is_numbered = _NUMBERED.search(text, at, stop) is not None
            is_own = not continues and _OF_THE_ACT.search(text, at, stop) is not None  # «Điều 9 của Luật này vẫn …»
            is_unnamed = bool(units) and not is_numbered and not is_own
            is_unnamed |= bool(steps) and not is_numbered
            yield start, stop, is_unnamed or _EXCEPTS_ABOVE.match(text, at, stop) is not None
        start = stop
