"""Reads which documents an act ends, suspends or resumes, and from which day. Pure; never raises.

A sentence is certain only if every word of it is understood: the verb, each document it names, the day, and nothing
else. A word that is not known makes a doubt. What follows «đã được sửa đổi, bổ sung theo …» is the history of the
document before it and names no target. Quoted text is skipped: it belongs to another document. A consolidated text
ends nothing (Ordinance 01/2012/UBTVQH13). Forms: Decree 78/2025/NĐ-CP, and the 229 sample laws.
"""

import datetime
import re
from bisect import bisect, bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from content.law import document_references
from content.law.doc_types import TYPE_NAMES, DocType
from content.law.document_references import DocumentReference
from content.law.grammar import cited_eids
from content.law.lexer.document_words import DATED_NUMBER, THIS_ACT
from content.law.units import UnitKind
from content.own_effect import own_terms
from content.own_effect.own_terms import OwnTerm
from content.parsing import Structure, Unit
from content.relations import ending_phrases as phrases
from content.relations.ending_phrases import DayBasis, Tail
from content.relations.misprints import without_misprints
from content.relations.quotations import without_quotations
from content.remembered import Remembered
from content.text.vietnamese import fold

MAX_WORDS = 1_200  # characters of the clause that are kept for people
SILENT_KINDS = (UnitKind.PREAMBLE, UnitKind.CONCLUSIONS)  # say nothing about effect
ONE_DAY = datetime.timedelta(days=1)


class ReadingDoubt(StrEnum):
    """Why the words of an act do not tell for certain. `content.endings.doubts` has their messages."""

    EXCEPTION = "exception"
    CONDITION = "condition"
    NESTED = "nested"  # named inside the title of another document
    UNKNOWN_WORDS = "unknown_words"  # words between verb and name, or after it, that are not understood
    NAME_ONLY = "name_only"  # neither number nor year
    NO_DAY = "no_day"
    SEVERAL_DAYS = "several_days"  # the act gives several days for the same end
    UNPLACED = "unplaced"  # a part that no unit's number names
    CONTINUES = "continues"  # the same article says that something of it continues to apply
    NOT_ENDING = "not_ending"  # suspends, resumes or halts: a person enters it


class EndingKind(StrEnum):
    """What happens to the document that is named."""

    ENDS = "ends"
    SUSPENDS = "suspends"
    RESUMES = "resumes"
    HALTS = "halts"  # «đình chỉ thi hành»
    AMENDS = "amends"  # never read here: orders to amend that were not carried out are cases too


@dataclass(frozen=True)
class Ending:
    """One document, or a part of one, that the act ends. `start` and `end` are offsets of the sentence in the text."""

    source_eid: str
    reference: DocumentReference | None  # None: the act itself («có hiệu lực đến hết ngày …»)
    kind: EndingKind
    is_whole: bool
    eids: tuple[str, ...]  # of a part: units of the target
    on: datetime.date | None  # first day no longer in force; None: the act's first day is not known, or no day
    day_is: DayBasis
    replaces: bool  # the words say «thay thế»
    words: str
    start: int
    end: int
    doubts: tuple[ReadingDoubt, ...] = ()
    until: datetime.date | None = None  # the last day of a suspension; None: until an act resumes the document

    @property
    def target_key(self) -> str:
        return self.reference.key if self.reference else ""

    @property
    def is_certain(self) -> bool:
        return not self.doubts


@dataclass(frozen=True)
class _List:
    """What the first line of a list says about each document under it."""

    kind: EndingKind
    replaces: bool
    tail: Tail
    is_part: bool = False  # «một số điều, khoản của các luật sau đây»: the documents stay, units of them end
    is_misspelt: bool = False


FILLER = "\u2060"  # no blank, and no letter of any phrase
MAX_REPAIRED = 1_000  # characters of lines that are looked at again
_NAMES_A_NUMBER = re.compile(DATED_NUMBER)
_STATES_EFFECT = re.compile(rf"{THIS_ACT}\s+(?:bắt đầu\s+)?có\s+hiệu\s+lực", re.IGNORECASE)
_NO_STRUCTURE = Structure((), (), ())
_LONG_GAP = re.compile(r"[^\S\n]{100,}")  # no law has one; phrases would look through it again from each blank
# an act is read when it is imported, for its relations, and again when what it ends is stored
READ: Remembered[Sequence[Ending]] = Remembered(8 * 1024 * 1024, lambda all_: sum(800 + 2 * len(e.words) for e in all_))


