"""Recognises when an act, or some of its provisions, take effect: «Điều 53. Hiệu lực thi hành …».

A sentence names provisions and a day (Decree 168/2024/NĐ-CP Art. 53(2)), or says that the day is not fixed yet.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.reasons import Doubt
from content.law.grammar import cited_units
from content.law.lexer.document_words import DAY_NUMBERS, THIS_ACT, date_of
from content.law.named_documents import TargetDocument, find_target_document, with_this_act
from content.law.units import UnitKind
from content.parsing import Structure, Unit
from content.quotations.unquoted_text import unquoted_body

_HEADING = re.compile(r"hiệu lực|điều khoản thi hành|tổ chức thực hiện|thi hành|chuyển tiếp", re.IGNORECASE)
_TRANSITION = re.compile(r"chuyển tiếp", re.IGNORECASE)
_TAKES = re.compile(
    r"(?<!hết )(?<!không )(?<!\w)có hiệu lực(?: thi hành)?(?:\s*,?\s*kể)?(?: từ)?(?: ngày)?(?P<rest>.*)$", re.IGNORECASE
)
_DAY = re.compile(
    rf"^\s*(?:kể\s*)?(?:từ\s*)?(?:ngày\s*)?{DAY_NUMBERS}",
    re.IGNORECASE,
)
_LATER = re.compile(r"^\s*(?:thi hành )?theo (?:quy định|lộ trình)|^\s*khi (?:có|Chính phủ|Quốc hội)", re.IGNORECASE)
_UNTIL = re.compile(r"chưa (?:có hiệu lực|áp dụng|thi hành)(?P<rest>.*)$", re.IGNORECASE)
_ENDS = re.compile(r"(?<!\w)hết hiệu lực", re.IGNORECASE)
_SELF = re.compile(THIS_ACT, re.IGNORECASE)
_THE_ACT = re.compile(  # and not «Điều 2 của Luật này»
    rf"\s*(?:(?!(?:điều|khoản|điểm|chương|mục)\s)\S+\s){{0,3}}?{_SELF.pattern},?\s*$", re.IGNORECASE
)
_EXCEPT = re.compile(r",?\s*trừ\s.*$", re.IGNORECASE)
_EXCEPTED = re.compile(r"\s*[,;(]?\s*(?<!\w)(?:ngoại trừ|trừ|riêng)\s+", re.IGNORECASE)
_EXCEPTED_FIRST = re.compile(
    rf"(?:Ngoại trừ|Trừ)\s+(?P<what>.+?),\s+(?P<act>{_SELF.pattern} có hiệu lực.*)$", re.IGNORECASE
)
_DAY_FIRST = re.compile(  # «Từ ngày 01/01/2027, khoản 1 Điều 5 có hiệu lực thi hành.»
    r"(?:^|(?<=[.;]\s))(?:kể\s+)?(?P<day>từ\s+ngày\s+[^,.;]{6,30}),\s+(?P<what>[^.]{3,300}?)\s+(?:bắt đầu\s+)?"
    r"(?P<takes>có hiệu lực(?: thi hành)?)(?=\W*$|[.;])",
    re.IGNORECASE,
)
_OWN_START = re.compile(  # «Quy định về … tại khoản 2 Điều 1 của Luật này được thực hiện từ nhiệm kỳ khóa XV»
    r"(?P<before>.*?)(?<!\w)(?P<ends>(?:không(?:\s+còn)?|thôi|ng[ưừ]ng|dừng|chấm dứt)\s+(?:việc\s+)?)?"
    r"(?:(?P<takes>có hiệu lực(?: thi hành)?)|(?:được\s+)?(?:thực hiện|áp dụng|thi hành)),?"
    r"(?:\s+kể)?\s+(?:từ(?!\w)|(?=sau\s|khi\s|trước\s|(?:chậm|muộn|sớm)\s+nhất\s|không\s+(?:sớm|muộn|chậm)\s+hơn\s))"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:các\s+|những\s+)?(?:việc|quy định|nội dung|điều|khoản|điểm|chương|mục)(?!\w)", re.IGNORECASE)
_AFTER_UNITS = re.compile(
    rf"[\s,;:)]*(?:(?:của|thuộc|tại|trong)\s+)?(?:{_SELF.pattern})?[\s,;]*(?:thì)?\s*", re.IGNORECASE
)
_AROUND_UNITS = re.compile(
    rf"(?:các|những|quy định|nội dung|tại|của|và|thì|riêng|{_SELF.pattern}|[\s,;:.])*", re.IGNORECASE
)
_TOPIC = re.compile(r"(?:Riêng\s+)?(?:các\s+)?(?:quy định|nội dung)(?!\w)", re.IGNORECASE)
_ON_CONDITION = re.compile(
    r"\s*[,(]?\s*(?:nếu|(?:sau )?khi|miễn là|trong trường hợp|với điều kiện"
    r"|trừ (?:khi|trường hợp)[^.;]*quy định khác|(?P<part>đối với|trừ))(?!\w)",
    re.IGNORECASE,
)
_LIST_OPENS = re.compile(r"(?<!\w)(?:sau|dưới) đây(?!\w)[^:]*:\s*$", re.IGNORECASE)
_DAYS_FOLLOW = re.compile(r"(?:như sau|(?:sau|dưới) đây)\s*:\s*$", re.IGNORECASE)  # «… thực hiện như sau: a) Từ ngày …»
_A_DAY = re.compile(rf"(?:chậm nhất\s+(?:là\s+)?)?(?:kể\s+)?từ\s+(?={_DAY.pattern[1:]})", re.IGNORECASE)
_TO_UNITS = re.compile(r"\s*,?\s*(?:đối với|thì|áp dụng|thực hiện)?\s*", re.IGNORECASE)
_BEFORE_THE_ACT = re.compile(r"(?<!\w)(?:trước|sau|đến|từ|vào)\s+(?:ngày|thời điểm)[^,;]*$", re.IGNORECASE)
_THIS_UNIT = re.compile(r"(?:(?:các\s+)?(?:khoản|điểm)\s[\w\s,]*?)?(?<!\w)(?:Điều|khoản|điểm) này(?!\w)", re.IGNORECASE)
_KINDS = (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT, UnitKind.PARAGRAPH)
MAX_SENTENCE_LENGTH = 3_000  # characters; anything longer is no sentence about effect
_STATES_FIRST_DAY = re.compile(rf"(?:\S+\s){{0,3}}?{_SELF.pattern} có hiệu lực", re.IGNORECASE)
_STATES_EFFECT = re.compile(r"(?<!hết )có hiệu lực", re.IGNORECASE)
_SENTENCES = re.compile(
    r"(?<=[;.])\s+(?=[A-ZĐ]|quy định|riêng|các quy định|điểm|khoản)"
    r"|(?<=\d{4})\s*(?:,\s*)?(?:và\s+)?(?=(?:các\s+)?(?:điểm|khoản|Điều)\s+[^;.]{1,120}có hiệu lực)"
)


def recognise_effect_clauses(
    text: str, structure: Structure, *, title: str = "", number: str = ""
) -> list[AmendingInstruction]:
    """TAKES_EFFECT for the act's own provisions (eid "": the whole act). It may name itself by `title` and `number`.

    `on` is None if the day is not fixed yet: «có hiệu lực theo quy định của pháp luật về …». What begins on another day
    that is not read for certain has a doubt: «việc … tại Điều 5 được thực hiện từ …», «… từ ngày Luật X có hiệu lực».
    Its eid is "" where no unit is named: «trừ các quy định liên quan đến …».
    """
    sentences = [each for each in _sentences(text, structure) if len(each[1]) <= MAX_SENTENCE_LENGTH]
    stating = {unit.eid.split("__")[0] for unit, words, _is in sentences if _STATES_FIRST_DAY.match(words)}
    articles = [unit for unit in structure.units if unit.kind is UnitKind.ARTICLE]
    transitional = {unit.eid for unit in articles if _TRANSITION.search(unit.heading)}
    lists: dict[str, datetime.date | None] = {}  # units whose points name what begins on another day
    dated: dict[str, str] = {}  # {unit whose points each name a day: its words}
    found: list[AmendingInstruction] = []
    for unit, words, is_exception in sentences:
        sentence = with_this_act(words, title, number)
        above = unit.eid.rpartition("__")[0]
        starts = _OWN_START.match(sentence)
        if _ENDS.search(sentence) and not (starts and _is_only_units(starts["before"])):
            continue  # what it ends is read by content.endings
        if above in lists:
            found += _doubtful(above, sentence, lists[above], any_topic=True)
            continue
        if above in dated and (day := _A_DAY.search(sentence)):
            found += _starts_in_list(unit.eid, dated[above], sentence, day)
            continue
        if _DAYS_FOLLOW.search(sentence) and not _A_DAY.search(sentence):
            dated[unit.eid] = sentence
        made = _instructions_in_sentence(unit.eid, sentence, is_exception=is_exception)
        if not made and unit.eid.split("__")[0] in stating and (starts or is_exception):
            if starts and not starts["ends"] and _LIST_OPENS.search(sentence):
                lists[unit.eid] = _parse_day(starts["rest"])
            elif starts:
                made = _starts_in_sentence(unit.eid, starts, is_exception=is_exception)
            else:  # «…, trừ quy định tại khoản 6 Điều 101 của Luật này.»
                made = _doubtful(unit.eid, sentence, None) if _is_only_units(sentence) else []
        if not made and starts and unit.eid.split("__")[0] in transitional:
            made = _starts_in_transition(unit.eid, starts)
        found += made
    certain = {each.eid for each in found if each.is_certain and each.eid}
    return [each for each in dict.fromkeys(found) if each.is_certain or each.eid not in certain]


def _starts_in_sentence(source: str, starts: re.Match[str], *, is_exception: bool) -> list[AmendingInstruction]:
    """Of a sentence about own units that `_instructions_in_sentence` does not read."""
    before, day = starts["before"], _parse_day(starts["rest"])
    named = [] if starts["ends"] else cited_units(_THIS_UNIT.sub("", before))  # «… không áp dụng từ ngày …»
    if named and day and _is_only_units(before) and not _condition_behind_day(starts["rest"]):
        return [_start(source, e.eid, day) for e in named] if all(each.is_placed for each in named) else []
    is_own = _SELF.search(starts[0]) is not None or (
        _SUBJECT.match(before) and named and _AFTER_UNITS.fullmatch(before, named[-1].end)
    )
    is_meant = is_own or is_exception or (_TOPIC.match(before) and starts["takes"])
    if starts["ends"] or not is_meant or _THE_ACT.match(before):
        return []
    is_topic = is_exception or bool(starts["takes"] and day and _TOPIC.match(before))
    return _doubtful(source, before, day, any_topic=is_topic)


def _starts_in_transition(source: str, starts: re.Match[str]) -> list[AmendingInstruction]:
    """«Khoản 3 Điều 5 của Luật này được áp dụng từ ngày …» in an article about transition: perhaps for some only."""
    before, day = starts["before"], _parse_day(starts["rest"])
    is_own = day and not starts["ends"] and _SELF.search(before) and _is_only_units(before)
    return _doubtful(source, before, day) if is_own else []


def _starts_in_list(source: str, head: str, point: str, found: re.Match[str]) -> list[AmendingInstruction]:
    """Of a point with a day: «a) Từ ngày 01/7/2024 đối với Điều 5; b) Từ ngày …» under «… có hiệu lực như sau:».

    Certain where the head is about effect and the point names units and nothing else. What is said of the units of the
    head, or of those that do something from that day, has a doubt. No unit named: nothing, it may be any.
    """
    day, written = _parse_day(point[found.end() :]), _DAY.match(point[found.end() :])
    behind = point[found.end() + (written.end() if written else 0) :]
    units = behind[gap.end() :] if (gap := _TO_UNITS.match(behind)) else behind
    is_plain = _STATES_EFFECT.search(head) and not point[: found.start()].strip() and _is_only_units(units)
    named = cited_units(units) if is_plain and found[0].lower().startswith(("từ", "kể")) else []
    if named and day and all(each.is_placed for each in named):
        return [_start(source, each.eid, day) for each in named]
    own = next((words for words in (point[: found.start()], units) if _SELF.search(words)), "")
    if day and (own or _SELF.search(head)):
        return _doubtful(source if own else source.rpartition("__")[0], own or head, day)
    return []


def _doubtful(
    source: str, words: str, day: datetime.date | None, *, any_topic: bool = False
) -> list[AmendingInstruction]:
    """The units that are named, or "" for a topic, with the doubt that they may not begin when the act does."""
    if find_target_document(_SELF.sub("", words))[0] or _BEFORE_THE_ACT.search(words):
        return []
    own = cited_units(_THIS_UNIT.sub("", words))
    eids = list(dict.fromkeys(each.eid for each in own if each.is_placed))
    eids = eids or ([""] if any_topic and not own and not _THIS_UNIT.search(words) else [])
    return [replace(_start(source, each, day), doubts=(Doubt.UNCLEAR_ORDER if day else Doubt.NO_DAY,)) for each in eids]


def _start(source: str, eid: str, day: datetime.date | None) -> AmendingInstruction:
    return AmendingInstruction(source, TargetDocument(), AmendingAction.TAKES_EFFECT, eid, on=day)


def _is_only_units(words: str) -> bool:
    """Whether the words name units of the act and nothing else: «các quy định tại Điều 5, Điều 6 của Luật này»."""
    rest, at = "", 0
    for each in sorted(cited_units(words), key=lambda each: each.start):
        rest, at = rest + words[at : max(at, each.start)], max(at, each.end)
    return at > 0 and _AROUND_UNITS.fullmatch(rest + words[at:]) is not None


def _condition_behind_day(rest: str) -> re.Match[str] | None:
    """«… nếu đủ điều kiện»; its group "part" is set where the words limit whom or what the day is for."""
    return _ON_CONDITION.match(rest, day.end()) if (day := _DAY.match(rest)) else None


def _sentences(text: str, structure: Structure) -> Iterator[tuple[Unit, str, bool]]:
    """(unit, sentence, whether it says what is excepted) of the articles that say when the act takes effect."""
    article = None
    for unit in structure.units:
        if unit.kind is UnitKind.ARTICLE:
            article = unit
        if article is None or unit.kind not in _KINDS:
            continue
        body = unquoted_body(text, unit, structure.quoted)
        if body.blocks or not (_HEADING.search(article.heading) or not article.heading):
            continue
        units = ""
        for sentence in _SENTENCES.split(_DAY_FIRST.sub(r"\g<what> \g<takes> \g<day>", body.words)):
            if sentence.endswith(";") and len(sentence) <= MAX_SENTENCE_LENGTH and _is_only_units(sentence):
                units += f"{sentence} "  # «Điểm a khoản 2 Điều 5; Điều 6 có hiệu lực …»
                continue
            for words, is_exception in _without_exception(units + sentence):
                yield unit, words, is_exception
            units = ""


def _without_exception(sentence: str) -> Iterator[tuple[str, bool]]:
    """«Luật này có hiệu lực từ …, trừ Điều 5 có hiệu lực từ …» as two sentences, the second an exception."""
    if first := _EXCEPTED_FIRST.match(sentence):
        yield from ((first["act"], False), (first["what"], True))
        return
    takes = _TAKES.search(sentence)
    excepted = takes and _THE_ACT.match(sentence[: takes.start()]) and _EXCEPTED.search(sentence, takes.start("rest"))
    if excepted:
        yield from ((sentence[: excepted.start()], False), (sentence[excepted.end() :].rstrip(" .;)"), True))
    else:
        yield sentence, False


def _instructions_in_sentence(source: str, sentence: str, *, is_exception: bool) -> list[AmendingInstruction]:
    unknown = _UNTIL.search(sentence)
    takes = unknown or _TAKES.search(sentence)
    if not takes:
        return []
    before, rest = _EXCEPT.sub("", sentence[: takes.start()]), takes["rest"]
    whole = _THE_ACT.match(before)
    named = [] if whole else cited_units(before)
    foreign, _ = find_target_document(_SELF.sub("", before))
    if foreign or not (whole or named) or any(not ref.is_placed for ref in named):
        return []
    day = None if unknown else _parse_day(rest)
    if day is None and not (unknown or _LATER.search(rest)):
        return []
    eids = [""] if whole else [ref.eid for ref in named]
    condition = _condition_behind_day(rest)
    if (whole and not day) or (is_exception and not _is_only_units(before)):
        return []
    if condition and not (whole and condition["part"]):
        return []
    return [_start(source, eid, day) for eid in eids]


def _parse_day(words: str) -> datetime.date | None:
    match = _DAY.match(words)
    return date_of(match.groups()) if match else None
