"""Recognises when an act, or some of its provisions, take effect: «Điều 53. Hiệu lực thi hành …».

A sentence names provisions and a day (Decree 168/2024/NĐ-CP Art. 53(2)), or says that the day is not fixed yet.
"""

import datetime
import re
from collections.abc import Collection
from dataclasses import replace

from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.reasons import Doubt
from content.law.grammar import cited_units
from content.law.lexer.document_words import DAY_NUMBERS, THIS_ACT, date_of
from content.law.lexer.unit_lexicon import CLAUSE, POINT, THIS_UNIT, UNIT_OR_CHAPTER
from content.law.named_documents import TargetDocument, find_target_document, with_this_act
from content.law.units import UnitKind
from content.own_effect.days import day_after_last
from content.own_effect.lists import ListHead, list_head
from content.own_effect.sentences import (
    MAX_SENTENCE_LENGTH,
    TAKES_EFFECT,
    THE_ACT,
    is_for_some,
    is_only_units,
    sentences_about_effect,
    states_first_day,
    without_some,
)
from content.own_effect.unread_starts import unread_start
from content.parsing import Structure

_TRANSITION = re.compile(r"chuyển tiếp", re.IGNORECASE)
_DAY = re.compile(rf"^\s*(?:kể\s*)?(?:từ\s*)?(?:ngày\s*)?{DAY_NUMBERS}", re.IGNORECASE)
_LATER = re.compile(r"^\s*(?:thi hành )?theo (?:quy định|lộ trình)|^\s*khi (?:có|Chính phủ|Quốc hội)", re.IGNORECASE)
_UNTIL = re.compile(r"chưa (?:có hiệu lực|áp dụng|thi hành)(?P<rest>.*)$", re.IGNORECASE)
_ENDS = re.compile(r"(?<!\w)hết hiệu lực", re.IGNORECASE)
_SELF = re.compile(THIS_ACT, re.IGNORECASE)
_EXCEPT = re.compile(r",?\s*trừ\s.*$", re.IGNORECASE)
_OWN_START = re.compile(  # «Quy định về … tại khoản 2 Điều 1 của Luật này được thực hiện từ nhiệm kỳ khóa XV»
    r"(?P<before>.*?)(?<!\w)(?P<ends>(?:không(?:\s+còn)?|thôi|ng[ưừ]ng|dừng|chấm dứt)\s+(?:việc\s+)?)?"
    r"(?:(?P<takes>có hiệu lực(?: thi hành)?)|(?:được\s+)?(?:thực hiện|áp dụng|thi hành)),?"
    r"(?:\s+kể)?\s+(?:từ(?!\w)|(?=sau\s|khi\s|trước\s|(?:chậm|muộn|sớm)\s+nhất\s|không\s+(?:sớm|muộn|chậm)\s+hơn\s))"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?:(?:riêng|còn)\s+)?(?:các\s+|những\s+)?(?:việc|quy định|nội dung|{UNIT_OR_CHAPTER})(?!\w)",
    re.IGNORECASE,
)
_AFTER_UNITS = re.compile(
    rf"[\s,;:)]*(?:(?:của|thuộc|tại|trong)\s+)?(?:{_SELF.pattern})?[\s,;]*(?:thì)?\s*", re.IGNORECASE
)
_TOPIC = re.compile(r"(?:Riêng\s+)?(?:các\s+)?(?:quy định|nội dung)(?!\w)", re.IGNORECASE)
_ON_CONDITION = re.compile(
    r"\s*[,(]?\s*(?:nếu|(?:sau )?khi|miễn là|trong trường hợp|với điều kiện"
    r"|trừ (?:khi|trường hợp)[^.;]*quy định khác|(?P<part>(?P<some>đối với)|trừ))(?!\w)",
    re.IGNORECASE,
)
_DAYS_FOLLOW = re.compile(r"(?:như sau|(?:sau|dưới) đây)\s*:\s*$", re.IGNORECASE)  # «… thực hiện như sau: a) Từ ngày …»
_A_DAY = re.compile(rf"(?:chậm nhất\s+(?:là\s+)?)?(?:kể\s+)?từ\s+(?={_DAY.pattern[1:]})", re.IGNORECASE)
_TO_UNITS = re.compile(r"\s*,?\s*(?:đối với|thì|áp dụng|thực hiện)?\s*", re.IGNORECASE)
_BEFORE_THE_ACT = re.compile(r"(?<!\w)(?:trước|sau|đến|từ|vào)\s+(?:ngày|thời điểm)[^,;]*$", re.IGNORECASE)
_THIS_UNIT = re.compile(rf"(?:(?:các\s+)?(?:{CLAUSE}|{POINT})\s[\w\s,]*?)?(?<!\w){THIS_UNIT}", re.IGNORECASE)
_EFFECT_HEADING = re.compile(r"hiệu lực|điều khoản thi hành", re.IGNORECASE)
_ON_ISSUE = re.compile(
    r"(?<=từ )ngày (?:ký(?: ban hành)?|ban hành|(?:được )?(?:Quốc hội )?thông qua)(?=[\W]*$)", re.IGNORECASE
)
_STATES_EFFECT = re.compile(r"(?<!hết )có hiệu lực", re.IGNORECASE)