def read_endings(
    text: str, structure: Structure, *, doc_type: str, own_key: str = "", effective_on: datetime.date | None = None
) -> Sequence[Ending]:
    """The endings that `text` (parsed as `structure`) states, in its order, each document once in a unit.

    `own_key` is the act's number key, `effective_on` its first day: what replaces ends what it replaces on that day.
    """
    if doc_type == DocType.CONSOLIDATED_TEXT:
        return []
    decides = (hash((structure.units, structure.quoted)), own_key, effective_on)
    return READ.result_of(text, decides, lambda: _endings_in(text, structure, own_key, effective_on))


def _endings_in(text: str, structure: Structure, own_key: str, effective_on: datetime.date | None) -> list[Ending]:
    text = _LONG_GAP.sub(lambda gap: FILLER * len(gap[0]), text)
    plain = document_references.plain_text(without_quotations(text, structure.quoted))
    plain, misspelt = without_misprints(plain)
    reader = _Reader(plain, text, structure, own_key, effective_on, misspelt)
    return _with_continuations(_once(reader.endings()), reader.references, plain, structure.units)


class _Reader:
    def __init__(
        self,
        plain: str,
        original: str,
        structure: Structure,
        own_key: str,
        effective_on: datetime.date | None,
        misspelt: Sequence[int],  # places in `plain`
    ) -> None:
        self.plain, self.original, self.units, self.misspelt = plain, original, structure.units, misspelt
        self.own_key, self.effective_on = own_key, effective_on
        self.references = document_references.document_references(plain)
        self.numbers_by_name = _numbers_by_name(self.references)
        self._articles = [unit.start for unit in structure.units if unit.kind is UnitKind.ARTICLE]
        self._lists: list[_List | None] = []
        self._annexes: dict[str, _List] = {}  # {number of the annex, "" for any: what the act says of its documents}

    def endings(self) -> Iterator[Ending]:
        for unit in self.units:
            listed = self._lists[unit.parent] if unit.parent is not None else None
            if unit.kind is UnitKind.ANNEX:
                listed = self._list_of_annex(unit.number.upper())
            self._lists.append(listed)
            if unit.kind in SILENT_KINDS:
                continue
            lines, found = list(_lines(self.plain, unit)), False
            for start, end in lines:
                for ending in self._of_line(unit, start, end):
                    found = True
                    yield ending
            if not (found or self._lists[-1]) and self.plain.find("/", unit.start, unit.end) >= 0:
                yield from self._at_second_look(unit, lines)

    def _list_of_annex(self, number: str) -> _List | None:
        if not number and len(self._annexes) == 1:  # «tại Phụ lục I», and the only annex has no number
            return next(iter(self._annexes.values()))
        return self._annexes.get(number) or self._annexes.get("")

    def _at_second_look(self, unit: Unit, lines: Sequence[tuple[int, int]]) -> Iterator[Ending]:
        """What lines that name a document state when slips of the pen, blanks and broken lines are repaired.

        Each is doubtful.
        """
        for place, (start, end) in enumerate(lines):
            is_heading = place == 0 and unit.kind is UnitKind.ARTICLE  # goes on in no other line
            following = lines[place + 1][1] if place + 1 < len(lines) and not is_heading else end
            for last in dict.fromkeys((end, following)):
                words = self.plain[start:last]
                if last - start > MAX_REPAIRED or not _NAMES_A_NUMBER.search(words):
                    continue
                line = phrases.repaired(words)
                if line == words.strip() or not phrases.may_order(line):
                    continue
                alone = _Reader(line, line, _NO_STRUCTURE, self.own_key, self.effective_on, [])
                for ending in alone.of_line_alone(unit):
                    doubts = tuple(dict.fromkeys([*ending.doubts, ReadingDoubt.UNKNOWN_WORDS]))
                    yield replace(ending, start=start, end=last, words=self._words(start, last - start), doubts=doubts)

    def of_line_alone(self, unit: Unit) -> Iterator[Ending]:
        """What the text, one line of that unit, states."""
        for first, last in phrases.sentences(self.plain):
            yield from self._of_sentence(unit, self.plain[first:last], first)

    def _of_line(self, unit: Unit, start: int, end: int) -> Iterator[Ending]:
        line = self.plain[start:end]
        if not (self._lists[-1] or phrases.may_order(line)):
            return
        head = phrases.list_head(line)
        if head is not None:
            misspelt = self._is_misspelt(start, end)
            self._lists[-1] = _List(EndingKind(head.kind), head.replaces, head.tail, head.is_part, misspelt)
            return
        found, listed = False, self._lists[-1]
        for first, last in phrases.sentences(line):
            sentence = line[first:last]
            for ending in self._of_sentence(unit, sentence, start + first):
                found = True
                yield self._with_day_of_list(ending, listed) if listed else ending
        if listed and not found:
            yield from self._of_list_item(unit, listed, line, start)

    def _of_sentence(self, unit: Unit, sentence: str, start: int) -> Iterator[Ending]:
        if own := own_terms.own_term(sentence):
            yield self._own_ending(unit, own, sentence, start)
            more = phrases.order_in(sentence) if own.conditional else None
            if more is None or not more.is_active:  # and not «… đến hết ngày …, thay thế Nghị định số …»
                return
        behind, end = own_terms.own_term_behind(sentence)
        if behind and not (self.effective_on and behind.last_day < self.effective_on):  # that is the end of another act
            yield self._own_ending(unit, behind, sentence, start)
            sentence = sentence[:end]
        yield from self._own_terms_in_doubt(unit, sentence, start)
        order = phrases.order_in(sentence)
        if order is None:
            units, day = phrases.own_units_not_applied(sentence)
            if units and (begins := day or self.effective_on):
                whole = self._own_ending(unit, OwnTerm(begins - ONE_DAY, conditional=not day), sentence, start)
                yield replace(whole, is_whole=False, eids=units)
            return
        tail = order.tail
        if not order.is_active and phrases.is_act_itself(sentence[order.objects_start : order.objects_end]):
            if order.kind == EndingKind.ENDS and tail.day_is is DayBasis.NAMED and tail.on:
                conditional = tail.has_exception or tail.has_condition or tail.has_unknown_words or bool(tail.until)
                yield self._own_ending(unit, OwnTerm(tail.on - ONE_DAY, conditional), sentence, start)
            return
        at, until = start + order.objects_start, start + order.objects_end
        if tail.day_is is DayBasis.NAMED and tail.on and not order.is_active and self._names_only_the_act(at, until):
            yield self._own_ending(unit, OwnTerm(tail.on - ONE_DAY, conditional=True), sentence, start)
            return
        objects_words = sentence[order.objects_start : order.objects_end]
        units = phrases.own_units(objects_words)
        if order.is_active and not phrases.names_this_act(objects_words):  # «Bãi bỏ khoản 2 Điều 4 của Nghị định này»
            units = ()
        if units and order.kind == EndingKind.ENDS and tail.day_is is DayBasis.NAMED and tail.on:
            whole = self._own_ending(unit, OwnTerm(tail.on - ONE_DAY, conditional=order.is_active), sentence, start)
            yield replace(whole, is_whole=False, eids=units)
            return
        doubtful = order.doubtful or self._is_misspelt(start, start + len(sentence))
        objects = self._named(at, until, order.is_active)
        if not objects:
            listed = _List(EndingKind(order.kind), order.replaces, replace(tail, has_unknown_words=True))
            words = sentence[order.objects_start : order.objects_end]
            self._annexes |= dict.fromkeys(phrases.annexes_with_lists(words), listed)
        for named in objects:
            named = replace(named, is_whole=False) if tail.is_part else named
            yield self._ending(unit, named, EndingKind(order.kind), order.replaces, tail, sentence, start, doubtful)

        following = self._end_of_exception(sentence, order.objects_end) if order.is_active else -1
        if following >= 0:  # «bãi bỏ Luật A, trừ Điều 2; Luật B», «bãi bỏ Luật A (trừ Điều 2), Luật B»
            for named in self._named(start + following + 1, start + len(sentence), True, in_list=True):
                yield self._ending(
                    unit, named, EndingKind(order.kind), order.replaces, tail, sentence, start, doubtful=True
                )

    def _own_terms_in_doubt(self, unit: Unit, sentence: str, start: int) -> Iterator[Ending]:
        """What may end the act, or units of it, and is said in other words, or beside other orders."""
        if self.effective_on and (period := own_terms.own_period(sentence, self.effective_on)):
            yield self._own_ending(unit, period, sentence, start)
        if (alone := own_terms.own_term_alone(sentence)) and self._is_about_effect(unit):
            yield self._own_ending(unit, alone, sentence, start)
        words, term = own_terms.units_until(sentence)
        if term and (units := phrases.own_units(words)):
            whole = self._own_ending(unit, OwnTerm(term.last_day, conditional=True), sentence, start)
            yield replace(whole, is_whole=False, eids=units)

    def _is_about_effect(self, unit: Unit) -> bool:
        """Whether the article of the unit says when the act takes effect."""
        place = bisect(self._articles, unit.start) - 1
        end = self._articles[place + 1] if place + 1 < len(self._articles) else len(self.plain)
        return place >= 0 and _STATES_EFFECT.search(self.plain, self._articles[place], end) is not None

    def _end_of_exception(self, sentence: str, start: int) -> int:
        bracket = sentence.find(")", start) if sentence[:start].rstrip().endswith("(") else -1
        return bracket if bracket >= 0 else sentence.find(";", start)

    def _with_day_of_list(self, ending: Ending, listed: _List) -> Ending:
        """«a) Luật A, riêng Điều 9 hết hiệu lực từ …» under a list that gives its documents an earlier day."""
        on = listed.tail.on or (None if listed.tail.has_condition else self.effective_on)
        if not ending.is_whole or ending.on is None or on is None or on >= ending.on:
            return ending
        return replace(ending, on=on, doubts=tuple(dict.fromkeys([*ending.doubts, ReadingDoubt.EXCEPTION])))

    def _is_misspelt(self, start: int, end: int) -> bool:
        place = bisect_left(self.misspelt, start)
        return place < len(self.misspelt) and self.misspelt[place] < end

    def _names_only_the_act(self, start: int, end: int) -> bool:
        named = [each.key for each in self.references if start <= each.start < end]
        return bool(named) and set(named) == {self.own_key}

    def _of_list_item(self, unit: Unit, listed: _List, line: str, start: int) -> Iterator[Ending]:
        stop = phrases.end_of_list_item(line)
        tail = phrases.parse_tail(line[stop:]) if stop < len(line) else Tail()
        tail = listed.tail if tail.is_empty else tail
        named = self._named(start, start + stop, True, in_list=True)
        misspelt = listed.is_misspelt or self._is_misspelt(start, start + len(line))
        for each in named[:1] if listed.is_part else named:
            if listed.is_part:
                each = replace(each, is_whole=False)
            yield self._ending(unit, each, listed.kind, listed.replaces, tail, line, start, misspelt)

    def _own_ending(self, unit: Unit, own: OwnTerm, sentence: str, start: int) -> Ending:
        doubts = (ReadingDoubt.CONDITION,) if own.conditional else ()
        words = self._words(start, len(sentence))
        return Ending(unit.eid, None, EndingKind.ENDS, True, (), own.last_day + ONE_DAY, DayBasis.NAMED, False,
                      words, start, start + len(sentence), doubts)  # fmt: skip

    def _ending(
        self,
        unit: Unit,
        named: "_Named",
        kind: EndingKind,
        replaces: bool,
        tail: Tail,
        sentence: str,
        start: int,
        doubtful: bool,
    ) -> Ending:
        doubts = [*named.doubts]
        on, day_is = tail.on, tail.day_is
        until = tail.until if kind in (EndingKind.SUSPENDS, EndingKind.HALTS) else None
        has_condition = tail.has_condition or until != tail.until
        if day_is is DayBasis.ACTS_FIRST or (day_is is DayBasis.NONE and not has_condition):
            on, day_is = self.effective_on, DayBasis.ACTS_FIRST
        if tail.has_exception:
            doubts.append(ReadingDoubt.EXCEPTION)
        if has_condition or day_is is DayBasis.OTHER_EVENT or (until and on and until < on):
            doubts.append(ReadingDoubt.CONDITION)
        if tail.has_unknown_words or doubtful:
            doubts.append(ReadingDoubt.UNKNOWN_WORDS)
        if on is None:
            doubts.append(ReadingDoubt.NO_DAY)
        if kind is not EndingKind.ENDS:
            doubts.append(ReadingDoubt.NOT_ENDING)
        if not named.is_whole and not named.eids:
            doubts.append(ReadingDoubt.UNPLACED)
        return Ending(
            unit.eid,
            named.reference,
            kind,
            named.is_whole,
            named.eids,
            on,
            day_is,
            replaces,
            self._words(start, len(sentence)),
            start,
            start + len(sentence),
            tuple(dict.fromkeys(doubts)),
            until,
        )

    def _words(self, start: int, length: int) -> str:
        return " ".join(self.original[start : start + min(length, MAX_WORDS)].split())

    # the documents that a stretch of text names as objects of the verb

    def _named(self, start: int, end: int, is_active: bool, *, in_list: bool = False) -> list["_Named"]:
        """The documents named in text[start:end], each with what is between it and the one before."""
        inside = [each for each in self.references if start <= each.start < end]
        if not inside:
            named = self._by_name_alone(start, end, is_active)
            return [named] if named else []
        found: list[_Named] = []
        at, previous = start, None
        waits_for_end_of_history = nested = is_carried = is_title_of_another = False
        first_gap = self.plain[start : inside[0].start]
        if phrases.names_an_event(first_gap) or (not in_list and phrases.is_cited_only(first_gap)):
            return []
        for reference in inside:
            gap = self.plain[at : reference.start]
            if previous is not None and phrases.opens_history(gap):
                waits_for_end_of_history = True
                at, previous = reference.end, reference
                continue
            if waits_for_end_of_history and phrases.continues_history(gap, has_name=bool(reference.name)):
                at, previous = reference.end, reference
                continue
            in_history, waits_for_end_of_history = waits_for_end_of_history, False
            link = phrases.link_between(gap, is_first=previous is None, after_history=in_history)
            if link.is_alias:  # «(sau đây gọi là Luật Giá số 11/2012/QH13)»
                at, previous = reference.end, reference
                continue
            if link.is_nested:
                if found and previous is found[-1].reference and not phrases.is_description(gap):
                    found[-1] = replace(found[-1], doubts=(*found[-1].doubts, ReadingDoubt.UNKNOWN_WORDS))
                nested = True
                at, previous = reference.end, reference
                continue
            doubts = []
            if found and previous is found[-1].reference and not in_history and not phrases.is_described(gap):
                found[-1] = replace(found[-1], doubts=(*found[-1].doubts, ReadingDoubt.UNKNOWN_WORDS))
            if is_carried and not link.is_fresh:  # «các văn bản hướng dẫn Luật A và Luật B»
                doubts.append(ReadingDoubt.UNKNOWN_WORDS)
            if (nested and not link.is_fresh) or link.may_be_nested:
                doubts.append(ReadingDoubt.NESTED)
            nested = nested and not link.is_fresh
            is_part = link.is_part or (not link.is_clean and phrases.is_place_only(link.lead))
            eids = tuple(cited_eids(link.lead)) if is_part else ()
            if found and not found[-1].is_whole and not is_part and not link.is_fresh:
                # «các quy định về … của Luật A và Luật B»: B's too; «Điều 5 của Luật A và Luật B»: who knows;
                # «Luật X sửa đổi một số điều của Luật A và Luật B»: the whole of B, or its name in the title of X
                is_part = not found[-1].eids and not is_title_of_another
                doubts.append(ReadingDoubt.UNKNOWN_WORDS)
            if (not is_part and not link.is_clean) or (eids and not phrases.only_names_units(link.lead)):
                doubts.append(ReadingDoubt.UNKNOWN_WORDS)
            is_carried = ReadingDoubt.UNKNOWN_WORDS in doubts
            is_title_of_another = previous is not None and link.is_part and phrases.is_in_title(gap)
            found.append(self._with_number(_Named(reference, not is_part, eids, tuple(doubts))))
            at, previous = reference.end, reference
        rest = self.plain[at:end]
        if found and not phrases.is_description(rest):
            last = found[-1]
            found[-1] = replace(last, doubts=(*last.doubts, ReadingDoubt.UNKNOWN_WORDS))
        return [each for each in found if each.reference.key != self.own_key]

    def _with_number(self, named: "_Named") -> "_Named":
        reference = named.reference
        if reference.number or reference.year or reference.issued_on:
            return named
        return replace(named, doubts=(*named.doubts, ReadingDoubt.NAME_ONLY))

    def _by_name_alone(self, start: int, end: int, is_active: bool) -> "_Named | None":
        """«Pháp lệnh về tổ chức và hoạt động hòa giải ở cơ sở»: a name that the head may give with its number."""
        lead, name_start, name_end = phrases.bare_document_name(self.plain[start:end])
        if name_end == 0:
            return None
        reference = document_references.reference_by_name(self.plain, start + name_start, start + name_end)
        if reference is None:
            return None
        is_part = phrases.is_part(lead)
        if lead.strip() and (is_active or not is_part or phrases.is_cited_only(lead)):
            return None  # «hủy bỏ … tài liệu kế toán trước thời hạn quy định của Luật kế toán»
        known = self.numbers_by_name.get(fold(f"{TYPE_NAMES[reference.doc_type]} {reference.name}"))
        doubts: tuple[ReadingDoubt, ...] = ()
        if known is not None:
            reference = replace(known, start=reference.start, end=reference.end)
        else:
            doubts = (ReadingDoubt.NAME_ONLY,)
        return _Named(reference, not is_part, tuple(cited_eids(lead)) if is_part else (), doubts)


@dataclass(frozen=True)
class _Named:
    """A document as the object of a verb."""

    reference: DocumentReference
    is_whole: bool
    eids: tuple[str, ...]
    doubts: tuple[ReadingDoubt, ...]


def _numbers_by_name(references: Sequence[DocumentReference]) -> dict[str, DocumentReference]:
    """{folded type and name: the only reference that gives that name with a number}."""
    found: dict[str, DocumentReference | None] = {}
    for each in references:
        if each.name and each.number and each.doc_type:
            name = fold(f"{TYPE_NAMES[each.doc_type]} {each.name}")
            known = found.get(name, each)
            found[name] = each if known and known.key == each.key else None
    return {name: each for name, each in found.items() if each}


def _lines(text: str, unit: Unit) -> Iterator[tuple[int, int]]:
    """(start, end) of each line of the unit's own text, after its number or dash."""
    start = unit.start
    for line in text[unit.start : unit.end].split("\n"):
        end = start + len(line)
        if line.strip():
            yield phrases.MARK.match(text, start, end).end(), end  # type: ignore[union-attr]  # matches nothing too
        start = end + 1


def _once(endings: Iterator[Ending]) -> list[Ending]:
    """One ending for each unit, document, kind and scope: the first, with the doubts and units of all."""
    merged: dict[tuple[str, str, str, bool], Ending] = {}
    for each in endings:
        identity = (each.source_eid, each.target_key, each.kind, each.is_whole)
        known = merged.get(identity)
        if known:
            days = [ReadingDoubt.SEVERAL_DAYS] if known.on != each.on else []
            first = min(known, each, key=lambda ending: ending.on or datetime.date.min)  # doubtful from the earlier day
            each = replace(
                known,
                on=first.on,
                day_is=first.day_is,
                eids=tuple(dict.fromkeys([*known.eids, *each.eids])),
                doubts=tuple(dict.fromkeys([*known.doubts, *each.doubts, *days])),
            )
        merged[identity] = each
    return list(merged.values())