def recognise_effect_clauses(
    text: str, structure: Structure, *, title: str = "", number: str = "", issued_on: datetime.date | None = None
) -> list[AmendingInstruction]:
    """TAKES_EFFECT for the act's own provisions (eid "": the whole act). It may name itself by `title` and `number`.

    `on` is None if the day is not fixed yet: «có hiệu lực theo quy định của pháp luật về …». What begins on another day
    that is not read for certain has a doubt: «việc … tại Điều 5 được thực hiện từ …», «… từ ngày Luật X có hiệu lực».
    Its eid is "" where no unit is named: «trừ các quy định liên quan đến …», and where the act begins on that day for
    some only. `issued_on` is the day of «từ ngày ký ban hành».
    """
    sentences = [each for each in sentences_about_effect(text, structure) if len(each[1]) <= MAX_SENTENCE_LENGTH]
    reader = _Reader(structure, {unit.eid.split("__")[0] for unit, words, _is in sentences if states_first_day(words)})
    found: list[AmendingInstruction] = []
    for unit, words, is_exception in sentences:
        sentence = with_this_act(words, title, number)
        if issued_on and not states_first_day(sentence):
            sentence = _ON_ISSUE.sub(f"ngày {issued_on:%d/%m/%Y}", sentence)
        found += reader.starts_in(unit.eid, sentence, is_exception=is_exception)
    certain = {each.eid for each in found if each.is_certain and each.eid}
    return [each for each in dict.fromkeys(found) if each.is_certain or each.eid not in certain]


class _Reader:
    """Reads the sentences in their order; what opens a list is kept for its items."""

    def __init__(self, structure: Structure, stating: Collection[str]) -> None:
        self.structure = structure
        self.stating = stating  # articles that give the act its first day
        articles = [unit for unit in structure.units if unit.kind is UnitKind.ARTICLE]
        self.transitional = {unit.eid for unit in articles if _TRANSITION.search(unit.heading)}
        about_effect = {unit.eid for unit in articles if _EFFECT_HEADING.search(unit.heading)}
        self.about_effect = (about_effect | set(stating)) - self.transitional
        self.lists: dict[str, ListHead] = {}  # {unit whose items name what begins on another day: its words}
        self.dated: dict[str, str] = {}  # {unit whose points each name a day: its words}

    def starts_in(self, source: str, sentence: str, *, is_exception: bool) -> list[AmendingInstruction]:
        article, above = source.split("__")[0], source.rpartition("__")[0]
        starts = _OWN_START.match(sentence)
        if _ENDS.search(sentence) and not (starts and is_only_units(starts["before"])):
            return []  # what it ends is read by content.endings
        if above in self.lists and not _STATES_EFFECT.search(sentence):
            return _starts_of_item(source, sentence, self.lists[above])
        if above in self.dated and not _STATES_EFFECT.search(sentence) and (day := _A_DAY.search(sentence)):
            return _starts_in_list(source, self.dated[above], sentence, day)
        if _DAYS_FOLLOW.search(sentence) and not _A_DAY.search(sentence):
            self.dated[source] = sentence
        if article in self.stating and (head := list_head(sentence, is_exception=is_exception)):
            self.lists[source] = head
            return []
        made = _instructions_in_sentence(source, sentence, is_exception=is_exception)
        if not made and article in self.stating and starts:
            made = _starts_in_sentence(source, starts, is_exception=is_exception)
        elif not made and article in self.stating and is_exception and is_only_units(sentence):
            made = _doubtful(source, sentence, None)  # «…, trừ quy định tại khoản 6 Điều 101 của Luật này.»
        if not made and starts and article in self.transitional:
            made = _starts_in_transition(source, starts)
        says_end = starts is not None and starts["ends"] is not None  # «Điều 5 thôi áp dụng từ …»: content.endings
        if says_end or made or article not in self.about_effect:
            return made
        if unread := unread_start(sentence, self.structure):
            made = [_doubt(source, eid, unread.on) for eid in unread.eids]
        return made


def _starts_of_item(source: str, item: str, head: ListHead) -> list[AmendingInstruction]:
    """«a) Khoản 1 Điều 2;» under «Các quy định sau đây có hiệu lực từ ngày …:».

    «a) Khoản 1;» is of a unit that the head names: all of that is doubtful, or what the act may mean.
    """
    named = cited_units(_THIS_UNIT.sub("", item))
    if head.is_certain and is_only_units(item) and all(each.is_placed for each in named):
        return [_start(source, each.eid, head.on) for each in named]
    above = source.rpartition("__")[0]
    is_of_head = named and not any(each.is_placed for each in named) and not find_target_document(item)[0]
    if is_of_head:
        return [_doubt(above, eid, head.on) for eid in head.eids or ("",)]
    return _doubtful(above, item, head.on, any_topic=True)