def _with_continuations(
    endings: list[Ending], references: Sequence[DocumentReference], plain: str, units: Sequence[Unit]
) -> list[Ending]:
    """With a doubt where the same article says elsewhere that something of a document it ends stays in force."""
    if not endings:
        return []
    articles = [unit for unit in units if unit.kind is UnitKind.ARTICLE]
    article_starts = [unit.start for unit in articles]
    sentences = list(phrases.sentences_of_what_continues(plain))
    sentence_starts = [start for start, _end, _is_unnamed in sentences]
    places: dict[tuple[str, str], list[int]] = {}  # {(article or "", key of a document): where sentences name it}
    for each in references:
        sentence, article = bisect(sentence_starts, each.start) - 1, bisect(article_starts, each.start) - 1
        if each.number and sentence >= 0 and each.start < sentences[sentence][1]:
            for eid in {"", articles[article].eid if article >= 0 else ""}:
                places.setdefault((eid, each.key), []).append(each.start)
    for start, _end, is_unnamed in sentences:
        article = bisect(article_starts, start) - 1
        if is_unnamed and article >= 0:
            places.setdefault((articles[article].eid, ""), []).append(start)
    eids = {unit.eid for unit in articles}
    return [_with_continuation(each, places, eids) for each in endings]


def _with_continuation(
    ending: Ending, places: Mapping[tuple[str, str], Sequence[int]], articles: Collection[str]
) -> Ending:
    article = ending.source_eid.split("__")[0]  # outside the articles, the whole text counts
    if not (ending.is_whole and ending.reference):
        return ending
    for key in (ending.target_key, ""):
        elsewhere = places.get((article if article in articles else "", key))
        if elsewhere and not (ending.start <= elsewhere[0] and elsewhere[-1] < ending.end):
            return replace(ending, doubts=tuple(dict.fromkeys([*ending.doubts, ReadingDoubt.CONTINUES])))
    return ending