def _starts_in_sentence(source: str, starts: re.Match[str], *, is_exception: bool) -> list[AmendingInstruction]:
    """Of a sentence about own units that `_instructions_in_sentence` does not read."""
    before, day = starts["before"], _parse_day(starts["rest"])
    named = [] if starts["ends"] else cited_units(_THIS_UNIT.sub("", before))  # «… không áp dụng từ ngày …»
    if named and day and is_only_units(before) and not _condition_behind_day(starts["rest"]):
        return [_start(source, e.eid, day) for e in named] if all(each.is_placed for each in named) else []
    is_own = _SELF.search(starts[0]) is not None or (
        _SUBJECT.match(before) and named and _AFTER_UNITS.fullmatch(before, named[-1].end)
    )
    is_meant = is_own or is_exception or (_TOPIC.match(before) and starts["takes"])
    if starts["ends"] or not is_meant or THE_ACT.match(before):
        return []
    is_topic = is_exception or bool(starts["takes"] and day and _TOPIC.match(before))
    return _doubtful(source, before, day, any_topic=is_topic)


def _starts_in_transition(source: str, starts: re.Match[str]) -> list[AmendingInstruction]:
    """«Khoản 3 Điều 5 của Luật này được áp dụng từ ngày …» in an article about transition: perhaps for some only."""
    before, day = starts["before"], _parse_day(starts["rest"])
    is_own = day and not starts["ends"] and _SELF.search(before) and is_only_units(before)
    return _doubtful(source, before, day) if is_own else []


def _starts_in_list(source: str, head: str, point: str, found: re.Match[str]) -> list[AmendingInstruction]:
    """Of a point with a day: «a) Từ ngày 01/7/2024 đối với Điều 5; b) Từ ngày …» under «… có hiệu lực như sau:».

    Certain where the head is about effect and the point names units and nothing else. What is said of the units of the
    head, or of those that do something from that day, has a doubt. No unit named: nothing, it may be any.
    """
    day, written = _parse_day(point[found.end() :]), _DAY.match(point[found.end() :])
    behind = point[found.end() + (written.end() if written else 0) :]
    units = behind[gap.end() :] if (gap := _TO_UNITS.match(behind)) else behind
    is_plain = _STATES_EFFECT.search(head) and not point[: found.start()].strip() and is_only_units(units)
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
    return [_doubt(source, each, day) for each in eids]


def _doubt(source: str, eid: str, day: datetime.date | None) -> AmendingInstruction:
    return replace(_start(source, eid, day), doubts=(Doubt.UNCLEAR_ORDER if day else Doubt.NO_DAY,))


def _start(source: str, eid: str, day: datetime.date | None) -> AmendingInstruction:
    return AmendingInstruction(source, TargetDocument(), AmendingAction.TAKES_EFFECT, eid, on=day)


def _condition_behind_day(rest: str) -> re.Match[str] | None:
    """«… nếu đủ điều kiện»; its group "part" is set where the words limit whom or what the day is for."""
    return _ON_CONDITION.match(rest, day.end()) if (day := _DAY.match(rest)) else None


def _instructions_in_sentence(source: str, sentence: str, *, is_exception: bool) -> list[AmendingInstruction]:
    unknown = _UNTIL.search(sentence)
    takes = unknown or TAKES_EFFECT.search(sentence)
    if not takes:
        return []
    before, rest = _EXCEPT.sub("", sentence[: takes.start()]), takes["rest"]
    whole = THE_ACT.match(without_some(before))
    named = [] if whole else cited_units(before)
    foreign, _ = find_target_document(_SELF.sub("", before))
    if foreign or not (whole or named) or any(not ref.is_placed for ref in named):
        return []
    day, behind = day_after_last(rest) if unknown else (_parse_day(rest), "")
    if day is None and not (unknown or _LATER.search(rest)):
        return []
    eids = [""] if whole else [ref.eid for ref in named]
    condition = _condition_behind_day(rest)
    if day and (behind.strip(" .,;)") or is_for_some(before) or (whole and condition and condition["some"])):
        return [_doubt(source, eid, day) for eid in eids]
    if (whole and not day) or (is_exception and not is_only_units(before)):
        return []
    if condition and not (whole and condition["part"]):
        return []
    return [_start(source, eid, day) for eid in eids]


def _parse_day(words: str) -> datetime.date | None:
    match = _DAY.match(words)
    return date_of(match.groups()) if match else None
